"""Any colour mode that a picture file can have, brought to 8-bit RGB."""

from __future__ import annotations

import numpy as np
from PIL import Image


def rgb(image: Image.Image) -> Image.Image:
    """Bring any mode to 8-bit RGB: wide greys are scaled, not clipped, and transparency is laid over white."""
    if image.mode.startswith(("I", "F")):
        return _grey8(image).convert("RGB")
    if image.has_transparency_data:
        see_through = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(see_through)
        return ground.convert("RGB")
    return image.convert("RGB") if image.mode != "RGB" else image.copy()


def _grey8(image: Image.Image) -> Image.Image:
    """Scale 16-bit, 32-bit and floating grey to 8 bits.

    A 16-bit mode spans 0..65535 by definition. The 32-bit and floating modes name no white: values up to 1 (floating),
    255 or 65535 are taken to span that range, and others their own.
    """
    values = np.asarray(image, dtype=np.float32)
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = min(0.0, float(values.min())), float(values.max())
    white: float
    if image.mode.startswith("I;16"):
        white = 65535.0
    elif image.mode == "F" and high <= 1.0:
        white = 1.0
    else:
        white = next((top for top in (255.0, 65535.0) if high <= top), high)
    scaled = (values - low) * np.float32(255.0 / max(white - low, 1e-12))
    return Image.fromarray(np.clip(np.rint(scaled), 0, 255).astype(np.uint8))
