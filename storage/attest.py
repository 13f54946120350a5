"""What the custody log keeps of a post's own record: its fields, who may see it, and the pictures it shows.

A row of the log that comes with a change of a post carries a *record* of the post as the change left it, and the
digest of the record as the change found it. So `verify` can hold every post against its last record, and the records
against each other: what was altered behind the log's back is named even where a later capture was written over it.
A post of which no row carries a record (written before there were any) is not held against anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from storage.custody import canonical
from storage.database import Transaction
from storage.records import digest, text_digest

KEY = "record"
"""The name of the record in the `detail` of a custody row."""

POST_FIELDS = (
    "platform", "native_id", "url", "author", "author_name", "publisher", "posted_at", "posted_at_basis", "utc_offset",
    "text_sha256", "lang", "status", "status_reason", "first_seen_at", "sort_at",
)  # fmt: skip
"""The columns of the table `posts` that a record holds, as they are stored."""

APPEARANCE_FIELDS = ("image_sha256", "capture_id", "position", "source_url")
"""The columns of the table `appearances` that a record holds; of the caption it holds the digest."""

_PAGE = 500

Record = dict[str, Any]
"""`{"post": {field: value}, "grants": [[workspace, audience]], "appearances": [{field: value, "caption_sha256"}]}`."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one post that is under way, from before its first write.

    Attributes:
        post_id: the post.
        was: the digest of its record before; None where the post is new.
    """

    post_id: str
    was: str | None

    @classmethod
    def begin(cls, tx: Transaction, post_id: str) -> Change:
        """Take down what a post is, before the first write to it, its grants or its appearances."""
        before = _records(tx, post_id, post_id).get(post_id)
        return cls(post_id, None if before is None else _digest(before))

    def detail(self, tx: Transaction) -> dict[str, Any]:
        """Return what belongs into the `detail` of the custody row of this change; empty where nothing changed.

        The row's subject is the post's id or that of one of its captures.
        """
        after = _records(tx, self.post_id, self.post_id).get(self.post_id)
        if after is None or _digest(after) == self.was:
            return {}
        return {KEY: {"of": self.post_id, "was": self.was, **after}}


def faults(tx: Transaction) -> Iterator[tuple[str, str]]:
    """Name every post that is not what the log says of it: its id, and what is wrong."""
    above = ""
    while True:
        page = _ids(tx, above)
        if not page:
            return
        held = _records(tx, page[0], page[-1])
        logged = _logged(tx, page[0], page[-1])
        for post_id in page:
            for why in _faults_of(held.get(post_id), logged.get(post_id, [])):
                yield str(post_id), why
        if len(page) < _PAGE or not advances(above, page[-1]):
            return
        above = page[-1]


def advances(above: str, last: object) -> bool:
    """Whether the last key of a page leads to a next page: one with bytes that are no text can stand out of order."""
    return isinstance(last, str) and last > above


def _faults_of(held: Record | None, logged: list[tuple[int, Mapping[str, Any]]]) -> Iterator[str]:
    for (earlier, before), (later, after) in pairwise(logged):
        if after.get("was") != _digest({name: before.get(name) for name in ("post", "grants", "appearances")}):
            yield f"it was changed between the custody rows {earlier} and {later} without the log's being told"
    if not logged:
        return
    if held is None:
        yield "the custody log has it, the store does not"
    elif changed := ", ".join(_changed(held, logged[-1][1])):
        yield f"its {changed} is not what the custody log says"


def _changed(held: Record, logged: Mapping[str, Any]) -> Iterator[str]:
    fields = logged.get("post")
    yield from (name for name in POST_FIELDS if not isinstance(fields, dict) or fields.get(name) != held["post"][name])
    if logged.get("grants") != held["grants"]:
        yield "list of who may see it"
    if logged.get("appearances") != held["appearances"]:
        yield "list of pictures and captions"


def _ids(tx: Transaction, above: str) -> list[str]:
    """Return the next posts that are there, or that a capture says should be."""
    sql = (
        "SELECT p.id AS id FROM posts p WHERE p.id > :above UNION SELECT c.post_id AS id FROM captures c"
        " WHERE c.post_id > :above ORDER BY id LIMIT :page"
    )
    with tx.lenient():
        return [row["id"] for row in tx.rows(sql, {"above": above, "page": _PAGE})]


def _records(tx: Transaction, first: str, last: str) -> dict[str, Record]:
    """Return the records of the posts from `first` to `last` by id, as the tables have them now."""
    span = {"first": first, "last": last}
    with tx.lenient():
        found: dict[str, Record] = {
            row["id"]: {"post": _kept(row, POST_FIELDS), "grants": [], "appearances": []}
            for row in tx.rows(
                f"SELECT id, {', '.join(POST_FIELDS)} FROM posts WHERE id >= :first AND id <= :last",  # noqa: S608
                span,
            )
        }
        if not found:
            return found
        grants = tx.rows(
            "SELECT post_id, workspace, audience FROM grants WHERE post_id >= :first AND post_id <= :last"
            " ORDER BY post_id, workspace, audience",
            span,
        )
        appearances = tx.rows(
            f"SELECT post_id, caption, {', '.join(APPEARANCE_FIELDS)} FROM appearances"  # noqa: S608
            " WHERE post_id >= :first AND post_id <= :last ORDER BY post_id, position, id",
            span,
        )
    for row in grants:
        if row["post_id"] in found:
            found[row["post_id"]]["grants"].append([*_kept(row, ("workspace", "audience")).values()])
    for row in appearances:
        if row["post_id"] in found:
            shown = {**_kept(row, APPEARANCE_FIELDS), "caption_sha256": text_digest(str(row["caption"]))}
            found[row["post_id"]]["appearances"].append(shown)
    return found


def _logged(tx: Transaction, first: str, last: str) -> dict[str, list[tuple[int, Mapping[str, Any]]]]:
    """Return what the log holds of the posts from `first` to `last`: each row's number and record, in order."""
    carries = f"l.detail LIKE '%\"{KEY}\"%'"
    sql = (
        "SELECT l.seq AS seq, l.detail AS detail FROM captures c JOIN custody l ON l.subject = c.id"  # noqa: S608
        f" WHERE c.post_id >= :first AND c.post_id <= :last AND {carries}"
        " UNION SELECT l.seq AS seq, l.detail AS detail FROM custody l"
        f" WHERE l.subject >= :first AND l.subject <= :last AND {carries} ORDER BY seq"
    )
    with tx.lenient():
        rows = tx.rows(sql, {"first": first, "last": last})
    logged: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for row in rows:
        record = _record_of(row["detail"])
        if record is not None:
            logged.setdefault(str(record.get("of")), []).append((row["seq"], record))
    return logged


def _record_of(detail: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(detail)
    except (TypeError, ValueError, RecursionError):
        return None  # the walk of the log names that row
    record = found.get(KEY) if isinstance(found, dict) else None
    return record if isinstance(record, dict) else None


def _digest(record: Mapping[str, Any]) -> str:
    return digest(canonical(record).encode("ascii"))


def _kept(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return columns as JSON can hold them; bytes and fractions stand there only where somebody put them."""
    values = {name: row[name] for name in names}
    return {name: value if isinstance(value, str | int | None) else repr(value) for name, value in values.items()}
