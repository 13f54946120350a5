"""Fingerprints, and the copies and caption conflicts found by them, made anew from the archived files."""

from __future__ import annotations

from collections.abc import Callable

from bot.captions import caption_conflicts, copies_of
from bot.pictures import PictureSet
from bot.readers import Readers
from storage import conflicts, images, reuse
from storage.database import Database
from storage.records import OPERATOR, Reuse
from storage.vault import Vault


def reprint(
    db: Database, vault: Vault, pictures: PictureSet, readers: Readers, progress: Callable[[int, int | None], None]
) -> int:
    """Fingerprint every stored picture anew and find the copies among them; return how many pictures.

    Fingerprints commit one by one; copies and conflicts change at the end, all together, so that a rebuild that is
    stopped leaves the old ones.

    Raises:
        VaultError: an archived file is missing or damaged; `verify` names every one.
    """
    with db.read() as tx:
        shas = images.all_shas(tx)
    pictures.forget()
    seen: set[str] = set()
    found: list[Reuse] = []
    for sha256 in shas:
        prepared, why_not = pictures.prepare(vault.get(sha256))
        with db.write() as tx:
            if prepared is None:
                images.set_fingerprint(tx, sha256, None, "", False, why_not)
            else:
                images.set_fingerprint(
                    tx, sha256, prepared.phash, prepared.fingerprint_version, prepared.usable, prepared.why_not
                )
            pictures.refresh(tx)
        if prepared is not None and prepared.usable:
            # As at intake, a picture is looked up among those that came before it.
            found += (match for match in pictures.look_up(prepared) if match.match_sha256 in seen)
        seen.add(sha256)
        progress(1, len(shas))
    with db.write() as tx:
        readers.refresh(tx)
        reuse.clear(tx)
        conflicts.clear(tx)
        for match in found:
            reuse.put(tx, match)
        for sha256, copies in copies_of(shas, found).items():
            posts = {post.id for _, post in images.appearances_of(tx, [sha256], OPERATOR)}
            for post_id in sorted(posts):
                for clash in caption_conflicts(tx, readers, sha256, copies, post_id):
                    conflicts.put(tx, clash)
    return len(shas)
