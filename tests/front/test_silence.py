"""Boilerplate and dismissed pairs in Slack: marked by a modal, listed, undone; answers show them, warnings do not."""

from __future__ import annotations

from typing import Any

from bot.sample import pictures
from bot.slack.ids import Field
from bot.workspace.values import Channel, Message, User, View
from storage import boilerplate, custody
from storage.boilerplate import Kind, Mark
from storage.dismissals import Reason
from storage.records import EVERYWHERE, digest
from tests.front.newsroom import Newsroom, buttons, in_newsroom, pinged, shown
from tests.front.platforms import LINK, OLDER, POST, brought
from tests.front.test_files import drop
from tests.front.test_home import action, home
from tests.front.test_triage import SCENE, asked_why, now, warned

AGAIN = str(int(POST) + (5 << 22))
MARKED_AS_LOGO = {str(Field.KIND): str(Kind.LOGO)}


async def modal_of(room: Newsroom, card: Message, user: User) -> View:
    """Press Boilerplate… and return the modal that opens."""
    went = await room.slack.people.click(user.id, card, buttons(card)["Boilerplate…"])
    assert went.ok, went
    modal = await room.workspace.transcript.wait_for(lambda: room.workspace.modal(user.id))
    assert modal is not None
    return modal


async def mark(room: Newsroom, card: Message, user: User, **chosen: str) -> list[Message]:
    """Mark a picture of a card by the modal; return what that brought."""
    known = set(room.workspace.messages)
    modal = await modal_of(room, card, user)
    went = await room.slack.people.submit_view(user.id, modal, {**MARKED_AS_LOGO, **chosen})
    await room.answered(went)
    assert room.workspace.modal(user.id) is None
    return [message for ts, message in room.workspace.messages.items() if ts not in known]


async def dismiss(room: Newsroom, warning: Message, why: Reason = Reason.NOT_SAME_PICTURE) -> None:
    """Dismiss a warning by the modal, as Erik."""
    modal = await asked_why(room, warning, room.erik.id)
    choice = {str(Field.REASON): str(why)}
    await room.answered(await room.slack.people.submit_view(room.erik.id, modal, choice))


async def comes_again(room: Newsroom, native: str = AGAIN, quality: int = 50) -> None:
    """Let the picture come in once more, saved again."""
    copy = pictures.mirrored_copy(SCENE, quality=quality)
    await room.take(brought(native, "The square, once more.", [copy]))
    await room.quiet()


async def silenced(room: Newsroom, user: User | None = None, channel: Channel | None = None) -> Message:
    """Ask for the list."""
    [listed] = await room.command("/dateline silenced", user, channel)
    return listed


async def log_of(room: Newsroom) -> list[tuple[str, str, Any]]:
    """What the custody log holds of marks."""
    rows = await room.service.desk.db.reading(
        lambda tx: tx.rows("SELECT action, actor, detail FROM custody WHERE action LIKE 'boilerplate%' ORDER BY seq")
    )
    return [(row["action"], row["actor"], row["detail"]) for row in rows]


@in_newsroom()
async def test_a_picture_of_a_warning_is_marked_and_never_warns_until_that_is_undone(room: Newsroom) -> None:
    """The warning is settled for everybody, copies are silent in every channel; Undo on the card takes it back."""
    warning = await warned(room)
    await mark(room, warning, room.erik, **{str(Field.NOTE): "of the wire"})
    after = now(room, warning)
    assert f"Marked as boilerplate by {room.erik.id}" in shown(after)
    assert "Reason: Logo: of the wire. This picture will not warn again." in shown(after)
    assert list(buttons(after)) == ["Undo", "Trace"]
    room.slack.people.invite_bot(room.lobby.id)
    await room.command("/dateline alerts here", channel=room.lobby)
    await comes_again(room)
    assert (len(room.posted(room.desk)), room.posted(room.lobby)) == (1, [])
    await room.click(after, buttons(after)["Undo"], room.rana)
    assert f"Opened again by {room.rana.id}" in shown(now(room, warning))
    await comes_again(room, str(int(AGAIN) + (1 << 22)), 40)
    assert len(room.posted(room.lobby)) == 1
    assert [(what, who) for what, who, _ in await log_of(room)] == [
        ("boilerplate", f"{room.workspace.team}/{room.erik.id}"),
        ("boilerplate undone", f"{room.workspace.team}/{room.rana.id}"),
    ]


@in_newsroom()
async def test_which_picture_of_a_warning_is_asked(room: Newsroom) -> None:
    """The one that came in, or the one that is held; another kind needs words."""
    warning = await warned(room)
    modal = await modal_of(room, warning, room.erik)
    labels = [one["text"]["text"] for one in modal.body["blocks"][0]["element"]["options"]]
    assert labels == ["The picture that came in", "The picture that we hold"]
    people = room.slack.people
    await room.answered(await people.submit_view(room.erik.id, modal, {str(Field.KIND): str(Kind.OTHER)}))
    again = room.workspace.modal(room.erik.id)
    assert again is not None
    assert again.errors == {str(Field.NOTE): "Say why, so that others can judge it."}
    held = digest(pictures.picture(SCENE))
    chosen = {str(Field.PICTURE): held, str(Field.NOTE): "a <!channel> map"}
    await room.answered(await people.submit_view(room.erik.id, again, chosen))
    [made] = await room.service.desk.db.reading(lambda tx: boilerplate.standing(tx, ""))
    assert (made.image_sha256, made.kind, made.note) == (held, Kind.OTHER, "a <!channel> map")
    assert "Other boilerplate: a <!channel> map." in shown(now(room, warning))
    assert now(room, warning).text.count("<") == 0


@in_newsroom()
async def test_of_two_people_the_first_decides(room: Newsroom) -> None:
    """Somebody acknowledges while the modal is open: who marks is told, and nothing is marked."""
    warning = await warned(room)
    modal = await modal_of(room, warning, room.erik)
    await room.click(warning, buttons(warning)["Acknowledge"], room.rana)
    await room.answered(await room.slack.people.submit_view(room.erik.id, modal, MARKED_AS_LOGO))
    [told] = [*room.told(room.erik), *room.posted(room.workspace.direct(room.erik.id))]
    assert "Somebody was first: Acknowledged by" in shown(told)
    assert await room.service.desk.db.reading(lambda tx: boilerplate.standing(tx, "")) == []
    room.workspace.messages[warning.ts] = warning
    [outdated] = await room.click(warning, buttons(warning)["Boilerplate…"], room.erik)
    assert "Somebody was first" in shown(outdated)


@in_newsroom()
async def test_a_traced_picture_is_marked_and_is_no_earlier_use_from_then_on(room: Newsroom) -> None:
    """The trace names who marked it, when and as what, to the one who asks; in a thread it calls nobody."""
    room.x.writes(POST, "A square in Nairobi today.", pictures.mirrored_copy(SCENE))
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture(SCENE)]))
    [card, *_] = await room.command(f"/trace {LINK}")
    assert "Seen before" in shown(card)
    [told] = await mark(room, card, room.rana)
    assert told.ephemeral_to == room.rana.id
    assert "The picture is marked as boilerplate (logo)." in shown(told)
    [again, *_] = await room.command(f"/trace {LINK}", room.erik)
    assert shown(again).startswith("Its picture is marked as boilerplate")
    assert f"Marked boilerplate (logo) by {room.rana.id}, " in shown(again)
    assert "In 1 other post that we hold. That is not counted as an earlier use." in shown(again)
    assert "Seen before" not in shown(again)
    assert "Boilerplate…" not in buttons(again)
    before = pinged(room) | {room.erik.id}
    asked = room.slack.people.say(room.erik.id, room.desk.id, f"@dateline trace {LINK}")
    await room.quiet()
    [shared, *_] = room.posted(room.desk, asked.ts)
    assert "Marked boilerplate (logo) by a member" in shown(shared)
    assert pinged(room) <= before


@in_newsroom()
async def test_a_dismissed_pair_is_shown_to_who_asks_with_who_said_why(room: Newsroom) -> None:
    """A trace and a check tell it; a copy of it dropped into a channel raises nothing."""
    room.x.writes(POST, "A square in Nairobi today.", pictures.mirrored_copy(SCENE))
    warning = await warned(room)
    await dismiss(room, warning)
    [card, *_] = await room.command(f"/trace {LINK}")
    assert shown(card).startswith("No copy among the pictures we hold, but for what was dismissed")
    assert f"Dismissed by {room.erik.id}, " in shown(card)
    assert "Reason: Not the same picture." in shown(card)
    [checked, *_] = await room.command(f"/check {LINK}")
    assert f"Dismissed by {room.erik.id}, " in shown(checked)


@in_newsroom()
async def test_a_pair_that_is_known_already_stays_an_earlier_use(room: Newsroom) -> None:
    """They are copies of one another, so the trace tells of the older post, and of the dismissal beside it."""
    room.x.writes(POST, "A square in Nairobi today.", pictures.mirrored_copy(SCENE))
    await dismiss(room, await warned(room), Reason.KNOWN)
    [card, *_] = await room.command(f"/trace {LINK}")
    assert "Seen before" in shown(card)
    assert "Reason: Known already." in shown(card)


@in_newsroom()
async def test_a_dropped_picture_that_is_boilerplate_is_not_spoken_of(room: Newsroom) -> None:
    """Nobody asked; who checks it is told."""
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture(SCENE)]))
    await drop(room, "square.jpg", pictures.smaller_copy(SCENE))
    [spoken, *_] = room.posted(room.desk)
    assert "This picture was seen before" in shown(spoken)
    await mark(room, spoken, room.erik)
    said = len(room.posted(room.desk))
    await drop(room, "again.jpg", pictures.smaller_copy(SCENE))
    assert len(room.posted(room.desk)) == said
    dropped = await drop(room, "asked.jpg", pictures.smaller_copy(SCENE), "@dateline check")
    [asked, *_] = room.posted(room.desk, dropped.ts)
    assert "This picture is boilerplate" in shown(asked)
    assert "Marked boilerplate (logo) by a member" in shown(asked)


@in_newsroom()
async def test_what_is_silenced_is_listed_and_undone(room: Newsroom) -> None:
    """Pairs and pictures, each with who said so; Undo opens the warning again, once."""
    assert "Nothing is silenced" in shown(await silenced(room))
    warning = await warned(room)
    await dismiss(room, warning)
    listed = await silenced(room)
    assert "Silenced: 1 dismissed pair, 0 boilerplate pictures" in shown(listed)
    assert f"Dismissed by {room.erik.id}, " in shown(listed)
    [undone] = await room.click(listed, buttons(listed)["Undo"], room.rana)
    assert "The pair is not dismissed any more." in shown(undone)
    assert f"Opened again by {room.rana.id}" in shown(now(room, warning))
    [again] = await room.click(listed, buttons(listed)["Undo"], room.rana)
    assert "This is not silenced any more" in shown(again)
    await mark(room, now(room, warning), room.erik)
    marks = await silenced(room)
    assert "Silenced: 0 dismissed pairs, 1 boilerplate picture" in shown(marks)
    [undone] = await room.click(marks, buttons(marks)["Undo"], room.rana)
    assert "The picture is not boilerplate any more." in shown(undone)
    assert f"Opened again by {room.rana.id}" in shown(now(room, warning))
    assert "Nothing is silenced" in shown(await silenced(room))
    [wrong] = await room.command("/dateline silenced everything")
    assert "Type /dateline silenced." in shown(wrong)


@in_newsroom()
async def test_a_long_list_is_paged_and_home_leads_to_it(room: Newsroom) -> None:
    """Ten at a time; the operator's mark for every workspace has no button; Home counts, and shows it by a message."""
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture(SCENE)]))
    team, sha256 = room.workspace.team, digest(pictures.picture(SCENE))

    def fill(tx: Any) -> None:
        boilerplate.put(tx, Mark("every", EVERYWHERE, sha256, Kind.LOGO, "", "operator", "2026-01-01T00:00:00.000Z"))
        for number in range(11):
            tx.execute(
                "INSERT INTO images SELECT :sha, -:number - 1, media_type, byte_size, width, height, usable, why_not,"
                " phash, fingerprint_version, first_seen_at FROM images WHERE sha256 = :of",
                {"sha": digest(bytes([number])), "number": number, "of": sha256},
            )
            tx.execute(
                "INSERT INTO appearances SELECT :id, :sha, post_id, capture_id, position, caption, source_url"
                " FROM appearances WHERE image_sha256 = :of",
                {"id": f"a{number}", "sha": digest(bytes([number])), "of": sha256},
            )
            at = f"2026-01-{number + 2:02}T00:00:00.000Z"
            boilerplate.put(tx, Mark(f"m{number}", team, digest(bytes([number])), Kind.AVATAR, "", room.rana.id, at))

    await room.service.desk.db.writing(fill)
    listed = await silenced(room)
    assert shown(listed).count("Marked boilerplate (avatar)") == 10
    [rest] = await room.click(listed, buttons(listed)["Show 2 more"])
    assert shown(rest).count("Marked boilerplate (avatar)") == 1
    assert "Marked boilerplate (logo) by operator" in shown(rest)
    assert "It holds in every workspace." in shown(rest)
    assert list(buttons(rest)) == ["Undo"]
    view = await home(room)
    assert "Silenced: 0 dismissed pairs, 12 boilerplate pictures." in str(view.body)
    await room.answered(await room.slack.people.click(room.rana.id, view, action(view, "Show what is silenced")))
    [told] = room.posted(room.workspace.direct(room.rana.id))
    assert "Silenced: 0 dismissed pairs, 12 boilerplate pictures" in shown(told)


@in_newsroom()
async def test_what_was_dismissed_in_a_private_channel_is_listed_to_its_members_alone(room: Newsroom) -> None:
    """The pair stands in posts that others may not see."""
    room.x.writes(POST, "A square in Nairobi today.", pictures.mirrored_copy(SCENE))
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture(SCENE)]))
    await room.command("/dateline alerts here", channel=room.sources)
    await room.answered(await room.slack.people.command(room.rana.id, room.sources.id, f"/trace {LINK}"))
    [warning] = room.posted(room.sources)
    await dismiss(room, warning)
    assert "Nothing is silenced" in shown(await silenced(room, room.erik))
    assert "1 dismissed pair" in shown(await silenced(room, room.erik, room.sources))


@in_newsroom()
async def test_every_mark_is_in_the_custody_log(room: Newsroom) -> None:
    """Who marked which picture as what, and the log holds."""
    await mark(room, await warned(room), room.erik)
    [(what, who, detail)] = await log_of(room)
    assert (what, who) == ("boilerplate", f"{room.workspace.team}/{room.erik.id}")
    assert digest(pictures.mirrored_copy(SCENE)) in str(detail)
    assert await room.service.desk.db.reading(lambda tx: list(custody.walk(tx))) == []
