"""What X's API says when it does not give what was asked: of one post, and of a whole request.

Its `type` is no guide (a suspended account comes as "resource-not-found"), so title and detail are read first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.sources.base import CaptureFailed
from bot.sources.batch import Throttled
from bot.sources.http import Fetched
from bot.sources.payload import items, read_object, text
from bot.sources.throttle import WAIT_LIMIT, retry_after
from storage.records import PostStatus

_VERDICTS = (
    ("suspended", PostStatus.SUSPENDED),
    ("withheld", PostStatus.WITHHELD),
    ("not authorized", PostStatus.PROTECTED),
    ("authorization error", PostStatus.PROTECTED),
    ("not-authorized-for-resource", PostStatus.PROTECTED),
    ("could not find", PostStatus.NOT_FOUND),
    ("not found", PostStatus.NOT_FOUND),
    ("resource-not-found", PostStatus.NOT_FOUND),
)
"""Words of title, detail and type, the surest first; from recorded answers."""
_ANSWERS = {
    400: "X does not understand the search{said}; change the watch's source.",
    401: "X does not accept X_BEARER_TOKEN{said}; make a new one at developer.x.com and set it.",
    402: "X's API wants to be paid{said}; add credits to the app's account at developer.x.com.",
    403: "X does not let this app search{said}; look at the app's access at developer.x.com.",
    404: "X's API is not at X_API_URL{said}; check that setting.",
}


def verdict(error: Mapping[str, Any]) -> tuple[PostStatus, str]:
    """Say why one post or account is not in an answer: its status, and the reason in X's own words."""
    title, detail = text(error.get("title")), text(error.get("detail"))
    words = f"{title} {detail} {text(error.get('type'))}".lower()
    found = next((status for cue, status in _VERDICTS if cue in words), PostStatus.UNAVAILABLE)
    said = (detail or title).strip()[:300]
    return found, f"X says: “{said}”" if said else "X gives no reason."


def refusal(fetched: Fetched, now: datetime) -> CaptureFailed:
    """Make the failure that an answer without posts comes to, in words for the person who set up the watch."""
    payload = read_object(fetched.body) or {}
    said = _said(payload)
    if fetched.status == 429:
        wait = _wait(fetched, now)
        asks = f"; it may be asked again in {wait:.0f} s" if wait is not None else ""
        if "usage-capped" in text(payload.get("type")) or "usagecap" in text(payload.get("title")).lower():
            return Throttled(f"The posts that X lets this app read are used up{said}{asks}.", wait)
        return Throttled(f"X's API asks to be left alone{said}{asks}.", wait)
    if fetched.status in _ANSWERS:
        return CaptureFailed(_ANSWERS[fetched.status].format(said=said))
    if fetched.status == 200:
        return CaptureFailed(f"X's API answered without posts{said}; try again later.")
    return CaptureFailed(f"X's API answered {fetched.status}{said}; try again later.")


def _said(payload: Mapping[str, Any]) -> str:
    """Quote what X says, of the whole or of its first error; nothing where it says nothing."""
    errors = items(payload.get("errors"))
    told = [text(part.get(name)) for part in (*errors[:1], payload) for name in ("message", "detail", "title")]
    words = next((" ".join(one.split()) for one in told if one.strip()), "")
    return f" (“{words[:200]}”)" if words else ""


def _wait(fetched: Fetched, now: datetime) -> float | None:
    """Read for how long X wants to be left alone: `x-rate-limit-reset` is in Unix seconds (docs of its API)."""
    reset = fetched.headers.get("x-rate-limit-reset", "").strip()
    if reset.isascii() and reset.isdecimal():
        return min(max(float(reset[:12]) - now.timestamp(), 1.0), WAIT_LIMIT)
    return retry_after(fetched.headers.get("retry-after", ""), now)
