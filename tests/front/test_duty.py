"""Who is on call, what goes to them, who looks into a warning, and the switch that pauses everything."""

from __future__ import annotations

from datetime import timedelta

from bot.slack.ids import Field
from bot.surfaces.membership import may_see
from bot.workspace.notation import pings
from commands.triage import overdue
from storage import desks
from storage.desks import DeskSettings
from tests.front.newsroom import Newsroom, buttons, in_newsroom, shown
from tests.front.test_snoozes import Ahead, opened
from tests.front.test_triage import now, warned


async def set_here(room: Newsroom) -> DeskSettings:
    """What is set for the workspace."""
    team = room.workspace.team
    return await room.service.desk.db.reading(lambda tx: desks.settings_of(tx, team))


@in_newsroom()
async def test_a_warning_is_escalated_to_the_group_on_call(room: Newsroom) -> None:
    """In its thread, with a mention of the group, once; without a rota it says how to set one."""
    warning = await warned(room)
    [told] = await room.click(warning, buttons(warning)["Escalate"])
    assert "/dateline oncall @GROUP after 30m" in shown(told)
    assert "Escalated" not in shown(now(room, warning))
    group = room.workspace.add_usergroup("oncall", [room.erik.id])
    [answer] = await room.command("/dateline oncall @oncall")
    assert "On call: @oncall." in shown(answer)
    await room.click(now(room, warning), buttons(now(room, warning))["Escalate"])
    assert f"Escalated to those on call by {room.rana.id}" in shown(now(room, warning))
    [called] = room.posted(room.desk, warning.ts)[1:] or room.posted(room.desk, warning.ts)
    assert called.thread_ts == warning.ts
    assert group.id in pings(called)
    await room.click(now(room, warning), buttons(now(room, warning))["Undo"])
    await room.click(now(room, warning), buttons(now(room, warning))["Escalate"], room.erik)
    assert sum(group.id in pings(one) for one in room.posted(room.desk)) == 1


TOO_LONG = Ahead()


@in_newsroom(clock=TOO_LONG)
async def test_what_nobody_acknowledges_goes_to_those_on_call_by_itself(room: Newsroom) -> None:
    """After the minutes that were set, once, and it says why."""
    group = room.workspace.add_usergroup("oncall", [room.erik.id])
    await room.command(f"/dateline oncall <!subteam^{group.id}|@oncall> after 30m")
    warning = await warned(room)
    for minutes, goes in ((29, 0), (31, 1), (31, 0)):
        TOO_LONG.by = timedelta(minutes=minutes)
        assert await overdue(room.service.desk, TOO_LONG()) == goes
    await room.quiet()
    [called] = [one for one in room.posted(room.desk) if group.id in pings(one)]
    assert called.thread_ts == warning.ts
    assert "Nobody had acknowledged it for 30 minutes." in shown(called)
    assert "Escalated to those on call, since nobody had acknowledged it" in shown(now(room, warning))


@in_newsroom()
async def test_who_is_on_call_is_told_and_ended(room: Newsroom) -> None:
    """Without a mention of anybody; a group that is not there is named."""
    [nobody] = await room.command("/dateline oncall")
    assert "Nobody is on call." in shown(nobody)
    [unknown] = await room.command("/dateline oncall @nobody after 1h")
    assert "There is no user group “@nobody” here" in shown(unknown)
    [wrong] = await room.command("/dateline oncall @oncall after lunch")
    assert "/dateline oncall @GROUP after 30m" in shown(wrong)
    room.workspace.add_usergroup("oncall", [room.erik.id])
    await room.command("/dateline oncall @oncall after 2h")
    [answer] = await room.command("/dateline oncall")
    assert "On call: @oncall." in shown(answer)
    assert "for 120 minutes goes to them by itself" in shown(answer)
    [off] = await room.command("/dateline oncall off")
    assert "Nobody is on call." in shown(off)
    assert (await set_here(room)).duty_group == ""


@in_newsroom()
async def test_everything_is_paused_and_resumed(room: Newsroom) -> None:
    """It says who paused it, and how to go on; whoever does it again is told that it was so."""
    [paused] = await room.command("/dateline pause all", room.erik)
    assert f", by {room.erik.id}." in shown(paused)
    assert (await set_here(room)).paused_by == room.erik.id
    [again] = await room.command("/dateline pause all")
    assert "It was so already." in shown(again)
    [runs] = await room.command("/dateline resume all")
    assert "Sweeps and digests run." in shown(runs)
    assert (await set_here(room)).paused_at is None
    [wrong] = await room.command("/dateline pause")
    assert "/dateline pause all" in shown(wrong)


@in_newsroom()
async def test_a_warning_is_assigned_and_the_assignee_is_told_once(room: Newsroom) -> None:
    """Everybody sees whose it is; they read it by direct message, with a button that shows the warning."""
    warning = await warned(room)
    modal = await opened(room, warning, "Assign…", room.rana.id)
    given = {str(Field.ASSIGNEE): room.erik.id, str(Field.NOTE): "you know the square"}
    await room.answered(await room.slack.people.submit_view(room.rana.id, modal, given))
    assert f"Assigned to {room.erik.id} by {room.rana.id}" in shown(now(room, warning))
    [told] = room.posted(room.workspace.direct(room.erik.id))
    assert f"Assigned to you by {room.rana.id}" in shown(told)
    assert "“you know the square”" in shown(told)
    [card] = await room.click(told, buttons(told)["Show the warning"], room.erik)
    assert "Warning: A picture was seen before" in shown(card)
    await room.click(card, buttons(card)["Acknowledge"], room.erik)
    assert f"Acknowledged by {room.erik.id}" in shown(now(room, warning))


@in_newsroom()
async def test_a_warning_of_a_private_channel_goes_to_no_stranger(room: Newsroom) -> None:
    """Who is not in the channel cannot be told of what stands in it."""
    stranger = room.workspace.add_user("omar", "Omar Said", "Reporter")
    warning = await warned(room, room.sources)
    modal = await opened(room, warning, "Assign…", room.rana.id)
    given = {str(Field.ASSIGNEE): stranger.id}
    await room.answered(await room.slack.people.submit_view(room.rana.id, modal, given))
    [told] = room.posted(room.workspace.direct(room.rana.id))
    assert "invite them to it, then assign it again" in shown(told).lower()
    assert room.posted(room.workspace.direct(stranger.id)) == []
    assert "Assigned" not in shown(now(room, warning))


@in_newsroom(refusals=True, without=["usergroups:read"])
async def test_without_leave_to_read_groups_nobody_is_set(room: Newsroom) -> None:
    """Slack's refusal is told in words, and nothing changes."""
    room.workspace.add_usergroup("oncall", [room.erik.id])
    [answer] = await room.command("/dateline oncall @oncall after 30m")
    assert "Slack does not tell its user groups (missing_scope)" in shown(answer)
    assert (await set_here(room)).duty_group == ""
    assert {call.error for call in room.refused()} == {"missing_scope"}


@in_newsroom()
async def test_members_of_a_large_private_channel_are_all_found(room: Newsroom) -> None:
    """Slack tells them page by page."""
    crowd = [room.workspace.add_user(f"member{number}", f"Member {number}", "Reporter") for number in range(1_100)]
    large = room.workspace.add_channel("crowd", "private", [room.workspace.bot.id, *(one.id for one in crowd)])
    clients, team = room.service.clients, room.workspace.team
    assert await may_see(clients, team, large.id, crowd[-1].id)
    assert not await may_see(clients, team, large.id, room.erik.id)
    assert await may_see(clients, team, room.desk.id, crowd[0].id), "what is public is for everybody"
    assert not await may_see(clients, team, room.rana.id, room.erik.id), "what one person was told is for them"
    assert await may_see(clients, team, room.rana.id, room.rana.id)
