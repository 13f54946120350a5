"""`/dateline digest` in Slack: set up by words and in the modal, shown to one, sent to all, turned off."""

from __future__ import annotations

from typing import Any

from bot.slack.ids import Field
from bot.sweeps.digests import send_due
from storage import digests
from storage.database import Transaction
from storage.digests import DigestPlan, Section
from tests.desks import Clock
from tests.front.newsroom import Newsroom, buttons, in_newsroom, shown
from tests.newsmakers import say

CLOCK = Clock()


async def news(room: Newsroom, *numbers: int, **how: Any) -> None:
    """Let something be said that is news."""

    def note(tx: Transaction) -> None:
        for number in numbers:
            say(tx, number, **how)
        tx.execute("UPDATE news SET at = :now", {"now": room.service.desk.db.now()})

    await room.service.desk.db.writing(note)


async def plan_of(room: Newsroom) -> DigestPlan | None:
    """What is set for the desk's channel."""
    return await room.service.desk.db.reading(lambda tx: digests.plan_of(tx, room.workspace.team, room.desk.id))


@in_newsroom()
async def test_a_digest_is_set_up_by_words_in_the_editors_own_zone(room: Newsroom) -> None:
    """Without a zone in the words it is the editor's, as Slack knows it, and the answer says so."""
    [answer] = await room.command("/dateline digest at 08:30 weekdays sections conflicts, sightings silent", room.erik)
    told = shown(answer)
    assert "The digest of this channel is set." in told
    assert "the times are by yours: Europe/Oslo." in told
    assert "When: weekdays at 08:30 Europe/Oslo." in told
    assert "When nothing is new: nothing is sent." in told
    plan = await plan_of(room)
    assert plan is not None
    assert plan.sections == (Section.CONFLICTS, Section.SIGHTINGS)
    assert (plan.zone, plan.owner, plan.silent) == ("Europe/Oslo", room.erik.id, True)


@in_newsroom(without=["users:read"], refusals=True)
async def test_where_slack_does_not_tell_the_zone_it_is_utc_and_said(room: Newsroom) -> None:
    """Without the scope the times are UTC, and how to name a zone is told; a zone in the words goes before."""
    [answer] = await room.command("/dateline digest at 08:30 weekdays", room.erik)
    assert "Slack does not tell your zone, so the times are UTC" in shown(answer)
    [named] = await room.command("/dateline digest daily at 7pm Asia/Beirut", room.erik)
    assert "When: daily at 19:00 Asia/Beirut." in shown(named)
    assert "so the times are UTC" not in shown(named)


WRONG = {
    "/dateline digest every 15 minutes": "A digest goes out at times of day",
    "/dateline digest at 25:00 daily": "is no time of day",
    "/dateline digest at 9 daily Mars/Phobos": "is no time zone",
    "/dateline digest at 9 daily sections weather": "is no section of a digest",
    "/dateline digest sometimes": "not understood",
}


@in_newsroom()
async def test_what_is_not_understood_is_answered_with_an_example(room: Newsroom) -> None:
    """Each mistake is named in a sentence, and nothing is set."""
    for command, sentence in WRONG.items():
        [answer] = await room.command(command)
        assert sentence in shown(answer), command
    assert await plan_of(room) is None


@in_newsroom()
async def test_a_digest_is_sent_to_a_channel_that_the_app_is_in(room: Newsroom) -> None:
    """Elsewhere the answer says how to invite it, and nothing is set or sent."""
    for line in ("/dateline digest at 9 daily", "/dateline digest now"):
        [answer] = await room.command(line, channel=room.lobby)
        assert "/invite @dateline" in shown(answer)


@in_newsroom()
async def test_a_preview_is_for_one_and_notes_nothing(room: Newsroom) -> None:
    """It can be asked for again and again, and what it shows is in the digest that is sent then, which is the last."""
    await room.command("/dateline digest at 08:30 daily UTC")
    await news(room, 1)
    for line in ("/dateline digest preview", "/dateline digest"):
        [preview] = await room.command(line)
        assert "A preview: nothing of this is noted as told." in shown(preview)
        assert "Report 1" in shown(preview)
    assert room.posted(room.desk) == []
    await room.slack.people.command(room.erik.id, room.desk.id, "/dateline digest now")
    await room.quiet()
    [sent] = room.posted(room.desk)
    assert "Report 1" in shown(sent)
    assert "preview" not in shown(sent)
    [again] = await room.command("/dateline digest now")
    assert "Nothing is new since" in shown(again)
    assert len(room.posted(room.desk)) == 1


@in_newsroom(clock=CLOCK)
async def test_a_due_digest_stands_in_the_channel_with_its_thread(room: Newsroom) -> None:
    """A long one is one message in the channel and goes on under it; each report stands there once."""
    await room.command("/dateline digest at 08:30 daily UTC")
    await news(room, *range(60), person="Ann Example")
    await news(room, *range(60, 80), person="Bob Example")
    CLOCK.move(hours=6)
    assert await send_due(room.service.desk, CLOCK.now) == 1
    await room.quiet()
    [first, *rest] = room.posted(room.desk)
    assert first.thread_ts is None or first.thread_ts == ""
    assert rest
    assert {one.thread_ts for one in rest} == {first.ts}
    told = "\n".join(map(shown, [first, *rest]))
    assert [told.count(f"Report {number}:") for number in range(60, 80)] == [1] * 20
    assert "Bob Example 20, Ann Example 60." in told


@in_newsroom()
async def test_the_modal_sets_what_was_chosen(room: Newsroom) -> None:
    """Opened by the settings' button; a zone that is none is refused in the modal."""
    [settings] = await room.command("/dateline digest settings", room.erik)
    assert "This channel gets no digest." in shown(settings)
    people = room.slack.people
    await room.click(settings, buttons(settings)["Set up…"], room.erik)
    modal = room.workspace.modal(room.erik.id)
    assert modal is not None
    choice = {
        str(Field.TIME): "17:45", str(Field.DAYS): ["0", "4"], str(Field.ZONE): "Europe/Osl",
        str(Field.SECTIONS): ["conflicts"], str(Field.EMPTY): "silent",
    }  # fmt: skip
    await room.answered(await people.submit_view(room.erik.id, modal, choice))
    again = room.workspace.modal(room.erik.id)
    assert again is not None
    assert "is no time zone" in again.errors[str(Field.ZONE)]
    assert await plan_of(room) is None
    await room.answered(await people.submit_view(room.erik.id, again, {**choice, str(Field.ZONE): "Europe/Oslo"}))
    assert "When: Mondays and Fridays at 17:45 Europe/Oslo." in shown(room.told(room.erik)[-1])
    plan = await plan_of(room)
    assert plan is not None
    assert (plan.sections, plan.silent) == ((Section.CONFLICTS,), True)


@in_newsroom()
async def test_a_digest_is_turned_off_by_a_word_or_a_button(room: Newsroom) -> None:
    """Off is off; a second time it is said that it was so already."""
    [set_up] = await room.command("/dateline digest at 08:30 daily UTC")
    [off] = await room.click(set_up, buttons(set_up)["Turn off"])
    assert "This channel gets no digest any more." in shown(off)
    assert await plan_of(room) is None
    [again] = await room.command("/dateline digest off")
    assert "This channel gets no digest as it is." in shown(again)


@in_newsroom()
async def test_an_archived_channel_gets_no_digest_any_more(room: Newsroom) -> None:
    """Nothing is planned for a channel in which nobody may write."""
    await room.command("/dateline digest at 08:30 daily UTC")
    room.slack.people.archive(room.desk.id)
    await room.quiet()
    assert await plan_of(room) is None


@in_newsroom()
async def test_a_private_channels_digest_tells_its_own_news_there_alone(room: Newsroom) -> None:
    """What only the private channel may see is in its digest, and in no other."""
    await news(room, 1, workspace=room.workspace.team, audience=f"channel:{room.sources.id}")
    [outside] = await room.command("/dateline digest preview")
    [inside] = await room.command("/dateline digest preview", channel=room.sources)
    assert "Report 1" not in shown(outside)
    assert "Report 1" in shown(inside)


@in_newsroom()
async def test_what_is_no_time_is_answered_with_a_time_of_a_digest(room: Newsroom) -> None:
    """The example can be typed as it stands; none names what a digest cannot be."""
    for typed in ("stop", "at 25:00", "every 15 minutes"):
        [answer] = await room.command(f"/dateline digest {typed}")
        assert "at 08:30 weekdays Europe/Oslo" in shown(answer), typed
