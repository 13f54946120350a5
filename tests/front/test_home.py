"""The Home tab: what a member traced, and the warnings that are open."""

from __future__ import annotations

from functools import partial

from bot.sample import pictures
from bot.slack.ids import Field
from bot.workspace.values import User, View
from storage.dismissals import Reason
from tests.front.newsroom import Newsroom, buttons, in_newsroom
from tests.front.platforms import LINK, OLDER, POST, brought

SCENE = "soldiers-square"


async def home(room: Newsroom, user: User | None = None) -> View:
    """Open Home and return what is shown."""
    user = user or room.rana
    room.slack.people.open_home(user.id)
    await room.quiet()
    view = room.workspace.home(user.id)
    assert view is not None
    return view


def action(view: View, label: str) -> str:
    """Return the action of the first button with these words on it."""
    row = [element for block in view.blocks if block["type"] == "actions" for element in block["elements"]]
    return next(str(element["action_id"]) for element in row if element["text"]["text"] == label)


async def warn(room: Newsroom) -> None:
    """Let the desk be warned of a picture."""
    await room.command("/dateline alerts here")
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture(SCENE)]))
    await room.take(brought(POST, "A square in Nairobi today.", [pictures.mirrored_copy(SCENE)]))
    await room.quiet()


@in_newsroom()
async def test_an_empty_home_says_what_to_do(room: Newsroom) -> None:
    """Somebody new reads that nothing is open, and how to trace."""
    told = str((await home(room)).body)
    assert "No warning is open." in told
    assert "/trace LINK" in told


@in_newsroom()
async def test_home_shows_ones_own_traces_and_asks_again(room: Newsroom) -> None:
    """A trace stands in the Home of who asked it alone; its button answers in a direct message."""
    room.x.writes(POST, "Ships in Mombasa today", pictures.picture("harbour"))
    await room.command(f"/trace {LINK}")
    mine = await home(room)
    assert "My traces: 1" in str(mine.body)
    assert POST in str(mine.body)
    assert "My traces: 0" in str((await home(room, room.erik)).body)
    went = await room.slack.people.click(room.rana.id, mine, action(mine, "Trace again"))
    await room.answered(went)
    [answer, *_] = room.posted(room.workspace.direct(room.rana.id))
    assert "No copy among the pictures we hold" in answer.text


@in_newsroom()
async def test_home_shows_open_warnings_and_takes_decisions(room: Newsroom) -> None:
    """Acknowledge and Dismiss work there; the message in the channel changes, and so does Home by itself."""
    await warn(room)
    before = await home(room)
    assert "Open warnings: 1" in str(before.body)
    went = await room.slack.people.click(room.rana.id, before, action(before, "Acknowledge"))
    await room.answered(went)
    [warning] = room.posted(room.desk)
    assert f"'user_id': '{room.rana.id}'" in str(warning.blocks)
    await room.workspace.transcript.wait_for(lambda: is_open(room, 0))
    assert "Open warnings: 0" in str((await home(room, room.erik)).body)
    await room.click(warning, buttons(room.workspace.messages[warning.ts])["Undo"])
    again = await home(room)
    people = room.slack.people
    assert (await people.click(room.rana.id, again, action(again, "Dismiss…"))).ok
    modal = await room.workspace.transcript.wait_for(lambda: room.workspace.modal(room.rana.id))
    assert modal is not None
    await room.answered(await people.submit_view(room.rana.id, modal, {str(Field.REASON): str(Reason.KNOWN)}))
    await room.workspace.transcript.wait_for(lambda: is_open(room, 0))


def is_open(room: Newsroom, number: int) -> bool:
    """Whether the reporter's Home counts so many open warnings."""
    view = room.workspace.home(room.rana.id)
    return view is not None and f"Open warnings: {number}" in str(view.body)


@in_newsroom()
async def test_a_warning_of_a_private_channel_is_not_in_home(room: Newsroom) -> None:
    """What everybody in the workspace may see is listed, nothing else."""
    await room.command("/dateline alerts here", channel=room.sources)
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture(SCENE)]))
    room.x.writes(POST, "A square in Nairobi today.", pictures.mirrored_copy(SCENE))
    await room.answered(await room.slack.people.command(room.rana.id, room.sources.id, f"/trace {LINK}"))
    assert len(room.posted(room.sources)) == 1
    view = await home(room)
    assert "Open warnings: 0" in str(view.body)
    assert "My traces: 0" in str(view.body)


@in_newsroom()
async def test_the_messages_tab_publishes_nothing(room: Newsroom) -> None:
    """Opening the other tab of the app is no reason to draw Home."""
    room.slack.people.open_home(room.rana.id, "messages")
    await room.quiet()
    assert room.workspace.transcript.calls("views.publish") == []


@in_newsroom(refusals=True)
async def test_a_home_that_could_not_be_shown_is_shown_at_the_next_opening(room: Newsroom) -> None:
    """Slack fails once; nothing is lost by it."""
    room.slack.faults.fail("views.publish", "internal_error", status=500)
    room.slack.people.open_home(room.rana.id)
    await room.quiet()
    assert room.workspace.home(room.rana.id) is None
    assert "My traces: 0" in str((await home(room)).body)


def on_view(view: View) -> list[str]:
    """Return the words on every button of a view, in order."""
    row = [element for block in view.blocks if block["type"] == "actions" for element in block["elements"]]
    return [str(element["text"]["text"]) for element in row]


def home_shows(room: Newsroom, label: str) -> bool:
    """Whether the reporter's Home has a button with these words."""
    view = room.workspace.home(room.rana.id)
    return view is not None and label in on_view(view)


@in_newsroom()
async def test_ones_own_watches_are_paused_resumed_and_removed_in_home(room: Newsroom) -> None:
    """Each shows how it fares and has the buttons of the list; Home changes by itself, and nothing else is sent."""
    await room.watch("Amina Njoroge")
    await room.command("/watch Njoroge every 30m from rss:https://wire.example/feed", channel=room.sources)
    assert on_view(await home(room, room.erik)) == ["New watch…"]
    mine = await home(room)
    assert "My watches: 1" in str(mine.body)
    assert "Every 30 minutes from rss:https://wire.example/feed." in str(mine.body)
    assert on_view(mine) == ["Pause", "Edit…", "Remove", "New watch…"]
    before = set(room.workspace.messages)
    for pressed, then in (("Pause", "Resume"), ("Resume", "Pause")):
        await room.answered(await room.slack.people.click(room.rana.id, mine, action(mine, pressed)))
        await room.workspace.transcript.wait_for(partial(home_shows, room, then))
        mine = room.workspace.home(room.rana.id) or mine
    await room.answered(await room.slack.people.click(room.rana.id, mine, action(mine, "Remove")))
    await room.workspace.transcript.wait_for(lambda: not home_shows(room, "Remove"))
    assert set(room.workspace.messages) == before


@in_newsroom()
async def test_a_watch_is_changed_in_home(room: Newsroom) -> None:
    """Edit… opens the form with what is kept; Home shows the change by itself."""
    await room.watch("Amina Njoroge")
    await room.command("/watch Njoroge every 30m from rss:https://wire.example/feed")
    mine = await home(room)
    people = room.slack.people
    assert (await people.click(room.rana.id, mine, action(mine, "Edit…"))).ok
    modal = await room.workspace.transcript.wait_for(lambda: room.workspace.modal(room.rana.id))
    assert modal is not None
    before = set(room.workspace.messages)
    await room.answered(await people.submit_view(room.rana.id, modal, {str(Field.SCHEDULE): "every 45 minutes"}))
    await room.workspace.transcript.wait_for(
        lambda: "Every 45 minutes" in str((room.workspace.home(room.rana.id) or mine).body)
    )
    assert set(room.workspace.messages) == before


@in_newsroom()
async def test_a_digest_in_home_names_its_channel(room: Newsroom) -> None:
    """Somebody with several can tell them apart."""
    await room.command("/dateline digest at 08:30 weekdays Europe/Oslo")
    assert f"'channel_id': '{room.desk.id}'" in str((await home(room)).body)
