"""The watch-list: whose names are looked for, and who is meant by a name that somebody typed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from heapq import nlargest

from bot.reading.model import PersonMention
from bot.reading.names.compare import CONTRADICTED, POSSIBLE, THRESHOLD, tokens, tokens_similarity
from bot.reading.names.index import NameIndex, Spelling
from bot.reading.names.letters import codes, fold
from bot.reading.names.linking import Linker
from bot.reading.names.skeleton import keys
from bot.reading.names.usage import contradict, generation
from storage.records import Person

_SURNAME_ONLY = 0.97
"""What a surname that is not a listed alias is worth beside the full name."""
_CLEAR_LEAD = 0.03
"""By how much the best person must lead the next one to be the one who is meant."""
_MISTYPED = 0.85
"""The most that letters in common are worth where the sound does not fit: a typing error is only ever asked about."""
_LETTERS = 0.9
"""What all letters in common are worth where the sound does not say it."""
_SHORTLIST = 60
_NEAREST = 120
"""How many spellings that share a word's skeleton are compared: those that share the most, and the rarest, words."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A person who may be meant by a name.

    Attributes:
        score: how surely, 0..1: from THRESHOLD on the names are one, from POSSIBLE on it is worth asking.
        matched_as: the spelling of theirs that is nearest, as listed.
    """

    person: Person
    score: float
    matched_as: str


class WatchList:
    """Everybody whose name is looked for: links mentions in a text, and ranks candidates for a name.

    Made once from the people; it does not change. Names are compared in any of the scripts of
    `bot.reading.names.letters`, also across two of them.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self.people: tuple[Person, ...] = tuple(people)
        self._index = NameIndex(self.people)
        self._linker = Linker(self._index)

    def find(self, text: str) -> list[PersonMention]:
        """Find the mentions of watched people in a text, in order; spans never overlap.

        A mention covers the name as it stands, a leading `#` included; titles before it and a possessive 's after it
        are left out. Precision goes before recall: a surname alone links only for a reason, which the mention tells
        (`bot.reading.names.linking`, `bot.reading.linked`).
        """
        return self._linker.find(text)

    def touches(self, text: str) -> bool:
        """Tell whether a text may name anybody here; False: no change of these people can change what `find` finds."""
        return self._linker.touches(text)

    def rank(self, name: str, limit: int = 5) -> list[Ranked]:
        """Rank the people that a typed name may mean, surest first, each once, by their nearest spelling.

        At most `limit`; nobody below POSSIBLE / 2 is given. Who is first is not therefore meant: see `resolve`.
        """
        query = tokens(name)
        best: dict[int, Ranked] = {}
        self._compare(name, query, self._sharing(query), best)
        if all(one.score < THRESHOLD for one in best.values()):
            self._compare(name, query, self._alike(query), best)
        return [best[at] for at in sorted(best, key=lambda at: (-best[at].score, at))][:limit]

    def _compare(
        self, name: str, query: tuple[str, ...], spellings: Iterable[Spelling], best: dict[int, Ranked]
    ) -> None:
        for spelling in spellings:
            score = self._score(name, query, spelling)
            known = best.get(spelling.person)
            if score >= POSSIBLE / 2 and (known is None or score > known.score):
                best[spelling.person] = Ranked(self.people[spelling.person], score, spelling.text)

    def resolve(self, name: str) -> Ranked | None:
        """Return the one person who is meant by a name, or None where nobody is, or more than one may be.

        Meant is whoever reaches THRESHOLD and leads the next one clearly, or is listed exactly so and alone in that.
        """
        ranked = self.rank(name, 2)
        if not ranked or ranked[0].score < THRESHOLD:
            return None
        if len(ranked) > 1:
            first, second = ranked
            exact = first.score == 1.0 and second.score < 1.0
            rival = second.score >= _MISTYPED  # a typing error away
            if not exact and (rival or first.score - second.score < _CLEAR_LEAD):
                return None
        return ranked[0]

    def _score(self, name: str, query: tuple[str, ...], spelling: Spelling) -> float:
        if spelling.listed and fold(name) == fold(spelling.text):
            return 1.0
        score = tokens_similarity(query, spelling.tokens)
        if score >= THRESHOLD and spelling.listed:
            son = generation(name) > 1 and not generation(spelling.text)  # asked for Jr, and the list has none
            if son or contradict(name, spelling.text):
                score = CONTRADICTED
        if score < _MISTYPED:
            letters = SequenceMatcher(None, fold(" ".join(query)), fold(" ".join(spelling.tokens)), autojunk=False)
            if letters.real_quick_ratio() * _LETTERS > score and letters.quick_ratio() * _LETTERS > score:
                score = max(score, min(letters.ratio() * _LETTERS, _MISTYPED))
        return score if spelling.listed else score * _SURNAME_ONLY

    def _sharing(self, query: Sequence[str]) -> list[Spelling]:
        """Give the spellings that share skeletons with a name: those that share the most, and the rarest, first."""
        shared: defaultdict[Spelling, float] = defaultdict(float)
        for token in query:
            found = {
                spelling
                for key in keys(token)
                for word in self._index.by_key.get(key, ())
                for spelling, _ in self._index.by_word[word]
            }
            for spelling in found:
                shared[spelling] += 1 + 1 / len(found)
        return nlargest(_NEAREST, shared, key=lambda one: (shared[one], -len(one.tokens), -one.person))

    def _alike(self, query: Sequence[str]) -> set[Spelling]:
        """Give the spellings whose words share most pairs of sounds with a name's, for a name that nobody's is near."""
        near: set[Spelling] = set()
        for token in query:
            alike: Counter[str] = Counter()
            for pair in _pairs(token):
                alike.update(self._by_pair.get(pair, ()))
            for word, _ in alike.most_common(_SHORTLIST):
                near.update(spelling for spelling, _ in self._index.by_word[word])
        return near

    @cached_property
    def _by_pair(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._index.by_word:
            for pair in _pairs(word):
                found[pair].append(word)
        return dict(found)


def _pairs(word: str) -> set[str]:
    sounds = f"^{codes(word).translate(_VOWELS_OUT)}$"
    return {sounds[at : at + 2] for at in range(len(sounds) - 1)}


_VOWELS_OUT = str.maketrans("", "", "aeiouE2yw~h")
