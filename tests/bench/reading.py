"""What reading costs: `python -m tests.bench.reading`, or with everything else in `make bench`.

A reader made ready, posts looked through for ten thousand names, posts read whole.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from bot.reading.model import Context
from bot.reading.names.watchlist import WatchList
from bot.reading.reader import read
from storage.records import Person

NAMES: Final = 10_000
POSTS: Final = 50_000
NAMING: Final = 0.05
LENGTH: Final = 280
MILLION: Final = 1_000_000
CORES: Final = 2
SYLLABLES: Final = ("bar", "dov", "gil", "kor", "lum", "mav", "nes", "pir", "rud", "sot", "tav", "vel", "wim", "zor")
_VOCABULARY: Final = (
    "the council met again on and agreed to reopen two roads that had been closed since flooding in spring while "
    "engineers looked at bridges farther north where water is still high officials expect repairs within weeks schools "
    "will open as usual and buses run every hour but trains wait for an inspection of tracks near old mills"
)
WORDS: Final = tuple(_VOCABULARY.split())
RARE: Final = 40_000
"""Words that a text holds now and then: the more of them, the less can be remembered from post to post."""
RARE_SHARE: Final = 0.2
LETTERS: Final = "aeiou bcdfghjklmnprstvwz"
CITIES: Final = ("Cairo", "Oslo", "Damascus", "Kyiv", "Lima", "Ankara")
READY: Final = (
    "import resource, time; began = time.perf_counter()\n"
    "from datetime import datetime, UTC\n"
    "from bot.reading.model import Context\nfrom bot.reading.names.watchlist import WatchList\n"
    "from bot.reading.reader import read\nfrom storage.records import Person\n"
    "assert read('Anna Lind arrived in Oslo.', WatchList([Person('a', 'Anna Lind')]), Context()).sightings\n"
    "print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
)


def bench_reading() -> Iterator[tuple[str, str, str, str]]:
    """Measure a fresh reader, the look for names, and whole readings."""
    done = subprocess.run([sys.executable, "-c", READY], check=True, capture_output=True, text=True)
    ready, memory = (float(part) for part in done.stdout.split())
    yield (
        "a reader made ready, and its first text read",
        "≤ 1 s, ≤ 300 MB",
        f"{ready:.2f} s, {memory:.0f} MB",
        "a fresh process with a compiled gazetteer; resident memory",
    )
    rng = random.Random(20151013)
    people = [Person(f"p{at}", f"{_word(rng)} {_word(rng)}{_word(rng).lower()}") for at in range(NAMES)]
    watched = WatchList(people)
    rare = [_rare(rng) for _ in range(RARE)]
    plain = [_post(rng, rare) for _ in range(POSTS)]
    watched.find(plain[0])
    cold, named = _rate(watched, plain)
    warm, more = _rate(watched, [_post(rng, rare) for _ in range(POSTS)])
    yield (
        f"posts looked through for {NAMES:,} watched names, nobody named",
        "≥ 60,000 a second a core",
        f"{warm:,.0f} a second; {cold:,.0f} while its words are new",
        f"twice {POSTS:,} posts of {LENGTH} characters, a fifth of the words out of {RARE:,} made-up ones, "
        f"{named + more} of them taken to name somebody; processor time",
    )
    mixed = [
        f"{rng.choice(people).name} arrived in {rng.choice(CITIES)} on Monday. {post}"[:LENGTH]
        if rng.random() < NAMING
        else post
        for post in plain
    ]
    context = Context(datetime(2024, 5, 15, 12, tzinfo=UTC), "The Courier")
    began = time.process_time()
    found = sum(len(read(post, watched, context).sightings) for post in mixed)
    spent = time.process_time() - began
    yield (
        f"a million posts read whole, {NAMING:.0%} of them naming somebody watched",
        f"≤ 10 minutes on {CORES} cores",
        f"{spent * MILLION / POSTS / CORES / 60:.1f} minutes",
        f"reckoned from {POSTS:,} posts on one core ({spent:.1f} s of processor time, {found} sightings), "
        f"as if {CORES} cores shared them evenly",
    )


def _rate(watched: WatchList, posts: list[str]) -> tuple[float, int]:
    began = time.process_time()
    named = sum(bool(watched.find(post)) for post in posts)
    return len(posts) / (time.process_time() - began), named


def _word(rng: random.Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=2)).capitalize()


def _rare(rng: random.Random) -> str:
    vowels, consonants = LETTERS.split()
    pairs = (rng.choice(consonants) + rng.choice(vowels) for _ in range(rng.randint(2, 4)))
    return "".join(pairs) + rng.choice(consonants)


def _post(rng: random.Random, rare: list[str]) -> str:
    words = [rng.choice(rare) if rng.random() < RARE_SHARE else rng.choice(WORDS) for _ in range(LENGTH // 5)]
    return (" ".join(words)[: LENGTH - 1] + ".").capitalize()


if __name__ == "__main__":
    for what, target, measured, how in bench_reading():
        print(f"{what} | {target} | {measured} | {how}")
