"""The manifests: the files are what is written, YAML reads them so, and every scope is needed and enough."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.manifest import COMMANDS, EVENTS, HOST, SCOPES, Variant, manifest, write, written
from bot.workspace.api import METHODS
from bot.workspace.manifest import EVENT_SCOPES, Manifest

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = {name.partition(".")[0] for name in METHODS}

NAMES = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
WORDS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]))
PLAIN = st.none() | st.booleans() | st.integers() | WORDS


def inner(trees: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A map of trees, or a list of plain values and maps."""
    maps = st.dictionaries(NAMES, trees, max_size=3)
    return maps | st.lists(PLAIN | maps, max_size=3)


TREES = st.recursive(PLAIN, inner, max_leaves=12)


class Yaml:
    """A strict reader of the little YAML that a manifest needs: block maps and lists, and JSON for single values."""

    def __init__(self, text: str) -> None:
        assert text.endswith("\n")
        assert "\t" not in text
        self._lines = [(len(line) - len(line.lstrip(" ")), line.lstrip(" ")) for line in text.splitlines()]
        self._at = 0

    def read(self) -> Any:
        """Read the whole text as one value."""
        value = self._block(0) if self._lines else {}
        assert self._at == len(self._lines), self._lines[self._at]
        return value

    def _block(self, indent: int) -> Any:
        return self._list(indent) if self._lines[self._at][1].startswith("- ") else self._map(indent)

    def _list(self, indent: int) -> list[Any]:
        found = []
        while self._here(indent) and self._lines[self._at][1].startswith("- "):
            item = self._lines[self._at][1][2:]
            if re.match(r"[a-z_]+:", item):
                self._lines[self._at] = (indent + 2, item)  # a map that begins behind the dash
                found.append(self._map(indent + 2))
            else:
                self._at += 1
                found.append(json.loads(item))
        return found

    def _map(self, indent: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self._here(indent) and not self._lines[self._at][1].startswith("- "):
            name, colon, value = self._lines[self._at][1].partition(":")
            assert colon
            assert re.fullmatch(r"[a-z_]+", name), name
            assert name not in found, f"{name} stands twice"
            self._at += 1
            if value:
                assert value.startswith(" ")
                found[name] = json.loads(value[1:])
            else:
                inner = self._lines[self._at][0]
                assert inner > indent
                found[name] = self._block(inner)
        return found

    def _here(self, indent: int) -> bool:
        return self._at < len(self._lines) and self._lines[self._at][0] == indent


@pytest.mark.parametrize("variant", Variant)
def test_the_files_are_what_is_written(variant: Variant) -> None:
    """Each file in the project's root is the manifest of its variant, letter by letter."""
    held = (ROOT / variant).read_text(encoding="utf-8")
    assert held == written(manifest(variant)), "write them anew: python -m bot.slack.manifest"


def test_there_are_no_other_files(tmp_path: Path) -> None:
    """Every manifest in the root belongs to a variant, and all of them are written at once."""
    write(tmp_path)
    names = {path.name for path in ROOT.glob("*manifest*.yaml")}
    assert {path.name for path in tmp_path.iterdir()} == names == {str(variant) for variant in Variant}


@pytest.mark.parametrize("variant", Variant)
def test_a_yaml_reader_agrees(variant: Variant) -> None:
    """What a reader of YAML finds in the file is the manifest."""
    assert Yaml((ROOT / variant).read_text(encoding="utf-8")).read() == manifest(variant)


@given(st.dictionaries(NAMES, TREES, min_size=1, max_size=4))
def test_whatever_a_manifest_holds_is_read_back(source: dict[str, Any]) -> None:
    """Maps and lists of any depth, and any words, come back equal."""
    assert Yaml(written(source)).read() == source


@pytest.mark.parametrize("variant", Variant)
def test_slack_takes_every_variant(variant: Variant) -> None:
    """The stand-in, which refuses what Slack refuses, reads each of them, with all that the app is."""
    read = Manifest.read(manifest(variant))
    assert read.scopes == set(SCOPES)
    assert read.events == set(EVENTS)
    assert set(read.commands) == {command for command, _, _ in COMMANDS}
    assert not any(read.commands.values()), "names and links come as they were typed"
    assert read.shortcuts
    assert (read.home_tab, read.messages_tab, read.interactivity) == (True, True, True)
    assert read.socket_mode == (variant is Variant.SOCKET)
    assert read.token_rotation == bool(read.redirect_urls) == (variant is Variant.OAUTH)


@pytest.mark.parametrize("variant", Variant)
def test_addresses_are_ours_alone_and_none_on_a_socket(variant: Variant) -> None:
    """Every address begins with the host that was given; Socket Mode has none at all."""
    source = json.dumps(manifest(variant, "https://desk.example"))
    assert HOST not in source
    assert set(re.findall(r"https?://[^/\"]+", source)) == (
        set() if variant is Variant.SOCKET else {"https://desk.example"}
    )


def called() -> set[str]:
    """Every method of the Web API that the bot's code calls."""
    found: set[str] = set()
    for path in sorted((ROOT / "bot").rglob("*.py")):
        if "workspace" not in path.parts:
            calls = (
                node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
            )
            names = {call.func.attr for call in calls if isinstance(call.func, ast.Attribute)}
            found |= {name.replace("_", ".") for name in names if name.partition("_")[0] in FAMILIES and "_" in name}
    return found


def test_every_method_that_is_called_is_covered() -> None:
    """The scopes let the app do what its code does, in public channels and in private ones."""
    assert {"chat.postMessage", "conversations.history", "files.info", "views.publish"} <= called() <= set(METHODS)
    for name in called():
        method = METHODS[name]
        if method.opened_by == "bot" and method.scopes:
            families = {scope.partition(":")[0] for scope in method.scopes} & {"channels", "groups"}
            needed = {scope for scope in method.scopes if scope.partition(":")[0] in families} or set(method.scopes[:1])
            assert needed <= set(SCOPES), f"{name} needs {needed}"


def test_every_event_can_be_delivered() -> None:
    """No event is subscribed to without the scope that Slack asks for it."""
    read = Manifest.read(manifest())
    assert all(read.delivers(event) for event in EVENTS)


def test_no_scope_is_unused() -> None:
    """Each scope is needed by a command, an event, or a method that is called; what is more is not asked for."""
    by_methods = {scope for name in called() for scope in METHODS[name].scopes}
    by_events = {EVENT_SCOPES.get(event, "") for event in EVENTS}
    # https://docs.slack.dev/reference/scopes/metadata.message.read: to be shown the metadata of messages;
    # https://docs.slack.dev/reference/scopes/im.write: to begin a direct message, by posting to the id of a user
    elsewhere = {"commands", "metadata.message:read", "im:write"}
    assert set(SCOPES) <= by_methods | by_events | elsewhere
    assert all(SCOPES.values()), "each says what it is for"
