"""A stretch of text cut into tokens, with every mention as one token."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.reading.english.lexicon import Lexicon
from bot.reading.english.tagging import tag
from bot.reading.english.tokens import QUOTES, Sentence, Token
from bot.reading.model import PersonMention, PlaceMention, TimeMention
from storage.records import Span

_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}|[wW]/(?=\s)|\w+n['’]t\b|[#@]?\w+(?:-\w+|['’](?!(?:s|re|ve|ll|d|m)\b)\w+)*|['’](?:s|re|ve|ll|d|m)\b|[^\w\s]"
)
_ABBREVIATED = frozenset(
    {
        "gen",
        "col",
        "maj",
        "brig",
        "adm",
        "capt",
        "lt",
        "sgt",
        "sen",
        "gov",
        "rep",
        "dr",
        "mr",
        "mrs",
        "ms",
        "prof",
        "st",
    }
)
_OPEN, _CLOSE = frozenset("“«„"), frozenset("”»‟")


def _widened(text: str, span: Span) -> Span:
    """Take in the hashtag sign before a mention, so that the span is what stands in the text."""
    start = span.start
    while start > 0 and text[start - 1] in "#@":
        start -= 1
    return Span(start, span.end)


def _mentions(
    text: str, span: Span, people: Iterable[PersonMention], places: Iterable[PlaceMention], times: Iterable[TimeMention]
) -> list[Token]:
    taken: list[Token] = []
    reached = [False] * (span.end - span.start + 1)

    def add(where: Span, token: Token) -> None:
        first, last = max(where.start, span.start), min(where.end, span.end)
        if first >= last or any(reached[first - span.start : last - span.start]):
            return
        token.start, token.end = first, last
        reached[first - span.start : last - span.start] = [True] * (last - first)
        taken.append(token)

    for person in people:
        where = _widened(text, person.span)
        add(where, Token(0, 0, text[where.start : where.end].lower(), "PER", True, person=person))
    for place in places:
        where = _widened(text, place.span)
        add(where, Token(0, 0, text[where.start : where.end].lower(), "PLC", True, place=place))
    for time in times:
        add(time.span, Token(0, 0, time.span.of(text).lower(), "TIM", time=time))
    return sorted(taken, key=lambda token: token.start)


def tokenise(
    text: str,
    span: Span,
    people: Iterable[PersonMention],
    places: Iterable[PlaceMention],
    times: Iterable[TimeMention],
    lexicon: Lexicon,
    unit_kind: str = "body",
    unit_index: int = 0,
    quoted: bool = False,
) -> Sentence:
    """Tag the words of a sentence; `quoted` says that a quotation opened before it is still open."""
    mentions = _mentions(text, span, people, places, times)
    tokens: list[Token] = []
    at = span.start
    for mention in [*mentions, None]:
        stop = mention.start if mention else span.end
        tokens.extend(_plain(text, at, stop))
        if mention:
            tokens.append(mention)
            at = mention.end
    tokens = _joined(tokens)
    words = [t for t in tokens if t.tag == "WORD" and len(t.lower) > 1]
    shouted = text[span.start : span.end].isupper()
    title_case = shouted or (len(words) >= 3 and sum(t.capital for t in words) > 0.7 * len(words))
    for token in tokens:
        token.quoted = quoted
        if token.tag == "QUOTE":
            quoted = token.lower in _OPEN or (token.lower not in _CLOSE and not quoted)
    ending = text[span.start : span.end].rstrip('"”’») ')[-1:]
    sentence = Sentence(span, tokens, unit_kind, unit_index, title_case, ending == "?", ending in {".", "!", "?", "…"})
    tag(sentence, lexicon)
    return sentence


def _plain(text: str, start: int, stop: int) -> list[Token]:
    made = []
    for match in _TOKEN.finditer(text, start, stop):
        word = match.group()
        if word in QUOTES:
            tag = "QUOTE"
        elif word[0].isalpha() or (word[0] in "#@" and len(word) > 1):
            tag = "WORD"
        elif word[0].isdigit():
            tag = "NUM"
        elif word[0] in "'’" and len(word) > 1:
            tag = "WORD"
        else:
            tag = "PUNCT"
        bare = word.lstrip("#@")
        made.append(Token(match.start(), match.end(), bare.lower().replace("’", "'"), tag, bare[:1].isupper()))
    return made


def _joined(tokens: list[Token]) -> list[Token]:
    """Join the full stop of an abbreviated title to it, and read 's as a possessive."""
    made: list[Token] = []
    for index, token in enumerate(tokens):
        last = made[-1] if made else None
        if (
            token.lower == "."
            and last
            and last.lower in _ABBREVIATED
            and last.end == token.start
            and index + 1 < len(tokens)
        ):
            last.end, last.lower = token.end, last.lower + "."
            continue
        if (
            token.tag == "PUNCT"
            and token.lower in "'’"
            and last
            and last.end == token.start
            and last.lower.endswith("s")
        ):
            token.tag = "POSS"
        elif token.lower == "'s" and last:
            following = tokens[index + 1].lower if index + 1 < len(tokens) else ""
            be = last.lower in {"he", "she", "it", "who", "that", "there"} or following in {
                "in",
                "at",
                "not",
                "now",
                "currently",
            }
            token.tag, token.lower = ("WORD", "is") if be else ("POSS", "'s")
        made.append(token)
    return made
