"""The manifest and the app: whatever Slack may bring by it, the real service takes."""

from __future__ import annotations

from collections.abc import Iterator

from bot.slack.ids import Callback
from bot.slack.manifest import COMMANDS, EVENTS, Variant, manifest
from bot.workspace.manifest import Manifest
from bot.workspace.transcript import Delivery
from tests.front.newsroom import Newsroom, in_newsroom

EVENT_FAMILIES = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


def subscriptions(deliveries: list[Delivery]) -> Iterator[str]:
    """The names by which an app subscribes to the events that were delivered."""
    for one in deliveries:
        kind = str(one.payload["event"].get("channel_type", ""))
        yield EVENT_FAMILIES[kind] if one.name == "message" else one.name


def refused(room: Newsroom) -> list[tuple[str, str, int | None]]:
    """What the app did not take."""
    return [(one.kind, one.name, one.status) for one in room.workspace.transcript.deliveries() if one.status != 200]


@in_newsroom()
async def test_every_command_has_a_listener(room: Newsroom) -> None:
    """Each command of the manifest is answered, with words and without any."""
    for command, _, _ in COMMANDS:
        assert await room.command(f"{command} help me")
        assert await room.command(command)
    assert {one.name for one in room.workspace.transcript.deliveries("command")} == {name for name, _, _ in COMMANDS}
    assert refused(room) == []


@in_newsroom()
async def test_every_shortcut_has_a_listener(room: Newsroom) -> None:
    """Each shortcut of the manifest is answered."""
    said = room.slack.people.say(room.erik.id, room.desk.id, "Look at this")
    shortcuts = Manifest.read(manifest()).shortcuts
    assert shortcuts == {str(Callback.CHECK_MESSAGE): "message"}
    for name in shortcuts:
        await room.answered(await room.slack.people.message_shortcut(room.rana.id, name, said))
    assert refused(room) == []


@in_newsroom(refusals=True)
async def test_every_event_has_a_listener(room: Newsroom) -> None:
    """Each event of the manifest is taken, and so is what comes with it: edits, deletions, the other tab of Home."""
    people = room.slack.people
    for channel in (room.desk, room.sources, room.workspace.direct(room.rana.id)):
        said = people.say(room.rana.id, channel.id, "Good morning")
        people.edit(room.rana.id, said.ts, "Good evening")
        people.take_back(room.rana.id, said.ts)
    people.say(room.rana.id, room.desk.id, "@dateline help")
    people.open_home(room.rana.id)
    people.open_home(room.rana.id, "messages")
    await room.quiet()
    for channel in (room.desk, room.sources):
        people.archive(channel.id)
    await room.quiet()
    people.uninstall()
    await room.slack.settle()
    deliveries = room.workspace.transcript.deliveries("event")
    assert set(subscriptions(deliveries)) == set(EVENTS)
    assert refused(room) == []
    assert not [one for one in deliveries if one.attempt]


def test_the_variants_differ_only_in_how_slack_reaches_the_app() -> None:
    """What has a listener in one way of setting up has it in all."""
    plain, *others = (Manifest.read(manifest(variant)) for variant in Variant)
    for other in others:
        assert (other.commands, other.shortcuts, other.events, other.scopes) == (
            plain.commands, plain.shortcuts, plain.events, plain.scopes,
        )  # fmt: skip
