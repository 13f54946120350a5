"""What a digest tells: of its stretch of the news alone, each thing once, and only what the channel may see."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.findings import DigestFinding
from bot.schedules.digest_words import parse_digest
from commands.digest import digest, plan_for, remove, run_of
from storage import alerts, custody, digests, watches
from storage.alerts import Act, AlertKind, Triage, TriageState
from storage.digests import DigestPlan, Section
from storage.records import Stance
from storage.watches import SourceState
from tests.desks import NOW, open_desk
from tests.newsmakers import DESK, TEAM, clash, say, stands_on, warn, watch_for
from tests.storage.makers import AT


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path) -> Desk:
    """A desk with one channel that has a digest at 08:30."""
    desk = open_desk(tmp_path)
    planned(desk)
    return desk


def planned(desk: Desk, typed: str = "at 08:30 daily") -> DigestPlan:
    """Set up the digest of the channel."""
    asked = parse_digest(typed, "UTC")
    with desk.db.write() as tx:
        return plan_for(tx, TEAM, DESK, asked.schedule, owner="U1", now=NOW, sections=asked.sections)


def told(desk: Desk) -> DigestFinding:
    """Build the digest of the channel, and note it as told."""
    finding = digest(desk, TEAM, DESK)
    with desk.db.write() as tx:
        assert digests.claim(tx, run_of(finding, TEAM, f"asked-{finding.news}"))
    return finding


def names(finding: DigestFinding) -> list[str]:
    """Who is told of, sighting by sighting."""
    return [one.sighting.person_name for one in finding.sightings]


def test_each_thing_is_in_the_next_digest_and_in_no_other(desk: Desk) -> None:
    """Sightings, conflicts, denials and alerts that come in between two digests are told by the second alone."""
    with desk.db.write() as tx:
        say(tx, 1)
    assert names(told(desk)) == ["Ann Example"]
    with desk.db.write() as tx:
        say(tx, 2, person="Bob Example")
        say(tx, 3, stance=Stance.DENIED)
        clash(tx, 1, 2)
        warn(tx, "gone", AlertKind.DELETED, post_id="x:1")
    second = told(desk)
    assert names(second) == ["Bob Example"]
    assert [one.post.id for one in second.denials] == ["x:3"]
    assert [one.why for one in second.conflicts] == ["One picture, two places: 1 and 2."]
    assert [alert.id for alert in second.warnings] == ["gone"]
    assert (second.totals[Section.CONFLICTS], second.totals[Section.SIGHTINGS]) == (3, 1)
    third = told(desk)
    assert third.empty
    assert [alert.id for alert in third.still_open] == ["gone"]


def test_a_channel_is_told_only_what_it_may_see(desk: Desk) -> None:
    """What was granted to another channel, or to another team, is neither told nor counted; what is its own is told."""
    with desk.db.write() as tx:
        say(tx, 1, workspace=TEAM, audience="channel:C0OTHER")
        say(tx, 2, workspace="T2")
        clash(tx, 1, 2)
        say(tx, 3, workspace=TEAM, audience=f"channel:{DESK}", person="Own Example")
    finding = digest(desk, TEAM, DESK)
    assert names(finding) == ["Own Example"]
    assert (finding.totals[Section.SIGHTINGS], finding.totals[Section.CONFLICTS]) == (1, 0)


def test_a_channel_that_watches_people_is_told_of_these(desk: Desk) -> None:
    """Where somebody is watched, others are left out, but for what an alert of the channel stands on."""
    with desk.db.write() as tx:
        watches.put(tx, watch_for("ann-example"))
        say(tx, 1)
        say(tx, 2, person="Bob Example")
        held = say(tx, 3, person="Cid Example")
        warn(tx, "seen", AlertKind.SIGHTING, person="cid-example", post_id="x:3")
        stands_on(tx, "seen", held, 3)
    finding = digest(desk, TEAM, DESK)
    assert sorted(names(finding)) == ["Ann Example", "Cid Example"]
    assert finding.newly_seen == ()  # its sighting tells it


def test_an_alert_about_what_was_known_elsewhere_is_told_itself(desk: Desk) -> None:
    """A sighting that is no news to the store, but was granted to the channel only now, stands there as the alert."""
    with desk.db.write() as tx:
        held = say(tx, 1, is_news=False)
        warn(tx, "seen", AlertKind.SIGHTING, person="ann-example", post_id="x:1")
        stands_on(tx, "seen", held, 1)
    finding = digest(desk, TEAM, DESK)
    assert [alert.id for alert in finding.newly_seen] == ["seen"]
    assert finding.totals[Section.SIGHTINGS] == 1
    assert not finding.empty


def test_what_an_alert_tells_is_not_told_beside_it(desk: Desk) -> None:
    """A denial that raised an alert, and what joined a snoozed one, stand once."""
    with desk.db.write() as tx:
        denied = say(tx, 1, stance=Stance.DENIED)
        warn(tx, "denied", AlertKind.DENIAL, person="ann-example", post_id="x:1")
        stands_on(tx, "denied", denied, 1)
        quiet = say(tx, 2, person="Bob Example")
        warn(tx, "quiet", AlertKind.SIGHTING, person="bob-example", post_id="x:2", state=TriageState.SNOOZED)
        stands_on(tx, "quiet", quiet, 2)
    finding = digest(desk, TEAM, DESK)
    assert ([alert.id for alert in finding.warnings], finding.denials) == (["denied"], ())
    assert [alert.id for alert in finding.snoozed] == ["quiet"]
    assert names(finding) == []
    assert finding.silent == 1


def test_what_was_triaged_is_told_as_it_stands(desk: Desk) -> None:
    """Between two digests an alert is acknowledged: the next one tells it with its state, a later one not at all."""
    with desk.db.write() as tx:
        say(tx, 1)
        warn(tx, "gone", AlertKind.DELETED, post_id="x:1")
        assert alerts.decide(tx, "gone", Triage(Act.ACKNOWLEDGE, TriageState.ACKNOWLEDGED, "U1", AT))
    [alert] = told(desk).warnings
    assert alert.state is TriageState.ACKNOWLEDGED
    later = told(desk)
    assert (later.warnings, later.still_open) == ((), ())


def test_sources_that_fail_are_told_with_the_reason(desk: Desk) -> None:
    """A source of a watch of this channel that fails is told; one of another channel's watch is not."""
    here, there = watch_for("ann-example"), watch_for("bob-example", "C0OTHER")
    with desk.db.write() as tx:
        for watch, source in ((here, "rss:https://a.example/feed"), (there, "rss:https://b.example/feed")):
            watches.put(tx, replace(watch, sources=(source,)))
            watches.fare(tx, watch.id, SourceState(source, failing_since=AT, failures=4, problem="It answered 503."))
    finding = digest(desk, TEAM, DESK)
    assert finding.failing == (("rss:https://a.example/feed", "fails since 1 Mar 2016 12:00 UTC: It answered 503."),)
    assert not finding.empty


def test_nobody_crowds_out_the_others(desk: Desk) -> None:
    """Of forty sightings of one person the newest are shown, the other person is there too, and all are counted."""
    with desk.db.write() as tx:
        for number in range(40):
            say(tx, number)
        say(tx, 99, person="Bob Example")
    finding = digest(desk, TEAM, DESK)
    assert names(finding).count("Ann Example") == 25
    assert names(finding).count("Bob Example") == 1
    assert finding.totals[Section.SIGHTINGS] == 41
    assert [(person.name, person.total) for person in finding.people] == [("Bob Example", 1), ("Ann Example", 40)]


def test_sections_that_are_left_out_are_neither_told_nor_counted(desk: Desk) -> None:
    """A digest of conflicts alone says nothing of sightings, and is empty where only these are new."""
    planned(desk, "at 08:30 daily sections conflicts")
    with desk.db.write() as tx:
        say(tx, 1)
    finding = digest(desk, TEAM, DESK)
    assert finding.empty
    assert set(finding.totals) == {Section.CONFLICTS}


def test_a_channel_without_a_digest_can_ask_for_one(tmp_path: Path) -> None:
    """Without a plan it tells of the last day; what it was told once on request, it is not told again."""
    desk = open_desk(tmp_path)
    with desk.db.write() as tx:
        say(tx, 1)  # noted years before now
    assert digest(desk, TEAM, DESK).empty
    with desk.db.write() as tx:
        tx.execute("UPDATE news SET at = :at", {"at": "2026-01-02T03:00:00.000Z"})
    assert names(told(desk)) == ["Ann Example"]
    assert told(desk).empty


def test_what_is_set_is_in_the_custody_log(desk: Desk) -> None:
    """Who has turned a channel's digest on and off is kept; turned on again, it begins with what is new then."""
    with desk.db.write() as tx:
        say(tx, 1)
        assert remove(tx, TEAM, DESK, by="U2", now=NOW)
        assert not remove(tx, TEAM, DESK, by="U2", now=NOW)
        kept = [(one.actor, one.action) for one in custody.rows(tx) if one.action.startswith("digest")]
    assert kept == [(f"{TEAM}/U1", "digest on"), (f"{TEAM}/U2", "digest off")]
    planned(desk)
    assert digest(desk, TEAM, DESK).empty
