"""An earlier appearance of a picture that somebody has traced: the answer they got does not hold any more."""

from __future__ import annotations

from collections.abc import Iterator

from bot.alerting.matter import Maker, Matter
from bot.alerting.taken import Pair, Sight, Taken
from bot.alerting.targets import Asked, Listener
from storage import images, outbox, reuse, traced
from storage.alerts import AlertKind, Evidence
from storage.database import Transaction
from storage.outbox import Kind, Lane, Message
from storage.records import short_id
from storage.traced import Traced


def earlier(tx: Transaction, taken: Taken, sight: Sight, now: str) -> Iterator[Matter]:
    """Tell everybody who traced a post of an earlier post with its picture, if they may see that: once a channel.

    What was dismissed as a pair, or is boilerplate, corrects nothing.

    What a channel saw is corrected in its thread, what one person alone saw by a direct message to them.
    """
    at = taken.post.posted_at
    by_match = {sha256: Pair(sha256, sha256, 1.0) for sha256 in taken.pictures}
    by_match |= {pair.match: pair for pair in taken.pairs}
    if at is None or not by_match:
        return
    case = ""
    for answer in traced.later_than(tx, by_match, at):
        if answer.post_id == taken.post.id:
            continue
        card = outbox.get(tx, answer.message) if answer.message else None
        listener = _listener(answer, card)
        if not (sight.is_told(listener.viewer) and sight.sees(listener.viewer, answer.post_id)):
            continue
        shown = (image.sha256 for _, image in images.of_post(tx, answer.post_id))
        pairs = (by_match[sha256] for sha256 in shown if sha256 in by_match)
        pair = next((one for one in pairs if not sight.is_silent(answer.workspace, one, answer.post_id)), None)
        if pair is None:
            continue
        case = case or f"picture/{reuse.first_of(tx, by_match)}"
        subject = f"earlier/{answer.post_id}"
        alert = Maker(taken, now).alert(
            listener,
            AlertKind.EARLIER,
            subject,
            case,
            short_id(listener.workspace, listener.channel, subject, taken.post.id),
            image_sha256=pair.image,
            match_sha256=pair.match,
            match_post_id=answer.post_id,
            watch="",
        )
        traced.told_earlier(tx, answer, at)
        yield Matter(
            alert,
            listener,
            (Evidence(taken.post.id, taken.post.id, now),),
            retold=True,
            card=card.id if card else "",
            target=card.target if card else "",
        )


def correction(matter: Matter, card: str) -> Message:
    """Return the outbox row that corrects a card that a channel saw."""
    alert = matter.alert
    body = {"corrected": {"post": alert.match_post_id, "alert": alert.id}}
    return Message(f"{card}:corrected", Kind.UPDATE, Lane.ALERT, alert.workspace, alert.channel, body, root=card)


def _listener(answer: Traced, card: Message | None) -> Listener:
    workspace = answer.workspace
    channel = card.channel if card else answer.user_id
    return Listener(workspace, channel, None, (Asked(workspace, channel),))
