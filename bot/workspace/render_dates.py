"""Slack's date tokens: `<!date^seconds^format^link|fallback>` on the reader's clock.

The tokens are those of Slack's formatting reference ("Date formatting"). A token that is not one of them is left as it
stands, which is what Slack does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from bot.workspace.render_scene import Scene

_TOKEN = re.compile(r"\{([a-z_]+)\}")


def formatted(seconds: str, pattern: str, scene: Scene) -> str | None:
    """The pattern with its tokens filled in; None when `seconds` is not a time or the pattern has no known token."""
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", seconds):
        return None
    moment = scene.moment(float(seconds))
    if moment is None or not any(token in _TOKENS for token in _TOKEN.findall(pattern)):
        return None

    def fill(match: re.Match[str]) -> str:
        make = _TOKENS.get(match[1])
        return make(moment, scene.now.astimezone(scene.zone)) if make else match[0]

    return _TOKEN.sub(fill, pattern)


def day(moment: datetime, now: datetime) -> str:
    """A day as a person says it: today, yesterday, tomorrow, or its date."""
    return _near(moment, now) or _long(moment, now)


def clock(moment: datetime) -> str:
    """Hours and minutes, 24 hours."""
    return f"{moment:%H:%M}"


def _near(moment: datetime, now: datetime) -> str | None:
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((moment.date() - now.date()).days)


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _date(moment: datetime, now: datetime) -> str:
    year = "" if moment.year == now.year else f", {moment.year}"
    return f"{moment:%B} {_ordinal(moment.day)}{year}"


def _short(moment: datetime, now: datetime) -> str:
    return f"{moment:%b} {moment.day}, {moment.year}"


def _long(moment: datetime, now: datetime) -> str:
    return f"{moment:%A}, {_date(moment, now)}"


def _ago(moment: datetime, now: datetime) -> str:
    seconds = (now - moment).total_seconds()
    size = abs(seconds)
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if size >= length:
            count = int(size // length)
            words = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return "just now"


_TOKENS: dict[str, Callable[[datetime, datetime], str]] = {
    "date_num": lambda moment, now: f"{moment:%Y-%m-%d}",
    "date": _date,
    "date_slash": lambda moment, now: f"{moment:%m/%d/%Y}",
    "date_short": _short,
    "date_long": _long,
    "date_pretty": lambda moment, now: _near(moment, now) or _date(moment, now),
    "date_short_pretty": lambda moment, now: _near(moment, now) or _short(moment, now),
    "date_long_pretty": lambda moment, now: _near(moment, now) or _long(moment, now),
    "time": lambda moment, now: clock(moment),
    "time_secs": lambda moment, now: f"{moment:%H:%M:%S}",
    "ago": _ago,
}
