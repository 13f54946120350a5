"""Verdicts as verbs: what warns and what is told follows them, in each workspace by its own; and why it is read so."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk, catch_up, take
from bot.intake import Audience
from bot.sources.base import Captured
from bot.verdict_findings import Said
from commands import people as people_verbs
from commands import verdicts as verbs
from commands.explain import explain
from commands.whereis import whereis
from storage import alerts, digest_items, news, readings, sightings, verdicts, watches
from storage.database import Transaction
from storage.digest_items import Stretch
from storage.errors import NotFound
from storage.records import EVERYONE, OPERATOR, ConflictKind, Place, Stance, Viewer
from storage.verdicts import Judgement
from storage.watches import WatchKind
from tests.desks import open_desk
from tests.front.platforms import POST, brought
from tests.storage.makers import AT, watch

NAME = "Amina Njoroge"
SAID = f"{NAME} arrived in Bergen on Monday."
DENIAL = f"The ministry denied that {NAME} was in Bergen on Monday."
TEAMS = ("T1", "T2")


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path) -> Desk:
    """A desk that watches one person, in a channel of each of two workspaces."""
    desk = open_desk(tmp_path)
    asyncio.run(people_verbs.add(desk, NAME, [], ""))

    def follow(tx: Transaction) -> None:
        person = sightings_person(tx)
        for team in TEAMS:
            made = watch(team, workspace=team, channel=f"C-{team}", kind=WatchKind.PERSON, subject=person, label=NAME)
            watches.put(tx, made)

    with desk.db.write() as tx:
        follow(tx)
    return desk


def sightings_person(tx: Transaction) -> str:
    """The id of the one person who is watched."""
    return str(tx.rows("SELECT id FROM persons")[0]["id"])


def saying(number: int, text: str = SAID, **changes: Any) -> Captured:
    """A post that says where she is."""
    return brought(str(int(POST) + (number << 22)), text, author=f"voice_{number}", **changes)


def only(desk: Desk, viewer: Viewer = OPERATOR) -> str:
    """The id of the one sighting that is told to a viewer."""
    [found] = asyncio.run(whereis(desk, NAME, viewer=viewer)).sightings
    return found.id


def judge(desk: Desk, sighting: str, said: Said, workspace: str = "T1", by: str = "U1") -> None:
    """Judge a sighting on behalf of a member."""
    with desk.db.write() as tx:
        verbs.give(tx, sighting, said, Viewer(workspace), workspace=workspace, by=by, now=desk.db.now())


def told(desk: Desk, team: str) -> list[str]:
    """The kinds of the warnings that a workspace was given, the oldest first."""
    with desk.db.read() as tx:
        return [str(alert.kind) for alert in reversed(alerts.of_channel(tx, team, f"C-{team}", 50))]


def test_what_is_rejected_warns_of_nothing_there(desk: Desk) -> None:
    """Its words in an edited post raise no warning, nor does a denial find it; the other workspace is warned."""
    take(desk, saying(1), Audience())
    judge(desk, only(desk), Said(Judgement.REJECTED))
    before = {team: told(desk, team) for team in TEAMS}
    edited = saying(1, f"{SAID} More soon.")
    take(desk, replace(edited, captured_at=edited.captured_at + timedelta(days=1)), Audience())
    assert told(desk, "T1") == before["T1"]
    denying = take(desk, saying(2, DENIAL), Audience())
    with desk.db.read() as tx:
        pairs = {
            team: [alert.match_post_id for alert in alerts.of_channel(tx, team, f"C-{team}", 50) if
                   alert.post_id == denying.post_id]
            for team in TEAMS
        }  # fmt: skip
    assert pairs == {"T1": [None], "T2": [saying(1).post_id]}


def test_a_rejected_sighting_is_in_no_conflict(desk: Desk) -> None:
    """`whereis` pairs no denial with it; where it is not rejected it does."""
    take(desk, saying(1), Audience())
    key = only(desk)
    take(desk, saying(2, DENIAL), Audience())
    judge(desk, key, Said(Judgement.REJECTED))
    kinds = {
        team: [one.kind for one in asyncio.run(whereis(desk, NAME, viewer=Viewer(team))).conflicts] for team in TEAMS
    }
    assert kinds == {"T1": [], "T2": [ConflictKind.DENIAL]}
    assert [asyncio.run(whereis(desk, NAME, viewer=Viewer(team))).rejected for team in TEAMS] == [1, 0]


def test_a_post_that_others_see_from_now_on_does_not_warn_of_what_they_rejected(desk: Desk) -> None:
    """A new grant tells all that is known of a post, but for what its workspace has rejected."""
    take(desk, saying(1), Audience("T1", "channel:C9"))
    inside = Viewer("T1", frozenset({EVERYONE, "channel:C9"}))
    with desk.db.write() as tx:
        [found] = sightings.of_post(tx, saying(1).post_id, inside)
        verbs.give(tx, found.id, Said(Judgement.REJECTED), inside, workspace="T1", by="U1", now=desk.db.now())
    take(desk, saying(1), Audience())
    assert (told(desk, "T1"), told(desk, "T2")) == ([], ["new-sighting"])


def test_a_digest_does_not_tell_what_was_rejected(desk: Desk) -> None:
    """It is not counted among the news either; the other workspace's digest has it."""
    take(desk, saying(1), Audience())
    key = only(desk)
    counts = []
    for said in (Said(Judgement.CONFIRMED), Said(Judgement.REJECTED)):
        judge(desk, key, said)
        with desk.db.read() as tx:
            stretches = [Stretch(team, f"C-{team}", 0, news.head(tx)) for team in TEAMS]
            counts.append([sum(one.total for one in digest_items.sayings(tx, each, 5, 5).people) for each in stretches])
    assert counts == [[1, 1], [0, 1]]


def test_a_corrected_stance_counts_in_a_digest_as_it_is_told(desk: Desk) -> None:
    """What an editor says is a denial stands with the denials; in the other workspace it does not."""
    take(desk, saying(1), Audience())
    judge(desk, only(desk), Said(Judgement.CORRECTED, stance=Stance.DENIED))
    with desk.db.read() as tx:
        stretches = [Stretch(team, f"C-{team}", 0, news.head(tx)) for team in TEAMS]
        counted = [digest_items.sayings(tx, each, 5, 5) for each in stretches]
    assert [(each.denied, sum(one.total for one in each.people)) for each in counted] == [(1, 0), (0, 1)]


def test_a_corrected_place_is_what_a_journey_is_held_against(desk: Desk) -> None:
    """Corrected to where the other post says she was, it is no impossible journey any more; elsewhere it still is."""
    take(desk, saying(1, f"{NAME} arrived in Sydney on Monday."), Audience())
    bergen = verbs.place_named(desk, "Bergen, Norway")
    judge(desk, only(desk), Said(Judgement.CORRECTED, place=bergen))
    take(desk, saying(2), Audience())
    assert ["impossible-travel" in told(desk, team) for team in TEAMS] == [False, True]


def test_a_verdict_outlives_reading_the_archive_again(desk: Desk) -> None:
    """Read anew as after a change of the rules, and after the person was taken off the list and put back."""
    take(desk, saying(1), Audience())
    judge(desk, only(desk), Said(Judgement.CONFIRMED, note="saw it"))
    with desk.db.write() as tx:
        readings.clear(tx)
    catch_up(desk)
    asyncio.run(people_verbs.remove(desk, NAME))
    asyncio.run(people_verbs.add(desk, NAME, [], ""))
    [found] = asyncio.run(whereis(desk, NAME, viewer=Viewer("T1"))).sightings
    assert found.judged is not None
    assert found.judged.verdict.note == "saw it"


def test_corrections_add_up_until_the_sighting_is_rejected(desk: Desk) -> None:
    """A stance joins a corrected place, confirming keeps both, rejecting drops them."""
    take(desk, saying(1), Audience())
    key, oslo = only(desk), verbs.place_named(desk, "oslo, norway")
    judge(desk, key, Said(Judgement.CORRECTED, place=oslo))
    judge(desk, key, Said(Judgement.CORRECTED, stance=Stance.ALLEGED))
    judge(desk, key, Said(Judgement.CONFIRMED))
    [found] = asyncio.run(whereis(desk, NAME, viewer=Viewer("T1"))).sightings
    assert (found.sighting.place, found.sighting.stance) == (oslo, Stance.ALLEGED)
    judge(desk, key, Said(Judgement.REJECTED))
    with desk.db.read() as tx:
        held = verdicts.history(tx, key, OPERATOR)
    assert [one.judgement for one in held] == ["corrected", "corrected", "confirmed", "rejected"]
    assert [one.undone_at is None for one in held] == [False, False, False, True]
    assert (held[-1].place, held[-1].stance) == (None, None)


def test_the_same_said_twice_is_said_once_and_of_two_people_the_first_decides(desk: Desk) -> None:
    """A request that is begun again changes nothing; who saw no verdict, or another one, is refused."""
    take(desk, saying(1), Audience())
    key = only(desk)
    for _ in range(2):
        judge(desk, key, Said(Judgement.CONFIRMED, seen=""))
    with pytest.raises(verbs.JudgedMeanwhile):
        judge(desk, key, Said(Judgement.REJECTED, seen=""), by="U2")
    with desk.db.read() as tx:
        assert len(verdicts.history(tx, key, OPERATOR)) == 1


def test_nobody_judges_or_undoes_what_is_not_theirs(desk: Desk) -> None:
    """A post that they may not see, an id that is none, the operator's verdict for all, one that is undone."""
    take(desk, saying(1), Audience("T2"))
    key = only(desk, Viewer("T2"))
    for refused in (key, "nothing"):
        with pytest.raises(NotFound):
            judge(desk, refused, Said(Judgement.REJECTED))
    with desk.db.write() as tx:
        verbs.give(tx, key, Said(Judgement.REJECTED), OPERATOR, workspace="*", by="operator", now=AT)
        with pytest.raises(verbs.NotHere):
            verbs.undo(tx, key, Viewer("T2"), workspace="T2", by="U1", now=AT)
        assert verbs.undo(tx, key, workspace="", by="operator", now=AT).undone_by == "operator"
        with pytest.raises(NotFound):
            verbs.undo(tx, key, workspace="", by="operator", now=AT)


@pytest.mark.parametrize("name", ["Homs, Syria", "homs", "حمص", "Homs", "Хомс"])
def test_a_place_is_known_in_any_script_and_in_small_letters(desk: Desk, name: str) -> None:
    """As somebody types it on deadline."""
    place: Place = verbs.place_named(desk, name)
    assert place.country == "SY"


def test_an_explanation_says_when_the_rules_have_changed_since(desk: Desk) -> None:
    """What only reading again could tell is left out then; what is stored is told either way."""
    take(desk, saying(1), Audience())
    key = only(desk)
    fresh = asyncio.run(explain(desk, key))
    assert fresh.fresh
    assert "the full name stands in the text" in {step.about: step.told for step in fresh.steps}["Name"]
    with desk.db.write() as tx:
        readings.clear(tx)
    stale = asyncio.run(explain(desk, key))
    steps = {step.about: step.told for step in stale.steps}
    assert not stale.fresh
    assert "the full name stands in the text" not in steps["Name"]
    assert "The rules or the watch-list have changed since" in steps["Read with"]
    assert f"“{SAID}”" in steps["Words"]
    with pytest.raises(NotFound):
        asyncio.run(explain(desk, "nothing"))


def test_an_explanation_of_what_the_rules_find_no_more_says_so(desk: Desk) -> None:
    """It is told because somebody vouches for it, with the words as they were."""
    take(desk, saying(1), Audience())
    key = only(desk)
    judge(desk, key, Said(Judgement.CONFIRMED))
    with desk.db.write() as tx:
        tx.execute("UPDATE verdicts SET beside = '[]'")
        tx.execute("UPDATE sightings SET lost = 1")
    found = asyncio.run(explain(desk, key, viewer=Viewer("T1")))
    steps = {step.about: step.told for step in found.steps}
    assert "somebody vouches for it" in steps["Read with"]
    assert f"“{SAID}”" in steps["Words"]
