"""What every test may ask for: the shared test inputs and a browser, where they are present."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say where the shared test inputs lie, and whether tests may skip for want of a browser."""
    parser.addoption(
        "--shared", default=None, help="folder of shared test inputs (default: ../shared beside the project)"
    )
    parser.addoption(
        "--require-browser", action="store_true", help="fail the browser tests where no Chromium is, not skip them"
    )


@pytest.fixture(scope="session", name="shared")
def fixture_shared(request: pytest.FixtureRequest) -> Path:
    """The folder of recorded payloads and the founding example; a test that needs it skips where it is absent."""
    chosen = request.config.getoption("--shared")
    folder = Path(chosen) if chosen else Path(__file__).resolve().parents[2] / "shared"
    if not all((folder / part).is_dir() for part in ("fixtures", "seed")):
        pytest.skip(f"shared test inputs are absent ({folder.name}); name their folder with --shared")
    return folder
