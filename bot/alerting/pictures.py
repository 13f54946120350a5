"""A picture of a post that was seen before: told to the channels that may see both posts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.alerting.matter import Maker, Matter
from bot.alerting.taken import EARLIEST, Pair, Sight, Taken
from bot.alerting.targets import Asked, Listener, Targets, listeners
from storage import alerts, images, reuse
from storage.alerts import Alert, AlertKind
from storage.database import Transaction
from storage.records import OPERATOR, Conflict, Post, Viewer, short_id


def reused(tx: Transaction, taken: Taken, targets: Targets, sight: Sight, now: str) -> Iterator[Matter]:
    """Tell of each picture that surely stands in another post, too: one alert a picture and channel.

    Of several copies the one in the earliest post is told of, the surest of those; a pair that was dismissed, or whose
    stored picture is boilerplate, gives way to the next.
    """
    by_image: dict[str, list[Pair]] = {}
    for pair in taken.pairs:
        by_image.setdefault(pair.image, []).append(pair)
    for image, pairs in by_image.items():
        asked = [*targets.channels, *_watched(tx, taken, targets, pairs)]
        case = ""
        for listener in listeners(asked, taken.watch) if asked else ():
            if not sight.is_told(listener.viewer):
                continue
            case = case or f"picture/{reuse.first_of(tx, {image, *(pair.match for pair in pairs)})}"
            found = _earliest(tx, taken, pairs, listener, sight)
            if found is not None:
                yield _matter(taken, found, listener, case, sight, now)


def _watched(tx: Transaction, taken: Taken, targets: Targets, pairs: Sequence[Pair]) -> Iterator[Asked]:
    """Give the watches that want to hear of a reuse: of the picture, of its post's account, of a post that shows it."""
    yield from targets.accounts.get(taken.author, ())
    shown = {pairs[0].image, *(pair.match for pair in pairs)}
    for sha256 in sorted(shown & targets.pictures.keys()):
        yield from targets.pictures[sha256]
    if targets.links:
        stands = {post.id for _, post in images.appearances_of(tx, sorted(shown), OPERATOR, EARLIEST)}
        for post_id in sorted(stands & targets.links.keys()):
            yield from targets.links[post_id]


@dataclass(frozen=True, slots=True)
class _Copy:
    """A copy that a channel may be told of: the pair, and the earliest other post with the stored picture."""

    pair: Pair
    post: Post

    @property
    def order(self) -> tuple[bool, str, float]:
        """What stands first is told: posts without a date last, then the surest match."""
        return self.post.posted_at is None, self.post.posted_at or "", -self.pair.score


def _earliest(tx: Transaction, taken: Taken, pairs: Iterable[Pair], listener: Listener, sight: Sight) -> _Copy | None:
    copies = []
    for pair in pairs:
        other = _other_post(tx, taken.post.id, pair, listener.viewer, sight)
        if other is not None:
            copies.append(_Copy(pair, other))
    copies.sort(key=lambda copy: copy.order)
    return next((copy for copy in copies if not sight.is_silent(listener.workspace, copy.pair, copy.post.id)), None)


def _other_post(tx: Transaction, post_id: str, pair: Pair, viewer: Viewer, sight: Sight) -> Post | None:
    shown = sight.showing(pair.match)
    for post in shown:
        if post.id != post_id and sight.sees(viewer, post.id):
            return post
    if len(shown) < EARLIEST:
        return None
    # more posts than were looked at, and none of those for this channel: then it is asked for its own
    own = [post for _, post in images.appearances_of(tx, [pair.match], viewer, 2) if post.id != post_id]
    return own[0] if own else None


def _matter(taken: Taken, copy: _Copy, listener: Listener, case: str, sight: Sight, now: str) -> Matter:
    pair, post_id = copy.pair, taken.post.id
    clash = in_conflict(taken.conflicts, pair, listener.viewer, sight)
    alert: Alert = Maker(taken, now).alert(
        listener,
        AlertKind.CAPTION_CONFLICT if clash else AlertKind.REUSE,
        f"picture/{post_id}/{pair.image}",
        case,
        short_id(listener.workspace, listener.channel, post_id, pair.image),
        pair=alerts.pair_of(pair.image, pair.match, post_id, copy.post.id),
        image_sha256=pair.image,
        match_sha256=pair.match,
        match_post_id=copy.post.id,
    )
    return Matter(alert, listener, forever=True)


def in_conflict(clashes: Iterable[Conflict], pair: Pair, viewer: Viewer, sight: Sight) -> bool:
    """Tell whether the captions of two copies cannot both be true, by posts that a viewer may see."""
    return any(
        clash.image_sha256 in {pair.image, pair.match} and all(sight.sees(viewer, post_id) for post_id in clash.posts)
        for clash in clashes
    )
