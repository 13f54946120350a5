"""`/dateline oncall …` and `/dateline pause all`, `/dateline resume all`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from slack_bolt.app.async_app import AsyncApp

from bot.answers import NotUnderstood, SlackFailed
from bot.runner import Answer, Reply, Runner
from bot.slack.blocks import Card
from bot.slack.cards.duty import on_call_message, paused_message
from bot.slack.faults import FAULTS, sort
from bot.slack.request import Request, read_alone
from bot.surfaces.surface import Tools
from commands import duty
from storage.database import Transaction
from storage.records import utc

_MENTION: Final = re.compile(r"\A<!subteam\^(?P<id>S[A-Z0-9]+)(?:\|[^<>]*)?>\Z")
"""How a user group is mentioned: https://docs.slack.dev/messaging/formatting-message-text#mentioning-groups"""


class DutySurface:
    """Who is on call, and the switch that pauses everything."""

    verbs = frozenset({"oncall", "pause", "resume"})

    def __init__(self, tools: Tools) -> None:
        self._desk = tools.desk
        self._clients = tools.clients

    def answers(self) -> Mapping[str, Answer]:
        """Return what answers each verb."""
        return {"oncall": self.on_call, "pause": self.pause, "resume": self.pause}

    def listen(self, app: AsyncApp, runner: Runner) -> None:
        """There is nothing to press."""

    async def on_call(self, request: Request) -> Reply:
        """Tell or set who is on call."""
        now, wanted = utc(self._desk.clock()), request.subject.strip()
        if not wanted:
            held = await self._desk.db.reading(lambda tx: duty.on_call(tx, request.workspace))
            groups = await self._groups(request.workspace) if held.duty_group else {}
            return Reply(Card(on_call_message(held, f"@{groups.get(held.duty_group, held.duty_group)}")))
        group, minutes, name = "", None, ""
        if wanted.lower() != "off":
            typed, minutes = duty.read_rota(wanted)
            group, name = await self._found(request.workspace, typed)

        def settle(tx: Transaction) -> Card:
            duty.put_on_call(tx, request.workspace, group, minutes, by=request.user, now=now)
            return Card(on_call_message(duty.on_call(tx, request.workspace), name))

        return Reply(settle=settle)

    async def pause(self, request: Request) -> Reply:
        """Pause all sweeps and digests, or let them run again."""
        if request.subject.strip().lower() != "all":
            raise NotUnderstood(f"That is not understood; type /dateline {request.verb} all.")
        now, on = utc(self._desk.clock()), request.verb == "pause"

        def settle(tx: Transaction) -> Card:
            changed = duty.pause(tx, request.workspace, by=request.user, now=now, on=on)
            held = duty.on_call(tx, request.workspace)
            return Card(paused_message(held, changed=changed is not None, named=read_alone(request)))

        return Reply(settle=settle)

    async def _found(self, workspace: str, typed: str) -> tuple[str, str]:
        """Find a user group by its mention, its handle or its id; return the id and the handle with its @."""
        groups = await self._groups(workspace)
        mention = _MENTION.match(typed)
        wanted = mention["id"] if mention else typed.removeprefix("@")
        for key, handle in groups.items():
            if wanted == key or wanted.lower() == handle.lower():
                return key, f"@{handle}"
        raise NotUnderstood(
            f"There is no user group “{typed[:80]}” here; make one in Slack, then type /dateline oncall @GROUP."
        )

    async def _groups(self, workspace: str) -> dict[str, str]:
        """Return the handles of the workspace's user groups by their ids."""
        try:
            client = await self._clients.client(workspace)
            told = (await client.usergroups_list()).get("usergroups") or ()
        except FAULTS as error:
            problem = sort(error).problem
            raise SlackFailed(
                f"Slack does not tell its user groups ({problem}); try again in a few minutes."
            ) from error
        return {str(one["id"]): str(one.get("handle") or one["id"]) for one in told}
