"""Captions of one picture held against one another, over everything the store knows to be that picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.claims.clashes import Showing, differences, picture_conflicts
from bot.readers import Readers
from storage import grants, images
from storage.database import Transaction
from storage.records import OPERATOR, Appearance, Certainty, Conflict, Post, Reuse, Viewer

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
        clash for showings in others.values() for clash in picture_conflicts(appearance.image_sha256, new, showings)
    ]


def caption_differences(
    tx: Transaction,
    readers: Readers,
    appearances: Sequence[Appearance],
    post: Post,
    copies: Iterable[str],
    viewer: Viewer,
) -> list[Conflict]:
    """Return what other captions say otherwise of a post's pictures, and both may be true, as far as the viewer sees.

    Attributes:
        appearances: the pictures in the post.
        copies: every stored picture that one of them surely is.
    """
    watched = readers.current(tx).watchlist
    shown = images.appearances_of(tx, sorted({*copies, *(one.image_sha256 for one in appearances)}), viewer, EARLIEST)
    others = [Showing(other, readers.claims(stands.caption, other, watched)) for stands, other in shown]
    found: dict[tuple[object, ...], Conflict] = {}
    for appearance in appearances:
        new = Showing(post, readers.claims(appearance.caption, post, watched))
        for told in differences(appearance.image_sha256, new, others):
            found.setdefault((told.kind, told.relation, told.posts, told.why), told)
    return list(found.values())


def _showing(readers: Readers, appearance: Appearance, post: Post) -> Showing:
    return Showing(post, readers.claims(appearance.caption, post))
