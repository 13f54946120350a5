"""Reuse: pairs of images found to be one picture."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from storage import images
from storage.database import Transaction
from storage.records import Certainty, Polygon, Relation, Reuse, Viewer

WHOLE = frozenset({Relation.IDENTICAL, Relation.NEAR, Relation.MIRRORED, Relation.ROTATED})
"""The relations of two pictures that show all of one another: saved again, recoloured, mirrored, turned."""

_FIELDS = (
    "query_sha256", "match_sha256", "relation", "transform", "region_query", "region_match", "score", "threshold",
    "certainty", "version",
)  # fmt: skip
_COLUMNS = ", ".join(_FIELDS)


@dataclass(frozen=True, slots=True)
class Copies:
    """What a picture surely is a copy of.

    Attributes:
        sha256: the picture.
        scores: by the other picture, how well they match (0..1).
        whole: those of them that show all of it, and the picture itself.
    """

    sha256: str
    scores: Mapping[str, float] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()

    @classmethod
    def of(cls, sha256: str, found: Iterable[Reuse]) -> Copies:
        """Gather them from verdicts, whichever side of those the picture is."""
        scores: dict[str, float] = {}
        whole = {sha256}
        for pair in found:
            other = pair.match_sha256 if pair.query_sha256 == sha256 else pair.query_sha256
            if pair.certainty is Certainty.MATCH and other != sha256:
                scores[other] = max(pair.score, scores.get(other, 0.0))
                whole |= {other} if pair.relation in WHOLE else set()
        return cls(sha256, scores, frozenset(whole))

    def stands_for(self, one: str, rather_than: str) -> bool:
        """Tell whether the picture is `one`, or `one` saved again and surely rather that than another picture."""
        if self.sha256 in {one, rather_than}:
            return self.sha256 == one
        return one in self.whole and self.scores[one] > self.scores.get(rather_than, 0.0)


def copies_of(tx: Transaction, sha256: str) -> Copies:
    """Return what a stored picture surely is a copy of, whoever may see that; for machinery."""
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM reuses WHERE (query_sha256 = :sha256 OR match_sha256 = :sha256)"  # noqa: S608
        " AND certainty = 'match'",
        {"sha256": sha256},
    )
    return Copies.of(sha256, map(_reuse, rows))


def put(tx: Transaction, reuse: Reuse) -> bool:
    """Keep a pair; False if the pair is there already, in this direction."""
    values: dict[str, Any] = {name: getattr(reuse, name) for name in _FIELDS}
    values["relation"], values["certainty"] = str(reuse.relation), str(reuse.certainty)
    values["region_query"], values["region_match"] = json.dumps(reuse.region_query), json.dumps(reuse.region_match)
    return bool(
        tx.execute(
            "INSERT INTO reuses (query_sha256, match_sha256, relation, transform, region_query, region_match, score,"
            " threshold, certainty, version) VALUES (:query_sha256, :match_sha256, :relation, :transform,"
            " :region_query, :region_match, :score, :threshold, :certainty, :version) ON CONFLICT DO NOTHING",
            values,
        )
    )


def of_image(tx: Transaction, sha256: str, viewer: Viewer) -> list[Reuse]:
    """Return the pairs that an image is in, on either side, best first.

    A pair is shown only where both images appear in posts that the viewer may see.
    """
    found = [
        _reuse(row)
        for row in tx.rows(
            f"SELECT {_COLUMNS} FROM reuses WHERE query_sha256 = :sha256 OR match_sha256 = :sha256"  # noqa: S608
            " ORDER BY score DESC, query_sha256, match_sha256",
            {"sha256": sha256},
        )
    ]
    seen = images.seen_by(tx, {side for pair in found for side in (pair.query_sha256, pair.match_sha256)}, viewer)
    return [pair for pair in found if pair.query_sha256 in seen and pair.match_sha256 in seen]


def first_of(tx: Transaction, shas: Iterable[str]) -> str:
    """Name the picture that copies come down to: of them, and of what they surely are copies of, the one kept first."""
    family = set(shas)
    first = ""
    while True:
        names = {f"sha_{index}": name for index, name in enumerate(sorted(family))}
        marks = ", ".join(f":{name}" for name in names)
        row = tx.row(
            f"SELECT sha256 FROM images WHERE sha256 IN ({marks}) ORDER BY first_seen_at, seq LIMIT 1",  # noqa: S608
            names,
        )
        if row is None or row["sha256"] == first:
            return first or min(family)
        first = row["sha256"]
        copies = tx.rows(
            "SELECT match_sha256 FROM reuses WHERE query_sha256 = :sha256 AND certainty = 'match'", {"sha256": first}
        )
        family = {first, *(copy["match_sha256"] for copy in copies)}


def clear_query(tx: Transaction, sha256: str) -> None:
    """Drop the pairs found when an image was looked up, before they are found anew."""
    tx.execute("DELETE FROM reuses WHERE query_sha256 = :sha256", {"sha256": sha256})


def count(tx: Transaction) -> int:
    """Count the pairs."""
    row = tx.row("SELECT count(*) AS pairs FROM reuses")
    return int(row["pairs"]) if row else 0


def _reuse(row: Mapping[str, Any]) -> Reuse:
    values = {name: row[name] for name in _FIELDS}
    values["relation"], values["certainty"] = Relation(row["relation"]), Certainty(row["certainty"])
    values["region_query"], values["region_match"] = _polygon(row["region_query"]), _polygon(row["region_match"])
    return Reuse(**values)


def _polygon(text: str) -> Polygon:
    return tuple((float(x), float(y)) for x, y in json.loads(text))
