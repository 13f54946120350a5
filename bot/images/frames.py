"""What a file holds by its structure alone: frames, scans, its end; without decoding and never beyond a bound."""

from __future__ import annotations

import re
from typing import Final, Literal

from PIL import GifImagePlugin, ImageFile, TiffImagePlugin

_MARKER: Final = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
"""A JPEG marker in coded data, where stuffed zeros and restarts are not markers (ITU-T T.81, B.1.1.2)."""
_END, _SCAN = 0xD9, 0xDA
_ALONE: Final = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})
"""Markers without a segment after them (T.81, table B.1)."""

_MOST_BOXES: Final = 100
"""Boxes of one HEIC or AVIF file that are walked past; cameras write three or four."""

_MOST_BLOCKS: Final = 200_000
"""Sub-blocks of one GIF that are walked past while counting: 50 MB of full ones; a count ends there."""


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
    frames, blocks = 0, _MOST_BLOCKS
    at = 13 + _palette(data, 10)
    while frames < most and blocks > 0 and at < len(data):
        kind = data[at]
        if kind == 0x2C:  # image descriptor: 9 bytes, an optional palette, the code size, then sub-blocks
            frames += 1
            at, blocks = _past_blocks(data, at + 11 + _palette(data, at + 9), blocks)
        elif kind == 0x21:  # extension: a label, then sub-blocks
            at, blocks = _past_blocks(data, at + 2, blocks)
        else:
            break
    return max(frames, 1)


def count_scans(data: bytes, most: int) -> int:
    """Count the scans of a JPEG by its markers (T.81, B.2), up to `most`.

    What stands in other segments (a thumbnail) or after the end (a phone's clip, further pictures) is not counted.
    """
    scans, at = 0, 2
    while scans < most:
        found = _MARKER.search(data, at)
        if found is None or found[1][0] == _END:
            break
        at = found.end()
        if found[1][0] not in _ALONE:
            scans += found[1][0] == _SCAN
            at += int.from_bytes(data[at : at + 2], "big")
    return scans


def has_end(data: bytes) -> bool | None:
    """Tell whether a picture's file has its end, by the mark or the length that its format states; None if unknown.

    A JPEG ends in EOI (T.81, B.2.1), a PNG in the chunk IEND, a GIF in a trailer; WebP (RIFF) and BMP state their
    length, the boxes of HEIC and AVIF each its own (ISO/IEC 14496-12, 4.2). What was put after the end does not matter,
    except after a GIF's, whose mark is a single byte.
    """
    if data[:2] == b"\xff\xd8":
        return data.rfind(b"\xff\xd9") > max(data.rfind(b"\xff\xda"), 1)
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return b"IEND" in data
    if data[:4] == b"GIF8":
        return data.rstrip(b"\0").endswith(b";")
    if data[:4] == b"RIFF":
        return int.from_bytes(data[4:8], "little") + 8 <= len(data)
    if data[:2] == b"BM":
        return int.from_bytes(data[2:6], "little") <= len(data)
    if data[4:8] == b"ftyp":
        return _boxes_end(data)
    return None


def _boxes_end(data: bytes) -> bool:
    """Tell whether the boxes of a file, up to the one with its pixels, lie within it."""
    at = 0
    for _ in range(_MOST_BOXES):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if size == 1:  # the size stands behind the kind, in 64 bits
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        elif size == 0:  # to the end of the file
            return True
        if size < 8 or at + size > len(data):
            return False
        at += size
        if kind == b"mdat":
            return True
    return False


def _palette(data: bytes, at: int) -> int:
    flags = data[at] if at < len(data) else 0
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _past_blocks(data: bytes, at: int, blocks: int) -> tuple[int, int]:
    """Return the place after a run of sub-blocks, and how many more may be walked past."""
    while at < len(data) and data[at] and blocks > 0:
        at += data[at] + 1
        blocks -= 1
    return at + 1, blocks - 1


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
