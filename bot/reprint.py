"""Fingerprints, and the copies and caption conflicts found by them, made anew from the archived files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.captions import caption_conflicts, copies_of
from bot.pictures import PictureSet
from bot.readers import Readers
from storage import conflicts, images, reuse
from storage.database import Database
from storage.errors import VaultError
from storage.records import OPERATOR, Reuse
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Reprinted:
    """How many pictures were fingerprinted anew, and those that could not be: their digest and why."""

    done: int
    refused: tuple[tuple[str, str], ...]


def reprint(
    db: Database, vault: Vault, pictures: PictureSet, readers: Readers, progress: Callable[[int, int | None], None]
) -> Reprinted:
    """Fingerprint every stored picture anew, and find its copies among those that came before it.

    Each picture commits by itself with all that is derived from it, so that a rebuild that is stopped leaves every
    picture either as it was or as it will be. Pictures that are taken in meanwhile come last. A picture whose archived
    file is missing or damaged keeps what was derived from it, and is named.
    """
    rank: dict[str, int] = {}
    refused: list[tuple[str, str]] = []
    while new := _not_in(db, rank):
        rank |= {sha256: len(rank) + place for place, sha256 in enumerate(new)}
        for sha256 in new:
            try:
                data = vault.get(sha256)
            except VaultError as damaged:
                refused.append((sha256, str(damaged)))
            else:
                _reprint_one(db, pictures, readers, sha256, data, rank)
            progress(1, len(rank))
    return Reprinted(len(rank) - len(refused), tuple(refused))


def _not_in(db: Database, rank: dict[str, int]) -> list[str]:
    with db.read() as tx:
        return [sha256 for sha256 in images.all_shas(tx) if sha256 not in rank]


def _reprint_one(
    db: Database, pictures: PictureSet, readers: Readers, sha256: str, data: bytes, rank: dict[str, int]
) -> None:
    prepared, why_not = pictures.prepare(data)
    found: list[Reuse] = []
    if prepared is not None and prepared.usable:
        with db.read() as tx:
            pictures.refresh(tx)
        # As at intake, a picture is looked up among those that came before it.
        found = [
            match for match in pictures.look_up(prepared) if rank.get(match.match_sha256, len(rank)) < rank[sha256]
        ]
    with db.write() as tx:
        if prepared is None:
            images.set_fingerprint(tx, sha256, None, "", False, why_not)
        else:
            images.set_fingerprint(
                tx,
                sha256,
                prepared.phash,
                prepared.fingerprint_version,
                prepared.usable,
                prepared.why_not,
                prepared.points,
                prepared.points_version,
            )
        reuse.clear_query(tx, sha256)
        conflicts.clear_image(tx, sha256)
        for match in found:
            reuse.put(tx, match)
        copies = copies_of([sha256], found)[sha256]
        for appearance, post in images.appearances_of(tx, [sha256], OPERATOR):
            for clash in caption_conflicts(tx, readers, appearance, post, copies):
                conflicts.put(tx, clash)
