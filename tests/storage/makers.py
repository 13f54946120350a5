"""Makers of records: every field has a sensible value, a test names only what it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from storage import attest, captures, custody, grants, posts
from storage.database import Transaction
from storage.records import (
    EVERYONE,
    EVERYWHERE,
    Capture,
    Grant,
    Image,
    Interval,
    Place,
    PlacePrecision,
    Post,
    PostStatus,
    Sighting,
    Speaker,
    SpeakerKind,
    Stance,
    TimeBasis,
    TimePrecision,
    digest,
    text_digest,
)
from storage.watches import Watch, WatchKind

AT = "2016-03-01T12:00:00.000Z"
HARBOUR = Place("Portville", "ZZ", 1.5, 2.5, PlacePrecision.CITY, "test:portville")


def post(key: str = "x:1", **changes: Any) -> Post:
    """A live post."""
    made = Post(
        id=key,
        platform="x",
        native_id=key.rpartition(":")[2],
        url=f"https://x.com/i/status/{key}",
        author="reporter",
        author_name="A Reporter",
        publisher=None,
        posted_at="2016-02-28T08:00:00.000Z",
        posted_at_basis=TimeBasis.DECODED_ID,
        utc_offset=None,
        text=f"Words of {key}",
        lang="en",
        status=PostStatus.LIVE,
        status_reason="",
        first_seen_at=AT,
    )
    return replace(made, **changes)


def capture(of: Post, **changes: Any) -> Capture:
    """A capture of a post, with its text."""
    made = Capture(
        id=f"c-{of.id}",
        post_id=of.id,
        sha256=digest(of.id.encode()),
        media_type="application/json",
        captured_at=AT,
        route="syndication",
        source_url=of.url,
        text_sha256=text_digest(of.text),
    )
    return replace(made, **changes)


def image(key: str = "picture", **changes: Any) -> Image:
    """A usable image."""
    made = Image(
        sha256=digest(key.encode()),
        media_type="image/png",
        byte_size=100,
        width=10,
        height=20,
        usable=True,
        why_not=None,
        phash=digest(key.encode())[:32].encode(),
        fingerprint_version="phash/1",
        first_seen_at=AT,
    )
    return replace(made, **changes)


def sighting(text: str, quote: str, **changes: Any) -> Sighting:
    """A sighting whose quote stands in the text."""
    start = text.index(quote)
    made = Sighting(
        person_id="ann-example",
        person_name="Ann Example",
        place=HARBOUR,
        stance=Stance.ASSERTED,
        speaker=Speaker("A Reporter", SpeakerKind.PERSON),
        time=Interval("2016-02-27", "2016-02-28", TimePrecision.INTERVAL, "stated"),
        quote=quote,
        start=start,
        end=start + len(quote),
        rule="arrival@1",
        score=0.9,
    )
    return replace(made, **changes)


def archive(
    tx: Transaction, of: Post, *, workspace: str = EVERYWHERE, audience: str = EVERYONE, raw: bytes | None = None
) -> Capture:
    """Put a post into the store as intake does: post, capture, grant, custody row."""
    made = capture(of) if raw is None else capture(of, sha256=digest(raw))
    change = attest.Change.begin(tx, of.id)
    posts.put(tx, of)
    captures.put(tx, made, of.text)
    grants.put(tx, Grant(of.id, workspace, audience))
    custody.append(
        tx,
        at=AT,
        actor="test",
        action=captures.CUSTODY_ACTION,
        subject=made.id,
        detail=captures.custody_detail(made) | change.detail(tx),
    )
    return made


def watch(key: str = "a", **changes: Any) -> Watch:
    """A watch of an account every quarter of an hour, without sources."""
    made = Watch(
        id=key,
        workspace="T1",
        channel="C1",
        private=False,
        kind=WatchKind.ACCOUNT,
        subject=f"x:@{key}",
        label=f"@{key}",
        sources=(),
        schedule="every 15 minutes",
        zone="UTC",
        owner="U1",
        since=AT,
    )
    return replace(made, **changes)
