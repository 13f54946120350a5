"""The families of edits, each with its target, and how a query of each is made from a scene."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from tests.bench.reuse import edits
from tests.bench.reuse.frames import FrameTemplate, frame_templates
from tests.bench.reuse.pages import PageTemplate, page, page_templates
from tests.bench.reuse.scenes import Half, Scene, saved

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class World:
    """What edits draw from besides the scene itself.

    Attributes:
        half: whose templates are used.
        furniture: faces and small pictures of pages, from photographs that are neither stored nor asked for.
        company: scenes of strangers, beside or behind the scene in collages and grids; never stored.
    """

    half: Half
    furniture: Sequence[Image.Image]
    company: Sequence[Image.Image]

    def stranger(self, rng: Rng) -> Image.Image:
        """Choose one of the company."""
        return self.company[int(rng.integers(len(self.company)))]

    def pages(self, kind: str) -> list[PageTemplate]:
        """Name the page templates of this half."""
        return page_templates(self.half, kind)

    def frames(self, kind: str) -> list[FrameTemplate]:
        """Name the frame templates of this half."""
        return frame_templates(self.half, kind)


Make = Callable[[Image.Image, Rng, World], Image.Image]


@dataclass(frozen=True, slots=True)
class Family:
    """One row of the table.

    Attributes:
        name: as it stands there.
        make: makes the query's pixels.
        point: recall@1 that is promised, None where nothing is.
        bound: lower 95 % bound that is promised, None where none is.
    """

    name: str
    make: Make
    point: float | None
    bound: float | None = None

    def query(self, scene: Scene, draw: int, world: World, seed: int) -> bytes:
        """Return the file that is looked up: the edit of this scene in one of its draws, always the same."""
        key = zlib.crc32(f"{self.name}/{scene.name}/{draw}".encode())
        rng = np.random.default_rng((seed, key))
        image = self.make(scene.image, rng, world)
        return saved(image, int(rng.integers(70, 93)))


def _alone(edit: edits.Edit) -> Make:
    return lambda image, rng, _world: edit(image, rng)


def _page(kind: str) -> Make:
    def make(image: Image.Image, rng: Rng, world: World) -> Image.Image:
        templates = world.pages(kind)
        return page(templates[int(rng.integers(len(templates)))], image, rng, world.furniture)

    return make


def _frame(kind: str) -> Make:
    def make(image: Image.Image, rng: Rng, world: World) -> Image.Image:
        templates = world.frames(kind)
        return templates[int(rng.integers(len(templates)))].draw(image, rng)

    return make


def _collage(image: Image.Image, rng: Rng, world: World) -> Image.Image:
    """The scene at 35 to 60 % of the side of a stranger that it is laid upon, in every second one with a white edge."""
    ground = world.stranger(rng)
    ground = ImageOps.fit(ground, (1000, round(1000 * ground.height / ground.width)), Image.Resampling.LANCZOS)
    share = float(rng.uniform(0.35, 0.6))
    small = ImageOps.contain(image, (round(ground.width * share), round(ground.height * share)))
    small = ImageOps.expand(small, 6, "white") if rng.random() < 0.5 else small
    place = (int(rng.integers(ground.width - small.width + 1)), int(rng.integers(ground.height - small.height + 1)))
    ground.paste(small, place)
    return ground


def _grid(cells: Sequence[tuple[float, float, float, float]]) -> Make:
    """Cells as left, top, width and height in parts of a square sheet; the scene stands in one of them, cut to it."""

    def make(image: Image.Image, rng: Rng, world: World) -> Image.Image:
        side, gap = 1080, int(rng.integers(0, 13))
        sheet = Image.new("RGB", (side, side), "white" if rng.random() < 0.7 else "black")
        chosen = int(rng.integers(len(cells)))
        for number, (left, top, wide, high) in enumerate(cells):
            picture = image if number == chosen else world.stranger(rng)
            size = (max(1, round(wide * side) - gap), max(1, round(high * side) - gap))
            fitted = ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
            sheet.paste(fitted, (round(left * side) + gap // 2, round(top * side) + gap // 2))
        return sheet

    return make


_STEPS: tuple[tuple[Make, ...], ...] = (
    tuple(_alone(edits.cropped(share)) for share in (0.9, 0.7, 0.5)),
    (_alone(edits.recoloured), _alone(edits.grey), _alone(edits.blurred)),
    (_alone(edits.mirrored), _alone(edits.turned), _alone(edits.rotated)),
    (_alone(edits.text_over), _alone(edits.emoji_over), _frame("watermark"), _frame("meme"), _alone(edits.bordered)),
    (_page("web"), _page("phone"), _page("post"), _collage, _alone(edits.screen_photo)),
    (_alone(edits.recompressed), _alone(edits.resized)),
)
"""What a sender does, in the order in which it happens; a chain takes one edit from each of two or three of these."""


def _chain(length: int) -> Make:
    def make(image: Image.Image, rng: Rng, world: World) -> Image.Image:
        for step in sorted(rng.permutation(len(_STEPS))[:length].tolist()):
            choices = _STEPS[step]
            image = choices[int(rng.integers(len(choices)))](image, rng, world)
        return image

    return make


_HALVES = ((0.0, 0.0, 0.5, 0.5), (0.5, 0.0, 0.5, 0.5), (0.0, 0.5, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5))
_ONE_AND_TWO = ((0.0, 0.0, 1.0, 0.6), (0.0, 0.6, 0.5, 0.4), (0.5, 0.6, 0.5, 0.4))

FAMILIES: tuple[Family, ...] = (
    *(
        Family(name, make, 0.995, 0.985)
        for name, make in (
            ("recompressed", _alone(edits.recompressed)),
            ("resized", _alone(edits.resized)),
            ("recoloured", _alone(edits.recoloured)),
            ("grey", _alone(edits.grey)),
            ("blurred", _alone(edits.blurred)),
            ("mirrored", _alone(edits.mirrored)),
            ("turned 90°", _alone(edits.turned)),
            ("bordered", _alone(edits.bordered)),
            ("captioned", _frame("meme")),
            ("watermarked", _frame("watermark")),
            ("text over it", _alone(edits.text_over)),
            ("emoji over it", _alone(edits.emoji_over)),
        )
    ),
    Family("cropped to 90 %", _alone(edits.cropped(0.9)), 0.99),
    Family("cropped to 70 %", _alone(edits.cropped(0.7)), 0.99),
    Family("cropped to 50 %", _alone(edits.cropped(0.5)), 0.98),
    Family("cropped to 30 %", _alone(edits.cropped(0.3)), 0.95),
    Family("rotated 5°", _alone(edits.rotated), 0.99),
    Family("photo of a screen", _alone(edits.screen_photo), 0.97),
    Family("web screenshot", _page("web"), 0.98),
    Family("phone screenshot", _page("phone"), 0.98),
    Family("post screenshot", _page("post"), 0.98),
    Family("collage", _collage, 0.98),
    Family("grid 2×2", _grid(_HALVES), 0.98),
    Family("grid 1+2", _grid(_ONE_AND_TWO), 0.98),
    Family("news channel's frame", _frame("news"), None),
    Family("two edits chained", _chain(2), 0.95),
    Family("three edits chained", _chain(3), 0.92),
)
PAGE_AGAINST_PAGE = "page against page"
"""The row of queries that show, in a page, a photograph which the store holds only within another page."""
