"""Sightings in languages that the rules cannot judge: a name and a place with a locative word between, unclassified."""

from __future__ import annotations

import re

from bot.reading.model import Context, PersonMention, PlaceMention
from bot.reading.times.finder import default_interval
from bot.reading.units import Unit
from storage.records import Sighting, Span, Stance

_LOCATIVE = frozenset(
    [
        "in",
        "at",
        "near",
        "à",
        "au",
        "aux",
        "en",
        "dans",
        "nach",
        "aus",
        "bei",
        "im",
        "a",
        "ad",
        "nel",
        "nella",
        "a",
        "em",
        "no",
        "na",
        "di",
        "ke",
        "te",
        "naar",
        "op",
        "w",
        "we",
        "do",
        "på",
        "i",
        "till",
        "в",
        "во",
        "на",
        "из",
        "у",
        "під",
        "біля",
        "до",
        "в",
        "у",
        "із",
        "في",
        "إلى",
        "الى",
        "من",
        "قرب",
        "در",
        "به",
        "از",
        "ב",
    ]
)
_PREFIXED = ("ب", "ל", "ב", "مـ")
_BREAK = re.compile(r"[.!?…;:،؛؟,()\n]")
_REACH = 60
"""Characters between name and place, at most; nothing in these languages tells a clause."""


def plain_sightings(
    text: str, cut: tuple[Unit, ...], context: Context, people: list[PersonMention], places: list[PlaceMention]
) -> list[Sighting]:
    """Find "NAME … in PLACE" without a break between, each `unclassified` and of a low score."""
    found: list[Sighting] = []
    for unit in cut:
        for sentence in unit.sentences:
            for place in places:
                if place.kind != "place" or not _within(place.span, sentence):
                    continue
                before = [p for p in people if _within(p.span, sentence) and p.span.end <= place.span.start]
                if not before:
                    continue
                person = before[-1]
                between = text[person.span.end : place.span.start]
                if len(between) > _REACH or _BREAK.search(between) or not _is_locative(between):
                    continue
                found.append(
                    Sighting(
                        person_id=person.person.id,
                        person_name=person.person.name,
                        place=place.place,
                        stance=Stance.UNCLASSIFIED,
                        speaker=unit.speaker,
                        time=default_interval(context.published),
                        quote=sentence.of(text),
                        start=sentence.start,
                        end=sentence.end,
                        rule="plain-locative/1",
                        score=round(person.score * 0.5, 3),
                        person_span=person.span,
                        place_span=place.span,
                        matched_as=person.matched_as,
                        note="the language of this text is not read: stance unclassified",
                    )
                )
    return found


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _is_locative(between: str) -> bool:
    words = between.split()
    return bool(words) and (words[-1].lower() in _LOCATIVE or (between[-1:] in _PREFIXED))
