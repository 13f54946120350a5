"""Warnings: asked for by a channel, raised by intake, decided upon in everybody's sight; and the Home tab's part."""

from __future__ import annotations

import asyncio
import io
import itertools

from PIL import Image

from bot.sample import pictures
from bot.slack.ids import Field
from bot.workspace.values import Channel, Message, View
from storage.dismissals import Reason
from tests.front.newsroom import Newsroom, buttons, in_newsroom, shown
from tests.front.platforms import LINK, OLDER, POST, brought

SCENE = "soldiers-square"
OPEN_BUTTONS = ["Acknowledge", "Dismiss…", "Boilerplate…", "Assign…", "Snooze…", "Escalate", "Trace"]


async def warned(room: Newsroom, channel: Channel | None = None) -> Message:
    """Subscribe a channel, let a picture come in twice, and return the warning."""
    place = channel or room.desk
    await room.command("/dateline alerts here", channel=place)
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture(SCENE)]))
    await room.take(brought(POST, "A square in Nairobi today.", [pictures.mirrored_copy(SCENE)]))
    await room.quiet()
    [warning] = room.posted(place)
    return warning


def now(room: Newsroom, message: Message) -> Message:
    """Return a message as it stands now."""
    return room.workspace.messages[message.ts]


async def asked_why(room: Newsroom, warning: Message, user: str) -> View:
    """Press Dismiss and return the modal that opens."""
    went = await room.slack.people.click(user, now(room, warning), buttons(now(room, warning))["Dismiss…"])
    assert went.ok
    modal = await room.workspace.transcript.wait_for(lambda: room.workspace.modal(user))
    assert modal is not None
    return modal


@in_newsroom()
async def test_a_channel_is_warned_of_a_picture_that_comes_in_again(room: Newsroom) -> None:
    """Intake raises the warning by itself; it says what, why, how surely and by which source, and shows the pair."""
    warning = await warned(room)
    told = shown(warning)
    assert told.startswith("Warning: A picture was seen before, with another caption")
    for words in ("Kampala", "Nairobi", "Mirrored", "Certainty", "SHA-256", "decoded from the id"):
        assert words.lower() in told.lower(), words
    assert [block["type"] for block in warning.blocks].count("image") == 1
    assert list(buttons(warning)) == OPEN_BUTTONS
    assert warning.text.startswith("Warning")
    assert room.posted(room.sources) == []


@in_newsroom(refusals=True)
async def test_a_channel_that_the_bot_is_not_in_is_told_to_invite_it(room: Newsroom) -> None:
    """Nothing is promised there; after the invitation it works, and asking twice says so."""
    private = room.workspace.add_channel("vault", "private", [room.rana.id])
    for channel in (room.lobby, private):
        [answer] = await room.command("/dateline alerts here", channel=channel)
        assert "/invite @dateline" in shown(answer)
        room.slack.people.invite_bot(channel.id)
        [answer] = await room.command("/dateline alerts here", channel=channel)
        assert "This channel is warned of reused pictures." in shown(answer)
    [answer] = await room.command("/dateline alerts here", channel=room.lobby)
    assert "It was so already" in shown(answer)
    assert {call.error for call in room.refused()} == {"channel_not_found"}


@in_newsroom()
async def test_alerts_off_is_silence(room: Newsroom) -> None:
    """A channel that was turned off is not warned any more; turning it off twice says so."""
    await room.command("/dateline alerts here")
    [answer] = await room.command("/dateline alerts off")
    assert "no longer warned" in shown(answer)
    [answer] = await room.command("/dateline alerts off")
    assert "It was so already" in shown(answer)
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture(SCENE)]))
    await room.take(brought(POST, "A square in Nairobi.", [pictures.mirrored_copy(SCENE)]))
    await room.quiet()
    assert room.posted(room.desk) == []


@in_newsroom()
async def test_a_warning_is_acknowledged_and_undone_for_everybody(room: Newsroom) -> None:
    """The message itself changes: who, when, and Undo; undone, it can be decided upon again."""
    warning = await warned(room)
    await room.click(warning, buttons(warning)["Acknowledge"], room.erik)
    after = now(room, warning)
    assert f"Acknowledged by {room.erik.id}" in shown(after)
    assert list(buttons(after)) == ["Undo", "Dismiss…", "Boilerplate…", "Assign…", "Escalate", "Trace"]
    assert [block["type"] for block in after.blocks].count("image") == 1
    await room.click(after, buttons(after)["Undo"], room.rana)
    opened = now(room, warning)
    assert f"Opened again by {room.rana.id}" in shown(opened)
    assert list(buttons(opened)) == OPEN_BUTTONS
    await room.click(opened, buttons(opened)["Acknowledge"], room.rana)
    assert f"Acknowledged by {room.rana.id}" in shown(now(room, warning))
    assert len(room.posted(room.desk)) == 1, "nothing but the one message changes"
    assert len(room.workspace.transcript.calls("files.completeUploadExternal")) == 1, "the pair is uploaded once"


@in_newsroom()
async def test_of_two_people_at_once_the_first_decides(room: Newsroom) -> None:
    """The second is told who was first, by name; the message shows one decision."""
    warning = await warned(room)
    acknowledge = buttons(warning)["Acknowledge"]
    people = room.slack.people
    await asyncio.gather(*(people.click(one.id, warning, acknowledge) for one in (room.erik, room.rana)))
    await room.quiet()
    alone = [one for person in (room.erik, room.rana) for one in room.told(person)]
    [told] = [one for one in alone if "Somebody was first" in shown(one)]
    first = room.erik if told.ephemeral_to == room.rana.id else room.rana
    assert f"Acknowledged by {first.id}" in shown(now(room, warning))
    named = [part for block in told.blocks for line in block.get("elements", ()) for part in line.get("elements", ())]
    assert {"type": "user", "user_id": first.id} in named
    assert shown(now(room, warning)).count("Acknowledged by") == 1


@in_newsroom()
async def test_a_warning_is_dismissed_with_a_reason(room: Newsroom) -> None:
    """The modal asks why; everybody reads the reason and who gave it."""
    warning = await warned(room)
    modal = await asked_why(room, warning, room.erik.id)
    choice = {str(Field.REASON): str(Reason.SAME_EVENT), str(Field.NOTE): "both show 6 June"}
    await room.answered(await room.slack.people.submit_view(room.erik.id, modal, choice))
    after = shown(now(room, warning))
    assert f"Dismissed by {room.erik.id}" in after
    assert "Reason: The same event, rightly shown again: both show 6 June. This pair will not warn again." in after
    assert list(buttons(now(room, warning))) == ["Undo", "Trace"]
    assert room.workspace.modal(room.erik.id) is None


@in_newsroom()
async def test_a_dismissed_pair_of_files_never_warns_again_until_undone(room: Newsroom) -> None:
    """The very pictures that were dismissed bring no second warning in the workspace, in no channel."""
    warning = await warned(room)
    modal = await asked_why(room, warning, room.erik.id)
    choice = {str(Field.REASON): str(Reason.NOT_SAME_PICTURE)}
    await room.answered(await room.slack.people.submit_view(room.erik.id, modal, choice))
    room.slack.people.invite_bot(room.lobby.id)
    await room.command("/dateline alerts here", channel=room.lobby)
    seen = len(room.posted(room.desk))
    await room.take(brought(POST, "A square in Nairobi today.", [pictures.mirrored_copy(SCENE)], raw=b"captured anew"))
    await room.quiet()
    assert len(room.posted(room.desk)) == seen
    assert room.posted(room.lobby) == []
    await room.click(now(room, warning), buttons(now(room, warning))["Undo"])
    await room.take(brought(POST, "A square in Nairobi today.", [pictures.mirrored_copy(SCENE)], raw=b"once more"))
    await room.quiet()
    assert len(room.posted(room.lobby)) == 1


@in_newsroom()
async def test_another_reason_needs_words(room: Newsroom) -> None:
    """The modal stays open and says so; with words it is taken."""
    warning = await warned(room)
    modal = await asked_why(room, warning, room.erik.id)
    people = room.slack.people
    await room.answered(await people.submit_view(room.erik.id, modal, {str(Field.REASON): str(Reason.OTHER)}))
    again = room.workspace.modal(room.erik.id)
    assert again is not None
    assert again.errors == {str(Field.NOTE): "Say why, so that others can judge it."}
    assert "Dismissed" not in shown(now(room, warning))
    await room.answered(await people.submit_view(room.erik.id, again, {str(Field.NOTE): "<!channel> a <@U1> drill"}))
    assert "Another reason: <!channel> a <@U1> drill." in shown(now(room, warning))
    assert now(room, warning).text.count("<") == 0


@in_newsroom()
async def test_a_modal_that_was_left_open_too_long_is_told_who_was_first(room: Newsroom) -> None:
    """Somebody else decides while a reason is being typed: who typed is told, and the decision stands."""
    warning = await warned(room)
    modal = await asked_why(room, warning, room.erik.id)
    await room.click(warning, buttons(warning)["Acknowledge"], room.rana)
    choice = {str(Field.REASON): str(Reason.KNOWN)}
    await room.answered(await room.slack.people.submit_view(room.erik.id, modal, choice))
    assert f"Acknowledged by {room.rana.id}" in shown(now(room, warning))
    direct = room.workspace.direct(room.erik.id)
    [told] = [*room.told(room.erik), *room.posted(direct)]
    assert "Somebody was first: Acknowledged by" in shown(told)


@in_newsroom()
async def test_a_warning_is_traced_by_its_button(room: Newsroom) -> None:
    """Whoever presses it gets the trace of the new post, alone."""
    room.x.writes(POST, "A square in Nairobi today.", pictures.mirrored_copy(SCENE))
    warning = await warned(room)
    [card] = await room.click(warning, buttons(warning)["Trace"], room.erik)
    assert "Seen before" in shown(card)
    assert card.ephemeral_to == room.erik.id


@in_newsroom()
async def test_an_archived_channel_is_warned_no_more(room: Newsroom) -> None:
    """Archiving a channel ends its subscription; what comes in later brings no call that Slack would refuse."""
    await room.command("/dateline alerts here")
    room.slack.people.archive(room.desk.id)
    await room.quiet()
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture(SCENE)]))
    await room.take(brought(POST, "A square in Nairobi.", [pictures.mirrored_copy(SCENE)]))
    await room.quiet()
    assert room.posted(room.desk) == []


@in_newsroom(refusals=True, without=["group_archive"])
async def test_a_channel_archived_unheard_is_tried_once(room: Newsroom) -> None:
    """Where no event has told of it, the first warning that Slack refuses ends the subscription."""
    await room.command("/dateline alerts here", channel=room.sources)
    room.slack.people.archive(room.sources.id)
    for number in range(2):
        await room.take(brought(OLDER[:-1] + str(number), f"Square {number}.", [pictures.picture(SCENE)]))
        await room.take(brought(POST[:-1] + str(number), f"A square {number}.", [pictures.mirrored_copy(SCENE)]))
        await room.quiet()
    assert [call.error for call in room.refused()] == ["is_archived"]


@in_newsroom()
async def test_only_a_channel_that_may_see_both_posts_is_warned(room: Newsroom) -> None:
    """What was traced in a private channel raises no warning elsewhere; in that channel it does."""
    for channel in (room.desk, room.sources):
        await room.command("/dateline alerts here", channel=channel)
    room.x.writes(POST, "A square in Nairobi today.", pictures.mirrored_copy(SCENE))
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture(SCENE)]))
    await room.answered(await room.slack.people.command(room.rana.id, room.sources.id, f"/trace {LINK}"))
    assert room.posted(room.desk) == []
    [warning] = room.posted(room.sources)
    assert "Nairobi" in shown(warning)


@in_newsroom()
async def test_a_digest_tells_of_open_warnings(room: Newsroom) -> None:
    """`@dateline digest` gathers what a channel was warned of."""
    await warned(room)
    asked = room.slack.people.say(room.erik.id, room.desk.id, "@dateline digest")
    await room.quiet()
    told = "\n".join(map(shown, room.posted(room.desk, asked.ts)))
    assert "In conflict (place)" in told


@in_newsroom()
async def test_a_click_on_an_outdated_card_changes_nothing(room: Newsroom) -> None:
    """Slack shows somebody an old card, whose button still says what it showed: they are told who was first."""
    warning = await warned(room)
    old = buttons(warning)["Dismiss…"]
    await room.click(warning, buttons(warning)["Acknowledge"], room.rana)
    await room.click(now(room, warning), buttons(now(room, warning))["Undo"], room.rana)
    room.workspace.messages[warning.ts] = warning
    [told] = await room.click(warning, old, room.erik)
    assert f"Somebody was first: The last step was taken back by {room.rana.id}" in shown(told)
    assert room.workspace.modal(room.erik.id) is None
    assert f"Opened again by {room.rana.id}" in shown(now(room, warning)), "the card is shown anew"


@in_newsroom()
async def test_pictures_are_blurred_where_the_channel_wishes_it(room: Newsroom) -> None:
    """Everybody sees a blurred picture; whoever presses the button sees the clear one, alone."""
    [wrong] = await room.command("/dateline blur maybe")
    assert "/dateline blur on" in shown(wrong)
    await room.command("/dateline blur on")
    warning = await warned(room)
    assert list(buttons(warning)) == [*OPEN_BUTTONS[:-1], "Show the picture", "Trace"]
    [clear] = await room.click(warning, buttons(warning)["Show the picture"], room.erik)
    assert clear.ephemeral_to == room.erik.id
    assert [block["type"] for block in clear.blocks] == ["image"]
    blurred, sharp = (_picture(room, one) for one in (warning, clear))
    assert _sharpest(blurred) * 3 < _sharpest(sharp)
    [off] = await room.command("/dateline blur off")
    assert "are shown here" in shown(off)
    await room.click(warning, buttons(warning)["Acknowledge"])
    assert "Show the picture" not in buttons(now(room, warning))
    assert _picture(room, now(room, warning)) == sharp


def _picture(room: Newsroom, message: Message) -> bytes:
    """The bytes of the picture that a message shows."""
    [file] = [block["slack_file"]["id"] for block in message.blocks if block["type"] == "image"]
    return room.workspace.files[file].content or b""


def _sharpest(picture: bytes) -> int:
    """How much two neighbouring pixels of a row differ at most, in every tenth row."""
    with Image.open(io.BytesIO(picture)) as opened:
        grey = opened.convert("L")
    rows = (grey.crop((0, top, grey.width, top + 1)).tobytes() for top in range(0, grey.height, 10))
    return max(abs(one - other) for row in rows for one, other in itertools.pairwise(row))


@in_newsroom()
async def test_a_warning_of_a_post_without_an_address_is_traced_by_its_button(room: Newsroom) -> None:
    """An entry of a feed may link to nothing; its button answers from the archive."""
    await room.command("/dateline alerts here")
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture(SCENE)]))
    await room.take(brought(POST, "In Nairobi.", [pictures.mirrored_copy(SCENE)], post_id="feed:1", url=None))
    await room.quiet()
    [warning] = room.posted(room.desk)
    [answer, *_] = await room.click(warning, buttons(warning)["Trace"])
    assert "Seen before" in shown(answer)
    [refused] = await room.command("/trace feed:2")
    assert "is not a link" in shown(refused)
