"""The word lists that decide whether a capitalised word which could be a town is one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bot.reading.places.tables import DATA, rows

SMALL = 15_000
"""A town below this population needs a locative preposition or a container."""
WELL_KNOWN = 80_000
"""A town named like an everyday word or a person needs this population beside the preposition; so does a name
that GeoNames lists only as an alternate unlike the town's own."""
METROPOLIS = 1_000_000
"""A town named like a person needs this population after "to" or "from", which people follow as well."""


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists, all folded.

    Attributes:
        common: words of everyday and news English.
        names: given names and surnames.
        after: words of organisations, streets, clubs and papers that follow a place name in theirs.
        before: words that precede one (clubs, ships, titles).
        of: nouns that make "X of Place" an organisation or a title.
        units: military words that make a town's name theirs even when written small ("Azov brigade").
        locative: prepositions that hardly ever stand before a person.
        directional: words that stand before places and persons alike.
        articles: Arabic articles, written small at the head of a name.
        inner: words written small inside a name.
        bearings: words that pick a part of a place ("northern", "downtown").
        divisions: nouns that widen the town beside them ("Aleppo province", "province of Aleppo").
        grounds: nouns that say that the name beside them is somewhere ("city of", "airport").
        chiefly: names of people that stand for the town where nothing says otherwise ("Paris").
    """

    common: frozenset[str]
    names: frozenset[str]
    after: frozenset[str]
    before: frozenset[str]
    of: frozenset[str]
    units: frozenset[str]
    locative: frozenset[str]
    directional: frozenset[str]
    articles: frozenset[str]
    inner: frozenset[str]
    bearings: frozenset[str]
    divisions: frozenset[str]
    grounds: frozenset[str]
    chiefly: frozenset[str]


@cache
def words() -> Words:
    """Read the word lists once."""
    sections = {
        where: frozenset(listed.split())
        for name in ("organisations.txt", "surroundings.txt")
        for where, listed in rows(name)
    }
    return Words(common=_listed("common.txt"), names=_listed("names.txt"), **sections)


def _listed(name: str) -> frozenset[str]:
    text = (DATA / name).read_text(encoding="utf-8")
    return frozenset(re.sub(r"^#.*$", "", text, flags=re.MULTILINE).split())
