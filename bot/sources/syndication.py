"""What X's embeds are made of (`/tweet-result`): the request's token, and the answer read into a post.

Facts and traps: the payload is unofficial, every field may be missing, and a post that cannot be shown is answered by a
tombstone whose words are the only verdict there is.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.sources.base import POSTER_FRAME, Captured, CaptureFailed, Link, LinkRefused, Media
from bot.sources.dates import decode_time, read_date, settle
from bot.sources.links import normalise, x_link
from bot.sources.payload import items, language, mapping, text, unescape_once
from storage.records import PostStatus

ROUTE = "syndication"
_MEDIA_LIMIT = 16
"""X allows four pictures a post; a payload with far more is hostile or something new."""
_DEPTH = 2
"""How deep quoted posts are followed: a quote, and what stands inside it."""
_VIDEO_KINDS = frozenset({"video", "animated_gif"})

_VERDICTS = (
    ("suspended", PostStatus.SUSPENDED),
    ("limits who can view", PostStatus.PROTECTED),
    ("protected", PostStatus.PROTECTED),
    ("age-restricted", PostStatus.AGE_GATED),
    ("withheld", PostStatus.WITHHELD),
    ("deleted by", PostStatus.DELETED),
)
"""Words of a tombstone that decide what it says; recorded wordings, old ("Tweet") and new ("Post")."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Where an answer came from: its bytes, declared type, address, and when."""

    raw: bytes
    media_type: str
    source_url: str
    captured_at: datetime


def token(native_id: str) -> str:
    """Make the token that X's embeds send: `((Number(id)/1e15)*Math.PI).toString(36)` without zeros and the dot."""
    return re.sub(r"0+|\.", "", _base36(float(native_id) / 1e15 * math.pi))


def _base36(value: float) -> str:
    """Write a positive number in base 36 as V8 does: the shortest digits that tell it from its neighbours."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    whole = math.floor(value)
    fraction = value - whole
    delta = max(0.5 * (math.nextafter(value, math.inf) - value), math.nextafter(0.0, 1.0))
    after: list[int] = []
    while fraction >= delta:
        fraction *= 36
        delta *= 36
        digit = int(fraction)
        after.append(digit)
        fraction -= digit
        if (fraction > 0.5 or (fraction == 0.5 and digit & 1)) and fraction + delta > 1:
            while after and after[-1] == 35:
                after.pop()
            if after:
                after[-1] += 1
            else:
                whole += 1
            break
    before = ""
    while True:
        whole, digit = divmod(whole, 36)
        before = digits[digit] + before
        if not whole:
            break
    return before + ("." + "".join(digits[digit] for digit in after) if after else "")


def read(payload: Mapping[str, Any], link: Link, answer: Answer) -> Captured:
    """Read the answer for one post. Its pictures are named, not fetched.

    Raises:
        CaptureFailed: the answer is about another post, or about none.
    """
    if not payload:
        return unseen(link, answer, PostStatus.NOT_FOUND, "X's embed service knows no such post.")
    if payload.get("__typename") == "TweetTombstone" or "tombstone" in payload:
        return unseen(link, answer, *verdict(payload))
    native_id = text(payload.get("id_str"))
    if native_id != link.native_id and not {native_id, link.native_id} <= set(_edit_ids(payload)):
        raise CaptureFailed(f"X answered with another post than {link.native_id}; the answer is not kept.")
    if not isinstance(payload.get("text"), str) or not mapping(payload.get("user")):
        raise CaptureFailed("X answered with half a post; the answer is not kept.")
    captured = _post(payload, native_id, answer, _DEPTH)
    if captured is None:
        raise CaptureFailed("X answered with a post whose number is impossible; the answer is not kept.")
    return captured


def unseen(link: Link, answer: Answer, status: PostStatus, reason: str, route: str = ROUTE) -> Captured:
    """Make the capture of an answer that says why a post cannot be seen."""
    posted_at, basis, _ = settle(link, None)
    return Captured(
        post_id=link.post_id,
        platform="x",
        native_id=link.native_id,
        url=link.url,
        raw=answer.raw,
        media_type=answer.media_type,
        route=route,
        captured_at=answer.captured_at,
        source_url=answer.source_url,
        status=status,
        status_reason=reason,
        posted_at=posted_at,
        posted_at_basis=basis,
    )


def verdict(payload: Mapping[str, Any]) -> tuple[PostStatus, str]:
    """Say what a tombstone says: the status, and the reason in X's own words."""
    tombstone = payload.get("tombstone")
    content = mapping(tombstone).get("text")
    words = text(mapping(content).get("text")) or text(content)
    if not words and isinstance(tombstone, dict):
        return PostStatus.WITHHELD, "X withholds the post from visitors who are not signed in, and gives no reason."
    if not words:
        return PostStatus.UNAVAILABLE, "X says that the post is unavailable; the reason is not given."
    said = words.removesuffix("Learn more").strip()[:300]
    found = next((status for cue, status in _VERDICTS if cue in words.lower()), PostStatus.UNAVAILABLE)
    return found, f"X says: “{said}”"


def _edit_ids(payload: Mapping[str, Any]) -> list[str]:
    ids = mapping(payload.get("edit_control")).get("edit_tweet_ids")
    return [item for item in ids if isinstance(item, str)] if isinstance(ids, list) else []


def post_link(native_id: str) -> Link | None:
    """Return the link of a post by its number, None where no post can have it."""
    try:
        return normalise(f"https://x.com/i/status/{native_id}") if native_id.isascii() and native_id.isdigit() else None
    except LinkRefused:
        return None


def _post(payload: Mapping[str, Any], native_id: str, answer: Answer, depth: int) -> Captured | None:
    link = post_link(native_id)
    if link is None:
        return None
    stated = read_date(text(payload.get("created_at")))
    posted_at, basis, date_notes = settle(link, stated[0] if stated else None)
    user = mapping(payload.get("user"))
    media = _media(payload, link)
    quoted, quote_notes = _quoted(payload, link, answer, depth)
    return Captured(
        post_id=link.post_id,
        platform="x",
        native_id=link.native_id,
        url=link.url,
        raw=answer.raw,
        media_type=answer.media_type,
        route=ROUTE,
        captured_at=answer.captured_at,
        source_url=answer.source_url,
        author=text(user.get("screen_name")) or None,
        author_name=text(user.get("name")) or None,
        posted_at=posted_at,
        posted_at_basis=basis,
        text=unescape_once(text(payload.get("text"))),
        lang=language(payload.get("lang")),
        media=media,
        quoted=quoted,
        notes=(*date_notes, *_notes(payload, link, media), *quote_notes),
    )


def _notes(payload: Mapping[str, Any], link: Link, media: tuple[Media, ...]) -> list[str]:
    notes = []
    if payload.get("note_tweet"):
        notes.append("The text is cut: X's embed service gives only the beginning of long posts.")
    edits = _edit_ids(payload)
    if len(edits) > 1 or payload.get("isEdited") is True:
        notes.append(edited(edits, link))
    if payload.get("isStaleEdit") is True:
        notes.append("This is not the newest version of the post.")
    if payload.get("possibly_sensitive") is True:
        notes.append("X marks the post as possibly sensitive.")
    if any(item.kind == "video-poster" for item in media):
        notes.append(POSTER_FRAME)
    if any(item.credit_url for item in media):
        notes.append("A picture belongs to another post, which is credited.")
    if len(items(payload.get("mediaDetails"))) > _MEDIA_LIMIT:
        notes.append(f"Only the first {_MEDIA_LIMIT} pictures are archived.")
    return notes


def edited(ids: Sequence[str], link: Link) -> str:
    """Say that a post was edited, and which number it had at first; `ids` are those of all its versions, in order."""
    first = post_link(ids[0]) if ids else None
    made = decode_time(int(first.native_id)) if first else None
    origin = f"; the first version is {first.post_id}" if first and first != link else ""
    origin += f" of {made.isoformat(timespec='seconds')}" if origin and made else ""
    return f"The post was edited, and each edit has a number of its own{origin}."


def _media(payload: Mapping[str, Any], link: Link) -> tuple[Media, ...]:
    """Name the post's pictures: `mediaDetails` says most, `photos` and `video` stand in where it is missing."""
    found: dict[str, Media] = {}
    for detail in items(payload.get("mediaDetails")):
        kind = "video-poster" if text(detail.get("type")) in _VIDEO_KINDS else "photo"
        credit = credited(detail.get("expanded_url"), link)
        _add(found, detail.get("media_url_https"), kind, text(detail.get("ext_alt_text")), credit)
    for photo in items(payload.get("photos")):
        credit = credited(photo.get("expandedUrl"), link)
        _add(found, photo.get("url"), "photo", text(photo.get("accessibilityLabel")), credit)
    _add(found, mapping(payload.get("video")).get("poster"), "video-poster", "", None)
    return tuple(found.values())[:_MEDIA_LIMIT]


def _add(found: dict[str, Media], url: object, kind: str, caption: str, credit: str | None) -> None:
    address = text(url)
    if address.startswith(("https://", "http://")):
        found.setdefault(address, Media(address, None, kind, caption, credit))


def credited(expanded: object, link: Link) -> str | None:
    """Return the post that a picture belongs to, where it is not this one."""
    try:
        owner = normalise(text(expanded))
    except LinkRefused:
        return None
    return owner.url if owner.platform == "x" and owner.native_id != link.native_id else None


def _quoted(
    payload: Mapping[str, Any], link: Link, answer: Answer, depth: int
) -> tuple[tuple[Captured, ...], list[str]]:
    """Read the quoted and the replied-to post inside an answer: each is a post with bytes of its own."""
    posts: list[Captured] = []
    notes: list[str] = []
    for field, what in (("quoted_tweet", "quoted"), ("parent", "replied-to")):
        inner = mapping(payload.get(field))
        if not inner:
            continue
        if "tombstone" in inner:
            notes.append(f"The {what} post cannot be seen. {verdict(inner)[1]}")
            continue
        native_id = text(inner.get("id_str"))
        raw = json.dumps(inner, sort_keys=True, separators=(",", ":")).encode("ascii")
        own = Answer(raw, "application/json", answer.source_url, answer.captured_at)
        post = _post(inner, native_id, own, depth - 1) if depth and native_id != link.native_id else None
        if post is None:
            notes.append(f"The {what} post is not archived: its place in the answer cannot be read.")
        else:
            origin = f"Read from inside the answer for {link.post_id}; its bytes are that part of it, written anew."
            posts.append(replace(post, notes=(*post.notes, origin)))
            notes.append(f"The {what} post is {x_link(native_id).url}.")
    return tuple(posts), notes
