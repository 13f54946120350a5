"""The words in which findings are told, one vocabulary for the cards in Slack and for the command line.

Every word from outside goes through `plain` or `plain_lines`, so that it can neither steer a screen nor reverse a line.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from bot.alerting.memory import Silence, SilenceKind
from bot.handles import written
from bot.reading.linked import told
from storage.records import (
    ArchivedSighting,
    Capture,
    Certainty,
    ConflictKind,
    Interval,
    Place,
    PlacePrecision,
    Post,
    PostStatus,
    Reuse,
    Sighting,
    Stance,
    TimeBasis,
    TimePrecision,
)
from storage.verdicts import Judged, Judgement

NEVER_FACT: Final = "Nothing below is stated as fact: each line says who says so, and how surely."
NO_SIGHTING: Final = "No archived post says where. That is not evidence of anything: the archive may not hold it."
NO_COPY: Final = "No copy among the pictures we hold. That is not proof of anything: the archive may not hold it."
NOT_JUDGED: Final = "Why it was posted is not judged here: ask who gains if this picture is believed."
TIME_UNKNOWN: Final = "time unknown"
DENIALS: Final = frozenset({Stance.DENIED, Stance.NEGATED})
"""The stances that say a person is not there."""

STANCES: Final[Mapping[Stance, str]] = {
    Stance.ASSERTED: "asserted by",
    Stance.ALLEGED: "alleged by",
    Stance.RUMORED: "rumored by",
    Stance.DENIED: "denied by",
    Stance.NEGATED: "negated (said not to be there) by",
    Stance.PLANNED: "planned, according to",
    Stance.PAST: "past, according to",
    Stance.UNCLASSIFIED: "unclassified (how surely is not clear), told by",
}
"""Each stance as the beginning of a claim; its speaker follows."""

BASES: Final[Mapping[TimeBasis, str]] = {
    TimeBasis.DECODED_ID: "decoded from the id",
    TimeBasis.STATED: "stated by the source",
    TimeBasis.CRAWLED: "the day a crawler saw it",
    TimeBasis.CAPTURED: "the day it was captured",
    TimeBasis.UNKNOWN: "basis unknown",
}

_STAMP: Final = re.compile(rf"\b(\d{{4}}-\d{{2}}-\d{{2}})\b(?:, ({'|'.join(TimeBasis)})(?=\)))?", re.ASCII)
"""A day and its basis as `bot.conflicts` writes them."""

STATUSES: Final[Mapping[PostStatus, str]] = {
    PostStatus.LIVE: "Live at its source",
    PostStatus.DELETED: "Deleted at its source",
    PostStatus.SUSPENDED: "Its account is suspended",
    PostStatus.PROTECTED: "Its account is protected",
    PostStatus.WITHHELD: "Withheld in some countries",
    PostStatus.AGE_GATED: "Age-gated at its source",
    PostStatus.NOT_FOUND: "Not found at its source",
    PostStatus.UNAVAILABLE: "Unavailable at its source",
}

DIFFERENT: Final = "Other captions of the picture, not in conflict"
"""The heading over captions that differ where both may be true."""

CONFLICTS: Final[Mapping[ConflictKind, str]] = {
    ConflictKind.PLACE: "place",
    ConflictKind.DATE: "date",
    ConflictKind.EVENT: "event",
    ConflictKind.PERSON: "person",
    ConflictKind.DENIAL: "denial",
    ConflictKind.TRAVEL: "impossible travel",
}

_SHOWN_AS_ESCAPES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS: Final = "\u200c\u200d"
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Not strftime, whose words follow the machine's locale."""


class _Visible(dict[int, str]):
    """A table for str.translate, which fills itself as characters come: a long text costs one pass in C."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        hidden = character not in _JOINERS and unicodedata.category(character) in _SHOWN_AS_ESCAPES
        self[code] = f"\\u{code:04x}" if hidden else character
        return self[code]


_VISIBLE: Final = _Visible({ord(blank): " " for blank in "\n\r\t"})


def plain(text: str) -> str:
    """Make text from outside safe to show on one line: controls and direction overrides become visible escapes.

    Zero-width joiners stay, since Persian and emoji need them.
    """
    return text if text.isprintable() else text.translate(_VISIBLE)


def plain_lines(text: str) -> str:
    """Make text from outside safe to show where lines may break; every other control is as in `plain`."""
    return "\n".join(plain(line) for line in text.replace("\r\n", "\n").split("\n"))


def conflict_words(why: str) -> str:
    """Say why two claims are in conflict with its dates and their bases in words, as people read them."""
    return _STAMP.sub(lambda found: f"{day(found[1])}{f', {BASES[TimeBasis(found[2])]}' if found[2] else ''}", why)


def count(number: int, one: str, many: str = "") -> str:
    """Say how many: "1 post", "2 posts"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def silenced(silence: Silence) -> tuple[str, str]:
    """Say what keeps a pair or a picture from warning: what stands before who said so, and what stands after."""
    copied = ", on another copy of it" if silence.copied else ""
    if silence.kind is SilenceKind.BOILERPLATE:
        return f"Marked boilerplate ({plain(silence.reason)}) by ", f", {at(silence.at)}{copied}."
    of_copies = ", on other copies of the two" if silence.copied else ""
    return "Dismissed by ", f", {at(silence.at)}{of_copies}. Reason: {plain(silence.reason)}."


def silenced_by(silence: Silence) -> str:
    """Say the same on one line, with the id of who said so."""
    before, after = silenced(silence)
    return f"{before}{plain(silence.by)}{after}"


def judged(judged: Judged) -> tuple[str, str]:
    """Say what an editor says of a sighting: what stands before who said so, and what stands after.

    Of what was corrected the reader's own reading is told, too.
    """
    verdict = judged.verdict
    corrected = [
        (name, had)
        for name, new, had in (
            ("place", verdict.place, place_words(judged.place)),
            ("stance", verdict.stance, str(judged.stance)),
        )
        if new is not None
    ]
    what = str(verdict.judgement).capitalize()
    if corrected and verdict.keeps:
        confirmed = "Confirmed, " if verdict.judgement is Judgement.CONFIRMED else ""
        names = f"{confirmed}{' and '.join(name for name, _ in corrected)} corrected"
        what = f"{names[:1].upper()}{names[1:]}"
    had = f" The reader had: {', '.join(words for _, words in corrected)}." if corrected else ""
    lost = " The rules of now do not find it in these words." if judged.lost else ""
    note = f" Note: “{plain(verdict.note)}”." if verdict.note else ""
    undone = f" Taken back by {plain(verdict.undone_by)}, {at(verdict.undone_at)}." if verdict.undone_at else ""
    return f"{what} by ", f", {at(verdict.at)}.{had}{lost}{note}{undone}"


def judged_by(one: Judged) -> str:
    """Say the same on one line, with the id of who said so."""
    before, after = judged(one)
    return f"{before}{plain(one.verdict.actor) or 'a member'}{after}"


def left_out(rejected: int, ask: str) -> str:
    """Say that an answer keeps back what somebody has rejected; `ask` lists it."""
    are = "sighting was rejected and is" if rejected == 1 else "sightings were rejected and are"
    return f"{rejected:,} {are} left out: {ask} lists what was judged."


def still_unread(texts: int) -> str:
    """Say that an answer is not whole yet."""
    return f"{count(texts, 'archived text')} not read yet for the watch-list as it is now: ask again in a minute."


def day(iso: str) -> str:
    """Show a day or the day of an instant as people read it: "13 Oct 2015"; what is not a day is shown as it is."""
    try:
        parsed = date.fromisoformat(iso[:10])
    except ValueError:
        return plain(iso)
    return f"{parsed.day} {_MONTHS[parsed.month - 1]} {parsed.year}"


def at(instant: str) -> str:
    """Show an archived instant to the minute; the exact one is in the JSON."""
    return f"{day(instant)} {plain(instant[11:16])} UTC" if len(instant) > 10 else day(instant)


def when(time: Interval) -> str:
    """Say when something is said to have been so, no finer than it is known, and by which basis."""
    told = span(time)
    return told if told == TIME_UNKNOWN else f"{told} ({plain(time.basis)})"


def span(time: Interval) -> str:
    """Say the same without the basis, where the basis stands elsewhere."""
    if time.precision is TimePrecision.UNKNOWN or not (time.start or time.end):
        return TIME_UNKNOWN
    start, end = time.start, time.end
    if time.precision is TimePrecision.MINUTE and start:
        return at(start)
    if start and time.precision is TimePrecision.YEAR:
        return start[:4]
    if start and time.precision is TimePrecision.MONTH:
        return day(start).partition(" ")[2]
    if start and end and day(start) != day(end):
        return f"{day(start)} to {day(end)}"
    if start:
        return day(start) if end else f"{day(start)} or later"
    return f"on or before {day(end or '')}"


def said(sighting: Sighting) -> str:
    """Say how surely and by whom: the words that every claim begins with."""
    return f"{STANCES[sighting.stance]} {plain(sighting.speaker.name)}"


def unsure(asked: str, scores: Sequence[float], threshold: float) -> tuple[str, str]:
    """Say that nobody is answered for under a name, and why; `scores` are of those who may be meant, the best first."""
    if not scores:
        return f"Nobody watched is called “{asked}”", ""
    if scores[0] >= threshold:
        return f"“{asked}” may be several people", ""
    near = f"The nearest name agrees by {_down(scores[0])} of 1; from {_up(threshold)} it is taken for the same."
    return f"Nobody watched is surely called “{asked}”", near


def _down(score: float) -> str:
    return f"{math.floor(100 * score + 1e-9) / 100:.2f}"


def _up(score: float) -> str:
    return f"{math.ceil(100 * score - 1e-9) / 100:.2f}"


def place_words(place: Place) -> str:
    """Name a place with its precision."""
    if place.precision is PlacePrecision.COUNTRY or not place.country:
        return f"{plain(place.name)} ({place.precision})"
    return f"{plain(place.name)}, {plain(place.country)} ({place.precision})"


def concluded(sighting: Sighting, text: str) -> str:
    """Say in words what the reader had to conclude: whose a surname alone or a pronoun is, and the like."""
    return "; ".join(filter(None, (plain(told(sighting.linked)), _noted(sighting, text))))


def _noted(sighting: Sighting, text: str) -> str:
    """Whom a pronoun means, what "such a visit" goes back to."""
    kind, _, about = sighting.note.partition(": ")
    if kind == "coref":
        return plain(f"“{about}” is taken to mean {sighting.person_name}")
    start, dash, end = about.partition("-")
    if kind == "antecedent" and dash and start.isdecimal() and end.isdecimal():
        return plain(f"speaks of “{text[int(start) : int(end)]}”")
    return plain(sighting.note)


def handle(post: Post) -> str:
    """Name who posted in one word or two."""
    return plain(written(post.author, post.platform) or post.author_name or post.publisher or "author unknown")


def who(post: Post) -> str:
    """Name who posted, with all that is known of it."""
    own = handle(post) if post.author else ""
    parts = (plain(post.author_name or ""), own, plain(post.publisher or ""))
    return ", ".join(dict.fromkeys(part for part in parts if part)) or "author unknown"


def dated(instant: str | None, basis: TimeBasis) -> str:
    """Date a post by its basis; what is not known is said to be unknown."""
    return f"posted {at(instant)}, {BASES[basis]}" if instant else "posted: unknown"


def posted(post: Post) -> str:
    """Say when a post was published."""
    return dated(post.posted_at, post.posted_at_basis)


def captured(capture: Capture) -> str:
    """Name an archived copy: when, by which route, and the digest in its short form."""
    return f"captured {at(capture.captured_at)} by {plain(capture.route)}, SHA-256 {capture.sha256[:12]}"


def why(reuse: Reuse) -> str:
    """Say in a sentence what two pictures have in common, and how sure that is."""
    words = plain(reuse.transform)
    told = words if str(reuse.relation) in words else f"{reuse.relation}: {words}"
    return f"{told[:1].upper()}{told[1:]}. Certainty: {certainty(reuse)}"


def certainty(reuse: Reuse) -> str:
    """Say how sure a match is, by which measure."""
    return f"{reuse.certainty}, score {score(reuse)} (threshold {reuse.threshold:.2f})"


def score(reuse: Reuse) -> str:
    """Show a score with two decimals, never rounded up to a threshold that was not reached."""
    return _down(reuse.score)


def agreement(reuse: Reuse) -> str:
    """Tell a score against what is needed, in a sentence."""
    counts = "counts" if reuse.certainty is Certainty.MATCH else "would count"
    return f"They agree by {score(reuse)} of 1; from {reuse.threshold:.2f} it {counts} as a match."


def verdict(reuse: Reuse) -> str:
    """Say how two pictures relate, how surely, and by which measure."""
    return (
        f"{reuse.certainty}: {reuse.relation}, {plain(reuse.transform)} "
        f"(score {score(reuse)}, threshold {reuse.threshold:.2f})"
    )


def host(url: str | None) -> str:
    """Return the host of an http address in ASCII, so that look-alike letters show; "" where it has none."""
    try:
        parts = urlsplit(url or "")
        name = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        return ""
    return plain(name) if parts.scheme in {"http", "https"} else ""


def by_place(sightings: Iterable[ArchivedSighting]) -> list[list[ArchivedSighting]]:
    """Group sightings by place, in the order in which the places first come."""
    groups: dict[str, list[ArchivedSighting]] = {}
    for found in sightings:
        groups.setdefault(found.sighting.place.key, []).append(found)
    return list(groups.values())


_MOVING = frozenset({"image/gif", "image/webp", "image/png", "image/avif"})
"""Formats whose further pictures are frames of one that moves."""


def frames(media_type: str, count: int) -> tuple[str, ...]:
    """Say which picture of a file is compared, where it holds more than one; `count` is exact below 10,000."""
    if count < 2:
        return ()
    told = f"{count:,}" if count < 10_000 else "10,000 or more"
    if media_type in _MOVING:
        return (f"It is a moving picture of {told} frames; the first is what is compared.",)
    which = "the one that it marks as the main one" if media_type == "image/heic" else "the first"
    return (f"The file holds {told} pictures; {which} is what is compared.",)
