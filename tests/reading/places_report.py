"""Measure places: `python -m tests.reading.places_report [--show] [FILE]`, by default `data/news_places.jsonl`.

A line holds a text, its style, and its places by their spans: name, kind, country and, but for seas and the like,
coordinates. Labelled are names of settlements, divisions, countries, regions, islands, seas, rivers and lakes that
stand for the place or its government, also before a noun ("Toronto detectives"). Not labelled: adjectives and peoples
("Iraqi"), people, organisations, companies, papers, clubs, streets, buildings. Spans hold the name alone, so "City" and
"State" of "City, State" are two.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.reading import places
from bot.reading.model import PlaceMention
from storage.records import Place, PlacePrecision

LABELLED = Path(__file__).parent / "data" / "news_places.jsonl"
NEAR_KM = 161
"""A hundred miles: how near is near enough, as in the published measurements of such systems."""

Gold = dict[str, Any]


@dataclass
class Score:
    """What was counted, and each error in words."""

    counted: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def lines(self, label: str) -> str:
        """Give the figures in words."""
        n = self.counted
        f1 = 2 * n["right"] / max(1, n["found"] + n["wanted"])
        precision, recall = n["right"] / max(1, n["found"]), n["right"] / max(1, n["wanted"])
        return (
            f"{label}: recognition F1 {f1:.3f} (P {precision:.3f}, R {recall:.3f}); "
            f"of {n['located']} found and located, within {NEAR_KM} km {n['near'] / max(1, n['located']):.3f}, "
            f"or the right area {n['tolerant'] / max(1, n['located']):.3f}"
        )


def named(mention: PlaceMention, text: str) -> bool:
    """Say whether a mention counts: a place, or a capital that stands for its government, and no adjective."""
    return mention.kind == "place" or (mention.kind == "metonym" and mention.place.name in mention.span.of(text))


def score(path: Path = LABELLED) -> dict[str, Score]:
    """Read every text and hold what was found against its labels, by style and in all."""
    scores: dict[str, Score] = {"all": Score()}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        both = (scores["all"], scores.setdefault(row["style"], Score()))
        gold: dict[tuple[int, int], Gold] = {(g["start"], g["end"]): g for g in row["places"]}
        found = {(m.span.start, m.span.end): m for m in places.find(row["text"]) if named(m, row["text"])}
        for one in both:
            one.counted.update(found=len(found), wanted=len(gold), right=len(found.keys() & gold.keys()))
            one.errors += [f"{row['id']} missed: {gold[s]['name']}" for s in sorted(gold.keys() - found.keys())]
            one.errors += [
                f"{row['id']} wrong: {row['text'][s[0] : s[1]]} ({found[s].place.name}, {found[s].place.country})"
                for s in sorted(found.keys() - gold.keys())
            ]
            for span in sorted(found.keys() & gold.keys()):
                _locate(one, row["id"], gold[span], found[span])
    return scores


def _locate(one: Score, where: str, gold: Gold, mention: PlaceMention) -> None:
    if "lat" not in gold:
        return
    place = mention.place
    one.counted["located"] += 1
    away = places.distance_km(place, replace(place, lat=gold["lat"], lon=gold["lon"]))
    near = away is not None and away <= NEAR_KM
    area = gold["kind"] == place.precision.value == "country" and gold["country"] == place.country
    area = area or (gold["kind"] == "province" and place.precision is PlacePrecision.PROVINCE and _holds(gold, place))
    one.counted["near"] += near
    one.counted["tolerant"] += near or area
    if not near:
        one.errors.append(
            f"{where} {'area only' if area else 'elsewhere'}: {gold['name']} -> {place.name}, {place.country},"
            f" {place.precision.value}, {place.lat}, {place.lon} ({mention.reason})"
        )


def _holds(gold: Gold, place: Place) -> bool:
    return bool(gold["country"] == place.country and gold["name"].casefold() in place.name.casefold())


def main(arguments: list[str]) -> None:
    """Print the figures, and with `--show` every error."""
    files = [Path(argument) for argument in arguments if argument != "--show"]
    scores = score(*files[:1])
    for style, one in scores.items():
        print(one.lines(style))
    if "--show" in arguments:
        print(*scores["all"].errors, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
