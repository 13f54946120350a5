"""Every surface of the app."""

from __future__ import annotations

from bot.surfaces.status import StatusSurface
from bot.surfaces.surface import Surface, Tools


def surfaces(tools: Tools) -> list[Surface]:
    """Make the parts of the app."""
    return [StatusSurface(tools)]
