"""What a picture's file says of itself, in words that never make it surer than it is.

Coordinates are told to the one who asks alone: in a channel they could lead people to somebody's door.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.wording import day, plain

NO_PROOF: Final = (
    "None of it is proof: it can be edited, added or taken out, and most platforms take it out. That it is missing "
    "says nothing."
)

LONGEST: Final = 200
"""Code points of one text of the file that are shown; the JSON of the command line has more."""

SOURCE_TYPES: Final[Mapping[str, str]] = {
    "digitalCapture": "taken by a digital camera",
    "computationalCapture": "taken by a digital camera and computed from several shots",
    "negativeFilm": "a negative that was digitised",
    "positiveFilm": "a slide or transparency that was digitised",
    "print": "a print that was digitised",
    "humanEdits": "changed by people",
    "minorHumanEdits": "changed a little by people",
    "compositeCapture": "put together from several photographs",
    "algorithmicallyEnhanced": "improved by a program",
    "softwareImage": "made by a program",
    "digitalArt": "drawn by a person with digital tools",
    "digitalCreation": "drawn by a person with digital tools",
    "dataDrivenMedia": "made from data",
    "trainedAlgorithmicMedia": "made by a generative model",
    "algorithmicMedia": "made by a program without a trained model",
    "screenCapture": "a screenshot",
    "virtualRecording": "a recording of a virtual event",
    "composite": "put together from several elements",
    "compositeSynthetic": "put together from several elements, some of them synthetic",
    "compositeWithTrainedAlgorithmicMedia": "a picture with parts made by a generative model",
}
"""The digital source types of IPTC in words; cv.iptc.org/newscodes/digitalsourcetype."""

_HOLD: Final[Mapping[str, str]] = {
    "unchanged": "the file is what was signed",
    "broken": (
        "they do not hold for this file: it was changed since it was signed, or they come from another; that does not "
        "make it a fake"
    ),
    "unreadable": "they cannot be read",
    "elsewhere": "they lie at another address, which was not asked",
}


def stated(metadata: Mapping[str, Any], *, alone: bool) -> tuple[str, ...]:
    """Say what a file says of itself, what weighs most first, a sentence each; nothing where it says nothing.

    Args:
        metadata: as `CheckFinding.metadata` holds it.
        alone: whether only the one who asks reads it; else coordinates are not told.
    """
    told = (*weighty(metadata), *_camera(metadata), *_position(metadata, alone), *_filed(metadata))
    return (*told, NO_PROOF) if told else ()


def weighty(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """Say of these what a reader must know at once: that a file calls itself generated, or that it is signed."""
    return (*_credentials(metadata), *_source(metadata), *_generation(metadata))


def _credentials(metadata: Mapping[str, Any]) -> Iterator[str]:
    found = metadata.get("credentials")
    if not found:
        return
    signed = f", signed by “{_short(found['signer'])}”" if found["signer"] else ""
    stamped = f", time stamped {_short(found['signed_at'][:10])}" if found["signed_at"] else ""
    told = f"It has Content Credentials (C2PA){signed}{stamped}: {_HOLD[found['state']]}."
    if found["broken"]:
        told += f" ({_short(found['broken'])})"
    if signed:
        told += " Who that signer really is was not checked."
    yield told
    if found["source_type"]:
        yield f"Its Content Credentials call it {_type(found['source_type'])}."
    if found["generator"]:
        yield f"They were written by “{_short(found['generator'])}”."


def _source(metadata: Mapping[str, Any]) -> Iterator[str]:
    if metadata.get("source_type"):
        yield f"The file calls itself {_type(metadata['source_type'])}."
    if metadata.get("system"):
        yield f"The file names an AI system: “{_short(metadata['system'])}”."


def _type(code: str) -> str:
    """Say a digital source type in words, with its code; one that is not on the list by its code alone."""
    known = SOURCE_TYPES.get(code)
    return f"“{known}” (IPTC {code})" if known else f"“{_short(code)}” (a digital source type that IPTC does not list)"


def _generation(metadata: Mapping[str, Any]) -> Iterator[str]:
    found = metadata.get("generation")
    if found:
        yield f"It holds settings as image generators write them ({_short(found['where'])}): “{_short(found['text'])}”."


def _camera(metadata: Mapping[str, Any]) -> Iterator[str]:
    taken = metadata.get("taken_at")
    if taken:
        zone = plain(taken[19:])
        where = f" (UTC{zone})" if zone else " (no time zone told)"
        when = f"{taken[:10]} {taken[11:16]}{where}"
        yield f"The camera's clock said {when}; clocks can be wrong, and metadata can be edited."
    if metadata.get("camera"):
        yield f"It names the camera “{_short(metadata['camera'])}”."
    if metadata.get("software"):
        yield f"It names the program “{_short(metadata['software'])}” as the last to write it."


def _position(metadata: Mapping[str, Any], alone: bool) -> Iterator[str]:
    if not metadata.get("gps_present"):
        return
    if not alone:
        yield "The file has coordinates. They are not told in a channel: ask in a direct message."
    elif metadata.get("gps"):
        found = metadata["gps"]
        yield f"The file has coordinates: {found['lat']:.5f}, {found['lon']:.5f}. They are told to you alone."
    else:
        yield "The file has coordinates, but they cannot be read."


def _filed(metadata: Mapping[str, Any]) -> Iterator[str]:
    if metadata.get("iptc_date"):
        yield f"Whoever filed it gives {day(metadata['iptc_date'])} as its date of creation (IPTC)."
    if metadata.get("caption"):
        yield f"Whoever filed it says: “{_short(metadata['caption'])}” (IPTC)."
    if metadata.get("credit"):
        yield f"Whoever filed it credits “{_short(metadata['credit'])}” (IPTC)."


def _short(text: str) -> str:
    """Show a text of the file on one line, cut with a mark where it is longer."""
    shown = plain(text)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
