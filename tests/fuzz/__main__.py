"""`python -m tests.fuzz`: damaged pictures through decoding, preparation and metadata for some minutes.

A case is a good file with damage, made from the run's number and its own: `--run 7 --case 1234` makes it again. A case
fails where its process dies, raises anything but a refusal in a sentence, takes over 20 seconds, or where the process
has come to hold more than a gigabyte.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Final

from tests.fuzz.attempt import attempt, made
from tests.fuzz.worker import Result, Watched

SECONDS: Final = 20.0
MEMORY: Final = 2**30


def main(arguments: list[str]) -> int:
    """Run, and return how many cases failed, at most 1 as an exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--run", type=int, default=1, help="the number that all cases are made from")
    parser.add_argument("--case", type=int, help="this one case only")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"), help="the folder for cases that failed")
    given = parser.parse_args(arguments)
    if given.case is not None:
        given.keep.mkdir(exist_ok=True)
        kept = _keep(given.keep, given.run, given.case)
        print(f"{kept}: {attempt(given.run, given.case)}")
        return 0
    return min(_run(given.run, given.minutes * 60, given.keep), 1)


def _run(run: int, seconds: float, folder: Path) -> int:
    watched = Watched(attempt, SECONDS)
    outcomes: Counter[str] = Counter()
    failed = number = peak = 0
    slowest, slowest_case = 0.0, 0
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        number += 1
        result = watched.run(run, number)
        peak = max(peak, result.peak)
        if result.seconds > slowest:
            slowest, slowest_case = result.seconds, number
        failure = _failure(result)
        if failure:
            failed += 1
            folder.mkdir(exist_ok=True)
            print(f"case {number}: {failure} Kept as {_keep(folder, run, number)}.")
            print(f"  again: {sys.executable} -m tests.fuzz --run {run} --case {number}", flush=True)
            watched.close()
        outcomes[result.outcome or "failed"] += 1
    watched.close()
    took = time.monotonic() - began
    print(f"{number} cases in {took:.0f} s, {number / took:.0f} a second, {failed} failed")
    print(f"slowest: case {slowest_case}, {slowest:.2f} s; most resident memory: {peak / 2**20:.0f} MB")
    for outcome, times in outcomes.most_common():
        print(f"{times:8} {outcome}")
    return failed


def _failure(result: Result) -> str:
    if not result.failure and result.peak > MEMORY:
        return f"It came to {result.peak / 2**20:.0f} MB."
    return result.failure


def _keep(folder: Path, run: int, number: int) -> Path:
    name, data = made(run, number)
    path = folder / f"{run}-{number}-{name}.bin"
    path.write_bytes(data)
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
