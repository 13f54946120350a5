"""Two people click on one warning at the same time, in the real process, by HTTP and by Socket Mode."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.slack.manifest import Variant
from bot.workspace.values import Message
from tests.front.newsroom import buttons, shown
from tests.front_live.children import free_port
from tests.front_live.rooms import Room, fill, newsroom, x_link, x_on_loopback
from tests.front_live.test_serve import DOORS, bot
from tests.workspace.loops import run

QUICKLY = 2.0
"""Seconds within which everybody sees what somebody has decided."""

PACED = {"DATELINE_SLACK_PACE": "1"}
"""One message a second and channel, as Slack wants it."""


async def warned(room: Room) -> Message:
    """Let the desk be warned of a picture, and return the warning with its picture."""
    people, told = room.slack.people, room.workspace.transcript
    assert (await people.command(room.erik.id, room.desk.id, "/dateline alerts here")).ok
    await told.wait_for(lambda: room.alone(room.erik))
    assert (await people.command(room.oda.id, room.desk.id, f"/trace {x_link(1)}")).ok
    [warning] = await told.wait_for(lambda: [one for one in room.posted() if one.text.startswith("Warning")], 30)
    return warning


@DOORS
def test_the_first_wins_and_everybody_sees_it_at_once(variant: Variant, tmp_path: Path) -> None:
    """The message changes within two seconds, also while traces wait for a slow platform; the second is told who."""
    home = tmp_path / "store"
    fill(home)

    async def work() -> None:
        with x_on_loopback(slow=2.0) as x:
            async with newsroom(variant) as room, bot(room, home, x, free_port(), **PACED) as child:
                warning = await warned(room)
                people, told = room.slack.people, room.workspace.transcript
                for number in range(21, 41, 2):  # ten that X answers late: more than are under way at once
                    assert (await people.command(room.oda.id, room.desk.id, f"/trace {x_link(number)}")).ok
                began = asyncio.get_running_loop().time()
                acknowledge = buttons(warning)["Acknowledge"]
                both = [people.click(one.id, warning, acknowledge) for one in (room.rana, room.erik)]
                assert all(one.ok for one in await asyncio.gather(*both))
                await told.wait_for(lambda: "Acknowledged by" in shown(room.workspace.messages[warning.ts]), 20)
                took = asyncio.get_running_loop().time() - began
                second = await told.wait_for(lambda: _second(room), 20)
                assert took < QUICKLY
                after = shown(room.workspace.messages[warning.ts])
                first = room.erik if second.ephemeral_to == room.rana.id else room.rana
                assert after.count("Acknowledged by") == 1
                assert f"Acknowledged by {first.id}" in after
                assert f"Somebody was first: Acknowledged by {first.id}" in shown(second)
                await child.ends_in_peace(60)
                assert [(call.method, call.error) for call in told.calls() if not call.ok] == []

    run(work(), 120)


def _second(room: Room) -> Message | None:
    alone = [*room.alone(room.rana), *room.alone(room.erik)]
    return next((one for one in alone if "Somebody was first" in shown(one)), None)
