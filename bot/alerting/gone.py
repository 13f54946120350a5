"""A post that could be seen at its source, and cannot be any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.alerting.matter import Maker, Matter
from bot.alerting.taken import Sight, Taken
from bot.alerting.targets import Targets, listeners
from storage import cases, sightings
from storage.alerts import AlertKind, Evidence
from storage.database import Transaction
from storage.records import PostStatus, short_id
from storage.verdicts import machinery
from storage.watches import WatchKind

GONE: Final = frozenset(
    {PostStatus.DELETED, PostStatus.SUSPENDED, PostStatus.PROTECTED, PostStatus.WITHHELD, PostStatus.NOT_FOUND}
)
"""What a source says of a post that it does not show any more; not what may be over tomorrow, nor an age gate."""


def has_gone(before: PostStatus | None, after: PostStatus) -> bool:
    """Tell whether a post that was there is there no more."""
    return before is PostStatus.LIVE and after in GONE


def gone(tx: Transaction, taken: Taken, targets: Targets, sight: Sight, now: str) -> Iterator[Matter]:
    """Tell of a post that is gone: its own watch, its account's, and those of the people whom it spoke of."""
    if not taken.capture:
        return
    post_id = taken.post.id
    asked = [*targets.links.get(post_id, ()), *targets.accounts.get(taken.author, ())]
    if targets.persons:
        said = sightings.of_post(tx, post_id, machinery())
        for person in sorted({one.sighting.person_id for one in said}):
            about = [one for one in said if one.sighting.person_id == person]
            asked += [one for one in targets.persons.get(person, ()) if sight.judged(one.workspace, about)]
    for listener in listeners(asked, taken.watch):
        if not sight.is_told(listener.viewer):
            continue
        subject = f"deleted/{post_id}"
        told = cases.of_post(tx, listener.workspace, listener.channel, post_id)
        watch = listener.watch
        alert = Maker(taken, now).alert(
            listener,
            AlertKind.DELETED,
            subject,
            told[0].case if told else subject,
            short_id(listener.workspace, listener.channel, subject, taken.capture),
            person=watch.subject if watch and watch.kind is WatchKind.PERSON else "",
        )
        yield Matter(alert, listener, (Evidence(taken.capture, post_id, now),))
