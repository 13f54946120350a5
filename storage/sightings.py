"""Sightings: who is said to be where, each tied to the post and to the capture that proves its words.

The quote is not stored: it is cut from the archived text whenever a sighting is read, so it can never differ from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from storage import captures, posts, texts, verdicts
from storage.database import Transaction
from storage.grants import visible
from storage.records import (
    OPERATOR,
    ArchivedSighting,
    Capture,
    Interval,
    Place,
    PlacePrecision,
    Sighting,
    Span,
    Speaker,
    SpeakerKind,
    Stance,
    TimePrecision,
    Viewer,
    short_id,
)
from storage.verdicts import Judged, Verdict

DEFAULT_LIMIT = 500
"""Ids in one query; an engine takes a thousand parameters at least."""

_VERSION = re.compile(r"[@/:\s]v?\d[\d.]*$")

_COLUMNS = (
    "s.id, s.person_id, s.person_name, s.place_key, s.place_name, s.place_country, s.place_province, s.place_lat,"
    " s.place_lon, s.place_precision, s.stance, s.speaker_name, s.speaker_kind, s.time_start, s.time_end,"
    " s.time_precision, s.time_basis, s.start_at, s.end_at, s.spans, s.rule, s.score, s.matched_as, s.linked,"
    " s.note, s.lost"
)
_SELECT = (
    f"SELECT {_COLUMNS}, {posts.COLUMNS}, {captures.COLUMNS} FROM sightings s"  # noqa: S608
    " JOIN posts p ON p.id = s.post_id JOIN captures c ON c.id = s.capture_id"
)


_NEWEST = " ORDER BY s.sort_at DESC, s.posted_at DESC, s.post_id, c.captured_at, c.id, s.start_at, s.end_at, s.id"


@dataclass(frozen=True, slots=True)
class Only:
    """What a question for a person is narrowed to.

    Attributes:
        since: a day or an instant; only what was published then or later (of a post whose date is unknown: seen).
        stance: only what is said so surely.
        places: only what is said of places with these keys; none of them: nothing.
    """

    since: str | None = None
    stance: Stance | None = None
    places: tuple[str, ...] | None = None


def sighting_id(post_id: str, text_sha256: str, sighting: Sighting) -> str:
    """Return the stable id of a sighting: the same words in the same text, read by the same rule, get the same id.

    The version at the end of a rule's name (`motion@3`) does not count, so a better version finds its old rows.
    """
    return identity(
        (post_id, text_sha256),
        sighting.person_id,
        sighting.place.key,
        (sighting.start, sighting.end),
        sighting.stance,
        sighting.rule,
    )


def identity(
    text: tuple[str, str], person_id: str, place_key: str, span: tuple[int, int], stance: str, rule: str
) -> str:
    """Return the id of a sighting by what makes it one; `text` is the post and the digest of its words."""
    return short_id(*text, person_id, place_key, *map(str, span), stance, _VERSION.sub("", rule))


def put(tx: Transaction, post_id: str, capture: Capture, sighting: Sighting) -> bool:
    """Keep a sighting found in a capture's text; False if it is there already, from this or an earlier capture."""
    place, time = sighting.place, sighting.time
    values = {
        "id": sighting_id(post_id, capture.text_sha256, sighting),
        "person_id": sighting.person_id,
        "person_name": sighting.person_name,
        "post_id": post_id,
        "capture_id": capture.id,
        "place_key": place.key,
        "place_name": place.name,
        "place_country": place.country,
        "place_province": place.province,
        "place_lat": place.lat,
        "place_lon": place.lon,
        "place_precision": str(place.precision),
        "stance": str(sighting.stance),
        "speaker_name": sighting.speaker.name,
        "speaker_kind": str(sighting.speaker.kind),
        "time_start": time.start,
        "time_end": time.end,
        "time_precision": str(time.precision),
        "time_basis": time.basis,
        "start_at": sighting.start,
        "end_at": sighting.end,
        "spans": _spans_to_json(sighting),
        "rule": sighting.rule,
        "score": sighting.score,
        "matched_as": sighting.matched_as,
        "linked": sighting.linked,
        "note": sighting.note,
        "said_at": time.end or time.start,
    }
    return bool(
        tx.execute(
            "INSERT INTO sightings (id, person_id, person_name, post_id, capture_id, place_key, place_name,"
            " place_country, place_province, place_lat, place_lon, place_precision, stance, speaker_name,"
            " speaker_kind, time_start, time_end, time_precision, time_basis, start_at, end_at, spans, rule, score,"
            " matched_as, linked, note, sort_at, posted_at)"
            " SELECT :id, :person_id, :person_name, p.id, :capture_id, :place_key, :place_name,"
            " :place_country, :place_province, :place_lat, :place_lon, :place_precision, :stance, :speaker_name,"
            " :speaker_kind, :time_start, :time_end, :time_precision, :time_basis, :start_at, :end_at, :spans, :rule,"
            " :score, :matched_as, :linked, :note, COALESCE(:said_at, p.sort_at), p.sort_at"
            " FROM posts p WHERE p.id = :post_id ON CONFLICT (id) DO NOTHING",
            values,
        )
    )


def for_person(
    tx: Transaction,
    person_id: str,
    viewer: Viewer,
    *,
    on: str | None = None,
    known_on: str | None = None,
    only: Only | None = None,
    limit: int | None = DEFAULT_LIMIT,
) -> list[ArchivedSighting]:
    """Return what is said of a person's whereabouts, newest first: by the end of the time said, then by the post's.

    What one post says of one time comes in the order of its words, of an older capture first.

    `on` is a day: only sightings whose time covers it; one whose time is wholly unknown covers none, an open end
    covers everything on its side. `known_on` is a day or an instant: only what had been published by then (of a post
    whose date is unknown: what had been seen by then). `only` narrows it further. `limit` None means all.
    """
    conditions, params = _asked(person_id, viewer, on, known_on, only)
    order = _NEWEST
    if limit is not None:
        order += " LIMIT :limit"
        params["limit"] = limit
    return _archived(tx, tx.rows(f"{_SELECT} WHERE {conditions}{order}", params), viewer)


def count_for_person(
    tx: Transaction,
    person_id: str,
    viewer: Viewer,
    *,
    on: str | None = None,
    known_on: str | None = None,
    only: Only | None = None,
) -> int:
    """Count what `for_person` would return without a limit."""
    conditions, params = _asked(person_id, viewer, on, known_on, only)
    row = tx.row(f"SELECT count(*) AS sightings FROM sightings s WHERE {conditions}", params)  # noqa: S608
    return int(row["sightings"]) if row else 0


def places_of(tx: Transaction, person_id: str, viewer: Viewer) -> list[Place]:
    """Return the places that anything is said of where a person is, each once, by their keys."""
    condition, params = _told(viewer)
    rows = tx.rows(
        "SELECT s.place_key, min(s.place_name) AS place_name, min(s.place_country) AS place_country,"  # noqa: S608
        " min(s.place_province) AS place_province, min(s.place_lat) AS place_lat, min(s.place_lon) AS place_lon,"
        " min(s.place_precision) AS place_precision FROM sightings s"
        f" WHERE s.person_id = :person_id AND {condition} GROUP BY s.place_key ORDER BY s.place_key",
        {**params, "person_id": person_id},
    )
    return [_place(row) for row in rows]


def _asked(
    person_id: str, viewer: Viewer, on: str | None, known_on: str | None, only: Only | None
) -> tuple[str, dict[str, Any]]:
    condition, params = _told(viewer)
    conditions = ["s.person_id = :person_id"]
    params["person_id"] = person_id
    if on is not None:
        conditions += [
            "(s.time_start IS NOT NULL OR s.time_end IS NOT NULL)",
            "(s.time_start IS NULL OR substr(s.time_start, 1, 10) <= :on_day)",
            "(s.time_end IS NULL OR substr(s.time_end, 1, 10) >= :on_day)",
        ]
        params["on_day"] = on
    if known_on is not None:
        conditions.append("substr(s.posted_at, 1, :known_length) <= :known_on")
        params |= {"known_on": known_on, "known_length": len(known_on)}
    if only is not None and only.since is not None:
        conditions.append("s.posted_at >= :since")
        params["since"] = only.since
    if only is not None and only.stance is not None:
        conditions.append(f"{verdicts.told_as(viewer, 'stance')} = :stance")
        params["stance"] = str(only.stance)
    if only is not None and only.places is not None:
        names = {f"place_{number}": key for number, key in enumerate(only.places)}
        told = verdicts.told_as(viewer, "place_key")
        conditions.append(f"{told} IN ({', '.join(f':{name}' for name in names)})" if names else "1 = 0")
        params |= names
    conditions.append(condition)  # last, because it costs most
    return " AND ".join(conditions), params


def of_post(tx: Transaction, post_id: str, viewer: Viewer) -> list[ArchivedSighting]:
    """Return the sightings in a post's texts, in the order of the words."""
    condition, params = _told(viewer)
    rows = tx.rows(
        f"{_SELECT} WHERE s.post_id = :post_id AND {condition} ORDER BY c.captured_at, c.id, s.start_at, s.id",
        {**params, "post_id": post_id},
    )
    return _archived(tx, rows, viewer)


def chosen(tx: Transaction, ids: Sequence[str], viewer: Viewer, limit: int | None = None) -> list[ArchivedSighting]:
    """Return those of some sightings (some hundreds) that the viewer may see, in the order of `for_person`."""
    condition, params = _told(viewer)
    names = {f"id_{index}": name for index, name in enumerate(ids)}
    marks = ", ".join(f":{name}" for name in names)
    order = f"{_NEWEST}{'' if limit is None else ' LIMIT :limit'}"
    where = f"s.id IN ({marks}) AND {condition}"
    rows = tx.rows(f"{_SELECT} WHERE {where}{order}", {**params, **names, "limit": limit})
    return _archived(tx, rows, viewer)


def of_days(
    tx: Transaction, person_id: str, viewer: Viewer, days: tuple[str, str], elsewhere_than: str, limit: int
) -> list[ArchivedSighting]:
    """Return what is said of a person's whereabouts on some days, the first and the last given, at any other place.

    Only of what is dated by the day or the minute; the newest post first.
    """
    condition, params = _told(viewer)
    rows = tx.rows(
        f"{_SELECT} WHERE s.person_id = :person_id AND s.sort_at >= :first AND s.sort_at < :last || 'U'"
        f" AND s.time_precision IN ('minute', 'day') AND {verdicts.told_as(viewer, 'place_key')} <> :place"
        f" AND {condition} ORDER BY s.posted_at DESC, s.id LIMIT :limit",
        {**params, "person_id": person_id, "first": days[0], "last": days[1], "place": elsewhere_than, "limit": limit},
    )
    return _archived(tx, rows, viewer)


def clear_person(tx: Transaction, person_id: str) -> None:
    """Drop what was read about a person, before it is read anew."""
    tx.execute("DELETE FROM sightings WHERE person_id = :person_id", {"person_id": person_id})


def clear_text(tx: Transaction, capture: Capture) -> None:
    """Drop what was read in one text, which `capture` stands for, before it is read anew."""
    tx.execute(
        "DELETE FROM sightings WHERE post_id = :post_id AND capture_id = :capture_id",
        {"post_id": capture.post_id, "capture_id": capture.id},
    )


def since(tx: Transaction, at: str, viewer: Viewer, limit: int) -> list[ArchivedSighting]:
    """Return what stands in captures made since an instant, the newest capture first."""
    condition, params = _told(viewer)
    return _archived(
        tx,
        tx.rows(
            f"{_SELECT} WHERE c.captured_at >= :at AND {condition} ORDER BY c.captured_at DESC, s.post_id, s.start_at"
            " LIMIT :limit",
            {**params, "at": at, "limit": limit},
        ),
        viewer,
    )


def count(tx: Transaction, viewer: Viewer = OPERATOR) -> int:
    """Count the sightings in posts that the viewer may see, without what was rejected."""
    condition, params = _told(viewer)
    row = tx.row(f"SELECT count(*) AS sightings FROM sightings s WHERE {condition}", params)  # noqa: S608
    return int(row["sightings"]) if row else 0


def get(tx: Transaction, sighting_id: str, viewer: Viewer) -> ArchivedSighting | None:
    """Return a sighting, also one that was rejected; None where it is not there or not for this viewer."""
    condition, params = visible(viewer, "s.post_id")
    rows = tx.rows(f"{_SELECT} WHERE s.id = :id AND {condition}", {**params, "id": sighting_id})
    found = _archived(tx, rows, viewer)
    # what the rules do not find any more is there for those alone who say, or are told, that it is so
    return next((one for one in found if one.judged or not rows[0]["lost"]), None)


def as_judged(tx: Transaction, verdict: Verdict, viewer: Viewer) -> ArchivedSighting | None:
    """Return a sighting as it was when it was judged, with that verdict; None where the post is not for this viewer."""
    row = verdict.held
    post = posts.get(tx, verdict.post_id, viewer)
    if post is None:
        return None
    [capture] = [one for one in captures.of_post(tx, verdict.post_id) if one.id == row["capture_id"]]
    read = _sighting(row, texts.of(tx, [capture.text_sha256])[capture.text_sha256])
    return ArchivedSighting(str(row["id"]), read, post, capture, Judged(verdict, read.place, read.stance))


def _told(viewer: Viewer) -> tuple[str, dict[str, Any]]:
    """Return the condition that a sighting is told to a viewer, and its parameters: its post is, and nobody rejects it.

    Whether they may see the post comes last, because it costs most.
    """
    seen, params = visible(viewer, "s.post_id")
    judged, more = verdicts.told(viewer)
    return f"{judged} AND {seen}", {**params, **more}


def _archived(tx: Transaction, rows: Sequence[Mapping[str, Any]], viewer: Viewer) -> list[ArchivedSighting]:
    held = texts.of(tx, {row[name] for row in rows for name in ("p_text_sha256", "c_text_sha256")})
    said = verdicts.of_sightings(tx, (row["id"] for row in rows), viewer)
    return [
        _judged(
            ArchivedSighting(
                row["id"], _sighting(row, held[row["c_text_sha256"]]), posts.of_row(row, held), captures.of_row(row)
            ),
            said.get(row["id"]),
            lost=bool(row["lost"]),
        )
        for row in rows
    ]


def _judged(found: ArchivedSighting, verdict: Verdict | None, *, lost: bool) -> ArchivedSighting:
    """Put an editor's place and stance in the place of the reader's, which stay beside them."""
    if verdict is None:
        return found
    read = found.sighting
    told = replace(read, place=verdict.place or read.place, stance=verdict.stance or read.stance)
    return replace(found, sighting=told, judged=Judged(verdict, read.place, read.stance, lost))


def _sighting(row: Mapping[str, Any], text: str) -> Sighting:
    person_span, place_span, cue_spans = _spans_from_json(row["spans"])
    return Sighting(
        person_id=row["person_id"],
        person_name=row["person_name"],
        place=_place(row),
        stance=Stance(row["stance"]),
        speaker=Speaker(row["speaker_name"], SpeakerKind(row["speaker_kind"])),
        time=Interval(row["time_start"], row["time_end"], TimePrecision(row["time_precision"]), row["time_basis"]),
        quote=text[row["start_at"] : row["end_at"]],
        start=row["start_at"],
        end=row["end_at"],
        rule=row["rule"],
        score=row["score"],
        person_span=person_span,
        place_span=place_span,
        cue_spans=cue_spans,
        matched_as=row["matched_as"],
        linked=row["linked"],
        note=row["note"],
    )


def _place(row: Mapping[str, Any]) -> Place:
    return Place(
        name=row["place_name"],
        country=row["place_country"],
        lat=row["place_lat"],
        lon=row["place_lon"],
        precision=PlacePrecision(row["place_precision"]),
        key=row["place_key"],
        province=row["place_province"],
    )


def _spans_to_json(sighting: Sighting) -> str:
    spans = (sighting.person_span, sighting.place_span, *sighting.cue_spans)
    return json.dumps([[span.start, span.end] if span else None for span in spans])


def _spans_from_json(text: str) -> tuple[Span | None, Span | None, tuple[Span, ...]]:
    person, place, *cues = (Span(*pair) if pair else None for pair in json.loads(text))
    return person, place, tuple(cue for cue in cues if cue)
