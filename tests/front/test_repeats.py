"""Whatever Slack delivers three times happens once: one archive, one answer."""

from __future__ import annotations

import asyncio

from bot.sample import pictures
from bot.slack.ids import Callback, Field
from storage import captures
from storage.dismissals import Reason
from tests.front.newsroom import Newsroom, buttons, in_newsroom, shown
from tests.front.platforms import LINK, OLDER, POST, brought


async def again(room: Newsroom, kind: str, name: str = "") -> None:
    """Deliver the newest request of a kind twice more, as Slack does when an acknowledgement was lost."""
    newest = room.workspace.transcript.deliveries(kind, name)[-1]
    for _ in range(2):
        receipt = await room.slack.deliveries.again(newest)
        assert receipt.status == 200
    await room.quiet()


async def copies(room: Newsroom) -> int:
    """Count the captures of the traced post."""
    return len(await room.service.desk.db.reading(lambda tx: captures.of_post(tx, f"x:{POST}")))


@in_newsroom()
async def test_a_command_delivered_three_times(room: Newsroom) -> None:
    """One capture, one card; the repeated deliveries are acknowledged too."""
    room.x.writes(POST, "Ships in Mombasa today", pictures.picture("harbour"))
    await room.command(f"/trace {LINK}")
    await again(room, "command")
    assert len(room.told(room.rana)) == 1
    assert await copies(room) == 1
    assert room.x.asked() == 1
    await room.command("/dateline people add Amina Njoroge")
    await again(room, "command")
    assert len(room.told(room.rana)) == 2


@in_newsroom()
async def test_commands_delivered_at_the_same_time(room: Newsroom) -> None:
    """Repeats that overtake the first one do not make a second."""
    room.x.writes(POST, "Ships in Mombasa today", pictures.picture("harbour"))
    went = await room.slack.people.command(room.rana.id, room.desk.id, f"/trace {LINK}")
    assert went.ok
    newest = room.workspace.transcript.deliveries("command")[-1]
    await asyncio.gather(*(room.slack.deliveries.again(newest) for _ in range(5)))
    await room.quiet()
    assert len(room.told(room.rana)) == 1
    assert await copies(room) == 1


@in_newsroom()
async def test_clicks_delivered_three_times(room: Newsroom) -> None:
    """Share posts once, Keep keeps once, Show more answers once."""
    room.x.writes(POST, "Ships in Mombasa today", pictures.picture("harbour"))
    [card] = await room.command(f"/trace {LINK}")
    await room.click(card, buttons(card)["Share in channel"])
    shared = len(room.posted(room.desk))
    await again(room, "block_actions")
    assert len(room.posted(room.desk)) == shared
    shown_now = await room.click(card, buttons(card)["Show all of it"])
    told = len(room.told(room.rana))
    await again(room, "block_actions")
    assert len(room.told(room.rana)) == told
    assert shown_now


@in_newsroom()
async def test_an_event_delivered_three_times(room: Newsroom) -> None:
    """A mention comes by two events, each three times: one answer."""
    room.x.writes(POST, "Ships in Mombasa today")
    room.slack.faults.repeats = 2
    asked = room.slack.people.say(room.rana.id, room.desk.id, f"@dateline trace {LINK}")
    await room.quiet()
    assert len(room.workspace.transcript.deliveries("event")) >= 6
    answers = room.posted(room.desk, asked.ts)
    assert len([one for one in answers if "Ships in Mombasa" in shown(one) and "Motivation" in shown(one)]) == 1
    assert await copies(room) == 1


@in_newsroom()
async def test_a_file_delivered_three_times(room: Newsroom) -> None:
    """One card for one dropped picture; the shortcut on it, three times too, one more for who used it."""
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture("soldiers-square")]))
    room.slack.faults.repeats = 2
    dropped = room.slack.people.drop_file(
        room.erik.id, room.desk.id, "seen.jpg", pictures.mirrored_copy("soldiers-square")
    )
    await room.quiet()
    titles = [shown(one).splitlines()[0] for one in room.posted(room.desk, dropped.ts)]
    assert titles.count("This picture was seen before") == 1
    await room.answered(await room.slack.people.message_shortcut(room.rana.id, str(Callback.CHECK_MESSAGE), dropped))
    await again(room, "message_action")
    assert len(room.told(room.rana)) == 1


@in_newsroom()
async def test_decisions_delivered_three_times(room: Newsroom) -> None:
    """One step in the history of the warning, one change of its message, for a click and for a modal."""
    await room.command("/dateline alerts here")
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture("soldiers-square")]))
    await room.take(brought(POST, "A square in Nairobi.", [pictures.mirrored_copy("soldiers-square")]))
    await room.quiet()
    [warning] = room.posted(room.desk)
    people = room.slack.people
    await room.click(warning, buttons(warning)["Acknowledge"])
    await again(room, "block_actions")
    after = room.workspace.messages[warning.ts]
    await room.click(after, buttons(after)["Undo"])
    await again(room, "block_actions")
    opened = room.workspace.messages[warning.ts]
    assert (await people.click(room.erik.id, opened, buttons(opened)["Dismiss…"])).ok
    modal = await room.workspace.transcript.wait_for(lambda: room.workspace.modal(room.erik.id))
    assert modal is not None
    await room.answered(await people.submit_view(room.erik.id, modal, {str(Field.REASON): str(Reason.KNOWN)}))
    await again(room, "view_submission")
    assert len(room.workspace.transcript.calls("chat.update")) == 3
    told = [one for person in (room.rana, room.erik) for one in room.told(person) if "already" in shown(one)]
    assert told == []


@in_newsroom()
async def test_a_post_that_comes_in_three_times_is_warned_of_once(room: Newsroom) -> None:
    """Taken in by a sweep, traced, and taken in again: one post, one warning."""
    await room.command("/dateline alerts here")
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture("soldiers-square")]))
    copy = brought(POST, "A square in Nairobi.", [pictures.mirrored_copy("soldiers-square")])
    for _ in range(3):
        await room.take(copy)
    await room.quiet()
    await room.command(f"/trace {LINK}")
    assert len(room.posted(room.desk)) == 1
    assert await room.archived() == 2
