"""The words of captions, a data file for each language, made into patterns over the text as it stands.

Patterns run over the archived text itself, so that every span is exact: spellings of one letter, attached
prepositions and points are allowed for in the pattern, and the text is never folded.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.claims.model import EventGroup

DATA = Path(__file__).parent / "data"
LANGUAGES = ("en", "ar", "fa", "he", "ru", "tr", "uk")

_MARKS = "\u0591-\u05c7\u064b-\u065f\u0670\u0640"
_LETTERS = {
    **dict.fromkeys("اأإآ", "[اأإآ]"),
    **dict.fromkeys("يىی", "[يىی]"),
    **dict.fromkeys("كک", "[كک]"),
    **dict.fromkeys("هة", "[هةۀ]"),
    "е": "[её]",
    "'": "['’ʼ]",
    "\u200c": "[\\s\u200c]?",
    " ": "[\\s\u00a0\u200c]+",
    "*": "\\w*",
}
"""How a letter of a data file may be written in a text."""
_ATTACHED = {
    "ar": "(?:[وف]?[بلك]?(?:ال)?|[وف]?لل)",
    "he": "(?:ו?כש|[ושהבלמכ]){0,3}",
}
"""Conjunctions, prepositions and articles that are written onto a word."""
NOTHING = re.compile(r"(?!)")
_OWN = ("never", "present", "old", "false", "claimed", "correct", "indeed")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language by what they do in captions.

    Attributes:
        anywhere: patterns of a kind, wherever its words stand.
        before: the same, ending where the text searched ends: what stands right before a name.
        after: the same, from where a match begins: what stands right behind a name.
        events: the pattern of each sort of event.
        groups: what sort each of them is.
    """

    anywhere: dict[str, re.Pattern[str]]
    before: dict[str, re.Pattern[str]]
    after: dict[str, re.Pattern[str]]
    events: dict[str, re.Pattern[str]]
    groups: dict[str, EventGroup]

    def speaks_for_itself(self, words: str) -> bool:
        """Say whether words that look like a name are a caption's own ("Зараз", which is "now", and a town)."""
        listed = [self.anywhere[kind] for kind in _OWN]
        return any(pattern.fullmatch(words) for pattern in (*listed, *self.events.values()))


@cache
def lexicon(lang: str) -> Lexicon:
    """Read the words of a language by its ISO 639-1 code; another language than `LANGUAGES` is read as English."""
    listed: defaultdict[str, list[str]] = defaultdict(list)
    path = DATA / f"{lang if lang in LANGUAGES else 'en'}.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, words = line.split("|")
            listed[kind] += [word.strip() for word in words.split(";") if word.strip()]
    glue = _either(listed.pop("of", []), lang)
    link = _either(listed.pop("link", []), lang)
    made = {kind: _either(words, lang) for kind, words in listed.items() if not kind.startswith("event:")}
    events = {kind: words for kind, words in listed.items() if kind.startswith("event:")}
    names = {kind: kind.split(":") for kind in events}
    return Lexicon(
        anywhere=defaultdict(lambda: NOTHING, {kind: _whole(words) for kind, words in made.items()}),
        before=defaultdict(
            lambda: NOTHING,
            {
                kind: re.compile(
                    rf"(?<!\w)(?:{words})(?:[\s\u200c]+(?:{link if kind == 'not' else glue}))*[\s\u200c\"“«#(]*\Z", re.I
                )
                for kind, words in made.items()
            },
        ),
        after=defaultdict(
            lambda: NOTHING,
            {
                kind: re.compile(rf"(?:[\s\u200c,]+(?:{link}))*[\s\u200c]*(?:{words})(?!\w)", re.I)
                if kind == "not_after"
                else re.compile(rf"[\s\u200c–-]*(?:{words})(?!\w)", re.I)
                for kind, words in made.items()
            },
        ),
        events={names[kind][1]: _whole(_either(words, lang)) for kind, words in events.items()},
        groups={names[kind][1]: EventGroup(names[kind][2]) for kind in events},
    )


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.I)


def _either(words: list[str], lang: str) -> str:
    """Make one alternative of many words; `(?!)` where there are none. The longest first, so that it wins."""
    if not words:
        return "(?!)"
    front = _ATTACHED.get(lang, "")
    marks = f"[{_MARKS}]*" if lang in {"ar", "fa", "he"} else ""
    return "|".join(front + _spelt(word, marks) for word in sorted(words, key=len, reverse=True))


def _spelt(word: str, marks: str) -> str:
    return "".join((_LETTERS.get(letter, re.escape(letter)) + (marks if letter.isalpha() else "")) for letter in word)
