"""The figures of a run as JSON and as tables for the documentation."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import Any

from tests.bench.reuse.answers import Share, micro_average_precision, percentile
from tests.bench.reuse.families import FAMILIES, PAGE_AGAINST_PAGE
from tests.bench.reuse.measure import PRODUCT, Run
from tests.bench.reuse.tally import PAIRS, STRANGERS, TRAPS, Tally

_TARGETS = {family.name: (family.point, family.bound) for family in FAMILIES} | {PAGE_AGAINST_PAGE: (0.98, None)}
_EDITED = tuple(_TARGETS)


def figures(run: Run) -> dict[str, Any]:
    """Return everything that was counted, ready for JSON."""
    return {
        "half": run.corpus.half.value,
        "seed": run.corpus.seed,
        "stored": run.engine.stored,
        "photographs": len({scene.photo for scene in run.corpus.plain}),
        "scenes": len(run.corpus.plain),
        "hosted": len(run.corpus.hosted),
        "strangers": len(run.corpus.strangers),
        "ingest_seconds": run.engine.seconds / max(1, run.engine.stored),
        "disk_bytes": run.engine.disk() / max(1, run.engine.stored),
        "peer_seconds": {name: seconds / max(1, run.engine.stored) for name, seconds in run.peer_seconds.items()},
        "methods": {name: _method(tally) for name, tally in run.tallies.items()},
    }


def _method(tally: Tally) -> dict[str, Any]:
    kinds = {
        kind: {
            "asked": asked,
            "right": tally.right[kind],
            "possible": tally.possible[kind],
            "wrong": tally.wrong[kind],
            "unsure": tally.unsure[kind],
            "neighbours": tally.neighbours[kind],
        }
        for kind, asked in tally.asked.items()
    }
    positives = sum(tally.asked[kind] for kind in _EDITED)
    return {
        "kinds": kinds,
        "micro_average_precision": micro_average_precision(tally.first, positives),
        "p50_seconds": statistics.median(tally.seconds) if tally.seconds else 0.0,
        "p95_seconds": percentile(tally.seconds, 0.95),
    }


def tables(run: Run) -> Iterator[str]:
    """Write the tables in Markdown."""
    product = run.tallies[PRODUCT]
    peers = [name for name in run.tallies if name != PRODUCT]
    corpus = run.corpus
    photographs = len({scene.photo for scene in corpus.plain})
    yield f"Half: **{corpus.half}**, seed {corpus.seed}. Stored: {run.engine.stored:,} pictures, among them"
    yield f"{len(corpus.plain)} scenes of {photographs} photographs that are asked for, and {len(corpus.hosted)} more"
    yield f"that are stored only within a page or a frame. Strangers: {len(corpus.strangers)} scenes, never stored."
    yield ""
    yield from _recall_table(run, product, peers)
    yield ""
    yield from _alarm_table(run, peers)
    yield ""
    yield from _cost_table(run, peers)


def _recall_table(run: Run, product: Tally, peers: list[str]) -> Iterator[str]:
    yield from _head(["recall@1 by edit", "target", PRODUCT, "95 % from", "possible", *peers])
    for kind in _EDITED:
        share = product.recall(kind)
        if not share.total:
            continue
        point, bound = _TARGETS[kind]
        target = "" if point is None else f"≥ {point:.1%}" + (f" (≥ {bound:.1%})" if bound else "")
        missed = point is not None and (share.value < point or _too_low(share, bound))
        told = f"{'✗ ' if missed else ''}{share.hits}/{share.total} = {share.value:.1%}"
        others = [_percent(run.tallies[name].recall(kind)) for name in peers]
        yield _row([kind, target, told, f"{share.lower:.1%}", str(product.possible[kind]), *others])
    whole = [_together(run.tallies[name], _EDITED) for name in (PRODUCT, *peers)]
    possible = str(sum(product.possible[kind] for kind in _EDITED))
    told = f"**{whole[0].hits}/{whole[0].total} = {whole[0].value:.1%}**"
    yield _row(["**together**", "", told, f"{whole[0].lower:.1%}", possible, *map(_percent, whole[1:])])


def _alarm_table(run: Run, peers: list[str]) -> Iterator[str]:
    yield from _head(["false alarms", "target", PRODUCT, "95 % up to", "possible", *peers])
    product = run.tallies[PRODUCT]
    rows = ((STRANGERS, "unrelated pictures, edited", "0"), (TRAPS, "same template, another photograph", "0"))
    for kind, words, target in rows:
        share = product.alarms(kind)
        others = [_counted(run.tallies[name].alarms(kind)) for name in peers]
        yield _row([words, target, _counted(share), f"{share.upper:.2%}", str(product.unsure[kind]), *others])
    for field, words in (
        ("wrong", "edited copies that also raise another photograph"),
        ("neighbours", "edited copies that also raise another part of their own photograph"),
    ):
        shares = []
        for name in (PRODUCT, *peers):
            counted = getattr(run.tallies[name], field)
            shares.append(Share(sum(counted[kind] for kind in _EDITED), _together(run.tallies[name], _EDITED).total))
        yield _row([words, "", _counted(shares[0]), f"{shares[0].upper:.2%}", "", *map(_counted, shares[1:])])
    share = product.alarms(PAIRS)
    others = [_counted(run.tallies[name].alarms(PAIRS)) for name in peers]
    words = "two takes of one scene (stereo, burst, two standpoints)"
    yield _row([words, "0", _counted(share), f"{share.upper:.0%}", str(product.unsure[PAIRS]), *others])


def _cost_table(run: Run, peers: list[str]) -> Iterator[str]:
    yield from _head(["cost", PRODUCT, *peers])
    methods = [_method(run.tallies[name]) for name in (PRODUCT, *peers)]
    scores = [f"{method['micro_average_precision']:.3f}" for method in methods]
    yield _row(["µAP of the best answers to all queries", *scores])
    for key, words in (("p50_seconds", "a query, middle"), ("p95_seconds", "a query, 95 % within")):
        yield _row([words, *(f"{1000 * method[key]:.1f} ms" for method in methods)])
    stored, nothing = max(1, run.engine.stored), [""] * len(peers)
    yield _row(["taking a picture in", f"{1000 * run.engine.seconds / stored:.0f} ms", *nothing])
    yield _row(["disk a picture, without the file itself", f"{run.engine.disk() / stored / 1024:.1f} KB", *nothing])


def faults(run: Run) -> Iterator[str]:
    """Name what the product missed or raised wrongly; for the tuning half only."""
    for kind, name, said in run.tallies[PRODUCT].faults:
        yield f"{kind}: {name}: {said}"


def _head(cells: list[str]) -> Iterator[str]:
    yield _row(cells)
    yield "|" + "---|" * len(cells)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _together(tally: Tally, kinds: tuple[str, ...]) -> Share:
    return Share(sum(tally.right[kind] for kind in kinds), sum(tally.asked[kind] for kind in kinds))


def _too_low(share: Share, bound: float | None) -> bool:
    """Whether a bound is missed that so many queries could have reached."""
    return bound is not None and share.lower < bound <= Share(share.total, share.total).lower


def _percent(share: Share) -> str:
    return f"{share.value:.0%}" if share.total else "–"


def _counted(share: Share) -> str:
    return f"{share.hits}/{share.total:,}" if share.total else "–"
