"""README, docs, `--help` and the code say the same, as far as a test can compare it."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import click

from bot.cli import cli
from bot.settings import Settings, variables
from bot.slack.manifest import COMMANDS, EVENTS_PATH, INSTALL_PATH, SCOPES, Variant
from bot.web import HEALTH_PATH

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


def _trees() -> list[ast.Module]:
    files = [file for folder in ("bot", "commands", "storage") for file in sorted((ROOT / folder).rglob("*.py"))]
    return [ast.parse(file.read_text(encoding="utf-8")) for file in files]


def _imported() -> set[str]:
    """The names of the packages that the code imports, in lower case with hyphens."""
    nodes = [node for tree in _trees() for node in ast.walk(tree)]
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    packages = packages_distributions()
    found = {name for module in modules for name in packages.get(module.partition(".")[0], ())}
    return {name.lower().replace("_", "-") for name in found}


def _opened() -> set[str]:
    """The names of the packages of which the code reads files without importing them."""
    calls = [node for tree in _trees() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "distribution"]
    return {str(name.value) for name in named if isinstance(name, ast.Constant)}


def test_every_dependency_has_its_reason() -> None:
    """docs/dependencies.md names each dependency of pyproject.toml that is used, and no other in its table."""
    project = tomllib.loads(_page("pyproject.toml"))
    required = {re.split(r"[\[<>=]", line)[0].lower() for line in project["project"]["dependencies"]}
    names = required & (_imported() | _opened())
    assert len(names) > 10
    page = _page("docs/dependencies.md")
    assert {name.lower() for name in re.findall(r"^\| ([\w-]+) \| [^|-]", page, re.MULTILINE)} - {"package"} == names
    dev = {re.split(r"[\[<>=]", line)[0].lower() for line in project["dependency-groups"]["dev"]}
    assert all(name in page.lower() for name in dev)


def test_every_command_and_scope_of_slack_is_documented() -> None:
    """docs/slack.md names each command, each scope with what it is for, and each manifest; its scopes are no others."""
    page = _page("docs/slack.md")
    rows = dict(re.findall(r"^\| `([a-z_.]+:?[a-z]*)` \| (.+?) \|$", page, re.MULTILINE))
    assert rows == SCOPES
    for command, _, _ in COMMANDS:
        assert f"| `{command} " in page
    for address in (*Variant, EVENTS_PATH, INSTALL_PATH, HEALTH_PATH):
        assert address in page


def test_every_sentence_of_trouble_is_one_that_the_code_says() -> None:
    """What docs/slack.md quotes of Dateline's own errors stands in the code, word for word."""
    strings = [
        node.value
        for tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    trouble = _page("docs/slack.md").partition("## When something does not work")[2]
    first_cells = re.findall(r"^\| (`.+?) \|", trouble, re.MULTILINE)
    assert len(first_cells) > 10
    for sentence in (part for cell in first_cells for part in re.findall(r"`([^`]+)`", cell)):
        assert any(sentence in string for string in strings), sentence


def test_every_link_between_pages_leads_somewhere() -> None:
    """Each relative link in README and docs names a file that is there."""
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).is_file(), f"{page.name} links to {target}"


def test_every_test_that_is_named_is_there() -> None:
    """The files and folders of tests that docs/architecture.md calls as witnesses exist."""
    named = re.findall(r"`(tests/[\w/.]+)`", _page("docs/architecture.md"))
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).exists()] == []


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
