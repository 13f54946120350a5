"""README, docs, `--help` and the code say the same, as far as a test can compare it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click

from bot.cli import cli
from bot.settings import Settings, variables

ROOT = Path(__file__).resolve().parents[1]


def _page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_setting_is_documented_as_it_is() -> None:
    """docs/settings.md lists exactly the variables of the code, with what they take and their defaults."""
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", _page("docs/settings.md"), re.MULTILINE))
    assert rows == variables()
    for field in Settings.model_fields.values():
        if isinstance(field.default, str):
            assert f"`{field.default}`" in _page("docs/settings.md")


def test_every_verb_and_option_is_documented() -> None:
    """docs/command-line.md names every verb of `--help` with its options, and no other verb."""
    page = _page("docs/command-line.md")
    rows = {match[1]: match[0] for match in re.finditer(r"^\| `(\w+)[^|]*.*$", page, re.MULTILINE)}
    assert set(rows) == set(cli.commands)
    for name, command in cli.commands.items():
        options = [option for option in command.params if isinstance(option, click.Option)]
        for flag in (flag for option in options for flag in option.opts if flag not in {"--json", "--help"}):
            assert flag in rows[name], f"{name} {flag}"
        if isinstance(command, click.Group):
            assert all(verb in rows[name] for verb in command.commands)


def test_every_dependency_has_its_reason() -> None:
    """docs/dependencies.md names each dependency of pyproject.toml, and no other in its table."""
    project = tomllib.loads(_page("pyproject.toml"))
    names = {re.split(r"[\[<>=]", line)[0].lower() for line in project["project"]["dependencies"]}
    page = _page("docs/dependencies.md")
    assert {name.lower() for name in re.findall(r"^\| ([\w-]+) \| [^|-]", page, re.MULTILINE)} - {"package"} == names
    dev = {re.split(r"[\[<>=]", line)[0].lower() for line in project["dependency-groups"]["dev"]}
    assert all(name in page.lower() for name in dev)


def test_every_link_between_pages_leads_somewhere() -> None:
    """Each relative link in README and docs names a file that is there."""
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).is_file(), f"{page.name} links to {target}"


def test_the_lock_pins_by_hash_and_names_no_index() -> None:
    """Every package of the lock is pinned with hashes, and no address of an index stands in it."""
    lock = _page("requirements.lock")
    assert "://" not in lock
    entries = re.split(r"\n(?=[a-z0-9])", lock.strip())
    assert len(entries) > 20
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_readme_commands_are_real() -> None:
    """Every command shown in the README parses: its verb and options exist."""
    shown = re.findall(r"^dateline (.+)$", _page("README.md"), re.MULTILINE)
    assert len(shown) >= 5
    for line in shown:
        verb = cli.commands[line.split()[0]]
        if isinstance(verb, click.Group):
            verb = verb.commands[line.split()[1]]
        flags = {flag for option in verb.params if isinstance(option, click.Option) for flag in option.opts}
        assert set(re.findall(r"--[\w-]+", line)) <= flags
