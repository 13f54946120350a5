"""What a post has brought, as the transaction knows it that takes it in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.alerting.memory import Memory
from bot.handles import account_of
from storage import grants, images, sightings, verdicts
from storage.database import Transaction
from storage.records import OPERATOR, ArchivedSighting, Conflict, Grant, Post, Viewer
from storage.verdicts import machinery

EARLIEST: Final = 200
"""Posts with one and the same file that are looked at for what a channel may see, the oldest."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A picture of the post, the stored one that it surely is a copy of, by SHA-256, and how well they match (0..1)."""

    image: str
    match: str
    score: float


@dataclass(frozen=True, slots=True)
class Taken:
    """What is to be told of a post: what it has brought now or, where a grant is new, all that is known of it.

    Attributes:
        post: as it is kept now.
        pairs: its pictures that are copies of stored ones.
        pictures: all of its pictures, by SHA-256.
        conflicts: between it and others.
        sightings: in its text.
        capture: the id of the capture that told that the post is gone from its source; empty where it is not, or was
            gone before.
        granted: the grant by which others see it now, though it was known before; None where the news is the post's.
        watch: the watch whose sweep brought it; empty for any other door.
        late: whether that sweep should have run earlier.
        backlog: whether it came with what had piled up at a source: it failed, or was never asked before.
    """

    post: Post
    pairs: tuple[Pair, ...] = ()
    pictures: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    sightings: tuple[ArchivedSighting, ...] = ()
    capture: str = ""
    granted: Grant | None = None
    watch: str = ""
    late: bool = False
    backlog: bool = False

    @property
    def author(self) -> str:
        """Who published it, as warnings and watches name an account."""
        return account_of(self.post.author, self.post.platform)

    def catches_up(self, watch: str) -> bool:
        """Tell whether it came with much else that a watch has missed, or meets for the first time."""
        return watch == self.watch != "" and (self.late or self.backlog)

    @property
    def is_news(self) -> bool:
        """Whether there is anything that could be told."""
        return bool(self.pairs or self.pictures or self.conflicts or self.sightings or self.capture)


class Sight:
    """Who may see which post, looked up once for all the channels of one transaction."""

    def __init__(self, tx: Transaction, taken: Taken) -> None:
        self._tx = tx
        self._taken = taken
        self._granted: dict[str, frozenset[tuple[str, str]]] = {}
        self._showing: dict[str, list[Post]] = {}
        self._memories: dict[str, Memory] = {}
        self._silent: dict[tuple[str, str, str, str], bool] = {}

    def is_silent(self, workspace: str, pair: Pair, other: str) -> bool:
        """Tell whether people of a workspace have said never to warn of a pair that `other`, a post, shows, too."""
        key = (workspace, pair.image, pair.match, other)
        if key not in self._silent:
            memory = self._memories.get(workspace) or Memory(self._tx, workspace)
            self._memories[workspace] = memory
            found = memory.of_pair(memory.copies(pair.image), pair.match, self._taken.post.id, [other])
            self._silent[key] = found is not None
        return self._silent[key]

    def judged(self, workspace: str, found: Sequence[ArchivedSighting]) -> list[ArchivedSighting]:
        """Return those of some sightings that nobody of a workspace has rejected, as they are told there."""
        ids, viewer = [one.id for one in found], machinery(workspace)
        if not verdicts.of_sightings(self._tx, ids, viewer):
            return list(found)
        told = {one.id: one for one in sightings.chosen(self._tx, ids, viewer)}
        return [told[one.id] for one in found if one.id in told]

    def showing(self, sha256: str) -> list[Post]:
        """Return the earliest posts that show a picture, whoever may see them, the oldest first."""
        if sha256 not in self._showing:
            found = images.appearances_of(self._tx, [sha256], OPERATOR, EARLIEST)
            self._showing[sha256] = [post for _, post in found]
            self.learn(post.id for _, post in found)
        return self._showing[sha256]

    def learn(self, post_ids: Iterable[str]) -> None:
        """Look up several posts at once."""
        unknown = set(post_ids) - self._granted.keys()
        if unknown:
            self._granted |= grants.of_posts(self._tx, unknown)

    def sees(self, viewer: Viewer, post_id: str) -> bool:
        """Tell whether a viewer may see a post."""
        self.learn([post_id])
        return grants.allows(self._granted[post_id], viewer)

    def is_told(self, viewer: Viewer) -> bool:
        """Tell whether the post is news to a viewer: they may see it and, with a new grant, could not before."""
        post_id, new = self._taken.post.id, self._taken.granted
        if not self.sees(viewer, post_id):
            return False
        if new is None:
            return True
        before = self._granted[post_id] - {(new.workspace, new.audience)}
        return not grants.allows(before, viewer)
