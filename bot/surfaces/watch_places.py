"""Where a watch may be told, and who may agree to it: what only Slack can say."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from functools import partial
from typing import Final

from bot.answers import NotUnderstood, SlackFailed, need_to_be_in
from bot.desk import Desk
from bot.slack.channels import channel_of, has_member, members_among
from bot.slack.faults import FAULTS, sort
from bot.slack.outbox import Clients
from bot.slack.request import Request
from commands.watch import found_channel
from commands.watch_asked import Place
from storage import watches
from storage.errors import DatelineError
from storage.records import EVERYWHERE
from storage.watches import Watch

log = logging.getLogger("dateline.watches")

_INVITE: Final = "invite it with /invite @dateline, then ask again."


async def place_of(clients: Clients, request: Request, written: str) -> Place:
    """Return the channel that a watch is told in: the one it is asked in, unless another is named.

    Both who asks and the app have to be in it. Of a private channel that is not so of, nobody is told that it exists.

    Raises:
        NotUnderstood: it cannot be told there.
        SlackFailed: Slack does not answer.
    """
    if not written and not request.channel:
        raise NotUnderstood("Name the channel that is told; write for example “in #syria-desk”.")
    if not written or written == request.channel:
        await need_to_be_in(clients, request)
        return Place(request.workspace, request.channel, request.private, request.user)
    try:
        client = await clients.client(request.workspace)
        found = await channel_of(client, written)
        within = (
            found is not None
            and (found.is_in or not found.private)
            and await has_member(client, found.id, request.user)
        )
    except FAULTS as error:
        raise SlackFailed(f"Slack does not answer ({sort(error).problem}); try again in a few minutes.") from error
    if found is None or (found.private and not (found.is_in and within)):
        name = f"channel {written}" if written.startswith("#") else "such channel"
        raise NotUnderstood(f"There is no {name} that both you and Dateline are in; name one, or {_INVITE}")
    if not found.is_in:
        raise NotUnderstood(f"Dateline is not in #{found.name}; {_INVITE}")
    if not within:
        raise NotUnderstood(f"You are not in #{found.name}; join it, then ask again.")
    return Place(request.workspace, found.id, found.private, request.user)


async def editors_of(clients: Clients, workspace: str, ids: Collection[str]) -> frozenset[str] | None:
    """Return the members who may agree to watching a private individual; None where none are set.

    Raises:
        SlackFailed: Slack does not tell who is in a user group.
    """
    if not ids:
        return None
    try:
        return await members_among(await clients.client(workspace), ids)
    except FAULTS as error:
        raise SlackFailed(
            f"Slack does not tell who the editors are ({sort(error).problem}); try again in a few minutes."
        ) from error


async def find_channels(desk: Desk, clients: Clients) -> int:
    """Give the watches that were set up on the command line for a `#name` the id of their channel; return how many.

    Where Slack does not answer, or the app is not in such a channel, they wait.
    """
    nameless = [watch for watch in await desk.db.reading(watches.all) if watch.channel.startswith("#")]
    found = 0
    for watch in nameless:
        try:
            place = await _found(clients, watch)
        except FAULTS as error:
            log.warning("the channel %s of watch %s is not known yet: %s", watch.channel, watch.id, sort(error).problem)
            continue
        if place is not None:
            await desk.db.writing(partial(found_channel, watch_id=watch.id, place=place, now=desk.db.now()))
            found += 1
    return found


async def keep_finding_channels(desk: Desk, clients: Clients, turn: float = 60.0) -> None:
    """Look for the channels of new watches every `turn` seconds, until cancelled."""
    while True:
        try:
            await find_channels(desk, clients)
        except DatelineError as error:
            log.warning("the channels of watches cannot be kept: %s", error)
        await asyncio.sleep(turn)


async def _found(clients: Clients, watch: Watch) -> Place | None:
    client = await clients.client(watch.workspace)
    team = watch.workspace
    if team == EVERYWHERE:
        team = str((await client.auth_test())["team_id"])
    channel = await channel_of(client, watch.channel)
    return Place(team, channel.id, channel.private, watch.owner) if channel is not None and channel.is_in else None
