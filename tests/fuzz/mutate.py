"""Damage done to files: the same for the same seed and number, so that every case can be had again."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Mapping

_NUMBERS = (0, 1, 2, 3, 8, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_WIDTHS = ((">B", 1), (">H", 2), ("<H", 2), (">I", 4), ("<I", 4), (">Q", 8), ("<Q", 8))
_HEAD = 400
"""Bytes at the beginning in which half of the damage is done: formats are described there."""
LARGEST = 2_000_000
"""Bytes that a case may grow to."""


def case(run: int, number: int, files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """Return the name of the file that a case began as, and its bytes."""
    choose = random.Random(f"{run}:{number}")
    name = choose.choice(sorted(files))
    data = bytearray(files[name])
    for _ in range(choose.choice((1, 1, 2, 3, 5, 12))):
        choose.choice((_flip, _number, _number, _noise, _drop, _repeat, _swell, _cut, _splice))(choose, data, files)
        del data[LARGEST:]
    if choose.random() < 0.7:
        _mend_png(data)
    return name, bytes(data)


def _place(choose: random.Random, data: bytearray) -> int:
    most = min(len(data), _HEAD) if choose.random() < 0.5 else len(data)
    return choose.randrange(most) if most else 0


def _flip(choose: random.Random, data: bytearray, _files: Mapping[str, bytes]) -> None:
    if data:
        data[_place(choose, data)] ^= 1 << choose.randrange(8)


def _number(choose: random.Random, data: bytearray, _files: Mapping[str, bytes]) -> None:
    """Write a number at which counts and lengths go wrong."""
    form, width = choose.choice(_WIDTHS)
    at = _place(choose, data)
    value = (choose.choice(_NUMBERS) + choose.choice((0, 0, -1, 1))) % 256**width
    data[at : at + width] = struct.pack(form, value)


def _noise(choose: random.Random, data: bytearray, _files: Mapping[str, bytes]) -> None:
    at = _place(choose, data)
    data[at : at + choose.randrange(16)] = choose.randbytes(choose.randrange(16))


def _drop(choose: random.Random, data: bytearray, _files: Mapping[str, bytes]) -> None:
    at = _place(choose, data)
    del data[at : at + choose.choice((1, 4, 40, 400))]


def _repeat(choose: random.Random, data: bytearray, _files: Mapping[str, bytes]) -> None:
    at = _place(choose, data)
    part = data[at : at + choose.choice((1, 4, 12, 60, 600))]
    data[at:at] = part * choose.choice((1, 2, 10, 1000))


def _swell(choose: random.Random, data: bytearray, _files: Mapping[str, bytes]) -> None:
    """Make a stated length larger by a little, in place."""
    at = _place(choose, data)
    field = data[at : at + 4]
    if len(field) == 4:
        data[at : at + 4] = struct.pack(">I", (struct.unpack(">I", field)[0] + choose.randrange(1, 70_000)) % 2**32)


def _cut(choose: random.Random, data: bytearray, _files: Mapping[str, bytes]) -> None:
    if choose.random() < 0.3:
        del data[_place(choose, data) :]


def _splice(choose: random.Random, data: bytearray, files: Mapping[str, bytes]) -> None:
    """Put a piece of another file in."""
    other = files[choose.choice(sorted(files))]
    start = choose.randrange(len(other))
    at = _place(choose, data)
    data[at : at + choose.choice((0, 50))] = other[start : start + choose.choice((20, 200, 2000))]


def _mend_png(data: bytearray) -> None:
    """Set the checksums of a PNG's chunks right, so that the damage is not turned away at the door."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return
    at = 8
    while at + 12 <= len(data):
        end = at + 8 + struct.unpack(">I", data[at : at + 4])[0]
        if end + 4 > len(data):
            return
        data[end : end + 4] = struct.pack(">I", zlib.crc32(data[at + 4 : end]))
        at = end + 4
