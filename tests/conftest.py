"""What every test may ask for: the shared test inputs and a browser, where they are present."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser


# A busy machine is slow now and then: what must be fast has a budget of its own.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

LONGEST = (
    "tests/front_live/",
    "tests/test_newcomer.py",
    "tests/test_journeys.py",
    "tests/test_killed.py",
    "tests/commands/test_check",
    "tests/slack/test_hostile.py",
    "tests/reading/",
    "tests/images/",
)
"""Where tests run whole processes, or read and look at much."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say where the shared test inputs lie, and whether tests may skip for want of a browser."""
    parser.addoption(
        "--shared", default=None, help="folder of shared test inputs (default: ../shared beside the project)"
    )
    parser.addoption(
        "--require-browser", action="store_true", help="fail the browser tests where no Chromium is, not skip them"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that none of them is left to one process at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session", name="shared")
def fixture_shared(request: pytest.FixtureRequest) -> Path:
    """The folder of recorded payloads and the founding example; a test that needs it skips where it is absent."""
    chosen = request.config.getoption("--shared")
    folder = Path(chosen) if chosen else Path(__file__).resolve().parents[2] / "shared"
    if not all((folder / part).is_dir() for part in ("fixtures", "seed")):
        pytest.skip(f"shared test inputs are absent ({folder.name}); name their folder with --shared")
    return folder


@pytest.fixture(scope="module", name="browser")
def fixture_browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A headless Chromium; without one on the machine the tests skip, unless that is forbidden."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    missing = (
        "no Chromium is on this machine (on Debian: apt-get install chromium)" if found is None else _driver_fault()
    )
    if missing:
        if request.config.getoption("--require-browser"):
            pytest.fail(f"{missing}, and --require-browser forbids to skip its tests")
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    # a module's, not a session's: while it is open, no test in this thread could run an event loop of its own
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


def _driver_fault() -> str:
    """Say why playwright's driver, a program of its own, cannot be run here; empty where it can."""
    from playwright._impl._driver import compute_driver_executable

    tried = subprocess.run([compute_driver_executable()[0], "--version"], capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"the browser's driver does not start ({tried.stderr.strip()[:200]})"
