"""Ties that no listed verb makes: a verb that is on no list right beside its place, and a name right before "in PLACE".

What stands between is what decides. "NAME dined in PLACE" and "NAME in PLACE promised help" say where NAME is; in
"NAME condemned the attack in PLACE" the place belongs to the attack, so a word of its own between them ties nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.reading.clauses.clause import SMALL, Clause
from bot.reading.clauses.lexicon import Lexicon, Tag
from bot.reading.clauses.places import end_of, role_of
from bot.reading.clauses.tokens import Token
from storage.records import Stance

ACT = "act"
"""The group of a verb that is on no list."""

_LOCATIVE = re.compile(r"(?:[еиії]|[ая]х|[оеє]м|ой|ій)$")
"""What a Slavic place or noun ends in where "in" does not mean "into"."""
_FAR = ("plan", "cancel", "photo", "could")
_SHAPES = (
    ("negated", Stance.NEGATED),
    ("planned", Stance.PLANNED),
    ("alleged", Stance.ALLEGED),
    ("past", None),
)
_SAID = ("report", "verb", "distant", "plan", "could", "cancel", "question", "condition", "photo", "impersonal")


def mark(tokens: Sequence[Token], clauses: Sequence[Clause], known: Lexicon) -> None:
    """Tag each unlisted verb that stands right beside the place where it happens."""
    for clause in clauses:
        for place in range(clause.first, clause.last + 1):
            if tokens[place].kind != "plc":
                continue
            where = role_of(tokens, clause.first, place, known)
            if where is None or where[0] != "in":
                continue
            at = _verb_behind(tokens, clause, place, known) if known.verb_final else where[1] - 1
            while not known.verb_final and at > clause.first and _is_quiet(tokens[at]):
                at -= 1
            if known.cased and not _LOCATIVE.search(tokens[where[1] + 1].low):
                continue  # Slavic "into PLACE"
            if clause.first <= at <= clause.last and _is_unlisted(tokens[at]):
                read = _shape(tokens[at].low, known)
                if read is not None:
                    tokens[at].tags.extend(read)


def _is_quiet(token: Token) -> bool:
    return token.kind in {"tim", "num"} or token.inside or token.has("adverb", "when", "aux")


def _is_unlisted(token: Token) -> bool:
    return token.kind == "word" and not token.inside and not token.tags and not token.quoted


def _verb_behind(tokens: Sequence[Token], clause: Clause, place: int, known: Lexicon) -> int:
    """Find the verb behind a Turkish or Persian place; "by somebody" may stand between."""
    at = end_of(tokens, place, known) + 1
    while at <= clause.last and _is_quiet(tokens[at]):
        at += 1
    by = next((k for k in range(at, min(at + 5, clause.last + 1)) if tokens[k].has("agent")), None)
    return by + 1 if by is not None else at


def _shape(low: str, known: Lexicon) -> list[Tag] | None:
    """Read an unlisted word by its ending: None where it is no verb."""
    for group, stance in _SHAPES:
        pattern = known.options.get(f"verb-{group}")
        if pattern and re.search(pattern, low):
            nominal = known.options.get("verb-nominal")
            extra = [Tag("nominal", 1)] if nominal and re.search(nominal, low) else []
            return [Tag(ACT, 1, stance), *extra]
    return None


def stands_before(tokens: Sequence[Token], clause: Clause, person: int, left: int, known: Lexicon) -> bool:
    """Tell whether a name stands right before "in PLACE", in a clause whose verb is its own.

    In languages whose places stand before every verb only a prison or a hospital says so. Nowhere does it count where
    what is done is spoken of, denied or still ahead.
    """
    if known.verb_final and not any(t.has("confines") for t in tokens[left : end_of(tokens, left, known) + 1]):
        return False
    between = tokens[person + 1 : left]
    if not all(_is_quiet(t) or t.kind == "suffix" or (known.verb_final and t.low == ",") for t in between):
        return False
    words = tokens[clause.first : clause.last + 1]
    if any(t.has("distant") for t in tokens[clause.first : left]):
        return False
    if any(t.has(*_FAR) or (t.kind == "per" and t is not tokens[person]) for t in words):
        return False
    if any(t.cue is not None and (t.cue.kind == "impersonal" or t.cue.stance is Stance.DENIED) for t in words):
        return False
    ahead = known.options.get("verb-ahead")
    return not any(
        t.stance is Stance.PLANNED or (ahead and t.kind == "word" and not t.tags and re.search(ahead, t.low))
        for t in words
    )


def is_bare(tokens: Sequence[Token], first: int, stop: int) -> bool:
    """Tell whether nothing stands between two tokens that could be somebody or something else."""
    return all(
        t.kind in {"tim", "num", "suffix", "plc"}
        or t.inside
        or t.low in {",", "،"}
        or (t.has(*SMALL) and not t.has("noun", *_SAID))
        for t in tokens[first:stop]
    )
