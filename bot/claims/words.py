"""One sentence for how the captions of two posts relate: both claims with their sources, and never who is right."""

from __future__ import annotations

from bot.claims.compare import Related
from bot.claims.model import EventClaim, PersonClaim, PlaceClaim, TimeClaim
from bot.handles import written
from storage.records import ConflictKind, Post, TimePrecision
from storage.relations import ClaimRelation

Claim = PlaceClaim | TimeClaim | EventClaim | PersonClaim

_OPENINGS = {
    (ConflictKind.PLACE, ClaimRelation.CONTRADICTS): "One picture, two places",
    (ConflictKind.DATE, ClaimRelation.CONTRADICTS): "One picture, two dates",
    (ConflictKind.EVENT, ClaimRelation.CONTRADICTS): "One picture, two events",
    (ConflictKind.PLACE, ClaimRelation.UNCLEAR): "Perhaps two places",
    (ConflictKind.DATE, ClaimRelation.UNCLEAR): "Perhaps two dates",
    (ConflictKind.EVENT, ClaimRelation.UNCLEAR): "Perhaps two events",
    (ConflictKind.PERSON, ClaimRelation.UNCLEAR): "Perhaps two people",
}
_BY_RELATION = {
    ClaimRelation.LESS_SPECIFIC: "Less specific, no conflict",
    ClaimRelation.NEAR: "Near each other, no conflict",
}


def sentence(kind: ConflictKind, related: Related, one: Post, other: Post) -> str:
    """Say what each of two posts claims of the picture; `one` is the post of the first claim."""
    opening = _OPENINGS.get((kind, related.relation)) or _BY_RELATION[related.relation]
    names = {said(related.one, quoted=False), said(related.other, quoted=False)}
    first, second = (said(claim, quoted=len(names) == 1 or None) for claim in (related.one, related.other))
    why = f": {related.why}" if related.why else ""
    return f"{opening}: {source(one)} says {first}; {source(other)} says {second}{why}."


def impossible(claim: TimeClaim, claimed: Post, earlier: Post) -> str:
    """Say that a picture was seen before the date that a post gives it."""
    return (
        f"Impossible date: {source(claimed)} says {said(claim)}, but the picture stands already in {source(earlier)}."
    )


def implied(newer: Post, earlier: Post) -> str:
    """Say that a post gives no time for a picture that had been seen long before: no claim, and no conflict."""
    return (
        f"No time is named: {source(newer)} does not say when the picture was taken, "
        f"and it stands already in {source(earlier)}. It may be taken for newer than it is."
    )


def source(post: Post) -> str:
    """Say who says so, and when, dated by its basis."""
    who = written(post.author, post.platform) or post.publisher or post.author_name or post.id
    when = f"{post.posted_at[:10]}, {post.posted_at_basis}" if post.posted_at else "date unknown"
    return f"{who} ({when})"


def said(claim: Claim, quoted: bool | None = None) -> str:
    """Say what is claimed, in English, with the exact words where they are others.

    Attributes:
        quoted: True to give the exact words in any case, False to leave them out.
    """
    name = _name(claim)
    words = " ".join(claim.quote.split())
    if quoted is False or (quoted is None and name.casefold() in words.casefold()):
        return name
    return f"{name} (“{words}”)"


def _name(claim: Claim) -> str:
    if isinstance(claim, PlaceClaim):
        return claim.place.name
    if isinstance(claim, EventClaim):
        return claim.kind
    if isinstance(claim, PersonClaim):
        return claim.name
    first = claim.first
    match claim.interval.precision:
        case TimePrecision.YEAR:
            return first.strftime("%Y") if _whole_year(claim) else f"{first.isoformat()} to {claim.last.isoformat()}"
        case TimePrecision.MONTH:
            return first.strftime("%Y-%m")
        case TimePrecision.INTERVAL:
            return f"about {claim.last.isoformat()}"
        case _:
            return first.isoformat()


def _whole_year(claim: TimeClaim) -> bool:
    return (claim.first.month, claim.first.day, claim.last.month, claim.last.day) == (1, 1, 12, 31)
