"""The words in which a watch is set up and changed, one grammar for Slack and for the command line.

    SUBJECT [in #channel] [every … | at …] [from SOURCE, SOURCE] [quiet 22:00 to 07:00 [days]] [budget 500 a day]
    [zone Europe/Oslo] [reason …]

The subject comes first, the rest in any order; `reason` takes all that follows. A name that holds one of these words
goes in quotes. What could be read in two ways is refused, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.schedules.due import EPOCH, Interval, Schedule
from bot.schedules.quiet import QuietHours
from bot.schedules.quiet_words import quiet_words
from bot.schedules.words import words as schedule_words
from bot.watch_parts import CHANNEL, EXAMPLES, KINDS, cut, kind_of, read_parts, refused_at, stray_word
from bot.wording import plain
from storage.watches import WatchKind

LONGEST: Final = 3_000
"""Characters of a watch's words that are read: what a question in Slack may have."""

_TOKEN: Final = re.compile(r'(?:"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|\S)+')
_TIME: Final = re.compile(r"\d|noon|midnight", re.IGNORECASE)
_SCHEDULE: Final = frozenset({"every", "each", "hourly", "at"})
_DAYS: Final = frozenset({"on", "daily", "weekdays", "weekends"})
_PLAIN: Final = frozenset({"quiet", "budget", "zone", "reason"})
_WORDS: Final = frozenset({"in", "from", *_SCHEDULE, *_DAYS, *_PLAIN})


@dataclass(frozen=True, slots=True)
class WatchWords:
    """A watch as somebody asks for it.

    Attributes:
        kind: what is watched.
        subject: the name; the account as `platform:@handle`; the link.
        channel: `#name` or an id; empty for the one it is asked in.
        schedule: None where nothing is said of it.
        sources: written forms of `bot.sources.refs.SourceRef`.
        quiet: None for no quiet hours.
        bypass: whether what contradicts what was told is told in quiet hours, too.
        budget: billed posts a day; None for no limit.
        zone: IANA name of the zone in which its times are shown.
        reason: why a private individual is watched.
    """

    kind: WatchKind
    subject: str
    channel: str = ""
    schedule: Schedule | None = None
    sources: tuple[str, ...] = ()
    quiet: QuietHours | None = None
    bypass: bool = True
    budget: int | None = None
    zone: str = "UTC"
    reason: str = ""


def parse_watch(typed: str, zone: str) -> WatchWords:
    """Read what is to be watched, and how; times are by the clocks of `zone` unless the words name another.

    Raises:
        WatchRefused: what was not understood in one sentence, with an example of what is.
    """
    parts = split(typed, has_subject=True)
    return WatchWords(**read_parts(parts, zone))


def parse_changes(typed: str, zone: str) -> dict[str, Any]:
    """Read what is to be changed of a watch: fields of `WatchWords` with their new values; `off` takes one away.

    Raises:
        WatchRefused: as `parse_watch`, or nothing is named.
    """
    parts = split(typed, has_subject=False)
    if not parts:
        raise refused_at("schedule", "Nothing is named that is to change; write for example “every 30m budget 100”.")
    changed = read_parts(parts, zone)
    return changed if "zone" in parts else {name: value for name, value in changed.items() if name != "zone"}


def words_of(watch: WatchWords) -> str:
    """Say a watch in its canonical form: `parse_watch` reads it as an equal watch, whatever zone it is given."""
    said = [_subject_words(watch.kind, watch.subject)]
    if watch.channel:
        said.append(f"in {watch.channel}")
    if watch.schedule:
        said.append(schedule_part(watch.schedule))
    if watch.sources:
        said.append(f"from {', '.join(map(_source_words, watch.sources))}")
    if watch.quiet:
        said.append(f"quiet {quiet_part(watch.quiet, bypass=watch.bypass)}")
    if watch.budget is not None:
        said.append(f"budget {watch.budget} a day")
    said.append(f"zone {watch.zone}")
    if watch.reason:
        said.append(f"reason {watch.reason}")
    return " ".join(said)


def schedule_part(schedule: Schedule, *, anchored: bool = True) -> str:
    """Say a schedule so that its first word tells that it is one; without its anchor where a person reads it."""
    if isinstance(schedule, Interval) and not anchored:
        schedule = replace(schedule, anchor=EPOCH)
    said = schedule_words(schedule)
    first = said.partition(" ")[0]
    return said if first in _SCHEDULE | _DAYS else f"on {said}"


def quiet_part(quiet: QuietHours, *, bypass: bool) -> str:
    """Say quiet hours, and whether conflicts wait for their end, too."""
    return quiet_words(quiet) + ("" if bypass else " even for conflicts")


# --- the parts of a sentence


def split(typed: str, *, has_subject: bool) -> dict[str, str]:
    """Cut a sentence into its parts, each as it was typed, for `read_parts`.

    Raises:
        WatchRefused: a part is named twice or not at all.
    """
    if len(typed) > LONGEST:
        raise refused_at("subject", f"A watch has at most {LONGEST:,} characters; name fewer sources, or make two.")
    tokens = [found[0] for found in _TOKEN.finditer(plain(" ".join(typed.split())))]
    parts: dict[str, list[str]] = {}
    name = ""
    for at, token in enumerate(tokens):
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        begun = "" if name == "reason" else _begins(token.lower(), after, name, parts.get(name, []))
        if has_subject and not name:
            if begun:
                raise refused_at(
                    "subject", "Say first what is to be watched, for example “Soleimani every 15m from x:@handle”; "
                    "a name that is one of these words goes in quotes."
                )  # fmt: skip
            name, begun = "subject", "subject"
        elif not name and not begun:
            raise refused_at(
                "schedule", f"“{cut(token)}” is not understood; write for example “every 30m budget 100”, "
                "or “quiet off”."
            )  # fmt: skip
        if begun:
            if begun in parts and begun != "subject":
                raise refused_at(begun, f"“{cut(token)}” is said twice; say it once, {EXAMPLES[begun]}.")
            name = begun
            parts[name] = [] if token.lower() in {"in", "from", *_PLAIN} and name != "subject" else [token]
        else:
            parts[name].append(token)
    if has_subject and "subject" not in parts:
        raise refused_at("subject", f"Nothing is named that is to be watched; write {EXAMPLES['subject']}.")
    said = {part: " ".join(words).strip(" ,;") for part, words in parts.items()}
    for part, text in said.items():
        if not text:
            raise refused_at(part, f"The {part} is missing; write {EXAMPLES[part]}.")
    return said


def _begins(word: str, after: str, current: str, so_far: list[str]) -> str:
    """Return which part a word begins, behind what was said of the current one; empty where it goes on."""
    if word in _PLAIN:
        return word
    timed = current in {"schedule", "quiet"}
    if word == "in":
        return "" if timed and not CHANNEL.match(after) else "channel"
    if word == "from":
        return "" if timed and _TIME.match(after) else "sources"
    if word in _SCHEDULE:
        begun = current == "schedule" or (current == "quiet" and not any(map(_TIME.match, so_far)))
        return "" if begun else "schedule"
    if word in _DAYS:
        return "" if timed else "schedule"
    return ""


def _subject_words(kind: WatchKind, subject: str) -> str:
    if kind is not WatchKind.PERSON:
        return f"{kind} {subject}"
    first = subject.partition(" ")[0].lower()
    taken = bool(set(subject.lower().split()) & _WORDS or first in {*KINDS, "this"} or kind_of(first))
    taken = taken or stray_word(subject) is not None
    return f'"{subject}"' if taken or subject != subject.strip(" ,;") else subject


def _source_words(source: str) -> str:
    """Put a source in quotes whose own words would begin another part."""
    return f"“{source}”" if {token.lower() for token in _TOKEN.findall(source)} & _WORDS else source
