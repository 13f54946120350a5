"""What an ingest says of things that are archived already, but read otherwise now."""

from __future__ import annotations

from collections.abc import Mapping

from bot.desk import Desk
from bot.sources.base import Captured
from bot.sources.files import Found
from storage import posts
from storage.records import OPERATOR, Post, utc


def not_rewritten(desk: Desk, one: Found) -> tuple[str, ...]:
    """Say what was stated of something that is archived already and reads otherwise there: it is not rewritten."""
    captured = one.captured
    if captured is None or not one.stated:
        return ()
    with desk.db.read() as tx:
        held = posts.get(tx, captured.post_id, OPERATOR)
    if held is None:
        return ()
    archived = _fields(held, held.posted_at)
    came = _fields(captured, utc(captured.posted_at) if captured.posted_at else None)
    apart = [(field, called) for field, called in one.stated if came[field] not in {"", archived[field]}]
    if not apart:
        return ()
    words = " and ".join(
        f"the {_WORDS[field]} {archived[field][:60]!r}" if archived[field] else f"no {_WORDS[field]}"
        for field, _ in apart
    )
    what = " and ".join(called for _, called in apart)
    was = "were" if len(apart) > 1 else "was"
    return (
        f"It is archived already, with {words}; {what} {was} not taken. To state that, give it as a line of .jsonl.",
    )


def _fields(post: Post | Captured, posted_at: str | None) -> dict[str, str]:
    return {
        "posted_at": posted_at or "",
        "publisher": post.publisher or "",
        "author_name": post.author_name or "",
        "text": post.text,
    }


_WORDS: Mapping[str, str] = {
    "posted_at": "date",
    "publisher": "publisher",
    "author_name": "credit",
    "text": "caption",
}
"""What a person calls a field of a post that was handed in."""
