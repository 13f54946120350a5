"""An answer made ready for its pictures: places, denials beside what they deny, and the same told in sentences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot import whereabouts
from bot.narrowed import Narrowed
from storage.errors import DatelineError
from storage.records import ArchivedSighting, Conflict, ConflictKind, Place, PlacePrecision, Stance
from tests.slack import findings as made

BERGEN = Place("Bergen", "NO", 60.4, 5.3, PlacePrecision.CITY, "test:bergen")
NOWHERE = Place("the front", None, None, None, PlacePrecision.REGION, "test:front")


def denied(claim: ArchivedSighting, denial: ArchivedSighting) -> Conflict:
    """A pair of what is said and what denies it."""
    return Conflict(ConflictKind.DENIAL, "x", sightings=(claim.id, denial.id))


def test_a_denial_stands_at_the_place_of_what_it_denies() -> None:
    """A ministry's denial of Norway is a shape at Oslo, of which it was said."""
    chart = whereabouts.map_of(made.whereis_with_denial())
    assert chart is not None
    [oslo] = chart.spots
    assert (oslo.name, oslo.stances) == ("Oslo, NO", (Stance.RUMORED, Stance.DENIED))
    assert "rumored by unnamed users" in oslo.told
    assert "denied by the ministry" in oslo.told
    assert chart.notes == ("Not on the map, no position known: Norway.",)


def test_a_country_is_somewhere_in_it() -> None:
    """What is told of a country is never labelled as a point."""
    norway = replace(made.NORWAY, lat=61.0, lon=9.0)
    chart = whereabouts.map_of(made.whereis(made.sighting(1, place=norway)))
    assert chart is not None
    assert [spot.label for spot in chart.spots] == ["somewhere in Norway"]
    assert "somewhere in Norway" in whereabouts.map_told(made.whereis(made.sighting(1, place=norway)))


def test_without_a_position_there_is_no_map() -> None:
    """Places that only have a name are no picture, and the sentence says why."""
    finding = made.whereis(made.sighting(1, place=NOWHERE))
    assert whereabouts.map_of(finding) is None
    assert whereabouts.map_told(finding) == whereabouts.NO_MAP


def test_nothing_said_is_nothing_drawn(tmp_path: Path) -> None:
    """An answer without sightings has no pictures, and leaves no file."""
    finding = whereabouts.drawn(made.whereis(), tmp_path, tmp_path)
    assert (finding.map, finding.timeline) == (None, None)
    assert list(tmp_path.iterdir()) == []


def test_a_claim_is_never_on_the_timeline_without_its_denial() -> None:
    """Of a hundred statements a few are shown, and those that are denied stand first, each with a denial under it."""
    said = [made.sighting(n, f"claim {n}") for n in range(1, 101)]
    against = made.sighting(200, "no", stance=Stance.DENIED)
    finding = made.whereis(*said, against, conflicts=(denied(said[99], against),))
    shown = whereabouts.timeline_of(finding)
    assert shown is not None
    assert len(shown.rows) == whereabouts.ROWS
    place = next(number for number, row in enumerate(shown.rows) if row.denies)
    assert "@reporter_100" in shown.rows[place - 1].told
    assert shown.notes == (f"{101 - whereabouts.ROWS} more statements not shown here.",)


@pytest.mark.parametrize("number", [2, 7, 8, 9])
def test_where_there_is_no_room_for_a_denial_its_claim_is_left_out_too(number: int) -> None:
    """Pairs only: no last row is a claim that is denied elsewhere."""
    said = [made.sighting(n, f"claim {n}") for n in range(1, number + 1)]
    against = [made.sighting(100 + n, f"no {n}", stance=Stance.DENIED) for n in range(1, number + 1)]
    pairs = tuple(denied(one, other) for one, other in zip(said, against, strict=True))
    shown = whereabouts.timeline_of(made.whereis(*said, *against, conflicts=pairs))
    assert shown is not None
    assert [row.denies for row in shown.rows] == [False, True] * min(number, whereabouts.ROWS // 2)


def test_the_pictures_are_told_in_sentences_that_name_speaker_and_stance() -> None:
    """Whoever cannot see them reads who says so, how surely, when, and that nothing is stated as fact."""
    finding = made.whereis_with_denial()
    for told in (whereabouts.map_told(finding), whereabouts.timeline_told(finding)):
        assert told.endswith(".")
        assert "is stated as fact" in told
        assert "rumored by unnamed users, via @reporter_1" in told
        assert "denied by the ministry" in told
    assert "Number 1, Oslo, NO" in whereabouts.map_told(finding)
    assert "Against that, Norway: denied by the ministry" in whereabouts.timeline_told(finding)


def test_files_are_named_as_asked_or_by_what_is_drawn(tmp_path: Path) -> None:
    """A file is written where it is wanted; in a folder, another answer is another file."""
    finding = made.whereis(made.sighting(1), made.sighting(2, place=BERGEN))
    chosen = whereabouts.drawn(finding, tmp_path / "here.png", None)
    assert (chosen.map, chosen.timeline) == (str(tmp_path / "here.png"), None)
    first = whereabouts.drawn(finding, tmp_path / "kept", tmp_path / "kept")
    again = whereabouts.drawn(finding, tmp_path / "kept", tmp_path / "kept")
    other = whereabouts.drawn(replace(finding, total=9), tmp_path / "kept", None)
    assert (first.map, first.timeline) == (again.map, again.timeline)
    assert other.map not in {first.map, None}
    assert all(
        Path(path).read_bytes().startswith(b"\x89PNG") for path in (first.map, first.timeline, other.map) if path
    )


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    """A folder in place of the file's folder is told by its path."""
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DatelineError, match=r"here\.png cannot be written"):
        whereabouts.drawn(made.whereis(made.sighting(1)), tmp_path / "file" / "here.png", None)


def test_what_an_answer_is_narrowed_to_is_said() -> None:
    """The words follow the name, in the title of the card and under that of the pictures."""
    narrowed = Narrowed("2015-10-08", "Syria", Stance.DENIED)
    assert whereabouts.narrowed_words(narrowed) == ", denied only, in Syria, published since 8 Oct 2015"
    chart = whereabouts.map_of(replace(made.whereis(made.sighting(1)), narrowed=narrowed))
    assert chart is not None
    assert "denied only, in Syria" in chart.lines[0]
