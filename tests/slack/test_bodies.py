"""Rows of the outbox: a message survives its row, a card becomes a thread, an answer finds another way."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.blocks import Card, Message, Picture
from bot.slack.bodies import REPEAT, body_of, message_of, otherwise, possible_repeat, respond, rows_of
from bot.slack.cards.error import error_message
from bot.slack.faults import ResponseRefused
from bot.workspace.rules import check_blocks
from storage import outbox
from storage.database import DATABASE_FILE, Database
from storage.outbox import Kind, Lane
from storage.outbox import Message as Row
from tests.loopback import Loopback, Reply

AT = "2016-03-01T12:00:00.000Z"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
MESSAGES = st.builds(
    Message,
    st.text(),
    st.lists(st.dictionaries(st.text(), JSON, max_size=3), max_size=3).map(tuple),
    st.lists(st.builds(Picture, st.text(), st.text(), st.text(), st.text()), max_size=2).map(tuple),
)
ALONE = Row(
    "job:0", Kind.RESPOND, Lane.ANSWER, "T1", "response:job", {"user": "U1", "channel": "C1"}, "https://r.example"
)


@pytest.fixture(name="db")
def fixture_db(tmp_path: Path) -> Iterator[Database]:
    """An empty store."""
    with Database.open(tmp_path / DATABASE_FILE) as db:
        yield db


def said(number: int) -> Message:
    """A message with a number."""
    return error_message(f"Number {number}.", "Next.")


@given(MESSAGES)
def test_a_message_survives_its_row(message: Message) -> None:
    """What is read from the JSON of a row is the message that was written."""
    assert message_of(json.loads(json.dumps(body_of(message)))) == message


@given(MESSAGES, st.dictionaries(st.sampled_from(["user", "channel", "files", "plain"]), st.text()))
def test_what_else_a_row_carries_does_not_change_its_message(message: Message, more: dict[str, str]) -> None:
    """Who asked, and which files are uploaded, stand beside the message."""
    assert message_of({**body_of(message), **more}) == message


@pytest.mark.parametrize("rest", [0, 1, 4])
def test_a_card_in_a_channel_is_a_message_and_its_thread(rest: int) -> None:
    """The first message stands in the channel; what follows answers it, in order."""
    card = Card(said(0), tuple(said(number) for number in range(1, rest + 1)))
    first, *others = rows_of(card, "job", "T1", "C1")
    assert (first.id, first.kind, first.channel, first.target, first.root) == ("job:0", Kind.MESSAGE, "C1", "", None)
    assert [(row.id, row.root, row.target) for row in others] == [
        (f"job:{number}", "job:0", "") for number in range(1, rest + 1)
    ]
    assert [message_of(row.body) for row in (first, *others)] == [card.first, *card.thread]


def test_a_card_in_a_thread_stays_in_that_thread() -> None:
    """All of it answers the message that began the thread, and waits for none of our own."""
    rows = rows_of(Card(said(0), (said(1),)), "job", "T1", "C1", "1.5")
    assert [(row.id, row.target, row.root) for row in rows] == [("job:0", "1.5", None), ("job:1", "1.5", None)]


def test_the_same_card_decided_twice_is_one(db: Database) -> None:
    """Its rows have the same names each time."""
    card = Card(said(0), (said(1),))
    with db.write() as tx:
        put = [outbox.put(tx, row, AT) for _ in range(2) for row in rows_of(card, "job", "T1", "C1")]
    assert put == [True, True, False, False]


def test_a_possible_repeat_says_so_in_both_its_forms() -> None:
    """The blocks and the fallback begin with it, and the rest stands as it was; Slack takes it."""
    message = said(0)
    marked = possible_repeat(message)
    assert marked.text == f"{REPEAT}\n{message.text}"
    assert marked.blocks[1:] == message.blocks
    assert REPEAT in json.dumps(marked.blocks[0])
    assert check_blocks(list(marked.blocks)) == []


def decided(db: Database, row: Row) -> list[Row]:
    """What is decided for a row that Slack did not take."""
    with db.write() as tx:
        otherwise(tx, row, AT)
        return [one.message for one in outbox.claim(tx, "test", AT, AT)]


def test_a_response_address_that_has_run_out_is_followed_by_a_message_for_one(db: Database) -> None:
    """It goes to the channel in which was asked, seen by the one who asked."""
    [row] = decided(db, ALONE)
    assert (row.kind, row.channel, row.target) == (Kind.EPHEMERAL, "C1", "U1")
    assert row.body == ALONE.body


def test_where_the_app_is_not_in_the_channel_a_direct_message_follows(db: Database) -> None:
    """So it does where there was no channel at all."""
    [row] = decided(db, replace(ALONE, id="a", kind=Kind.EPHEMERAL, channel="C1", target="U1"))
    assert (row.kind, row.channel, row.target) == (Kind.MESSAGE, "U1", "")
    [row] = decided(db, replace(ALONE, id="b", workspace="T2", body={"user": "U1", "channel": ""}))
    assert (row.kind, row.channel, row.target) == (Kind.MESSAGE, "U1", "")


def test_the_ways_end(db: Database) -> None:
    """Address, channel, direct message: then nothing more, and never the same one twice."""
    ways: list[Row] = []
    waiting = [ALONE]
    while waiting:
        ways += waiting
        assert len(ways) <= 3
        with db.write() as tx:
            tx.execute("DELETE FROM pacing")
            for row in waiting:
                otherwise(tx, row, AT)
            claimed = outbox.claim(tx, "test", AT, AT)
            for one in claimed:
                outbox.sent(tx, one, None)
        waiting = [one.message for one in claimed]
    assert [row.kind for row in ways] == [Kind.RESPOND, Kind.EPHEMERAL, Kind.MESSAGE]
    assert len({row.id for row in ways}) == 3


@pytest.mark.parametrize(
    "row",
    [
        replace(ALONE, kind=Kind.MESSAGE, channel="C1", target=""),
        replace(ALONE, kind=Kind.UPDATE, channel="C1", target=""),
        replace(ALONE, body={"text": "for everybody"}),
    ],
)
def test_what_was_for_a_channel_goes_nowhere_else(db: Database, row: Row) -> None:
    """An answer that everybody was to see, or that nobody asked for, has no other way."""
    assert decided(db, row) == []


def answer_to(url: str, payload: dict[str, Any]) -> None:
    """Answer to an address."""

    async def send() -> None:
        async with httpx.AsyncClient() as http:
            await respond(http, url, payload)

    asyncio.run(send())


def test_a_response_is_for_the_one_who_asked_and_replaces_nothing() -> None:
    """What is posted says so, whatever the payload."""
    with Loopback({"POST /r": Reply(b"ok")}) as slack:
        answer_to(f"{slack.url}/r", {"text": "Hello", "blocks": []})
        [request] = slack.requests
    body = json.loads(request.body)
    assert body == {"text": "Hello", "blocks": [], "response_type": "ephemeral", "replace_original": False}
    assert request.headers["content-type"] == "application/json"


def test_a_response_that_is_refused_tells_how() -> None:
    """Status, Slack's word and the headers are kept for what is to be done about it."""
    with (
        Loopback({"POST /r": Reply(b"used_url\n", 404, {"Retry-After": "3"})}) as slack,
        pytest.raises(ResponseRefused) as refused,
    ):
        answer_to(f"{slack.url}/r", {"text": "Hello"})
    assert (refused.value.status, refused.value.name) == (404, "used_url")
    assert refused.value.headers["retry-after"] == "3"


def test_a_response_that_nobody_took_was_not_sent() -> None:
    """A port that is closed is told apart from an answer that was lost."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        answer_to(f"http://127.0.0.1:{port}/r", {"text": "Hello"})


def test_a_response_whose_answer_is_lost_may_have_been_sent() -> None:
    """An answer that breaks off says nothing of what became of it."""
    with (
        Loopback({"POST /r": Reply(b"o", 200, {"Content-Length": "9"})}) as slack,
        pytest.raises(OSError, match="the answer was lost") as lost,
    ):
        answer_to(f"{slack.url}/r", {"text": "Hello"})
    assert not isinstance(lost.value, ConnectionRefusedError)
