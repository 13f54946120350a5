"""The names under which Slack hands clicks back, and the typed values that buttons carry."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from bot.slack.silence_refs import BoilerplateRef, SilenceRef
from bot.slack.verdict_refs import SightingRef, VerdictDraft, VerdictRef
from bot.slack.watch_refs import WatchDraft, WatchRef
from storage.errors import DatelineError

VALUE_LIMIT: Final = 2_000
"""Characters of a button's value (Block Kit reference)."""


class Action(StrEnum):
    """What a button does. Several of one kind in a message are told apart by a number: see `action_pattern`."""

    SHARE = "share_card"
    SHOW_MORE = "show_more"
    """Bring the thread of a card to who asks; of a name, the sightings from `Question.start` on."""
    ASK = "ask"
    TRACE = "trace_link"
    RETRY = "try_again"
    KEEP = "keep_pictures"
    ACKNOWLEDGE = "acknowledge_alert"
    DISMISS = "dismiss_alert"
    ASSIGN = "assign_alert"
    SNOOZE = "snooze_alert"
    ESCALATE = "escalate_alert"
    UNDO = "undo_triage"
    SHOW_ALERT = "show_alert"
    SHOW_PICTURE = "show_picture"
    """Show the pictures of a warning to who asks, where the channel wants them blurred."""
    SHOW_ROLL = "show_roll"
    END_SNOOZE = "end_snooze"
    RESEND = "resend_message"
    CANCEL_SWEEP = "cancel_sweep"
    WATCH = "watch_do"
    """What `WatchRef.what` says: pause, resume, remove, approve, refuse."""
    WATCH_EDIT = "watch_edit"
    WATCH_NEW = "watch_new"
    """Open the modal, filled in with what `WatchDraft` holds."""
    WATCH_ADD = "watch_add"
    DIGEST = "digest_do"
    """What `DigestRef.what` says: preview it, send it now, turn it off."""
    DIGEST_SETTINGS = "digest_settings"
    OPEN_PAGE = "open_page"
    """A page outside opens in the browser of whoever clicks; nothing is asked of us."""
    BOILERPLATE = "mark_boilerplate"
    """Open the modal that marks a picture of `BoilerplateRef` as boilerplate."""
    SILENCED = "show_silenced"
    UNSILENCE = "undo_silence"
    JUDGE = "judge_sighting"
    EXPLAIN = "explain_sighting"
    VERDICTS = "show_verdicts"
    UNDO_VERDICT = "undo_verdict"


class Callback(StrEnum):
    """Names of modals and shortcuts."""

    CHECK_MESSAGE = "check_message"
    DISMISS_REASON = "dismiss_reason"
    BOILERPLATE = "boilerplate"
    ASSIGN = "assign_to"
    SNOOZE = "snooze_until"
    DIGEST_PLAN = "digest_plan"
    WATCH = "watch"
    VERDICT = "verdict"


class Field(StrEnum):
    """Names of the inputs in modals, both as block and as action id."""

    REASON = "reason"
    NOTE = "note"
    ASSIGNEE = "assignee"
    SCOPE = "scope"
    UNTIL = "until"
    MOMENT = "moment"
    TIME = "time"
    DAYS = "days"
    ZONE = "zone"
    SECTIONS = "sections"
    EMPTY = "empty"
    PICTURE = "picture"
    KIND = "kind"
    SUBJECT = "subject"
    CHANNEL = "channel"
    SCHEDULE = "schedule"
    SOURCES = "sources"
    QUIET = "quiet"
    BUDGET = "budget"
    PLACE = "place"
    STANCE = "stance"


class Verb(StrEnum):
    """The questions that a button can ask again."""

    TRACE = "trace"
    WHEREIS = "whereis"
    CHECK = "check"
    COMPARE = "compare"
    PEOPLE = "people"


class BadValue(DatelineError):
    """A value that came back from Slack is not one that this version wrote."""

    code = "bad_value"


_NEWER: Final = ("since", "place", "stance")
"""Those that older buttons say nothing of, and that are written only where they are set."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question to be asked again.

    Attributes:
        subject: the link, the name or person, or the inputs of a check, one a line.
        start: how many sightings of the answer were shown already.
        since: a day; only what was published then or later.
        place: a name; only what is said of that place.
        stance: only what is said so surely.
    """

    verb: Verb
    subject: str
    on: str | None = None
    known_on: str | None = None
    start: int = 0
    since: str | None = None
    place: str | None = None
    stance: str | None = None


class Until(StrEnum):
    """How long a snooze holds."""

    HOUR = "1h"
    HOURS = "4h"
    TOMORROW = "tomorrow"
    """Nine in the morning of the day after, where the member is."""
    WEEK = "1w"
    MOMENT = "moment"
    """A date and a time that the member picks."""


@dataclass(frozen=True, slots=True)
class AlertRef:
    """A warning, and how many steps about it the card showed; None where it showed none of them."""

    alert: str
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class SnoozeRef:
    """A snooze."""

    snooze: str


@dataclass(frozen=True, slots=True)
class RollRef:
    """A rolling message, and how many of its warnings were shown already."""

    roll: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class DigestRef:
    """What is to be done about the digest of a channel: a word that follows `/dateline digest`."""

    what: str
    channel: str


@dataclass(frozen=True, slots=True)
class LetterRef:
    """A message that was given up; empty: all those that are shown."""

    letter: str


@dataclass(frozen=True, slots=True)
class SweepRef:
    """A sweep that somebody asked for."""

    sweep: str


Value = (
    SweepRef
    | Question
    | AlertRef
    | SnoozeRef
    | RollRef
    | LetterRef
    | DigestRef
    | WatchRef
    | WatchDraft
    | BoilerplateRef
    | SilenceRef
    | SightingRef
    | VerdictDraft
    | VerdictRef
)


def encode(value: Value) -> str | None:
    """Write a value as a button carries it; None where it is too long for one."""
    told = {name: one for name, one in asdict(value).items() if one is not None or name not in _NEWER}
    written = json.dumps({"is": type(value).__name__, **told}, ensure_ascii=True, separators=(",", ":"))
    return written if len(written) <= VALUE_LIMIT else None


def question(written: str) -> Question:
    """Read the question that a button carried.

    Raises:
        BadValue: it is not one.
    """
    match _read(written):
        case {
            "is": "Question",
            "verb": str(verb),
            "subject": str(subject),
            "on": str() | None as on,
            "known_on": str() | None as known_on,
            "start": int(start),
            **rest,
        } if verb in list(Verb) and start >= 0:
            told = (rest.get(name) for name in _NEWER)
            return Question(Verb(verb), subject, on, known_on, start, *(str(one) if one else None for one in told))
    raise BadValue("This button is not one of ours; ask again with the command.")


def alert_ref(written: str) -> AlertRef:
    """Read the warning that a button carried.

    Raises:
        BadValue: it is not one.
    """
    match _read(written):
        case {"is": "AlertRef", "alert": str(alert), "seen": int(seen)} if not isinstance(seen, bool) and seen >= 0:
            return AlertRef(alert, seen)
        case {"is": "AlertRef", "alert": str(alert), **rest} if rest.get("seen") is None:
            return AlertRef(alert)
    raise BadValue("This button is not one of ours; look at the warning itself again.")


def snooze_ref(written: str) -> SnoozeRef:
    """Read the snooze that a button carried.

    Raises:
        BadValue: it is not one.
    """
    match _read(written):
        case {"is": "SnoozeRef", "snooze": str(snooze)}:
            return SnoozeRef(snooze)
    raise BadValue("This button is not one of ours; ask for /dateline snoozes again.")


def roll_ref(written: str) -> RollRef:
    """Read the rolling message that a button carried.

    Raises:
        BadValue: it is not one.
    """
    match _read(written):
        case {"is": "RollRef", "roll": str(roll), "start": int(start)} if start >= 0:
            return RollRef(roll, start)
    raise BadValue("This button is not one of ours; look at the message itself again.")


def digest_ref(written: str) -> DigestRef:
    """Read what a button of a digest carried.

    Raises:
        BadValue: it is not one.
    """
    match _read(written):
        case {"is": "DigestRef", "what": str(what), "channel": str(channel)}:
            return DigestRef(what, channel)
    raise BadValue("This button is not one of ours; ask for /dateline digest settings again.")


def watch_ref(written: str) -> WatchRef:
    """Read the watch that a button or a modal carried.

    Raises:
        BadValue: it is not one.
    """
    match _read(written):
        case {"is": "WatchRef", "what": str(what), "watch": str(watch), "channel": str(channel)}:
            return WatchRef(what, watch, channel)
    raise BadValue("This button is not one of ours; ask for /watch list again.")


def watch_draft(written: str) -> WatchDraft:
    """Read the watch that somebody may want, of a button or a modal.

    Raises:
        BadValue: it is none.
    """
    match _read(written):
        case {"is": "WatchDraft", "subjects": [*subjects], "parts": dict(parts), "public": bool(public)} if all(
            isinstance(one, str) for one in (*subjects, *parts, *parts.values())
        ):
            return WatchDraft(tuple(map(str, subjects)), {str(name): str(said) for name, said in parts.items()}, public)
    raise BadValue("This button is not one of ours; type /watch and what is to be watched.")


def sweep_ref(written: str) -> SweepRef:
    """Read the sweep that a button carried.

    Raises:
        BadValue: it is not one.
    """
    match _read(written):
        case {"is": "SweepRef", "sweep": str(sweep)}:
            return SweepRef(sweep)
    raise BadValue("This button is not one of ours; see /watch list for how sweeps went.")


def letter_ref(written: str) -> LetterRef:
    """Read the dead letter that a button carried.

    Raises:
        BadValue: it is not one.
    """
    match _read(written):
        case {"is": "LetterRef", "letter": str(letter)}:
            return LetterRef(letter)
    raise BadValue("This button is not one of ours; ask for /dateline status again.")


def boilerplate_ref(written: str) -> BoilerplateRef:
    """Read the pictures that a button or a modal carried.

    Raises:
        BadValue: they are none of ours.
    """
    match _read(written):
        case {
            "is": "BoilerplateRef",
            "pictures": [*pictures],
            "alert": str(alert),
            "seen": int() | None as seen,
            "channel": str(channel),
        } if all(isinstance(one, str) for one in pictures):
            return BoilerplateRef(tuple(map(str, pictures)), alert, seen, channel)
    raise BadValue("This button is not one of ours; trace the post again.")


def silence_ref(written: str) -> SilenceRef:
    """Read what of the list of silenced pictures a button carried.

    Raises:
        BadValue: it is not one.
    """
    match _read(written):
        case {"is": "SilenceRef", "silence": str(silence), "start": int(start)} if start >= 0:
            return SilenceRef(silence, start)
    raise BadValue("This button is not one of ours; ask for /dateline silenced again.")


def action_pattern(action: Action) -> re.Pattern[str]:
    """Match every button of one kind, numbered or not, for the listener that takes them."""
    return re.compile(rf"^{re.escape(action)}(?:\.\d+)?$")


def _read(written: str) -> object:
    try:
        return json.loads(written)
    except ValueError:
        return None


carried = _read  # for readers of other files
