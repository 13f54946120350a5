"""How one picture differs from another that it is a copy of, measured on the two laid over each other, in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from bot.images.view import BLOCKS, EDGE

Channels = npt.NDArray[np.float32]
Luminance = npt.NDArray[np.float32]

LOSSY: Final = frozenset({"image/jpeg", "image/webp", "image/avif"})

_BRIGHTNESS: Final = 6.0
"""Levels of 255 in the mean from which a picture is called darker or brighter."""
_CONTRAST: Final = 1.15
"""Ratio of standard deviations from which it has more or less contrast."""
_COLOURLESS: Final = 0.25
"""Part of the other's spread of colour below which a picture has lost its colours."""
_COLOURED: Final = 3.0
"""Spread of colour, in levels, from which a picture has colours at all."""
_STRENGTH: Final = 1.3
"""Ratio of the spreads of colour from which colours are stronger or paler."""
_SHIFT: Final = 5.0
"""Levels by which the mean colour moves before it is called shifted."""
_HUES: Final = 0.6
"""Correlation of the colours point by point below which they are shifted though their mean is not. On 161 scenes hues
turned by 60° left at most 0.55, compression at quality 10 more than 0.66 in 99 of 100."""
_SHARPNESS: Final = 0.6
"""Part of the other's fine detail, relative to contrast, below which a picture is called blurred. On 30 pictures no
change of size, tone or compression (quality 10 and up) took more than a quarter of it; a blur of 3 pixels in 640 takes
half."""
_SHAPE: Final = 0.02
"""Relative change of width against height from which the shape has changed; rounding to pixels stays below it."""
_NOISE: Final = 0.3
"""Root mean square difference, in levels, from which two decoded pictures are not the same pixels."""
_CLIPPED: Final = 5
"""Levels from black and white within which a tone may have been cut off."""
_FOREIGN: Final = 20.0
"""Root mean square difference of a block after its tone is fitted, from which something else is to be seen there."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two pictures laid over each other.

    Attributes:
        image: its view, laid like the other's.
        width: of the file, in pixels, as it is shown.
        height: likewise.
        turned: whether it lies on its side compared with the other.
        media_type: decides whether compression is lossy.
        byte_size: of the file.
    """

    image: Image.Image
    width: int
    height: int
    turned: bool
    media_type: str
    byte_size: int


def differences(query: Side, match: Side, differing: npt.NDArray[np.bool_]) -> list[str]:
    """Say how `query` differs from `match`, apart from its orientation; empty where nothing measurable does.

    `differing` marks the blocks whose patterns do not agree.
    """
    ours, theirs = _channels(query.image), _channels(match.image)
    found = [_size(query, match), *_tones(ours, theirs), _colours(ours, theirs), _detail(query, match, ours, theirs)]
    found += [_compression(query, match, ours, theirs), _foreign(ours[0], theirs[0], differing)]
    return [words for words in found if words]


def _channels(image: Image.Image) -> Channels:
    """Split into luminance and two colour differences (ITU-R BT.601, as in JPEG)."""
    return np.asarray(image.convert("YCbCr"), dtype=np.float32).transpose(2, 0, 1)


def _size(query: Side, match: Side) -> str:
    across, down = (query.height, query.width) if query.turned else (query.width, query.height)
    if (across, down) == (match.width, match.height):
        return ""
    sizes = f"({query.width}×{query.height} against {match.width}×{match.height})"
    stretch = math.log(across * match.height / (down * match.width))
    rounding = 1.0 / min(across, down) + 1.0 / min(match.width, match.height)
    if abs(stretch) > max(_SHAPE, rounding):
        return f"stretched to another shape {sizes}"
    return f"{'smaller' if across * down < match.width * match.height else 'larger'} {sizes}"


def _tones(ours: Channels, theirs: Channels) -> list[str]:
    found = []
    shift = float(ours[0].mean() - theirs[0].mean())
    if abs(shift) >= _BRIGHTNESS:
        found.append("brighter" if shift > 0 else "darker")
    ratio = float(ours[0].std()) / max(float(theirs[0].std()), 1e-6)
    if ratio >= _CONTRAST:
        found.append("with more contrast")
    elif ratio <= 1 / _CONTRAST:
        found.append("with less contrast")
    return found


def _colours(ours: Channels, theirs: Channels) -> str:
    our_spread, their_spread = (float(np.hypot(side[1].std(), side[2].std())) for side in (ours, theirs))
    our_mean, their_mean = ((float(side[1].mean()) - 128, float(side[2].mean()) - 128) for side in (ours, theirs))
    if their_spread >= _COLOURED and our_spread < _COLOURLESS * their_spread:
        return "tinted in one colour" if math.hypot(*our_mean) >= _SHIFT else "without colour"
    if our_spread >= _COLOURED and their_spread < _COLOURLESS * our_spread:
        return "in colour where the other has none"
    gain = float(ours[0].std()) / max(float(theirs[0].std()), 1e-6)
    ratio = our_spread / max(their_spread, 1e-6)
    if _off_the_ray(our_mean, their_mean, (1.0, gain, ratio)) >= _SHIFT:
        return "with its colours shifted"
    if min(our_spread, their_spread) >= _COLOURED and _same_hues(ours[1:], theirs[1:]) < _HUES:
        return "with its colours shifted"
    if max(our_spread, their_spread) >= _COLOURED:
        if ratio >= _STRENGTH:
            return "with stronger colours"
        if ratio <= 1 / _STRENGTH:
            return "with paler colours"
    return ""


def _off_the_ray(ours: tuple[float, float], theirs: tuple[float, float], factors: tuple[float, ...]) -> float:
    """Say how far a mean colour lies from where stronger or weaker colours put it, in levels.

    Differences of colour grow with contrast and with strength by themselves: that is no shift. The factors are measured
    on tones that may have been cut off, so half as much again is allowed.
    """
    length = theirs[0] ** 2 + theirs[1] ** 2
    along = (ours[0] * theirs[0] + ours[1] * theirs[1]) / max(length, 1e-6)
    factor = min(max(along, min(factors) / 1.5), max(factors) * 1.5)
    return math.dist(ours, (theirs[0] * factor, theirs[1] * factor))


def _same_hues(ours: Channels, theirs: Channels) -> float:
    """Correlate two pictures' colour differences, point by point: the cosine of the angle by which hues were turned."""
    ours, theirs = (side - side.mean(axis=(1, 2), keepdims=True) for side in (ours, theirs))
    return float((ours * theirs).sum() / np.sqrt((ours**2).sum() * (theirs**2).sum()))


def _detail(query: Side, match: Side, ours: Channels, theirs: Channels) -> str:
    if min(query.width, query.height, match.width, match.height) < EDGE:
        return ""  # the view of the smaller one is an enlargement, soft by itself
    return "blurred" if _fine(ours[0]) < _SHARPNESS * _fine(theirs[0]) else ""


def _fine(luminance: Luminance) -> float:
    """Measure the finest detail (the Laplacian), relative to contrast, so that a change of tone does not count."""
    beside = luminance[:-2, 1:-1] + luminance[2:, 1:-1] + luminance[1:-1, :-2] + luminance[1:-1, 2:]
    return float(np.abs(4 * luminance[1:-1, 1:-1] - beside).mean()) / max(float(luminance.std()), 1e-6)


def _compression(query: Side, match: Side, ours: Channels, theirs: Channels) -> str:
    if not {query.media_type, match.media_type} & LOSSY or float(np.sqrt(((ours - theirs) ** 2).mean())) < _NOISE:
        return ""
    harder = query.byte_size / (query.width * query.height) < match.byte_size / (match.width * match.height)
    return "recompressed" if query.media_type in LOSSY and harder else "compressed differently"


def _foreign(ours: Luminance, theirs: Luminance, differing: npt.NDArray[np.bool_]) -> str:
    """Say where something else is to be seen, once brightness, contrast and clipping are accounted for."""
    open_tones = (ours > _CLIPPED) & (ours < 255 - _CLIPPED)
    if open_tones.mean() < 0.1 or not differing.any():
        return ""
    if float(theirs[open_tones].std()) < _NOISE:  # one tone: there is no line to fit
        return ""
    gain, offset = np.polyfit(theirs[open_tones], ours[open_tones], 1)
    residual = (ours - np.clip(gain * theirs + offset, 0, 255)) ** 2
    side = EDGE // BLOCKS
    blocks = np.sqrt(residual.reshape(BLOCKS, side, BLOCKS, side).mean(axis=(1, 3)))
    foreign = differing & (blocks >= _FOREIGN)
    if not foreign.any():
        return ""
    rows, columns = (float(places.mean()) / (BLOCKS - 1) for places in np.nonzero(foreign))
    down = "top" if rows < 0.35 else "bottom" if rows > 0.65 else ""
    across = "left" if columns < 0.35 else "right" if columns > 0.65 else ""
    where = f"at the {down} {across}".strip() if down else f"on the {across}" if across else "in the middle"
    return f"something else is to be seen in {100 * foreign.mean():.0f} % of the frame, {where}"
