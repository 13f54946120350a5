"""Watches in Slack: set up by words, buttons and the modal, listed, changed, and agreed to by an editor."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.sample import pictures
from bot.slack.ids import Field
from bot.surfaces.watch_places import find_channels
from bot.watch_words import parse_watch
from bot.workspace.errors import NotPossible
from bot.workspace.notation import pings
from bot.workspace.values import Channel, Message, User, View
from commands.watch import add
from commands.watch_asked import PRIVATE, Place, prepare
from storage import custody, people, runs, watches
from storage.database import Transaction
from storage.records import EVERYWHERE
from storage.runs import Run, RunState
from storage.watches import SourceState, Watch, WatchKind, WatchState
from tests.front.newsroom import Newsroom, buttons, in_newsroom, pinged, shown
from tests.front.platforms import LINK, POST, brought

FEED = "rss:https://wire.example/feed"
REASON = "reason named by two hospitals"


async def kept(room: Newsroom) -> list[Watch]:
    """Every watch that is kept."""
    return await room.service.desk.db.reading(watches.all)


async def ask(room: Newsroom, line: str, user: User | None = None) -> Message:
    """Type a command of which the channel may hear, too; return what the one who typed is told."""
    who = user or room.rana
    await room.answered(await room.slack.people.command(who.id, room.desk.id, line))
    return room.told(who)[-1]


async def asked_by(room: Newsroom, line: str, user: User | None = None, channel: Channel | None = None) -> View:
    """Type a command that opens a modal, and return it."""
    who = user or room.rana
    went = await room.slack.people.command(who.id, (channel or room.desk).id, line)
    return await opened(room, who, ok=went.ok)


async def pressed(room: Newsroom, message: Message, label: str, user: User | None = None) -> View:
    """Press a button that opens a modal, and return it."""
    who = user or room.rana
    went = await room.slack.people.click(who.id, message, buttons(message)[label])
    return await opened(room, who, ok=went.ok)


async def opened(room: Newsroom, user: User, *, ok: bool) -> View:
    """Wait for the modal of somebody."""
    assert ok
    modal = await room.workspace.transcript.wait_for(lambda: room.workspace.modal(user.id))
    assert modal is not None
    return modal


async def submitted(
    room: Newsroom, modal: View, values: Mapping[str, str | None], user: User | None = None
) -> Mapping[str, str]:
    """Fill a modal in and submit it; return the errors at its fields, none where it closed."""
    who = user or room.rana
    await room.answered(await room.slack.people.submit_view(who.id, modal, dict(values)))
    now = room.workspace.modal(who.id)
    return now.errors if now else {}


def field(modal: View, name: Field) -> object:
    """What a field of a modal begins with."""
    [element] = [block["element"] for block in modal.blocks if block.get("block_id") == name]
    return element.get("initial_value", element.get("initial_conversation", element.get("options")))


@in_newsroom()
async def test_a_watch_is_set_up_by_one_sentence(room: Newsroom) -> None:
    """Who asked is told what is watched, from where, how often, in their zone, and its short name."""
    await room.watch("Qassem Soleimani")
    [answer] = await room.command(
        f"/watch Suleimani in #{room.desk.name} every 15m from x:@AliHashem_TV, {FEED} quiet 22:00 to 07:00 weekdays "
        "budget 500 a day"
    )
    told = shown(answer)
    assert told.startswith("Watching Qassem Soleimani")
    assert f"Every 15 minutes from x:@alihashem_tv, {FEED}." in told
    assert "Quiet 22:00 to 07:00 weekdays Asia/Beirut, but for conflicts." in told
    assert "Billed posts: 0 of 500 today" in told
    assert list(buttons(answer)) == ["Pause", "Edit…", "Remove"]
    [watch] = await kept(room)
    assert (watch.kind, watch.subject, watch.channel) == (WatchKind.PERSON, "qassem-soleimani", room.desk.id)
    assert (watch.private, watch.zone, watch.owner, watch.budget) == (False, "Asia/Beirut", room.rana.id, 500)
    assert watch.workspace == room.workspace.team
    assert watch.id in told
    assert watch.next_due is not None
    rows = await room.service.desk.db.reading(lambda tx: custody.rows(tx, watch.id))
    assert [(row.action, row.actor) for row in rows] == [("watch added", f"{room.workspace.team}/{room.rana.id}")]
    assert room.posted(room.desk) == []


@in_newsroom()
async def test_an_account_is_watched_from_wherever_it_is_asked(room: Newsroom) -> None:
    """By a command, after /dateline, and by a mention in a thread, whose answer stands there."""
    await room.command("/watch @nasa")
    await room.command("/dateline watch account x:@esa every 2h")
    asked = room.slack.people.say(room.erik.id, room.desk.id, "@dateline watch https://x.com/jaxa_en daily at 9")
    await room.quiet()
    [answer] = room.posted(room.desk, asked.ts)
    assert "Watching @jaxa_en" in shown(answer)
    assert [(one.subject, one.sources) for one in await kept(room)] == [
        ("x:@esa", ("x:@esa",)), ("x:@jaxa_en", ("x:@jaxa_en",)), ("x:@nasa", ("x:@nasa",)),
    ]  # fmt: skip


@in_newsroom()
async def test_a_picture_and_a_link_are_archived_when_they_are_watched(room: Newsroom) -> None:
    """The picture by its digest, the link as a post that is looked at again every hour."""
    room.x.writes(POST, "A square in Kampala.", pictures.picture("soldiers-square"))
    [answer] = await room.command(f"/watch picture {LINK}")
    assert "Watching picture by @" in shown(answer)
    assert "Whatever comes in by any door." in shown(answer)
    [answer] = await room.command(f"/watch {LINK}")
    assert "Every hour from https://x.com/" in shown(answer)
    by_kind = {watch.kind: watch for watch in await kept(room)}
    assert len(by_kind[WatchKind.PICTURE].subject) == 64
    assert by_kind[WatchKind.LINK].subject == f"x:{POST}"
    assert await room.archived() == 1


@in_newsroom()
async def test_what_is_not_understood_sets_nothing_up(room: Newsroom) -> None:
    """One sentence and an example, to the one who asked alone."""
    for words, said in {
        "Noor every fortnight from x:@a": "for example “every 15 minutes”",
        "Noor in syria-desk": "for example “in #syria-desk”",
        "every 15m from x:@a": "Say first what is to be watched",
        "@nasa from nowhere": "no source",
        "@nasa quiet nights": "a beginning and an end",
        "@nasa budget lots": "500 a day",
        "pause": "Which watch?",
        "pause nobody": "There is no watch called “nobody”",
        "https://x.com/a/status/not-a-number": "X post",
    }.items():
        [answer] = await room.command(f"/watch {words}")
        assert said in shown(answer), shown(answer)
    assert await kept(room) == []


@in_newsroom()
async def test_hostile_words_ping_nobody(room: Newsroom) -> None:
    """Whatever is typed is shown as typed."""
    for words in (
        "<!channel> every 15m",
        "*@here* <@U0AAAAAAA>",
        "“‮evil” budget <!here>",
        "a" * 2900,
        "\x00\x07 in #x",
    ):
        await room.command(f"/watch {words}")
    answer = await ask(room, "/watch Mr <!channel> @everyone reason <!here> because")
    assert "an editor has to agree" in shown(answer)
    [asked] = room.posted(room.desk)
    assert "Mr <!channel> @everyone" in shown(asked)
    assert pinged(room) <= {room.rana.id}, "only who asked is named"


@in_newsroom()
async def test_somebody_nobody_knows_is_asked_about(room: Newsroom) -> None:
    """Did-you-mean by a button; a public figure is put on the watch-list by one; nothing is guessed."""
    await room.watch("Amina Njoroge")
    [answer] = await room.command(f"/watch Amina Njorogo Kamau from {FEED} budget 7")
    assert "Nobody watched is called “Amina Njorogo Kamau”" in shown(answer)
    assert list(buttons(answer)) == ["Amina Njoroge", "A public figure", "A private individual…"]
    [meant] = await room.click(answer, buttons(answer)["Amina Njoroge"])
    assert "Watching Amina Njoroge" in shown(meant)
    [figure] = await room.click(answer, buttons(answer)["A public figure"])
    assert "Watching Amina Njorogo Kamau" in shown(figure)
    assert {(one.label, one.sources, one.budget, one.state) for one in await kept(room)} == {
        ("Amina Njoroge", (FEED,), 7, WatchState.ACTIVE), ("Amina Njorogo Kamau", (FEED,), 7, WatchState.ACTIVE),
    }  # fmt: skip
    names = [person.name for person in await room.service.desk.db.reading(people.all)]
    assert names == ["Amina Njoroge", "Amina Njorogo Kamau"]


@in_newsroom()
async def test_a_private_individual_needs_a_reason_and_somebody_else(room: Newsroom) -> None:
    """The modal asks for the reason; the channel is asked; who asked may not agree, a colleague may, once."""
    [answer] = await room.command(f"/watch Petter Dalen from {FEED}")
    modal = await pressed(room, answer, "A private individual…")
    assert field(modal, Field.SUBJECT) == '"Petter Dalen"'
    assert await submitted(room, modal, {str(Field.REASON): "named by two hospitals"}) == {}
    [asked] = room.posted(room.desk)
    assert "named by two hospitals" in shown(asked)
    assert [one.state for one in await kept(room)] == [WatchState.PENDING]
    assert await room.service.desk.db.reading(people.all) == []
    [told] = await room.click(asked, buttons(asked)["Agree"], room.rana)
    assert "Somebody else has to agree" in shown(told)
    await room.click(asked, buttons(asked)["Agree"], room.erik)
    after = room.workspace.messages[asked.ts]
    assert f"Agreed to by {room.erik.id}" in shown(after)
    assert buttons(after) == {}
    [watch] = await kept(room)
    assert (watch.state, watch.approved_by) == (WatchState.ACTIVE, room.erik.id)
    [person] = await room.service.desk.db.reading(people.all)
    assert (person.name, person.role) == ("Petter Dalen", PRIVATE)
    [direct] = room.posted(room.workspace.direct(room.rana.id))
    assert "Petter Dalen is watched: agreed to by" in shown(direct)


@in_newsroom()
async def test_an_editor_may_refuse(room: Newsroom) -> None:
    """The message says who; a second decision is told of the first; the person is not on the watch-list."""
    await ask(room, f"/watch Petter Dalen {REASON}")
    [asked] = room.posted(room.desk)
    both = buttons(asked)
    await room.click(asked, both["Refuse"], room.erik)
    assert f"Refused by {room.erik.id}" in shown(room.workspace.messages[asked.ts])
    [late] = await room.command("/watch approve petter dalen", room.erik)
    assert "decided already" in shown(late)
    assert await room.service.desk.db.reading(people.all) == []
    again = await ask(room, f"/watch Petter Dalen {REASON}, and now by the ministry")
    assert "an editor has to agree" in shown(again)
    assert len(room.posted(room.desk)) == 2


@in_newsroom(DATELINE_EDITORS="U0NOBODY00,S0NOGROUP0", refusals=True)
async def test_only_editors_agree_where_some_are_set(room: Newsroom) -> None:
    """Members by id, and those of a user group as Slack tells them; where it does not tell, nothing is decided."""
    await ask(room, f"/watch Petter Dalen {REASON}")
    [asked] = room.posted(room.desk)
    [told] = await room.click(asked, buttons(asked)["Agree"], room.erik)
    assert "Slack does not tell who the editors are" in shown(told)
    group = room.workspace.add_usergroup("editors", [room.rana.id])
    room.workspace.usergroups["S0NOGROUP0"] = group
    [told] = await room.click(asked, buttons(asked)["Agree"], room.erik)
    assert "Only an editor may decide this" in shown(told)
    await room.click(asked, buttons(asked)["Agree"], room.rana)
    assert "Agreed to by" in shown(room.workspace.messages[asked.ts])


@in_newsroom()
async def test_the_same_is_watched_once_in_a_channel(room: Newsroom) -> None:
    """The second request shows the watch that is there, with its buttons."""
    await room.command("/watch @nasa")
    [answer] = await room.command("/watch account x:@NASA every 1h", room.erik)
    assert "@nasa is watched here already" in shown(answer)
    assert list(buttons(answer)) == ["Pause", "Edit…", "Remove"]
    assert len(await kept(room)) == 1
    await room.command("/watch @nasa", channel=room.sources)
    assert len(await kept(room)) == 2


@in_newsroom(refusals=True)
async def test_a_private_channel_is_not_told_of_to_others(room: Newsroom) -> None:
    """A channel that one is not in, one that the app is not in, and one that is not there have one answer."""
    vault = room.workspace.add_channel("vault", "private", [room.erik.id, room.workspace.bot.id])
    unseen = room.workspace.add_channel("cellar", "private", [room.rana.id, room.erik.id])
    said = set()
    for name in ("vault", "cellar", "attic"):
        [answer] = await room.command(f"/watch @nasa in #{name}")
        said.add(shown(answer).replace(name, "NAME"))
    assert len(said) == 1, said
    ids = set()
    for channel in (vault.id, unseen.id, "C0ATTIC0000"):
        [answer] = await room.command(f"/watch @nasa in <#{channel}>")
        ids.add(shown(answer))
    assert len(ids) == 1, ids
    [answer] = await room.command(f"/watch @nasa in #{room.lobby.name}")
    assert "Dateline is not in #lobby" in shown(answer)
    [answer] = await room.command("/watch @nasa in #vault", room.erik)
    assert "Watching @nasa" in shown(answer)
    [watch] = await kept(room)
    assert (watch.channel, watch.private, watch.audience) == (vault.id, True, f"channel:{vault.id}")


@in_newsroom()
async def test_a_public_channel_that_one_is_not_in(room: Newsroom) -> None:
    """It is named, since everybody may know of it, and joined first."""
    room.workspace.add_channel("press", members=[room.erik.id, room.workspace.bot.id])
    [answer] = await room.command("/watch @nasa in #press")
    assert "You are not in #press" in shown(answer)


@in_newsroom()
async def test_the_list_tells_how_each_watch_fares(room: Newsroom) -> None:
    """Next run, last result, what fails, the owner's cost; a private channel's watches in that channel alone."""
    [empty] = await room.command("/watch")
    assert "Nothing is watched here yet" in shown(empty)
    await room.command(f"/watch @nasa from {FEED} budget 500")
    await room.command("/watch @esa", channel=room.sources)
    [nasa] = [one for one in await kept(room) if one.label == "@nasa"]

    def fared(tx: Transaction) -> None:
        now = room.service.desk.db.now()
        runs.claim(tx, Run(nasa.id, now, now, state=RunState.DONE, late=True, missed=3, posts=12, fresh=4, alerts=1))
        watches.fare(tx, nasa.id, SourceState(FEED, failing_since=now, failures=4, problem="It answered 503."))
        watches.spend(tx, nasa.id, now[:10], 120)

    await room.service.desk.db.writing(fared)
    [outside] = await room.command("/watch list", room.erik)
    told = shown(outside)
    assert told.startswith("Watches: 1")
    for words in ("Next run: ", "late, stands for 3 missed runs: 12 posts, 4 new, 1 warning", "It answered 503.",
                  "Billed posts: 120 of 500 today", nasa.id, "Set up by", room.rana.id):  # fmt: skip
        assert words in told, words
    assert "@esa" not in told
    [inside] = await room.command("/watch list", channel=room.sources)
    assert shown(inside).index("@esa") < shown(inside).index("@nasa"), "this channel's first"


@in_newsroom()
async def test_a_watch_is_paused_resumed_and_removed_by_buttons_and_words(room: Newsroom) -> None:
    """Each answers with the watch as it is then; a button of an old list is told how things stand."""
    [answer] = await room.command("/watch @nasa")
    [paused] = await room.click(answer, buttons(answer)["Pause"], room.rana)
    assert shown(paused).startswith("@nasa is paused")
    [again] = await room.click(answer, buttons(answer)["Pause"])
    assert "is paused already" in shown(again)
    [resumed] = await room.click(paused, buttons(paused)["Resume"])
    assert "Next run: " in shown(resumed)
    assert [one.state for one in await kept(room)] == [WatchState.ACTIVE]
    [answer] = await room.command("/watch pause nasa", room.erik)
    assert "@nasa is paused" in shown(answer)
    [gone] = await room.command("/watch remove @nasa", room.erik)
    assert "@nasa is no longer watched" in shown(gone)
    assert await kept(room) == []
    [after] = await room.click(paused, buttons(paused)["Resume"])
    assert "There is no watch called" in shown(after)


@in_newsroom()
async def test_a_watch_is_changed_by_words(room: Newsroom) -> None:
    """Only what is named; what is not understood changes nothing."""
    await room.command("/watch @nasa budget 5")
    [answer] = await room.command("/watch edit nasa every 2h quiet 22:00 to 07:00")
    assert "Every 2 hours from x:@nasa. Quiet 22:00 to 07:00 daily Asia/Beirut" in shown(answer)
    [answer] = await room.command("/watch edit nasa in #lobby")
    assert "Dateline is not in #lobby" in shown(answer)
    [answer] = await room.command("/watch edit nasa sometimes")
    assert "is not understood" in shown(answer)
    [watch] = await kept(room)
    assert (watch.budget, watch.channel) == (5, room.desk.id)


@in_newsroom()
async def test_the_modal_builds_a_watch_and_shows_what_is_wrong_at_its_fields(room: Newsroom) -> None:
    """It stays open until everything is understood; then who asked is answered in the channel that was chosen."""
    modal = await asked_by(room, "/watch new")
    assert field(modal, Field.CHANNEL) == room.desk.id
    wrong = {
        str(Field.SUBJECT): "account not+one", str(Field.CHANNEL): room.lobby.id, str(Field.SOURCES): "nowhere",
        str(Field.SCHEDULE): "every fortnight", str(Field.QUIET): "nights", str(Field.BUDGET): "lots",
    }  # fmt: skip
    errors = await submitted(room, modal, wrong)
    assert set(errors) == set(wrong)
    assert "Dateline is not in #lobby" in errors[Field.CHANNEL]
    assert await kept(room) == []
    again = room.workspace.modal(room.rana.id)
    assert again is not None
    right = {
        str(Field.SUBJECT): "@nasa", str(Field.CHANNEL): room.sources.id, str(Field.SOURCES): f"x:@nasa\n{FEED}",
        str(Field.SCHEDULE): "weekdays at 9", str(Field.QUIET): "22:00 to 07:00", str(Field.BUDGET): "500 a day",
    }  # fmt: skip
    assert await submitted(room, again, right) == {}
    [watch] = await kept(room)
    assert (watch.channel, watch.private, watch.sources) == (room.sources.id, True, ("x:@nasa", FEED))
    assert (watch.schedule, watch.budget) == ("weekdays at 09:00 Asia/Beirut", 500)
    [answer] = room.told(room.rana)
    assert (answer.channel, "Watching @nasa" in shown(answer)) == (room.sources.id, True)


@in_newsroom()
async def test_a_schedule_without_sources_is_wrong_at_the_sources(room: Newsroom) -> None:
    """A person without sources never runs, so a schedule would mislead."""
    modal = await asked_by(room, "/watch new")
    errors = await submitted(room, modal, {str(Field.SUBJECT): "Noor", str(Field.SCHEDULE): "every 15m"})
    assert "A schedule needs sources" in errors[Field.SOURCES]


@in_newsroom()
async def test_a_watch_is_changed_in_the_modal(room: Newsroom) -> None:
    """It opens filled in, by the button and by the command; an emptied field takes away what it held."""
    [answer] = await room.command(f"/watch @nasa from x:@nasa, {FEED} budget 5 quiet 22:00 to 07:00 even for conflicts")
    modal = await pressed(room, answer, "Edit…")
    assert field(modal, Field.SCHEDULE) == "every 15 minutes"
    assert field(modal, Field.SOURCES) == f"x:@nasa, {FEED}"
    assert field(modal, Field.QUIET) == "22:00 to 07:00 daily Asia/Beirut even for conflicts"
    assert field(modal, Field.BUDGET) == "5"
    [before] = await kept(room)
    assert await submitted(room, modal, {str(Field.BUDGET): None, str(Field.SOURCES): FEED}) == {}
    [after] = await kept(room)
    assert (after.budget, after.sources) == (None, (FEED,))
    assert (after.schedule, after.quiet, after.bypass) == (before.schedule, before.quiet, False)
    assert any("@nasa is changed" in shown(one) for one in room.told(room.rana))
    modal = await asked_by(room, f"/watch edit {after.id}", room.erik)
    assert field(modal, Field.BUDGET) is None
    [answer] = await room.command("/watch edit nobody")
    assert "There is no watch called “nobody”" in shown(answer)


@in_newsroom()
async def test_a_traced_post_is_watched_from_its_card(room: Newsroom) -> None:
    """Of its picture, its account and its link one is chosen in the modal."""
    room.x.writes(POST, "A square in Kampala.", pictures.picture("soldiers-square"))
    [card] = await room.command(f"/trace {LINK}")
    modal = await pressed(room, card, "Watch…")
    [block] = [one for one in modal.blocks if one["block_id"] == Field.SUBJECT]
    assert [one["text"]["text"].partition(":")[0] for one in block["element"]["options"]] == [
        "This picture", "This account", "This link",
    ]  # fmt: skip
    assert await submitted(room, modal, {str(Field.SUBJECT): "1"}) == {}
    [watch] = await kept(room)
    assert watch.kind is WatchKind.ACCOUNT
    assert watch.sources == (watch.subject,)


@in_newsroom()
async def test_a_person_is_watched_from_the_card_of_whereis(room: Newsroom) -> None:
    """The modal holds the name of the watch-list."""
    await room.watch("Amina Njoroge")
    await room.take(brought(POST, "Amina Njoroge was in Nairobi on Monday."))
    [card] = await room.command("/whereis Amina Njoroge")
    modal = await pressed(room, card, "Watch…")
    assert field(modal, Field.SUBJECT) == '"Amina Njoroge"'
    assert await submitted(room, modal, {}) == {}
    assert [one.subject for one in await kept(room)] == ["amina-njoroge"]


@in_newsroom()
async def test_help_and_new_show_what_can_be_watched(room: Newsroom) -> None:
    """With a button that opens the modal, also where no command can: in a thread."""
    [answer] = await room.command("/watch help")
    assert "What can be watched" in shown(answer)
    asked = room.slack.people.say(room.erik.id, room.desk.id, "@dateline watch new")
    await room.quiet()
    [public] = room.posted(room.desk, asked.ts)
    modal = await pressed(room, public, "New watch…", room.erik)
    with pytest.raises(NotPossible, match="required"):
        await submitted(room, modal, {}, room.erik)


@in_newsroom(without=["users:read"], refusals=True)
async def test_without_the_scope_for_zones_times_are_utc(room: Newsroom) -> None:
    """An app that was installed with fewer scopes watches all the same."""
    [answer] = await room.command("/watch @nasa weekdays at 9")
    assert "Watching @nasa" in shown(answer)
    assert [one.schedule for one in await kept(room)] == ["weekdays at 09:00 UTC"]


@in_newsroom(refusals=True)
async def test_a_channel_that_was_named_on_the_command_line_is_found(room: Newsroom) -> None:
    """By the running bot, as soon as it is in such a channel; until then the watch waits, and nobody is told of it."""
    place = Place(EVERYWHERE, "#vault", True, "operator")
    made = await prepare(room.service.desk, parse_watch("@nasa", "UTC"), place)
    await room.service.desk.db.writing(lambda tx: add(tx, made, "operator", room.service.desk.db.now()))
    vault = room.workspace.add_channel("vault", "private", [room.erik.id])
    desk, clients = room.service.desk, room.service.clients
    assert await find_channels(desk, clients) == 0
    [listed] = await room.command("/watch list")
    assert "Watches: 0" in shown(listed)
    room.slack.people.invite_bot(vault.id)
    assert await find_channels(desk, clients) == 1
    [watch] = await kept(room)
    assert (watch.workspace, watch.channel, watch.private) == (room.workspace.team, vault.id, True)
    [listed] = await room.command("/watch list", room.erik, vault)
    assert "@nasa" in shown(listed)
    assert await find_channels(desk, clients) == 0


@in_newsroom()
async def test_a_watch_that_is_gone_is_told_of_in_the_modal(room: Newsroom) -> None:
    """Somebody removes it while another one changes it: the modal says so and stays open."""
    [answer] = await room.command("/watch @nasa")
    modal = await pressed(room, answer, "Edit…")
    await room.command("/watch remove nasa", room.erik)
    errors = await submitted(room, modal, {str(Field.BUDGET): "5"})
    assert "There is no watch" in errors[Field.CHANNEL]


@in_newsroom(refusals=True, sweeps=False)
async def test_the_watches_of_an_archived_channel_rest(room: Newsroom) -> None:
    """Nobody is there to be told: what is watched for an archived channel rests; those of other channels go on."""
    await room.watch("Amina Njoroge")
    for channel in (room.desk, room.sources):
        await room.command("/watch Amina Njoroge from rss:https://wire.example/feed", channel=channel)
    room.slack.people.archive(room.desk.id)
    await room.quiet()
    held = await room.service.desk.db.reading(watches.all)
    assert {watch.channel: str(watch.state) for watch in held} == {room.desk.id: "paused", room.sources.id: "active"}


@in_newsroom()
async def test_the_list_of_one_channel(room: Newsroom) -> None:
    """`here`, `all` or a channel narrow it; a private channel's is shown there alone, and other words are no name."""
    await room.watch("Amina Njoroge")
    await room.command("/watch @nasa")
    await room.command("/watch @esa", channel=room.sources)
    for line, told in (("list here", "@nasa"), (f"list #{room.desk.name}", "@nasa"), ("list all", "@nasa")):
        [answer] = await room.command(f"/watch {line}")
        assert "Watches: 1" in shown(answer)
        assert told in shown(answer)
    [answer] = await room.command("/watch list here", channel=room.sources)
    assert "@esa" in shown(answer)
    assert "@nasa" not in shown(answer)
    [answer] = await room.command(f"/watch list #{room.sources.name}")
    assert shown(answer).startswith("What is watched in a private channel is listed there alone.")
    [answer] = await room.command("/watch list soon")
    assert shown(answer).startswith("“soon” is no channel.")


@in_newsroom()
async def test_a_watch_is_changed_by_its_whole_name(room: Newsroom) -> None:
    """A subject of two words is found, quoted or not, and what follows it is read as the change."""
    await room.watch("Amina Njoroge")
    await room.command("/watch Amina Njoroge every 30m from rss:https://wire.example/feed")
    for line in (
        "edit Amina Njoroge budget 100",
        'edit "Amina Njoroge" every 45m',
        "edit Njoroge quiet 22:00 to 07:00",
    ):
        [answer] = await room.command(f"/watch {line}")
        assert shown(answer).startswith("Amina Njoroge is changed"), line
    [watch] = await kept(room)
    assert (watch.budget, watch.quiet) == (100, "22:00 to 07:00 daily Asia/Beirut")
    assert watch.schedule.startswith("every 45 minutes")


@in_newsroom()
async def test_what_is_watched_already_is_not_changed_unseen(room: Newsroom) -> None:
    """Asked for again with other sources, it says that nothing was changed and how to."""
    await room.command("/watch @nasa")
    [answer] = await room.command("/watch @nasa every 2h")
    assert shown(answer).startswith("@nasa is watched here already\nNothing was changed.")


@in_newsroom()
async def test_a_watch_that_is_shown_to_all_calls_nobody(room: Newsroom) -> None:
    """By a mention in a thread nobody else is notified of what they have set up."""
    await room.command("/watch @nasa", user=room.erik)
    for words, told in (("@nasa", "is watched here"), ("edit @nasa", "Every 15"), ("pause @nasa", "is paused")):
        asked = room.slack.people.say(room.rana.id, room.desk.id, f"@dateline watch {words}")
        await room.quiet()
        [answer] = room.posted(room.desk, asked.ts)
        assert told in shown(answer)
    assert {who for one in room.posted(room.desk) for who in pings(one)} == set()
