"""The evidence picture of a match: drawn, written beside the store, and told in sentences to whoever cannot see it."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot import wording
from bot.desk import PLATFORM_NAMES, Desk
from bot.sources.local import trouble
from storage.errors import DatelineError, VaultError
from storage.records import Appearance, Certainty, Post, Relation, Reuse, digest

DRAFT: Final = 1_200
"""Pixels of the shorter edge at which the two are decoded: enough for a part of them to be enlarged."""


def side_by_side(
    desk: Desk,
    data: bytes,
    reuse: Reuse,
    stands: Sequence[tuple[Appearance, Post]],
    own: Post | None,
    folder: Path,
) -> str | None:
    """Write the side-by-side picture; None where the stored file does not hold any more.

    It is named by both pictures and by what is drawn: words that one person may see are never shown to another.

    Raises:
        DatelineError: the folder cannot be written to.
    """
    from bot.images.decode import PictureRefused, decode
    from bot.images.sheet import Side, evidence_sheet

    appearance, post = stands[0]
    try:
        held = decode(desk.vault.get(reuse.match_sha256), draft=DRAFT)
    except (VaultError, PictureRefused):
        return None
    title, lines = ("This post", _said(own, own.text)) if own else ("The picture asked about", ())
    sheet = evidence_sheet(
        Side(decode(data, draft=DRAFT), title, lines),
        Side(held, _held_since(post, own), _said(post, appearance.caption)),
        reuse,
        _verdict(reuse),
        (_transform(reuse), wording.agreement(reuse)),
    )
    path = folder / f"{reuse.query_sha256[:16]}-{reuse.match_sha256[:16]}-{digest(sheet)[:16]}.jpg"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        half.write_bytes(sheet)
        half.replace(path)  # whole at once: somebody else may be reading it
    except OSError as error:
        raise DatelineError(f"The side-by-side picture {path} cannot be written. {trouble(error)}") from error
    return str(path)


def _held_since(post: Post, own: Post | None) -> str:
    """Say which of the two pictures the kept one is."""
    if own is None or not own.posted_at or not post.posted_at or own.posted_at == post.posted_at:
        return "A picture we hold"
    return f"We hold, posted {'earlier' if post.posted_at < own.posted_at else 'later'}"


def _said(post: Post, words: str) -> tuple[str, ...]:
    """Who, where, when by which basis, and what was said."""
    platform = "" if post.platform == "web" else f" on {PLATFORM_NAMES.get(post.platform, post.platform)}"
    said = (f"“{words}”",) if words.strip() else ()
    return (f"{wording.handle(post)}{platform}", wording.posted(post).capitalize(), *said)


def told(reuse: Reuse, ours: str, theirs: str) -> str:
    """Say in sentences what the evidence picture shows.

    Args:
        reuse: the verdict.
        ours: what came in: which picture, by whom, when.
        theirs: likewise what is held.
    """
    outlined = " The part that both show is outlined in each, and its corners are joined." if reuse.region_query else ""
    return (
        f"Two pictures side by side. The first is {ours}. The second is {theirs}. "
        f"{_verdict(reuse)}. {_transform(reuse)} {wording.agreement(reuse)}{outlined}"
    )


def _verdict(reuse: Reuse) -> str:
    if reuse.certainty is Certainty.MATCH:
        return "This is a match"
    if reuse.relation is Relation.SAME_SCENE:
        return "Possible, not confirmed: perhaps one scene in two pictures"
    return "Possible, not confirmed"


def _transform(reuse: Reuse) -> str:
    """What differs, as the end of a line."""
    words = wording.plain(reuse.transform).rstrip(".")
    return f"{words[:1].upper()}{words[1:]}."
