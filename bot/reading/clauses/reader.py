"""Texts in six languages, read clause by clause."""

from __future__ import annotations

from collections.abc import Sequence

from bot.reading.clauses.claims import Claims
from bot.reading.clauses.lexicon import LANGUAGES as LANGUAGES
from bot.reading.clauses.lexicon import lexicon
from bot.reading.clauses.tokens import QUOTE_MARKS, tokenise
from bot.reading.model import Context, PersonMention, PlaceMention, TimeMention, within
from bot.reading.units import Unit
from storage.records import Sighting

__all__ = ["LANGUAGES", "read"]


def read(
    text: str,
    lang: str,
    units: Sequence[Unit],
    context: Context,
    people: Sequence[PersonMention],
    places: Sequence[PlaceMention],
    times: Sequence[TimeMention],
) -> list[Sighting]:
    """Find who is said to be where in a text of one of LANGUAGES; `lang` is its ISO 639-1 code."""
    known = lexicon(lang)
    claims = Claims(text, context, known)
    for unit in units:
        if unit.kind == "byline":
            continue
        quoted = False
        for span in unit.sentences:
            tokens = tokenise(
                text, span, within(people, span), within(places, span), within(times, span), known, quoted
            )
            if tokens:
                quoted = tokens[-1].quoted and tokens[-1].low not in QUOTE_MARKS
                claims.read(tokens, span, unit)
    return sorted(claims.found, key=lambda s: (s.start, s.person_id, s.place.key))
