"""What the buttons about silenced pictures carry: which pictures may be marked, and which silence is undone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BoilerplateRef:
    """Pictures of which one may be marked as boilerplate, by SHA-256: those of a card, or those of a warning.

    Attributes:
        alert, seen: the warning, as in `bot.slack.ids.AlertRef`; empty where the pictures are of another card.
        channel: where somebody began to mark one; empty on the card itself.
    """

    pictures: tuple[str, ...] = ()
    alert: str = ""
    seen: int | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class SilenceRef:
    """The list of what is silenced, from a line on; or one thing in it, by the id of the warning or of the mark."""

    silence: str = ""
    start: int = 0
