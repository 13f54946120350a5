"""Print how well every labelled file is read: `python -m tests.reading.report`, or with names of files."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.reading.scoring import by_trap, score

HERE = Path(__file__).parent


def main(names: list[str]) -> None:
    """Print one line a file, its faults, and the texts of traps in which something was asserted."""
    paths = sorted([*HERE.glob("*_en.jsonl"), *(HERE / "labelled").glob("*.jsonl")])
    for path in paths:
        if names and path.stem not in names:
            continue
        total = score(path)
        print(f"{path.stem:14} {total}")
        print("               " + ", ".join(f"{kind} {len(texts)}" for kind, texts in sorted(by_trap(path).items())))
        if names:
            print(*(f"  {fault}" for fault in total.faults), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
