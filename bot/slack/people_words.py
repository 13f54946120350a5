"""The words after `/dateline people`: the same as on the command line, and as one would say them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.slack.request import QUOTES, read_options, unquoted
from storage.errors import DatelineError

HOW: Final = {
    "add": "/dateline people add NAME alias OTHER NAME role ROLE",
    "remove": "/dateline people remove NAME",
    "merge": '/dateline people merge "NAME TO KEEP" "OTHER NAME"',
    "rename": '/dateline people rename "OLD NAME" "NEW NAME"',
    "split": '/dateline people split "NAME" "SOMEBODY ELSE" alias SPELLING, SPELLING',
    "undo": "/dateline people undo, or undo and the number of a change",
    "history": "/dateline people history, or history NAME",
}
"""How each act is typed."""

_ACT: Final = re.compile(r"(?P<act>list|add|remove|merge|rename|split|undo|history)\b\s*(?P<rest>.*)\Z", re.I | re.S)
_BETWEEN: Final = {"merge": "into", "rename": "to", "split": "into"}
_PIECE: Final = re.compile(
    "|".join(rf"{first}([^{last}]*){last}(?=\s|\Z)" for first, last in sorted(QUOTES)) + r"|(\S+)"
)


class PeopleWordsRefused(DatelineError):
    """What was typed after `/dateline people` is not understood; the message says what to type."""

    code = "not_understood"


@dataclass(frozen=True, slots=True)
class PeopleWords:
    """What is to be done about the watch-list.

    Attributes:
        act: list, add, remove, merge, rename, split, undo or history.
        name: of whom: of a merge the one who stays, of a rename as they are called now; empty where nobody is named.
        other: the one who goes, the new name, or who the spellings belong to.
        aliases, role: what is said besides.
        number: of the change that is to be undone; None where the newest is meant.
    """

    act: str
    name: str = ""
    other: str = ""
    aliases: tuple[str, ...] = ()
    role: str = ""
    number: int | None = None


def read_people(text: str) -> PeopleWords:
    """Read what was typed.

    Raises:
        PeopleWordsRefused: it is not understood.
    """
    asked = _ACT.match(text.strip() or "list")
    if asked is None:
        raise _refused("add", "That is not understood")
    act, rest = asked["act"].lower(), asked["rest"].strip()
    if act in {"list", "history"}:
        return PeopleWords(act, unquoted(rest))
    if act == "undo":
        if rest and not (rest.isascii() and rest.isdecimal() and len(rest) < 16):
            raise _refused(act, "That is not understood")
        return PeopleWords(act, number=int(rest) if rest else None)
    if not rest:
        raise _refused(act, "No name was given")
    if act == "remove":
        return PeopleWords(act, unquoted(rest))
    said = read_options(rest)
    if said is None:
        raise _refused(act, "That is not understood")
    head, aliases, role = said
    if act == "add":
        return PeopleWords(act, unquoted(head), "", tuple(aliases), role)
    if role or (aliases and act != "split"):
        raise _refused(act, "That is not understood")
    first, second = _two(act, head)
    return PeopleWords(act, first, second, tuple(aliases))


def _two(act: str, text: str) -> tuple[str, str]:
    """Read two names: in quotes or of one word each, or with a word between them ("B into A" keeps A)."""
    pieces = [(found[0], next((each for each in found.groups()[:-1] if each), "")) for found in _PIECE.finditer(text)]
    between = [at for at, (written, inside) in enumerate(pieces) if not inside and written.lower() == _BETWEEN[act]]
    names = [inside or written for written, inside in pieces]
    if len(between) == 1 and 0 < between[0] < len(names) - 1:
        first, second = " ".join(names[: between[0]]), " ".join(names[between[0] + 1 :])
        return (second, first) if act == "merge" else (first, second)
    if len(names) == 2 and not between:
        return names[0], names[1]
    raise _refused(act, "Two names are needed, each in quotes")


def _refused(act: str, why: str) -> PeopleWordsRefused:
    return PeopleWordsRefused(f"{why}; type {HOW[act]}.")
