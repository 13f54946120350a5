"""`verify`: re-hash every archived file, walk the custody log, and name what does not hold."""

from __future__ import annotations

from collections.abc import Callable

from bot.desk import Desk
from bot.findings import VerifyFinding
from storage import custody
from storage.errors import StoreError
from storage.verify import verify as verify_store

Progress = Callable[[int, int | None], None]


async def verify(desk: Desk, *, progress: Progress) -> VerifyFinding:
    """Check the whole archive; nothing is changed."""
    files = 0

    def hashed(done: int, expected: int) -> None:
        nonlocal files
        progress(done - files, expected)
        files = done

    faults = await desk.aside(verify_store, desk.db, desk.vault, hashed)
    try:
        custody_rows = await desk.db.reading(custody.count)
    except StoreError:  # the faults name it, and are to be told
        custody_rows = 0
    return VerifyFinding(
        files=files,
        custody_rows=custody_rows,
        faults=tuple((fault.kind, fault.subject, fault.why) for fault in faults),
    )
