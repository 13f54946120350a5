"""What is worth telling to the channels that asked: a picture of a new post that was seen before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.alerting.telling import message_of
from storage import alerts, images, outbox, posts, subscriptions
from storage.alerts import Alert, AlertKind
from storage.database import Transaction
from storage.records import Certainty, Conflict, Post, Reuse, short_id
from storage.subscriptions import Subscription


def raise_alerts(
    tx: Transaction, post: Post, found: Iterable[Reuse], clashes: Iterable[Conflict], now: str
) -> list[Alert]:
    """Raise one alert a picture and channel for what a new post was found to show, in the transaction that archives it.

    Only a match warns, never a possible one; and only a channel that may see both posts is told. Of several copies
    the one in the earliest post is told of, the surest of those; a pair that was dismissed gives way to the next.
    """
    matches: dict[str, list[Reuse]] = {}
    for match in found:
        if match.certainty is Certainty.MATCH:
            matches.setdefault(match.query_sha256, []).append(match)
    clashes = list(clashes)
    raised = []
    for subscription in subscriptions.all(tx) if matches else ():
        for of_picture in matches.values():
            made = [_alert(tx, subscription, post, match, clashes, now) for match in of_picture]
            told = sorted((one for one in made if one), key=lambda one: one.earliest)
            alert = next((one.alert for one in told if alerts.raise_once(tx, one.alert)), None)
            if alert is not None:
                outbox.put(tx, message_of(alert), now)
                raised.append(alert)
    return raised


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An alert that could be raised, and what it is ordered by: posts without a date last, then the surest match."""

    alert: Alert
    earliest: tuple[bool, str, float]


def _alert(
    tx: Transaction, subscription: Subscription, post: Post, match: Reuse, clashes: Iterable[Conflict], now: str
) -> _Candidate | None:
    viewer = subscription.viewer
    if posts.get(tx, post.id, viewer) is None:
        return None
    others = [other for _, other in images.appearances_of(tx, [match.match_sha256], viewer, 50) if other.id != post.id]
    if not others:
        return None
    in_conflict = any(
        clash.image_sha256 == match.query_sha256 and all(posts.get(tx, each, viewer) for each in clash.posts)
        for clash in clashes
    )
    pair = alerts.pair_of(match.query_sha256, match.match_sha256, post.id, others[0].id)
    alert = Alert(
        id=short_id(subscription.workspace, subscription.channel, post.id, match.query_sha256),
        workspace=subscription.workspace,
        channel=subscription.channel,
        kind=AlertKind.CAPTION_CONFLICT if in_conflict else AlertKind.REUSE,
        subject=f"picture/{post.id}/{match.query_sha256}",
        case=f"picture/{match.match_sha256}",
        pair=pair,
        post_id=post.id,
        image_sha256=match.query_sha256,
        match_sha256=match.match_sha256,
        match_post_id=others[0].id,
        raised_at=now,
        evidence_at=now,
    )
    posted_at = others[0].posted_at
    return _Candidate(alert, (posted_at is None, posted_at or "", -match.score))
