"""The outbox leaves nothing behind in a loop that goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from bot.slack.blocks import Message
from bot.slack.bodies import message_of
from bot.slack.clients import OneWorkspace
from bot.slack.outbox import Outbox
from storage.database import DATABASE_FILE, Database
from tests.workspace.loops import run


def test_a_waiting_outbox_that_is_cancelled_leaves_no_task(tmp_path: Path) -> None:
    """Cancelled while it waits for the next message, it takes with it what it was waiting by."""

    async def work() -> set[str]:
        async with httpx.AsyncClient() as http:
            with Database.open(tmp_path / DATABASE_FILE) as db:
                waits = asyncio.Event()

                async def pause(seconds: float) -> None:
                    waits.set()
                    await asyncio.sleep(seconds)

                async def words(body: Mapping[str, Any]) -> Message:
                    return message_of(body)

                clients = OneWorkspace("xoxb-1-a", "http://127.0.0.1:9/api/")
                outbox = Outbox(db, clients, words, lambda: datetime.now(UTC), owner="me", http=http, pause=pause)
                running = asyncio.create_task(outbox.run(60.0))
                await asyncio.wait_for(waits.wait(), 5)
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
                await asyncio.sleep(0)
                return {str(task.get_coro()) for task in asyncio.all_tasks() - {asyncio.current_task()}}

    left = run(work())
    assert not [task for task in left if "pause" in task or "Event.wait" in task]
