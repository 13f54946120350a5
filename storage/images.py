"""Images by the digest of their bytes, and their appearances in posts.

Every image has a `seq`, higher than any before it. A process that keeps all hashes in memory asks for those above
the highest it has seen (`hashes_since`). A changed fingerprint gives the row a new `seq`. The number comes from a
counter row that the write holds until it commits, so that no lower number can appear after a higher one was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from storage import features, posts
from storage.counters import advance
from storage.database import Transaction
from storage.errors import NotFound
from storage.grants import visible
from storage.records import HANDED_IN, OPERATOR, Appearance, Image, Post, Viewer, short_id

_FIELDS = (
    "sha256", "media_type", "byte_size", "width", "height", "usable", "why_not", "phash", "fingerprint_version",
    "first_seen_at",
)  # fmt: skip
_IMAGE = ", ".join(f"i.{name} AS i_{name}" for name in _FIELDS)
_APPEARANCE_FIELDS = ("image_sha256", "post_id", "capture_id", "position", "caption", "source_url")
_APPEARANCE = ", ".join(f"a.{name} AS a_{name}" for name in _APPEARANCE_FIELDS)
_SHOWN_BY_FILE = "EXISTS (SELECT 1 FROM captures f WHERE f.id = a.capture_id AND f.route = :file)"
_SHOWN_BY_PLATFORM = (
    "EXISTS (SELECT 1 FROM appearances o JOIN captures k ON k.id = o.capture_id"
    " WHERE o.post_id = a.post_id AND k.route <> :file)"
)
_AT_ONCE = 500


def _image(row: Mapping[str, Any]) -> Image:
    values = {name: row[f"i_{name}"] for name in _FIELDS}
    values["usable"] = bool(values["usable"])
    return Image(**values)


def _appearance(row: Mapping[str, Any]) -> Appearance:
    return Appearance(**{name: row[f"a_{name}"] for name in _APPEARANCE_FIELDS})


def put(tx: Transaction, image: Image) -> bool:
    """Keep an image; False if it is there already."""
    if get(tx, image.sha256) is not None:
        return False
    values = {name: getattr(image, name) for name in _FIELDS}
    values["usable"] = int(image.usable)
    tx.execute(
        "INSERT INTO images (sha256, seq, media_type, byte_size, width, height, usable, why_not, phash,"
        " fingerprint_version, first_seen_at) VALUES (:sha256, :seq, :media_type, :byte_size, :width, :height,"
        " :usable, :why_not, :phash, :fingerprint_version, :first_seen_at)",
        {**values, "seq": (seq := advance(tx, "images"))},
    )
    features.put(tx, image.sha256, seq, image.points_version, image.points)
    return True


def get(tx: Transaction, sha256: str) -> Image | None:
    """Return an image; for machinery: whether a person may know of it is told by `seen_by`."""
    row = tx.row(f"SELECT {_IMAGE} FROM images i WHERE i.sha256 = :sha256", {"sha256": sha256})  # noqa: S608
    return _image(row) if row else None


def hashes_since(tx: Transaction, seq: int) -> list[tuple[int, str, bytes]]:
    """Return (seq, SHA-256, perceptual hash) of the usable images above `seq`, in order.

    An image whose hash was set anew comes again with its new `seq`: the later entry replaces the earlier one.
    """
    return tx.tuples(
        "SELECT seq, sha256, phash FROM images WHERE seq > :seq AND usable = 1 AND phash IS NOT NULL ORDER BY seq",
        {"seq": seq},
    )


def withdrawn_since(tx: Transaction, seq: int) -> list[tuple[int, str]]:
    """Return (seq, SHA-256) of the images above `seq` without a usable hash: a process may hold an old one."""
    return tx.tuples(
        "SELECT seq, sha256 FROM images WHERE seq > :seq AND (usable = 0 OR phash IS NULL) ORDER BY seq", {"seq": seq}
    )


def set_fingerprint(
    tx: Transaction,
    sha256: str,
    phash: bytes | None,
    version: str,
    usable: bool,
    why_not: str | None,
    points: bytes | None = None,
    points_version: str = "",
) -> None:
    """Replace what was derived from an image's pixels, and give the row a new `seq` so that every process notices.

    Raises:
        NotFound: there is no such image.
    """
    touched = tx.execute(
        "UPDATE images SET phash = :phash, fingerprint_version = :version, usable = :usable, why_not = :why_not,"
        " seq = :seq WHERE sha256 = :sha256",
        {
            "phash": phash, "version": version, "usable": int(usable), "why_not": why_not,
            "seq": (seq := advance(tx, "images")), "sha256": sha256,
        },
    )  # fmt: skip
    if not touched:
        raise NotFound(f"there is no image {sha256} in the store")
    features.put(tx, sha256, seq, points_version, points)


def all_shas(tx: Transaction) -> list[str]:
    """Return the digest of every image, in the order in which they came in."""
    return [row["sha256"] for row in tx.rows("SELECT sha256 FROM images ORDER BY first_seen_at, seq")]


def count(tx: Transaction, viewer: Viewer = OPERATOR) -> int:
    """Count the images that stand in posts that the viewer may see; an operator counts all of them."""
    if viewer.operator:
        row = tx.row("SELECT count(*) AS images FROM images")
        return int(row["images"]) if row else 0
    condition, params = visible(viewer, "a.post_id")
    row = tx.row(
        f"SELECT count(DISTINCT a.image_sha256) AS images FROM appearances a WHERE {condition}",  # noqa: S608
        params,
    )
    return int(row["images"]) if row else 0


def seen_by(tx: Transaction, shas: Iterable[str], viewer: Viewer) -> set[str]:
    """Return those of the images that the viewer may know of: they appear in a post that the viewer may see."""
    wanted = sorted(set(shas))
    if viewer.operator:
        return set(wanted)
    condition, params = visible(viewer, "a.post_id")
    seen: set[str] = set()
    for marks, names in _pages(wanted):
        rows = tx.rows(
            f"SELECT DISTINCT a.image_sha256 FROM appearances a WHERE a.image_sha256 IN ({marks})"  # noqa: S608
            f" AND {condition}",
            {**params, **names},
        )
        seen.update(row["image_sha256"] for row in rows)
    return seen


def put_appearance(tx: Transaction, appearance: Appearance) -> bool:
    """Keep an appearance; False if that image is known at that position of that post with that caption."""
    values: dict[str, Any] = {name: getattr(appearance, name) for name in _APPEARANCE_FIELDS}
    values["id"] = short_id(appearance.post_id, appearance.image_sha256, str(appearance.position), appearance.caption)
    return bool(
        tx.execute(
            "INSERT INTO appearances (id, image_sha256, post_id, capture_id, position, caption, source_url)"
            " VALUES (:id, :image_sha256, :post_id, :capture_id, :position, :caption, :source_url)"
            " ON CONFLICT (id) DO NOTHING",
            values,
        )
    )


def appearances_of(
    tx: Transaction, shas: Sequence[str], viewer: Viewer, limit: int | None = None
) -> list[tuple[Appearance, Post]]:
    """Return where images appear, as far as the viewer may see, the oldest post first; of many, the oldest `limit`.

    A picture that only a file shows in a post does not appear there once the post's platform has shown others.
    """
    condition, params = visible(viewer, "a.post_id")
    order, bound = "p.sort_at, a.post_id, a.position, a.image_sha256", "" if limit is None else " LIMIT :limit"
    rows: list[dict[str, Any]] = []
    for marks, names in _pages(sorted(set(shas))):
        rows += tx.rows(
            f"SELECT {_APPEARANCE}, p.sort_at AS sort_at, {posts.COLUMNS} FROM appearances a"  # noqa: S608
            f" JOIN posts p ON p.id = a.post_id WHERE a.image_sha256 IN ({marks}) AND {condition}"
            f" AND NOT ({_SHOWN_BY_FILE} AND {_SHOWN_BY_PLATFORM}) ORDER BY {order}{bound}",
            {**params, **names, "limit": limit, "file": HANDED_IN},
        )
    rows.sort(key=lambda row: (row["sort_at"], row["a_post_id"], row["a_position"], row["a_image_sha256"]))
    rows = rows[:limit]
    return list(zip(map(_appearance, rows), posts.of_rows(tx, rows), strict=True))


def of_post(tx: Transaction, post_id: str) -> list[tuple[Appearance, Image]]:
    """Return the images of a post, in their order; the caller has read the post on the viewer's behalf."""
    rows = tx.rows(
        f"SELECT {_APPEARANCE}, {_IMAGE} FROM appearances a JOIN images i ON i.sha256 = a.image_sha256"  # noqa: S608
        " WHERE a.post_id = :post_id ORDER BY a.position, a.id",
        {"post_id": post_id},
    )
    return [(_appearance(row), _image(row)) for row in rows]


def _pages(names: Sequence[str]) -> Iterable[tuple[str, dict[str, str]]]:
    for first in range(0, len(names), _AT_ONCE):
        params = {f"sha_{index}": name for index, name in enumerate(names[first : first + _AT_ONCE])}
        yield ", ".join(f":{name}" for name in params), params
