"""Every surface of the app."""

from __future__ import annotations

from bot.surfaces.digests import DigestSurface
from bot.surfaces.status import StatusSurface
from bot.surfaces.surface import Surface, Tools


def surfaces(tools: Tools) -> list[Surface]:
    """Make the parts of the app."""
    return [DigestSurface(tools), StatusSurface(tools)]
