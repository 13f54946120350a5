"""The words of a text as names need them: exact spans, hashtags taken apart, addresses left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from bot.reading.names.compare import WORD, strip_possessive
from bot.reading.names.letters import APOSTROPHES, IGNORABLE, fold

HASHTAG = re.compile(r"[#\uff03](\w+)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|@\w[\w.]*", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[а-яёіїє])(?=[А-ЯЁІЇЄ])")
_SPACE = re.compile(rf"[ \t\u00a0\u2000-\u200a\u202f{IGNORABLE}]*")
_HYPHEN = re.compile(r"[-\u2010\u2011]")
_SENTENCE_END = re.compile(r"[.!?…؟۔:;•|\n\r\"“”«»]")


class Tie(Enum):
    """How a word is tied to the one before it."""

    NONE = "none"
    SPACE = "space"
    LINE = "line"
    HYPHEN = "hyphen"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class NameToken:
    """One word.

    Attributes:
        text: the word without possessive 's.
        folded: its folded form.
        start: where the word stands; a `#` directly before it belongs to it.
        end: where it ends, possessive 's left out.
        tie: how it is tied to the word before.
        capital: True when it begins with a capital letter; None in a script without capitals.
        tag: True inside a hashtag.
        possessive: True when 's followed.
        opens: True at the beginning of the text, a line or a sentence.
    """

    text: str
    folded: str
    start: int
    end: int
    tie: Tie
    capital: bool | None
    tag: bool
    possessive: bool
    opens: bool


def parts(word: str) -> list[tuple[int, int]]:
    """Split a hashtag's word where a capital begins a new one: (start, end) offsets into it."""
    cuts = [0, *(match.start() for match in _CAMEL.finditer(word)), len(word)]
    return [(start, end) for start, end in pairwise(cuts) if start < end]


def is_capital(word: str) -> bool | None:
    """Tell whether a word begins with a capital letter; None where its script has none."""
    first = word[0]
    if first.lower() == first.upper():
        return None
    return first.isupper() or first.istitle()


def tokenize(text: str) -> list[NameToken]:
    """Take a text apart; words inside web and mail addresses and account handles are left out."""
    closed = [match.span() for match in _ADDRESS.finditer(text)]
    tags = [match.span() for match in HASHTAG.finditer(text)]
    found: list[NameToken] = []
    end_before = 0
    next_closed = next_tag = 0
    for match in WORD.finditer(text):
        start, end = match.span()
        while next_closed < len(closed) and closed[next_closed][1] <= start:
            next_closed += 1
        if next_closed < len(closed) and closed[next_closed][0] <= end:
            continue
        while next_tag < len(tags) and tags[next_tag][1] <= start:
            next_tag += 1
        in_tag = next_tag < len(tags) and tags[next_tag][0] < start
        tag_start = tags[next_tag][0] if in_tag else -2
        for first, last in parts(match.group()) if in_tag else [(0, end - start)]:
            piece = match.group()[first:last]
            bare = strip_possessive(piece)
            begin = start + first
            if begin == tag_start + 1:
                begin = tag_start
            gap = text[end_before:begin]
            same_tag = in_tag and begin > tag_start
            found.append(
                NameToken(
                    text=bare,
                    folded=fold(bare),
                    start=begin,
                    end=start + first + len(bare),
                    tie=_tie(gap, found, same_tag),
                    capital=is_capital(bare),
                    tag=in_tag,
                    possessive=len(bare) < len(piece),
                    opens=not found or _SENTENCE_END.search(gap) is not None,
                )
            )
            end_before = start + last
    return found


def _tie(gap: str, before: list[NameToken], same_tag: bool) -> Tie:
    if not before:
        return Tie.NONE
    if same_tag:
        return Tie.TAG
    if before[-1].possessive:
        return Tie.NONE
    if gap == " ":
        return Tie.SPACE
    if len(before[-1].text) == 1 and gap.startswith("."):
        gap = gap[1:] or " "
    if _HYPHEN.fullmatch(gap):
        return Tie.HYPHEN
    if gap and _SPACE.fullmatch(gap):
        return Tie.SPACE
    if gap.count("\n") == 1 and not gap.strip():
        return Tie.LINE
    return Tie.NONE


def trim_apostrophes(word: str) -> str:
    """Take a grammatical ending behind an apostrophe off a word (Putin'in, Эрдоган’у): at most four letters."""
    for at in range(len(word) - 1, 2, -1):
        if word[at] in APOSTROPHES:
            return word[:at] if len(word) - at <= 5 else word
    return word
