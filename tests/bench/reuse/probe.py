"""A fresh process that opens a store and answers one question: `python -m tests.bench.reuse.probe HOME FILE`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main() -> None:
    """Print how long it took until the first answer, and the memory of the process before and after."""
    began = time.perf_counter()
    from tests.bench.reuse.engine import Engine

    with Engine(Path(sys.argv[1])) as engine:
        before = resident()
        engine.refresh()
        loaded = time.perf_counter()
        answer = engine.ask(Path(sys.argv[2]).read_bytes())
        told = {
            "first_answer_seconds": time.perf_counter() - began,
            "load_seconds": loaded - began,
            "memory_before": before,
            "memory_after": resident(),
            "found": len(answer.found),
        }
    print(json.dumps(told))


def resident() -> int:
    """Return the bytes of memory that this process holds."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


if __name__ == "__main__":
    main()
