"""Stored points drawn by chance, as an index asks a store for them."""

from __future__ import annotations

import numpy as np

from bot.images.features import POINT


class Rows:
    """Stored points, by rising sequence numbers."""

    def __init__(self, rows: list[tuple[int, str, bytes]]) -> None:
        self.rows = rows

    def newest(self) -> int:
        """The highest number."""
        return max(seq for seq, _, _ in self.rows)

    def names(self, above: int, upto: int) -> list[tuple[int, str]]:
        """Names in a range."""
        return [(seq, sha256) for seq, sha256, _ in self.rows if above < seq <= upto]

    def points(self, above: int, upto: int, limit: int) -> list[tuple[int, str, bytes]]:
        """Points in a range."""
        return [row for row in self.rows if above < row[0] <= upto][:limit]


def some_points(seed: int) -> bytes:
    """Points drawn by chance, eight of them."""
    random = np.random.default_rng(seed)
    points = np.zeros(8, POINT)
    points["descriptor"] = random.integers(-60, 60, points["descriptor"].shape)
    return points.tobytes()
