"""What a caption or a post claims its picture shows: the places and days it names for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.reading import places, times
from bot.reading.model import PlaceMention
from bot.reading.places.gazetteer import Gazetteer
from storage.records import Interval, Place, TimePrecision

_STATED = frozenset({TimePrecision.MINUTE, TimePrecision.DAY, TimePrecision.MONTH, TimePrecision.YEAR})
_POSSESSIVE = re.compile(r"['’ʼ`]s?(?=\W|$)")
# "Syria says", "Moscow denied", "according to Ankara": the place speaks, nobody is said to be there.
_SPEAKS = re.compile(
    r"\s+(?:has\s+|have\s+|had\s+)?(?:says?|said|den(?:y|ies|ied)|claim(?:s|ed)?|confirm(?:s|ed)?|announce[sd]?|warn(?:s|ed)?"
    r"|accuse[sd]?|insist(?:s|ed)?|vow(?:s|ed)?|reject(?:s|ed)?|condemn(?:s|ed)?|blame[sd]?|urge[sd]?|agree[sd]?|ask(?:s|ed)?)\b"
)
_TOLD = re.compile(
    r"(?:according to|blamed? (?:on|by)|accused? by|told|denied by|backed by|allied with)\s+(?:the\s+)?\Z", re.I
)
# "President of Syria", "Iran president", "leader of North Korea", "Russia-backed": whose they are, not where.
_OF = re.compile(
    r"(?:president|leader|minister|ministry|king|queen|emir|ruler|ambassador|embassy|government|army|military|forces|people"
    r"|flag|citizens?|general|prince"
    r"|sultan|premier|chancellor|envoy|friends?|enem(?:y|ies)|war on|sanctions (?:on|against)"
    r"|support (?:for|to)|weapons to|aid to)(?:\s+of)?\s+(?:the\s+)?\Z",
    re.IGNORECASE,
)
_AFFILIATION = re.compile(
    r"(?:[-–](?:backed|led|allied|born|based|made|linked|trained|funded|supplied|sponsored|style|controlled)\b"
    r"|\s+(?:president|leader|prime\s+minister|minister|pm|fm|king|ambassador|government|regime|army|spokes(?:man|woman|person)|envoy|coach|striker"
    r"|national\s+team)\b)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class CaptionClaims:
    """The places and times that a caption gives its picture, in the order of the text, each once."""

    places: tuple[Place, ...]
    times: tuple[Interval, ...]


def claims(text: str, published: datetime | None, gazetteer: Gazetteer | None = None) -> CaptionClaims:
    """Read a caption for where and when its picture is said to be from.

    A place counts where it is named as a place: not as somebody's ("Syria's president"), not as who speaks ("Moscow
    denied"), not as a people's ("Syrian troops"). A time counts where it is a day, month or year.

    Attributes:
        published: when the caption was published; relative days need it.
        gazetteer: where names are looked up, the default one if not given.
    """
    found = {m.place.key: m.place for m in places.find(text, gazetteer=gazetteer) if _claimed(text, m)}
    stated = dict.fromkeys(m.interval for m in times.find(text, published) if m.interval.precision in _STATED)
    return CaptionClaims(tuple(found.values()), tuple(stated))


def _claimed(text: str, mention: PlaceMention) -> bool:
    start, end = mention.span.start, mention.span.end
    if mention.kind != "place" or (_POSSESSIVE.match(text, end) and not _locates(text, start)):
        return False
    before = text[max(0, start - 40) : start]
    return not (_SPEAKS.match(text, end) or _AFFILIATION.match(text, end) or _TOLD.search(before) or _OF.search(before))


_LOCATES = re.compile(
    r"\b(?:in|at|near|inside|outside|from|around|over|across)\s+(?:the\s+)?(?:\w+(?:ern)?\s+)?\Z", re.I
)


def _locates(text: str, start: int) -> bool:
    """Say whether a preposition puts even "Syria's …" on the map: "in Syria's north"."""
    return bool(_LOCATES.search(text[max(0, start - 30) : start]))
