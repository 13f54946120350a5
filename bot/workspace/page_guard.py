"""Who may use the page: this machine's own browser, from the page itself, and nobody else's script.

The page listens on loopback, but any site that a browser visits can send requests there. A foreign name that resolves
to loopback (DNS rebinding) shows in the Host header, a foreign site's post in the Origin header; both are refused. The
policy headers keep out scripts, styles and pictures that are not the page's own.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_HOST = re.compile(r"(?:(?P<name>localhost)|\[(?P<six>[0-9a-f:]+)\]|(?P<four>[0-9.]+))(?::[0-9]{1,5})?", re.IGNORECASE)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy: everything from the page itself; blob: is the preview of a picture not yet sent."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def is_loopback(host: str) -> bool:
    """Whether a Host header names this machine: localhost or a loopback address, with any port."""
    match = _HOST.fullmatch(host)
    if match is None or match["name"]:
        return match is not None
    try:
        return ip_address(match["six"] or match["four"]).is_loopback
    except ValueError:
        return False


def refusal(request: web.Request) -> str:
    """Why a request may not use the page; empty when it may."""
    if not is_loopback(request.host):
        return "This page answers only to localhost."
    if request.method not in ("GET", "HEAD") and request.headers.get("Origin") != f"http://{request.host}":
        return "This request did not come from the page."
    return ""


def guarded(handler: Handler) -> Handler:
    """A handler that refuses what did not come from the page, and whose answers carry the policy."""

    async def answer(request: web.Request) -> web.StreamResponse:
        why = refusal(request)
        response = web.json_response({"error": why}, status=403) if why else await handler(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return answer
