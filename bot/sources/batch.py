"""What a search of a source gives: posts, and the cursor to hand back for what comes after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, overload

from bot.sources.base import Captured, CaptureFailed


class Throttled(CaptureFailed):
    """The source asks to be left alone; `retry_after` is for how many seconds, None where it does not say."""

    code = "throttled"

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Document:
    """The whole answer that posts were cut from, to be archived beside them. `url` is where it came from in the end."""

    url: str
    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Batch(Sequence[Captured]):
    """Posts that a search found, oldest first, which is what it is as a sequence; and how to go on after them.

    Nothing remembers what was given but the cursor, which is moved by whoever keeps it: handed back with the next
    search once the posts are committed, the search goes on after them; where it is not, they come again.

    Attributes:
        items: the posts.
        cursor: the `since` of the next search.
        more: whether there is more at once; else there is nothing until the source has something new.
        notes: what a person must be told of this search, in sentences.
        refused: what is there but cannot be taken in, once: where it stands, and why in a sentence.
        document: the answer as it came, where there was one.
        cost: posts that the source bills for this search, whether they are new to us or not.
    """

    items: tuple[Captured, ...]
    cursor: str
    more: bool = False
    notes: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    document: Document | None = None
    cost: int = 0

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> Captured: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Captured, ...]: ...

    def __getitem__(self, index: int | slice) -> Captured | tuple[Captured, ...]:
        return self.items[index]


class Searcher(Protocol):
    """What a sweep asks: one source of a watch, to be asked again and again."""

    async def search(self, query: str, since: str | None) -> Batch:
        """Find what is new since the cursor, oldest first.

        Args:
            query: what to ask, as `SourceRef.query` writes it.
            since: the cursor that the last search gave; None for all there is.

        Raises:
            NotConfigured: the source cannot be asked with what it has.
            Throttled: it asks to be left alone for a while.
            CaptureFailed: it did not answer, or not with posts.
            FetchRefused: the guarded client will not go there.
            Unreadable: a folder or a file cannot be read.
        """
        ...
