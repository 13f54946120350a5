"""What is set for a workspace and a channel: kept as it was set, one workspace apart from another."""

from __future__ import annotations

from storage import desks
from storage.database import Database
from storage.desks import DeskSettings
from tests.storage.makers import AT


def test_what_is_set_is_kept_for_its_workspace(db: Database) -> None:
    """Nothing is set at first; what is set last holds; others know nothing of it."""
    first = DeskSettings("T1", duty_group="S1", escalate_after=30, duty_since=AT)
    last = DeskSettings("T1", "U1", AT, "S2", None, AT)
    with db.write() as tx:
        assert desks.settings_of(tx, "T1") == DeskSettings("T1")
        desks.put(tx, first)
        assert desks.settings_of(tx, "T1") == first
        desks.put(tx, last)
        assert desks.settings_of(tx, "T1") == last
        assert desks.settings_of(tx, "T2") == DeskSettings("T2")
        assert desks.all_settings(tx) == [last]


def test_a_channel_is_blurred_until_it_is_not(db: Database) -> None:
    """Only that channel, in that workspace; twice is once."""
    with db.write() as tx:
        for _ in range(2):
            desks.blur(tx, "T1", "C1", on=True)
        held = [desks.is_blurred(tx, team, channel) for team, channel in (("T1", "C1"), ("T1", "C2"), ("T2", "C1"))]
        assert held == [True, False, False]
        desks.blur(tx, "T1", "C1", on=False)
        assert not desks.is_blurred(tx, "T1", "C1")
