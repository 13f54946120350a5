"""Watches: kept as they are now, due by the clock, and how their sources fare."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import desks, runs, watches
from storage.database import Database
from storage.desks import DeskSettings
from storage.errors import NotFound
from storage.runs import Run, RunState
from storage.watches import SourceState, Watch, WatchState
from tests.storage.makers import watch

NOON = "2016-03-01T12:00:00.000Z"
LATER = "2016-03-01T12:15:00.000Z"
MUCH_LATER = "2016-03-02T12:00:00.000Z"
FEEDS = tuple(f"rss:https://{letter}.example/feed" for letter in "abcdef")


def keep(db: Database, *those: Watch) -> None:
    """Keep watches."""
    with db.write() as tx:
        for one in those:
            watches.put(tx, one)


def due(db: Database, now: str = NOON, limit: int = 10) -> list[str]:
    """The ids of what is due."""
    with db.read() as tx:
        return [one.id for one in watches.due(tx, now, limit)]


def test_a_watch_comes_back_as_it_was_kept(db: Database) -> None:
    """Everything about it holds, its sources in order."""
    one = watch("a", sources=FEEDS[::-1], quiet="22:00 to 07:00", bypass=False, budget=5, reason="why", private=True)
    keep(db, one)
    with db.read() as tx:
        assert watches.get(tx, "a") == one
        assert watches.all(tx) == [one]


def test_what_is_not_there_is_not_found(db: Database) -> None:
    """A watch that nobody made is refused with the next step."""
    with db.read() as tx, pytest.raises(NotFound, match="list of watches"):
        watches.get(tx, "none")


def test_a_source_that_stays_keeps_its_cursor(db: Database) -> None:
    """Edited, a watch goes on where its remaining sources stood; a source taken out is forgotten, a new one begins."""
    keep(db, watch("a", sources=FEEDS[:2]))
    with db.write() as tx:
        watches.fare(tx, "a", SourceState(FEEDS[0], cursor="one"))
        watches.fare(tx, "a", SourceState(FEEDS[1], cursor="two"))
        watches.put(tx, watch("a", sources=(FEEDS[2], FEEDS[1])))
        assert watches.sources(tx, "a") == [SourceState(FEEDS[2]), SourceState(FEEDS[1], cursor="two")]
        assert watches.source(tx, "a", FEEDS[1]) == SourceState(FEEDS[1], cursor="two")
        assert watches.source(tx, "a", FEEDS[0]) is None


def test_nothing_is_noted_of_a_source_that_was_taken_out(db: Database) -> None:
    """A sweep that ends after an edit brings no source back."""
    keep(db, watch("a", sources=FEEDS[:1]))
    with db.write() as tx:
        watches.fare(tx, "a", SourceState(FEEDS[1], cursor="late"))
        assert watches.sources(tx, "a") == [SourceState(FEEDS[0])]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.permutations(FEEDS), st.integers(0, 4)), max_size=6))
def test_each_watch_has_its_own_sources(db: Database, made: list[tuple[str, list[str], int]]) -> None:
    """However many watches are read at once, each comes with its own sources, in its own order."""
    expected = {name: watch(name, sources=tuple(feeds[:count])) for name, feeds, count in made}
    with db.write() as tx:
        for name, feeds, count in made:
            watches.put(tx, watch(name, sources=tuple(feeds[:count])))
        assert {one.id: one for one in watches.all(tx)} == expected
        for name in expected:
            watches.remove(tx, name)
        assert watches.all(tx) == []


def test_the_longest_due_comes_first(db: Database) -> None:
    """At most as many as asked for, those that wait longest; none that is due later or never."""
    keep(
        db,
        watch("b", next_due=NOON), watch("a", next_due=NOON), watch("old", next_due="2016-03-01T11:00:00.000Z"),
        watch("soon", next_due=LATER), watch("never", next_due=None),
    )  # fmt: skip
    assert due(db) == ["old", "a", "b"]
    assert due(db, limit=2) == ["old", "a"]


@pytest.mark.parametrize("state", [WatchState.PENDING, WatchState.PAUSED, WatchState.REFUSED])
def test_only_an_active_watch_is_due(db: Database, state: WatchState) -> None:
    """A watch that waits for an editor, rests or was refused never runs."""
    keep(db, watch("a", next_due=NOON, state=state))
    assert due(db) == []


def test_nothing_is_due_where_all_is_paused(db: Database) -> None:
    """Pause-all stops the watches of its workspace, and no other's."""
    keep(db, watch("a", next_due=NOON, workspace="T1"), watch("b", next_due=NOON, workspace="T2"))
    with db.write() as tx:
        desks.put(tx, DeskSettings("T1", "T1/U1", NOON))
    assert due(db) == ["b"]
    with db.write() as tx:
        desks.put(tx, DeskSettings("T1"))
    assert due(db) == ["a", "b"]


@pytest.mark.parametrize("state", [RunState.WAITING, RunState.RUNNING])
def test_a_watch_is_not_due_while_it_is_swept(db: Database, state: RunState) -> None:
    """What comes due during a sweep waits for its end, so that no source is asked twice at once."""
    keep(db, watch("a", next_due=NOON), watch("b", next_due=NOON))
    with db.write() as tx:
        run = Run("a", "2016-03-01T11:45:00.000Z", NOON, state=state, owner="p")
        runs.claim(tx, run)
    assert due(db) == ["b"]
    with db.write() as tx:
        runs.cancel(tx, run.watch_id, run.due_at, NOON)
    assert due(db) == ["a", "b"]


def test_a_clock_that_was_ahead_holds_nothing_back(db: Database) -> None:
    """Turned back, no schedule begins and no source fails later than now, and none rests longer than the latest."""
    keep(db, watch("a", sources=FEEDS[:2], since=MUCH_LATER), watch("b", since="2016-01-01T00:00:00.000Z"))
    with db.write() as tx:
        watches.fare(tx, "a", SourceState(FEEDS[0], failing_since=MUCH_LATER, not_before=MUCH_LATER))
        watches.fare(tx, "a", SourceState(FEEDS[1], failing_since="2016-02-01T00:00:00.000Z", not_before=LATER))
        watches.turn_back(tx, NOON, LATER)
        assert watches.get(tx, "a").since == NOON
        assert watches.get(tx, "b").since == "2016-01-01T00:00:00.000Z"
        assert watches.sources(tx, "a") == [
            SourceState(FEEDS[0], failing_since=NOON, not_before=LATER),
            SourceState(FEEDS[1], failing_since="2016-02-01T00:00:00.000Z", not_before=LATER),
        ]


def test_failing_sources_are_listed_the_longest_first(db: Database) -> None:
    """Each with its watch, whole; sources that answer are not in the list."""
    first, second = watch("a", sources=FEEDS[:2]), watch("b", sources=FEEDS[:3])
    keep(db, first, second)
    with db.write() as tx:
        watches.fare(tx, "a", SourceState(FEEDS[1], failing_since=LATER, failures=2, problem="down"))
        watches.fare(tx, "b", SourceState(FEEDS[2], failing_since=NOON, failures=9))
        assert watches.failing(tx) == [
            (second, SourceState(FEEDS[2], failing_since=NOON, failures=9)),
            (first, SourceState(FEEDS[1], failing_since=LATER, failures=2, problem="down")),
        ]


def test_costs_add_up_by_day(db: Database) -> None:
    """What a watch has cost is summed from a day on."""
    keep(db, watch("a"), watch("b"))
    with db.write() as tx:
        for day, posts in (("2016-02-29", 5), ("2016-03-01", 2), ("2016-03-01", 3)):
            watches.spend(tx, "a", day, posts)
        watches.spend(tx, "b", "2016-03-01", 100)
        assert watches.spent(tx, "a", "2016-03-01") == 5
        assert watches.spent(tx, "a", "2016-02-29") == 10
        assert watches.spent(tx, "a", "2016-03-02") == 0


def test_the_revision_rises_with_every_change(db: Database) -> None:
    """Keeping and removing a watch are seen by whoever remembers them; how its sources fare is not."""
    with db.write() as tx:
        seen = [watches.revision(tx)]
        watches.put(tx, watch("a", sources=FEEDS[:1]))
        seen.append(watches.revision(tx))
        watches.fare(tx, "a", SourceState(FEEDS[0], cursor="c"))
        watches.schedule(tx, "a", LATER)
        assert watches.revision(tx) == seen[-1]
        watches.remove(tx, "a")
        seen.append(watches.revision(tx))
    assert seen == sorted(set(seen))


def test_only_what_has_a_schedule_runs_by_one(db: Database) -> None:
    """A watch without sources, and one that rests, are not among those that are planned."""
    planned = watch("a", sources=FEEDS[:1])
    keep(db, planned, watch("b", schedule=""), replace(planned, id="c", state=WatchState.PAUSED))
    with db.read() as tx:
        assert watches.scheduled(tx) == [planned]
