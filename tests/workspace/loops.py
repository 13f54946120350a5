"""One way to run an asynchronous test."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

Result = TypeVar("Result")


def run(work: Coroutine[object, object, Result], seconds: float = 20.0) -> Result:
    """Run to the end in a loop of its own; `TimeoutError` after `seconds`."""

    async def limited() -> Result:
        return await asyncio.wait_for(work, seconds)

    return asyncio.run(limited())
