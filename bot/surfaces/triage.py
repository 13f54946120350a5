"""What people do about warnings: acknowledge, dismiss, assign, snooze, escalate, undo; and looking at them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers import NotUnderstood
from bot.runner import Answer, Reply, Runner
from bot.slack.blocks import Card
from bot.slack.cards.alert import alert_message, already_message, picture_message
from bot.slack.cards.error import error_message
from bot.slack.cards.roll import PAGE, rolled_message
from bot.slack.cards.snoozes import ended_message, snoozes_message
from bot.slack.ids import Action, Callback, Until, action_pattern, alert_ref, roll_ref, snooze_ref
from bot.slack.incoming import Json, click_request
from bot.slack.request import Request, read_alone
from bot.slack.zones import zone_of
from bot.surfaces.home_tab import show_home
from bot.surfaces.membership import may_see
from bot.surfaces.surface import Tools
from bot.surfaces.triage_modals import OUTDATED, TriageModals
from bot.surfaces.until import ends_at
from commands import duty, snoozes, triage
from commands.alerts import alert_finding, roll_finding
from storage import alerts
from storage import snoozes as kept
from storage.alerts import Act, Triage, TriageState
from storage.database import Transaction
from storage.records import utc
from storage.snoozes import Scope, Snooze

_ACTS: Final = {
    "acknowledge": (Act.ACKNOWLEDGE, TriageState.ACKNOWLEDGED),
    "dismiss": (Act.DISMISS, TriageState.DISMISSED),
    "escalate": (Act.ESCALATE, TriageState.OPEN),
    "undo": (Act.UNDO, TriageState.OPEN),
}
"""What a verb does, and how the warning stands after it; escalated or undone it stands as it did before."""

PROMPT: Final = frozenset({*_ACTS, "assign", "snooze", "end snooze", "mark boilerplate", "unsilence", OUTDATED})
"""The requests that only note what somebody has decided: they wait behind no trace."""


class TriageSurface:
    """The buttons and modals of warnings; `/dateline snoozes` and `/dateline blur`."""

    verbs = frozenset({"snoozes", "blur"})

    def __init__(self, tools: Tools) -> None:
        self._desk = tools.desk
        self._clients = tools.clients
        self._evidence = tools.evidence

    def answers(self) -> Mapping[str, Answer]:
        """Return what answers each verb."""
        return {
            **dict.fromkeys(_ACTS, self.step),
            "assign": self.assign,
            "snooze": self.snooze,
            OUTDATED: self.outdated,
            "show alert": self.show_alert,
            "show picture": self.show_picture,
            "show roll": self.show_roll,
            "snoozes": self.snoozes,
            "end snooze": self.end_snooze,
            "blur": self.blur,
        }

    def listen(self, app: AsyncApp, runner: Runner) -> None:
        """Listen to the buttons and the modals."""

        def alert(action: Json) -> tuple[str, dict[str, Any]]:
            ref = alert_ref(str(action.get("value", "")))
            return ref.alert, {"seen": ref.seen}

        def roll(action: Json) -> tuple[str, dict[str, Any]]:
            ref = roll_ref(str(action.get("value", "")))
            return ref.roll, {"start": ref.start}

        def one_snooze(action: Json) -> tuple[str, dict[str, Any]]:
            return snooze_ref(str(action.get("value", ""))).snooze, {}

        for button, verb, read in (
            (Action.ACKNOWLEDGE, "acknowledge", alert),
            (Action.ESCALATE, "escalate", alert),
            (Action.UNDO, "undo", alert),
            (Action.SHOW_ALERT, "show alert", alert),
            (Action.SHOW_PICTURE, "show picture", alert),
            (Action.SHOW_ROLL, "show roll", roll),
            (Action.END_SNOOZE, "end snooze", one_snooze),
        ):
            app.action(action_pattern(button))(self._clicked(runner, verb, read))
        modals = TriageModals(self._desk, self._clients, runner)
        for button in (Action.DISMISS, Action.ASSIGN, Action.SNOOZE):
            app.action(action_pattern(button))(modals.opens(button))
        app.view(str(Callback.DISMISS_REASON))(modals.takes("dismiss"))
        app.view(str(Callback.ASSIGN))(modals.takes("assign"))
        app.view(str(Callback.SNOOZE))(modals.takes("snooze"))

    def _clicked(
        self, runner: Runner, verb: str, read: Callable[[Json], tuple[str, dict[str, Any]]]
    ) -> Callable[..., Awaitable[None]]:
        async def clicked(ack: AsyncAck, body: Json, action: Json) -> None:
            subject, detail = read(action)
            request = click_request(body, action, verb, subject, detail)
            await runner.accept(request)
            await ack()
            if not request.channel and verb in _ACTS:  # pressed in Home, which is to show what is still open
                await runner.answered(request)
                await show_home(self._desk, self._clients, request.workspace, request.user)

        return clicked

    async def step(self, request: Request) -> Reply:
        """Decide upon a warning at once."""
        act, state = _ACTS[request.verb]
        now = utc(self._desk.clock())
        detail = request.detail or {}
        step = Triage(act, state, request.user, now, str(detail.get("reason", "")), why=str(detail.get("why", "")))
        return self._decide(request, step)

    async def assign(self, request: Request) -> Reply:
        """Make a warning somebody's to look into, who may see it."""
        detail = request.detail or {}
        assignee = str(detail["assignee"])
        alert = await self._desk.db.reading(lambda tx: alerts.get(tx, request.subject))
        if not await may_see(self._clients, alert.workspace, alert.channel, assignee):
            raise NotUnderstood(
                "Whoever is to look into it cannot see this private channel; invite them to it, then assign it again."
            )
        now = utc(self._desk.clock())
        step = Triage(Act.ASSIGN, alert.state, request.user, now, str(detail["reason"]), assignee)
        return self._decide(request, step)

    async def snooze(self, request: Request) -> Reply:
        """Leave the channel of a warning in peace about something of it."""
        detail, now = request.detail or {}, self._desk.clock()
        choice = Until(str(detail["until"]))
        zone = await zone_of(self._clients, request.workspace, request.user) if choice is Until.TOMORROW else None
        until = utc(ends_at(choice, now, zone, detail["moment"]))
        scope = Scope(str(detail["scope"]))

        def settle(tx: Transaction) -> Card | None:
            decision = triage.snooze(
                tx, request.subject, scope, until, by=request.user, now=utc(now), seen=detail["seen"]
            )
            return None if decision.made else Card(already_message(decision.by))

        return Reply(settle=settle)

    async def outdated(self, request: Request) -> Reply:
        """Tell who clicked on a card that is not as it was any more, who was first, and show the card anew."""

        def settle(tx: Transaction) -> Card:
            snoozes.show(tx, alerts.get(tx, request.subject), utc(self._desk.clock()))
            done = alerts.steps(tx, request.subject)
            return Card(already_message(done[-1] if done else None))

        return Reply(settle=settle)

    async def show_alert(self, request: Request) -> Reply:
        """Show one warning to one person, as it stands now."""
        found = await self._desk.work(alert_finding, request.subject, self._evidence)
        return Reply(Card(alert_message(found)))

    async def show_picture(self, request: Request) -> Reply:
        """Show the pictures of a warning to one person as they are."""
        found = await self._desk.work(alert_finding, request.subject, self._evidence, clear=True)
        return Reply(Card(picture_message(found)))

    async def show_roll(self, request: Request) -> Reply:
        """Show a page of what a rolling message tells to one person."""
        start = int((request.detail or {}).get("start", 0))
        found = await self._desk.work(roll_finding, request.subject, start + PAGE)
        return Reply(Card(rolled_message(found, start)))

    async def snoozes(self, request: Request) -> Reply:
        """List what is snoozed in the channel; in a direct message, what the one who asks has snoozed anywhere."""

        def listed(tx: Transaction) -> list[Snooze]:
            here = snoozes.holding_in(tx, request.workspace, request.channel)
            if not request.channel.startswith("D"):
                return here
            own = (request.workspace, request.user)
            return [one for one in kept.holding(tx) if (one.workspace, one.actor) == own]

        return Reply(Card(snoozes_message(await self._desk.db.reading(listed), named=read_alone(request))))

    async def end_snooze(self, request: Request) -> Reply:
        """End a snooze before its time."""
        now = utc(self._desk.clock())

        def settle(tx: Transaction) -> Card:
            held = kept.get(tx, request.subject)
            return Card(ended_message(held, ended=snoozes.end(tx, held.id, by=request.user, now=now)))

        return Reply(settle=settle)

    async def blur(self, request: Request) -> Reply:
        """Blur the pictures of this channel's warnings until somebody clicks, or no more."""
        wanted = request.subject.lower().strip()
        if wanted not in {"on", "off"}:
            raise NotUnderstood("That is not understood; type /dateline blur on, or /dateline blur off.")
        on, now = wanted == "on", utc(self._desk.clock())
        what = "Pictures of warnings are blurred here from now on." if on else "Pictures of warnings are shown here."
        step = "A button shows each to whoever presses it. To end it: /dateline blur off"

        def settle(tx: Transaction) -> Card:
            duty.blur(tx, request.workspace, request.channel, by=request.user, now=now, on=on)
            return Card(error_message(what, step if on else "To blur them until somebody clicks: /dateline blur on"))

        return Reply(settle=settle)

    def _decide(self, request: Request, step: Triage) -> Reply:
        seen = (request.detail or {}).get("seen")

        def settle(tx: Transaction) -> Card | None:
            decision = triage.decide(tx, request.subject, step, step.at, seen)
            return None if decision.made else Card(already_message(decision.by))

        return Reply(settle=settle)
