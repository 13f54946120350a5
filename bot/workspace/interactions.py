"""What a person does with the bot's buttons, menus, modals, shortcuts and Home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.workspace import rules
from bot.workspace.deliver import Deliveries
from bot.workspace.errors import NotPossible, Refused
from bot.workspace.interactive import BUTTONS, Choice, chosen, find, initial, interactive, is_empty
from bot.workspace.methods.views import change_view, push_modal
from bot.workspace.sending import Parcel, Receipt
from bot.workspace.shapes import message_json
from bot.workspace.state import Workspace
from bot.workspace.values import SLACKBOT, Json, Message, View

TROUBLE = "We had some trouble connecting. Try again?"
"""What Slack shows in a modal whose submission was not answered well; stands in `View.errors` under an empty key."""

STATELESS = BUTTONS | {"overflow"}
"""Elements that `state.values` leaves out."""


@dataclass(frozen=True)
class Outcome:
    """How an interaction went.

    Attributes:
        problem: empty, or what Slack tells the person: `operation_timeout`, `dispatch_failed`,
            `invalid_command_response`, `invalid_view_response`.
        answer: the body of the acknowledgement.
    """

    problem: str = ""
    answer: Any = None

    @property
    def ok(self) -> bool:
        """Whether the bot acknowledged in time."""
        return not self.problem


def outcome(receipt: Receipt) -> Outcome:
    """What the person is told of an attempt: three seconds without an answer, or an answer that is no yes."""
    problems = {"": "", "http_timeout": "operation_timeout"}
    return Outcome(problems.get(receipt.problem, "dispatch_failed"), receipt.answer)


class Interactions:
    """People using what the bot put before them. Raises `NotPossible` for what is not there or not theirs."""

    def __init__(self, workspace: Workspace, deliveries: Deliveries) -> None:
        self._workspace, self._deliveries = workspace, deliveries

    async def click(
        self, user: str, where: Message | View, action_id: str, value: str | None = None, block_id: str = ""
    ) -> Outcome:
        """Press a button of a message, a modal or Home; `value` or `block_id` tell apart buttons of one `action_id`."""
        where = self._now(user, where)
        block, element = find(where.blocks, action_id, value, block_id)
        if element["type"] not in BUTTONS:
            raise NotPossible(f"{action_id!r} is a {element['type']}: choose from it instead.")
        return await self._act(user, where, block, element, chosen(element, value))

    async def select(
        self, user: str, where: Message | View, action_id: str, choice: Choice, block_id: str = ""
    ) -> Outcome:
        """Choose from a menu, a date picker, check boxes …; inside a plain input block nothing is sent yet."""
        where = self._now(user, where)
        block, element = find(where.blocks, action_id, block_id=block_id)
        state = chosen(element, choice)
        if isinstance(where, View) and element["type"] not in STATELESS:
            where = self._remember(where, block, element, state)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return Outcome()
        return await self._act(user, where, block, element, state)

    async def suggest(self, user: str, where: Message | View, action_id: str, typed: str) -> Outcome:
        """Type into an external menu; the answer holds the options the bot offers."""
        where = self._now(user, where)
        block, _ = find(where.blocks, action_id)
        asked = {"action_id": action_id, "block_id": block["block_id"], "value": typed}
        payload = {**self._payload("block_suggestion", user), **asked, **self._place(user, where)}
        return await self._bring("block_suggestion", action_id, payload)

    async def _act(self, user: str, where: Message | View, block: Json, element: Json, state: Json) -> Outcome:
        told: Json = {name: element[name] for name in ("text", "style", "placeholder", "value") if name in element}
        ids = {"action_id": element["action_id"], "block_id": block["block_id"]}
        action = {**told, **state, **ids, "action_ts": self._workspace.next_ts()}
        payload = {**self._payload("block_actions", user), **self._place(user, where), "actions": [action]}
        if isinstance(where, Message):
            values: Json = {}
            if element["type"] not in STATELESS:
                values[block["block_id"]] = {element["action_id"]: state}
            payload["state"] = {"values": values}
        went = await self._bring("block_actions", str(element["action_id"]), payload)
        if not went.ok and isinstance(where, Message):
            text = f'That did not work: "{went.problem}"'
            self.tell(user, where.channel, text, where.thread_ts if where.is_reply else "")
        return went

    # Modals and Home

    async def submit_view(
        self, user: str, view: View, values: Mapping[str, Choice | Mapping[str, Choice]] | None = None
    ) -> Outcome:
        """Fill a modal in (`action_id` → choice, or `block_id` → `action_id` → choice) and submit it.

        What the bot answers happens to the modal: errors shown, updated, another pushed, all cleared, or closed.
        Raises `NotPossible` when something required is empty or too long: Slack's client sends nothing then.
        """
        view = self._modal(user, view)
        for name, given in (values or {}).items():
            inside = given.items() if isinstance(given, Mapping) else [(name, given)]
            for action_id, choice in inside:
                block_id = name if isinstance(given, Mapping) else ""
                block, element = find(view.blocks, action_id, block_id=block_id)
                view = self._remember(view, block, element, chosen(element, choice))
        view = self._complete(view)
        payload = {**self._payload("view_submission", user), "view": self._view_json(view), "response_urls": []}
        went = await self._bring("view_submission", str(view.body.get("callback_id", "")), payload)
        problem = went.problem
        if not problem:
            try:
                self._answered(user, view, went.answer)
            except Refused as refusal:
                problem = "invalid_view_response"
                went = replace(went, answer=refusal.to_json())
        if problem:
            self._workspace.show_view(replace(view, errors={"": TROUBLE}))
        return replace(went, problem=problem)

    def _answered(self, user: str, view: View, answer: object) -> None:
        workspace = self._workspace
        action = answer.get("response_action") if isinstance(answer, dict) else None
        if not isinstance(answer, dict) or not answer:
            self._workspace.close_modal(user)
        elif action == "clear":
            self._clear(user)
        elif action == "errors":
            errors = answer.get("errors")
            inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
            if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
                raise Refused("invalid_arguments")
            workspace.show_view(replace(view, errors={str(key): str(text) for key, text in errors.items()}))
        elif action in ("update", "push"):
            body = answer.get("view")
            if problems := rules.check_view(body, ("modal",)):
                raise Refused("invalid_arguments", errors=[str(problem) for problem in problems])
            if action == "update":
                change_view(workspace, view, dict(body or {}))
            else:
                push_modal(workspace, user, dict(body or {}))
        else:
            raise Refused("invalid_arguments")

    async def close_view(self, user: str, view: View) -> Outcome:
        """Close a modal; the bot is told when it asked for that."""
        view = self._modal(user, view)
        cleared = bool(view.body.get("clear_on_close"))
        if cleared:
            self._clear(user)
        else:
            self._workspace.close_modal(user)
        if not view.body.get("notify_on_close"):
            return Outcome()
        payload = {**self._payload("view_closed", user), "view": self._view_json(view), "is_cleared": cleared}
        return await self._bring("view_closed", str(view.body.get("callback_id", "")), payload)

    def open_home(self, user: str, tab: str = "home") -> None:
        """Open the app's Home or Messages tab; the event follows."""
        workspace = self._workspace
        if tab == "home" and not workspace.manifest.home_tab:
            raise NotPossible("This app has no Home.")
        place = workspace.direct(user).id
        now = workspace.next_ts()
        event: Json = {"type": "app_home_opened", "user": user, "channel": place, "tab": tab, "event_ts": now}
        if tab == "home" and (view := workspace.home(user)) is not None:
            event["view"] = self._view_json(view)
        self._deliveries.event("app_home_opened", event)

    # Shortcuts

    async def message_shortcut(self, user: str, callback_id: str, message: Message) -> Outcome:
        """Use a shortcut from a message's menu; works where the bot is no member."""
        self._has_shortcut(callback_id, "message")
        message = self._visible(user, message)
        workspace = self._workspace
        place = {"callback_id": callback_id, "message_ts": message.ts, "action_ts": workspace.next_ts()}
        payload = {**self._payload("message_action", user), **place, **self._channel(message.channel)}
        payload["message"] = message_json(workspace, message, metadata=False)
        hook = workspace.hooks.issue(message.channel, user, "", message.thread_ts)
        payload["response_url"] = f"{workspace.base_url}/hooks/{hook}"
        went = await self._bring("message_action", callback_id, payload)
        if not went.ok:
            self.tell(user, message.channel, f'That did not work: "{went.problem}"', message.thread_ts)
        return went

    async def shortcut(self, user: str, callback_id: str) -> Outcome:
        """Use a shortcut that belongs to no message."""
        self._has_shortcut(callback_id, "global")
        extra = {"callback_id": callback_id, "action_ts": self._workspace.next_ts()}
        return await self._bring("shortcut", callback_id, {**self._payload("shortcut", user), **extra})

    def tell(self, user: str, channel: str, text: str, thread_ts: str = "") -> None:
        """Show a person a line from Slack itself."""
        self._workspace.post(channel, SLACKBOT, text, ephemeral_to=user, thread_ts=thread_ts, via="slack")

    # Parts

    async def _bring(self, kind: str, name: str, payload: Json) -> Outcome:
        if not self._workspace.manifest.interactivity or not self._workspace.installed:
            raise NotPossible("This app is not set up to handle interactive responses.")
        return outcome(await self._deliveries.interaction(Parcel(kind, name, payload)))

    def _payload(self, kind: str, user: str) -> Json:
        workspace = self._workspace
        name = workspace.users[user].name
        return {
            "type": kind,
            "token": workspace.tokens.verification,
            "user": {"id": user, "username": name, "name": name, "team_id": workspace.team},
            "team": {"id": workspace.team, "domain": workspace.domain},
            "api_app_id": workspace.app,
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": workspace.triggers.issue(user),
        }

    def _channel(self, name: str) -> Json:
        channel = self._workspace.channels[name]
        names = {"dm": "directmessage", "private": "privategroup", "public": channel.name}
        return {"channel": {"id": name, "name": names[channel.kind]}}

    def _place(self, user: str, where: Message | View) -> Json:
        workspace = self._workspace
        if isinstance(where, View):
            return {"container": {"type": "view", "view_id": where.id}, "view": self._view_json(where)}
        container: Json = {"type": "message", "message_ts": where.ts, "channel_id": where.channel}
        container["is_ephemeral"] = bool(where.ephemeral_to)
        if where.thread_ts:
            container["thread_ts"] = where.thread_ts
        hook = workspace.hooks.issue(where.channel, user, where.ts, where.thread_ts if where.is_reply else "")
        place = {"container": container, **self._channel(where.channel)}
        if not where.ephemeral_to:
            place["message"] = message_json(workspace, where)
        return {**place, "response_url": f"{workspace.base_url}/hooks/{hook}"}

    def _view_json(self, view: View) -> Json:
        workspace = self._workspace
        return view.to_json(workspace.team, workspace.app, workspace.bot.bot_id)

    def _now(self, user: str, where: Message | View) -> Message | View:
        if isinstance(where, Message):
            return self._visible(user, where)
        if self._workspace.home(user) is not None and where.id == self._workspace.homes[user]:
            return self._workspace.views[where.id]
        return self._modal(user, where)

    def _visible(self, user: str, message: Message) -> Message:
        now = self._workspace.messages.get(message.ts)
        if now is None or now.ephemeral_to not in ("", user):
            raise NotPossible("That message is not there any more.")
        if user not in self._workspace.channels[now.channel].members:
            raise NotPossible("You are not in this channel.")
        return now

    def _modal(self, user: str, view: View) -> View:
        now = self._workspace.modal(user)
        if now is None or now.id != view.id:
            raise NotPossible("That modal is not open.")
        return now

    def _remember(self, view: View, block: Json, element: Json, state: Json) -> View:
        name = str(block["block_id"])
        values = {**view.values, name: {**view.values.get(name, {}), str(element["action_id"]): state}}
        changed = replace(view, values=values)
        self._workspace.views[view.id] = changed
        return changed

    def _complete(self, view: View) -> View:
        """The view with the state of every element; raises `NotPossible` for what Slack's client holds back."""
        for block, element in interactive(view.blocks):
            name, action = str(block["block_id"]), str(element["action_id"])
            if element["type"] in STATELESS:
                continue
            state = view.values.get(name, {}).get(action) or initial(element)
            view = self._remember(view, block, element, state)
            if block["type"] == "input" and not block.get("optional") and is_empty(state):
                raise NotPossible(f"Please complete this required field: {block['label']['text']}")
            length = len(str(state.get("value") or ""))
            if not element.get("min_length", 0) <= length <= element.get("max_length", 3000) and length:
                raise NotPossible(f"This text is too short or too long: {block['label']['text']}")
        return view

    def _clear(self, user: str) -> None:
        while self._workspace.modals[user]:
            self._workspace.close_modal(user)

    def _has_shortcut(self, callback_id: str, kind: str) -> None:
        if self._workspace.manifest.shortcuts.get(callback_id) != kind:
            raise NotPossible(f"This app has no {kind} shortcut {callback_id!r}.")
