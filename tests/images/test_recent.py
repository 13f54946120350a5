"""What was worked out last is not worked out again; what was asked for longest ago goes first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images.recent import Recent


@given(st.lists(st.integers(0, 9), max_size=40), st.integers(1, 5))
def test_the_last_ones_asked_for_are_kept(keys: list[int], most: int) -> None:
    """A value is made only where its key is not among the last different ones that were asked for."""
    recent: Recent[int, str] = Recent(most)
    last: list[int] = []
    for key in keys:
        made: list[int] = []

        def make(key: int = key, made: list[int] = made) -> str:
            made.append(key)
            return str(key)

        assert recent.get(key, make) == str(key)
        assert bool(made) == (key not in last[-most:])
        last = [*(one for one in last if one != key), key]


def test_what_cannot_be_made_is_tried_again() -> None:
    """A failure is raised, and not kept."""
    recent: Recent[str, int] = Recent(2)
    with pytest.raises(ValueError, match="invalid literal"):
        recent.get("a", lambda: int("x"))
    assert recent.get("a", lambda: 1) == 1
