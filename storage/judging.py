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

from storage import captures, texts, verdicts
from storage.database import Transaction
from storage.folding import fold
from storage.records import Stance
from storage.verdicts import Verdict

Row = Mapping[str, Any]
"""A row of `sightings`, with the `text_sha256` of its capture."""

_DENIALS = frozenset({Stance.DENIED, Stance.NEGATED})


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
    gone = _gone(tx, held)
    for workspace in sorted({verdict.workspace for verdict in held}):
        own = [verdict for verdict in held if verdict.workspace == workspace]
        for verdict, row in pairs(own, rows, known, gone):
            verdicts.link(tx, verdict.id, row["id"])
            own = [other for other in own if other.id != verdict.id]
        for verdict in own:
            if verdict.keeps and verdict.person_id not in gone:
                _keep(tx, verdict)


def pairs(
    held: Sequence[Verdict], rows: Sequence[Row], known: Mapping[str, str], gone: Iterable[str] = ()
) -> list[tuple[Verdict, Row]]:
    """Pair the verdicts of one workspace with sightings: in each text a verdict has one at most, and each one verdict.

    Args:
        held: the verdicts, on one post.
        rows: the sightings of that post.
        known: the texts by their SHA-256.
        gone: people who are not on the watch-list any more; what is read of the same name then may be somebody else's
            entry by now, since two were made one.
    """
    left = set(gone)
    ranked = sorted(
        (
            (likeness, number, row["id"], verdict, row)
            for number, verdict in enumerate(held)
            for row in rows
            if row["id"] not in verdict.beside
            if (likeness := _likeness(verdict, row, known, left)) is not None
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
    verdict: Verdict, row: Row, known: Mapping[str, str], gone: set[str]
) -> tuple[bool, bool, bool, bool, int] | None:
    """Return how unlike a sighting is what was judged, in steps; None where it says something else."""
    was = verdict.held
    same_text = row["text_sha256"] == verdict.text_sha256
    before, after = known.get(verdict.text_sha256, ""), known.get(row["text_sha256"], "")
    person, place = (_words(was, index, before) for index in (0, 1))
    person_now, place_now = (_words(row, index, after) for index in (0, 1))
    if row["person_id"] != verdict.person_id and (verdict.person_id not in gone or not person or person != person_now):
        return None
    if same_text:
        quoted = was["start_at"] < row["end_at"] and row["start_at"] < was["end_at"]
        placed = _overlap(_span(was, 1), _span(row, 1)) or _same_place(was, row, place, place_now)
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


def _span(row: Row, index: int) -> list[int] | None:
    spans: list[list[int] | None] = json.loads(row["spans"])
    return spans[index]


def _words(row: Row, index: int, text: str) -> str:
    """Return the folded words under the span of the person (0) or the place (1); empty where there are none."""
    span = _span(row, index)
    return fold(text[span[0] : span[1]]) if span else ""


def _overlap(a: list[int] | None, b: list[int] | None) -> bool:
    return bool(a and b and a[0] < b[1] and b[0] < a[1])


def _gone(tx: Transaction, held: Iterable[Verdict]) -> set[str]:
    """Return those people of some verdicts who are not on the watch-list."""
    people = {verdict.person_id for verdict in held}
    return {one for one in people if tx.row("SELECT 1 AS held FROM persons WHERE id = :id", {"id": one}) is None}


def _keep(tx: Transaction, verdict: Verdict) -> None:
    """Put back what the rules do not find any more: the words stand in the archive, and somebody vouches for them.

    Not where the platform of the post gives other words than the file that they stood in.
    """
    row = dict(verdict.held)
    [capture] = [one for one in captures.of_post(tx, verdict.post_id) if one.id == row["capture_id"]]
    if captures.contradicted(tx, capture):
        return
    row["lost"] = 1
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    tx.execute(f"INSERT INTO sightings ({names}) VALUES ({marks}) ON CONFLICT (id) DO NOTHING", row)  # noqa: S608
    tx.execute(
        "UPDATE sightings SET posted_at = (SELECT p.sort_at FROM posts p WHERE p.id = post_id) WHERE id = :id",
        {"id": row["id"]},
    )
    verdicts.link(tx, verdict.id, row["id"])
