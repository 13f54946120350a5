"""What the Home tab tells one member, as a plain value."""

from __future__ import annotations

from dataclasses import dataclass

from bot.findings import AlertFinding, TracedPost
from bot.watch_findings import WatchLine
from storage.desks import DeskSettings
from storage.digests import DigestPlan


@dataclass(frozen=True, slots=True)
class HomeFinding:
    """The Home tab of one member.

    Attributes:
        mine: open warnings that were assigned to them, or that a watch of theirs asked for; the newest first.
        others: the other open warnings of the workspace, about what everybody may see.
        watches: their own, each as it fares.
        traces: what they traced, the newest first.
        settings: what holds in the workspace.
        digests: the digests of channels that they have set up.
        silenced: how many dismissed pairs and marked pictures never warn.
    """

    mine: tuple[AlertFinding, ...] = ()
    others: tuple[AlertFinding, ...] = ()
    watches: tuple[WatchLine, ...] = ()
    traces: tuple[TracedPost, ...] = ()
    settings: DeskSettings = DeskSettings("")  # noqa: RUF009 - a frozen value
    digests: tuple[DigestPlan, ...] = ()
    silenced: tuple[int, int] = (0, 0)
