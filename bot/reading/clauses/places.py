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
_ATTACHED = {"ar": {"ب": "in", "ل": "to"}, "he": {"ב": "in", "ל": "to", "מ": "from"}}
"""Prepositions written onto the noun behind them, by language."""
_SKIPPED = 5
"""Words that may stand between a preposition and its place: "in the northern city of X"."""


def role_of(tokens: Sequence[Token], first: int, at: int, known: Lexicon) -> tuple[str, int] | None:
    """Say how the place at token `at` stands, and where its phrase begins; None where it places nobody.

    Returns:
        (`in`, `to`, `from`, `object`, `beside` or, for the target of an attack, `struck`; first token of the phrase).
    """
    if known.lang == "tr":
        return _turkish(tokens, at)
    if _names_a_house(tokens, at):
        return None
    left = at - 1
    skipped = 0
    while left >= first and skipped < _SKIPPED and _belongs(tokens, left, first, known):
        attached = _attached(tokens[left], known)
        if attached is not None:
            return attached, left
        left -= 1
        skipped += 1
    if left < first:
        return None
    token = tokens[left]
    if token.has("to", "in", "prep") and any(tokens[k].has("strike") for k in range(max(first, left - 2), left)):
        return "struck", left
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


def _belongs(tokens: Sequence[Token], at: int, first: int, known: Lexicon) -> bool:
    """Tell whether a word stands between a preposition and its place: "in [the northern city of] PLACE"."""
    token = tokens[at]
    between = at > first and _head(tokens, at - 1, first).has("placenoun") and tokens[at + 1].kind != "suffix"
    if between and (
        token.has("of")
        or (known.lang == "ar" and token.low == "ل")
        or (token.has("from", "in") and tokens[at + 1].has("placenoun"))
    ):
        return True  # "in the airport of PLACE", "in one of the streets of PLACE", "in a flat in the centre of PLACE"
    if between and known.lang in {"ar", "fa"} and token.kind == "word" and not token.tags and not token.inside:
        return True  # "in the prison X of PLACE"
    if _names_a_house(tokens, at):
        return True
    if token.kind == "suffix" or token.has("in", "to", "from", "conj", "object"):
        return False
    if token.inside and at > first:
        return _belongs(tokens, at - 1, first, known)
    if token.has("placenoun", "adjective"):
        return True
    pattern = known.options.get("adjective")
    return token.kind == "word" and bool(pattern) and not token.tags and re.search(fold(pattern), token.low) is not None


def _names_a_house(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a name is that of a prison or a palace in the place named next: "in the prison X in PLACE"."""
    if tokens[at].kind != "plc" or not at or not tokens[at - 1].has("house"):
        return False
    after = tokens[at + 1 : at + 3]
    return bool(after) and (after[0].kind == "plc" or (after[0].has("in", "of") and after[-1].kind == "plc"))


def _head(tokens: Sequence[Token], at: int, first: int) -> Token:
    """Give the token that a longer expression began with."""
    while at > first and tokens[at].inside:
        at -= 1
    return tokens[at]


def _attached(token: Token, known: Lexicon) -> str | None:
    """Say what a preposition that is written onto a noun makes of it: Hebrew "in-the-port", Arabic "in-port"."""
    if not token.has("placenoun") or known.lang not in _ATTACHED:
        return None
    if any(tag.group == "placenoun" for tag in known.tags([[token.low]])):
        return None
    for letter, role in _ATTACHED[known.lang].items():
        if re.match(rf"(?:ו|ש|و|ف)?{letter}", token.low):
            return role
    return None


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
            if role == "to" and any(token.has("strike") for token in tokens[at + 2 : at + 2 + _AHEAD]):
                role = "struck"
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


def end_of(tokens: Sequence[Token], at: int, known: Lexicon) -> int:
    """Give the last token of a place's phrase: its ending, and in Turkish the noun that bears it."""
    end = at + 1 if at + 1 < len(tokens) and tokens[at + 1].kind == "suffix" else at
    ending = tokens[end].low if end > at else ""
    if known.lang != "tr" or (ending and not _ATTRIBUTE.match(ending) and not _GENITIVE.match(ending)):
        return end
    for later in range(end + 1, min(end + 1 + _AHEAD, len(tokens))):
        if tokens[later].kind == "suffix" or (tokens[later].kind == "word" and _HEAD["in"].search(tokens[later].low)):
            return later
    return end


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
        if token.kind != "word" or token.trigger or token.cue:
            return None
        role = next((role for role, shape in _HEAD.items() if shape.search(token.low)), None)
        if role == "in" and token.has("captor_after", "captor", "strike"):
            return "struck"
        if token.has("captor_after"):
            return None
        if role is not None:
            return role
    return None
