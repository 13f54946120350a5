"""What somebody asks, from whichever door it came: a command, a mention, a click, a shortcut, a dropped picture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from bot.intake import Audience
from bot.slack.ids import Question
from storage.records import EVERYONE, Viewer

LONGEST: Final = 3_000
"""Characters of a question that are read; a link and a name are far shorter."""


NARROWING: Final = ("on", "known_on", "since", "place", "stance")
"""What a question for a person may be narrowed to, by the names in the detail of a request."""


class Door(StrEnum):
    """How a question came, which decides where its answer goes."""

    COMMAND = "command"
    """A slash command or a click: answered to the one who asked alone."""
    MENTION = "mention"
    """A mention or a direct message: answered in its thread."""
    FILE = "file"
    """A picture dropped into a channel: spoken of in its thread, and only where it was seen before."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question.

    Attributes:
        id: the same for every delivery of it.
        verb: `trace`, `whereis`, `check`, `share`, ….
        subject: the link, name or whatever the verb takes, as typed.
        workspace: the team.
        user: who asks.
        channel: where.
        private: whether only the members of the channel see what stands in it.
        door: how it came.
        response_url: where an answer to the one who asked goes; empty where there is none.
        thread: the `ts` of the thread to answer in.
        detail: what else the verb takes, as JSON values.
    """

    id: str
    verb: str
    subject: str
    workspace: str
    user: str
    channel: str
    private: bool
    door: Door
    response_url: str = ""
    thread: str = ""
    detail: Mapping[str, Any] | None = None

    @property
    def requester(self) -> str:
        """Whose turn in the queue it takes."""
        return f"{self.workspace}/{self.user}"

    @property
    def viewer(self) -> Viewer:
        """What the one who asks may see from where they ask."""
        return Viewer(self.workspace, frozenset({EVERYONE, *self._own}))

    @property
    def audience(self) -> Audience:
        """To whom a post that is taken in for this question is granted: what is seen in private stays there."""
        return Audience(self.workspace, self._own[0] if self._own else EVERYONE, f"{self.workspace}/{self.user}")

    @property
    def _own(self) -> tuple[str, ...]:
        if not self.private:
            return ()
        # Home is no channel: what is asked there is for the one who asks
        return (f"channel:{self.channel}" if self.channel else f"user:{self.user}",)

    def written(self) -> dict[str, Any]:
        """Return the request as JSON values."""
        return asdict(self)

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Request:
        """Read what `written` has written."""
        return cls(**{**values, "door": Door(values["door"])})


@dataclass(frozen=True, slots=True)
class Words:
    """A question that was typed: its verb (empty where there is none), the rest, and the days it names."""

    verb: str
    subject: str
    on: str | None = None
    known_on: str | None = None
    since: str | None = None
    place: str | None = None
    stance: str | None = None


_ESCAPES: Final = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
"""What Slack writes for the characters that it keeps for itself; any other entity was typed as it stands.
https://docs.slack.dev/messaging/formatting-message-text#escaping"""
_ESCAPE = re.compile("|".join(_ESCAPES))
# Unicode's property Bidi_Control, and the mark of byte order: keyboards and clipboards bring them along, unseen
_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LINK = re.compile(r"<((?:https?://|mailto:)[^<>|\s]+)(?:\|[^<>]*)?>")
_NAMED = re.compile(r"<@(?P<id>[UW][A-Z0-9]+)(?:\|[^<>]*)?>[\s:,]*")
_MENTION = re.compile(r"\A\s*<@[UW][A-Z0-9]+(?:\|[^<>]*)?>[\s:,]*")
QUOTES: Final = {('"', '"'), ("'", "'"), ("“", "”"), ("„", "“"), ("‘", "’"), ("«", "»"), ("”", "”")}
_ROLE = re.compile(r"\s+role\s+", re.I)
_ALIAS = re.compile(r"\s+alias(?:es)?\s+", re.I)
_OPTION = re.compile(r"\s(?:--|[–—])([a-z]+)(?:[\s=]+|\Z)", re.I)  # keyboards make a dash of two hyphens
_DAYS = re.compile(r"\s+(?:as\s+)?(?P<what>known\s+on|known-on|on|since)\s+(?P<day>\d{4}-\d{2}-\d{2})\s*\Z", re.I)
_STANCE = re.compile(r"\s+(?P<what>stance)\s+(?P<value>[a-z]+)\s*\Z", re.I)
_PLACE = re.compile(r".*(?<=\S)(?P<all>\s+(?P<what>place)\s+(?P<value>\S.*))\Z", re.I | re.S)


def narrowed(asked: Words | Question) -> dict[str, str | None]:
    """Return what a question is narrowed to, as the detail of a request."""
    return {name: getattr(asked, name) for name in NARROWING}


def typed(text: str) -> str:
    """Return what somebody typed, on one line: Slack's escapes undone, links bare, marks of direction left out."""
    bare = _LINK.sub(r"\1", _MARKS.sub("", text[: 10 * LONGEST]))
    return " ".join(_ESCAPE.sub(lambda found: _ESCAPES[found[0]], bare).split())[:LONGEST]


def addressed(text: str, us: Set[str] = frozenset()) -> str:
    """Return what was said to the app: what follows the mention of one of the ids in `us`, else what stands before it.

    Where none of them is mentioned, it is the text without a mention that it begins with.
    """
    text = _MARKS.sub("", text)
    for named in _NAMED.finditer(text):
        if named["id"] in us:
            return text[named.end() :] if text[named.end() :].strip() else text[: named.start()]
    return _MENTION.sub("", text, count=1)


def read_question(text: str) -> Words:
    """Take the verb off the front of a question that was typed to the app, and the days off its end."""
    verb, _, rest = typed(text).partition(" ")
    return _dated(verb.lower().lstrip("/"), rest)


def read_subject(verb: str, text: str) -> Words:
    """Read what was typed after a slash command."""
    return _dated(verb, typed(text))


def read_alone(request: Request) -> bool:
    """Whether one person reads the answer; what a channel reads names nobody, since that would call them."""
    return request.door is Door.COMMAND or request.channel.startswith("D")


def unquoted(name: str) -> str:
    """Return a name without the quotes around it."""
    name = name.strip()
    return name[1:-1].strip() if len(name) > 1 and (name[0], name[-1]) in QUOTES else name


def read_person(text: str) -> tuple[str, list[str], str] | None:
    """Read the name, the other names and the role of a person who is to be watched; None where it is not understood.

    `NAME alias OTHER, ANOTHER role ROLE`, or with the options and the quotes of the command line.
    """
    said = read_options(text)
    return said and (unquoted(said[0]), said[1], said[2])


def read_options(text: str) -> tuple[str, list[str], str] | None:
    """Read what stands before the other names and the role, as it was typed, and these; None as `read_person`."""
    if not _OPTION.search(text):
        text, _, role = _split(text, _ROLE)
        text, _, aliases = _split(text, _ALIAS)
        return text.strip(), _names(aliases), unquoted(role)
    name, *given = _OPTION.split(text)
    others: list[str] = []
    role = ""
    for option, value in zip(given[::2], given[1::2], strict=True):
        if option.lower().startswith("alias"):
            others += _names(value)
        elif option.lower() == "role":
            role = unquoted(value)
        else:
            return None
    return name.strip(), others, role


def _split(text: str, mark: re.Pattern[str]) -> tuple[str, str, str]:
    found = mark.search(text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _names(written: str) -> list[str]:
    return [name for each in written.split(",") if (name := unquoted(each))]


def _dated(verb: str, rest: str) -> Words:
    taken: dict[str, str] = {}
    while verb == "whereis" and (found := _last(f" {rest}")) and found[0] not in taken:
        what, value, end = found
        taken[what] = value
        rest = f" {rest}"[:end].strip()
    return Words(verb, rest.strip(), **taken)


def _last(text: str) -> tuple[str, str, int] | None:
    """Return what a question ends with that narrows it: what it is, its value, and where it begins."""
    if found := _DAYS.search(text):
        what = found["what"].lower()
        value = "{:04}-{:02}-{:02}".format(*map(int, found["day"].split("-")))  # in whatever digits
        return what if what in {"on", "since"} else "known_on", value, found.start()
    if found := _STANCE.search(text):
        return "stance", found["value"].lower(), found.start()
    if found := _PLACE.match(text):
        return "place", unquoted(found["value"]), found.start("all")
    return None
