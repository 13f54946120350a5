"""Verdicts on sightings: told to whom they hold for, and carried by the same words however they are read again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import captures, judging, people, sightings, verdicts
from storage.database import Database, Transaction
from storage.errors import NotFound
from storage.records import (
    EVERYWHERE,
    OPERATOR,
    Capture,
    Place,
    PlacePrecision,
    Post,
    Sighting,
    Span,
    Speaker,
    SpeakerKind,
    Stance,
    Viewer,
    text_digest,
)
from storage.verdicts import Judgement, Verdict, machinery
from tests.storage.makers import AT, archive, capture, post, sighting

TEXT = "Ann Example arrived in Portville on Monday. Her office denied that she was in Portville."
SAID, DENIED = TEXT[:43], TEXT[44:]
OFFICE = Speaker("her office", SpeakerKind.OFFICIAL)
DESK, OTHER = Viewer("T1"), Viewer("T2")
ELSEWHERE = Place("Northport", "ZZ", 3.5, 4.5, PlacePrecision.CITY, "test:northport")


def said(text: str = TEXT, quote: str = SAID, **changes: Any) -> Sighting:
    """A sighting with the spans of its names."""
    at = text.index(quote)
    placed = Span(text.index("Portville", at), text.index("Portville", at) + len("Portville"))
    return sighting(text, quote, place_span=placed, person_span=Span(at, at + 11), **changes)


def denied(**changes: Any) -> Sighting:
    """What denies it, in the same words as far as the place goes."""
    return said(quote=DENIED, stance=Stance.DENIED, speaker=OFFICE, rule="denied@1", **changes)


def read(tx: Transaction, copy: Capture, found: Sequence[Sighting]) -> list[str]:
    """Read a text anew, as the readers do; return the ids of what was found."""
    sightings.clear_text(tx, copy)
    for one in found:
        sightings.put(tx, copy.post_id, copy, one)
    judging.relink(tx, copy.post_id)
    return [sightings.sighting_id(copy.post_id, copy.text_sha256, one) for one in found]


def judge(
    tx: Transaction, sighting_id: str, judgement: Judgement, workspace: str = "T1", at: str = AT, **changes: Any
) -> Verdict:
    """Let an editor judge a sighting."""
    row = judging.row_of(tx, sighting_id)
    found = sightings.get(tx, sighting_id, OPERATOR)
    assert row is not None
    assert found is not None
    made = Verdict(
        f"v-{workspace}-{sighting_id}-{at}", workspace, found.post.id, found.sighting.person_id,
        found.capture.text_sha256, {**row, "lost": 0}, judging.beside(tx, found.post.id, sighting_id), judgement,
        None, None, "", "U1", at,
    )  # fmt: skip
    made = replace(made, **changes)
    verdicts.put(tx, made)
    judging.relink(tx, found.post.id)
    return made


def archived(tx: Transaction, of: Post | None = None) -> Capture:
    """Archive a post that everybody may see, and put its person on the watch-list."""
    people.add(tx, "Ann Example")
    return archive(tx, of or post(text=TEXT))


def told(tx: Transaction, viewer: Viewer = DESK) -> list[Sighting]:
    """What is told of her, in the order of its words."""
    found = sightings.for_person(tx, "ann-example", viewer)
    return sorted((one.sighting for one in found), key=lambda one: (one.start, one.stance))


def test_a_rejected_sighting_is_told_nowhere_and_not_counted(db: Database) -> None:
    """By no query on behalf of that workspace; another one, and whoever asks for it by its id, still has it."""
    with db.write() as tx:
        [key] = read(tx, archived(tx), [said()])
        judge(tx, key, Judgement.REJECTED)
        for viewer, number in ((DESK, 0), (OPERATOR, 0), (OTHER, 1), (machinery(), 1), (machinery("T1"), 0)):
            assert number == len(sightings.for_person(tx, "ann-example", viewer))
            assert number == len(sightings.of_post(tx, "x:1", viewer))
            assert number == len(sightings.chosen(tx, [key], viewer))
            assert number == len(sightings.since(tx, "2000", viewer, 10))
            days = ("2016-02-27", "2016-02-28")
            assert not sightings.of_days(tx, "ann-example", viewer, days, "test:portville", 10)
            assert number == sightings.count(tx, viewer)
            assert number == sightings.count_for_person(tx, "ann-example", viewer)
        kept = sightings.get(tx, key, DESK)
        assert kept is not None
        assert kept.judged is not None
        assert kept.judged.verdict.judgement is Judgement.REJECTED
        assert tuple(verdicts.count_rejected(tx, "ann-example", viewer) for viewer in (DESK, OTHER)) == (1, 0)


@pytest.mark.parametrize(
    "again",
    [
        said(rule="motion@7", score=0.2),
        said(stance=Stance.ALLEGED, speaker=OFFICE),
        said(quote="arrived in Portville on Monday"),
        said(quote=TEXT, rule="other@1"),
        replace(said(), place=ELSEWHERE, matched_as="Example"),
    ],
)
def test_a_verdict_is_carried_by_the_same_words(db: Database, again: Sighting) -> None:
    """Newer rules name rule, stance, speaker, score or place otherwise, or cut the quote otherwise: still rejected."""
    with db.write() as tx:
        copy = archived(tx)
        [key] = read(tx, copy, [said()])
        judge(tx, key, Judgement.REJECTED)
        read(tx, copy, [again])
        assert told(tx) == []
        assert [again] == told(tx, OTHER)


@pytest.mark.parametrize(
    "other",
    [
        denied(),
        sighting(TEXT, SAID, person_id="bob-example", place_span=Span(23, 32)),
        sighting(TEXT, SAID, place=ELSEWHERE, place_span=Span(36, 42)),
    ],
    ids=["other words", "another person", "another place"],
)
def test_a_verdict_is_not_carried_by_anything_else(db: Database, other: Sighting) -> None:
    """What is said in other words, of somebody else or of another place is not rejected."""
    with db.write() as tx:
        copy = archived(tx)
        people.add(tx, "Bob Example")
        [key] = read(tx, copy, [said()])
        judge(tx, key, Judgement.REJECTED)
        [found] = read(tx, copy, [other])
        assert [other] == [one.sighting for one in sightings.chosen(tx, [found], DESK)]


def test_a_rumour_and_its_denial_keep_their_own(db: Database) -> None:
    """Of two sightings of the same words each carries its own verdict; the other is not rejected in its place."""
    rumour, denial = said(quote=TEXT, stance=Stance.RUMORED), said(quote=TEXT, stance=Stance.DENIED, speaker=OFFICE)
    with db.write() as tx:
        copy = archived(tx)
        key, _ = read(tx, copy, [rumour, denial])
        judge(tx, key, Judgement.REJECTED)
        for version in ("2", "3"):
            read(tx, copy, [replace(one, rule=f"arrival@{version}") for one in (denial, rumour)])
            assert [one.stance for one in told(tx)] == [Stance.DENIED]
        read(tx, copy, [denial])
        assert [denial] == told(tx)


def test_what_was_confirmed_is_told_although_the_rules_find_it_no_more(db: Database) -> None:
    """With its exact words, to those for whom the verdict holds; undone, it is gone; a rejected one stays silent."""
    with db.write() as tx:
        copy = archived(tx)
        first, second = read(tx, copy, [said(), denied()])
        kept = judge(tx, first, Judgement.CONFIRMED)
        judge(tx, second, Judgement.REJECTED)
        read(tx, copy, [])
        [found] = sightings.for_person(tx, "ann-example", DESK)
        assert found.sighting == said()
        assert found.judged is not None
        assert found.judged.lost
        assert told(tx, OTHER) == []
        assert sightings.get(tx, first, OTHER) is None
        assert sightings.count(tx, DESK) == 1
        read(tx, copy, [denied()])
        assert [said()] == told(tx)
        assert verdicts.undo(tx, kept.id, "U2", AT)
        assert not verdicts.undo(tx, kept.id, "U2", AT)
        judging.relink(tx, copy.post_id)
        assert told(tx) == []
        assert [denied()] == told(tx, OTHER)


def test_a_corrected_sighting_is_told_with_both_readings(db: Database) -> None:
    """Place and stance are the editor's, the reader's stand beside them; the words are what they are."""
    with db.write() as tx:
        copy = archived(tx)
        [key] = read(tx, copy, [said()])
        judge(tx, key, Judgement.CORRECTED, place=ELSEWHERE, stance=Stance.ALLEGED)
        read(tx, copy, [said(rule="arrival@9")])
        [found] = sightings.for_person(tx, "ann-example", DESK)
        assert found.sighting == said(rule="arrival@9", place=ELSEWHERE, stance=Stance.ALLEGED)
        assert found.judged is not None
        assert (said().place, Stance.ASSERTED) == (found.judged.place, found.judged.stance)
        assert [said(rule="arrival@9")] == told(tx, OTHER)


@pytest.mark.parametrize(
    ("edited", "carried"), [(f"Update: {SAID} More soon.", True), ("Ann Example left Portville on Monday.", False)]
)
def test_an_edited_post_carries_a_verdict_on_the_same_words(db: Database, edited: str, carried: bool) -> None:
    """In another text of the post the very quote is rejected, too; other words are not."""
    with db.write() as tx:
        copy = archived(tx)
        [key] = read(tx, copy, [said()])
        judge(tx, key, Judgement.REJECTED)
        newer = capture(post(text=edited), id="newer", text_sha256=text_digest(edited))
        captures.put(tx, newer, edited)
        quote = SAID if carried else edited
        [found] = read(tx, newer, [said(edited, quote)])
        assert carried == (not sightings.chosen(tx, [found], DESK))
        assert sightings.chosen(tx, [key], DESK) == []


def test_the_newest_verdict_decides(db: Database) -> None:
    """Between the operator's, which holds everywhere, and a workspace's own the one that was given last holds."""
    with db.write() as tx:
        [key] = read(tx, archived(tx), [said()])
        judge(tx, key, Judgement.REJECTED, EVERYWHERE)
        assert (told(tx), told(tx, OTHER)) == ([], [])
        judge(tx, key, Judgement.CONFIRMED)
        assert ([said()], []) == (told(tx), told(tx, OTHER))
        judge(tx, key, Judgement.REJECTED, "T2")
        assert ([said()], [], []) == (told(tx), told(tx, OTHER), told(tx, OPERATOR))


def test_a_verdict_follows_a_person_who_was_merged_into_another(db: Database) -> None:
    """The same name in the same words is the same person, where the entry that was judged is gone."""
    with db.write() as tx:
        copy = archived(tx)
        people.add(tx, "A. Example")
        [key] = read(tx, copy, [said()])
        judge(tx, key, Judgement.REJECTED)
        kept = people.person_id("A. Example")
        again = said(person_id=kept, person_name="A. Example")
        [found] = read(tx, copy, [again])
        assert len(sightings.chosen(tx, [found], DESK)) == 1
        people.merge(tx, kept, "ann-example")
        read(tx, copy, [again])
        assert sightings.chosen(tx, [found], DESK) == []


def test_what_was_confirmed_of_a_person_who_was_merged_is_told_of_the_one_who_stays(db: Database) -> None:
    """Also where the rules find it no more; of somebody whose name nobody bears it is not told."""
    with db.write() as tx:
        copy = archived(tx)
        kept = people.add(tx, "A. Example").id
        [key] = read(tx, copy, [said()])
        judge(tx, key, Judgement.CONFIRMED)
        people.merge(tx, kept, "ann-example")
        read(tx, copy, [])
        [found] = sightings.for_person(tx, kept, DESK)
        assert (found.sighting.quote, found.sighting.person_name) == (SAID, "A. Example")
        people.remove(tx, kept)
        read(tx, copy, [])
        assert sightings.for_person(tx, kept, DESK) == []
        assert told(tx) == []


def test_words_that_only_a_file_gives_are_not_kept(db: Database) -> None:
    """What was confirmed in a file's words is not told where the platform of the post gives other words."""
    with db.write() as tx:
        people.add(tx, "Ann Example")
        shown = archive(tx, post(text="Other words."))
        handed = capture(post(text=TEXT), id="handed", route="file", text_sha256=text_digest(TEXT))
        captures.put(tx, handed, TEXT)
        [key] = read(tx, handed, [said()])
        judge(tx, key, Judgement.CONFIRMED)
        read(tx, handed, [])
        assert told(tx) == []
        assert shown.id != handed.id


def test_a_verdict_is_told_to_those_who_may_see_the_post(db: Database) -> None:
    """In the list and by its id; the words of a private channel, and who judged them, stay there."""
    inside = Viewer("T1", frozenset({"everyone", "channel:C1"}))
    with db.write() as tx:
        people.add(tx, "Ann Example")
        copy = archive(tx, post(text=TEXT), workspace="T1", audience="channel:C1")
        [key] = read(tx, copy, [said()])
        made = judge(tx, key, Judgement.REJECTED)
        assert [made] == verdicts.standing(tx, "T1", inside) == verdicts.history(tx, key, inside)
        assert [] == verdicts.standing(tx, "T1", DESK) == verdicts.history(tx, key, DESK)
        assert verdicts.get(tx, made.id, inside) == made
        with pytest.raises(NotFound):
            verdicts.get(tx, made.id, DESK)
        assert sightings.as_judged(tx, made, DESK) is None
        was = sightings.as_judged(tx, made, inside)
        assert was is not None
        assert was.sighting == said()


def test_every_field_survives(db: Database) -> None:
    """A verdict comes back as it was given."""
    with db.write() as tx:
        first, _ = read(tx, archived(tx), [said(), denied()])
        made = judge(tx, first, Judgement.CORRECTED, place=ELSEWHERE, stance=Stance.PAST, note="“why” <x>\u202e")
        assert made == verdicts.get(tx, made.id)
        assert len(made.beside) == 1


rows = st.fixed_dictionaries(
    {
        "id": st.sampled_from("abcdef"),
        "person_id": st.sampled_from(["ann", "bob"]),
        "place_key": st.sampled_from(["p", "q"]),
        "stance": st.sampled_from(["asserted", "rumored", "denied"]),
        "speaker_name": st.sampled_from(["one", "other"]),
        "start_at": st.integers(0, 10),
        "end_at": st.integers(11, 20),
        "spans": st.sampled_from([[[0, 3], [4, 8]], [[0, 3], None], [None, [4, 8]], [None, None]]).map(json.dumps),
        "text_sha256": st.sampled_from(["t", "u"]),
    }
)


@given(
    st.lists(rows, max_size=6, unique_by=lambda row: row["id"]),
    st.lists(st.tuples(rows, st.frozensets(st.sampled_from("abcdef"), max_size=2)), max_size=4),
    st.randoms(use_true_random=False),
)
def test_each_verdict_has_one_sighting_of_a_text_whatever_their_order(
    found: list[dict[str, Any]], judged: list[tuple[dict[str, Any], frozenset[str]]], random: Any
) -> None:
    """No sighting has two verdicts of a workspace, nothing that stood beside is judged, and order does not matter."""
    held = [
        Verdict(f"v{number}", "T1", "x:1", row["person_id"], row["text_sha256"], row, beside, Judgement.REJECTED, None,
                None, "", "U1", AT)
        for number, (row, beside) in enumerate(judged)
    ]  # fmt: skip
    known = {"t": "Ann Port and the words", "u": "Ann Port and the words"}
    made = judging.pairs(held, found, known, {})
    assert len({row["id"] for _, row in made}) == len(made)
    assert len({(verdict.id, row["text_sha256"]) for verdict, row in made}) == len(made)
    assert all(row["id"] not in verdict.beside and row["person_id"] == verdict.person_id for verdict, row in made)
    shuffled = random.sample(found, len(found))
    again = judging.pairs(held, shuffled, known, {})
    assert {(verdict.id, row["id"]) for verdict, row in made} == {(verdict.id, row["id"]) for verdict, row in again}
