"""What one run stores and asks: scenes, pages, frames, strangers and fillers of one half of the photographs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from tests.bench.reuse.families import World
from tests.bench.reuse.frames import FrameTemplate, frame_templates
from tests.bench.reuse.pages import PageTemplate, page, page_templates
from tests.bench.reuse.scenes import Half, Photograph, Role, Scene, crops, cut, fitted, opened, saved

Template = PageTemplate | FrameTemplate

FURNITURE = 8
"""Photographs of the fillers that stand in the margins of pages, and are therefore never stored."""

HOSTS = 3
"""Of sixteen photographs that are asked for, how many are stored only within pages and frames."""


@dataclass(frozen=True, slots=True)
class Hosted:
    """A scene that is stored within a page or a frame, and nowhere by itself; `words` seeds what stands there."""

    scene: Scene
    template: Template
    words: tuple[int, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Corpus:
    """The pictures of one run.

    Attributes:
        half: whose they are.
        seed: of every choice.
        plain: scenes that are stored as they are.
        hosted: scenes that are stored within a page or frame.
        strangers: scenes that are never stored.
        world: what edits draw from.
        filling: photographs that fillers are cut from.
        drawn: drawn wallpapers, stored as they are.
        pairs: two takes of one scene each; the first is stored.
    """

    half: Half
    seed: int
    plain: tuple[Scene, ...]
    hosted: tuple[Hosted, ...]
    strangers: tuple[Scene, ...]
    world: World
    filling: tuple[Photograph, ...]
    drawn: tuple[Path, ...]
    pairs: tuple[tuple[bytes, bytes], ...]

    def fillers(self, count: int) -> Iterator[Image.Image]:
        """Give pictures to fill the store with: a few drawn wallpapers, then pieces of the filling photographs."""
        drawn = self.drawn[: count // 50]
        for path in drawn:
            image = opened(path)
            if image is not None:
                yield fitted(image, 1024)
        yield from crops(list(self.filling), count - len(drawn), np.random.default_rng(self.seed))


def framed(template: Template, image: Image.Image, rng: np.random.Generator, world: World) -> Image.Image:
    """Put a picture into a page or a frame."""
    if isinstance(template, PageTemplate):
        return page(template, image, rng, world.furniture)
    return template.draw(image, rng)


def corpus(
    photos: Sequence[Photograph],
    drawn: Sequence[Path],
    pairs: Sequence[tuple[Photograph, Photograph]],
    half: Half,
    seed: int,
) -> Corpus:
    """Sort the photographs of one half by what they serve for.

    The store of the tuning half is filled from its own fillers. That of the report half is filled from all photographs
    of the tuning half, which nobody minds knowing; its own fillers are strangers too, so that there are more of them.
    """
    own = [photo for photo in photos if photo.half is half]
    fillers = [photo for photo in own if photo.role is Role.FILLER]
    filling, unknown = fillers[FURNITURE:], [photo for photo in own if photo.role is Role.STRANGER]
    if half is Half.REPORT:
        filling, unknown = [photo for photo in photos if photo.half is Half.TUNING], unknown + filling
    strangers = tuple(scene for photo in unknown for scene in cut(photo))
    furniture = [scene.image for photo in fillers[:FURNITURE] for scene in list(cut(photo))[:2]]
    world = World(half, furniture, [scene.image for scene in strangers])
    asked = [photo for photo in own if photo.role is Role.ASKED]
    plain = tuple(scene for photo in asked if not _hosts(photo) for scene in cut(photo))
    hosts = [scene for photo in asked if _hosts(photo) for scene in cut(photo)]
    return Corpus(
        half,
        seed,
        plain,
        tuple(_hosted(hosts, world, seed)),
        strangers,
        world,
        tuple(filling),
        tuple(drawn),
        tuple((_whole(one), _whole(other)) for one, other in pairs if one.half is half),
    )


def _hosts(photo: Photograph) -> bool:
    return int(photo.sha256[2], 16) < HOSTS


def _hosted(scenes: Sequence[Scene], world: World, seed: int) -> Iterator[Hosted]:
    templates: list[Template] = [*page_templates(world.half), *frame_templates(world.half)]
    for place, scene in enumerate(scenes):
        template, words = templates[place % len(templates)], (seed, 1, place)
        image = framed(template, scene.image, np.random.default_rng(words), world)
        yield Hosted(scene, template, words, saved(image))


def _whole(photo: Photograph) -> bytes:
    image = opened(photo.path)
    assert image is not None
    return saved(fitted(image, 1024))
