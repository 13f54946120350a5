"""HEIC, the format in which telephones keep photographs, by libheif: imported only when such a file is opened."""

from __future__ import annotations

from typing import IO, Final, cast

from PIL import ImageFile

_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1"})
"""Of HEVC-coded pictures and sequences, and of any pictures (ISO/IEC 23008-12, annex B and 10.2)."""
_AVIF: Final = frozenset({b"avif", b"avis"})
"""What shares the container, and is opened by Pillow."""


def is_heic(data: bytes) -> bool:
    """Tell a HEIC file by the brands of its `ftyp` box, whatever its name says."""
    if data[4:8] != b"ftyp":
        return False
    size = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[at : at + 4] for at in (8, *range(16, size, 4))}
    return bool(brands & _BRANDS) and not brands & _AVIF


def open_heic(file: IO[bytes], name: str | bytes = "") -> ImageFile.ImageFile:
    """Read the header of a HEIC file; the picture marked as the main one of its pictures is the one that is shown.

    libheif turns the picture upright itself, by the file's own boxes, and the EXIF orientation is taken away with it.

    Raises:
        SyntaxError: the boxes do not hold together, or hold more than libheif's own security limits allow.
    """
    from pi_heif import HeifImageFile, options

    # Depth maps, thumbnails and masks are never shown: what is not read cannot do harm. One thread, since every
    # core has its worker.
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    options.DECODE_THREADS = 1
    return cast(ImageFile.ImageFile, HeifImageFile(file, name))
