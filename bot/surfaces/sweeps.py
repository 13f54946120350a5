"""`/dateline sweep now [watch]`: a message in the channel, live progress in its thread, and a button that ends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers import need_to_be_in
from bot.runner import Answer, Reply, Runner
from bot.slack.blocks import Card
from bot.slack.cards.error import error_message
from bot.slack.ids import Action, action_pattern, sweep_ref
from bot.slack.incoming import click_request
from bot.slack.request import Request
from bot.surfaces.surface import Tools
from commands import sweep as verbs
from commands.watch import Reach
from storage import outbox, runs
from storage.database import Transaction
from storage.outbox import Kind, Lane
from storage.outbox import Message as Row
from storage.records import utc
from storage.runs import Run, RunState


class SweepSurface:
    """Sweeps that people ask for."""

    verbs = frozenset({"sweep"})

    def __init__(self, tools: Tools) -> None:
        self._desk = tools.desk
        self._clients = tools.clients

    def answers(self) -> Mapping[str, Answer]:
        """Return what answers each verb."""
        return {"sweep": self.sweep, "cancel_sweep": self.cancel}

    def listen(self, app: AsyncApp, runner: Runner) -> None:
        """Listen to the button."""

        async def stop(ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
            asked = sweep_ref(str(action.get("value", ""))).sweep
            await runner.accept(click_request(body, action, "cancel_sweep", asked, {}))
            await ack()

        app.action(action_pattern(Action.CANCEL_SWEEP))(stop)

    async def sweep(self, request: Request) -> Reply:
        """Let the named watch, or all of this channel, be swept by whichever process is free."""
        first, _, rest = request.subject.strip().partition(" ")
        typed = rest if first.lower() == "now" else request.subject
        await need_to_be_in(self._clients, request)
        reach = Reach(request.workspace, request.channel, request.user)
        now, actor = utc(self._desk.clock()), f"{request.workspace}/{request.user}"
        wanted = await self._desk.db.reading(lambda tx: verbs.choose(tx, reach, typed))

        def settle(tx: Transaction) -> None:
            asked = verbs.ask(tx, wanted, request.id, actor, now)
            head = Row(
                _head(asked), Kind.MESSAGE, Lane.ANSWER, request.workspace, request.channel, _body(asked, "head")
            )
            outbox.put(tx, head, now)
            outbox.put(tx, _under(head, f"{head.id}:progress", _body(asked, "progress")), now)

        return Reply(settle=settle)

    async def cancel(self, request: Request) -> Reply:
        """End a sweep before its time."""
        now, actor = utc(self._desk.clock()), f"{request.workspace}/{request.user}"

        def settle(tx: Transaction) -> Card:
            if not verbs.cancel(tx, request.subject, actor, now):
                return Card(error_message("This sweep is over already.", "Its result stands in its message."))
            show(tx, request.subject, now, over=True)
            return Card(error_message("The sweep is cancelled.", "What was found until now is kept."))

        return Reply(settle=settle)


def progress(clock: Callable[[], datetime]) -> Callable[[Transaction, Run], None]:
    """Make what lets the messages of a sweep show how far its runs have come."""

    def noted(tx: Transaction, run: Run) -> None:
        if run.due_at.startswith(verbs.ASKED):
            states = {one.state for one in runs.of_sweep(tx, run.due_at)}
            over = not states & {RunState.WAITING, RunState.RUNNING}
            show(tx, run.due_at, utc(clock()), over=over)

    return noted


def show(tx: Transaction, asked: str, now: str, *, over: bool) -> None:
    """Let the messages of a sweep be sent anew with what holds then: that in the channel once it is over."""
    head = outbox.get(tx, _head(asked))
    if head is None:
        return  # asked for on the command line
    lane = Lane.ANSWER if over else Lane.DIGEST  # no warning waits behind a count
    below = f"{head.id}:progress"
    outbox.put_again(tx, _change(head, below, _body(asked, "progress"), lane), now)
    if over:
        outbox.put_again(tx, _change(head, head.id, head.body, lane), now)


def _head(asked: str) -> str:
    return f"sweep:{asked}"


def _body(asked: str, part: str) -> dict[str, str]:
    return {"sweep": asked, "part": part}


def _under(head: Row, row_id: str, body: Mapping[str, Any]) -> Row:
    return Row(row_id, Kind.MESSAGE, Lane.ANSWER, head.workspace, head.channel, body, root=head.id)


def _change(head: Row, row_id: str, body: Mapping[str, Any], lane: Lane) -> Row:
    return Row(f"{row_id}:update", Kind.UPDATE, lane, head.workspace, head.channel, body, root=row_id)
