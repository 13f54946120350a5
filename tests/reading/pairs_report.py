"""Measure names on our own sets: `python -m tests.reading.pairs_report`.

`pairs/latin.tsv` holds 250 same and 302 different pairs in Latin script by kind; `pairs/people_<lang>.tsv` real people
in another script and in Latin, each right pair with up to three wrong ones that share a word, the hardest first.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path

from bot.reading.names import THRESHOLD, WatchList, similarity
from storage.records import Person

PAIRS = Path(__file__).parent / "pairs"
LANGUAGES = ("he", "ru", "uk", "tr")
WRONG = 3

Pair = tuple[str, str, bool]


def rows(path: Path) -> list[list[str]]:
    """Read the rows of a table; `#` begins a comment line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def latin_pairs(name: str = "latin.tsv") -> dict[str, list[Pair]]:
    """Give the Latin pairs of a file by kind."""
    found: dict[str, list[Pair]] = defaultdict(list)
    for kind, label, a, b in rows(PAIRS / name):
        found[f"{label} {kind}"].append((a, b, label == "same"))
    return dict(found)


def people(lang: str) -> list[tuple[str, str]]:
    """Give the people of a language: their name there, and in Latin."""
    return [(name, latin) for name, latin in rows(PAIRS / f"people_{lang}.tsv")]


def people_pairs(lang: str) -> list[Pair]:
    """Pair the spellings of a language with Latin ones: the right one, and those of others who share a word."""
    people = rows(PAIRS / f"people_{lang}.tsv")
    made: list[Pair] = []
    for at, (name, latin) in enumerate(people):
        made.append((name, latin, True))
        shared = {i: _shared(people[at], other) for i, other in enumerate(people) if i != at}
        near = sorted((i for i, words in shared.items() if words), key=lambda i: (-shared[i], i))
        made.extend((name, people[i][1], False) for i in near[:WRONG])
    return made


def token_pairs(lang: str) -> list[Pair]:
    """Pair single words: the nth of a name with the nth of its Latin spelling, and with those of three other names."""
    words: dict[str, set[str]] = defaultdict(set)
    for name, latin in rows(PAIRS / f"people_{lang}.tsv"):
        if len(name.split()) == len(latin.split()):
            for own, other in zip(name.split(), latin.split(), strict=True):
                words[own].add(other)
    made: list[Pair] = []
    listed = sorted(words)
    for own in listed:
        made.extend((own, other, True) for other in sorted(words[own])[:1])
        near = sorted(listed, key=lambda other: (other[:1] != own[:1], abs(len(other) - len(own)), other))
        others = [min(words[other]) for other in near if not words[other] & words[own]]
        made.extend((own, other, False) for other in others[:WRONG])
    return made


def _shared(one: list[str], other: list[str]) -> int:
    return max(len({*a.split()} & {*b.split()}) for a, b in zip(one, other, strict=True))


def score(pairs: list[Pair]) -> tuple[float, float, float]:
    """Give F1, precision and recall at THRESHOLD."""
    counted = Counter((similarity(a, b) >= THRESHOLD, same) for a, b, same in pairs)
    right, found = counted[True, True], counted[True, True] + counted[True, False]
    wanted = right + counted[False, True]
    return 2 * right / (found + wanted), right / max(found, 1), right / wanted


def main(show: bool) -> None:
    """Print F1 at THRESHOLD by set, and what goes wrong by kind; with `show`, every wrong pair."""
    latin = latin_pairs()
    every = [pair for pairs in latin.values() for pair in pairs]
    late = [pair for pairs in latin_pairs("latin_late.tsv").values() for pair in pairs]
    sets = {"Latin pairs": every, "Latin pairs, later ones": late}
    sets |= {f"{lang} full names": people_pairs(lang) for lang in LANGUAGES}
    sets |= {f"{lang} single words": token_pairs(lang) for lang in ("he", "ru", "uk")}
    for label, pairs in sets.items():
        print(f"{label} ({len(pairs)}): F1 {{:.3f}}, precision {{:.3f}}, recall {{:.3f}}".format(*score(pairs)))
    for kind, pairs in latin.items():
        wrong = [pair for pair in pairs if (similarity(*pair[:2]) >= THRESHOLD) != pair[2]]
        print(f"  {kind}: {len(pairs) - len(wrong)} of {len(pairs)}")
    for lang in LANGUAGES:
        people = rows(PAIRS / f"people_{lang}.tsv")
        listed = WatchList(Person(str(at), latin) for at, (_, latin) in enumerate(people))
        first = sum([one.person.id for one in listed.rank(name, 1)] == [str(at)] for at, (name, _) in enumerate(people))
        print(f"{lang} spelling to the right one of {len(people)}: {first / len(people):.3f}")
    if show:
        for label, pairs in sets.items():
            for a, b, same in pairs:
                got = similarity(a, b)
                if (got >= THRESHOLD) != same:
                    print(f"{label}: {'same' if same else 'different'}, {got:.3f}: {a} | {b}")


if __name__ == "__main__":
    main("--show" in sys.argv[1:])
