"""A sweep: sources side by side, cursors by what is committed, faults of one source its own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sources.base import CaptureFailed
from bot.sources.batch import Batch, Document, Throttled
from bot.sources.refs import SourceRef
from bot.sweeps.tick import Sweeps
from storage import runs, watches
from storage.alerts import AlertKind
from storage.errors import DiskFull, StoreBusy
from storage.records import digest, utc
from storage.runs import RunState
from storage.watches import WatchState
from tests.desks import NOW
from tests.sweeps.desks import FEED, OTHER, SEARCH, Room, Source, post, room, run


async def swept(here: Room) -> None:
    """Sweep what is due, to its end."""
    await here.sweeps().drain()


def test_what_a_source_has_is_taken_in_page_by_page(tmp_path: Path) -> None:
    """A sweep goes on while there is more, counts what it found, and the next one goes on after it."""
    with room(tmp_path) as here:
        feed = here.sources[FEED] = Source(25)
        here.put()
        run(swept(here))
        [first] = here.runs()
        assert (first.state, first.posts, first.fresh) == (RunState.DONE, 25, 25)
        assert feed.asked == [None, "10", "20"]
        assert (here.posts(), here.state().cursor, here.state().last_ok) == (25, "25", utc(NOW))
        feed.posts = 27
        here.clock.move(minutes=15)
        run(swept(here))
        assert feed.asked[3:] == ["25"]
        assert (here.posts(), here.seen_again()) == (27, 0)


def test_progress_is_told_between_pages(tmp_path: Path) -> None:
    """Whoever listens is told how far the run has come, and of its end."""
    with room(tmp_path) as here:
        here.sources[FEED] = Source(25)
        here.put()
        run(swept(here))
        told = [(one.posts, one.state) for _, one in here.told]
        running = RunState.RUNNING
        assert told == [(10, running), (20, running), (25, running), (25, RunState.DONE)]


def test_sources_are_searched_side_by_side(tmp_path: Path) -> None:
    """Two sources that each wait for the other one to be asked are both answered."""
    with room(tmp_path) as here:
        both = asyncio.Barrier(2)
        here.sources = {name: Source(1, name=name[12:16], before=both.wait) for name in (FEED, OTHER)}
        here.put(sources=(FEED, OTHER))
        run(swept(here))
        assert [one.posts for one in here.runs()] == [2]


def test_a_source_that_fails_stops_no_other(tmp_path: Path) -> None:
    """What the others give is taken in; the run says which one failed, why, and when it is asked again."""
    with room(tmp_path) as here:
        here.sources[OTHER] = Source(1, fails=[CaptureFailed("other.example answered 500.")])
        here.put(sources=(OTHER, FEED))
        run(swept(here))
        [only] = here.runs()
        assert (only.state, only.posts) == (RunState.DONE, 3)
        assert only.problem == f"{OTHER}: other.example answered 500."
        state = here.state(source=OTHER)
        assert (state.failing_since, state.failures, state.problem) == (utc(NOW), 1, "other.example answered 500.")
        assert state.not_before == utc(NOW + timedelta(minutes=1))
        assert here.state().failing_since is None


def test_a_run_of_which_no_source_answers_has_failed(tmp_path: Path) -> None:
    """It is no good sweep, whether its one source fails or is left alone after that; then it answers again."""
    with room(tmp_path) as here:
        feed = here.sources[FEED] = Source(3, fails=[CaptureFailed("No answer.")] * 6)
        here.put(schedule="every minute")
        for _ in range(3):
            run(swept(here))
            here.clock.move(minutes=1)
        assert [one.state for one in here.runs()] == [RunState.FAILED] * 3
        assert "Left alone until" in here.runs()[2].problem
        assert len(feed.asked) == 2
        feed.fails = []
        here.clock.move(hours=1)
        run(swept(here))
        assert here.runs()[-1].state is RunState.DONE
        assert (here.state().failing_since, here.state().failures, here.state().not_before) == (None, 0, None)


def test_a_source_that_asks_for_a_pause_is_left_alone(tmp_path: Path) -> None:
    """Retry-After is obeyed, however much sooner the schedule comes round, and asked for exactly then."""
    with room(tmp_path) as here:
        feed = here.sources[FEED] = Source(3, fails=[Throttled("Later, please.", 7200.0)])
        here.put()
        for _ in range(9):
            run(swept(here))
            here.clock.move(minutes=15)
        assert len(here.runs()) == 9
        assert (len(feed.asked), here.posts()) == (2, 3)
        assert here.state().last_ok == utc(NOW + timedelta(hours=2))


def test_whatever_a_source_raises_is_its_own_fault(tmp_path: Path) -> None:
    """A defect of one source ends as its failure, in plain words, and the run goes on."""
    with room(tmp_path) as here:
        here.sources[OTHER] = Source(1, fails=[ZeroDivisionError("x")])
        here.put(sources=(OTHER, FEED))
        run(swept(here))
        [only] = here.runs()
        assert (only.state, only.posts) == (RunState.DONE, 3)
        assert "not understood" in here.state(source=OTHER).problem
        assert "ZeroDivision" not in only.problem


def test_a_spent_budget_keeps_billed_sources_quiet_until_midnight(tmp_path: Path) -> None:
    """X is asked until the day's posts are spent, then no more, and the run says so; free sources go on."""
    with room(tmp_path) as here:
        search = here.sources[SEARCH] = Source(100, page=4, cost=1, name="x")
        here.put(sources=(SEARCH, FEED), budget=10)
        run(swept(here))
        [first] = here.runs()
        assert (len(search.asked), first.posts, first.state) == (3, 15, RunState.DONE)
        assert "12 of 10 billed posts are spent today" in first.problem
        here.clock.move(hours=20)
        run(swept(here))
        assert len(search.asked) == 3
        here.clock.move(hours=1)
        assert here.clock.now.date() > NOW.date()
        run(swept(here))
        assert len(search.asked) == 6
        here.writing(lambda tx: watches.put(tx, replace(watches.get(tx, "a"), budget=None)))
        here.clock.move(minutes=15)
        run(swept(here))
        assert search.asked[-1] == "96"


def test_billed_sources_of_a_watch_share_its_budget(tmp_path: Path) -> None:
    """They are asked one after the other, so that they cannot spend it twice."""
    with room(tmp_path) as here:
        names = [f"x:@account{number}" for number in range(5)]
        here.sources |= {name: Source(10, cost=1, name=name[3:]) for name in names}
        here.put(sources=tuple(names), budget=15)
        run(swept(here))
        assert sum(len(here.sources[name].asked) for name in names) == 2
        with here.desk.db.read() as tx:
            assert watches.spent(tx, "a", utc(NOW)[:10]) == 20


def test_a_search_is_paid_for_whatever_becomes_of_it(tmp_path: Path) -> None:
    """Where its posts cannot be kept they come again; what they cost is counted each time."""
    with room(tmp_path) as here:
        search = here.sources[SEARCH] = Source(5, cost=1, name="x")
        here.put(sources=(SEARCH,))
        here.hands.fails = [DiskFull("The disk is full; free some space.")]
        run(swept(here))
        [first] = here.runs()
        assert (first.state, first.problem) == (RunState.FAILED, f"{SEARCH}: The disk is full; free some space.")
        assert here.state(source=SEARCH).cursor is None
        assert here.state(source=SEARCH).failing_since is None, "it is no fault of the source"
        here.clock.move(minutes=15)
        run(swept(here))
        assert (search.asked, here.posts()) == ([None, None], 5)
        with here.desk.db.read() as tx:
            assert watches.spent(tx, "a", utc(NOW)[:10]) == 10


def test_a_busy_store_is_waited_for(tmp_path: Path) -> None:
    """A batch that cannot be taken in at once is tried again within the run."""
    with room(tmp_path) as here:
        here.hands.fails = [StoreBusy("Busy.")] * 2
        here.put()
        run(swept(here))
        assert [(one.state, one.posts) for one in here.runs()] == [(RunState.DONE, 3)]
        assert len(here.sources[FEED].asked) == 1


def test_the_answer_that_posts_were_cut_from_is_archived(tmp_path: Path) -> None:
    """Its bytes are in the vault, the custody log says whose posts it holds; one without posts is not kept."""

    class Documented(Source):
        async def search(self, query: str, since: str | None) -> Batch:
            batch = await super().search(query, since)
            answer = f"<feed>{len(batch)}</feed>".encode()
            return replace(batch, document=Document("https://wire.example/feed", answer, "application/xml"))

    with room(tmp_path) as here:
        here.sources[FEED] = Documented(3)
        here.put()
        run(swept(here))
        here.clock.move(minutes=15)
        run(swept(here))
        name = digest(b"<feed>3</feed>")
        assert here.desk.vault.get(name) == b"<feed>3</feed>"
        assert not here.desk.vault.path(digest(b"<feed>0</feed>")).exists()
        with here.desk.db.read() as tx:
            rows = tx.rows("SELECT subject, actor, detail FROM custody WHERE action = 'searched'")
        assert [(row["subject"], row["actor"]) for row in rows] == [(name, "sweep:a")]
        assert all(captured.post_id in rows[0]["detail"] for captured in map(post, range(3)))


def test_what_a_private_watch_finds_stays_in_its_channel(tmp_path: Path) -> None:
    """Its posts are granted to the members of the channel alone, the others' to the whole workspace."""
    with room(tmp_path) as here:
        here.sources[OTHER] = Source(1, name="other")
        here.put("a", private=True, channel="C9")
        here.put("b", sources=(OTHER,))
        run(swept(here))
        with here.desk.db.read() as tx:
            rows = tx.rows("SELECT DISTINCT post_id, workspace, audience FROM grants ORDER BY post_id")
        assert [(row["workspace"], row["audience"]) for row in rows] == [
            ("T1", "everyone"),
            *[("T1", "channel:C9")] * 3,
        ]


def test_what_a_person_must_know_of_a_search_is_in_the_run(tmp_path: Path) -> None:
    """Notes, and what could not be taken in, are told once each, with their source."""

    class Noted(Source):
        async def search(self, query: str, since: str | None) -> Batch:
            batch = await super().search(query, since)
            return replace(batch, notes=("It has moved.",), refused=(("line 4", "no post"), ("line 9", "no post")))

    with room(tmp_path) as here:
        here.sources[FEED] = Noted(11)
        here.put()
        run(swept(here))
        [only] = here.runs()
        told = [f"{FEED}: It has moved.", f"{FEED}: Not taken in: line 4 (no post), and 1 more."]
        assert only.problem.split("\n") == told


def test_a_source_that_never_moves_on_is_asked_once(tmp_path: Path) -> None:
    """One that says there is more, and gives the same cursor again, does not keep a sweep for ever."""

    class Stuck(Source):
        async def search(self, query: str, since: str | None) -> Batch:
            return replace(await super().search(query, since), cursor="same", more=True)

    with room(tmp_path) as here:
        stuck = here.sources[FEED] = Stuck(0)
        here.put()
        run(swept(here))
        assert (len(stuck.asked), here.runs()[0].state) == (2, RunState.DONE)


@pytest.mark.parametrize("change", ["pause", "remove", "take out"])
def test_a_watch_that_is_changed_meanwhile_is_not_searched_on(tmp_path: Path, change: str) -> None:
    """Paused, removed, or without this source any more: what was found before is kept, and nothing more is asked."""
    with room(tmp_path) as here:
        watch = here.put()

        async def meanwhile() -> None:
            if change == "remove":
                here.writing(lambda tx: watches.remove(tx, "a"))
            else:
                changes = {"state": WatchState.PAUSED} if change == "pause" else {"sources": (OTHER,)}
                here.writing(lambda tx: watches.put(tx, replace(watch, **changes)))

        feed = here.sources[FEED] = Source(25, before=meanwhile)
        run(swept(here))
        assert (len(feed.asked), here.posts()) == (1, 10)


def test_two_runs_of_a_watch_never_move_a_cursor_back(tmp_path: Path) -> None:
    """Where somebody else has gone on from a cursor meanwhile, it stays where they have moved it."""
    with room(tmp_path) as here:
        here.put()

        async def overtaken() -> None:
            moved = replace(here.state(), cursor="20")
            here.writing(lambda tx: watches.fare(tx, "a", moved))

        here.sources[FEED] = Source(25, before=overtaken)
        run(swept(here))
        assert (here.state().cursor, here.posts()) == ("20", 10)


def test_a_source_that_fails_for_long_is_told_once(tmp_path: Path) -> None:
    """After an hour and three failures the watch's channel is warned, once an episode, and told of its end."""
    with room(tmp_path) as here:
        feed = here.sources[FEED] = Source(3, fails=[CaptureFailed("No answer.")] * 1000)
        here.put()

        def alerts() -> list[str]:
            with here.desk.db.read() as tx:
                rows = tx.rows("SELECT state FROM alerts WHERE kind = :kind", {"kind": str(AlertKind.SOURCE)})
            return [row["state"] for row in rows]

        for quarter in range(20):
            run(swept(here))
            assert len(alerts()) == (1 if quarter >= 4 else 0)
            here.clock.move(minutes=15)
        feed.fails = []
        here.clock.move(hours=1)
        run(swept(here))
        assert alerts() == ["acknowledged"]


def test_a_source_that_is_left_alone_is_told_of_all_the_same(tmp_path: Path) -> None:
    """Where it rests when the hour is over, its channel is warned then, and not only after the next failure."""
    with room(tmp_path) as here:
        here.sources[FEED] = Source(
            3, fails=[Throttled("Later.", 1.0), Throttled("Later.", 1.0), Throttled("No.", 9e3)]
        )
        here.put()
        for quarter in range(5):
            run(swept(here))
            with here.desk.db.read() as tx:
                assert len(tx.rows("SELECT id FROM alerts")) == (1 if quarter == 4 else 0)
            here.clock.move(minutes=15)


def test_what_piled_up_is_taken_in_as_such(tmp_path: Path) -> None:
    """The first search ever, one after failures, and later pages are backlog; a late run's posts are late."""
    with room(tmp_path) as here:
        feed = here.sources[FEED] = Source(0, page=2)
        here.put()
        for minutes, more, fails in ((0, 1, 0), (15, 3, 0), (15, 1, 1), (15, 0, 0), (15, 1, 0), (127, 1, 0)):
            here.clock.move(minutes=minutes)
            feed.fails = [CaptureFailed("No answer.")] * fails
            feed.posts += more
            run(swept(here))
        doors = [(to.late, to.backlog) for to in here.hands.audiences]
        assert doors == [
            (False, True),  # the first search
            (False, False), (False, True),  # two pages
            (False, True),  # after a failure
            (False, False),
            (True, False),
        ]  # fmt: skip
        assert {(to.watch, to.actor) for to in here.hands.audiences} == {("a", "sweep:a")}


def test_the_source_names_what_it_is_asked_for(tmp_path: Path) -> None:
    """A source whose written form is none any more fails by itself."""
    with room(tmp_path) as here:
        here.put(sources=("nonsense", FEED))
        run(swept(here))
        [only] = here.runs()
        assert only.posts == 3
        assert "nonsense" in only.problem


def test_searchers_are_the_desks_own(tmp_path: Path) -> None:
    """Without any other, a sweep asks what the desk asks: a key that is missing is told as the source's problem."""
    with room(tmp_path) as here:
        here.put(sources=(str(SourceRef("x", "@somebody")),))
        run(Sweeps(here.desk).drain())
        assert "X_BEARER_TOKEN" in here.runs()[0].problem


def test_no_run_is_left_open(tmp_path: Path) -> None:
    """After a sweep nothing is under way, and nothing waits."""
    with room(tmp_path) as here:
        here.put()
        run(swept(here))
        with here.desk.db.read() as tx:
            assert runs.running(tx) + runs.waiting(tx) == []
