"""`python -m tests.bench.archive`: a picture archive made here, taken in by `ingest` and looked up by `check`."""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.images.filing import UTF8, filed, quick

CITIES = (b"Suva", b"Lima", b"Oslo")


def make(folder: Path, count: int) -> None:
    """Write pictures of 0.5 to 2 megapixels, each with IPTC fields, 500 to a folder. They are drawn, no photographs."""
    for number in range(count):
        choose = random.Random(number)
        width = int((choose.uniform(0.5e6, 2e6) * 1.5) ** 0.5)
        fields = (
            UTF8,
            (2, 55, b"2019%02d%02d" % (choose.randint(1, 12), choose.randint(1, 28))),
            (2, 60, b"101112+0300"),
            (2, 80, b"N. N."),
            (2, 110, b"Agency"),
            (2, 120, b"A street in the rain, number %d." % number),
            (2, 90, choose.choice(CITIES)),
        )
        below = folder / f"{number // 500:03}"
        below.mkdir(parents=True, exist_ok=True)
        (below / f"{number:06}.jpg").write_bytes(filed(quick(number, width, int(width / 1.5)), *fields))


def timed(*arguments: str) -> str:
    """Run a verb and return its wall time, its processor time with its processes', and the most memory of one."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "bot", *arguments], check=True, stdout=subprocess.DEVNULL)
    took = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return f"{took:.1f} s, {spent:.1f} s of processors, {after.ru_maxrss / 1024:.0f} MB in the largest process so far"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.archive", description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    count = parser.parse_args().count
    with TemporaryDirectory() as scratch:
        pictures, home = Path(scratch) / "pictures", str(Path(scratch) / "home")
        make(pictures, count)
        print(f"ingest of {count}: {timed('--home', home, 'ingest', str(pictures))}", flush=True)
        print(f"the same again: {timed('--home', home, 'ingest', str(pictures))}", flush=True)
        print(f"check of {count}: {timed('--home', home, 'check', str(pictures))}", flush=True)


if __name__ == "__main__":
    main()
