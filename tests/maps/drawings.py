"""Places and statements made up for the tests of maps and timelines."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.maps.model import Map, Row, Spot, Timeline
from storage.records import PlacePrecision, Stance


def spot(
    name: str = "Latakia, SY",
    lat: float = 35.5,
    lon: float = 35.8,
    precision: PlacePrecision = PlacePrecision.CITY,
    *stances: Stance,
    told: str = "13 Oct 2015: asserted by somebody",
) -> Spot:
    """A place of which one thing is asserted, or as many as are named."""
    return Spot(name, lat, lon, precision, stances or (Stance.ASSERTED,), told)


def chart(*spots: Spot, notes: tuple[str, ...] = ()) -> Map:
    """A map of some places."""
    return Map("Who says where: Amina Njoroge", ("2 statements. Nothing here is stated as fact.",), spots, notes)


def row(
    stance: Stance = Stance.ASSERTED,
    start: str | None = "2015-10-12",
    end: str | None = "2015-10-13",
    posted: str | None = "2015-10-13T20:15:00.000Z",
    *,
    told: str = "Latakia, SY: asserted by somebody",
    denies: bool = False,
) -> Row:
    """A statement."""
    return Row(stance, told, "time told: 13 Oct 2015 · posted 13 Oct 2015 20:15 UTC", start, end, posted, denies)


def timeline(*rows: Row) -> Timeline:
    """A timeline of some statements."""
    return Timeline("Who says when: Amina Njoroge", ("2 statements.",), rows, ())


def pixels(png: bytes) -> NDArray[np.int16]:
    """Return the colours of a picture."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(np.int16)


def near(picture: NDArray[np.int16], colour: str, off: int = 24) -> NDArray[np.bool_]:
    """Say which pixels have about a colour, given as #rrggbb, each of its parts by so much at most."""
    wanted = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return np.asarray(np.abs(picture - wanted).max(axis=2) < off)
