"""Copies are found whatever was done to the whole picture, strangers never are, and each verdict explains itself."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from bot.images.index import HashIndex
from bot.images.orientation import Orientation
from bot.images.prepared import Prepared, prepare
from bot.images.reuse import THRESHOLD, Matcher, NoReuse, compare
from storage.errors import NotFound
from storage.records import Certainty, Relation, Reuse
from tests.images.pictures import clouds, encoded, scene
from tests.images.test_orientation import copied

STRANGERS = 132
SEEDS = (3, 58, 131)
"""The scenes among them that are copied."""

Edit = Callable[[Image.Image], Image.Image]


def original(seed: int) -> Image.Image:
    """One of the stored pictures."""
    return scene(seed, 320, 240)


class Archive:
    """Stored pictures, with a matcher over them."""

    def __init__(self, files: list[bytes]) -> None:
        self.index = HashIndex()
        self.files: dict[str, bytes] = {}
        self.prepared: list[Prepared] = []
        for data in files:
            self.keep(data)
        self.matcher = Matcher(self.index, self.load)

    def keep(self, data: bytes) -> Prepared:
        """Store one more picture."""
        prepared = prepare(data)
        self.files[prepared.sha256] = data
        self.prepared.append(prepared)
        self.index.add([(len(self.files), prepared.sha256, prepared.phash)])
        return prepared

    def load(self, sha256: str) -> bytes:
        """The bytes of a stored picture."""
        if sha256 not in self.files:
            raise NotFound("no such picture")
        return self.files[sha256]

    def found(self, data: bytes) -> list[Reuse]:
        """What a picture is found to be a copy of."""
        return self.matcher.look_up(prepare(data))


@pytest.fixture(scope="module", name="archive")
def fixture_archive() -> Archive:
    """Pictures that have nothing to do with each other."""
    return Archive([encoded(original(seed)) for seed in range(STRANGERS)])


def saved(image: Image.Image, quality: int) -> Image.Image:
    """What is left after saving as JPEG."""
    return Image.open(io.BytesIO(encoded(image, quality=quality)))


def stamped(image: Image.Image) -> Image.Image:
    """The picture with a channel's mark and a line of text over it."""
    image = image.copy()
    draw = ImageDraw.Draw(image)
    draw.rectangle((0.8 * image.width, 0.05 * image.height, 0.95 * image.width, 0.15 * image.height), fill="red")
    draw.text((0.1 * image.width, 0.85 * image.height), "seen today", fill="white", font_size=image.height // 14)
    return image


def warmed(image: Image.Image) -> Image.Image:
    """A filter that favours red."""
    red, green, blue = image.split()
    return Image.merge(
        "RGB", (red.point(lambda tone: min(255, int(tone * 1.3))), green, blue.point(lambda tone: tone * 0.7))
    )


def hued(image: Image.Image) -> Image.Image:
    """The picture with its hues turned by a sixth of the circle."""
    hue, strength, value = image.convert("HSV").split()
    return Image.merge("HSV", (hue.point(lambda tone: (tone + 43) % 256), strength, value)).convert("RGB")


def pixelated(image: Image.Image) -> Image.Image:
    """The picture in squares of six pixels."""
    small = image.resize((image.width // 6, image.height // 6), Image.Resampling.BOX)
    return small.resize(image.size, Image.Resampling.NEAREST)


def sized(width: float, height: float) -> Edit:
    """A change of size by these factors."""
    return lambda image: image.resize((round(image.width * width), round(image.height * height)))


EDITS: dict[str, tuple[Edit, str]] = {
    "quality 30": (lambda image: saved(image, 30), "recompressed"),
    "quality 10": (lambda image: saved(image, 10), "recompressed"),
    "a quarter of the size": (sized(0.25, 0.25), "smaller (80×60 against 320×240)"),
    "half the size": (sized(0.5, 0.5), "smaller (160×120 against 320×240)"),
    "twice the size": (sized(2, 2), "larger (640×480 against 320×240)"),
    "another shape": (sized(1, 0.6), "stretched to another shape (320×144 against 320×240)"),
    "grey": (lambda image: image.convert("L"), "without colour"),
    "one tint": (lambda image: ImageOps.colorize(image.convert("L"), "#201000", "#ffe8c0"), "tinted in one colour"),
    "blurred": (lambda image: image.filter(ImageFilter.GaussianBlur(3)), "blurred"),
    "darker": (lambda image: ImageEnhance.Brightness(image).enhance(0.6), "darker"),
    "brighter": (lambda image: ImageEnhance.Brightness(image).enhance(1.35), "brighter"),
    "more contrast": (lambda image: ImageEnhance.Contrast(image).enhance(1.5), "with more contrast"),
    "less contrast": (lambda image: ImageEnhance.Contrast(image).enhance(0.5), "with less contrast"),
    "warmed": (warmed, "with its colours shifted"),
    "stronger colours": (lambda image: ImageEnhance.Color(image).enhance(1.8), "with stronger colours"),
    "gamma": (lambda image: image.point([round(255 * (tone / 255) ** 1.6) for tone in range(256)] * 3), "darker"),
    "pixelated": (pixelated, ""),
    "a little off every side": (lambda image: image.crop((2, 2, 318, 238)), "smaller (316×236 against 320×240)"),
    "stamped": (stamped, "something else is to be seen in"),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", EDITS)
def test_edits_of_the_whole_picture_are_found(archive: Archive, name: str, seed: int) -> None:
    """Each family of edits finds its original first, as a match, and says what was done to it."""
    edit, words = EDITS[name]
    found = archive.found(encoded(edit(original(seed)), quality=75))
    assert [reuse.match_sha256 for reuse in found] == [archive.prepared[seed].sha256]
    assert (found[0].relation, found[0].certainty) == (Relation.NEAR, Certainty.MATCH)
    assert found[0].score >= found[0].threshold == THRESHOLD
    assert words in found[0].transform


def test_turned_hues_are_said(archive: Archive) -> None:
    """Colours that changed places are told even where the mean colour is what it was."""
    found = archive.found(encoded(hued(original(SEEDS[0]))))
    assert [reuse.match_sha256 for reuse in found] == [archive.prepared[SEEDS[0]].sha256]
    assert "with its colours shifted" in found[0].transform


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP"])
def test_copies_in_other_formats_are_found(archive: Archive, name: str, seed: int) -> None:
    """A picture saved anew in another format is found, whatever the format costs it."""
    found = archive.found(encoded(original(seed), name))
    assert [reuse.match_sha256 for reuse in found] == [archive.prepared[seed].sha256]
    assert (found[0].relation, found[0].certainty) == (Relation.NEAR, Certainty.MATCH)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("orientation", Orientation)
@pytest.mark.parametrize("edit", ["none", "quality 10", "grey", "darker"])
def test_mirrored_and_turned_copies_are_found(archive: Archive, edit: str, orientation: Orientation, seed: int) -> None:
    """All eight orientations are found and named, also of pictures that were changed besides."""
    change = EDITS[edit][0] if edit in EDITS else (lambda image: image)
    found = archive.found(encoded(copied(change(original(seed)), orientation), quality=80))
    assert [reuse.match_sha256 for reuse in found] == [archive.prepared[seed].sha256]
    assert found[0].certainty is Certainty.MATCH
    assert found[0].relation is orientation.relation
    assert found[0].transform.startswith(orientation.words)


def test_strangers_never_match(archive: Archive) -> None:
    """Of 200 pictures, looked up in all 8 orientations, none is even possibly another: 19,900 pairs."""
    for prepared in archive.prepared:
        found = archive.matcher.look_up(prepared)
        assert [(reuse.match_sha256, reuse.relation) for reuse in found] == [(prepared.sha256, Relation.IDENTICAL)]


@pytest.mark.parametrize("seed", range(1_000, 1_030))
def test_new_strangers_find_nothing(archive: Archive, seed: int) -> None:
    """A picture that was never kept finds nothing, whether a scene or a mere texture."""
    assert archive.found(encoded(original(seed))) == []
    texture = np.asarray(255 * clouds(seed, 320, 240), dtype=np.uint8)
    assert archive.found(encoded(Image.fromarray(texture))) == []


def test_another_picture_of_the_same_layout_is_no_match() -> None:
    """Two pictures that share their bright and dark halves, and nothing else, are not one."""
    light = np.linspace(220, 30, 480)[:, None]
    pictures = [
        encoded(Image.fromarray(np.clip(light + 45 * (clouds(seed, 640, 480) - 0.5), 0, 255).astype(np.uint8)))
        for seed in range(40, 60)
    ]
    archive = Archive(pictures)
    for data in pictures:
        others = [reuse for reuse in archive.found(data) if reuse.relation is not Relation.IDENTICAL]
        assert [reuse for reuse in others if reuse.certainty is Certainty.MATCH] == []


def test_the_same_bytes_are_identical(archive: Archive) -> None:
    """The very same file scores 1, before every copy of it."""
    copy = archive.keep(encoded(original(7), quality=40))
    found = archive.found(archive.files[archive.prepared[7].sha256])
    assert [reuse.relation for reuse in found] == [Relation.IDENTICAL, Relation.NEAR]
    assert (found[0].score, found[0].transform) == (1.0, "the same file, byte for byte")
    assert found[0].region_query == found[0].region_match
    assert found[1].match_sha256 == copy.sha256


def test_pictures_left_out_are_not_named(archive: Archive) -> None:
    """What the caller excludes (a dismissed pair, the picture itself) is not among the answers."""
    prepared = archive.prepared[9]
    assert archive.matcher.look_up(prepared, frozenset({prepared.sha256})) == []


def test_the_same_pixels_in_another_file(archive: Archive) -> None:
    """A copy that changed nothing but the file says so."""
    archive.keep(encoded(original(400), "PNG"))
    found = archive.found(encoded(original(400), "BMP"))
    assert (found[0].score, found[0].transform) == (1.0, "the same picture in another file")


def test_a_picture_that_holds_too_little_finds_only_itself() -> None:
    """A blank picture is prepared without complaint, finds the very same file, and nothing that resembles it."""
    grey, white = (encoded(Image.new("RGB", (300, 200), tone)) for tone in ("grey", "white"))
    archive = Archive([grey])
    assert prepare(grey).usable is False
    assert (prepare(grey).phash, prepare(grey).variants) == (None, ())
    assert [reuse.relation for reuse in archive.found(grey)] == [Relation.IDENTICAL]
    assert archive.found(white) == []


def test_a_stored_file_that_is_gone_makes_no_match() -> None:
    """A candidate whose file cannot be opened is possible at most, and says why."""
    archive = Archive([encoded(original(1))])
    archive.files.clear()
    found = archive.found(encoded(original(1), quality=50))
    assert [reuse.certainty for reuse in found] == [Certainty.POSSIBLE]
    assert "could not be opened" in found[0].transform


@pytest.mark.parametrize("orientation", Orientation)
def test_regions_correspond(orientation: Orientation) -> None:
    """The n-th corner of one region shows what the n-th corner of the other does, each in its own pixels."""
    whole = scene(21)
    marks = ["red", "lime", "blue", "yellow"]
    boxes = [(0, 0, 60, 60), (580, 0, 640, 60), (580, 420, 640, 480), (0, 420, 60, 480)]
    for mark, box in zip(marks, boxes, strict=True):
        ImageDraw.Draw(whole).rectangle(box, fill=mark)
    copy = copied(whole.resize((320, 240)), orientation)
    reuse = compare(prepare(encoded(copy)), prepare(encoded(whole)))
    assert isinstance(reuse, Reuse)

    def seen(image: Image.Image, region: tuple[tuple[float, float], ...]) -> list[tuple[bool, ...]]:
        inside = [(min(max(int(x), 8), image.width - 8), min(max(int(y), 8), image.height - 8)) for x, y in region]
        return [tuple(bool(tone) for tone in np.asarray(image)[y, x] > 128) for x, y in inside]

    assert seen(copy, reuse.region_query) == seen(whole, reuse.region_match)


def test_what_is_shown_and_what_is_concluded_agree(archive: Archive) -> None:
    """A match is whatever scores the threshold or more, in every answer; the best stands first."""
    for copy in (encoded(original(5), quality=quality) for quality in (10, 50, 85)):
        archive.keep(copy)
    found = archive.found(encoded(original(5), quality=70))
    assert len(found) == 4
    assert [reuse.score for reuse in found] == sorted((reuse.score for reuse in found), reverse=True)
    for reuse in found:
        assert (reuse.certainty is Certainty.MATCH) == (reuse.score >= reuse.threshold)


def test_thousands_of_copies_cost_no_more_than_a_few(archive: Archive) -> None:
    """However many copies are stored, only the nearest are opened."""
    opened: list[str] = []
    index = HashIndex()
    kept = prepare(encoded(original(2)))
    index.add((place + 1, f"{place:064x}", kept.phash) for place in range(5_000))

    def load(sha256: str) -> bytes:
        opened.append(sha256)
        return encoded(original(2), quality=50)

    found = Matcher(index, load).look_up(kept)
    assert 0 < len(found) == len(opened) <= 20


def test_comparing_two_strangers_says_why() -> None:
    """Two pictures that are not one are told apart with the figure."""
    answer = compare(prepare(encoded(original(1))), prepare(encoded(original(2))))
    assert isinstance(answer, NoReuse)
    assert answer.distance is not None
    assert f"differ in {answer.distance} of 256 bits" in answer.reason


def test_comparing_with_a_blank_picture_says_why() -> None:
    """A picture that holds too little is named as such."""
    answer = compare(prepare(encoded(original(1))), prepare(encoded(Image.new("L", (99, 99)))))
    assert isinstance(answer, NoReuse)
    assert answer.reason.startswith("only the very same file would be recognised: of the second, the picture is almost")


def test_comparing_agrees_with_looking_up(archive: Archive) -> None:
    """The two ways to ask give the same verdict."""
    copy = prepare(encoded(copied(original(11), Orientation.MIRRORED), quality=40))
    answer = compare(copy, archive.prepared[11])
    assert isinstance(answer, Reuse)
    looked_up = archive.matcher.look_up(copy)[0]
    assert (answer.match_sha256, answer.relation) == (looked_up.match_sha256, looked_up.relation)
    assert answer.score == pytest.approx(looked_up.score, abs=0.02)


def test_the_record_is_what_was_found() -> None:
    """The stored record of a picture carries its hash, its size and its version."""
    prepared = prepare(encoded(original(1)))
    record = prepared.record("2020-01-01T00:00:00.000Z")
    assert (record.sha256, record.phash, record.width, record.height) == (
        prepared.sha256,
        prepared.phash,
        320,
        240,
    )
    assert (record.usable, record.why_not) == (True, None)
