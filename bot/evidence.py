"""The evidence picture of a match: drawn, written beside the store, and told in sentences to whoever cannot see it."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot import wording
from bot.desk import PLATFORM_NAMES, Desk
from bot.sources.local import trouble
from storage.errors import DatelineError, VaultError
from storage.records import Appearance, Certainty, Post, Relation, Reuse, digest

if TYPE_CHECKING:
    from bot.images.decode import Picture
    from bot.images.sheet import Side

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
    from bot.images.decode import PictureRefused
    from bot.images.sheet import evidence_sheet

    post = stands[0][1]
    try:
        held = _opened(desk.vault.get(reuse.match_sha256))
    except (VaultError, PictureRefused):
        return None
    ours = ("This post", own) if own else ("The picture asked about", None)
    sheet = evidence_sheet(
        _side(_opened(data), *ours), _side(held, _role(post, own), post), reuse, _heading(reuse), _transform(reuse)
    )
    return kept_in(folder, reuse, sheet)


def two_sides(data: bytes, kept: bytes, reuse: Reuse, names: tuple[str, str]) -> bytes:
    """Draw two pictures that somebody wants compared, as a JPEG, each under its name.

    Raises:
        PictureRefused: one of the two cannot be decoded.
    """
    from bot.images.sheet import Side, evidence_sheet

    first, second = (
        Side(_opened(shown), role, (name,))
        for shown, role, name in zip((data, kept), ("First", "Second"), names, strict=True)
    )
    return evidence_sheet(first, second, reuse, _heading(reuse), _transform(reuse))


def kept_in(folder: Path, reuse: Reuse, sheet: bytes) -> str:
    """Write an evidence picture into a folder, named by both pictures and by what is drawn; return its path.

    Raises:
        DatelineError: the folder cannot be written to.
    """
    return kept_as(folder, f"{reuse.query_sha256[:16]}-{reuse.match_sha256[:16]}-{digest(sheet)[:16]}.jpg", sheet)


def kept_as(folder: Path, name: str, sheet: bytes) -> str:
    """Write a picture into a folder under a name; return its path.

    Raises:
        DatelineError: the folder cannot be written to.
    """
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        half.write_bytes(sheet)
        half.replace(path)  # whole at once: somebody else may be reading it
    except OSError as error:
        raise DatelineError(f"The picture {path} cannot be written. {trouble(error)}") from error
    return str(path)


def _opened(data: bytes) -> Picture:
    """Decode a picture, and keep of a large one only as many pixels as may be shown: two are open at a time."""
    from bot.images.decode import decode

    picture = decode(data, draft=DRAFT)
    times = min(picture.pixels.size) // DRAFT
    return replace(picture, pixels=picture.pixels.reduce(times)) if times > 1 else picture


def _role(post: Post, own: Post | None) -> str:
    """Say which of the two the kept one is."""
    if own is None or not own.posted_at or not post.posted_at or own.posted_at == post.posted_at:
        return "We hold"
    return "Earlier" if post.posted_at < own.posted_at else "Later"


def _side(picture: Picture, role: str, post: Post | None) -> Side:
    """Put the words at a picture: its day by its role, then who and where, then the hour and the basis."""
    from bot.images.sheet import Side

    if post is None:
        return Side(picture, role, ())
    platform = "" if post.platform == "web" else f" on {PLATFORM_NAMES.get(post.platform, post.platform)}"
    who = f"{wording.handle(post)}{platform}"
    if not post.posted_at:
        return Side(picture, f"{role}: date unknown", (who,))
    hour = wording.at(post.posted_at).removeprefix(wording.day(post.posted_at)).strip()
    dated = ", ".join(filter(None, (hour, wording.BASES[post.posted_at_basis])))
    return Side(picture, f"{role}: {wording.day(post.posted_at)}", (who, dated))


def told(reuse: Reuse, ours: str, theirs: str) -> str:
    """Say in sentences what the evidence picture shows.

    Args:
        reuse: the verdict.
        ours: what came in: which picture, by whom, when.
        theirs: likewise what is held.
    """
    verdict = "This is a match" if reuse.certainty is Certainty.MATCH else _verdict(reuse)
    outlined = " The part that both show is outlined in each, and its corners are joined." if reuse.region_query else ""
    return (
        f"Two pictures side by side. The first is {ours}. The second is {theirs}. "
        f"{verdict}. {_transform(reuse)} {wording.agreement(reuse)}{outlined}"
    )


def _heading(reuse: Reuse) -> str:
    return f"{_verdict(reuse)}: agreement {wording.score(reuse)} of 1 ({reuse.threshold:.2f} needed)"


def _verdict(reuse: Reuse) -> str:
    if reuse.certainty is Certainty.MATCH:
        return "Match"
    if reuse.relation is Relation.SAME_SCENE:
        return "Possible, not confirmed (perhaps one scene twice)"
    return "Possible, not confirmed"


def _transform(reuse: Reuse) -> str:
    """What differs, as the end of a line."""
    words = wording.plain(reuse.transform).rstrip(".")
    return f"{words[:1].upper()}{words[1:]}."
