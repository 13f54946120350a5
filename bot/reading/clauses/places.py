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
_ATTRIBUTE = re.compile(r"^n?[dt]aki$|^n?[dt]eki$")
_LOCATIVE = re.compile(r"\w(?:n?[dt][ae])$")
"""The word behind "PLACE'daki" must say that it is in there: "in his house in PLACE"."""
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
        following = tokens[at + 2] if at + 2 < len(tokens) else None
        if _ATTRIBUTE.match(after.low):
            inside = following is not None and not following.has("captor_after") and _LOCATIVE.search(following.low)
            return ("in", at) if inside else None
        return next(((role, at) for role, shape in _TURKISH.items() if shape.match(after.low)), None)
    for role in ("in", "to", "from"):
        if after.has(f"place_{role}"):
            return role, at
    if after.has("conj") or after.low == ",":
        for later in range(at + 2, min(at + 4, len(tokens))):
            if tokens[later].kind == "plc":
                return _turkish(tokens, later)
    trigger = after.trigger
    if trigger is not None and trigger.group == "noun":
        return "beside", at
    return None
