"""`whereis`, narrowed: since a day, to a place, to a stance; what is left keeps its denials."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.desk import Desk, take
from bot.findings import WhereisFinding
from bot.intake import Audience
from bot.narrowed import Narrowed
from bot.sources.base import Captured
from bot.verdict_findings import Said
from commands.people import add
from commands.verdicts import give, place_named
from commands.whereis import whereis
from storage.records import EVERYWHERE, OPERATOR, Stance, TimeBasis
from storage.verdicts import Judgement
from tests.desks import open_desk

POSTS = (
    ("2021-05-01", "Envoy Amina Njoroge arrived in Oslo on Friday, the foreign ministry of Kenya said."),
    ("2021-05-10", "Amina Njoroge was reportedly seen in Bergen, residents said."),
    ("2021-05-11", "The foreign ministry of Kenya denied that Amina Njoroge was in Bergen."),
    ("2021-06-02", "Envoy Amina Njoroge arrived in Suva on Monday, the foreign ministry of Kenya said."),
)


@contextmanager
def archive(home: Path) -> Iterator[Desk]:
    """A desk that has read four posts about one envoy."""
    with open_desk(home) as desk:
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


@pytest.fixture(scope="module", name="desk")
def fixture_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One for all tests that change nothing."""
    with archive(tmp_path_factory.mktemp("narrowed")) as desk:
        yield desk


def told(desk: Desk, **narrowed: object) -> WhereisFinding:
    """The answer, narrowed."""
    return asyncio.run(whereis(desk, "Njoroge", narrowed=Narrowed(**narrowed)))  # type: ignore[arg-type]


def judge(desk: Desk, sighting: str, said: Said) -> None:
    """Let an editor judge a sighting."""
    now = datetime(2021, 7, 1, tzinfo=UTC).isoformat()
    with desk.db.write() as tx:
        give(tx, sighting, said, OPERATOR, workspace=EVERYWHERE, by="operator", now=now)


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


def test_what_an_editor_corrected_counts_as_corrected(tmp_path: Path) -> None:
    """A corrected place and stance are what an answer is narrowed by; what was rejected is in none."""
    with archive(tmp_path) as desk:
        [oslo] = (found.id for found in told(desk, place="Oslo").sightings)
        judge(desk, oslo, Said(Judgement.CORRECTED, place_named(desk, "Nairobi"), Stance.ALLEGED))
        assert told(desk, place="Oslo").sightings == ()
        assert [found.id for found in told(desk, place="Kenya").sightings] == [oslo]
        assert oslo in {found.id for found in told(desk, stance=Stance.ALLEGED).sightings}
        assert oslo not in {found.id for found in told(desk, stance=Stance.ASSERTED).sightings}
        judge(desk, oslo, Said(Judgement.REJECTED))
        assert told(desk, place="Kenya").sightings == ()
        assert told(desk).rejected == 1
