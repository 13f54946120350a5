"""Snoozes in Slack: a modal sets one, the list ends one, and what came meanwhile is told in one message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.sample import pictures
from bot.slack.ids import Field, Until
from bot.workspace.values import Message, View
from commands.triage import overdue
from storage import snoozes
from storage.records import utc
from storage.snoozes import Scope, Snooze
from tests.front.newsroom import Newsroom, buttons, in_newsroom, shown
from tests.front.platforms import POST, brought
from tests.front.test_triage import SCENE, now, warned


async def opened(room: Newsroom, warning: Message, label: str, user: str) -> View:
    """Press a button that opens a modal."""
    went = await room.slack.people.click(user, now(room, warning), buttons(now(room, warning))[label])
    assert went.ok
    modal = await room.workspace.transcript.wait_for(lambda: room.workspace.modal(user))
    assert modal is not None
    return modal


async def snooze(room: Newsroom, warning: Message, **chosen: Any) -> None:
    """Snooze by the modal, as Rana."""
    modal = await opened(room, warning, "Snooze…", room.rana.id)
    await room.answered(await room.slack.people.submit_view(room.rana.id, modal, chosen))
    assert room.workspace.modal(room.rana.id) is None


async def held(room: Newsroom) -> list[Snooze]:
    """The snoozes that hold."""
    return await room.service.desk.db.reading(snoozes.holding)


async def more(room: Newsroom, numbers: range) -> None:
    """Let further posts show the picture."""
    for number in numbers:
        native = str(int(POST) + (number << 22))
        await room.take(brought(native, f"The square once more, {number}.", [pictures.mirrored_copy(SCENE)]))
    await room.quiet()


class Ahead:
    """A clock that goes like this machine's, and can be put forward."""

    def __init__(self) -> None:
        self.by = timedelta()

    def __call__(self) -> datetime:
        """The time now."""
        return datetime.now(UTC) + self.by


AFTER_SNOOZE = Ahead()


@in_newsroom(clock=AFTER_SNOOZE)
async def test_what_comes_during_a_snooze_is_told_in_one_message_when_it_is_over(room: Newsroom) -> None:
    """The channel is left in peace; then one message counts and lists, and shows each to who asks."""
    warning = await warned(room)
    await snooze(room, warning, **{str(Field.UNTIL): str(Until.HOURS)})
    after = now(room, warning)
    assert f"Snoozed by {room.rana.id}" in shown(after)
    assert list(buttons(after)) == ["Undo", "Acknowledge", "Dismiss…", "Boilerplate…", "Trace"]
    await more(room, range(1, 4))
    assert len(room.posted(room.desk)) == 1, "what is snoozed is not told"
    assert await overdue(room.service.desk, AFTER_SNOOZE()) == 0
    AFTER_SNOOZE.by = timedelta(hours=4, minutes=1)
    assert await overdue(room.service.desk, AFTER_SNOOZE()) == 1
    assert await overdue(room.service.desk, AFTER_SNOOZE()) == 0
    await room.quiet()
    [first, told] = room.posted(room.desk)
    assert "The snooze is over" in shown(first)
    assert "3 warnings in one message" in shown(told)
    assert "Came while this was snoozed here: The picture in a post by @harbour_watch." in shown(told)
    [listed] = await room.click(told, buttons(told)["Show all"], room.erik)
    assert (listed.ephemeral_to, "Warnings 1 to 3 of 3" in shown(listed)) == (room.erik.id, True)
    shows = [one["action_id"] for block in listed.blocks if block["type"] == "actions" for one in block["elements"]]
    [one] = await room.click(listed, shows[0], room.erik)
    await room.click(one, buttons(one)["Acknowledge"], room.erik)
    assert "2 open" in shown(now(room, told))


@in_newsroom()
async def test_snoozes_are_listed_and_ended(room: Newsroom) -> None:
    """In the channel that they hold for, each with who set it and until when; End now ends one, once."""
    warning = await warned(room)
    [none] = await room.command("/dateline snoozes")
    assert "Nothing is snoozed in this channel." in shown(none)
    await snooze(room, warning, **{str(Field.SCOPE): str(Scope.AUTHOR)})
    [elsewhere] = await room.command("/dateline snoozes", channel=room.sources)
    assert "Nothing is snoozed" in shown(elsewhere)
    [listed] = await room.command("/dateline snoozes", room.erik)
    assert "Posts by @harbour_watch until" in shown(listed)
    [ended] = await room.click(listed, buttons(listed)["End now"], room.erik)
    assert "the snooze is over." in shown(ended)
    [again] = await room.click(listed, buttons(listed)["End now"], room.erik)
    assert "over already" in shown(again)
    assert f"The snooze was ended by {room.erik.id}" in shown(now(room, warning))
    assert await held(room) == []


@in_newsroom()
async def test_tomorrow_is_nine_in_the_morning_where_the_reader_is(room: Newsroom) -> None:
    """Rana's Slack is set to Beirut."""
    warning = await warned(room)
    await snooze(room, warning, **{str(Field.UNTIL): str(Until.TOMORROW)})
    [one] = await held(room)
    there = datetime.fromisoformat(one.until).astimezone(ZoneInfo("Asia/Beirut"))
    today = datetime.now(ZoneInfo("Asia/Beirut")).date()
    assert (there.date() - today, there.hour, there.minute) == (timedelta(days=1), 9, 0)


@in_newsroom()
async def test_a_picked_time_must_be_to_come(room: Newsroom) -> None:
    """A time that is over, one that is missing, and one that was not chosen are told at their field."""
    warning = await warned(room)
    modal = await opened(room, warning, "Snooze…", room.rana.id)
    people = room.slack.people
    picked = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
    for until, moment, expected in (
        (Until.MOMENT, None, "Pick a date and a time."),
        (Until.MOMENT, picked - timedelta(days=3), "That is over already; pick a later time."),
        (Until.WEEK, picked, "Choose “Until the date and time below”, or leave this empty."),
    ):
        given: dict[str, Any] = {str(Field.UNTIL): str(until)}
        if moment:
            given[str(Field.MOMENT)] = int(moment.timestamp())
        await room.answered(await people.submit_view(room.rana.id, modal, given))
        again = room.workspace.modal(room.rana.id)
        assert again is not None
        assert again.errors == {str(Field.MOMENT): expected}
        modal = again
    await room.answered(await people.submit_view(room.rana.id, modal, {str(Field.UNTIL): str(Until.MOMENT)}))
    assert [one.until for one in await held(room)] == [utc(picked)]


@in_newsroom()
async def test_undo_ends_the_snooze(room: Newsroom) -> None:
    """What was taken back holds no more: what comes next is told again."""
    warning = await warned(room)
    await snooze(room, warning)
    await room.click(warning, buttons(now(room, warning))["Undo"], room.erik)
    assert f"Opened again by {room.erik.id}" in shown(now(room, warning))
    assert await held(room) == []
    await more(room, range(1, 2))
    assert len(room.posted(room.desk)) == 2 or "1 more warning" in shown(now(room, warning))
