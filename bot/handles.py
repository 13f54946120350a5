"""How an account is written: with @ where its platform has handles, and a name always as it is."""

from __future__ import annotations

HANDLE_PLATFORMS = frozenset({"x", "twitter", "telegram", "bluesky", "mastodon", "threads", "instagram", "tiktok"})
"""Platforms on which people write an account as @ and its handle."""


def written(author: str | None, platform: str) -> str:
    """Return the author of a post as people write it; empty where there is none.

    A handle holds no blank on any platform: what does is a name, and stands as it is.
    """
    author = (author or "").strip()
    if platform.lower() in HANDLE_PLATFORMS and author and not author.startswith("@") and len(author.split()) == 1:
        return f"@{author}"
    return author


def account_of(author: str | None, platform: str) -> str:
    """Name the account of a post as watches and warnings do, `platform:@handle` in lower case; empty without one."""
    handle = (author or "").strip().removeprefix("@").lower()
    return f"{platform.lower()}:@{handle}" if handle else ""
