"""Which of today's sightings the verdicts of people are about: found anew whenever a text is read again.

Newer rules may name a rule, a stance, a speaker or a place otherwise, or cut a quote otherwise. A verdict is carried by
the sighting of the same person in the same post whose words are the same: in the text that was judged, one whose quote
and place stand where they stood; in another text of the post, one with that very quote. Of several the one that is most
like it is taken, and none that stood beside it when it was judged, so that a rumour and its denial in one sentence each
keep their own. What somebody has confirmed or
corrected is told also where the rules do not find it any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from storage import captures, people, texts, verdicts
from storage.database import Transaction
from storage.folding import fold
from storage.records import Person, Stance
from storage.verdicts import Verdict

Row = Mapping[str, Any]
"""A row of `sightings`, with the `text_sha256` of its capture."""

_DENIALS = frozenset({Stance.DENIED, Stance.NEGATED})


def row_of(tx: Transaction, sighting_id: str) -> dict[str, Any] | None:
    """Return the row of a sighting, as a verdict keeps it; None where there is none."""
    return tx.row("SELECT * FROM sightings WHERE id = :id", {"id": sighting_id})


def beside(tx: Transaction, post_id: str, sighting_id: str) -> frozenset[str]:
    """Return the ids of the other sightings of a post."""
    rows = tx.rows("SELECT id FROM sightings WHERE post_id = :post_id AND id <> :id", {"post_id": post_id,
                                                                                      "id": sighting_id})  # fmt: skip
    return frozenset(row["id"] for row in rows)


def relink(tx: Transaction, post_id: str) -> None:
    """Find what the standing verdicts on a post are about, after something of it was read again."""
    held = verdicts.standing_on(tx, post_id)
    if not held:
        return
    tx.execute("DELETE FROM sightings WHERE post_id = :post_id AND lost = 1", {"post_id": post_id})
    tx.many("DELETE FROM verdict_sightings WHERE verdict_id = :id", ({"id": verdict.id} for verdict in held))
    rows = tx.rows(
        "SELECT s.*, c.text_sha256 FROM sightings s JOIN captures c ON c.id = s.capture_id"
        " WHERE s.post_id = :post_id ORDER BY s.id",
        {"post_id": post_id},
    )
    known = texts.of(tx, {*(row["text_sha256"] for row in rows), *(verdict.text_sha256 for verdict in held)})
    heirs = _heirs(tx, held)
    for workspace in sorted({verdict.workspace for verdict in held}):
        own = [verdict for verdict in held if verdict.workspace == workspace]
        for verdict, row in pairs(own, rows, known, heirs):
            verdicts.link(tx, verdict.id, row["id"])
            own = [other for other in own if other.id != verdict.id]
        for verdict in own:
            person = heirs.get(verdict.person_id)
            if verdict.keeps and person is not None:
                _keep(tx, verdict, person)


def pairs(
    held: Sequence[Verdict], rows: Sequence[Row], known: Mapping[str, str], heirs: Mapping[str, Person]
) -> list[tuple[Verdict, Row]]:
    """Pair the verdicts of one workspace with sightings: in each text a verdict has one at most, and each one verdict.

    Args:
        held: the verdicts, on one post.
        rows: the sightings of that post.
        known: the texts by their SHA-256.
        heirs: who of the watch-list each person is now: somebody else, where two entries were made one.
    """
    ranked = sorted(
        (
            (likeness, number, row["id"], verdict, row)
            for number, verdict in enumerate(held)
            for row in rows
            if row["id"] not in verdict.beside
            if (likeness := _likeness(verdict, row, known, heirs)) is not None
        ),
        key=lambda one: one[:3],
    )
    found: list[tuple[Verdict, Row]] = []
    taken: set[tuple[str, str]] = set()
    for *_, verdict, row in ranked:
        place = verdict.id, row["text_sha256"]
        if place not in taken and row["id"] not in {other["id"] for _, other in found}:
            taken.add(place)
            found.append((verdict, row))
    return found


def _likeness(
    verdict: Verdict, row: Row, known: Mapping[str, str], heirs: Mapping[str, Person]
) -> tuple[bool, bool, bool, bool, int] | None:
    """Return how unlike a sighting is what was judged, in steps; None where it says something else."""
    was = verdict.held
    same_text = row["text_sha256"] == verdict.text_sha256
    before, after = known.get(verdict.text_sha256, ""), known.get(row["text_sha256"], "")
    place, place_now = _place_words(was, before), _place_words(row, after)
    heir = heirs.get(verdict.person_id)
    if row["person_id"] not in {verdict.person_id, heir.id if heir else None}:
        return None
    if same_text:
        quoted = was["start_at"] < row["end_at"] and row["start_at"] < was["end_at"]
        placed = _overlap(_place_span(was), _place_span(row)) or _same_place(was, row, place, place_now)
    else:
        quoted = fold(before[was["start_at"] : was["end_at"]]) == fold(after[row["start_at"] : row["end_at"]])
        placed = _same_place(was, row, place, place_now)
    if not (quoted and placed):
        return None
    stance = was["stance"] == row["stance"]
    return (
        was["id"] != row["id"],
        not (stance and was["speaker_name"] == row["speaker_name"]),
        not stance,
        (was["stance"] in _DENIALS) != (row["stance"] in _DENIALS),
        abs(was["start_at"] - row["start_at"]) + abs(was["end_at"] - row["end_at"]),
    )


def _same_place(was: Row, row: Row, place: str, place_now: str) -> bool:
    """Whether two sightings name the same place: by the same words or, where one has none, by what it was read as."""
    return place == place_now if place and place_now else bool(was["place_key"] == row["place_key"])


def _place_span(row: Row) -> list[int] | None:
    spans: list[list[int] | None] = json.loads(row["spans"])
    return spans[1]


def _place_words(row: Row, text: str) -> str:
    """Return the folded words that name the place; empty where none do."""
    span = _place_span(row)
    return fold(text[span[0] : span[1]]) if span else ""


def _overlap(a: list[int] | None, b: list[int] | None) -> bool:
    return bool(a and b and a[0] < b[1] and b[0] < a[1])


def _heirs(tx: Transaction, held: Iterable[Verdict]) -> dict[str, Person]:
    """Return who of the watch-list the people of some verdicts are now; who is nobody's name any more is left out.

    Where an entry is gone, since it was merged into another, that is whoever bears its name.
    """
    found: dict[str, Person] = {}
    for verdict in held:
        of_id = people.find_exact(tx, verdict.person_id)
        of_name = people.find_exact(tx, str(verdict.held["person_name"]))
        own = [one for one in of_id if one.id == verdict.person_id] or of_name
        if len(own) == 1:
            found[verdict.person_id] = own[0]
    return found


def _keep(tx: Transaction, verdict: Verdict, person: Person) -> None:
    """Put back what the rules do not find any more: the words stand in the archive, and somebody vouches for them.

    Not where the platform of the post gives other words than the file that they stood in.
    """
    row = dict(verdict.held)
    [capture] = [one for one in captures.of_post(tx, verdict.post_id) if one.id == row["capture_id"]]
    if captures.contradicted(tx, capture):
        return
    row |= {"lost": 1, "person_id": person.id, "person_name": person.name}
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    tx.execute(f"INSERT INTO sightings ({names}) VALUES ({marks}) ON CONFLICT (id) DO NOTHING", row)  # noqa: S608
    tx.execute(
        "UPDATE sightings SET posted_at = (SELECT p.sort_at FROM posts p WHERE p.id = post_id) WHERE id = :id",
        {"id": row["id"]},
    )
    verdicts.link(tx, verdict.id, row["id"])
