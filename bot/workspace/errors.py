"""How the workspace refuses: to the bot in Slack's words, to a person on the page in one sentence."""

from __future__ import annotations

from collections.abc import Mapping

from bot.workspace.values import Json


class Refused(Exception):
    """A call of the bot was refused; `error` is Slack's name for why."""

    def __init__(
        self, error: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **extra: object
    ) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.headers = dict(headers or {})
        self.extra = extra

    def to_json(self) -> Json:
        """The body of the answer."""
        return {"ok": False, "error": self.error, **self.extra}


class NotPossible(Exception):
    """A person tried what Slack does not let them do; the text is what Slack would show."""
