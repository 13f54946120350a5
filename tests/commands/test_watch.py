"""Watches on the command line and as a verb: set up, resolved, anchored, changed, paused, agreed to, removed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.watch_findings import PersonUnknown
from bot.watch_parts import WatchRefused
from bot.watch_words import parse_changes, parse_watch
from commands import people as people_verbs
from commands import watch as verbs
from commands.watch_asked import PRIVATE, Place, prepare
from storage import custody, people, runs, watches
from storage.database import Transaction
from storage.errors import NotFound
from storage.runs import Run, RunState
from storage.watches import Watch, WatchState
from tests.desks import Clock, open_desk

DESK = Place("T1", "C0DESK000", False, "U0RANA")
VAULT = Place("T1", "C0VAULT00", True, "U0RANA")
ACTOR = "T1/U0RANA"


@pytest.fixture(name="clock")
def made_clock() -> Clock:
    """A clock at 3:04:05 on 2 January 2026."""
    return Clock()


@pytest.fixture(name="desk")
def made_desk(tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    """A desk that knows Qassem Soleimani and Amina Njoroge."""
    with open_desk(tmp_path, clock) as desk:
        for name in ("Qassem Soleimani", "Amina Njoroge"):
            asyncio.run(people_verbs.add(desk, name, (), ""))
        yield desk


def added(desk: Desk, words: str, place: Place = DESK, *, public: bool = False) -> Watch:
    """Set a watch up."""
    made = asyncio.run(prepare(desk, parse_watch(words, "UTC"), place, public=public))
    with desk.db.write() as tx:
        return verbs.add(tx, made, place.actor, desk.db.now())


def edited(desk: Desk, watch: Watch, words: str) -> Watch:
    """Change a watch."""
    with desk.db.write() as tx:
        return verbs.edit(tx, watch, parse_changes(words, watch.zone), ACTOR, desk.clock())


def actions(desk: Desk, watch: Watch) -> list[str]:
    """What the custody log says was done to a watch."""
    with desk.db.read() as tx:
        return [row.action for row in custody.rows(tx, watch.id)]


def test_an_interval_is_anchored_at_the_minute_in_which_it_was_set_up(desk: Desk, clock: Clock) -> None:
    """So the watches of a desk do not all fall due at the full hour; the first run is due at once."""
    watch = added(desk, "Soleimani every 15m from x:@a")
    assert watch.schedule == "every 15 minutes starting 2026-01-02 03:04 UTC"
    assert watch.next_due == "2026-01-02T03:04:00.000Z"
    assert watch.since < watch.next_due
    clock.move(minutes=7)
    assert added(desk, "Njoroge from x:@a").schedule == "every 15 minutes starting 2026-01-02 03:11 UTC"
    daily = added(desk, "@nasa weekdays at 9 zone Europe/Oslo")
    assert (daily.schedule, daily.next_due) == ("weekdays at 09:00 Europe/Oslo", "2026-01-02T08:00:00.000Z")


def test_a_name_is_resolved_as_whereis_does(desk: Desk) -> None:
    """Another spelling is the person of the watch-list; without sources the watch never runs."""
    watch = added(desk, "Suleimani quiet 22:00 to 07:00")
    assert (watch.subject, watch.label) == ("qassem-soleimani", "Qassem Soleimani")
    assert (watch.sources, watch.schedule, watch.next_due) == ((), "", None)
    assert watch.quiet == "22:00 to 07:00 daily UTC"
    with pytest.raises(WatchRefused, match="needs sources"):
        added(desk, "Njoroge every 15m")


def test_nobody_of_that_name_is_asked_about_and_not_guessed(desk: Desk) -> None:
    """Who may be meant is told; a public figure is put on the list, a private individual waits for an editor."""
    with pytest.raises(PersonUnknown) as unknown:
        added(desk, "Amina Njorogo Kamau")
    assert [match.person.name for match in unknown.value.close] == ["Amina Njoroge"]
    public = added(desk, "Grace Otieno", public=True)
    assert public.state is WatchState.ACTIVE
    private = added(desk, "Petter Dalen from x:@a reason named by two hospitals")
    assert (private.state, private.next_due, private.reason) == (WatchState.PENDING, None, "named by two hospitals")
    with desk.db.read() as tx:
        assert [person.name for person in people.all(tx)] == ["Amina Njoroge", "Grace Otieno", "Qassem Soleimani"]
    assert actions(desk, private) == ["watch asked for"]


def test_an_editor_agrees_and_the_person_is_on_the_list_from_then_on(desk: Desk) -> None:
    """The watch runs; a second watch of the same individual needs a reason and an editor again."""
    watch = added(desk, "Petter Dalen from x:@a reason named by two hospitals")
    change = asyncio.run(verbs.approve(desk, watch, "T1/U0ERIK"))
    with desk.db.write() as tx:
        agreed = change(tx)
    assert (agreed.state, agreed.approved_by) == (WatchState.ACTIVE, "U0ERIK")
    assert agreed.next_due is not None
    with desk.db.read() as tx:
        assert people.get(tx, "petter-dalen").role == PRIVATE
    with pytest.raises(verbs.NotNow, match="decided already"), desk.db.write() as tx:
        change(tx)
    with pytest.raises(WatchRefused, match="private individual"):
        added(desk, "Petter Dalen", VAULT)
    assert added(desk, "Petter Dalen reason seen again", VAULT).state is WatchState.PENDING
    assert actions(desk, watch) == ["watch asked for", "watch approved"]


def test_what_was_refused_may_be_asked_for_again(desk: Desk) -> None:
    """A refusal stands until somebody asks anew, with a reason."""
    watch = added(desk, "Petter Dalen reason curiosity")
    with desk.db.write() as tx:
        assert verbs.refuse(tx, watch, "T1/U0ERIK", desk.db.now()).state is WatchState.REFUSED
    with pytest.raises(verbs.NotNow), desk.db.write() as tx:
        verbs.refuse(tx, watches.get(tx, watch.id), "T1/U0ERIK", desk.db.now())
    again = added(desk, "Petter Dalen reason named by two hospitals")
    assert (again.id, again.state, again.reason) == (watch.id, WatchState.PENDING, "named by two hospitals")


def test_who_may_agree(desk: Desk) -> None:
    """Editors where some are set, else anybody but who asked."""
    watch = added(desk, "Petter Dalen reason named by two hospitals")
    verbs.need_approver(watch, "U0ERIK", None)
    verbs.need_approver(watch, "U0RANA", frozenset({"U0RANA"}))
    for user, editors in (("U0RANA", None), ("U0ERIK", frozenset({"U0RANA"})), ("U0ERIK", frozenset[str]())):
        with pytest.raises(verbs.NotYours):
            verbs.need_approver(watch, user, editors)


def test_the_same_is_watched_once_in_a_channel(desk: Desk) -> None:
    """Another channel has a watch of its own."""
    watch = added(desk, "Soleimani")
    with pytest.raises(verbs.NotNow, match=watch.id):
        added(desk, "Qasem Suleimani from x:@a")
    assert added(desk, "Soleimani", VAULT).id != watch.id


def test_a_pause_stops_what_is_under_way_and_is_not_made_up_for(desk: Desk, clock: Clock) -> None:
    """Resumed, its schedule counts from then on."""
    watch = added(desk, "Soleimani every 15m from x:@a")

    def begun(tx: Transaction) -> bool:
        return runs.claim(tx, Run(watch.id, str(watch.next_due), desk.db.now()))

    with desk.db.write() as tx:
        assert begun(tx)
        paused = verbs.pause(tx, watch, ACTOR, desk.db.now())
        last = runs.newest(tx, watch.id)
    assert (paused.state, paused.next_due) == (WatchState.PAUSED, None)
    assert last is not None
    assert last.state is RunState.CANCELLED
    clock.move(days=2)
    with desk.db.write() as tx:
        resumed = verbs.resume(tx, paused, ACTOR, desk.clock())
    assert (resumed.since, resumed.next_due) == ("2026-01-04T03:04:05.000Z", "2026-01-04T03:19:00.000Z")
    with pytest.raises(verbs.NotNow), desk.db.write() as tx:
        verbs.resume(tx, resumed, ACTOR, desk.clock())
    assert actions(desk, watch) == ["watch added", "watch paused", "watch resumed"]


def test_an_edit_changes_what_is_named_and_nothing_else(desk: Desk, clock: Clock) -> None:
    """The same interval keeps its anchor; a source that stays keeps its cursor."""
    watch = added(desk, "Soleimani every 15m from x:@a, rss:https://wire.example/feed budget 5")
    with desk.db.write() as tx:
        watches.fare(tx, watch.id, watches.SourceState("x:@a", cursor="17"))
    clock.move(minutes=20)
    same = edited(desk, watch, "every 15 minutes budget 100")
    assert (same.schedule, same.next_due, same.budget) == (watch.schedule, watch.next_due, 100)
    other = edited(desk, same, "every 1h from x:@a quiet 22:00 to 07:00 even for conflicts")
    assert other.schedule == "every hour starting 2026-01-02 03:24 UTC"
    assert (other.next_due, other.bypass) == ("2026-01-02T04:24:00.000Z", False)
    with desk.db.read() as tx:
        assert [(one.source, one.cursor) for one in watches.sources(tx, watch.id)] == [("x:@a", "17")]
    silent = edited(desk, other, "from nothing budget off quiet off")
    assert (silent.sources, silent.schedule, silent.next_due) == ((), "", None)
    assert (silent.budget, silent.quiet, silent.bypass) == (None, "", True)
    with pytest.raises(WatchRefused, match="needs sources"):
        edited(desk, silent, "every 15m")


def test_an_account_is_always_read_from_somewhere(desk: Desk) -> None:
    """From itself on X, from what is named elsewhere."""
    watch = added(desk, "@AliHashem_TV")
    assert (watch.subject, watch.label, watch.sources) == ("x:@alihashem_tv", "@alihashem_tv", ("x:@alihashem_tv",))
    assert edited(desk, watch, "from nothing").sources == ("x:@alihashem_tv",)
    with pytest.raises(WatchRefused, match="not on X"):
        added(desk, "account telegram:@wire")
    assert added(desk, "account telegram:@wire from rss:https://wire.example/feed").label == "telegram:@wire"


def test_a_watch_is_named_by_its_id_or_by_a_plain_subject(desk: Desk) -> None:
    """What may mean several is refused with their names; a private channel's is out of reach elsewhere."""
    here, there = added(desk, "Soleimani"), added(desk, "Soleimani", VAULT)
    outside, inside = verbs.Reach("T1", DESK.channel, "U0ERIK"), verbs.Reach("T1", VAULT.channel, "U0ERIK")
    with desk.db.read() as tx:
        assert verbs.find(tx, outside, "soleimani") == here
        assert verbs.find(tx, inside, "Qassem Soleimani") == there
        assert verbs.find(tx, verbs.Reach(), there.id.upper()) == there
        assert verbs.find(tx, verbs.Reach("T1", "", "U0RANA"), there.id) == there, "one's own, in Home"
        with pytest.raises(WatchRefused, match=there.id):
            verbs.find(tx, verbs.Reach(), "soleimani")
        for reach, typed in ((outside, there.id), (verbs.Reach("T2", DESK.channel), here.id), (outside, "sol")):
            with pytest.raises(NotFound):
                verbs.find(tx, reach, typed)
        told = verbs.listing(tx, inside, desk.clock())
    assert [line.watch.id for line in told.watches] == [there.id, here.id], "this channel's first"


def test_the_list_tells_how_a_watch_fares(desk: Desk) -> None:
    """Its last run, what fails, and the cost of today and of thirty days, this one among them."""
    watch = added(desk, "Soleimani from x:@a budget 500")
    with desk.db.write() as tx:
        runs.claim(tx, Run(watch.id, str(watch.next_due), desk.db.now(), state=RunState.DONE, posts=12, fresh=4))
        watches.fare(tx, watch.id, watches.SourceState("x:@a", failing_since=desk.db.now(), problem="It answered 503."))
        for day, posts in (("2026-01-02", 120), ("2025-12-04", 7), ("2025-12-03", 1000)):
            watches.spend(tx, watch.id, day, posts)
        [line] = verbs.listing(tx, verbs.Reach(), desk.clock()).watches
    assert (line.spent_today, line.spent_30_days) == (120, 127)
    assert line.last is not None
    assert line.last.posts == 12
    assert line.sources[0].problem == "It answered 503."


def test_what_was_agreed_to_stays_in_its_channel(desk: Desk) -> None:
    """A watch of a private individual is not carried elsewhere by an edit; any other is."""
    private, plain = added(desk, "Petter Dalen reason named by two hospitals"), added(desk, "Soleimani")
    with desk.db.write() as tx:
        with pytest.raises(WatchRefused, match="stays in its channel"):
            verbs.edit(tx, private, {}, ACTOR, datetime.now(UTC), VAULT)
        moved = verbs.edit(tx, plain, {}, ACTOR, datetime.now(UTC), VAULT)
    assert (moved.channel, moved.private, moved.audience) == (VAULT.channel, True, f"channel:{VAULT.channel}")
