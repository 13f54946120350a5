"""Pictures blurred, so that nobody sees what they show before they want to."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path
from typing import Final

log = logging.getLogger("dateline.blur")

CELLS: Final = 16
"""Cells of the longer side that are left of a picture: too few for a face or a wound, enough to tell one from another.
What is left out is gone from the file, so that no sharpening brings it back."""

LONGEST: Final = 960
"""Pixels of the longer side of a blurred picture."""


def blurred(picture: str) -> str | None:
    """Return the path of a blurred copy of a picture, beside it, made where it is not there yet; None where none can.

    Then nothing is shown rather than the picture itself.
    """
    try:
        return _blurred(Path(picture))
    except OSError as failed:
        log.warning("picture %s cannot be blurred: %s", picture, failed)
        return None


def _blurred(path: Path) -> str:
    from PIL import Image

    copy = path.with_name(f"{path.stem}-blurred.png")
    if copy.exists():
        return str(copy)
    with Image.open(path) as opened:
        sharp = opened.convert("RGB")
    longer = max(sharp.size)
    few = [max(1, round(side * CELLS / longer)) for side in sharp.size]
    large = [max(1, round(side * min(LONGEST, longer) / longer)) for side in sharp.size]
    soft = sharp.resize((few[0], few[1]), Image.Resampling.BOX).resize((large[0], large[1]), Image.Resampling.BICUBIC)
    draft = copy.with_name(f".{copy.name}.{secrets.token_hex(4)}")
    try:
        soft.save(draft, "PNG")
        draft.replace(copy)  # never half a picture, also where two processes make it at once
    finally:
        draft.unlink(missing_ok=True)
    return str(copy)
