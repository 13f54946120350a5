"""The data files of this room: `|` between fields, `#` before remarks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

DATA = Path(__file__).parent / "data"


def rows(name: str) -> Iterable[list[str]]:
    """Read a data file of the places folder: `|` between fields, `#` before remarks."""
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield [field.strip() for field in line.split("|")]
