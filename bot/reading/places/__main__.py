"""Compile the gazetteer ahead of time: `python -m bot.reading.places [FOLDER]`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bot.reading.places.gazetteer import open_gazetteer


def main() -> None:
    """Compile the gazetteer where that was not done yet, and say where it lies."""
    began = time.perf_counter()
    gazetteer = open_gazetteer(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    size = gazetteer.path.stat().st_size / 1e6
    print(f"gazetteer ready in {time.perf_counter() - began:.1f} s: {gazetteer.path} ({size:.1f} MB)")


if __name__ == "__main__":
    main()
