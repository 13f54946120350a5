"""Measure names on a public list: `python -m tests.reading.names_report names.sqlite3 [FIFTH]`.

The list is that of arabic-name-romanizer.

The list is no dependency. Its rows are split by a digest of the Arabic spelling: fifth 1 is measured here, fifth 0 is
reserved for others to measure with and is dropped while loading. What is tuned is tuned on fifths 2 to 4.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from bot.reading.names import THRESHOLD, WatchList, similarity
from storage.records import Person
from tests.reading import pairs_report

PARTS = 5
RESERVED = 0
MEASURED = 1
ARAB = frozenset(
    ("AE", "BH", "DZ", "EG", "IQ", "JO", "KW", "LB", "LY", "MA", "OM", "PS", "QA", "SA", "SD", "SY", "TN", "YE")
)
IRAN = frozenset({"IR"})
SAMPLE = 700
LISTED = 10_000
QUERIES = 500

Row = tuple[str, str, str]
Pair = tuple[str, str, bool]


def part_of(arabic_key: str) -> int:
    """Give the fifth that a row belongs to."""
    return int(hashlib.md5(arabic_key.encode()).hexdigest(), 16) % PARTS


def measured(rows: Iterable[Row], part: int = MEASURED) -> dict[str, tuple[set[str], set[str]]]:
    """Keep the rows that are measured: for each Arabic spelling its Latin ones and its countries."""
    kept: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for key, latin, country in rows:
        if part != RESERVED and part_of(key) == part and len(key.split()) > 1:
            kept[key][0].add(latin)
            kept[key][1].add(country)
    return dict(kept)


def pairs_of(names: dict[str, tuple[set[str], set[str]]], countries: frozenset[str]) -> list[Pair]:
    """Pair Arabic with Latin spellings: each right pair with three wrong ones that share a word."""
    rng = random.Random(7)
    keys = sorted(key for key, (_, where) in names.items() if where & countries)
    by_word = defaultdict(list)
    for key in keys:
        for word in key.split():
            by_word[word].append(key)
    made: list[Pair] = []
    for key in rng.sample(keys, min(SAMPLE, len(keys))):
        made.append((key, rng.choice(sorted(names[key][0])), True))
        near = sorted({other for word in key.split() for other in by_word[word]} - {key})
        rng.shuffle(near)
        made.extend((key, rng.choice(sorted(names[other][0])), False) for other in near[:3])
    return made


def quality(pairs: list[Pair]) -> str:
    """Score pairs at THRESHOLD."""
    scored = [(similarity(a, b) >= THRESHOLD, same) for a, b, same in pairs]
    found = sum(accepted for accepted, _ in scored)
    right = sum(accepted and same for accepted, same in scored)
    wanted = sum(same for _, same in scored)
    return f"F1 {2 * right / (found + wanted):.3f}, precision {right / found:.3f}, recall {right / wanted:.3f}"


def main(path: Path, part: int) -> None:
    """Print the quality of pairs and of the ranking, Arabic and Persian names apart."""
    with closing(sqlite3.connect(path)) as db:
        names = measured(db.execute("SELECT arabic_key, latin, country FROM full_names"), part)
    for label, countries in (("Arabic", ARAB), ("Persian", IRAN)):
        print(f"{label} pairs: {quality(pairs_of(names, countries))}")
    rng = random.Random(3)
    keys = sorted(names)
    rng.shuffle(keys)
    keys, strangers = keys[:LISTED], keys[LISTED:]
    listed = WatchList(Person(key, min(names[key][0])) for key in keys)
    for label, countries in (("Arabic", ARAB), ("Persian", IRAN)):
        asked = [key for key in keys if names[key][1] & countries][:QUERIES]
        best = [listed.rank(key, 1) for key in asked]
        first = sum([one.person.id for one in found] == [key] for key, found in zip(asked, best, strict=True))
        print(f"{label} spelling to the right one of {len(keys):,} Latin names: {first / len(asked):.3f}")
        sure = [
            (key, one.person.id)
            for key, found in zip(asked, best, strict=True)
            for one in found
            if one.score >= THRESHOLD
        ]
        unlisted = [key for key in strangers if names[key][1] & countries][: len(asked)]
        wrong = sum(bool(found) and found[0].score >= THRESHOLD for found in (listed.rank(key, 1) for key in unlisted))
        right = sum(key == found for key, found in sure)
        print(f"  with {len(unlisted)} who are not listed: F1 {2 * right / (len(sure) + wrong + len(asked)):.3f}")
    people = {lang: pairs_report.people(lang) for lang in ("he", "ru", "uk")}
    listed = WatchList(
        [
            *(Person(key, min(names[key][0])) for key in keys),
            *(Person(name, latin) for rows in people.values() for name, latin in rows),
        ]
    )
    for lang, rows in people.items():
        first = sum([one.person.name for one in listed.rank(name, 1)] == [latin] for name, latin in rows)
        print(f"{lang} spelling of our own {len(rows)} people to the right one among these: {first / len(rows):.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else MEASURED)
