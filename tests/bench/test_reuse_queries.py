"""How the benchmark of picture reuse makes its queries."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops

from tests.bench.reuse.catalogue import Place, is_drawn, is_photograph
from tests.bench.reuse.corpus import corpus
from tests.bench.reuse.edits import cropped
from tests.bench.reuse.families import FAMILIES, Family, World
from tests.bench.reuse.frames import FRAMES, FrameTemplate, frame_templates
from tests.bench.reuse.pages import PAGES, PageTemplate, page, page_templates
from tests.bench.reuse.scenes import TILE, Half, Photograph, Role, Scene, cut, distinct, photograph


def _picture(seed: int, width: int = 320, height: int = 256) -> Image.Image:
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8))
    fine = Image.fromarray(rng.integers(0, 256, (height, width, 3), dtype=np.uint8))
    return Image.blend(small.resize((width, height), Image.Resampling.BICUBIC), fine, 0.3)


def _scene(seed: int) -> Scene:
    return Scene(hashlib.sha256(bytes([seed])).hexdigest(), 0, _picture(seed))


@pytest.fixture
def world() -> World:
    """Strangers and furniture of the tuning half."""
    return World(Half.TUNING, [_picture(90), _picture(91)], [_picture(92), _picture(93), _picture(94)])


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_query_is_the_same_in_every_run_and_another_in_every_draw(family: Family, world: World) -> None:
    """The seed, the scene and the draw decide everything."""
    first, again, other = (family.query(_scene(1), draw, world, 7) for draw in (0, 0, 1))
    assert first == again
    assert Image.open(io.BytesIO(first)).format == "JPEG"
    if family.name not in ("grey", "mirrored"):
        assert first != other


@pytest.mark.parametrize("share", [0.9, 0.7, 0.5, 0.3])
def test_a_crop_keeps_the_part_of_the_area_that_it_is_named_after(share: float) -> None:
    """Whatever its shape, the area is right to two points."""
    image = _picture(3, 640, 480)
    for seed in range(20):
        kept = cropped(share)(image, np.random.default_rng(seed))
        assert kept.width * kept.height / (640 * 480) == pytest.approx(share, abs=0.02)


def test_the_halves_share_no_template() -> None:
    """A template that was tuned on is never reported on."""
    for templates in (PAGES, FRAMES):
        names = {half: {one.name for one in templates if one.half is half} for half in Half}
        assert names[Half.TUNING]
        assert names[Half.REPORT]
        assert not names[Half.TUNING] & names[Half.REPORT]


@pytest.mark.parametrize("template", PAGES, ids=lambda template: template.name)
def test_a_page_with_another_photograph_is_the_same_elsewhere(template: PageTemplate) -> None:
    """Two pages of one template and the same words differ in the main picture's rectangle alone."""
    furniture = [_picture(90), _picture(91)]
    one, other = (page(template, _picture(seed), np.random.default_rng(5), furniture) for seed in (1, 2))
    assert one.size == other.size
    box = ImageChops.difference(one, other).getbbox()
    assert box is not None
    assert box[2] - box[0] <= template.width - 2 * template.margin - abs(template.side)
    assert (box[2] - box[0]) * (box[3] - box[1]) < 0.85 * one.width * one.height


@pytest.mark.parametrize("template", FRAMES, ids=lambda template: template.name)
def test_a_frame_shows_the_photograph(template: FrameTemplate) -> None:
    """Two photographs in one frame differ over at least a quarter of it."""
    one, other = (template.draw(_picture(seed), np.random.default_rng(5)) for seed in (1, 2))
    differing = np.asarray(ImageChops.difference(one, other).convert("L")) > 16
    assert differing.mean() > 0.25


def test_every_kind_of_page_and_frame_stands_in_both_halves() -> None:
    """Several of each, so that no half rests on one drawing."""
    for half in Half:
        assert all(len(page_templates(half, kind)) >= 3 for kind in ("web", "phone", "post"))
        assert all(len(frame_templates(half, kind)) >= 3 for kind in ("meme", "news", "watermark"))


def _saved(path: Path, image: Image.Image) -> Path:
    image.save(path)
    return path


def test_the_half_and_the_role_follow_from_the_files_digest(tmp_path: Path) -> None:
    """The first digit of the SHA-256 gives the half, the second the role."""
    one = photograph(_saved(tmp_path / "one.png", _picture(1)))
    assert one.sha256 == hashlib.sha256((tmp_path / "one.png").read_bytes()).hexdigest()
    halves = {digit: Photograph(f"{digit}0", tmp_path).half for digit in "05af"}
    assert halves == {"0": Half.TUNING, "5": Half.REPORT, "a": Half.TUNING, "f": Half.REPORT}
    roles = {digit: Photograph(f"0{digit}", tmp_path).role for digit in "09acdf"}
    assert [*roles.values()] == [Role.ASKED] * 2 + [Role.STRANGER] * 2 + [Role.FILLER] * 2


def test_scenes_tile_a_photograph_without_overlap(tmp_path: Path) -> None:
    """A large photograph is cut into parts as large as the whole together."""
    whole = _picture(4, 2 * TILE, 2 * TILE)
    scenes = list(cut(photograph(_saved(tmp_path / "large.png", whole))))
    assert [scene.number for scene in scenes] == [0, 1, 2, 3]
    assert np.array_equal(np.asarray(scenes[3].image), np.asarray(whole.crop((TILE, TILE, 2 * TILE, 2 * TILE))))


def test_a_part_that_shows_nothing_is_no_scene(tmp_path: Path) -> None:
    """A flat quarter is left out, and the others keep their numbers."""
    whole = _picture(4, 2 * TILE, 2 * TILE)
    whole.paste("#88aacc", (0, 0, TILE, TILE))
    assert [scene.number for scene in cut(photograph(_saved(tmp_path / "sky.png", whole)))] == [1, 2, 3]


def test_of_one_motif_the_largest_file_counts(tmp_path: Path) -> None:
    """A smaller and darker copy, and what is no picture, are left out."""
    large = _saved(tmp_path / "large.png", _picture(5, 640, 512))
    copy = _saved(
        tmp_path / "copy.jpg", _picture(5, 640, 512).resize((320, 256)).point([t // 2 for t in range(256)] * 3)
    )
    other = _saved(tmp_path / "other.png", _picture(6))
    (tmp_path / "none.txt").write_text("no picture")
    kept = distinct([copy, large, other, tmp_path / "none.txt"])
    assert {photo.path for photo in kept} == {large, other}


def test_what_is_asked_is_never_among_the_strangers_or_the_fillers(tmp_path: Path) -> None:
    """Each photograph serves for one thing only, in either half."""
    photos = []
    for seed in range(48):
        path = _saved(tmp_path / f"{seed}.png", _picture(seed + 100))
        photos.append(photograph(path))
    for half in Half:
        made = corpus(photos, [], [], half, 7)
        asked = {scene.photo for scene in made.plain}
        hosted = {hosted.scene.photo for hosted in made.hosted}
        strangers = {scene.photo for scene in made.strangers}
        filling = {photo.sha256 for photo in made.filling}
        assert asked
        assert not asked & hosted
        assert not (asked | hosted) & (strangers | filling)
        assert not strangers & filling
        assert all(photo[0] in ("02468ace" if half is Half.TUNING else "13579bdf") for photo in asked | strangers)


def test_drawn_wallpapers_are_no_photographs() -> None:
    """The catalogue names each photograph, and takes what is drawn for a filler at most."""
    lake = Place("plasma-workspace-wallpapers", "/usr/share/wallpapers/Path/contents/images/2560x1600.jpg")
    drawing = Place("plasma-workspace-wallpapers", "/usr/share/wallpapers/Altai/contents/images/5120x2880.png")
    assert (is_photograph(lake), is_drawn(lake)) == (True, False)
    assert (is_photograph(drawing), is_drawn(drawing)) == (False, True)
    assert not is_photograph(Place("cimg-doc", "/usr/share/doc/cimg-dev/html/img/postcard80.jpg"))
