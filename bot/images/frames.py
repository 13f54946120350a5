"""How many frames a file holds, counted without decoding them and never beyond a bound."""

from __future__ import annotations

from typing import Literal

from PIL import GifImagePlugin, ImageFile, TiffImagePlugin


def count_frames(data: bytes, image: ImageFile.ImageFile, most: int) -> int:
    """Count the frames of an opened picture, up to `most`.

    GIF and TIFF chain their frames, and Pillow walks the whole chain, at a hostile file's pleasure: here the walk
    is bounded. The other formats state the number in their header.
    """
    if isinstance(image, GifImagePlugin.GifImageFile):
        return count_gif(data, most)
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return _count_tiff(data, most)
    stated = getattr(image, "n_frames", 1)
    return min(max(int(stated), 1), most)


def count_gif(data: bytes, most: int) -> int:
    """Count the image blocks of a GIF by its block structure (GIF89a, appendix B); at least 1."""
    frames = 0
    at = 13 + _palette(data, 10)
    while frames < most and at < len(data):
        kind = data[at]
        if kind == 0x2C:  # image descriptor: 9 bytes, an optional palette, the code size, then sub-blocks
            frames += 1
            at = _past_blocks(data, at + 11 + _palette(data, at + 9))
        elif kind == 0x21:  # extension: a label, then sub-blocks
            at = _past_blocks(data, at + 2)
        else:
            break
    return max(frames, 1)


def _palette(data: bytes, at: int) -> int:
    flags = data[at] if at < len(data) else 0
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _past_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += data[at] + 1
    return at + 1


def _count_tiff(data: bytes, most: int) -> int:
    """Count the directories of a TIFF (TIFF 6.0, section 2; BigTIFF widens the fields); a loop ends the count."""
    order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
    big = int.from_bytes(data[2:4], order) == 43
    count_width, entry, pointer, first = (8, 20, 8, 8) if big else (2, 12, 4, 4)
    seen: set[int] = set()
    at = int.from_bytes(data[first : first + pointer], order)
    while at and at < len(data) and at not in seen and len(seen) < most:
        seen.add(at)
        end = at + count_width + entry * int.from_bytes(data[at : at + count_width], order)
        at = int.from_bytes(data[end : end + pointer], order)
    return max(len(seen), 1)
