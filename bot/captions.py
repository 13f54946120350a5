"""Captions of one picture held against one another, over everything the store knows to be that picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.conflicts import Showing, picture_conflicts
from bot.readers import Readers
from storage import grants, images
from storage.database import Transaction
from storage.records import OPERATOR, Appearance, Certainty, Conflict, Post, Reuse

EARLIEST = 200
"""Showings of one picture that a new one is held against, the oldest: conflicts are told with the earliest claims."""


def copies_of(own: Iterable[str], found: Iterable[Reuse]) -> Mapping[str, set[str]]:
    """Group images that surely are one picture: each of `own` with the stored images that it matches."""
    same = {sha256: {sha256} for sha256 in own}
    for match in found:
        if match.certainty is Certainty.MATCH:
            same[match.query_sha256].add(match.match_sha256)
    return same


def caption_conflicts(
    tx: Transaction, readers: Readers, appearance: Appearance, post: Post, copies: Iterable[str]
) -> list[Conflict]:
    """Hold what one post says of a picture against what the earliest other posts say that show it.

    All posts count, whoever may see them, but those of one audience only stand for posts of the same audience: a
    conflict with a post that is private must not take the place of the one that a person may be told of.
    """
    others: dict[frozenset[tuple[str, str]], list[Showing]] = {}
    shown = images.appearances_of(tx, sorted(copies), OPERATOR, EARLIEST)
    audiences = grants.of_posts(tx, {other.id for _, other in shown})
    for stands, other in shown:
        others.setdefault(audiences[other.id], []).append(_showing(readers, stands, other))
    new = _showing(readers, appearance, post)
    return [
        clash
        for showings in others.values()
        for clash in picture_conflicts(appearance.image_sha256, new, showings, readers.compatible)
    ]


def _showing(readers: Readers, appearance: Appearance, post: Post) -> Showing:
    claims = readers.claims(appearance.caption, post)
    return Showing(post, claims.places, claims.times)
