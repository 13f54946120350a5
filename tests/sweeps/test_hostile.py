"""What happens to sweeps when a watch is changed under them, when a post is poison, when an errand is broken."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.desk import Desk
from bot.sources.base import CaptureFailed
from bot.sources.batch import Batch
from commands import watch as watch_verbs
from storage import alerts, runs, watches
from storage.records import utc
from storage.runs import Run, RunState
from storage.watches import SourceState
from tests.desks import NOW
from tests.sweeps.desks import FEED, Room, Source, post, room, run


async def swept(here: Room) -> None:
    """Sweep what is due, to its end."""
    await here.sweeps().drain()


def long_down() -> SourceState:
    """How a source fares that has failed for two hours."""
    return SourceState(FEED, failing_since=utc(NOW - timedelta(hours=2)), failures=5, problem="No answer.")


def test_a_source_that_fails_is_told_where_the_watch_is_told_now(tmp_path: Path) -> None:
    """Not in the channel that the watch had when its sweep began."""
    with room(tmp_path) as here:
        watch = here.put()
        here.writing(lambda tx: watches.fare(tx, "a", long_down()))

        async def move() -> None:
            here.writing(lambda tx: watches.put(tx, replace(watch, channel="C2")))

        here.sources[FEED] = Source(3, fails=[CaptureFailed("No answer.")], before=move)
        run(swept(here))
        with here.desk.db.read() as tx:
            assert alerts.of_channel(tx, watch.workspace, watch.channel, 9) == []
            assert len(alerts.of_channel(tx, watch.workspace, "C2", 9)) == 1


def test_a_pause_stops_all_that_a_watch_is_at(tmp_path: Path) -> None:
    """The sweep that is under way and the one that somebody asked for meanwhile."""
    with room(tmp_path) as here:
        watch = here.put()
        begun, asked = utc(NOW - timedelta(minutes=2)), utc(NOW - timedelta(minutes=1))
        here.writing(lambda tx: runs.claim(tx, Run("a", begun, begun, owner="p")))
        here.writing(lambda tx: runs.claim(tx, Run("a", "asked:1", asked, "T1/U1", RunState.WAITING)))
        here.writing(lambda tx: watch_verbs.pause(tx, watch, "T1/U1", utc(NOW)))
        assert {one.state for one in here.runs()} == {RunState.CANCELLED}


def test_a_post_that_cannot_be_taken_in_stops_no_other(tmp_path: Path) -> None:
    """The others are, the run says which one was not, and the source goes on after it."""
    with room(tmp_path) as here:
        good = [post(number) for number in range(3)]
        poison = replace(good[1], posted_at=datetime(2026, 3, 1))  # noqa: DTZ001 - a moment without a zone, which nothing can keep

        class Mixed(Source):
            async def search(self, query: str, since: str | None) -> Batch:
                await super().search(query, since)
                return Batch((good[0], poison, good[2]), "3")

        here.sources[FEED] = Mixed(3)
        here.put()
        run(swept(here))
        [only] = here.runs()
        assert here.posts() == 2
        assert (only.state, only.fresh, here.state().cursor) == (RunState.DONE, 2, "3")
        assert f"Not taken in: {poison.post_id}" in only.problem


def test_an_errand_that_breaks_keeps_no_other_waiting(tmp_path: Path) -> None:
    """What comes after it is done at the same tick."""
    with room(tmp_path) as here:
        done: list[datetime] = []

        async def broken(_desk: Desk, _now: datetime) -> None:
            raise ZeroDivisionError

        async def other(_desk: Desk, now: datetime) -> None:
            done.append(now)

        run(here.sweeps("p", broken, other).errands())
        assert done == [NOW]
