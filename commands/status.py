"""`status`: what the store holds, which sources are ready, and how the desk fares."""

from __future__ import annotations

from importlib.metadata import version

from bot.desk import PLATFORM_NAMES, Desk
from bot.findings import StatusFinding
from bot.sources.base import NotConfigured
from commands.health import health_of
from commands.silenced import listing
from storage import captures, conflicts, custody, images, people, posts, sightings
from storage.database import Transaction
from storage.records import OPERATOR, Viewer


async def status(desk: Desk, *, viewer: Viewer = OPERATOR) -> StatusFinding:
    """Count what is there; counts of posts are those that the viewer may see."""

    def count(tx: Transaction) -> StatusFinding:
        silent = listing(tx, "" if viewer.operator else viewer.workspace, viewer, most=0)
        return StatusFinding(
            version=version("dateline"),
            home=str(desk.settings.home),
            posts=posts.count(tx, viewer),
            captures=captures.count(tx, viewer),
            images=images.count(tx, viewer),
            sightings=sightings.count(tx, viewer),
            people=len(people.all(tx)),
            conflicts=conflicts.count(tx, viewer),
            custody_rows=custody.head(tx)[0],
            unread=desk.readers.unread(tx),
            database_bytes=desk.db.path.stat().st_size,
            vault_bytes=desk.vault.size(),
            last_captured_at=captures.last_captured_at(tx, viewer),
            sources={name: _state(desk, platform) for platform, name in PLATFORM_NAMES.items()},
            health=health_of(tx, desk.clock(), viewer),
            silenced=(silent.pairs, silent.marks),
        )

    return await desk.db.reading(count)


def _state(desk: Desk, platform: str) -> str:
    try:
        desk.source(platform)
    except NotConfigured:
        return "not configured"
    return "ready"
