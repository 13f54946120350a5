"""How much processor time a map and a timeline take: `python -m tests.bench.maps`.

Draws answers of 4, 12 and 50 places, warm, and the first one of a fresh process.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

from bot import wording
from bot.maps.chart import map_sheet
from bot.maps.model import Map, Row, Spot, Timeline
from bot.maps.timeline import timeline_sheet
from storage.records import PlacePrecision, Stance

TIMES = 21

_FIRST = """
import time
began = time.process_time()
from tests.bench.maps import chart
from bot.maps.chart import map_sheet
map_sheet(chart(4))
print(time.process_time() - began)
"""


def chart(places: int) -> Map:
    """Return a map of towns, provinces and countries from Lisbon to Samarkand, every stance among them."""
    kinds, stances = (PlacePrecision.CITY, PlacePrecision.PROVINCE, PlacePrecision.COUNTRY), tuple(Stance)
    spots = tuple(
        Spot(
            ("Латакия", "حلب", "Suva", "חיפה")[number % 4],
            30.0 + number * 7 % 29,
            -9.0 + number * 23 % 76,
            kinds[number % 3],
            (stances[number % 8], Stance.DENIED),
            "6 statements, newest on or before 13 Oct 2015: alleged by قناة العربية; Jul 2015: denied by the Kremlin",
        )
        for number in range(places)
    )
    return Map("Who says where: Amina Njoroge", ("Nothing here is stated as fact.",), spots, ())


def timeline() -> Timeline:
    """Return a timeline with as many rows as one has."""
    told = "Latakia, SY: alleged by قناة العربية, via РИА Новости"
    dated = "time told: on or before 13 Oct 2015 · posted 13 Oct 2015 20:15 UTC"
    rows = tuple(
        Row(stance, told, dated, None, "2015-10-13", "2015-10-13T20:15:00.000Z") for stance in tuple(Stance)[:7]
    )
    return Timeline("Who says when: Amina Njoroge", ("Nothing here is stated as fact.",), rows, ())


def milliseconds(work: Callable[[], object]) -> str:
    """Say the median and the slowest of some runs in processor time, after one that warms up."""
    work()
    taken = []
    for _ in range(TIMES):
        began = time.process_time()
        work()
        taken.append(1_000 * (time.process_time() - began))
    return f"p50 {statistics.median(taken):.0f} ms, slowest of {TIMES} {max(taken):.0f} ms"


def bench_maps() -> Iterator[tuple[str, str, str, str]]:
    """Give what was measured, what it should be, and how."""
    first = subprocess.run([sys.executable, "-c", _FIRST], check=True, capture_output=True, text=True)
    told = []
    for places in (4, 12, 50):
        shown = chart(places)
        told.append(f"{places} places: {milliseconds(partial(map_sheet, shown))}")
    told.append(f"a timeline: {milliseconds(partial(timeline_sheet, timeline(), wording.day))}")
    yield (
        "the map of a `whereis` answer, drawn",
        "≤ 400 ms",
        "; ".join(told),
        f"processor time; the first map of a fresh process, with imports and outlines, takes "
        f"{1_000 * float(first.stdout):.0f} ms",
    )


if __name__ == "__main__":
    for figure in bench_maps():
        print(" | ".join(figure))
