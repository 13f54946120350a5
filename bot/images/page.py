"""How wide every picture is that Dateline draws."""

from __future__ import annotations

from typing import Final

WIDTH: Final = 1000
"""Pixels: Slack shows a picture about 300 to 700 wide, so everything must survive being made a third."""

MARGIN: Final = 24
ROOM: Final = WIDTH - 2 * MARGIN
"""Pixels that lines of text, or a picture alone in its row, may take."""
