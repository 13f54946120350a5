"""Pieces of photographs with all that the store keeps of them, made once and kept in the bench's cache folder."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.images.features import VERSION
from storage.records import Image
from tests.bench.reuse import fetch
from tests.bench.reuse.engine import WHEN, prepared_or_refused
from tests.bench.reuse.scenes import Photograph, opened, piece, saved

OF_EACH = 31
"""Pieces of one photograph in one part: a prime, so that parts and batches are never in step."""

Piece = tuple[bytes, Image]
"""A file and its record, points included."""


class _Part(NamedTuple):
    path: Path
    seed: tuple[int, int]
    file: Path


def cuts(photos: Sequence[Photograph], count: int, seed: int, name: str, processes: int) -> Iterator[list[Piece]]:
    """Give pieces of the photographs, all photographs in turn, a part at a time; what is not kept yet is made.

    Args:
        photos: what is cut up.
        count: pieces in all, those left out that cannot be looked up.
        seed: of every choice.
        name: of the photographs as a whole; pieces are kept by it.
        processes: that cut and prepare.
    """
    folder = fetch.cache() / "cuts" / f"{VERSION.replace('/', '-')}-{name}-{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"))
    with pool:
        given = number = 0
        while given < count:
            missing = -(-(count - given) // OF_EACH)
            parts = [
                _Part(photo.path, (seed, place), folder / f"{place:05d}")
                for place, photo in enumerate(photos[:missing], number)
            ]
            number += len(parts)
            for part in pool.map(_made, parts):
                pieces = pickle.loads(part.read_bytes())[: count - given]
                given += len(pieces)
                print(f"{given:,} pieces", end="\r", file=sys.stderr)
                if pieces:
                    yield pieces


def _made(part: _Part) -> Path:
    """Make a part unless it is there."""
    if not part.file.exists():
        rng = np.random.default_rng(part.seed)
        whole = opened(part.path)
        files = [] if whole is None else [saved(piece(whole, rng), 88) for _ in range(OF_EACH)]
        prepared = [(data, prepared_or_refused(data)[0]) for data in files]
        pieces = [(data, one.record(WHEN)) for data, one in prepared if one is not None and one.usable]
        half = part.file.with_suffix(f".{os.getpid()}")
        half.write_bytes(pickle.dumps(pieces))
        half.replace(part.file)
    return part.file
