"""A room for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.alerting.rooms import Room, room


@pytest.fixture(name="room")
def fixture_room(tmp_path: Path) -> Iterator[Room]:
    """A desk that knows one person, at noon."""
    with room(tmp_path / "store") as made:
        yield made
