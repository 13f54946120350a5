"""Measure what of edited photographs is found, and what strangers raise: `python -m tests.bench.reuse FOLDER...`.

Photographs are cut into scenes that do not overlap, every scene is stored, and each is looked up again after each edit,
through the same `Matcher` that intake and `check` use. No photograph belongs to the project: any folder will do.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from bot.images.decode import PictureRefused, decode
from bot.images.index import HashIndex
from bot.images.reuse import RADIUS, THRESHOLD, Matcher, prepare
from storage.records import Certainty, Relation, Reuse

SCENE = 512
"""Pixels of a scene's longer edge."""
LARGE = 1100
"""Pixels of a photograph's longer edge from which it is cut into three by two scenes."""

Edit = Callable[[Image.Image], bytes]


def saved(image: Image.Image, name: str = "JPEG", quality: int = 80) -> bytes:
    """The bytes of a file."""
    file = io.BytesIO()
    image.save(file, name, quality=quality)
    return file.getvalue()


def resized(image: Image.Image, across: float, down: float, method: Image.Resampling) -> Image.Image:
    """The picture with its sides changed by these factors."""
    return image.resize((max(1, round(image.width * across)), max(1, round(image.height * down))), method)


def curved(image: Image.Image, gamma: float) -> Image.Image:
    """The picture with another gamma."""
    return image.point([round(255 * (tone / 255) ** gamma) for tone in range(256)] * 3)


def hued(image: Image.Image, turn: float) -> Image.Image:
    """The picture with its hues turned by this part of the circle."""
    hue, strength, value = image.convert("HSV").split()
    return Image.merge("HSV", (hue.point(lambda tone: (tone + turn * 256) % 256), strength, value)).convert("RGB")


def sepia(image: Image.Image) -> Image.Image:
    """The picture in browns."""
    dark, light = "#1a130a", "#fff0cc"
    return ImageOps.colorize(image.convert("L"), dark, light)


def pixelated(image: Image.Image, side: int) -> Image.Image:
    """The picture in squares."""
    small = resized(image, 1 / side, 1 / side, Image.Resampling.BOX)
    return small.resize(image.size, Image.Resampling.NEAREST)


def bordered(image: Image.Image, share: float) -> Image.Image:
    """The picture with a white border of this part of its width."""
    return ImageOps.expand(image, round(image.width * share), "white")


def trimmed(image: Image.Image, share: float) -> Image.Image:
    """The middle of the picture, of this part of its area."""
    edge = (1 - share**0.5) / 2
    across, down = round(image.width * edge), round(image.height * edge)
    return image.crop((across, down, image.width - across, image.height - down))


_LANCZOS, _BILINEAR = Image.Resampling.LANCZOS, Image.Resampling.BILINEAR
_TURN = Image.Transpose

EDITS: dict[str, Edit] = {
    "unchanged pixels, as PNG": lambda image: saved(image, "PNG"),
    "as WebP, quality 60": lambda image: saved(image, "WEBP", 60),
    "JPEG quality 50": lambda image: saved(image, quality=50),
    "JPEG quality 30": lambda image: saved(image, quality=30),
    "JPEG quality 10": lambda image: saved(image, quality=10),
    "200 % of the size": lambda image: saved(resized(image, 2, 2, _BILINEAR)),
    "50 % of the size": lambda image: saved(resized(image, 0.5, 0.5, _LANCZOS)),
    "25 % of the size": lambda image: saved(resized(image, 0.25, 0.25, _LANCZOS)),
    "another shape (75 % as high)": lambda image: saved(resized(image, 1, 0.75, _LANCZOS)),
    "grey": lambda image: saved(image.convert("L")),
    "sepia": lambda image: saved(sepia(image)),
    "hue turned by 60°": lambda image: saved(hued(image, 1 / 6)),
    "colours × 1.8": lambda image: saved(ImageEnhance.Color(image).enhance(1.8)),
    "brightness × 0.6": lambda image: saved(ImageEnhance.Brightness(image).enhance(0.6)),
    "brightness × 1.4": lambda image: saved(ImageEnhance.Brightness(image).enhance(1.4)),
    "contrast × 0.5": lambda image: saved(ImageEnhance.Contrast(image).enhance(0.5)),
    "contrast × 1.5": lambda image: saved(ImageEnhance.Contrast(image).enhance(1.5)),
    "gamma 0.6": lambda image: saved(curved(image, 0.6)),
    "gamma 1.7": lambda image: saved(curved(image, 1.7)),
    "blur of 3 pixels": lambda image: saved(image.filter(ImageFilter.GaussianBlur(3))),
    "squares of 8 pixels": lambda image: saved(pixelated(image, 8)),
    "border of 1 %": lambda image: saved(bordered(image, 0.01)),
    "border of 2 %": lambda image: saved(bordered(image, 0.02)),
    "mirrored": lambda image: saved(image.transpose(_TURN.FLIP_LEFT_RIGHT)),
    "turned 90°": lambda image: saved(image.transpose(_TURN.ROTATE_270)),
    "turned 180°": lambda image: saved(image.transpose(_TURN.ROTATE_180)),
    "turned 270°": lambda image: saved(image.transpose(_TURN.ROTATE_90)),
    "mirrored, turned 90°, quality 30": lambda image: saved(image.transpose(_TURN.TRANSPOSE), quality=30),
    "mirrored, grey, 50 %, quality 30": lambda image: saved(
        resized(ImageOps.mirror(image.convert("L")), 0.5, 0.5, _LANCZOS), quality=30
    ),
    "cropped to 95 % of the area (not promised)": lambda image: saved(trimmed(image, 0.95)),
    "cropped to 90 % of the area (not promised)": lambda image: saved(trimmed(image, 0.9)),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A part of a photograph, with the part beside it that shares a quarter of it, where there is one."""

    photo: str
    image: Image.Image
    beside: Image.Image | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored scene."""

    scene: Scene
    sha256: str
    usable: bool


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.reuse", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="+", type=Path, help="folders of photographs, searched to the bottom")
    found = [path for folder in parser.parse_args(arguments).folder for path in sorted(folder.rglob("*"))]
    scenes = [scene for path in found if path.is_file() for scene in cut(path)]
    print("\n".join(Run(scenes).report()))


def cut(path: Path) -> Iterator[Scene]:
    """Cut a photograph into scenes; a small one is one scene, and what is no picture is none."""
    try:
        photo = decode(path.read_bytes()).pixels
    except PictureRefused as reason:
        print(f"{path.name}: {reason}", file=sys.stderr)
        return
    columns, rows = (3, 2) if max(photo.size) >= LARGE else (1, 1)
    wide, high = photo.width // columns, photo.height // rows
    for row in range(rows):
        for column in range(columns):
            left, top = column * wide, row * high
            shifted = (left + wide * 3 // 4, top, left + wide * 7 // 4, top + high)
            beside = fitted(photo.crop(shifted)) if shifted[2] <= photo.width else None
            yield Scene(path.name, fitted(photo.crop((left, top, left + wide, top + high))), beside)


def fitted(image: Image.Image) -> Image.Image:
    """The picture, no larger than a scene."""
    scale = min(1.0, SCENE / max(image.size))
    return resized(image, scale, scale, _LANCZOS)


class Run:
    """Scenes stored, ready to be looked up."""

    def __init__(self, scenes: list[Scene]) -> None:
        self.files: dict[str, bytes] = {}
        self.kept: dict[str, Kept] = {}
        index = HashIndex()
        for scene in scenes:
            data = saved(scene.image, quality=90)
            prepared = prepare(data)
            self.files[prepared.sha256] = data
            self.kept[prepared.sha256] = Kept(scene, prepared.sha256, prepared.usable)
            index.add([(len(self.files), prepared.sha256, prepared.phash)])
        self.matcher = Matcher(index, self.files.__getitem__)
        self.usable = [kept for kept in self.kept.values() if kept.usable]

    def report(self) -> Iterator[str]:
        """Write the tables in Markdown."""
        photos = {kept.scene.photo for kept in self.kept.values()}
        refused = len(self.kept) - len(self.usable)
        yield f"{len(photos)} photographs cut into {len(self.kept)} scenes; {refused} hold too"
        yield f"little to be recognised and are refused. Radius {RADIUS} of 256 bits, threshold {THRESHOLD}."
        yield ""
        yield "| edit | found as a match | 95 % lower bound | also as possible | lowest score | wrong matches |"
        yield "|---|---|---|---|---|---|"
        wrong_edited, times = 0, []
        for name, edit in EDITS.items():
            matched, possible, wrong, lowest = 0, 0, 0, 1.0
            for kept in self.usable:
                began = time.perf_counter()
                found = self.matcher.look_up(prepare(edit(kept.scene.image)))
                times.append(time.perf_counter() - began)
                right = next((reuse for reuse in found if reuse.match_sha256 == kept.sha256), None)
                matched += right is not None and right.certainty is Certainty.MATCH
                possible += right is not None and right.certainty is Certainty.POSSIBLE
                lowest = min(lowest, right.score if right else 1.0)
                wrong += len(self._wrong(kept, found))
            wrong_edited += wrong
            total = len(self.usable)
            yield (
                f"| {name} | {matched}/{total} = {matched / total:.1%} | {bound(matched, total):.1%} | {possible} "
                f"| {lowest:.2f} | {wrong} |"
            )
        queries = len(self.usable) * len(EDITS)
        yield ""
        yield f"Edited queries together: {queries:,}, wrong matches {wrong_edited}; one look-up with decoding and"
        yield f"confirming takes {1e3 * statistics.median(times):.0f} ms in the middle."
        yield ""
        yield from self._strangers()

    def _strangers(self) -> Iterator[str]:
        """Count what scenes raise that are not copies of each other."""
        pairs = {"of other photographs": 0, "of the same photograph, without overlap": 0}
        alarms = dict.fromkeys(pairs, 0)
        possible = dict.fromkeys(pairs, 0)
        for kept in self.usable:
            own = sum(other.scene.photo == kept.scene.photo for other in self.usable) - 1
            pairs["of the same photograph, without overlap"] += own
            pairs["of other photographs"] += len(self.usable) - 1 - own
            for reuse in self.matcher.look_up(prepare(self.files[kept.sha256])):
                if reuse.relation is Relation.IDENTICAL:
                    continue
                other = self.kept[reuse.match_sha256]
                same = other.scene.photo == kept.scene.photo
                kind = "of the same photograph, without overlap" if same else "of other photographs"
                (alarms if reuse.certainty is Certainty.MATCH else possible)[kind] += 1
                print(f"{kept.scene.photo} ~ {other.scene.photo}: {reuse.score} {reuse.transform}", file=sys.stderr)
        yield "| strangers | pairs | matches | possible |"
        yield "|---|---|---|---|"
        for kind, count in pairs.items():
            yield f"| scenes {kind} | {count // 2:,} | {alarms[kind] // 2} | {possible[kind] // 2} |"
        beside = [kept for kept in self.usable if kept.scene.beside is not None]
        found = [self.matcher.look_up(prepare(saved(kept.scene.beside))) for kept in beside if kept.scene.beside]
        flat = [reuse.certainty for answer in found for reuse in answer]
        yield (
            f"| scenes that share a quarter of their area | {len(beside)} | {flat.count(Certainty.MATCH)} "
            f"| {flat.count(Certainty.POSSIBLE)} |"
        )

    def _wrong(self, kept: Kept, found: list[Reuse]) -> list[Reuse]:
        return [one for one in found if one.certainty is Certainty.MATCH and one.match_sha256 != kept.sha256]


def bound(hits: int, total: int) -> float:
    """The lower end of the 95 % interval of a share (Wilson, 1927)."""
    z = 1.96
    share = hits / total
    spread = z * float(np.sqrt(share * (1 - share) / total + z * z / (4 * total * total)))
    return max(0.0, (share + z * z / (2 * total) - spread) / (1 + z * z / total))


if __name__ == "__main__":
    main()
