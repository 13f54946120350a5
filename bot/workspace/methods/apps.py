"""`api.test`, `auth.*`, `oauth.v2.access`, `apps.connections.open`: the app and its credentials."""

from __future__ import annotations

from bot.workspace.errors import Refused
from bot.workspace.methods.request import Method, Request
from bot.workspace.values import Json


def api_test(request: Request) -> Json:
    """`api.test`: gives back what it got, or the error it was asked for."""
    if error := request.text("error"):
        raise Refused(error, args=dict(request.arguments))
    return {"args": dict(request.arguments)}


def auth_test(request: Request) -> Json:
    """`auth.test`: whose token it is."""
    workspace = request.workspace
    return {
        "url": f"{workspace.base_url}/",
        "team": workspace.name,
        "team_id": workspace.team,
        "user": workspace.bot.name,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot.bot_id,
        "is_enterprise_install": False,
    }


def auth_revoke(request: Request) -> Json:
    """`auth.revoke`: the token that asks, unless it only tests."""
    if request.flag("test"):
        return {"revoked": False}
    if request.token is not None:
        request.workspace.tokens.revoke(request.token.value)
    return {"revoked": True}


def oauth_access(request: Request) -> Json:
    """`oauth.v2.access`: a token for the code of an install, or a fresh pair for a refresh token."""
    workspace, tokens = request.workspace, request.workspace.tokens
    client = request.basic if request.basic[0] else (request.text("client_id"), request.text("client_secret"))
    if client[0] != tokens.client_id:
        raise Refused("invalid_client_id")
    if client[1] != tokens.client_secret:
        raise Refused("bad_client_secret")
    if request.text("grant_type") == "refresh_token":
        tokens.rotate(request.text("refresh_token"))
    else:
        tokens.spend_code(request.text("code"), request.text("redirect_uri"))
        tokens.issue()
        workspace.installed = True
    installer = next((user for user in workspace.users.values() if not user.bot_id), workspace.bot)
    return {
        **tokens.grant(),
        "bot_user_id": workspace.bot.id,
        "app_id": workspace.app,
        "team": {"id": workspace.team, "name": workspace.name},
        "enterprise": None,
        "is_enterprise_install": False,
        "authed_user": {"id": installer.id},
    }


def open_connection(request: Request) -> Json:
    """`apps.connections.open`: the address of a socket, good for one connection."""
    if not request.workspace.manifest.socket_mode:
        raise Refused("socket_mode_not_enabled")
    ticket = request.workspace.new_id("", 24)
    request.workspace.socket_tickets.add(ticket)
    base = request.workspace.base_url.replace("http", "ws", 1)
    return {"url": f"{base}/link/?ticket={ticket}&app_id={request.workspace.app}"}


METHODS = {
    "api.test": Method(api_test, (), 4, "anyone"),
    "auth.test": Method(auth_test, (), 0),
    "auth.revoke": Method(auth_revoke, (), 3),
    "oauth.v2.access": Method(oauth_access, (), 4, "anyone"),
    "apps.connections.open": Method(open_connection, ("connections:write",), 0, "app"),
}
