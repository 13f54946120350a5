"""What an editor types to set up a digest: when, which sections, and what becomes of an empty one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.schedules.due import Calendar, ScheduleRefused
from bot.schedules.words import parse, words
from storage.digests import Section

_CLAUSE: Final = re.compile(r"\s+(?=(?:sections?|silent(?:ly)?|say\s+so|with)\b)", re.I)
_SILENT: Final = re.compile(r"silent(?:ly)?(?:\s+(?:when|if)\s+empty)?", re.I)
_SAY_SO: Final = re.compile(r"say\s+so(?:\s+(?:when|if)\s+empty)?", re.I)
_SECTIONS: Final = re.compile(r"(?:with\s+)?(?:the\s+)?(?:sections?|with)\s+(?P<names>.+)", re.I)
_NAMES: Final = {
    **{str(section): section for section in Section},
    "conflict": Section.CONFLICTS,
    "denials": Section.CONFLICTS,
    "sighting": Section.SIGHTINGS,
    "pictures": Section.REUSE,
    "still open": Section.OPEN,
    "snoozes": Section.SNOOZED,
    "source": Section.SOURCES,
}
_EXAMPLE: Final = "write for example “at 08:30 weekdays Europe/Oslo sections conflicts, sightings silent”."


@dataclass(frozen=True, slots=True)
class DigestAsked:
    """What was typed: when, by which zone's clocks, which sections, and whether an empty digest is left out."""

    schedule: Calendar
    sections: tuple[Section, ...]
    silent: bool


def parse_digest(typed: str, zone: str) -> DigestAsked:
    """Read when a channel is to get its digest; times are by the clocks of `zone` unless the words name another.

    Raises:
        ScheduleRefused: what was not understood, with an example of what is.
    """
    when, *clauses = _CLAUSE.split(" ".join(typed.split()).strip(" ."))
    sections, silent = tuple(Section), False
    for clause in _joined(clauses):
        if _SILENT.fullmatch(clause):
            silent = True
        elif _SAY_SO.fullmatch(clause):
            silent = False
        elif named := _SECTIONS.fullmatch(clause):
            sections = _sections(named["names"])
        else:
            raise ScheduleRefused(f"“{clause[:60]}” is not understood; {_EXAMPLE}")
    try:
        schedule = parse(when.rstrip(" ,;"), zone)
    except ScheduleRefused as refused:
        what, example, _ = str(refused).partition("; write for example ")
        raise ScheduleRefused(f"{what}; {_EXAMPLE}" if example else what) from refused
    if not isinstance(schedule, Calendar):
        raise ScheduleRefused(f"A digest goes out at times of day, not “{words(schedule)}”; {_EXAMPLE}")
    return DigestAsked(schedule, sections, silent)


def _joined(clauses: list[str]) -> list[str]:
    """Let “with the sections …” be one clause, though it names two beginnings."""
    made: list[str] = []
    for clause in clauses:
        if made and made[-1].lower() in {"with", "with the"}:
            made[-1] += f" {clause}"
        else:
            made.append(clause.rstrip(" ,;"))
    return made


def _sections(names: str) -> tuple[Section, ...]:
    wanted = [name for name in re.split(r"\s*(?:,|;|&|\band\b)\s*", names.lower()) if name]
    if wanted == ["all"]:
        return tuple(Section)
    unknown = next((name for name in wanted if name not in _NAMES), None)
    if unknown is not None or not wanted:
        known = ", ".join(Section)
        raise ScheduleRefused(f"“{(unknown or '')[:60]}” is no section of a digest; name some of {known}, or all.")
    found = {_NAMES[name] for name in wanted}
    return tuple(section for section in Section if section in found)
