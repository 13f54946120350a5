"""How a place stands in its clause: where somebody is, goes, comes from, or what is visited."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.reading.clauses.lexicon import Lexicon
from bot.reading.clauses.tokens import Token
from bot.reading.names.letters import fold

_TURKISH = {
    "in": re.compile(r"^n?[dt][ae]$"),
    "from": re.compile(r"^n?[dt][ae]n$"),
    "to": re.compile(r"^[yn]?[ae]$"),
    "object": re.compile(r"^[yn]?[iıuü]$"),
}
_ATTRIBUTE = re.compile(r"n?[dt][ae]ki$")
"""The ending of "PLACE'daki"; the word behind must say that it is in there: "in his house in PLACE"."""
_GENITIVE = re.compile(r"^n?[iu]n$")
_POSSESSED = {
    "from": re.compile(r"\w[iu]n[dt][ae]n$"),
    "in": re.compile(r"\w[iu]n[dt][ae]$"),
    "to": re.compile(r"\w[iu]n[ae]$"),
    "object": re.compile(r"\w[iu]n[iu]$"),
}
"""What a Turkish noun of a place ends in behind the name of the place ("PLACE kentinde"), folded."""
_HEAD = {
    "from": re.compile(r"\w[dt][ae]n$"),
    "in": re.compile(r"\w[dt][ae]$"),
    "to": re.compile(r"\w(?:[iu]n|[yiu])[ae]$"),
}
"""What any Turkish noun ends in that is somewhere, folded."""
_AHEAD = 4
_SKIPPED = 3
"""Words that may stand between a preposition and its place: "in the northern city of X"."""


def role_of(tokens: Sequence[Token], first: int, at: int, known: Lexicon) -> tuple[str, int] | None:
    """Say how the place at token `at` stands, and where its phrase begins; None where it places nobody.

    Returns:
        (`in`, `to`, `from`, `object` or `beside`, first token of the phrase).
    """
    if known.lang == "tr":
        return _turkish(tokens, at)
    left = at - 1
    skipped = 0
    while left >= first and skipped < _SKIPPED and _belongs(tokens[left], known):
        left -= 1
        skipped += 1
    if left < first:
        return None
    token = tokens[left]
    for role in ("from", "to", "in"):
        if token.has(role):
            return role, left
    if token.has("object"):
        return "object", left
    if token.has("conj") or token.low in {",", "،"}:
        for earlier in range(left - 1, first - 1, -1):
            if tokens[earlier].kind == "plc":
                return role_of(tokens, first, earlier, known)
            if tokens[earlier].kind != "suffix":
                break
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is not None and following.has("object"):
        return "object", at
    trigger = token.trigger
    if trigger is not None and trigger.group in {"visit", "leave"}:
        return "object", at
    if trigger is not None and trigger.group == "noun" and known.lang in {"ar", "fa", "he"}:
        return "beside", at
    if known.lang == "ar" and token.kind == "per":
        return _behind_verb(tokens, first, left)
    return None


def _behind_verb(tokens: Sequence[Token], first: int, person: int) -> tuple[str, int] | None:
    """Read verb, subject, object: "visited NAME PLACE", titles between allowed."""
    for at in range(person - 1, first - 1, -1):
        trigger = tokens[at].trigger
        if trigger is not None:
            return ("object", person + 1) if trigger.group in {"visit", "leave"} else None
    return None


def _belongs(token: Token, known: Lexicon) -> bool:
    if token.kind == "suffix" or token.has("in", "to", "from", "conj", "object"):
        return False
    if token.has("placenoun", "adjective"):
        return True
    pattern = known.options.get("adjective")
    return token.kind == "word" and bool(pattern) and not token.tags and re.search(fold(pattern), token.low) is not None


def _turkish(tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is None:
        return None
    if after.kind == "suffix":
        if _ATTRIBUTE.match(after.low):
            role = _of_head(tokens, at + 2)
        elif _GENITIVE.match(after.low):
            role = _of_part(tokens, at + 2)
        else:
            role = _of_ending(after)
        return (role, at) if role else None
    if (role := _of_part(tokens, at + 1)) is not None:
        return role, at
    if after.has("conj") or after.low == ",":
        for later in range(at + 2, min(at + 4, len(tokens))):
            if tokens[later].kind == "plc":
                return _turkish(tokens, later)
    trigger = after.trigger
    if trigger is not None and trigger.group == "noun":
        return "beside", at
    return None


def _of_ending(suffix: Token) -> str | None:
    return next((role for role, shape in _TURKISH.items() if shape.match(suffix.low)), None)


def _of_part(tokens: Sequence[Token], first: int) -> str | None:
    """Read the noun behind a place that it is a part or a kind of: "PLACE Cezaevi'nde", "PLACE'un X semtinde".

    Where that part is a known place itself, it says where somebody is, and the larger one says nothing.
    """
    for at in range(first, min(first + _AHEAD, len(tokens))):
        token = tokens[at]
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.kind != "word" or token.trigger or token.cue:
            return None
        if not token.has("placenoun"):
            continue
        if following is not None and following.kind == "suffix":
            return _of_head(tokens, at + 2) if _ATTRIBUTE.match(following.low) else _of_ending(following)
        if _ATTRIBUTE.search(token.low):
            return _of_head(tokens, at + 1)
        role = next((role for role, shape in _POSSESSED.items() if shape.search(token.low)), None)
        if role is not None:
            return role
    return None


def _of_head(tokens: Sequence[Token], first: int) -> str | None:
    """Read how the noun stands that "PLACE'daki" belongs to; a noun that takes place there is no whereabouts."""
    for at in range(first, min(first + _AHEAD, len(tokens))):
        token = tokens[at]
        if token.kind != "word" or token.has("captor_after"):
            return None
        if token.trigger or token.cue:
            return None
        role = next((role for role, shape in _HEAD.items() if shape.search(token.low)), None)
        if role is not None:
            return role
    return None
