"""The matcher under test, over a real store in a folder of its own: database, vault and the index derived from them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.pictures import PictureSet, image_record
from storage import images
from storage.database import DATABASE_FILE, Database
from storage.records import Certainty, Relation
from storage.vault import VAULT_FOLDER, Vault
from tests.bench.reuse.answers import Answer, Found

BATCH = 100
"""Pictures that are committed together."""


class Engine:
    """A store that pictures are put into and asked of.

    Attributes:
        stored: how many pictures it holds.
        seconds: spent on taking them in, from their bytes to the commit.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._db = Database.open(home / DATABASE_FILE)
        self._vault = Vault(home / VAULT_FOLDER)
        self._pictures = PictureSet(self._vault)
        self.stored = 0
        self.seconds = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def store(self, files: Iterable[bytes]) -> list[str]:
        """Take pictures in, and return their digests."""
        names: list[str] = []
        coming = iter(files)
        while batch := list(islice(coming, BATCH)):
            began = time.perf_counter()
            names += self._take_in(batch)
            self.seconds += time.perf_counter() - began
        return names

    def _take_in(self, batch: Sequence[bytes]) -> list[str]:
        now = self._db.now()
        records = []
        for data in batch:
            prepared, why_not = self._pictures.prepare(data)
            records.append(image_record(data, prepared, why_not, now))
        self._vault.put_many(batch)
        with self._db.write() as tx:
            for record in records:
                self.stored += images.put(tx, record)
        return [record.sha256 for record in records]

    def refresh(self) -> None:
        """Take what is stored into the index."""
        with self._db.read() as tx:
            self._pictures.refresh(tx)

    def ask(self, data: bytes) -> Answer:
        """Look a picture up, from its bytes to the verdicts; the very same file is no answer."""
        began = time.perf_counter()
        prepared, _ = self._pictures.prepare(data)
        reuses = self._pictures.look_up(prepared) if prepared is not None and prepared.usable else []
        seconds = time.perf_counter() - began
        found = (
            Found(reuse.match_sha256, reuse.score, reuse.certainty is Certainty.MATCH)
            for reuse in reuses
            if reuse.relation is not Relation.IDENTICAL
        )
        ranked = sorted(found, key=lambda one: (-one.match, -one.score))
        return Answer(tuple(ranked), seconds)

    def disk(self) -> int:
        """Return the bytes of the database, that is of all that is derived from the pictures; the vault not counted."""
        return sum(file.stat().st_size for file in self._home.glob(f"{DATABASE_FILE}*"))
