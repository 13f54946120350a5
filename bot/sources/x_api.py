"""Posts in the answers of X's API v2, read into the same posts that the keyless routes give.

X is renaming its fields (`tweets` to `posts`); both names are read, and every field may be missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.sources.base import POSTER_FRAME, Captured, Media
from bot.sources.dates import read_date, settle
from bot.sources.payload import items, language, mapping, text, unescape_once
from bot.sources.syndication import Answer, credited, edited, post_link
from bot.sources.x_refusals import verdict
from storage.records import PostStatus

ROUTE = "api"
FIELDS = {
    "tweet.fields": "created_at,author_id,conversation_id,entities,attachments,referenced_tweets,lang,"
    "possibly_sensitive,edit_history_tweet_ids,note_tweet,withheld",
    "expansions": "author_id,attachments.media_keys,referenced_tweets.id,referenced_tweets.id.author_id,"
    "referenced_tweets.id.attachments.media_keys",
    "media.fields": "media_key,type,url,preview_image_url,alt_text",
    "user.fields": "username,name",
}
"""What is asked for (docs of X's API): no posts or accounts that nobody reads, as X bills each."""
_MEDIA_LIMIT = 16
"""X allows four pictures a post; an answer with far more is hostile or something new."""
_RELATIONS = {"quoted": "quoted", "replied_to": "replied-to", "retweeted": "reposted"}
_DEPTH = 1
"""How deep referenced posts are followed: X includes those of the posts found, not theirs in turn."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer.

    Attributes:
        found: the posts that were asked for, as they stand.
        users, media, posts: what is included, by id or media key; `posts` holds those found, too.
        problems: why a post is not included, by its id.
        next_token: asks for the page after this one; empty on the last.
        billed: the ids of the posts that X returned, included and found, empty where one has none.
    """

    found: tuple[Mapping[str, Any], ...]
    users: Mapping[str, Mapping[str, Any]]
    media: Mapping[str, Mapping[str, Any]]
    posts: Mapping[str, Mapping[str, Any]]
    problems: Mapping[str, Mapping[str, Any]]
    next_token: str
    billed: tuple[str, ...]


def read_page(payload: Mapping[str, Any]) -> Page | None:
    """Take a page apart; None where it is none: it has neither posts nor a count of them."""
    data = payload.get("data")
    found = items([data] if isinstance(data, dict) else data)
    meta = mapping(payload.get("meta"))
    if not isinstance(data, (list, dict)) and "result_count" not in meta:
        return None
    includes = mapping(payload.get("includes"))
    included = [*items(includes.get("posts")), *items(includes.get("tweets")), *found]
    return Page(
        found=tuple(found),
        users=_by(items(includes.get("users")), "id"),
        media=_by(items(includes.get("media")), "media_key"),
        posts=_by(included, "id"),
        problems=_by(items(payload.get("errors")), "value") | _by(items(payload.get("errors")), "resource_id"),
        next_token=text(meta.get("next_token")),
        billed=tuple(text(item.get("id")) for item in included),
    )


def read_post(item: Mapping[str, Any], page: Page, answer: Answer) -> Captured | None:
    """Read one post of a page, with the posts that it refers to; None where its number is none.

    Its bytes are its part of the page and what it needs of what is included, written anew.
    """
    return _post(item, page, answer, _DEPTH)


def _post(item: Mapping[str, Any], page: Page, answer: Answer, depth: int) -> Captured | None:
    link = post_link(text(item.get("id")))
    if link is None:
        return None
    stated = read_date(text(item.get("created_at")))
    posted_at, basis, notes = settle(link, stated[0] if stated else None)
    user = page.users.get(text(item.get("author_id")), {})
    keys = _strings(mapping(item.get("attachments")).get("media_keys"))[:_MEDIA_LIMIT]
    shown = [page.media[key] for key in keys if key in page.media]
    media = _media(shown, _credits(item, link.url))
    quoted, quote_notes = _referenced(item, page, answer, depth)
    words = unescape_once(_long(item) or text(item.get("text")))
    status = _stands_in(words, text(user.get("username")))
    return Captured(
        post_id=link.post_id,
        platform="x",
        native_id=link.native_id,
        url=link.url,
        raw=_written({"data": item, "includes": {"users": [user] if user else [], "media": shown}}),
        media_type="application/json",
        route=ROUTE,
        captured_at=answer.captured_at,
        source_url=answer.source_url,
        status=status,
        status_reason="" if status is PostStatus.LIVE else f"X says: “{words[:300]}”",
        author=text(user.get("username")) or None,
        author_name=text(user.get("name")) or None,
        posted_at=posted_at,
        posted_at_basis=basis,
        text=words if status is PostStatus.LIVE else "",
        lang=language(item.get("lang")),
        media=media,
        quoted=quoted,
        notes=(*notes, *_notes(item, media, len(keys) - len(media)), *quote_notes),
    )


def _stands_in(words: str, author: str) -> PostStatus:
    """Say what has become of a post whose words are not its author's: X puts its own in the place of what it hides."""
    account = re.escape(f"@{author}")
    own = rf"{account}['’]s account (?:is temporarily unavailable|has been withheld)"
    found = re.match(rf"{own}|This (?:Tweet|Post) from {account} has been withheld", words) if author else None
    if found is None:
        return PostStatus.LIVE
    return PostStatus.WITHHELD if found[0].endswith("withheld") else PostStatus.UNAVAILABLE


def _long(item: Mapping[str, Any]) -> str:
    """The whole of a long post; `text` is only its beginning."""
    return text(mapping(item.get("note_tweet")).get("text")) or text(mapping(item.get("note_post")).get("text"))


def _notes(item: Mapping[str, Any], media: tuple[Media, ...], missing: int) -> list[str]:
    notes = []
    versions = _strings(item.get("edit_history_tweet_ids")) or _strings(item.get("edit_history_post_ids"))
    link = post_link(text(item.get("id")))
    if len(versions) > 1 and link is not None:
        notes.append(edited(versions, link))
    if item.get("possibly_sensitive") is True:
        notes.append("X marks the post as possibly sensitive.")
    countries = _strings(mapping(item.get("withheld")).get("country_codes"))
    if countries:
        notes.append(f"X withholds the post in {', '.join(code[:8] for code in countries[:30])}.")
    if any(one.kind == "video-poster" for one in media):
        notes.append(POSTER_FRAME)
    if any(one.credit_url for one in media):
        notes.append("A picture belongs to another post, which is credited.")
    if missing > 0:
        notes.append("The post has pictures that X's answer does not name; trace its link to get them.")
    return notes


def _media(shown: list[Mapping[str, Any]], credit: Mapping[str, str]) -> tuple[Media, ...]:
    """Name the pictures: a photo has an address of its own, a video or moving picture only that of its still."""
    found: dict[str, Media] = {}
    for one in shown:
        still = text(one.get("preview_image_url"))
        address = text(one.get("url")) or still
        kind = "photo" if text(one.get("type")) == "photo" or not still else "video-poster"
        if address.startswith(("https://", "http://")):
            owner = credit.get(text(one.get("media_key")))
            found.setdefault(address, Media(address, None, kind, text(one.get("alt_text")), owner))
    return tuple(found.values())


def _credits(item: Mapping[str, Any], own: str) -> dict[str, str]:
    """Say which other post a picture belongs to, by media key."""
    link = post_link(text(item.get("id")))
    found = {}
    for url in items(mapping(item.get("entities")).get("urls")):
        owner = credited(url.get("expanded_url"), link) if link else None
        if owner and owner != own and text(url.get("media_key")):
            found[text(url.get("media_key"))] = owner
    return found


def _referenced(
    item: Mapping[str, Any], page: Page, answer: Answer, depth: int
) -> tuple[tuple[Captured, ...], list[str]]:
    """Read the quoted, replied-to or reposted posts that came along, each a post with bytes of its own."""
    posts: list[Captured] = []
    notes: list[str] = []
    references = items(item.get("referenced_tweets")) or items(item.get("referenced_posts"))
    for reference in references[:_MEDIA_LIMIT]:
        number = text(reference.get("id"))
        link = post_link(number)
        if link is None or number == item.get("id"):
            continue
        what = _RELATIONS.get(text(reference.get("type")), "referenced")
        notes.append(f"The {what} post is {link.url}.")
        if number in page.problems:
            notes.append(f"The {what} post cannot be seen. {verdict(page.problems[number])[1]}")
        inner = _post(page.posts[number], page, answer, depth - 1) if depth and number in page.posts else None
        if inner is not None:
            origin = f"It came along with x:{text(item.get('id'))}, which refers to it."
            posts.append(replace(inner, notes=(*inner.notes, origin)))
    return tuple(posts), notes


def _by(found: list[dict[str, Any]], key: str) -> dict[str, Mapping[str, Any]]:
    return {text(item.get(key)): item for item in found if text(item.get(key))}


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _written(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")
