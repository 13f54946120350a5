"""Whose a name alone is: the full name in the text, a role beside it, nobody else of that name on the list."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.reading.linked import Because, link
from bot.reading.names.compare import THRESHOLD, WORD
from bot.reading.names.context import is_distinctive
from bot.reading.names.index import NameIndex, Spelling
from bot.reading.names.letters import is_abjad
from bot.reading.names.skeleton import token_similarity
from bot.reading.names.tokens import NameToken

_SHORTEST_SURNAME = 4
_SHORTEST_UNVOWELLED = 3
"""The same where vowels are not written and nothing is written onto the name (אסד, الشرع)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name in a text, and whose it may be: the tokens it covers, where it stands, how well it fits, and why.

    `skipped` counts the words of the spelling, or of the text, that the other one lacks.
    """

    spelling: Spelling
    first: int
    last: int
    start: int
    end: int
    score: float
    linked: str = ""
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Bearer:
    """Somebody whose surname a word may be, with their role that stands beside it, and what stands before it.

    The last is None where nobody else on the list bears the surname.
    """

    one: Candidate
    role: str
    before: str | None

    @property
    def person(self) -> int:
        """Their place in the watch-list."""
        return self.one.spelling.person


class Bearers:
    """Chooses among the people of an index."""

    def __init__(self, index: NameIndex) -> None:
        self._index = index

    def chosen(self, bearers: list[Bearer], named: set[int], token: NameToken) -> Candidate | None:
        """Choose the one person meant by a name alone, and say by what; nobody where more than one may be."""
        full = [each for each in bearers if each.person in named]
        roles = [each for each in full or bearers if each.role]
        if len(full) == 1:
            return self._linked(full[0], Because.FULL)
        if len(roles) == 1 and (len(bearers) > 1 or not self._is_clear(bearers[0], token)):
            is_clear = roles[0].one.score == 1.0 or self._is_long(roles[0], token)
            return self._linked(roles[0], Because.ROLE) if is_clear else None
        listed = [each for each in bearers if each.one.spelling.listed and each.one.score == 1.0]
        if full or (len(bearers) > 1 and len(listed) != 1):
            return None
        if len(bearers) > 1:
            return self._linked(listed[0], Because.LISTED)
        if not bearers or not self._is_clear(bearers[0], token):
            return None
        return self._linked(bearers[0], Because.ONLY if bearers[0].before is None else Because.BEFORE)

    def _linked(self, bearer: Bearer, because: Because) -> Candidate:
        """Note by what a name alone is somebody's; nothing is noted of an alias that is no surname of theirs."""
        spelling = bearer.one.spelling
        if spelling.listed and not any(
            token_similarity(*sorted((spelling.tokens[0], surname))) >= THRESHOLD
            for surname in self._index.surnames[bearer.person]
        ):
            return bearer.one
        surname = spelling.text if spelling.listed else WORD.findall(spelling.text)[-1]
        word = {Because.ROLE: bearer.role, Because.BEFORE: bearer.before}.get(because, surname)
        return replace(bearer.one, linked=link(because, word)) if word else bearer.one

    def _is_clear(self, bearer: Bearer, token: NameToken) -> bool:
        """Tell whether a surname points at its bearer without more: listed, or long enough and no everyday word."""
        spelling = bearer.one.spelling
        return spelling.listed or (self._is_long(bearer, token) and is_distinctive(spelling.tokens[0]))

    @staticmethod
    def _is_long(bearer: Bearer, token: NameToken) -> bool:
        one = bearer.one
        surname = one.spelling.tokens[0]
        whole = one.score == 1.0 and one.start <= token.end - len(token.text)
        shortest = _SHORTEST_UNVOWELLED if whole and is_abjad(surname) else _SHORTEST_SURNAME
        return one.spelling.listed or len(surname) >= shortest
