"""The short-lived rights that an interaction gives the bot: a trigger to open a view, a `response_url` to answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.workspace.errors import Refused


class Triggers:
    """Trigger ids: each opens one view, for a few seconds."""

    def __init__(self, clock: Callable[[], float], new_id: Callable[[], str], life: float) -> None:
        self._clock, self._new_id, self._life = clock, new_id, life
        self._open: dict[str, tuple[str, float]] = {}
        self._used: set[str] = set()

    def issue(self, user: str) -> str:
        """A trigger for what `user` just did."""
        trigger = self._new_id()
        self._open[trigger] = (user, self._clock() + self._life)
        return trigger

    def spend(self, trigger: str) -> str:
        """Use a trigger up; the user whose it is. Raises `Refused` for an unknown, used or old one."""
        if trigger in self._used:
            raise Refused("exchanged_trigger_id")
        if trigger not in self._open:
            raise Refused("invalid_trigger_id")
        user, expires = self._open[trigger]
        if self._clock() >= expires:
            raise Refused("expired_trigger_id")
        self._used.add(trigger)
        return user


@dataclass
class Hook:
    """What one `response_url` may do.

    Attributes:
        message: `ts` of the message that was clicked, empty for a command.
        uses: how often it may still be used.
    """

    channel: str
    user: str
    message: str
    thread_ts: str
    expires: float
    uses: int


class Hooks:
    """All response addresses, by their id."""

    def __init__(self, clock: Callable[[], float], new_id: Callable[[], str], uses: int, life: float) -> None:
        self._clock, self._new_id, self._uses, self._life = clock, new_id, uses, life
        self._hooks: dict[str, Hook] = {}

    def issue(self, channel: str, user: str, message: str = "", thread_ts: str = "") -> str:
        """The id of a new address for what `user` just did in `channel`."""
        name = self._new_id()
        self._hooks[name] = Hook(channel, user, message, thread_ts, self._clock() + self._life, self._uses)
        return name

    def spend(self, name: str) -> Hook:
        """Use an address once. Raises `Refused` (404) for an unknown, used-up or old one."""
        hook = self._hooks.get(name)
        if hook is None:
            raise Refused("invalid_url", status=404)
        if self._clock() >= hook.expires:
            raise Refused("expired_url", status=404)
        if hook.uses == 0:
            raise Refused("used_url", status=404)
        hook.uses -= 1
        return hook
