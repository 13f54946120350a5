"""The Slack app: whatever people do becomes a request, noted before it is acknowledged.

Listeners do nothing else, so that an acknowledgement never waits for work. Modals are the exception: what opens one is
good for three seconds, so it is opened at once.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence, Set
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.desk import Desk
from bot.runner import Runner
from bot.slack.cards.error import error_message
from bot.slack.cards.progress import progress_message
from bot.slack.faults import FAULTS
from bot.slack.ids import Action, Callback, Verb, action_pattern, question
from bot.slack.incoming import (
    LINK,
    Json,
    click_request,
    command_request,
    files_of,
    id_of,
    named_files,
    post_links,
    team_of,
)
from bot.slack.outbox import Clients
from bot.slack.request import Door, Request, addressed, narrowed, read_question, read_subject, typed
from bot.surfaces.home_tab import show_home
from bot.surfaces.surface import Surface
from storage import archived
from storage.errors import DatelineError
from storage.records import utc

log = logging.getLogger("dateline.app")

VERBS: Final = frozenset({"help", "alerts", *Verb})
"""What `/dateline` and a mention take, besides the verbs of the surfaces."""

_QUICKLY: Final = 1.0
"""Seconds for a question to Slack that an acknowledgement waits for."""

_REMEMBERED: Final = timedelta(minutes=1)
"""How long it is believed that a channel is public, or private: its owners may change that."""

_NAMED: Final = re.compile(r"<@([UW][A-Z0-9]+)")


class Listeners:
    """Everything the app listens to, over one runner."""

    def __init__(self, desk: Desk, runner: Runner, clients: Clients, parts: Sequence[Surface]) -> None:
        self._desk = desk
        self._runner = runner
        self._clients = clients
        self._parts = parts
        self._verbs = VERBS.union(*(part.verbs for part in parts))
        self._is_private: dict[tuple[str, str], tuple[bool, datetime]] = {}

    def register(self, app: AsyncApp) -> None:
        """Listen to all of it."""
        for command in (Verb.TRACE, Verb.WHEREIS, Verb.CHECK):
            app.command(f"/{command}")(self._command(command))
        app.command("/dateline")(self._desk_command)
        app.middleware(self._events)
        for event in (
            "app_home_opened",
            "app_mention",
            "channel_archive",
            "group_archive",
            "message",
            "app_uninstalled",
        ):
            app.event(event)(_nothing_more)
        app.event("tokens_revoked")(_nothing_more)
        app.shortcut(str(Callback.CHECK_MESSAGE))(self._check_message)
        asks: dict[Action, str] = {
            Action.ASK: "",
            Action.TRACE: "",
            Action.RETRY: "",
            Action.SHARE: "share",
            Action.SHOW_MORE: "more",
            Action.KEEP: "keep",
        }
        for action, verb in asks.items():
            app.action(action_pattern(action))(self._click(verb))
        for part in self._parts:
            part.listen(app, self._runner)
        app.action(re.compile(""))(_acknowledged)  # a button that needs nothing of us, or one of an older version

    def _command(self, verb: Verb) -> Callable[..., Awaitable[None]]:
        async def asked(ack: AsyncAck, body: Json) -> None:
            words = read_subject(verb, str(body.get("text", "")))
            request = command_request(body, verb, words.subject, narrowed(words))
            place = await self._runner.accept(request)
            await ack(**_progress(verb, words.subject, place) if words.subject else {})

        return asked

    async def _desk_command(self, ack: AsyncAck, body: Json) -> None:
        words = read_question(str(body.get("text", "")))
        verb, subject = (words.verb, words.subject) if words.verb in self._verbs else ("help", typed(body["text"]))
        await self._runner.accept(command_request(body, verb, subject, narrowed(words)))
        await ack()

    def _click(self, verb: str) -> Callable[..., Awaitable[None]]:
        async def clicked(ack: AsyncAck, body: Json, action: Json) -> None:
            asked = question(str(action.get("value", "")))
            detail = {"verb": asked.verb, "start": asked.start, **narrowed(asked)}
            await self._runner.accept(click_request(body, action, verb or asked.verb, asked.subject, detail))
            await ack()

        return clicked

    async def _check_message(self, ack: AsyncAck, body: Json) -> None:
        message = body.get("message") or {}
        subject = "\n".join([*files_of(message), *post_links(str(message.get("text", "")))])
        await self._runner.accept(click_request(body, {"action_id": "shortcut"}, "check", subject, {"message": True}))
        await ack()

    async def _events(self, body: Json, next: Callable[[], Awaitable[Any]]) -> Any:  # noqa: A002 - Bolt's name for it
        """Note what an event asks before Bolt acknowledges it, so that Slack brings it again if we die of it."""
        event = body.get("event")
        if isinstance(event, Mapping):
            us = {str(one.get("user_id")) for one in body.get("authorizations") or () if one.get("is_bot")}
            await self._event(event, str(body.get("team_id", "")), us)
        return await next()

    async def _event(self, event: Json, team: str, us: Set[str]) -> None:
        if event.get("bot_id") or event.get("subtype") not in {None, "file_share"}:
            return
        match event.get("type"):
            case "app_mention":
                await self._mentioned(event, team, str(event.get("text", "")), us)
            case "message" if event.get("channel_type") == "im":
                await self._mentioned(event, team, str(event.get("text", "")), us)
            case "message" if event.get("files"):
                text = str(event.get("text", ""))
                if us & set(_NAMED.findall(text)):  # the same question as the app_mention that comes beside it
                    await self._mentioned(event, team, text, us)
                else:
                    await self._dropped(event, team)
            case "app_home_opened" if event.get("tab", "home") == "home":
                await show_home(self._desk, self._clients, team, str(event["user"]))
            case "channel_archive" | "group_archive":
                channel, now = str(event["channel"]), utc(self._desk.clock())
                await self._desk.db.writing(lambda tx: archived.stop(tx, team, channel, now))

    async def _mentioned(self, event: Json, team: str, text: str, us: Set[str]) -> None:
        said = addressed(text, us)
        words = read_question(said)
        files = files_of(event)
        verb, subject = words.verb, words.subject
        if files and verb in {"", "check", "trace"}:
            verb, subject = "check", "\n".join(files)
        elif files and verb == Verb.COMPARE:
            verb, subject = Verb.COMPARE, "\n".join([*files, *subject.split()])
        elif LINK.fullmatch(verb):
            verb, subject = "trace", " ".join(LINK.findall(typed(said)))  # as written: a verb is in small letters
        elif verb not in self._verbs:
            verb, subject = "help", f"{verb} {subject}".strip()
        direct = event.get("channel_type") == "im"
        thread = str(event.get("thread_ts") or ("" if direct else event["ts"]))
        await self._asked_in_channel(event, team, verb, subject, Door.MENTION, thread, narrowed(words))

    async def _dropped(self, event: Json, team: str) -> None:
        files = [name for name, file in named_files(event) if str(file.get("mimetype", "")).startswith("image/")]
        if files:
            thread = str(event.get("thread_ts") or event["ts"])
            await self._asked_in_channel(event, team, "check", "\n".join(files), Door.FILE, thread, {})

    async def _asked_in_channel(
        self, event: Json, team: str, verb: str, subject: str, door: Door, thread: str, detail: dict[str, Any]
    ) -> None:
        channel = str(event["channel"])
        request = Request(
            id=f"message:{team}:{channel}:{event['ts']}:{door}",
            verb=verb,
            subject=subject,
            workspace=team,
            user=str(event.get("user", "")),
            channel=channel,
            private=await self._private(team, channel, str(event.get("channel_type", ""))),
            door=door,
            thread=thread,
            detail=detail,
        )
        await self._runner.accept(request)

    async def _private(self, team: str, channel: str, kind: str) -> bool:
        """Whether what stands in a channel is for its members alone; so it is where nobody can tell."""
        if kind:
            return kind != "channel"
        known, until = self._is_private.get((team, channel), (True, datetime.min.replace(tzinfo=UTC)))
        now = self._desk.clock()
        if now >= until:
            try:
                client = await self._clients.client(team)
                info = await asyncio.wait_for(client.conversations_info(channel=channel), _QUICKLY)
            except FAULTS as failed:
                log.warning("whether channel %s/%s is private cannot be told: %s", team, channel, failed)
                return True
            found = info.get("channel")
            known = not isinstance(found, dict) or bool(found.get("is_private") or found.get("is_im"))
            self._is_private[team, channel] = known, now + _REMEMBERED
        return known


async def _nothing_more() -> None:
    """Let Bolt answer 200: the request was noted already."""


async def _acknowledged(ack: AsyncAck) -> None:
    await ack()


async def failed(error: Exception, body: Json, respond: Callable[..., Awaitable[Any]]) -> BoltResponse | None:
    """Tell the one who asked what went wrong and what to do next; the log gets where it happened.

    What nobody can be answered about is left unacknowledged: Slack brings an event again, and keeps a modal open.
    """
    user, channel = body.get("user") or body.get("user_id"), body.get("channel") or body.get("channel_id")
    where = f"team {team_of(body)}, channel {id_of(channel)}, user {id_of(user)}"
    log.error("request %s (%s): %s", body.get("trigger_id") or body.get("event_id"), where, error, exc_info=error)
    if not body.get("response_url"):
        return None
    what = str(error) if isinstance(error, DatelineError) else "Something went wrong here."
    message = error_message(what, "Try it again; if it fails again, tell whoever runs Dateline.")
    await respond(text=message.text, blocks=list(message.blocks), response_type="ephemeral", replace_original=False)
    return BoltResponse(status=200)


def _progress(verb: Verb, subject: str, place: int | None) -> dict[str, Any]:
    message = progress_message(verb, subject, place=place or 0)
    return {"response_type": "ephemeral", "text": message.text, "blocks": list(message.blocks)}
