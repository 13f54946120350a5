"""Any colour mode that a picture file can have, brought to 8-bit RGB as a screen shows it."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
from PIL import Image, ImageCms

LARGEST_PROFILE: Final = 8 * 2**20
"""Bytes of a colour profile that is followed. Press profiles with fine tables have 3 MB; those of cameras, 4 kB."""

_SPACES: Final = {"RGB": "RGB", "CMYK": "CMYK"}
"""The mode of the pixels that a profile for a colour space (ICC.1:2022, table 19) speaks of."""


def rgb(image: Image.Image) -> Image.Image:
    """Bring any mode to 8-bit RGB: wide greys are scaled, not clipped, and transparency is laid over white.

    The embedded colour profile is followed where it says other than sRGB: press inks and the wide colours of telephones
    come out as a browser shows them, and so as their copies look. A profile that cannot be followed is passed over.
    """
    profile = _profile(image.info.get("icc_profile"))
    if profile is not None and profile[0] == image.mode == "CMYK":
        return _followed(image, profile[1]) or image.convert("RGB")
    shown = _rgb(image)
    if profile is not None and profile[0] == "RGB" and image.mode in ("RGB", "RGBA", "RGBX", "P"):
        return _followed(shown, profile[1]) or shown
    return shown


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        return _grey8(image).convert("RGB")
    if image.has_transparency_data:
        see_through = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(see_through)
        return ground.convert("RGB")
    return image.convert("RGB") if image.mode != "RGB" else image.copy()


def _profile(data: object) -> tuple[str, ImageCms.ImageCmsProfile] | None:
    """Read a colour profile; return the mode that it speaks of with it, None where there is nothing to follow."""
    if not isinstance(data, bytes) or not 128 <= len(data) <= LARGEST_PROFILE:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        named = profile.profile.profile_description or ""
        mode = _SPACES.get(profile.profile.xcolor_space.strip())
    except (OSError, ValueError, ImageCms.PyCMSError):
        return None
    return None if mode is None or "srgb" in named.lower() else (mode, profile)


def _followed(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image | None:
    """Return the picture as sRGB; None where the profile has no way there."""
    try:
        return ImageCms.profileToProfile(
            image,
            profile,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
        )
    except (OSError, ValueError, ImageCms.PyCMSError):
        return None


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
