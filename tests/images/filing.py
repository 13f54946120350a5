"""Pictures as an archive files them: quickly made, each another one, with IPTC fields written here."""

from __future__ import annotations

import struct

import cv2
import numpy as np

UTF8 = (1, 90, b"\x1b%G")
"""What declares that the texts of a block are UTF-8 (IIM 4.2, 1:90)."""


def iim(*datasets: tuple[int, int, bytes]) -> bytes:
    """An IPTC-IIM block of (record, dataset, value) as a JPEG's APP13 segment (IIM 4.2, 1.5; Photoshop's 8BIM)."""
    parts = (struct.pack(">BBBH", 0x1C, record, number, len(value)) + value for record, number, value in datasets)
    block = b"".join(parts)
    resource = b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(block)) + block + b"\0" * (len(block) % 2)
    body = b"Photoshop 3.0\0" + resource
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def filed(jpeg: bytes, *datasets: tuple[int, int, bytes]) -> bytes:
    """A JPEG with an IPTC-IIM block."""
    return jpeg[:2] + iim(*datasets) + jpeg[2:]


def quick(seed: int, width: int, height: int) -> bytes:
    """A JPEG of patches and edges in every size, drawn within milliseconds; no two seeds share anything."""
    random = np.random.default_rng(seed)
    canvas = np.zeros((height, width, 3), np.float32)
    for cells in (3, 9, 27, 81):
        patches = random.uniform(0, 255, (cells, cells + 1, 3)).astype(np.float32)
        canvas += cv2.resize(patches, (width, height), interpolation=cv2.INTER_CUBIC) * (1.6 / (1 + cells**0.5))
    for _ in range(60):
        (x, y), side = random.uniform(0, (width, height)), random.uniform(0.01, 0.12) * width
        colour = [float(value) for value in random.uniform(0, 255, 3)]
        cv2.rectangle(canvas, (int(x), int(y)), (int(x + side), int(y + side / 2)), colour, -1)
    canvas += random.normal(0, 4, (height, width, 1)).astype(np.float32)
    pixels = np.clip(canvas, 0, 255).astype(np.uint8)
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()
