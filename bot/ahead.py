"""Pictures prepared before their post is taken in: by other processes, while the ones before them are archived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from bot.sources.base import Captured
from storage import captures
from storage.database import Database
from storage.records import digest, short_id
from storage.vault import Vault

if TYPE_CHECKING:
    from bot.images.prepared import Prepared

Ahead: TypeAlias = "Mapping[str, tuple[Prepared | None, str]]"
"""Pictures by the digest of their bytes, each as `PictureSet.prepare` returns it."""


def unprepared(db: Database, batch: Sequence[Captured]) -> dict[str, bytes]:
    """Return the pictures, by digest, of those posts that are not archived as they come: they will be prepared."""
    family = {
        short_id(one.post_id, digest(one.raw)): one for captured in batch for one in (*quoted(captured), captured)
    }
    with db.read() as tx:
        known = captures.known(tx, list(family))
    fresh = (one for name, one in family.items() if name not in known)
    return {digest(media.data): media.data for one in fresh for media in one.media if media.data}


def archived(db: Database, vault: Vault, post_id: str, sha256: str) -> bool:
    """Whether the capture of a post with these raw bytes is archived, its file included."""
    with db.read() as tx:
        known = captures.known(tx, [short_id(post_id, sha256)])
    return bool(known) and vault.path(sha256).exists()


def quoted(captured: Captured) -> list[Captured]:
    """Return the posts that stand within a post, the innermost after the one that quotes it."""
    return [inner for one in captured.quoted for inner in (one, *quoted(one))]
