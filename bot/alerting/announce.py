"""What intake tells: what is new of a post, and what is known of one that others see from now on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bot.alerting.gone import has_gone
from bot.alerting.raising import raise_alerts
from bot.alerting.taken import Pair, Taken
from bot.alerting.targets import TargetBook
from storage import conflicts, images, news, posts, reuse, sightings
from storage.alerts import Alert
from storage.conflicts import conflict_id
from storage.database import Transaction
from storage.records import (
    OPERATOR,
    ArchivedSighting,
    Capture,
    Certainty,
    Conflict,
    Grant,
    Place,
    Post,
    PostStatus,
    Reuse,
)
from storage.verdicts import machinery


@dataclass(frozen=True, slots=True)
class Door:
    """By which door a post came; see `bot.intake.Audience`."""

    watch: str = ""
    late: bool = False
    backlog: bool = False


class Announcer:
    """Raises what intake finds; knows who wants to be told."""

    def __init__(self, compatible: Callable[[Place, Place], bool]) -> None:
        self._targets = TargetBook(compatible)

    def new(
        self,
        tx: Transaction,
        post_id: str,
        capture: Capture,
        before: PostStatus | None,
        found: Iterable[Reuse],
        clashes: Iterable[Conflict],
        told: Iterable[ArchivedSighting],
        door: Door,
        now: str,
    ) -> list[Alert]:
        """Tell what a capture has brought; `before` is how the post stood until then, None where it was unknown."""
        clashes, told = tuple(clashes), tuple(told)
        for clash in clashes:
            news.note(tx, "conflict", conflict_id(clash), now)
        for one in told:
            news.note(tx, "sighting", one.id, now)
        post = posts.get(tx, post_id, OPERATOR)
        if post is None:
            return []
        taken = Taken(
            post=post,
            pairs=tuple(
                Pair(match.query_sha256, match.match_sha256, match.score)
                for match in found
                if match.certainty is Certainty.MATCH
            ),
            pictures=_pictures(tx, post),
            conflicts=clashes,
            sightings=told,
            capture=capture.id if has_gone(before, post.status) else "",
        )
        return self._raised(tx, taken, door, now)

    def granted(self, tx: Transaction, grant: Grant, door: Door, now: str) -> list[Alert]:
        """Tell those who see a known post from now on, by a new grant, all that is known of it."""
        post = posts.get(tx, grant.post_id, OPERATOR)
        if post is None:
            return []
        pictures = _pictures(tx, post)
        taken = Taken(
            post=post,
            pairs=tuple(pair for sha256 in pictures for pair in _pairs(tx, sha256)),
            pictures=pictures,
            conflicts=tuple(conflicts.of_post(tx, post.id, OPERATOR)),
            sightings=tuple(sightings.of_post(tx, post.id, machinery())),
            granted=grant,
        )
        return self._raised(tx, taken, door, now)

    def _raised(self, tx: Transaction, taken: Taken, door: Door, now: str) -> list[Alert]:
        taken = replace(taken, watch=door.watch, late=door.late, backlog=door.backlog)
        return raise_alerts(tx, taken, self._targets.current(tx), now)


def _pictures(tx: Transaction, post: Post) -> tuple[str, ...]:
    return tuple(dict.fromkeys(image.sha256 for _, image in images.of_post(tx, post.id)))


def _pairs(tx: Transaction, sha256: str) -> Iterable[Pair]:
    """Give the stored pictures that one is surely the same as, whichever of the two came first; also its own file."""
    yield Pair(sha256, sha256, 1.0)
    for match in reuse.of_image(tx, sha256, OPERATOR):
        if match.certainty is Certainty.MATCH:
            other = match.match_sha256 if match.query_sha256 == sha256 else match.query_sha256
            yield Pair(sha256, other, match.score)
