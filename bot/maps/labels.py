"""Where labels stand on a map: near what they name, in the frame, on nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_DISTANCES: Final = (14.0, 34.0, 64.0, 104.0, 154.0, 214.0, 284.0)
"""Pixels from the edge of what is named to its label: the nearest that is free is taken."""

_SIDES: Final = tuple(math.pi * eighth / 8 for eighth in (0, 8, 4, 12, 2, 6, 14, 10, 1, 7, 9, 15, 3, 5, 11, 13))
"""Directions that are tried: right, left, below, above, then those between."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label that is looked for a place: at what, how far around it to keep clear, how large it is.

    `within` is set of an area, which has room for its label in the middle.
    """

    at: Point
    clear: float
    width: float
    height: float
    within: bool = False


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share anything."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def placed(wanted: Sequence[Wanted], frame: Box, taken: Iterable[Box] = ()) -> list[Box]:
    """Give each label a box in the frame, in their order; where nothing is free, the box that covers least."""
    stands = list(taken)
    boxes = []
    for label in wanted:
        best, least = None, math.inf
        for box in _candidates(label, frame):
            covered = sum(_shared(box, other) for other in stands)
            if covered < least:
                best, least = box, covered
            if covered == 0:
                break
        box = best or _inside(_box(label, label.at), frame)
        boxes.append(box)
        stands.append(box)
    return boxes


def _candidates(label: Wanted, frame: Box) -> Iterator[Box]:
    x, y = label.at
    if label.within:
        yield _inside(_box(label, label.at), frame)
    for distance in _DISTANCES:
        for turn in _SIDES:
            across, down = math.cos(turn), math.sin(turn)
            reach = label.clear + distance
            # from the edge of the label that faces what it names
            middle = (x + across * (reach + label.width / 2), y + down * (reach + label.height / 2))
            box = _box(label, middle)
            if frame[0] <= box[0] and box[2] <= frame[2] and frame[1] <= box[1] and box[3] <= frame[3]:
                yield box


def _box(label: Wanted, middle: Point) -> Box:
    across, down = label.width / 2, label.height / 2
    return middle[0] - across, middle[1] - down, middle[0] + across, middle[1] + down


def _inside(box: Box, frame: Box) -> Box:
    """Move a box into the frame, its beginning at least."""
    across = max(frame[0] - box[0], min(0.0, frame[2] - box[2]))
    down = max(frame[1] - box[1], min(0.0, frame[3] - box[3]))
    return box[0] + across, box[1] + down, box[2] + across, box[3] + down


def _shared(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0.0
