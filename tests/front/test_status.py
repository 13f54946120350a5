"""`/dateline status`: how the desk fares, and what could not be delivered, tried once more."""

from __future__ import annotations

from storage import watches
from storage.database import Transaction
from storage.watches import SourceState, Watch, WatchKind
from tests.front.newsroom import Newsroom, buttons, in_newsroom, shown

SINCE = "2026-01-02T03:00:00.000Z"
FEED = "rss:https://wire.example/feed"


async def failing(room: Newsroom, *, private: bool) -> None:
    """Set up a watch in the public or in the private channel, whose one source fails."""
    channel = room.sources if private else room.desk
    watch = Watch(
        id=f"watch-{channel.id}",
        workspace=room.workspace.team,
        channel=channel.id,
        private=private,
        kind=WatchKind.ACCOUNT,
        subject=f"feed:{channel.name}",
        label=f"wire of {channel.name}",
        sources=(FEED,),
        schedule="every 15 minutes",
        zone="UTC",
        owner=room.rana.id,
        since=SINCE,
        budget=500,
        next_due=SINCE,
    )

    def keep(tx: Transaction) -> None:
        watches.put(tx, watch)
        watches.fare(tx, watch.id, SourceState(FEED, failing_since=SINCE, failures=4, problem="It answered 503."))
        watches.spend(tx, watch.id, room.service.desk.db.now()[:10], 120)

    await room.service.desk.db.writing(keep)


@in_newsroom(refusals=True)
async def test_a_message_that_was_given_up_is_sent_again(room: Newsroom) -> None:
    """Put out of a channel, the bot lists its answer as not delivered; let in again, a click delivers it, once."""
    room.slack.people.say(room.rana.id, room.desk.id, "@dateline help")
    await room.slack.settle()
    room.slack.people.kick_bot(room.desk.id)
    await room.quiet()
    assert not room.posted(room.desk)
    [status] = await room.command("/dateline status", channel=room.lobby)
    assert "Not delivered: 1" in shown(status)
    room.slack.people.invite_bot(room.desk.id)
    told = await room.click(status, buttons(status)["Send again"])
    assert any("being sent again" in shown(one) for one in told)
    assert len(room.posted(room.desk)) == 1
    again = await room.click(status, buttons(status)["Send again"])
    assert any("sent again already" in shown(one) for one in again)
    assert len(room.posted(room.desk)) == 1
    [after] = await room.command("/dateline status", channel=room.lobby)
    assert "Not delivered" not in shown(after)


@in_newsroom(sweeps=False)
async def test_status_tells_what_fails_and_what_it_costs(room: Newsroom) -> None:
    """The watch, its failing source with the reason, the lag and the budget stand in the status."""
    await failing(room, private=False)
    [status] = await room.command("/dateline status")
    told = shown(status)
    for words in ("Watches: 1 active", "wire of", "It answered 503.", "120 of 500 billed posts today", "Lag:"):
        assert words in told


@in_newsroom(sweeps=False)
async def test_status_tells_nothing_of_a_private_channels_watch(room: Newsroom) -> None:
    """Outside the private channel its watch leaves no trace in the status; inside it is told."""
    [before] = await room.command("/dateline status")
    await failing(room, private=True)
    [outside] = await room.command("/dateline status")
    [inside] = await room.command("/dateline status", channel=room.sources)
    assert shown(outside) == shown(before)
    assert "It answered 503." in shown(inside)


@in_newsroom()
async def test_the_question_itself_is_no_queue(room: Newsroom) -> None:
    """On a desk at rest nothing waits."""
    [answer] = await room.command("/dateline status")
    assert "Queue: 0 requests" in shown(answer)
