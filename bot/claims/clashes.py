"""The captions of one picture held against each other: what cannot both be true, and what only differs.

Nothing here decides who is right. A conflict names both sides, each with its source and the basis of its date.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from bot.claims import words
from bot.claims.compare import Related, by_event, by_person, by_place, by_time, impossible
from bot.claims.model import Claims, EventClaim, PersonClaim, PlaceClaim, TimeClaim
from storage.records import Conflict, ConflictKind, Post
from storage.relations import ClaimRelation, Quote

MOST = 5
"""Other claims of a kind that one post of a picture is held against, the earliest of each: a picture that went round
the world has as many captions, and every pair of them would be a list that nobody reads."""

IMPLIED = timedelta(days=30)
"""How much older a picture must be before a caption without any time is told to be read as news. Chosen."""


@dataclass(frozen=True, slots=True)
class Showing:
    """One post that shows a picture, and what its caption claims."""

    post: Post
    claims: Claims

    @property
    def seen(self) -> date | None:
        """The day by which the picture was out, as far as the post's date tells."""
        return date.fromisoformat(self.post.posted_at[:10]) if self.post.posted_at else None


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to hold two captions against each other, and what tells that two of them claim the same."""

    kind: ConflictKind
    relate: Callable[[Claims, Claims], Related | None]
    key: Callable[[Claims], Hashable]


_PLACE = _Way(ConflictKind.PLACE, by_place, lambda claims: frozenset(claim.place.key for claim in claims.places))
_TIME = _Way(ConflictKind.DATE, by_time, lambda claims: frozenset((claim.first, claim.last) for claim in claims.times))
_EVENT = _Way(ConflictKind.EVENT, by_event, lambda claims: frozenset(claim.kind for claim in claims.events))
_PERSON = _Way(ConflictKind.PERSON, by_person, lambda claims: frozenset(claim.person_id for claim in claims.people))


def picture_conflicts(image_sha256: str, new: Showing, others: Iterable[Showing]) -> list[Conflict]:
    """Hold a new showing of a picture against the other showings of it, which come earliest first.

    Of several posts that claim the same, the earliest stands for all; of several that were out before a claimed date,
    the earliest again. Only what cannot both be true is returned.
    """
    rest = [other for other in others if other.post.id != new.post.id]
    dates = list(_impossible(image_sha256, new, rest))
    places = list(islice(_clashes(_PLACE, image_sha256, new, rest), MOST))
    possible = _possible(new, rest)
    more = islice(_clashes(_TIME, image_sha256, new, possible), MOST)
    events = islice(_clashes(_EVENT, image_sha256, new, rest), MOST)
    return [*places, *dates, *more, *events]


def differences(image_sha256: str, new: Showing, others: Iterable[Showing]) -> list[Conflict]:
    """Return what other captions of a picture say otherwise without contradicting the new one, earliest first.

    It is told where somebody asks, and never kept nor warned of.
    """
    rest = [other for other in others if other.post.id != new.post.id]
    found = []
    for way in (_PLACE, _TIME, _EVENT, _PERSON):
        for related, other in _related(way, new, rest):
            if not related.relation.warns and related.relation is not ClaimRelation.SAME:
                found.append(_between(way.kind, image_sha256, related, new, other))
    return [*found[:MOST], *_implied(image_sha256, new, rest)]


def _related(way: _Way, new: Showing, rest: Sequence[Showing]) -> Iterator[tuple[Related, Showing]]:
    """Relate a showing to the earliest of each different claim."""
    met: set[Hashable] = set()
    for other in rest:
        claim = way.key(other.claims)
        if claim in met:
            continue
        met.add(claim)
        related = way.relate(new.claims, other.claims)
        if related is not None:
            yield related, other


def _clashes(way: _Way, image_sha256: str, new: Showing, rest: Sequence[Showing]) -> Iterator[Conflict]:
    for related, other in _related(way, new, rest):
        if related.relation.warns:
            yield _between(way.kind, image_sha256, related, new, other)


def _between(kind: ConflictKind, image_sha256: str, related: Related, new: Showing, other: Showing) -> Conflict:
    why = words.sentence(kind, related, new.post, other.post)
    if kind is ConflictKind.PLACE and related.relation.warns:
        event = by_event(new.claims, other.claims)
        if event is not None and event.relation is not ClaimRelation.SAME:
            why += f" They also name different events: {words.said(event.one)} and {words.said(event.other)}."
    return Conflict(
        kind,
        why,
        posts=tuple(sorted((new.post.id, other.post.id))),
        image_sha256=image_sha256,
        relation=related.relation,
        quotes=(_quote(new, related.one), _quote(other, related.other)),
    )


def _quote(showing: Showing, claim: PlaceClaim | TimeClaim | EventClaim | PersonClaim) -> Quote:
    return Quote(showing.post.id, claim.quote, claim.span.start, claim.span.end)


def _impossible(image_sha256: str, new: Showing, rest: Sequence[Showing]) -> Iterator[Conflict]:
    earliest = next((other for other in rest if other.seen is not None), None)
    if earliest is None:
        return
    if (claim := impossible(new.claims, earliest.seen)) is not None:
        yield _too_late(image_sha256, claim, new, earliest)
    for other in rest:
        claim = impossible(other.claims, new.seen)
        if claim is None:
            continue
        if other is earliest or impossible(other.claims, earliest.seen) is None:  # else it is told already
            yield _too_late(image_sha256, claim, other, new)


def _possible(new: Showing, rest: Sequence[Showing]) -> Sequence[Showing]:
    """Keep the showings whose dates are worth comparing: what an earlier post makes impossible is told as that."""
    dated = [showing.seen for showing in (new, *rest) if showing.seen is not None]
    first = min(dated, default=None)
    if impossible(new.claims, first) is not None:
        return ()
    return [other for other in rest if impossible(other.claims, first) is None]


def _too_late(image_sha256: str, claim: TimeClaim, claimed: Showing, earlier: Showing) -> Conflict:
    return Conflict(
        ConflictKind.DATE,
        words.impossible(claim, claimed.post, earlier.post),
        posts=tuple(sorted((claimed.post.id, earlier.post.id))),
        image_sha256=image_sha256,
        relation=ClaimRelation.IMPOSSIBLE,
        quotes=(_quote(claimed, claim),),
    )


def _implied(image_sha256: str, new: Showing, rest: Sequence[Showing]) -> Iterator[Conflict]:
    """Yield that a caption without any time shows a picture that is much older than its post."""
    earliest = next((other for other in rest if other.seen is not None), None)
    claims = new.claims
    if earliest is None or earliest.seen is None or new.seen is None or new.seen - earliest.seen < IMPLIED:
        return
    if claims.times or claims.old or claims.corrects or not (claims.places or claims.events):
        return
    yield Conflict(
        ConflictKind.DATE,
        words.implied(new.post, earliest.post),
        posts=tuple(sorted((new.post.id, earliest.post.id))),
        image_sha256=image_sha256,
        relation=ClaimRelation.UNCLEAR,
    )
