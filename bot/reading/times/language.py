"""The words of time of one language, read from its data file and made into patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"

S = r"[ \u00a0\n]{1,2}"
"""What may stand between the words of one expression; bounded, so that no text makes a pattern slow."""
S0 = r"[ \u00a0\n]{0,2}"
_DAY = r"(?P<{0}>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"


@dataclass(frozen=True, slots=True)
class Language:
    """Values of words, and patterns over them.

    Attributes:
        weekdays: 0 (Monday) to 6 by folded word.
        months: 1 to 12 by folded word.
        numbers: values of number words; 0 stands for "several".
        units: `minute` … `decade` by folded word.
        seasons: the first month of a season by its word.
        days: days from the post's by words like "yesterday".
        patterns: what is looked for, by kind.
        never: names that hold words of time ("USA Today").
        future: cues that what the clause tells is to come.
        before: the modifiers that stand before an expression.
        past: a verb of the past right before an expression, which no cue of the future before it reaches.
    """

    weekdays: dict[str, int]
    months: dict[str, int]
    numbers: dict[str, int]
    units: dict[str, str]
    seasons: dict[str, int]
    days: dict[str, int]
    patterns: dict[str, re.Pattern[str]]
    never: re.Pattern[str]
    future: re.Pattern[str]
    before: re.Pattern[str]
    past: re.Pattern[str]


@cache
def english() -> Language:
    """Read English and build its patterns once."""
    listed = _listed("en.txt")
    weekdays, months = _values(listed["weekday"]), _values(listed["month"])
    numbers = {word: int(value or 0) for value, word in listed["number"] + listed["several"]}
    units = {word: value for value, word in listed["unit"]}
    days = {word: int(value) for value, word in listed["today"]}
    full_days = [w for _, w in listed["weekday"] if not w.startswith("~")]
    full_months = [w for _, w in listed["month"] if not w.startswith("~")]
    wd = _any([w.lstrip("~") for _, w in listed["weekday"]])
    wd_full, wd_small = _any(full_days), _any([w.lower() for w in full_days])
    mo, mo_full = _any([w.lstrip("~") for _, w in listed["month"]]), _any(full_months)
    seasons = f"(?i:{_any([w for _, w in listed['season']])})"
    long = _any([w for _, w in listed["long"]])
    count = rf"(?P<n>\d{{1,3}}|(?i:{_any(numbers)}))"
    unit = rf"(?P<unit>(?i:{_any(units)}))"
    year = r"(?P<y>(?:19|20)\d\d)"
    part = rf"(?:{S}(?:morning|afternoon|evening|night))?"
    step = r"(?P<step>last|past|previous|this|next|coming|following)"
    days_of_month = rf"{_DAY.format('d')}(?:{S0}(?:[-–—]|to|and){S0}{_DAY.format('d2')})?"
    headed = rf"\b(?:{wd}\.?,?{S})?"
    no_measure = rf"(?!\d|[.:/]\d|{S0}(?:km|miles|%|percent|am|pm|a\.m|p\.m)\b)"
    no_count = rf"(?![-–/.,:]\d|%|{S}(?:people|troops|soldiers|men|fighters|dollars|km|miles)\b)"
    clock = r"(?:[T ](?P<clock>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?P<zone>Z)?)?"
    about = rf"(?i:(?:about|some|nearly|almost|over|around){S})?"
    lead = rf"(?i:(?:in|over|during|for|within){S}(?:the{S})?(?:last|past))"
    patterns = {
        "iso": rf"(?<![\d-])(?P<y>\d{{4}})-(?P<m>\d\d)-(?P<d>\d\d){clock}(?![\d-])",
        "dotted": r"(?<![\d.])(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>(?:19|20)\d\d)(?!\.?\d)",
        "slashed": r"(?<![\d/])(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>(?:19|20)\d\d)(?![\d/])",
        "short_slashed": r"(?<=\b[oO]n )(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\d/])",
        "month_day": rf"{headed}(?P<mo>{mo})\b\.?{S}(?:the{S})?{days_of_month}{no_measure}(?:,?{S}{year}\b)?",
        "day_month": rf"{headed}(?:the{S})?(?<![\d.:/]){days_of_month}{S}(?:of{S})?(?P<mo>{mo})\b\.?(?:,?{S}{year}\b)?",
        "month_year": rf"\b(?P<mo>{mo})\b\.?,?{S}(?:of{S})?{year}\b",
        "month": rf"\b(?P<mo>{mo_full})\b(?!{S}(?:be|have|not|also|well|still|need|want|see)\b)",
        "season": rf"\b(?:(?P<s>{seasons})(?:{S}of)?{S}{year}|(?i:last){S}(?P<s2>{seasons}))\b",
        "decade": r"\b(?:the )?(?P<y>(?:19|20)\d)0s\b",
        "year": rf"\b{year}\b{no_count}",
        "weekday": rf"\b(?P<wd>{wd_full})\b{part}",
        "weekday_short": rf"(?<=\b[oO]n )(?P<wd>{wd})\b\.?(?![-\w]){part}",
        "weekday_step": rf"\b(?i:{step}){S}(?P<wd>{wd}|{wd_small})\b{part}",
        "weekday_lower": rf"(?<=\bon )(?P<wd>{wd_small})\b{part}",
        "month_step": rf"\b(?i:{step}){S}(?P<mo>{mo_full})\b",
        "step": rf"\b(?i:(?:(?P<part>earlier|later|early|late){S})?(?:the{S})?{step}){S}"
        r"(?P<unit>(?i:week|weekend|month|year))\b(?!['’]s)",
        "weekend": r"\b(?i:(?:over|at|on|during) the weekend)\b",
        "ago": rf"\b{about}{count}{S}{unit}{S}(?P<way>(?i:ago|earlier|before|later))\b",
        "last_n": rf"\b{lead}{S}(?:{count}{S})?{unit}\b",
        "in_n": rf"\b(?i:in){S}{count}{S}{unit}\b",
        "today": rf"\b(?i:{_any(days)})\b",
        "recent": rf"\b(?i:{_any([w for _, w in listed['recent']])})\b",
        "overnight": rf"\b(?i:{_any([w for _, w in listed['overnight']])})\b",
        "long": rf"\b(?i:{long}|(?<=\bhas )long|(?<=\bhave )long|(?<=\bhad )long)\b"
        rf"(?!{S}(?:few|two|three|week|month|year|day))",
    }
    return Language(
        weekdays,
        months,
        numbers,
        units,
        {word: int(value) for value, word in listed["season"]},
        days,
        {kind: re.compile(pattern) for kind, pattern in patterns.items()},
        re.compile(rf"\b(?:{_any([w for _, w in listed['never']])})\b"),
        re.compile(rf"(?<!free )(?:\b|(?='))(?i:{_any([w for _, w in listed['future']])})\b"),
        re.compile(
            rf"(?:^|(?<=\W))(?P<mod>(?i:(?:(?:since|until|till|by|before|after|from|between|in|on|at|during|of|for){S})?"
            rf"(?:the{S})?(?:early|late|mid|the{S}start{S}of|the{S}end{S}of)"
            r"|since|until|till|by|before|after|from|between|on|in|during|at|of|around|for|dated"
            rf"|(?:no|not){S}later{S}than|prior{S}to|ahead{S}of|up{S}to|as{S}of|as{S}early{S}as|back{S}in))(?:{S}|(?<=mid)-)(?:the{S})?\Z"
        ),
        re.compile(
            rf"\b(?!(?:be|been|being|is|are|get|not)\b)\w+,?{S}(?!(?:{_any([w for _, w in listed['future']])})\b)"
            rf"(?:{_any([w for _, w in listed['past']])}|\w+ed){S}(?:(?:on|late|early|in|at){S})*\Z"
        ),
    )


def _listed(name: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, value, listed = line.split("|")
            found.setdefault(kind, []).extend((value, word) for word in listed.split(";"))
    return found


def _values(pairs: list[tuple[str, str]]) -> dict[str, int]:
    return {word.lstrip("~").lower(): int(value) for value, word in pairs}


def _any(listed: Iterable[str]) -> str:
    """Make an alternation, the longest word first, with any single blank between its words."""
    ordered = sorted(listed, key=len, reverse=True)
    return f"(?:{'|'.join(re.escape(w).replace(chr(92) + ' ', S) for w in ordered)})"
