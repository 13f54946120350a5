"""The cards about the watch-list that are held letter by letter."""

from __future__ import annotations

from collections.abc import Mapping

from bot.findings import PeopleFinding
from bot.people_findings import PeopleHistory
from bot.slack.blocks import Card
from bot.slack.cards.people import history_card, people_card
from storage.people_changes import Change
from tests.slack import findings as made

MERGED = "Mina Otieno is now another name of Amina Njoroge."
CHANGES = (
    Change(3, "2026-03-01T09:14:00.000Z", "T0TEAM/U0RANA", "undo", f"Undone: {MERGED}", {}, {}, undoes=2),
    Change(2, "2026-03-01T09:12:00.000Z", "T0TEAM/U0RANA", "merge", MERGED, {}, {}, undone_by=3),
    Change(1, "2026-02-28T16:40:00.000Z", "operator", "add", "Mina Otieno is watched.", {}, {}),
)


def people_cards() -> Mapping[str, Card]:
    """The watch-list, after a change, and its history, for one reader and for a channel of another workspace."""
    return {
        "people": people_card(PeopleFinding((made.PERSON,), "Amina Njoroge is watched.", 12, 3)),
        "people-nobody": people_card(PeopleFinding(())),
        "people-changed": people_card(PeopleFinding((made.PERSON,), MERGED, 12, 3, 2)),
        "people-history": history_card(PeopleHistory(CHANGES), "T0TEAM", named=True),
        "people-history-public": history_card(PeopleHistory(CHANGES), "T0OTHER", named=False),
        "people-history-none": history_card(PeopleHistory(()), "T0TEAM", named=True),
    }
