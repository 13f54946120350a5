"""Read a caption for everything that it claims of its picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.claims import places, scope, times
from bot.claims.lexicon import Lexicon, lexicon
from bot.claims.model import Claims, EventClaim, PersonClaim
from bot.reading.language import detect
from bot.reading.model import PersonMention
from bot.reading.places.gazetteer import Gazetteer, default_gazetteer
from storage.records import Span

LONGEST = 4000
"""Characters of a text that count as what it says of its picture; an article behind that speaks of other things."""
BY_OTHER_NAMES = "tr"
"""The language in which a short text of Latin letters is read as well where as English it names no place."""


def claims(
    text: str,
    published: datetime | None,
    lang: str | None = None,
    gazetteer: Gazetteer | None = None,
    people: Sequence[PersonMention] = (),
) -> Claims:
    """Read a caption for where, when and what its picture is said to be, and who is said to be in it.

    Attributes:
        published: when the caption was published, in the zone of publication; None where that is not surely known.
        lang: ISO 639-1 code, as the source states it.
        gazetteer: where names are looked up, the default one if not given.
        people: the watched people named in it.
    """
    text = text[:LONGEST]
    spoken = detect(text, lang)
    made = _claims(text, published, spoken, gazetteer, people)
    if spoken is None and not made.places and text.strip():
        other = _claims(text, published, BY_OTHER_NAMES, gazetteer, people)
        return other if other.places else made
    return made


def _claims(
    text: str,
    published: datetime | None,
    lang: str | None,
    gazetteer: Gazetteer | None,
    people: Sequence[PersonMention],
) -> Claims:
    words = lexicon(lang or "en")
    gazetteer = gazetteer or default_gazetteer()
    mentions = places.named(text, lang, gazetteer, [person.span for person in people])
    silent = scope.silent(text, words) + scope.dispatched(text, [mention.span for mention in mentions])
    old = _old(text, words)
    found = places.claimed(text, words, gazetteer, mentions, silent)
    return Claims(
        places=found,
        times=times.claimed(text, lang, words, published, found, silent, old),
        events=tuple(_events(text, words, silent)),
        people=tuple(_people(text, words, people, silent)),
        old=old,
        corrects=scope.corrects(text, words),
    )


def _old(text: str, words: Lexicon) -> Span | None:
    found = words.anywhere["old"].search(text)
    return Span(*found.span()) if found else None


def _events(text: str, words: Lexicon, silent: Sequence[Span]) -> Iterator[EventClaim]:
    for kind, pattern in words.events.items():
        for match in pattern.finditer(text):
            span = Span(*match.span())
            if scope.inside(span, silent) or scope.denied(text, span, words):
                continue
            yield EventClaim(span, match.group(), kind, words.groups[kind])
            break


def _people(
    text: str, words: Lexicon, people: Sequence[PersonMention], silent: Sequence[Span]
) -> Iterator[PersonClaim]:
    """Yield the people whom the caption says the picture shows, right behind the words that say so."""
    met = set()
    for mention in people:
        span = mention.span
        before = text[max(0, span.start - 40) : span.start].rstrip(" \t:,–—-")
        shown = words.before["shown"].search(before)
        if shown is None or mention.person.id in met or scope.inside(span, silent):
            continue
        if scope.denied(text, span, words):
            continue
        met.add(mention.person.id)
        yield PersonClaim(span, span.of(text), mention.person.id, mention.person.name)
