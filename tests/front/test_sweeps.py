"""Sweeps in Slack: asked for, told of in their thread while they run, cancelled, and by the clock."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from bot.workspace.values import Channel, Message
from storage import runs, watches
from storage.runs import RunState
from storage.watches import Watch, WatchState
from tests.front.newsroom import Newsroom, buttons, in_newsroom, shown
from tests.loopback import Reply, Request
from tests.storage.makers import watch as made

RSS = {"Content-Type": "application/rss+xml"}


def feed(*titles: str) -> Reply:
    """A feed with these entries."""
    entries = "".join(
        f"<item><title>{title}</title><link>https://wire.example/{title.lower()}</link><guid>{title}</guid></item>"
        for title in titles
    )
    text = f'<rss version="2.0"><channel><title>Wire</title>{entries}</channel></rss>'
    return Reply(text.encode(), headers=RSS)


def put(room: Newsroom, key: str = "w1", channel: Channel | None = None, **changes: Any) -> Watch:
    """Keep a watch of a feed, that is not due."""
    channel = channel or room.desk
    values = {
        "workspace": room.workspace.team, "channel": channel.id, "label": f"wire {key}", "owner": room.rana.id,
        "sources": (f"rss:{room.x.server.url}/{key}",), "since": room.service.desk.db.now(),
    }  # fmt: skip
    wanted = made(key, **{**values, **changes})
    with room.service.desk.db.write() as tx:
        watches.put(tx, wanted)
    return wanted


async def ask(room: Newsroom, line: str) -> None:
    """Type a command that is answered in the channel."""
    await room.answered(await room.slack.people.command(room.rana.id, room.desk.id, line))


async def swept(room: Newsroom) -> None:
    """Wait until nothing is swept, and everything is told."""
    assert room.service.sweeps is not None
    await room.service.sweeps.tick()
    await room.service.sweeps.idle()
    await room.quiet()


def of_sweep(room: Newsroom, channel: Channel) -> tuple[Message, list[Message]]:
    """The message of a sweep in a channel, and what stands in its thread."""
    [head] = [one for one in room.posted(channel) if "Sweep of" in shown(one)]
    return head, [one for one in room.posted(channel, head.ts) if one.ts != head.ts]


def states(room: Newsroom) -> list[RunState]:
    """How the runs stand."""
    with room.service.desk.db.read() as tx:
        found = [runs.newest(tx, watch.id) for watch in watches.all(tx)]
    return [run.state for run in found if run]


@in_newsroom(DATELINE_SOURCE_PACE="0")
async def test_a_sweep_is_asked_for_and_told_of(room: Newsroom) -> None:
    """The channel sees who asked for it, its thread how far it has come, and in the end its message what came of it."""
    room.x.server.routes["GET /w1"] = feed("One", "Two")
    put(room)
    await ask(room, "/dateline sweep now w1")
    await swept(room)
    head, [below] = of_sweep(room, room.desk)
    assert "Sweep of wire w1" in shown(head)
    assert room.rana.id in shown(head)
    assert "Done: 2 posts, 2 new, 0 warnings." in shown(head)
    assert buttons(head) == {}
    assert "wire w1: done. 2 posts, 2 new, 0 warnings." in shown(below)
    assert await room.archived() == 2


@in_newsroom(DATELINE_SOURCE_PACE="0")
async def test_without_a_name_all_watches_of_the_channel_are_swept(room: Newsroom) -> None:
    """Those that rest, have no source, or belong to another channel are not; what fails is told under its watch."""
    room.x.server.routes["GET /w1"] = feed("One")
    put(room, "w1")
    put(room, "w2")
    put(room, "w3", state=WatchState.PAUSED)
    put(room, "w4", sources=())
    put(room, "w5", room.sources, private=True)
    await ask(room, "/dateline sweep now")
    await swept(room)
    head, [below] = of_sweep(room, room.desk)
    assert "Sweep of 2 watches" in shown(head)
    assert "Done in part: 1 post, 1 new, 0 warnings." in shown(head)
    assert "wire w2: failed, no source answered." in shown(below)
    assert "no feed at this address (404)" in shown(below)
    assert "w5" not in shown(below)


@in_newsroom(DATELINE_SOURCE_PACE="0")
async def test_a_sweep_is_cancelled_while_it_runs(room: Newsroom) -> None:
    """A click on Cancel ends it at once, whoever clicks; of two at once the second is told that it is over."""
    answering = threading.Event()

    def slow(_request: Request) -> Reply:
        answering.wait(20)
        return feed("One")

    room.x.server.routes["GET /w1"] = slow
    put(room)
    await ask(room, "/dateline sweep now w1")
    assert room.service.sweeps is not None
    await room.service.sweeps.tick()
    await room.quiet()
    head, [below] = of_sweep(room, room.desk)
    assert "is being swept" in shown(below) or "waits for its turn" in shown(below)
    clicks = [room.slack.people.click(who.id, head, buttons(head)["Cancel"]) for who in (room.erik, room.rana)]
    assert all(went.ok for went in await asyncio.gather(*clicks))
    await swept(room)
    told = [shown(one) for who in (room.erik, room.rana) for one in room.told(who)]
    assert sorted(text.split(".")[0] for text in told) == ["The sweep is cancelled", "This sweep is over already"]
    answering.set()
    assert states(room) == [RunState.CANCELLED]
    assert await room.archived() == 0
    after, [below] = of_sweep(room, room.desk)
    assert "Cancelled: 0 posts" in shown(after)
    assert buttons(after) == {}
    assert "cancelled; what was found is kept" in shown(below)


@in_newsroom()
async def test_what_cannot_be_swept_is_said(room: Newsroom) -> None:
    """Nothing to sweep, a watch that rests, one without sources, and one of a private channel, to the one who asks."""
    [nothing] = await room.command("/dateline sweep now")
    assert "No watch of this channel can be swept" in shown(nothing)
    put(room, "w1", state=WatchState.PAUSED)
    put(room, "w2", sources=())
    put(room, "w3", room.sources, private=True)
    for name, answer in (("w1", "is paused"), ("w2", "no source"), ("w3", "no watch called"), ("x", "no watch called")):
        [told] = await room.command(f"/dateline sweep now {name}")
        assert answer in shown(told)
    assert states(room) == []


@in_newsroom(DATELINE_SOURCE_PACE="0")
async def test_a_watch_is_swept_when_it_is_due(room: Newsroom) -> None:
    """By itself, and with no message in the channel."""
    room.x.server.routes["GET /w1"] = feed("One")
    put(room, since="2026-01-01T00:00:00.000Z", next_due="2026-01-01T00:15:00.000Z")
    await swept(room)
    assert states(room) == [RunState.DONE]
    assert await room.archived() == 1
    assert room.posted(room.desk) == []
