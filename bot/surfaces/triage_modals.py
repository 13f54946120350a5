"""The modals of triage: opened at once, since what opens one is good for three seconds; read when they come back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.desk import Desk
from bot.runner import Runner
from bot.slack.cards.alert_modals import assign_view, dismiss_reason, dismiss_view, snooze_view
from bot.slack.ids import Action, AlertRef, Field, Until, alert_ref
from bot.slack.incoming import Json, click_request, team_of
from bot.slack.outbox import Clients
from bot.slack.request import Door, Request
from bot.surfaces.home_tab import show_home
from bot.surfaces.until import ends_at
from commands import snoozes
from storage import alerts
from storage.database import Transaction
from storage.dismissals import Reason

OUTDATED = "outdated"
"""The request of somebody who clicked on a card that shows less than has been done."""

Listener = Callable[..., Awaitable[None]]
Read = Callable[[dict[str, Any]], dict[str, Any]]
"""Reads what was filled in; what is wrong stands under `errors`, by field."""


class TriageModals:
    """Opens a modal for a click, and makes a request of what it brings back."""

    def __init__(self, desk: Desk, clients: Clients, runner: Runner) -> None:
        self._desk = desk
        self._clients = clients
        self._runner = runner

    def opens(self, action: Action) -> Listener:
        """Return the listener that opens the modal of a button."""

        async def clicked(ack: AsyncAck, body: Json, action: Json) -> None:
            await ack()
            ref = alert_ref(str(action.get("value", "")))
            view = await self._desk.db.reading(lambda tx: self._view(tx, asked, ref))
            if view is None:
                await self._runner.accept(click_request(body, action, OUTDATED, ref.alert, {}))
                return
            client = await self._clients.client(team_of(body))
            await client.views_open(trigger_id=str(body["trigger_id"]), view=view)

        asked = action
        return clicked

    def takes(self, verb: str) -> Listener:
        """Return the listener that takes what a modal brings back."""
        read = {"dismiss": _dismissal, "assign": _assignment, "snooze": self._snooze}[verb]

        async def submitted(ack: AsyncAck, body: Json, view: Json) -> None:
            detail = read(view["state"]["values"])
            if "errors" in detail:
                await ack(response_action="errors", errors=detail["errors"])
                return
            ref = alert_ref(str(view["private_metadata"]))
            request = Request(
                id=f"view:{team_of(body)}:{view['id']}:{view['hash']}",
                verb=verb,
                subject=ref.alert,
                workspace=team_of(body),
                user=str(body["user"]["id"]),
                channel="",
                private=True,
                door=Door.COMMAND,
                detail={**detail, "seen": ref.seen},
            )
            await self._runner.accept(request)
            await ack()
            await self._runner.answered(request)
            await show_home(self._desk, self._clients, request.workspace, request.user)

        return submitted

    def _view(self, tx: Transaction, action: Action, ref: AlertRef) -> dict[str, Any] | None:
        """Make the modal; None where more was done about the warning than the card showed."""
        alert = alerts.get(tx, ref.alert)
        if ref.seen is not None and ref.seen != len(alerts.steps(tx, ref.alert)):
            return None
        if action is Action.ASSIGN:
            return assign_view(ref)
        if action is Action.SNOOZE:
            return snooze_view(ref, snoozes.choices(tx, alert))
        return dismiss_view(ref, pair=bool(alert.pair))

    def _snooze(self, values: dict[str, Any]) -> dict[str, Any]:
        until = Until(_chosen(values, Field.UNTIL))
        moment = values[Field.MOMENT][Field.MOMENT].get("selected_date_time")
        if until is not Until.MOMENT and moment is not None:
            return _wrong(Field.MOMENT, "Choose “Until the date and time below”, or leave this empty.")
        if until is Until.MOMENT and moment is None:
            return _wrong(Field.MOMENT, "Pick a date and a time.")
        now = self._desk.clock()
        if until is Until.MOMENT and ends_at(until, now, None, int(moment)) <= now:
            return _wrong(Field.MOMENT, "That is over already; pick a later time.")
        return {"scope": _chosen(values, Field.SCOPE), "until": str(until), "moment": moment}


def _dismissal(values: dict[str, Any]) -> dict[str, Any]:
    reason, note = Reason(_chosen(values, Field.REASON) or Reason.OTHER), _note(values)
    if reason is Reason.OTHER and not note.strip():
        return _wrong(Field.NOTE, "Say why, so that others can judge it.")
    return {"reason": dismiss_reason(reason, note), "why": str(reason)}


def _assignment(values: dict[str, Any]) -> dict[str, Any]:
    assignee = values[Field.ASSIGNEE][Field.ASSIGNEE].get("selected_user")
    return {"assignee": str(assignee), "reason": _note(values).strip()}


def _chosen(values: dict[str, Any], field: Field) -> str:
    return str((values[field][field].get("selected_option") or {}).get("value", ""))


def _note(values: dict[str, Any]) -> str:
    return str(values[Field.NOTE][Field.NOTE].get("value") or "")


def _wrong(field: Field, why: str) -> dict[str, Any]:
    return {"errors": {str(field): why}}
