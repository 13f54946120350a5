"""Verdicts on sightings in Slack: given by a modal, told on the card, explained, listed and undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.intake import Audience
from bot.slack.ids import Field
from bot.sources.base import Captured
from bot.workspace.values import Channel, Message, User, View
from storage import alerts, custody, readings, verdicts
from storage.verdicts import Judgement
from tests.front.newsroom import Newsroom, buttons, in_newsroom, pinged, shown
from tests.front.platforms import POST, brought

NAME = "Amina Njoroge"
SAID = f"{NAME} arrived in Bergen on Monday, officials said."


def saying(number: int, text: str = SAID, **changes: Any) -> Captured:
    """A post that says where she is."""
    native = str(int(POST) + (number << 22))
    return brought(native, text, author=f"voice_{number}", **changes)


async def asked(room: Newsroom, user: User | None = None, channel: Channel | None = None) -> Message:
    """Ask where she is; return the card."""
    return (await room.command(f"/whereis {NAME}", user, channel))[-1]


async def said_of_her(room: Newsroom, *texts: str) -> Message:
    """Let posts come in that say where she is; return the card."""
    await room.watch(NAME)
    for number, text in enumerate(texts or (SAID,), 1):
        await room.take(saying(number, text))
    return await asked(room)


async def modal_of(room: Newsroom, card: Message, user: User, number: int = 0) -> View:
    """Press the Verdict… button of a sighting of a card; return the modal."""
    went = await room.slack.people.click(user.id, card, f"judge_sighting.{number}")
    assert went.ok, went
    modal = await room.workspace.transcript.wait_for(lambda: room.workspace.modal(user.id))
    assert modal is not None
    return modal


async def judge(room: Newsroom, card: Message, user: User, kind: Judgement, **filled: str) -> list[Message]:
    """Judge the first sighting of a card; return the messages that this brought, the newest last."""
    known = set(room.workspace.messages)
    modal = await modal_of(room, card, user)
    went = await room.slack.people.submit_view(user.id, modal, {str(Field.KIND): str(kind), **filled})
    await room.answered(went)
    return [message for ts, message in room.workspace.messages.items() if ts not in known]


async def read_again(room: Newsroom) -> None:
    """Read every text anew, as after a change of the rules."""
    await room.service.desk.db.writing(readings.clear)
    await room.service.desk.work(lambda desk: desk.readers.catch_up(desk.db))


@in_newsroom()
async def test_a_sighting_is_confirmed_and_the_card_says_by_whom(room: Newsroom) -> None:
    """The card takes its own place; who confirmed it is a member where a channel reads it, and nobody is pinged."""
    card = await said_of_her(room)
    [noted] = await judge(room, card, room.rana, Judgement.CONFIRMED, **{str(Field.NOTE): "saw the video"})
    assert "It is noted." in shown(noted)
    now = room.workspace.messages[card.ts]
    assert f"Confirmed by {room.rana.id}, " in shown(now)
    assert "Note: “saw the video”." in shown(now)
    assert f"Confirmed by {room.rana.id}, " in shown(await asked(room, room.erik))
    [shared] = await room.click(now, buttons(now)["Share in channel"])
    assert "Confirmed by a member, " in shown(shared)
    assert room.rana.id not in shown(shared)
    assert pinged(room) <= {room.rana.id}
    await read_again(room)
    assert f"Confirmed by {room.rana.id}, " in shown(await asked(room))


@in_newsroom()
async def test_a_rejected_sighting_is_told_no_more_until_that_is_undone(room: Newsroom) -> None:
    """It is left out, and the answer says so; Undo brings it back, once, and the log holds who did what."""
    card = await said_of_her(room)
    await judge(room, card, room.rana, Judgement.REJECTED)
    now = room.workspace.messages[card.ts]
    assert SAID not in shown(now)
    assert "1 sighting was rejected and is left out: /dateline verdicts lists what was judged." in shown(now)
    await read_again(room)
    assert SAID not in shown(await asked(room, room.erik))
    [listed] = await room.command("/dateline verdicts", room.erik)
    [undone] = await room.click(listed, buttons(listed)["Undo"], room.erik)
    assert "The verdict is taken back; the reader's own reading stands." in shown(undone)
    assert SAID in shown(await asked(room))
    [again] = await room.click(listed, buttons(listed)["Undo"], room.erik)
    assert "No verdict stands there any more" in shown(again)
    rows = await room.service.desk.db.reading(
        lambda tx: tx.rows("SELECT action, actor FROM custody WHERE action LIKE 'verdict%' ORDER BY seq")
    )
    team = room.workspace.team
    done = [("verdict", f"{team}/{room.rana.id}"), ("verdict undone", f"{team}/{room.erik.id}")]
    assert [(row["action"], row["actor"]) for row in rows] == done
    assert await room.service.desk.db.reading(lambda tx: list(custody.walk(tx))) == []


@in_newsroom()
async def test_a_corrected_sighting_shows_both_readings(room: Newsroom) -> None:
    """The editor's place and stance are told, with the reader's own beside them; an unknown place is refused."""
    card = await said_of_her(room)
    filled = {str(Field.PLACE): "Oslo, Norway", str(Field.STANCE): "alleged"}
    await judge(room, card, room.rana, Judgement.CORRECTED, **filled)
    now = room.workspace.messages[card.ts]
    assert "Oslo, NO (city)" in shown(now)
    assert "alleged by officials" in shown(now)
    assert f"Place and stance corrected by {room.rana.id}" in shown(now)
    assert "The reader had: Bergen, NO (city), asserted." in shown(now)
    assert f"“{SAID}”" in shown(now)
    [refused] = await judge(room, now, room.rana, Judgement.CORRECTED, **{str(Field.PLACE): "Nowhereville"})
    assert "No place called “Nowhereville” is known" in shown(refused)
    assert "Oslo, NO (city)" in shown(await asked(room))


@in_newsroom()
async def test_what_cannot_be_meant_stays_in_the_modal(room: Newsroom) -> None:
    """A correction needs a place or a stance, a rejection has none; nothing is noted."""
    card = await said_of_her(room)
    for filled in (
        {str(Field.KIND): str(Judgement.CORRECTED)},
        {str(Field.KIND): str(Judgement.REJECTED), str(Field.STANCE): "denied"},
    ):
        modal = await modal_of(room, card, room.rana)
        went = await room.slack.people.submit_view(room.rana.id, modal, filled)
        assert went.answer["response_action"] == "errors"
        await room.slack.people.close_view(room.rana.id, modal)
    assert await room.service.desk.db.reading(lambda tx: verdicts.standing(tx, "")) == []


@in_newsroom()
async def test_the_first_of_two_editors_decides(room: Newsroom) -> None:
    """Who judges what was judged since is told so, and nothing of theirs is changed."""
    card = await said_of_her(room)
    modal = await modal_of(room, await asked(room, room.erik), room.erik)
    await judge(room, card, room.rana, Judgement.CONFIRMED)
    known = set(room.workspace.messages)
    went = await room.slack.people.submit_view(room.erik.id, modal, {str(Field.KIND): str(Judgement.REJECTED)})
    await room.answered(went)
    [told] = [message for ts, message in room.workspace.messages.items() if ts not in known]
    assert "Somebody has judged this sighting since it was shown to you" in shown(told)
    assert f"Confirmed by {room.rana.id}" in shown(await asked(room))


@in_newsroom()
async def test_why_a_sighting_was_read_so_is_told_in_sentences(room: Newsroom) -> None:
    """Words, speaker, rule, cue, name, place and time, each with what made it so."""
    card = await said_of_her(room)
    [why] = await room.click(card, "explain_sighting.0")
    told = shown(why)
    assert f"“{SAID}”, characters 0 to {len(SAID)}" in told
    assert "officials (official)" in told
    assert "“arrive” ties the person to the place, by “in”" in told
    assert f"matched the spelling {NAME}" in told
    assert "“Bergen” is taken for Bergen, NO (city)" in told
    assert "“on Monday”" in told


@in_newsroom()
async def test_verdicts_are_listed_and_undone(room: Newsroom) -> None:
    """Each with the words as they were judged, who said so, and a button that takes it back."""
    [nothing] = await room.command("/dateline verdicts")
    assert "Nothing is judged" in shown(nothing)
    card = await said_of_her(room)
    [noted] = await judge(room, card, room.rana, Judgement.REJECTED)
    assert "Undo" in buttons(noted)
    [listed] = await room.command("/dateline verdicts")
    assert "Judged: 1 sighting" in shown(listed)
    assert f"“{SAID}”" in shown(listed)
    assert f"Rejected by {room.rana.id}, " in shown(listed)
    await room.click(listed, buttons(listed)["Undo"])
    [nothing] = await room.command("/dateline verdicts")
    assert "Nothing is judged" in shown(nothing)
    [wrong] = await room.command("/dateline verdicts everything")
    assert "Type /dateline verdicts." in shown(wrong)


@in_newsroom()
async def test_what_was_judged_in_a_private_channel_is_told_to_its_members_alone(room: Newsroom) -> None:
    """The post is granted to that channel, and so is what is said of its words."""
    await room.watch(NAME)
    private = Audience(room.workspace.team, f"channel:{room.sources.id}", "test")
    await room.take(saying(1), private)
    await judge(room, await asked(room, channel=room.sources), room.rana, Judgement.CONFIRMED)
    [elsewhere] = await room.command("/dateline verdicts")
    assert "Nothing is judged" in shown(elsewhere)
    [here] = await room.command("/dateline verdicts", channel=room.sources)
    assert "Judged: 1 sighting" in shown(here)


@in_newsroom()
async def test_a_rejected_sighting_raises_no_alert_when_its_words_come_again(room: Newsroom) -> None:
    """The same words in an edited post are the same sighting; a warning that stands says no more that it is so."""
    await room.watch(NAME)
    await room.command(f"/watch {NAME} every 15m from x:@voice_1")
    await room.take(saying(1))
    await room.quiet()
    [warning] = [one for one in room.posted(room.desk) if "Warning" in shown(one)]
    assert "asserted by officials" in shown(warning)
    await judge(room, await asked(room), room.rana, Judgement.REJECTED)

    def told(tx: Any) -> int:
        return len(alerts.of_channel(tx, room.workspace.team, room.desk.id, 10))

    raised = await room.service.desk.db.reading(told)
    edited = saying(1, f"{SAID} More soon.")
    await room.take(replace(edited, captured_at=edited.captured_at + timedelta(days=1)))
    assert await room.service.desk.db.reading(told) == raised
    assert SAID not in shown(await asked(room))
    await room.quiet()
    now = shown(room.workspace.messages[warning.ts])
    assert "asserted by officials" not in now
    assert "Nothing of it stands any more: it was rejected, or is not found" in now
