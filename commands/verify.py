"""`verify`: re-hash every archived file, walk the custody log, and name what does not hold."""

from __future__ import annotations

from collections.abc import Callable

from bot.desk import Desk
from bot.findings import VerifyFinding
from storage import custody
from storage.verify import verify as verify_store

Progress = Callable[[int, int | None], None]


async def verify(desk: Desk, *, progress: Progress) -> VerifyFinding:
    """Check the whole archive; nothing is changed."""
    faults = await desk.work(verify_store, desk.db, desk.vault, progress)
    return VerifyFinding(
        files=await desk.work(desk.vault.count),
        custody_rows=await desk.db.reading(lambda tx: custody.head(tx)[0]),
        faults=tuple((fault.kind, fault.subject, fault.why) for fault in faults),
    )
