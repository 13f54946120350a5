"""`users.*`, `usergroups.*`, `team.info` and `bots.info`: who is here."""

from __future__ import annotations

from bot.workspace.errors import Refused
from bot.workspace.methods.request import Method, Request, page
from bot.workspace.values import Json


def user_info(request: Request) -> Json:
    """`users.info`."""
    workspace = request.workspace
    user = workspace.users.get(request.need("user"))
    if user is None:
        raise Refused("user_not_found")
    return {"user": user.to_json(workspace.team, workspace.clock())}


def user_list(request: Request) -> Json:
    """`users.list`."""
    workspace = request.workspace
    part, following = page(request, list(workspace.users.values()))
    return {"members": [user.to_json(workspace.team, workspace.clock()) for user in part], **following}


def usergroup_list(request: Request) -> Json:
    """`usergroups.list`: with their users when asked for."""
    groups = [group.to_json(request.workspace.team) for group in request.workspace.usergroups.values()]
    if not request.flag("include_users"):
        groups = [{name: value for name, value in group.items() if name != "users"} for group in groups]
    return {"usergroups": groups}


def usergroup_users(request: Request) -> Json:
    """`usergroups.users.list`."""
    group = request.workspace.usergroups.get(request.need("usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return {"users": list(group.users)}


def team_info(request: Request) -> Json:
    """`team.info`."""
    workspace = request.workspace
    return {"team": {"id": workspace.team, "name": workspace.name, "domain": workspace.domain}}


def bot_info(request: Request) -> Json:
    """`bots.info`."""
    workspace = request.workspace
    wanted = request.text("bot", workspace.bot.bot_id)
    for user in workspace.users.values():
        if user.bot_id == wanted:
            app = {"app_id": workspace.app} if user == workspace.bot else {}
            return {"bot": {"id": user.bot_id, "name": user.name, "user_id": user.id, "deleted": False, **app}}
    raise Refused("bot_not_found")


METHODS = {
    "users.info": Method(user_info, ("users:read",), 4),
    "users.list": Method(user_list, ("users:read",), 2),
    "usergroups.list": Method(usergroup_list, ("usergroups:read",), 2),
    "usergroups.users.list": Method(usergroup_users, ("usergroups:read",), 2),
    "team.info": Method(team_info, ("team:read",), 3),
    "bots.info": Method(bot_info, ("users:read",), 3),
}
