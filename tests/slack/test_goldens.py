"""The cards letter by letter, as docs/conversations.md tells them."""

from __future__ import annotations

import json

import pytest

from bot.slack.blocks import Card, Message
from bot.workspace import rules
from tests.slack import limits
from tests.slack.goldens import FOLDER, as_json, cards


@pytest.mark.parametrize("name", sorted(cards()))
def test_each_card_is_as_agreed(name: str) -> None:
    """A card is what its golden file says; a change of words is seen as a diff of that file."""
    expected = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert expected == as_json(cards()[name])


@pytest.mark.parametrize("name", sorted(cards()))
def test_each_card_keeps_every_rule(name: str) -> None:
    """No card of the agreed conversations breaks a limit of Slack or a rule of the desk."""
    value = cards()[name]
    if isinstance(value, Card):
        assert limits.card_problems(value, members=["U0RANA"]) == []
    elif isinstance(value, Message):
        assert limits.problems(value, members=["U0RANA", "S0DUTY", "C0PRESS000"]) == []
    else:
        assert rules.check_view(as_json(value)) == []


def test_no_golden_file_is_forgotten() -> None:
    """Every file in the folder belongs to a card."""
    assert set(cards()) == {path.stem for path in FOLDER.glob("*.json")}
