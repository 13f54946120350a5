"""The eight ways a rectangle can be laid down: four quarter turns, each as it is or mirrored."""

from __future__ import annotations

from enum import Enum
from typing import Final

from PIL import Image

from storage.records import Point, Polygon, Relation


class Orientation(Enum):
    """How a picture differs from another: first mirrored left to right or not, then turned clockwise in quarters.

    The value is `(mirrored, quarter turns clockwise)`.
    """

    UPRIGHT = (False, 0)
    CLOCKWISE = (False, 1)
    HALF_TURN = (False, 2)
    COUNTERCLOCKWISE = (False, 3)
    MIRRORED = (True, 0)
    MIRRORED_CLOCKWISE = (True, 1)
    MIRRORED_TOP_TO_BOTTOM = (True, 2)
    MIRRORED_COUNTERCLOCKWISE = (True, 3)

    @property
    def words(self) -> str:
        """Say it to a reporter; empty where nothing differs."""
        return _WORDS[self]

    @property
    def relation(self) -> Relation:
        """Name it in the vocabulary: any quarter or half turn is *rotated*, mirrored or not."""
        if self in (Orientation.MIRRORED, Orientation.MIRRORED_TOP_TO_BOTTOM):
            return Relation.MIRRORED
        return Relation.NEAR if self is Orientation.UPRIGHT else Relation.ROTATED

    @property
    def swaps_sides(self) -> bool:
        """Whether width and height change places."""
        return self.value[1] % 2 == 1

    def undo(self, image: Image.Image) -> Image.Image:
        """Lay a picture that differs in this way like the other one."""
        operation = _UNDO[self]
        return image if operation is None else image.transpose(operation)

    def corners(self, width: float, height: float) -> Polygon:
        """Return the other picture's corners, of that width and height, in the order of this one's corners.

        This picture's are taken clockwise from its top left; the n-th corner of one lies on the n-th of the other.
        """
        mirrored, quarters = self.value
        ring: tuple[Point, ...] = ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
        if mirrored:
            ring = (ring[1], ring[0], ring[3], ring[2])
        return tuple(ring[(place - quarters) % 4] for place in range(4))


_WORDS: Final = {
    Orientation.UPRIGHT: "",
    Orientation.CLOCKWISE: "turned 90° clockwise",
    Orientation.HALF_TURN: "turned upside down",
    Orientation.COUNTERCLOCKWISE: "turned 90° counter-clockwise",
    Orientation.MIRRORED: "mirrored left to right",
    Orientation.MIRRORED_CLOCKWISE: "mirrored and turned 90° clockwise",
    Orientation.MIRRORED_TOP_TO_BOTTOM: "mirrored top to bottom",
    Orientation.MIRRORED_COUNTERCLOCKWISE: "mirrored and turned 90° counter-clockwise",
}

_UNDO: Final = {
    Orientation.UPRIGHT: None,
    Orientation.CLOCKWISE: Image.Transpose.ROTATE_90,
    Orientation.HALF_TURN: Image.Transpose.ROTATE_180,
    Orientation.COUNTERCLOCKWISE: Image.Transpose.ROTATE_270,
    Orientation.MIRRORED: Image.Transpose.FLIP_LEFT_RIGHT,
    Orientation.MIRRORED_CLOCKWISE: Image.Transpose.TRANSVERSE,
    Orientation.MIRRORED_TOP_TO_BOTTOM: Image.Transpose.FLIP_TOP_BOTTOM,
    Orientation.MIRRORED_COUNTERCLOCKWISE: Image.Transpose.TRANSPOSE,
}
