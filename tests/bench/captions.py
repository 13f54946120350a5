"""How long the captions of one picture that went round the world take: `python -m tests.bench.captions`.

Reads the captions of 600 posts in seven languages, and holds each against the 200 oldest before it.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import product

from bot.captions import EARLIEST
from bot.claims.clashes import Showing, picture_conflicts
from bot.claims.read import claims
from storage.records import Post, PostStatus, TimeBasis

POSTS = 600
SAID = ("Explosion in {}, number {}", "{} today, {}", "Взрыв: {} сегодня, {}", "{} شاهدوا ما حدث في {}", "{}, פיצוץ {}")
TOWNS = ("Homs", "Aleppo", "Mosul", "Kyiv", "Kharkiv", "Lviv", "Beirut", "Tripoli", "Cairo", "Khartoum", "Tehran",
         "Baghdad", "Ankara", "Izmir", "Haifa", "Gaza", "Rafah", "Damascus", "Latakia", "Idlib")  # fmt: skip


def showing(number: int, said: str, town: str) -> Showing:
    """A post of the picture, each six hours after the one before."""
    at = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(hours=6 * number)
    text = said.format(town, number)
    post = Post(
        f"x:{number}", "x", None, None, f"user{number}", None, None, at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        TimeBasis.STATED, None, text, None, PostStatus.LIVE, "", "2026",
    )  # fmt: skip
    return Showing(post, claims(text, at))


def measure(posts: int = POSTS) -> tuple[float, float, int]:
    """Return the seconds of reading, the seconds of comparing, and the conflicts found."""
    spoken = list(product(SAID, TOWNS))
    began = time.perf_counter()
    read = [showing(number, *spoken[number * 7 % len(spoken)]) for number in range(posts)]
    compared = time.perf_counter()
    found = sum(
        len(picture_conflicts("ab" * 32, one, read[: min(number, EARLIEST)])) for number, one in enumerate(read)
    )
    return compared - began, time.perf_counter() - compared, found


if __name__ == "__main__":
    reading, comparing, clashes = measure()
    print(f"{POSTS} captions read in {reading:.1f} s, compared in {comparing:.1f} s: {clashes:,} conflicts")
