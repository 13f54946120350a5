"""The words the English reader knows, loaded once from the data files beside the code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from storage.records import Stance


@dataclass(frozen=True, slots=True)
class VerbForm:
    """One way to read a word as a verb.

    Attributes:
        group: what the verb says of its subject or object, a class of `verbs.tsv`.
        lemma: the base form.
        form: `base`, `s`, `past`, `participle` or `ing`.
    """

    group: str
    lemma: str
    form: str


@dataclass(frozen=True, slots=True)
class Cue:
    """A word or phrase that says how surely something is said, a row of `cues.tsv`."""

    kind: str
    text: str
    stance: Stance
    voice: str
    example: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every word list of one language.

    Attributes:
        distant: forms of verbs whose subject need not be where their object is ("condemned the attack in").
    """

    verbs: Mapping[str, tuple[VerbForm, ...]]
    groups: Mapping[str, frozenset[str]]
    cues: tuple[Cue, ...]
    by_kind: Mapping[str, Mapping[str, Cue]]
    reports: Mapping[str, tuple[Cue, str]]
    classes: Mapping[str, frozenset[str]]
    distant: frozenset[str]

    def event(self, word: str) -> tuple[VerbForm, ...]:
        """Read any verb that is on no list as an event that places its subject, unless it works from afar."""
        if word in self.distant or word in self.reports or word in self.groups["verb"] | self.groups["circulates"]:
            return ()
        form = (
            "ing" if word.endswith("ing") else "past" if word.endswith("ed") else "s" if word.endswith("s") else "base"
        )
        return (VerbForm("event", "event", form),)

    def has(self, group: str, word: str) -> bool:
        """Tell whether a lower-case word belongs to a group of `words.tsv` or `roles.tsv`."""
        return word in self.groups[group]

    def small(self, word: str) -> bool:
        """Tell whether a lower-case word is one of the small words that hold English sentences together."""
        return any(word in self.groups[group] for group in ("prep", "det", "modal", "pronoun", "negation", "contrast"))

    def cue(self, kind: str, word: str) -> Cue | None:
        """Return the one-word cue of a kind, if the word is one."""
        return self.by_kind[kind].get(word)


def _rows(name: str) -> Iterator[list[str]]:
    text = resources.files("bot.reading.english").joinpath("data", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def inflect(entry: str) -> dict[str, set[str]]:
    """Give the forms of a verb from its entry: `lemma [past [participle]]`, `lemma+` where the consonant doubles."""
    words = entry.split()
    lemma = words[0].rstrip("+")
    stem = lemma + lemma[-1] if words[0].endswith("+") else lemma
    consonant_y = lemma.endswith("y") and lemma[-2:-1] not in "aeou"
    if lemma.endswith("ie"):
        past, ing = lemma + "d", lemma[:-2] + "ying"
    elif lemma.endswith("e"):
        past, ing = lemma + "d", (lemma if lemma.endswith(("ee", "oe", "ye")) else lemma[:-1]) + "ing"
    elif consonant_y:
        past, ing = lemma[:-1] + "ied", lemma + "ing"
    else:
        past, ing = stem + "ed", stem + "ing"
    third = (
        lemma[:-1] + "ies" if consonant_y else lemma + ("es" if lemma.endswith(("s", "x", "ch", "sh", "o")) else "s")
    )
    past = words[1] if len(words) > 1 else past
    participle = words[2] if len(words) > 2 else past
    return {"base": {lemma}, "s": {third}, "past": {past}, "participle": {participle}, "ing": {ing}}


def plural(noun: str) -> str:
    """Give the regular plural of a noun."""
    return noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in "aeiou" else noun + "s"


@cache
def english() -> Lexicon:
    """Load the English word lists."""
    verbs: dict[str, list[VerbForm]] = {}
    distant: set[str] = set()
    for group, entry in _rows("verbs.tsv"):
        for form, words in inflect(entry).items():
            if group == "distant":
                distant |= words
                continue
            for word in words:
                verbs.setdefault(word, []).append(VerbForm(group, entry.split()[0].rstrip("+"), form))
    groups: dict[str, frozenset[str]] = {}
    classes: dict[str, frozenset[str]] = {}
    for name in ("words.tsv", "roles.tsv"):
        for group, words_text in _rows(name):
            members = frozenset(word.replace("_", " ") for word in words_text.split())
            if group.startswith("class:"):
                classes[group.removeprefix("class:")] = members
            else:
                groups[group] = members
    cues: list[Cue] = []
    by_kind: dict[str, dict[str, Cue]] = {}
    reports: dict[str, tuple[Cue, str]] = {}
    for kind, text, stance, voice, example in _rows("cues.tsv"):
        cue = Cue(kind, text, Stance(stance), voice, example)
        cues.append(cue)
        if kind == "report":
            for form, words in inflect(text).items():
                for word in words:
                    if word not in reports or form != "base":
                        reports[word] = (cue, form)
        elif kind == "noun":
            by_kind.setdefault(kind, {})[text] = cue
            by_kind[kind][plural(text)] = cue
        else:
            by_kind.setdefault(kind, {})[text] = cue
    return Lexicon(
        verbs={word: tuple(forms) for word, forms in verbs.items()},
        groups=groups,
        cues=tuple(cues),
        by_kind=by_kind,
        reports=reports,
        classes=classes,
        distant=frozenset(distant),
    )
