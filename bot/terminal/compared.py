"""Two compared pictures as a JSON value."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.findings import CompareFinding


def compare_shape(finding: CompareFinding) -> Any:
    """Return the JSON value: every field of the verdict is null where the pictures are not found to be one."""
    reuse = finding.reuse
    return {
        "first": asdict(finding.first),
        "second": asdict(finding.second),
        "score": reuse and reuse.score,
        "threshold": reuse and reuse.threshold,
        "certainty": reuse and reuse.certainty,
        "relation": reuse and reuse.relation,
        "transform": reuse and reuse.transform,
        "region_query": reuse and [[float(x), float(y)] for x, y in reuse.region_query],
        "region_match": reuse and [[float(x), float(y)] for x, y in reuse.region_match],
        "distance": finding.distance,
        "why_not": finding.reason or None,
        "evidence": finding.evidence,
    }
