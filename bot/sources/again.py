"""One post looked at again and again, so that its going, its coming back or a change of it is learnt of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.sources.base import Captured, Link
from bot.sources.batch import Batch
from bot.sources.throttle import Throttle, host_of
from storage.records import digest

Capture = Callable[[Link], Awaitable[Captured]]
"""Captures a post from the source of its platform, as `Source.capture` does."""


class Again:
    """Single posts by their links.

    Args:
        resolve: brings a link to its one form; a shortened one is followed.
        capture: fetches the post.
        throttle: how often a platform is asked for single posts.
    """

    def __init__(
        self, resolve: Callable[[str], Awaitable[Link]], capture: Capture, *, throttle: Throttle | None = None
    ) -> None:
        self._resolve = resolve
        self._capture = capture
        self._throttle = throttle or Throttle()

    async def search(self, query: str, since: str | None) -> Batch:
        """Look at a post: a batch of one where it is not as it was at the last look, else of none.

        How often it was liked or read is no change; its words, its pictures, its author's name, whether it can be
        seen, and those of the posts inside it are.

        Args:
            query: the post's link.
            since: the cursor that the last search gave; None for the first look.

        Raises:
            LinkRefused: the link is none, or leads to none.
            NotConfigured: nothing here captures posts of that platform.
            Throttled: the platform asks to be left alone.
            CaptureFailed: no route gave an answer.
        """
        link = await self._resolve(query)
        async with self._throttle.turn(host_of(link.url)):
            post = await self._capture(link)
        looks = digest(repr(_look(post)).encode())
        return Batch((post,) if looks != since else (), looks)


def _look(post: Captured) -> tuple[object, ...]:
    """What of a post a reader would see changed."""
    pictures = tuple((item.caption, digest(item.data) if item.data else "") for item in post.media)
    inside = tuple(_look(inner) for inner in post.quoted)
    said = (post.post_id, post.status, post.author, post.author_name, post.text)
    return (*said, pictures, inside)
