"""The matcher under test, over a real store in a folder of its own: database, vault and the index derived from them."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.images.decode import PictureRefused
from bot.images.prepared import Prepared, prepare
from bot.pictures import image_record
from storage import images
from storage.records import Certainty, Image, Relation
from storage.vault import VAULT_FOLDER
from tests.bench.reuse.answers import Answer, Found
from tests.desks import NOW, open_desk

BATCH = 100
"""Pictures that are committed together."""

WHEN = NOW.isoformat()
"""When every picture of a run came in."""


class Engine:
    """A store that pictures are put into and asked of.

    Attributes:
        desk: the desk over the store.
        stored: how many pictures were put into it.
        seconds: spent on taking them in, from their bytes to the commit, with so many processes.
    """

    def __init__(self, home: Path, processes: int = 1) -> None:
        self._home = home
        self.desk = open_desk(home)
        self.stored = 0
        self.seconds = 0.0
        spawned = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(processes, spawned) if processes > 1 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown()
        self.desk.close()

    def store(self, files: Iterable[bytes]) -> list[str]:
        """Take pictures in, and return their digests."""
        names: list[str] = []
        coming = iter(files)
        while batch := list(islice(coming, BATCH)):
            began = time.perf_counter()
            records = [image_record(data, *one, WHEN) for data, one in zip(batch, self._all(batch), strict=True)]
            self.put(records, batch)
            self.seconds += time.perf_counter() - began
            names += [record.sha256 for record in records]
        return names

    def put(self, records: Sequence[Image], files: Sequence[bytes]) -> None:
        """Commit records with their files."""
        self.desk.vault.put_many(files)
        with self.desk.db.write() as tx:
            for record in records:
                self.stored += images.put(tx, record)

    def refresh(self) -> None:
        """Take what is stored into the index."""
        with self.desk.db.read() as tx:
            self.desk.pictures.refresh(tx)

    def ask(self, data: bytes) -> Answer:
        """Look a picture up, from its bytes to the verdicts; the very same file is no answer."""
        began = time.perf_counter()
        prepared, _ = prepared_or_refused(data)
        reuses = self.desk.pictures.look_up(prepared) if prepared is not None and prepared.usable else []
        seconds = time.perf_counter() - began
        found = (
            Found(reuse.match_sha256, reuse.score, reuse.certainty is Certainty.MATCH)
            for reuse in reuses
            if reuse.relation is not Relation.IDENTICAL
        )
        ranked = sorted(found, key=lambda one: (-one.match, -one.score))
        return Answer(tuple(ranked), seconds)

    def disk(self) -> int:
        """Return the bytes of everything that is derived from the pictures: all but the vault."""
        kept = self._home / VAULT_FOLDER
        files = (file for file in self._home.rglob("*") if kept not in file.parents and file.is_file())
        return sum(file.stat().st_size for file in files)

    def _all(self, batch: Sequence[bytes]) -> Iterator[tuple[Prepared | None, str]]:
        if self._pool is None:
            return map(prepared_or_refused, batch)
        return self._pool.map(prepared_or_refused, batch, chunksize=5)


def prepared_or_refused(data: bytes) -> tuple[Prepared | None, str]:
    """Prepare a picture; None and the reason where its bytes cannot be opened."""
    try:
        return prepare(data), ""
    except PictureRefused as refused:
        return None, str(refused)
