"""`whereis`, narrowed: since a day, to a place, to a stance; what is left keeps its denials."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.desk import Desk, take
from bot.findings import WhereisFinding
from bot.intake import Audience
from bot.narrowed import Narrowed
from bot.sources.base import Captured
from commands.people import add
from commands.whereis import whereis
from storage.records import Stance, TimeBasis
from tests.desks import open_desk

POSTS = (
    ("2021-05-01", "Envoy Amina Njoroge arrived in Oslo on Friday, the foreign ministry of Kenya said."),
    ("2021-05-10", "Amina Njoroge was reportedly seen in Bergen, residents said."),
    ("2021-05-11", "The foreign ministry of Kenya denied that Amina Njoroge was in Bergen."),
    ("2021-06-02", "Envoy Amina Njoroge arrived in Suva on Monday, the foreign ministry of Kenya said."),
)


@pytest.fixture(scope="module", name="desk")
def fixture_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk that has read four posts about one envoy."""
    with open_desk(tmp_path_factory.mktemp("narrowed")) as desk:
        asyncio.run(add(desk, "Amina Njoroge", ("Njoroge",), "envoy"))
        for number, (day, text) in enumerate(POSTS, 1):
            moment = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
            post = Captured(
                post_id=f"x:{number}", platform="x", native_id=str(number), url=f"https://x.com/i/status/{number}",
                raw=text.encode(), media_type="text/plain", route="test", captured_at=moment + timedelta(hours=1),
                author="wire", posted_at=moment, posted_at_basis=TimeBasis.STATED, text=text, lang="en",
            )  # fmt: skip
            take(desk, post, Audience())
        yield desk


def told(desk: Desk, **narrowed: object) -> WhereisFinding:
    """The answer, narrowed."""
    return asyncio.run(whereis(desk, "Njoroge", narrowed=Narrowed(**narrowed)))  # type: ignore[arg-type]


def places(finding: WhereisFinding) -> set[tuple[str, Stance]]:
    """What is left of an answer."""
    return {(found.sighting.place.name, found.sighting.stance) for found in finding.sightings}


def test_the_four_posts_are_read(desk: Desk) -> None:
    """Not narrowed, all four sightings are there, one of them denied."""
    finding = told(desk)
    assert {place for place, _ in places(finding)} == {"Oslo", "Bergen", "Suva"}
    assert len(finding.conflicts) == 1


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        ("Norway", {"Oslo", "Bergen"}),
        ("norway", {"Oslo", "Bergen"}),
        ("النرويج", {"Oslo", "Bergen"}),
        ("Bergen", {"Bergen"}),
        ("Bergen, NO", {"Bergen"}),
        ("Bergen, Norway", {"Bergen"}),
    ],
)
def test_a_place_holds_the_places_within_it(desk: Desk, place: str, inside: set[str]) -> None:
    """A country, a town, a town of a country, in any script: what is said of it or of a place within it."""
    finding = told(desk, place=place)
    assert {name for name, _ in places(finding)} == inside
    assert finding.total == len(finding.sightings)
    assert finding.narrowed.place == place


def test_a_place_that_nobody_knows_leaves_nothing(desk: Desk) -> None:
    """A name that is none gives an answer without sightings, not one of everything."""
    finding = told(desk, place="Xyzzyville")
    assert (finding.sightings, finding.total) == ((), 0)


@pytest.mark.parametrize(
    ("since", "names"), [("2021-05-10", {"Bergen", "Suva"}), ("2021-06-02", {"Suva"}), ("2022-01-01", set())]
)
def test_since_counts_from_the_day_of_publication(desk: Desk, since: str, names: set[str]) -> None:
    """The day itself is in; what was published before is not."""
    assert {name for name, _ in places(told(desk, since=since))} == names


@pytest.mark.parametrize("stance", [Stance.DENIED, Stance.RUMORED, Stance.ALLEGED])
def test_a_stance_keeps_what_it_denies_and_what_denies_it(desk: Desk, stance: Stance) -> None:
    """Asked for denials alone, what is denied stands with them; asked for what is denied, so do its denials."""
    everything = told(desk)
    if not any(found.sighting.stance is stance for found in everything.sightings):
        assert told(desk, stance=stance).sightings == ()
        return
    finding = told(desk, stance=stance)
    assert len(finding.conflicts) == 1
    assert {name for name, _ in places(finding)} == {"Bergen"}
    assert len(finding.sightings) == finding.total == 2


def test_filters_hold_together(desk: Desk) -> None:
    """Each of them narrows what the others have left."""
    assert places(told(desk, place="Norway", since="2021-05-12")) == set()
    assert {name for name, _ in places(told(desk, place="Norway", since="2021-05-11"))} == {"Bergen"}


def test_the_pictures_are_of_what_is_left(desk: Desk, tmp_path: Path) -> None:
    """The map and the timeline are written where they are wanted, and are others for another question."""
    whole = asyncio.run(whereis(desk, "Njoroge", maps=tmp_path, timelines=tmp_path))
    part = asyncio.run(whereis(desk, "Njoroge", narrowed=Narrowed(place="Norway"), maps=tmp_path, timelines=tmp_path))
    assert len({whole.map, whole.timeline, part.map, part.timeline} - {None}) == 4
    assert len(list(tmp_path.glob("*.png"))) == 4
