"""Captions of one picture held against one another, over everything the store knows to be that picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.conflicts import Showing, picture_conflicts
from bot.readers import Readers
from storage import images
from storage.database import Transaction
from storage.records import OPERATOR, Certainty, Conflict, Reuse


def copies_of(own: Iterable[str], found: Iterable[Reuse]) -> Mapping[str, set[str]]:
    """Group images that surely are one picture: each of `own` with the stored images that it matches."""
    same = {sha256: {sha256} for sha256 in own}
    for match in found:
        if match.certainty is Certainty.MATCH:
            same[match.query_sha256].add(match.match_sha256)
    return same


def caption_conflicts(
    tx: Transaction, readers: Readers, sha256: str, copies: Iterable[str], post_id: str
) -> list[Conflict]:
    """Hold what one post says of a picture against what every other post says that shows it.

    All posts count, whoever may see them: what a person is told of is decided when the conflict is read.
    """
    showings = []
    for appearance, post in images.appearances_of(tx, sorted(copies), OPERATOR):
        claims = readers.claims(appearance.caption, post)
        showings.append(Showing(post, claims.places, claims.times))
    own = [showing for showing in showings if showing.post.id == post_id]
    return picture_conflicts(sha256, own[0], showings, readers.compatible) if own else []
