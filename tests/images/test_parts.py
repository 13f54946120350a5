"""Parts of pictures are found by their points, pages and strangers are not, and the verdict says where and how."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from bot.images.features import MOST_STORED, POINT, Features, features
from bot.images.geometry import lay, mapped, paired
from bot.images.local import LARGE, SMALL, LocalIndex
from bot.images.sight import Sight
from bot.pictures import PictureSet, image_record
from storage import images
from storage.database import DATABASE_FILE, Database
from storage.records import Certainty, Relation, Reuse
from storage.vault import VAULT_FOLDER, Vault
from tests.images.pictures import encoded, scene
from tests.images.rows import Rows, some_points

STORED = 40
NOW = "2026-01-01T00:00:00Z"


class Archive:
    """A store of pictures with the set that is searched."""

    def __init__(self, home: Path) -> None:
        self.db = Database.open(home / DATABASE_FILE)
        self.vault = Vault(home / VAULT_FOLDER)
        self.pictures = PictureSet(self.vault)

    def keep(self, data: bytes) -> str:
        """Store one picture."""
        prepared, why_not = self.pictures.prepare(data)
        record = image_record(data, prepared, why_not, NOW)
        self.vault.put(data)
        with self.db.write() as tx:
            images.put(tx, record)
        return record.sha256

    def found(self, image: Image.Image, pictures: PictureSet | None = None) -> list[Reuse]:
        """Look a picture up as it would come in."""
        pictures = pictures or self.pictures
        prepared, _ = pictures.prepare(encoded(image, quality=80))
        assert prepared is not None
        with self.db.read() as tx:
            pictures.refresh(tx)
        return pictures.look_up(prepared)

    def matches(self, image: Image.Image) -> list[Reuse]:
        """Only what warns."""
        return [reuse for reuse in self.found(image) if reuse.certainty is Certainty.MATCH]


@pytest.fixture(scope="module", name="archive")
def fixture_archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """A store of scenes that have nothing to do with each other."""
    archive = Archive(tmp_path_factory.mktemp("store"))
    for seed in range(STORED):
        archive.keep(encoded(scene(seed)))
    return archive


def sha_of(seed: int) -> str:
    """The digest under which a scene is stored."""
    from storage.records import digest

    return digest(encoded(scene(seed)))


def page(photo: Image.Image, words: str) -> Image.Image:
    """A screenshot of an app: bars, icons, lines of text, and a photograph between them."""
    sheet = Image.new("RGB", (720, 1200), "white")
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((0, 0, 720, 90), fill="#2244aa")
    draw.text((30, 20), "The Daily Wire", fill="white", font_size=44)
    for place in range(4):
        draw.ellipse((420 + 70 * place, 24, 464 + 70 * place, 68), outline="white", width=4)
    for line in range(3):
        draw.text((30, 120 + 44 * line), f"{words} {line}: nobody has said so yet", fill="black", font_size=32)
    sheet.paste(photo.resize((660, 495)), (30, 280))
    for line in range(7):
        draw.text((30, 810 + 44 * line), f"Read more of what is known {line * 7}", fill="black", font_size=32)
    for place in range(5):
        draw.rectangle((40 + 140 * place, 1140, 90 + 140 * place, 1180), outline="black", width=5)
    return sheet


@pytest.mark.parametrize("seed", [3, 17, 31])
def test_a_crop_is_found_with_its_place(archive: Archive, seed: int) -> None:
    """A third of the area is found, and the region is where it was cut from."""
    box = (150, 90, 530, 370)
    best = archive.matches(scene(seed).crop(box))[0]
    assert (sha_of(seed), Relation.CROP) == (best.match_sha256, best.relation)
    corners = np.array(best.region_match)
    np.testing.assert_allclose(corners.min(axis=0), box[:2], atol=12)
    np.testing.assert_allclose(corners.max(axis=0), box[2:], atol=12)
    assert "% of the stored picture" in best.transform


@pytest.mark.parametrize("seed", [5, 22])
def test_a_mirrored_crop_in_a_screenshot_is_found(archive: Archive, seed: int) -> None:
    """Mirrored, cropped and shown in an app: found, and each of the three is said."""
    best = archive.matches(page(ImageOps.mirror(scene(seed)).crop((60, 40, 600, 445)), "Seen"))[0]
    assert (sha_of(seed), Relation.SCREENSHOT) == (best.match_sha256, best.relation)
    assert "mirrored left to right" in best.transform
    assert "filling" in best.transform


@pytest.mark.parametrize("seed", [7, 29])
def test_a_picture_turned_by_a_few_degrees_is_found(archive: Archive, seed: int) -> None:
    """Turned by five degrees: told as such, with the sense of the turn."""
    best = archive.matches(scene(seed).rotate(-5, Image.Resampling.BICUBIC))[0]
    assert sha_of(seed) == best.match_sha256
    assert "turned 5° clockwise" in best.transform


def test_each_picture_of_a_grid_is_found(archive: Archive) -> None:
    """A grid of two stored pictures finds both."""
    grid = Image.new("RGB", (1290, 480), "white")
    grid.paste(scene(8), (0, 0))
    grid.paste(scene(9), (650, 0))
    assert {sha_of(8), sha_of(9)} == {reuse.match_sha256 for reuse in archive.matches(grid)}


@pytest.mark.parametrize("flipped", [False, True])
def test_the_right_picture_is_the_first_candidate(archive: Archive, flipped: bool) -> None:
    """Votes of a query as it is and mirrored are held against each other, in a store where chance gives hardly any."""
    found = set()
    for seed in (4, 14, 34):
        image = scene(seed).crop((150, 90, 530, 370))
        prepared, _ = archive.pictures.prepare(encoded(ImageOps.mirror(image) if flipped else image))
        assert prepared is not None
        assert prepared.sought is not None
        archive.found(image)
        first = archive.pictures.parts.candidates(prepared.sought.upright, prepared.sought.mirrored, 16)[0]
        found.add((first.sha256 == sha_of(seed), first.flipped))
    assert found == {(True, flipped)}


def test_strangers_raise_nothing(archive: Archive) -> None:
    """Pictures that were never stored match nothing."""
    assert [reuse for seed in range(900, 920) for reuse in archive.matches(scene(seed))] == []


def test_a_page_alone_is_no_reuse(tmp_path: Path) -> None:
    """Two screenshots of one app with different photographs do not match; the same photograph in two pages does."""
    archive = Archive(tmp_path)
    kept = archive.keep(encoded(page(scene(1), "One")))
    archive.keep(encoded(scene(2)))
    assert archive.matches(page(scene(3), "Another")) == []
    assert [kept] == [reuse.match_sha256 for reuse in archive.matches(page(scene(1), "Another"))]


def test_a_new_process_finds_the_same(archive: Archive) -> None:
    """A set opened anew over the store gives the same answer: nothing rests on what the first one held."""
    query = scene(11).crop((100, 60, 560, 420))
    assert archive.found(query) == archive.found(query, PictureSet(archive.vault))


def test_points_survive_packing() -> None:
    """What is read back from the store lies where it lay, to a fraction of a pixel, in at most 32 KB."""
    image = scene(12)
    sought = features(Sight(*image.size, *image.size, image.tobytes()))
    packed = sought.stored()
    assert len(packed) <= MOST_STORED * POINT.itemsize <= 32_000
    read = Features.unpacked(packed, *image.size)
    np.testing.assert_allclose(read.places, sought.upright.places[: len(read)], atol=0.02)
    np.testing.assert_array_equal(read.descriptors, sought.upright.descriptors[: len(read)])
    turn = np.abs((read.angles - sought.upright.angles[: len(read)] + np.pi) % (2 * np.pi) - np.pi)
    assert turn.max() < 0.02


def test_the_map_between_two_pictures_is_exact() -> None:
    """The map found between a picture and its half-size crop takes points to where they are."""
    image = scene(13)
    crop = image.crop((100, 80, 500, 400)).resize((200, 160))
    one, other = (features(Sight(*side.size, *side.size, side.tobytes())).upright for side in (image, crop))
    best = lay(paired(one, other), one, other)[0]
    assert best.score > 20
    np.testing.assert_allclose(mapped(best.map, [[100, 80], [500, 400]]), [[0, 0], [200, 160]], atol=1.5)


def test_closed_ranges_are_kept_in_files_and_mended(tmp_path: Path) -> None:
    """Files are written for closed ranges, read by the next process, and made anew where they are damaged."""
    rows = Rows([(seq, f"{seq:064x}", some_points(seq)) for seq in range(1, 4200)])
    wanted = Features.unpacked(some_points(1500), 100, 100)

    def first() -> str:
        index = LocalIndex(tmp_path)
        index.refresh(rows)
        return index.candidates(wanted, wanted, 3)[0].sha256

    assert f"{1500:064x}" == first()
    files = sorted(tmp_path.iterdir())
    assert len(files) == 4
    files[1].write_bytes(files[1].read_bytes()[:1000])
    assert f"{1500:064x}" == first()
    assert files[1].stat().st_size > 1000
    files[1].write_bytes(files[2].read_bytes())
    assert f"{1500:064x}" == first()


def test_small_ranges_become_large_ones(tmp_path: Path) -> None:
    """A large range is one file in the place of its small ones, and finds the same, whether it was read or grown."""
    rows = [(seq, f"{seq:064x}", some_points(seq)) for seq in range(1, LARGE + 10)]
    grown = LocalIndex(tmp_path / "grown")
    for upto in (700, 1700, 9000, LARGE + 9):
        grown.refresh(Rows(rows[:upto]))
    read = LocalIndex(tmp_path / "read")
    read.refresh(Rows(rows))
    for index in (grown, read):
        for seq in (1, 1025, LARGE, LARGE + 9):
            wanted = Features.unpacked(some_points(seq), 10, 10)
            assert f"{seq:064x}" == index.candidates(wanted, wanted, 1)[0].sha256
    assert [len(list(folder.iterdir())) for folder in (tmp_path / "grown", tmp_path / "read")] == [1, 1]


def test_a_search_is_completed_by_what_came_since() -> None:
    """Above a number only later pictures are named, in closed ranges and in the open one."""
    index = LocalIndex()
    index.refresh(Rows([(seq, f"{seq:064x}", some_points(seq % 1100)) for seq in range(1, 2300)]))
    wanted = Features.unpacked(some_points(100), 10, 10)
    named = {one.sha256 for one in index.candidates(wanted, wanted, 4, above=1150)}
    assert f"{1200:064x}" in named
    assert f"{100:064x}" not in named
    assert not index.candidates(wanted, wanted, 4, above=2299)


@pytest.mark.parametrize("granted", range(1, 5))
def test_a_process_killed_while_it_writes_the_index_harms_nothing(tmp_path: Path, granted: int) -> None:
    """Killed before any of its file changes, a process leaves nothing that the next one trips over or keeps."""
    command = [sys.executable, "-m", "tests.images.killed_index", str(tmp_path), str(granted)]
    killed = subprocess.run(command, cwd=Path(__file__).parents[2], timeout=120, check=False)
    assert killed.returncode == -signal.SIGKILL
    rows = Rows([(seq, f"{seq:064x}", some_points(seq)) for seq in range(1, 2 * SMALL + 2)])
    index = LocalIndex(tmp_path)
    index.refresh(rows)
    wanted = Features.unpacked(some_points(1500), 100, 100)
    assert f"{1500:064x}" == index.candidates(wanted, wanted, 3)[0].sha256
    assert len(list(tmp_path.iterdir())) == 2


def test_rows_come_in_any_portions(tmp_path: Path) -> None:
    """However the rows arrive, the same pictures are found."""
    rows = [(seq, f"{seq:064x}", some_points(seq)) for seq in range(1, 300)]
    index = LocalIndex(tmp_path)
    portions = random.Random(0)
    upto = 0
    while upto < len(rows):
        upto += portions.randrange(1, 40)
        index.refresh(Rows(rows[:upto]))
    for seq in (1, 150, 299):
        wanted = Features.unpacked(some_points(seq), 10, 10)
        assert f"{seq:064x}" == index.candidates(wanted, wanted, 1)[0].sha256
