"""`rebuild`: derived data made anew from the archive: fingerprints, copies, sightings."""

from __future__ import annotations

from collections.abc import Callable

from bot.desk import Desk
from bot.findings import RebuildFinding
from bot.reprint import Reprinted, reprint
from storage import custody, readings

Progress = Callable[[int, int | None], None]


async def rebuild(desk: Desk, *, pictures: bool, texts: bool, progress: Progress) -> RebuildFinding:
    """Make fingerprints and the copies found by them anew, read every text anew, or both."""
    printed = Reprinted(0, ())
    if pictures:
        printed = await desk.aside(reprint, desk.db, desk.vault, desk.pictures, desk.readers, progress)
    read, told = 0, 0
    if texts:
        await desk.db.writing(readings.clear)
        done = await desk.aside(desk.readers.catch_up, desk.db, progress)
        read, told = done.texts, done.sightings
    detail = {"pictures": printed.done, "texts": read, "sightings": told}
    await desk.db.writing(
        lambda tx: custody.append(
            tx, at=desk.db.now(), actor="operator", action="rebuilt", subject="derived data", detail=detail
        )
    )
    return RebuildFinding(printed.done, read, told, printed.refused)
