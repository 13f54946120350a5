"""Pictures blurred, so that nobody sees what they show before they want to."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

CELLS: Final = 16
"""Cells of the longer side that are left of a picture: too few for a face or a wound, enough to tell one from another.
What is left out is gone from the file, so that no sharpening brings it back."""

LONGEST: Final = 960
"""Pixels of the longer side of a blurred picture."""


def blurred(picture: str) -> str:
    """Return the path of a blurred copy of a picture, beside it; it is made where it is not there yet.

    Raises:
        OSError: the picture cannot be read, or the copy cannot be written.
    """
    from PIL import Image

    path = Path(picture)
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
