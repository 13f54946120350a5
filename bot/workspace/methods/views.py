"""`views.*` and `blocks.validate`: modals, Home, and a try-out of blocks."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.workspace import rules
from bot.workspace.errors import Refused
from bot.workspace.methods.request import Method, Request, check_blocks, invalid
from bot.workspace.state import Workspace
from bot.workspace.values import Json, View

DEEPEST = 3
"""Modals on top of each other (documented)."""

LARGEST = 250_000
"""Characters of a view as JSON (documented as 250 KB)."""


def open_view(request: Request) -> Json:
    """`views.open`: a modal for whoever's trigger it is."""
    body = checked_view(request, ("modal",))
    user = request.workspace.triggers.spend(request.need("trigger_id"))
    while request.workspace.modals.get(user):
        request.workspace.close_modal(user)
    return _shown(request, push_modal(request.workspace, user, body))


def push(request: Request) -> Json:
    """`views.push`: a modal on top of the open one."""
    body = checked_view(request, ("modal",))
    user = request.workspace.triggers.spend(request.need("trigger_id"))
    if not request.workspace.modals.get(user):
        raise Refused("not_found")
    return _shown(request, push_modal(request.workspace, user, body))


def update(request: Request) -> Json:
    """`views.update`: by id or external id; a stale `hash` is refused."""
    body = checked_view(request, ("modal", "home"))
    wanted, external = request.text("view_id"), request.text("external_id")
    views = request.workspace.views.values()
    found = (view for view in views if view.id == wanted or (external and view.body.get("external_id") == external))
    view = next(found, None)
    if view is None:
        raise Refused("not_found")
    _same(request, view)
    return _shown(request, change_view(request.workspace, view, body))


def publish(request: Request) -> Json:
    """`views.publish`: a user's Home; a stale `hash` is refused."""
    workspace = request.workspace
    body = checked_view(request, ("home",))
    user = workspace.users.get(request.need("user_id"))
    if user is None:
        raise Refused("user_not_found")
    if not workspace.manifest.home_tab:
        raise Refused("not_enabled")
    before = workspace.home(user.id)
    if before is not None:
        _same(request, before)
        return _shown(request, change_view(workspace, before, body))
    name = workspace.new_id("V")
    body = {**body, "blocks": workspace.with_ids(body["blocks"])}
    view = View(name, user.id, body, _hash(workspace), name)
    workspace.show_view(view)
    return _shown(request, view)


def validate(request: Request) -> Json:
    """`blocks.validate`: exactly one of blocks, a message or a view."""
    given = [name for name in ("blocks", "message", "view") if request.arguments.get(name) is not None]
    if len(given) != 1:
        raise Refused("invalid_arguments")
    value = request.json(given[0], "invalid_arguments")
    if given[0] == "view":
        if problems := rules.check_view(value):
            raise invalid(problems, "invalid_blocks")
        return {}
    check_blocks(request.workspace, value.get("blocks") if isinstance(value, dict) else value)
    return {}


def checked_view(request: Request, kinds: tuple[str, ...]) -> Json:
    """The view an argument holds. Raises `Refused` with what is wrong."""
    body = request.json("view", "invalid_arguments")
    if problems := rules.check_view(body, kinds):
        raise invalid(problems, "invalid_arguments")
    if len(json.dumps(body)) > LARGEST:
        raise Refused("view_too_large")
    return dict(body)


def push_modal(workspace: Workspace, user: str, body: Json) -> View:
    """Show a new modal on top of what the user has open. Raises `Refused` for a fourth one, or a taken external id."""
    stack = workspace.modals.setdefault(user, [])
    if len(stack) >= DEEPEST:
        raise Refused("push_limit_reached")
    external = body.get("external_id")
    if external and any(view.body.get("external_id") == external for view in workspace.views.values()):
        raise Refused("duplicate_external_id")
    name = workspace.new_id("V")
    body = {**body, "blocks": workspace.with_ids(body["blocks"])}
    view = View(name, user, body, _hash(workspace), stack[0] if stack else name, stack[-1] if stack else "")
    stack.append(name)
    workspace.show_view(view)
    return view


def change_view(workspace: Workspace, view: View, body: Json) -> View:
    """Give a view another body; what was filled in stays for blocks that keep their id."""
    body = {**body, "blocks": workspace.with_ids(body["blocks"])}
    kept = {block["block_id"] for block in body["blocks"]}
    values = {block: actions for block, actions in view.values.items() if block in kept}
    changed = replace(view, body=body, hash=_hash(workspace), values=values, errors={})
    workspace.show_view(changed)
    return changed


def _hash(workspace: Workspace) -> str:
    return f"{int(workspace.clock())}.{workspace.new_id('', 8)}"


def _same(request: Request, view: View) -> None:
    if request.text("hash", view.hash) != view.hash:
        raise Refused("hash_conflict")


def _shown(request: Request, view: View) -> Json:
    workspace = request.workspace
    return {"view": view.to_json(workspace.team, workspace.app, workspace.bot.bot_id)}


METHODS = {
    "views.open": Method(open_view, (), 4),
    "views.push": Method(push, (), 4),
    "views.update": Method(update, (), 4),
    "views.publish": Method(publish, (), 4),
    "blocks.validate": Method(validate, (), 4),
}
