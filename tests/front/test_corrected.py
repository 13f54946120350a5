"""What was told is put right in Slack: cards that were wrong, and contradictions under what they contradict."""

from __future__ import annotations

from bot.sample import pictures
from storage import watches
from storage.records import EVERYONE
from storage.watches import Watch, WatchKind
from tests.front.newsroom import Newsroom, buttons, in_newsroom, shown
from tests.front.platforms import LINK, OLDER, POST, brought

SCENE = "harbour"


@in_newsroom()
async def test_an_earlier_appearance_corrects_the_card_and_is_told_under_it(room: Newsroom) -> None:
    """The card in the channel says since when it is corrected, and who traced reads why in its thread."""
    room.x.writes(POST, "Ships in Mombasa today", pictures.picture(SCENE))
    asked = room.slack.people.say(room.rana.id, room.desk.id, f"@dateline trace {LINK}")
    await room.quiet()
    card = room.posted(room.desk, asked.ts)[0]
    assert "Corrected" not in shown(card)
    await room.take(brought(OLDER, "Ships in Kisumu.", [pictures.mirrored_copy(SCENE)]))
    await room.quiet()
    corrected = room.workspace.messages[card.ts]
    assert shown(corrected).startswith("Corrected ")
    assert "an earlier appearance was found" in shown(corrected)
    assert corrected.text.startswith("Corrected ")
    told = room.posted(room.desk, asked.ts)[-1]
    assert "earlier" in shown(told).lower()
    assert "Acknowledge" in buttons(told)
    assert not room.refused()


@in_newsroom()
async def test_who_traced_alone_is_told_by_a_direct_message(room: Newsroom) -> None:
    """Nobody else hears of it; what is not earlier is not told."""
    room.x.writes(POST, "Ships in Mombasa today", pictures.picture(SCENE))
    await room.command(f"/trace {LINK}")
    await room.take(brought(OLDER, "Ships in Kisumu.", [pictures.mirrored_copy(SCENE)]))
    await room.quiet()
    assert room.posted(room.desk) == []
    direct = [one for one in room.workspace.messages.values() if one.bot_id and one.channel.startswith("D")]
    [told] = direct
    assert "earlier" in shown(told).lower()
    assert not room.refused()


@in_newsroom()
async def test_a_denial_stands_in_the_thread_and_in_the_channel(room: Newsroom) -> None:
    """The sighting is told in the channel, its denial under it and broadcast; the first message counts it."""
    await room.watch("Amina Njoroge")
    team = room.workspace.team
    watch = Watch("w1", team, room.desk.id, False, WatchKind.PERSON, "amina-njoroge", "Amina Njoroge", (), "", "UTC",
                  room.rana.id, "2026-01-01T00:00:00.000Z")  # fmt: skip
    await room.service.desk.db.writing(lambda tx: watches.put(tx, watch))
    assert watch.audience == EVERYONE
    await room.take(brought(OLDER, "Amina Njoroge has arrived in Mombasa today."))
    await room.quiet()
    [sighting] = room.posted(room.desk)
    assert "Mombasa" in shown(sighting)
    await room.take(brought(POST, "Kenya denied that Amina Njoroge is in Mombasa."))
    await room.quiet()
    denial = room.posted(room.desk)[-1]
    assert denial.thread_ts == sighting.ts
    assert denial.broadcast
    assert "1 more" in shown(room.workspace.messages[sighting.ts])
    assert not room.refused()
