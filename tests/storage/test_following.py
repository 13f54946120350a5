"""What goes along when people are merged, split or restored."""

from __future__ import annotations

from storage import alerts, following, judging, news, people, sightings, verdicts
from storage.alerts import Evidence
from storage.database import Database, Transaction
from storage.following import Move
from storage.records import EVERYWHERE, OPERATOR
from storage.verdicts import Judgement, Verdict
from tests.newsmakers import TEAM
from tests.storage.makers import AT, archive, post, sighting

ANN, NAN = "ann-example", "nan-other"


def said_of(tx: Transaction, key: str, person: str, matched_as: str) -> str:
    """Keep a post with one sighting of a person, which is news; return its id."""
    made = post(key)
    one = sighting(made.text, "Words", person_id=person, matched_as=matched_as)
    sightings.put(tx, made.id, archive(tx, made), one)
    [held] = sightings.of_post(tx, made.id, OPERATOR)
    news.note(tx, "sighting", held.id, AT)
    return held.id


def warned(tx: Transaction, key: str, person: str, *refs: str) -> None:
    """Raise an alert about a person that stands on some sightings."""
    made = alerts.Alert(
        key, TEAM, "C1", alerts.AlertKind.SIGHTING, f"sighting/{person}/test:portville", key, AT, AT, person=person
    )
    assert alerts.raise_once(tx, made)
    for ref in refs:
        alerts.add_evidence(tx, key, Evidence(ref, "x:1", AT))


def test_sightings_go_to_who_bears_the_spelling(db: Database) -> None:
    """With their news and the alerts that stand on them; one whose spelling nobody bears is dropped with its person."""
    with db.write() as tx:
        people.add(tx, "Ann Example", ["Annie"])
        mine, yours = said_of(tx, "x:1", NAN, "Annie"), said_of(tx, "x:2", NAN, "Nan")
        warned(tx, "a1", NAN, mine)
        following.sighted(tx, [ANN, NAN])
        [moved] = sightings.for_person(tx, ANN, OPERATOR)
        assert moved.sighting.person_name == "Ann Example"
        assert moved.id != mine
        assert sightings.for_person(tx, NAN, OPERATOR) == []
        assert [one.ref for one in alerts.evidence(tx, "a1")] == [moved.id]
        noted = {row["ref"] for row in tx.rows("SELECT ref FROM news WHERE kind = 'sighting'")}
        assert noted == {moved.id, yours}


def test_the_same_words_are_one_sighting(db: Database) -> None:
    """Where the taker has the same sighting already, one is left, told once and evidence once."""
    with db.write() as tx:
        people.add(tx, "Ann Example", ["Annie"])
        here, there = said_of(tx, "x:1", ANN, "Annie"), None
        made = post("x:1")
        sightings.put(tx, made.id, archive(tx, made), sighting(made.text, "Words", person_id=NAN, matched_as="Annie"))
        there = next(one.id for one in sightings.of_post(tx, made.id, OPERATOR) if one.id != here)
        news.note(tx, "sighting", there, AT)
        warned(tx, "a1", ANN, here, there)
        following.sighted(tx, [ANN, NAN])
        assert [one.id for one in sightings.of_post(tx, "x:1", OPERATOR)] == [here]
        assert [one.ref for one in alerts.evidence(tx, "a1")] == [here]
        assert [row["ref"] for row in tx.rows("SELECT ref FROM news WHERE kind = 'sighting'")] == [here]


def test_a_spelling_of_two_people_moves_nothing(db: Database) -> None:
    """Who is meant by it is for the reader to say."""
    with db.write() as tx:
        people.add(tx, "Ann Example", ["Annie"])
        people.add(tx, "Nan Other", ["Annie"])
        held = said_of(tx, "x:1", NAN, "Annie")
        following.sighted(tx, [ANN, NAN])
        assert [one.id for one in sightings.for_person(tx, NAN, OPERATOR)] == [held]


def test_an_alert_of_both_stays(db: Database) -> None:
    """Only an alert that stands on the taker's sightings alone is handed over, and comes back."""
    with db.write() as tx:
        people.add(tx, "Ann Example", ["Annie"])
        people.add(tx, "Nan Other", ["Nan"])
        own, other = said_of(tx, "x:1", ANN, "Annie"), said_of(tx, "x:2", NAN, "Nan")
        warned(tx, "a1", ANN, own)
        warned(tx, "a2", ANN, other)
        warned(tx, "a3", ANN, own, other)
        [move] = following.alerts_told(tx, ANN, NAN)
        assert move == Move("alert", "a2", ANN, NAN)
        assert following.carry(tx, [move]) == [move]
        assert alerts.get(tx, "a2").subject == f"sighting/{NAN}/test:portville"
        assert following.carry(tx, [move]) == []
        assert following.carry(tx, [move.back]) == [move.back]
        assert alerts.get(tx, "a2").subject == f"sighting/{ANN}/test:portville"


def test_a_verdict_goes_with_the_sighting_and_comes_back(db: Database) -> None:
    """What somebody has rejected stays rejected whoever of two people it is of, and when it is read again."""
    with db.write() as tx:
        people.add(tx, "Ann Example", ["Annie"])
        mine = said_of(tx, "x:1", NAN, "Annie")
        row = tx.row("SELECT s.*, c.text_sha256 FROM sightings s JOIN captures c ON c.id = s.capture_id")
        assert row is not None
        held = {name: value for name, value in row.items() if name != "text_sha256"}
        verdicts.put(
            tx,
            Verdict(
                "v1", EVERYWHERE, row["post_id"], NAN, row["text_sha256"], held, frozenset(), Judgement.REJECTED, None,
                None, "", "operator", AT,
            ),
        )  # fmt: skip
        verdicts.link(tx, "v1", mine)
        following.sighted(tx, [ANN, NAN])
        assert sightings.for_person(tx, ANN, OPERATOR) == []
        assert verdicts.count_rejected(tx, ANN, OPERATOR) == 1
        people.remove(tx, ANN)
        people.add(tx, "Nan Other", ["Annie"])
        following.sighted(tx, [ANN, NAN])
        assert (verdicts.count_rejected(tx, ANN, OPERATOR), verdicts.count_rejected(tx, NAN, OPERATOR)) == (0, 1)
        judging.relink(tx, row["post_id"])
        assert sightings.for_person(tx, NAN, OPERATOR) == []
