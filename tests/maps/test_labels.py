"""Labels find room: in the frame, on nothing else, as near as can be."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bot.maps.labels import Wanted, overlap, placed

FRAME = (0.0, 0.0, 952.0, 420.0)
POINTS = st.tuples(st.floats(0, 952), st.floats(0, 420))


@given(st.lists(st.builds(Wanted, POINTS, st.just(9.0), st.floats(60, 300), st.just(38.0)), max_size=6))
def test_six_labels_stand_in_the_frame_and_on_no_other(wanted: list[Wanted]) -> None:
    """Wherever six places lie, even all at one point, their labels share no pixel."""
    boxes = placed(wanted, FRAME)
    for box in boxes:
        assert FRAME[0] <= box[0] <= box[2] <= FRAME[2]
        assert FRAME[1] <= box[1] <= box[3] <= FRAME[3]
    assert not any(overlap(one, other) for one, other in combinations(boxes, 2))


def test_a_label_stands_beside_its_place() -> None:
    """With room on the right, that is where it stands, clear of the dot."""
    [box] = placed([Wanted((400, 200), 9, 100, 38)], FRAME)
    assert (box[0], box[1], box[3]) == (400 + 9 + 14, 200 - 19, 200 + 19)


def test_the_label_of_an_area_stands_within_it_unless_something_else_does() -> None:
    """Of a circle the middle is taken first, and its outside where a dot stands there."""
    area = Wanted((400, 200), 120, 200, 38, within=True)
    assert placed([area], FRAME) == [(300, 181, 500, 219)]
    [away] = placed([area], FRAME, [(395, 195, 405, 205)])
    assert not overlap(away, (395, 195, 405, 205))


def test_without_any_room_the_label_that_covers_least_is_taken() -> None:
    """A frame full of labels loses none: the last one stands in the frame all the same."""
    boxes = placed([Wanted((50, 20), 9, 90, 38)] * 3, (0.0, 0.0, 100.0, 40.0))
    assert len(boxes) == 3
    assert all(box[0] >= 0 and box[2] <= 100 for box in boxes)
