"""Every surface of the app."""

from __future__ import annotations

from bot.surfaces.digests import DigestSurface
from bot.surfaces.duty import DutySurface
from bot.surfaces.people import PeopleSurface
from bot.surfaces.silence import SilenceSurface
from bot.surfaces.status import StatusSurface
from bot.surfaces.surface import Surface, Tools
from bot.surfaces.sweeps import SweepSurface
from bot.surfaces.triage import TriageSurface
from bot.surfaces.verdicts import VerdictSurface
from bot.surfaces.watches import WatchSurface


def surfaces(tools: Tools) -> list[Surface]:
    """Make the parts of the app."""
    return [
        DigestSurface(tools),
        DutySurface(tools),
        PeopleSurface(tools),
        SilenceSurface(tools),
        StatusSurface(tools),
        SweepSurface(tools),
        TriageSurface(tools),
        VerdictSurface(tools),
        WatchSurface(tools),
    ]
