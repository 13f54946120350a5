"""Posts and people that try to ping, disguise or break: nothing pings, nothing is refused, nothing is disguised."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.elsewhere import Page
from bot.findings import TraceFinding
from bot.sample import pictures
from bot.slack.blocks import Card, Picture, with_files
from bot.slack.bodies import body_of, rows_of
from bot.slack.cards.alert import alert_message
from bot.slack.cards.check import check_card
from bot.slack.cards.digest import digest_card
from bot.slack.cards.trace import trace_card
from bot.slack.cards.whereis import whereis_card
from bot.slack.ids import Callback
from bot.workspace.notation import pings
from bot.workspace.values import Message
from storage import outbox
from storage.database import Transaction
from storage.outbox import Kind, Lane
from storage.outbox import Message as Row
from tests.front.newsroom import Newsroom, buttons, in_newsroom, newsroom, pinged, shown
from tests.front.platforms import LINK, OLDER, POST, brought
from tests.slack import findings as made
from tests.slack import test_hostile as random_findings
from tests.workspace.loops import run

NASTY = (
    "<!channel> <!here|here> <@{user}> <!subteam^S1> <https://evil.example|x.com> *bold* _it_ ~no~ `code` ```block``` "
    "@channel @here @everyone &lt;!channel&gt; \u202egnp.elif\u202c \u2066x\u2069 :tada: > quoted\nline\ttab"
)
STEERING = re.compile("[\u202a-\u202e\u2066\u200e\u200f\u061c]")


def nasty(room: Newsroom) -> str:
    """Hostile words that name a real member."""
    return NASTY.format(user=room.rana.id)


def check(room: Newsroom, messages: list[Message]) -> None:
    """Nothing pings, and no text can be turned around by what it quotes."""
    assert not pinged(room)
    for message in messages:
        assert not STEERING.search(shown(message)), shown(message)
        assert not STEERING.search(message.text)
        assert "<" not in message.text
        links = re.findall(r"'url': '([^']*)'", str(message.blocks))
        assert not [url for url in links if "evil.example" in url]


@in_newsroom()
async def test_a_hostile_post_is_shown_as_typed(room: Newsroom) -> None:
    """Text, author, caption and alternative text of a post: traced, shared, checked, asked for and warned of."""
    words = nasty(room)
    await room.watch("Amina Njoroge")
    room.slack.people.invite_bot(room.lobby.id)
    await room.command("/dateline alerts here", channel=room.lobby)
    older = brought(OLDER, f"Amina Njoroge has arrived in Kampala {words}", [pictures.picture("soldiers-square")])
    await room.take(older)
    user = {"name": words, "screen_name": "<!channel>"}
    room.x.writes(POST, f"{words} Amina Njoroge is in Nairobi", pictures.mirrored_copy("soldiers-square"), user=user)
    went = await room.slack.people.command(room.rana.id, room.desk.id, f"/trace {LINK}")
    await room.answered(went)
    [card] = room.told(room.rana)[-1:]
    assert "Seen before" in shown(card)
    await room.click(card, buttons(card)["Show all of it"])
    await room.click(card, buttons(card)["Share in channel"])
    for line in ("/whereis Njoroge", f"/check {LINK}", "/dateline digest"):
        [answer, *_] = await room.command(line)
        assert "Something went wrong" not in shown(answer)
    [warning] = room.posted(room.lobby)
    await room.click(warning, buttons(warning)["Trace"])
    room.slack.people.open_home(room.rana.id)
    await room.quiet()
    assert "<!channel>" in shown(card), "it stands as typed"
    check(room, [*room.told(room.rana), *room.posted(room.desk), *room.posted(room.lobby)])


@in_newsroom()
async def test_hostile_questions_are_answered(room: Newsroom) -> None:
    """The same words typed after each command, in a mention, in a direct message and as the name of a file."""
    words = nasty(room)
    for command in ("/trace", "/whereis", "/check", "/dateline", "/dateline people add", "/dateline people remove"):
        [answer, *_] = await room.command(f"{command} {words}")
        assert "Something went wrong" not in shown(answer), command
    people = room.slack.people
    people.say(room.erik.id, room.desk.id, f"@dateline whereis {words}")
    people.say(room.erik.id, room.workspace.direct(room.erik.id).id, words)
    await room.take(brought(OLDER, "A square in Kampala.", [pictures.picture("soldiers-square")]))
    name = f"{words} (F00000000) \u202e.jpg".replace("/", "")
    dropped = people.drop_file(room.erik.id, room.desk.id, name, pictures.mirrored_copy("soldiers-square"), words)
    await room.quiet()
    assert room.posted(room.desk, dropped.ts)
    await room.answered(await people.message_shortcut(room.rana.id, str(Callback.CHECK_MESSAGE), dropped))
    check(room, [*room.told(room.rana), *room.posted(room.desk)])
    assert set(await room.jobs()) == {"done", "failed"}


@in_newsroom()
async def test_forged_requests_are_turned_away(room: Newsroom) -> None:
    """A wrong signature, an old timestamp and a button of another maker do nothing."""
    receipt = await room.slack.forge(b"command=/trace", {"Content-Type": "application/x-www-form-urlencoded"})
    assert receipt.status == 401
    went = await room.slack.people.command(room.rana.id, room.desk.id, "/dateline help")
    await room.answered(went)
    [card] = room.told(room.rana)
    forged = {"type": "button", "action_id": "acknowledge_alert", "text": {"type": "plain_text", "text": "x"}}
    blocks = [{"type": "actions", "elements": [{**forged, "value": "{}"}]}]
    strange = room.workspace.update(card.ts, blocks=blocks)
    [answer] = await room.click(strange, "acknowledge_alert")
    assert "This button is not one of ours" in shown(answer)
    blocks = [{"type": "actions", "elements": [{**forged, "action_id": "of_an_older_version"}]}]
    assert await room.click(room.workspace.update(card.ts, blocks=blocks), "of_an_older_version") == []


pages = st.builds(Page, *[random_findings.words] * 2, st.just("https://e.example"), random_findings.words)
traces = st.builds(
    TraceFinding,
    random_findings.posts,
    st.lists(random_findings.captures, max_size=2).map(tuple),
    st.lists(random_findings.checks, max_size=3).map(tuple),
    st.lists(random_findings.sightings(), max_size=3).map(tuple),
    st.lists(random_findings.conflicts, max_size=4).map(tuple),
    st.just(()),
    st.lists(pages, max_size=3).map(tuple),
    st.lists(random_findings.words, max_size=2).map(tuple),
    st.booleans(),
)
digests = st.builds(
    made.digest_of_a_day,
    sightings=st.lists(random_findings.sightings(), max_size=4).map(tuple),
    reuse=st.lists(random_findings.alerts, max_size=2).map(tuple),
)
people = st.builds(
    random_findings.whereis_of,
    st.lists(random_findings.sightings(), max_size=8),
    st.lists(random_findings.conflicts, max_size=3),
    random_findings.words,
)
cards = st.one_of(
    traces.map(trace_card),
    people.map(whereis_card),
    st.lists(random_findings.checks, min_size=1, max_size=6).map(check_card),
    digests.map(digest_card),
    random_findings.alerts.map(lambda found: Card(alert_message(found))),
)


def test_no_random_finding_is_refused(tmp_path: Path) -> None:
    """Whatever is found, its card goes through bodies and outbox into the stand-in, whole, and pings nobody."""
    evidence = tmp_path / "pair.png"
    evidence.write_bytes(pictures.picture("harbour"))
    drawn: list[Card] = []

    @settings(
        max_examples=60, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(cards)
    def draw(card: Card) -> None:
        drawn.append(card)

    draw()
    assert len(drawn) >= 50

    async def story() -> None:
        async with newsroom(tmp_path / "store") as room:
            sent = 0
            for number, card in enumerate(drawn):
                rows = list(rows_of(_on_disk(card, evidence), f"job{number}", room.workspace.team, room.desk.id))
                alone = body_of(_on_disk(card, evidence).first)
                rows.append(
                    Row(
                        f"alone{number}",
                        Kind.EPHEMERAL,
                        Lane.ANSWER,
                        room.workspace.team,
                        room.desk.id,
                        alone,
                        room.rana.id,
                    )
                )

                def put(tx: Transaction, rows: list[Row] = rows) -> None:
                    for row in rows:
                        outbox.put(tx, row, "2020-01-01T00:00:00.000Z")

                await room.service.desk.db.writing(put)
                sent += len(rows)
            room.service.outbox.wake()
            await room.quiet()
            states = await room.service.desk.db.reading(outbox.by_state)
            assert states == {"sent": sent}
            assert not {who for one in room.workspace.messages.values() for who in pings(one)} - {room.rana.id}

    run(story(), 120)


def _on_disk(card: Card, evidence: Path) -> Card:
    """Return a card whose pictures can be uploaded: the first from the disk, the others as if they could not be."""
    first = card.first
    if first.pictures:
        one = first.pictures[0]
        first = type(first)(first.text, first.blocks, (Picture(one.key, str(evidence), one.title, one.alt),))
    return Card(first, tuple(with_files(one, {}) for one in card.thread))
