"""What the clause reader knows of a language: word groups and cues, read from one data file a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from bot.reading.clauses.conjugate import forms, is_nominal
from bot.reading.names.letters import fold
from storage.records import Stance

LANGUAGES = frozenset({"ar", "fa", "he", "ru", "tr", "uk"})
"""Languages with a data file, ISO 639-1."""

TRIGGERS = frozenset({"arrive", "leave", "be", "visit", "meet", "take", "taken", "noun", "act"})
"""Groups of words that can tie a person to a place.

`arrive`, `be` and `meet` place their subject, `visit` and `leave` also by a bare object; `take` places its object,
`taken` is the passive of it; `noun` is a noun of presence or motion ("visit") and places whoever it belongs to.
`act` is no list: it is a verb that no list has, right beside its place (see `nearby`).
"""

_LONGEST = 5


@dataclass(frozen=True, slots=True)
class Cue:
    """A word or phrase that says how surely something is said, a row of a language's file.

    Attributes:
        kind: `hedge` (over its clause), `report` (a verb of saying), `impersonal` (a report without anybody who says
            it), `rumor` (a noun that tells what is said), `source` (before the speaker: "according to").
        voice: `rumor` or `unnamed` name the speaker where nobody else is named; "-" leaves the speaker as it is.
        example: a sentence whose one sighting must come out with the stance.
    """

    kind: str
    text: str
    stance: Stance
    voice: str
    example: str


@dataclass(frozen=True, slots=True)
class Tag:
    """What a stretch of words is: a group, the stance its form brings ("will visit"), the cue it is."""

    group: str
    length: int
    stance: Stance | None = None
    cue: Cue | None = None


@dataclass(slots=True)
class Lexicon:
    """One language.

    Attributes:
        verb_final: True where verbs stand behind their places and reports behind what they report.
        cased: True where a name's ending tells the subject from the object.
    """

    lang: str
    cues: list[Cue] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    _by_first: dict[str, list[tuple[tuple[str, ...], str, Stance | None, Cue | None]]] = field(default_factory=dict)

    @property
    def verb_final(self) -> bool:
        """Tell whether verbs stand behind their places."""
        return self.options.get("order") == "verb-final"

    @property
    def cased(self) -> bool:
        """Tell whether the ending of a name tells who does something from whom it is done to."""
        return self.options.get("case") == "endings"

    @property
    def endings_apart(self) -> bool:
        """Tell whether a name's ending is written behind an apostrophe ("Cezaevi'nde")."""
        return self.options.get("endings") == "apostrophe"

    def add(self, group: str, text: str, stance: Stance | None, cue: Cue | None) -> None:
        """Add one pattern: words joined by `_`, a `*` at the end of a word for any ending."""
        words = tuple(fold(word) for word in text.replace("-", "_-_").split("_"))
        self._by_first.setdefault(words[0].rstrip("*")[:_KEY], []).append((words, group, stance, cue))

    def tags(self, words: Sequence[Sequence[str]]) -> list[Tag]:
        """Give every tag of the words that begin at the first of `words`, the longest and exactest first.

        Each word comes in all its readings.
        """
        found: dict[tuple[str, int], tuple[bool, Tag]] = {}
        for reading in words[0]:
            if found:
                break  # a word of its own is not read as another with a particle before it
            for length in range(1, min(_KEY, len(reading)) + 1):
                for pattern, group, stance, cue in self._by_first.get(reading[:length], ()):
                    if len(pattern) <= len(words) and all(
                        any(_fits(part, form) for form in words[at]) for at, part in enumerate(pattern)
                    ) and _fits(pattern[0], reading):  # fmt: skip
                        loose = any("*" in part for part in pattern)
                        known = found.get((group, len(pattern)))
                        if known is None or (known[0] and not loose):
                            found[group, len(pattern)] = (loose, Tag(group, len(pattern), stance, cue))
        return [tag for _, tag in sorted(found.values(), key=lambda one: (-one[1].length, one[0]))]


_KEY = 3
"""Letters of a pattern's first word under which it is kept."""


def _fits(part: str, form: str) -> bool:
    return form.startswith(part[:-1]) if part.endswith("*") else form == part


def _rows(lang: str) -> Iterator[list[str]]:
    text = resources.files("bot.reading.clauses").joinpath("data", f"{lang}.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split("\t")


@cache
def lexicon(lang: str) -> Lexicon:
    """Read one language's file once.

    Raises:
        KeyError: the language has no file.
    """
    if lang not in LANGUAGES:
        raise KeyError(lang)
    made = Lexicon(lang)
    templates: dict[str, str] = {}
    for row in _rows(lang):
        kind = row[0]
        if kind == "option":
            made.options[row[1]] = row[2]
        elif kind == "template":
            templates[row[1]] = row[2]
        elif len(row) == 2:
            group, _, stance = kind.partition(":")
            for text in row[1].split():
                if group == "conjugate":
                    for form, brings in forms(lang, text):
                        made.add(stance, form, brings, None)
                        if is_nominal(lang, form):
                            made.add("nominal", form, None, None)
                else:
                    made.add(group, text, Stance(stance) if stance else None, None)
        else:
            stance_of = Stance(row[2])
            shown = row[1].split("|")[0].replace("*", "").replace("_", " ")
            example = row[4] if len(row) > 4 else _filled(templates, kind, row[2], shown)
            cue = Cue(kind, row[1], stance_of, row[3], example)
            made.cues.append(cue)
            for text in row[1].split("|"):
                made.add(kind, text, stance_of, cue)
    return made


def _filled(templates: Mapping[str, str], kind: str, stance: str, shown: str) -> str:
    template = templates.get(f"{kind}:{stance}") or templates[kind]
    filled = template.replace("{}", shown)
    return filled[:1].upper() + filled[1:]
