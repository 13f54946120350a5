"""What a row of the outbox says, and what becomes of it where Slack does not take it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import httpx

from bot.slack.blocks import Card, Message, Picture, context
from bot.slack.faults import ResponseRefused
from storage import outbox
from storage.database import Transaction
from storage.outbox import Kind, Lane
from storage.outbox import Message as Row

REPEAT = "Possible repeat: Slack may have shown you this already."


def body_of(message: Message) -> dict[str, Any]:
    """Write a message as a row carries it."""
    return {
        "text": message.text,
        "blocks": list(message.blocks),
        "pictures": [asdict(picture) for picture in message.pictures],
    }


def message_of(body: Mapping[str, Any]) -> Message:
    """Read a message from the body of a row."""
    return Message(
        body["text"], tuple(body["blocks"]), tuple(Picture(**picture) for picture in body.get("pictures", ()))
    )


def first_row(job: str) -> str:
    """Name the row of the first message of an answer."""
    return f"{job}:0"


def rows_of(
    card: Card, job: str, workspace: str, channel: str, thread: str = "", lane: Lane = Lane.ANSWER
) -> list[Row]:
    """Return the rows of a card that a channel is to see: its first message, the rest in the thread under it."""
    first = Row(first_row(job), Kind.MESSAGE, lane, workspace, channel, body_of(card.first), thread)
    rest = [
        Row(
            f"{job}:{number}",
            Kind.MESSAGE,
            lane,
            workspace,
            channel,
            body_of(message),
            thread,
            root=None if thread else first.id,
        )
        for number, message in enumerate(card.thread, 1)
    ]
    return [first, *rest]


def possible_repeat(message: Message) -> Message:
    """Mark a message that may stand in Slack already."""
    return replace(message, text=f"{REPEAT}\n{message.text}", blocks=(context(REPEAT), *message.blocks))


def otherwise(tx: Transaction, row: Row, now: str) -> None:
    """Decide the next best way for an answer to one person that Slack did not take.

    A response address that has run out is followed by a message in the channel that they alone see; where the app is
    not in that channel, by a direct message.
    """
    user, channel = row.body.get("user"), row.body.get("channel")
    if not user:
        return
    match row.kind:
        case Kind.RESPOND if channel:
            again = replace(row, id=f"{row.id}:ephemeral", kind=Kind.EPHEMERAL, channel=channel, target=user)
        case Kind.RESPOND | Kind.EPHEMERAL:
            again = replace(row, id=f"{row.id}:direct", kind=Kind.MESSAGE, channel=user, target="")
        case _:
            return
    outbox.put(tx, again, now)


async def respond(http: httpx.AsyncClient, url: str, payload: Mapping[str, Any], *, replaces: bool = False) -> None:
    """Answer to a response address, seen by the person who asked alone.

    `replaces`: whether it takes the place of the message that the address belongs to, which they alone see.

    Raises:
        ResponseRefused: Slack did not take it; the address may have run out.
        OSError: it could not be reached, or the answer was lost.
    """
    try:
        answer = await http.post(url, json={**payload, "response_type": "ephemeral", "replace_original": replaces})
    except httpx.ConnectError as error:
        raise ConnectionRefusedError("Slack cannot be reached") from error
    except httpx.HTTPError as error:
        raise OSError(f"the answer was lost ({type(error).__name__})") from error
    if answer.status_code != 200:
        raise ResponseRefused(answer.status_code, answer.text.strip()[:100], answer.headers)
