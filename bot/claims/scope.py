"""Where a caption claims nothing of its picture: datelines, questions, denials, what it tells to be false."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from bot.claims.lexicon import DATA, Lexicon
from bot.reading.units import sentences
from storage.records import Span

_QUESTION = re.compile(r"[?？؟]['\"”’»)\]\s]*\Z")
_QUOTED = re.compile(r"“[^”]{0,400}”|«[^»]{0,400}»|„[^“”]{0,400}[“”]|(?<!\w)\"[^\"\n]{0,400}\"")
_LEAD = re.compile(r"[\s\"“«(\[#•*📍🔴⚡️-]*\Z")
_LEAD_LENGTH = 8
"""A dateline stands at the very beginning, after no more than a few marks."""
_DATE_PART = r"(?:[\s,.]+[^\s()/–—-]{1,14}){0,4}?[\s,.]*"
_DASH = r"[-–—:]"
_BY_MARKS = re.compile(rf"{_DATE_PART}(?:\([^()\n]{{2,40}}\)\s*{_DASH}|/[^/\n]{{2,30}}/)")
_BARE_DASH = re.compile(rf"{_DATE_PART}\s(?:-|–|—|--)\s")
_BEFORE = 90
"""Characters before a name in which words are looked for that say what it does there."""


def dateline_end(text: str, names: Sequence[Span]) -> tuple[int, bool]:
    """Return where a dateline at the beginning of a text ends, and whether it surely is one; 0 where there is none.

    A dateline says where its writer was: "BEIRUT, Lebanon (Reuters) - ", "МОСКВА, 3 июня /ТАСС/". Without an agency it
    is one only if another place is named behind it.

    Attributes:
        names: the places that the text names, in order.
    """
    if not names or names[0].start > _LEAD_LENGTH or not _LEAD.fullmatch(text[: names[0].start]):
        return 0, False
    end = names[0].end
    for name in names[1:3]:
        if re.fullmatch(r"[\s,،(]{1,3}", text[end : name.start]):
            end = name.end
    if marks := _BY_MARKS.match(text, end):
        return marks.end(), True
    if agency := _by_agency().match(text, end):
        return agency.end(), True
    dash = _BARE_DASH.match(text, end)
    dated = dash is not None and any(character.isdigit() for character in dash.group())
    if dash and (dated or names[0].of(text).isupper()):
        return dash.end(), False
    return 0, False


@cache
def _by_agency() -> re.Pattern[str]:
    lines = (DATA / "agencies.txt").read_text(encoding="utf-8").splitlines()
    names = {name for line in lines if not line.startswith("#") for name in line.split(";")}
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"{_DATE_PART}\s*[-–—/.|,:،]\s*(?:{listed})(?!\w)\s*[-–—/:.|]?", re.I)


def dispatched(text: str, names: Sequence[Span]) -> list[Span]:
    """Return the dateline that a caption surely begins with: neither its place nor its day is the picture's."""
    end, sure = dateline_end(text, names)
    return [Span(0, end)] if sure else []


def corrects(text: str, words: Lexicon) -> bool:
    """Say whether a caption tells that something told is false, so that what it repeats is not its own claim."""
    return bool(words.anywhere["false"].search(text))


def silent(text: str, words: Lexicon) -> list[Span]:
    """Return the stretches of a caption in which it claims nothing itself.

    Questions claim nothing. A caption that tells of something false claims only what stands behind its correction
    ("It was taken in …", "in fact"), and nothing within quotation marks.
    """
    found: list[Span] = []
    cut = sentences(text, 0, len(text))
    found += [sentence for sentence in cut if _QUESTION.search(sentence.of(text))]
    if not corrects(text, words):
        return found
    found += [Span(*match.span()) for match in _QUOTED.finditer(text)]
    for sentence in cut:
        found += _uncorrected(text, sentence, words)
    return found


def _uncorrected(text: str, sentence: Span, words: Lexicon) -> Iterator[Span]:
    """Yield what a sentence of a correction says before it corrects: all of it where it does not."""
    cues = sorted(
        (match.start(), match.end(), kind)
        for kind in ("false", "claimed", "correct", "indeed")
        for match in words.anywhere[kind].finditer(text, sentence.start, sentence.end)
    )
    silent_from, claimed = sentence.start, False
    for start, end, kind in cues:
        if kind == "claimed":
            claimed = True
            silent_from = min(silent_from, start) if silent_from >= 0 else start
        elif silent_from >= 0 and (kind == "indeed" or (kind == "correct" and not claimed)):
            yield Span(silent_from, end)
            silent_from, claimed = -1, False
    if silent_from >= 0:
        yield Span(silent_from, sentence.end)


def denied(text: str, span: Span, words: Lexicon) -> bool:
    """Say whether a caption says of words that they are not so: "this is not Aleppo", "Halep değil"."""
    for before in heads(text, span):
        if words.before["not"].search(before) and not words.before["not_more"].search(before):
            return True
    return bool(words.after["not_after"].match(text, tail(text, span)))


def heads(text: str, span: Span) -> tuple[str, ...]:
    """Return the words before a name, as they stand and without what is written onto the name (a preposition)."""
    start = span.start
    while start and span.start - start < 3 and text[start - 1].isalpha():
        start -= 1
    ends = dict.fromkeys((start, span.start))
    return tuple(text[max(0, end - _BEFORE) : end] for end in ends)


def tail(text: str, span: Span) -> int:
    """Return where the word ends that a name stands in: behind an ending that an apostrophe sets off."""
    end = span.end
    if text[end : end + 1] in "'’ʼ" and text[end + 1 : end + 2].isalpha():
        end += 1
    while end < len(text) and end - span.end < 8 and text[end].isalpha():
        end += 1
    return end


def inside(span: Span, stretches: Iterable[Span]) -> bool:
    """Say whether a span lies in one of the stretches."""
    return any(stretch.start <= span.start and span.end <= stretch.end for stretch in stretches)
