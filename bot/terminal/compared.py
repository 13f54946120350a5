"""Two compared pictures as lines of text and as a JSON value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from bot.compare_findings import CompareFinding
from bot.wording import plain, verdict


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


def compare_lines(finding: CompareFinding) -> Iterator[str]:
    """Say why two pictures match or do not, with where each stands in the other."""
    for one in (finding.first, finding.second):
        yield f"{plain(one.input)} ({one.width}×{one.height}), sha256 {one.sha256}"
    if finding.reuse is None:
        yield f"  not found to be one picture: {plain(finding.reason)}"
    else:
        yield f"  {verdict(finding.reuse)}"
        regions = (finding.reuse.region_query, finding.reuse.region_match)
        for name, region in zip(("first", "second"), regions, strict=True):
            corners = " ".join(f"({x:.0f}, {y:.0f})" for x, y in region)
            yield f"  in the {name}: {corners or 'no region can be told'}"
    far = "cannot be compared" if finding.distance is None else f"differ in {finding.distance} of 256 bits"
    yield f"  fingerprints: {far}"
    if finding.evidence:
        yield f"  side by side: {finding.evidence}"
