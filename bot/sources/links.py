"""One normaliser for every form a link comes in: to one canonical address and one post id, or a refusal."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import parse_qsl, unquote, urljoin

from bot.sources.addresses import LENGTH_LIMIT, Address, canonical, cut_out, parse
from bot.sources.base import CaptureFailed, Link, LinkRefused
from bot.sources.hosts import (
    ARCHIVE_TODAY_HOSTS,
    BLUESKY_HOSTS,
    SHORT_HOSTS,
    TELEGRAM_HOSTS,
    WAYBACK_HOSTS,
    X_HOSTS,
    X_MIRRORS,
    YOUTUBE_HOSTS,
    is_address,
    platform_host,
)

if TYPE_CHECKING:
    from bot.sources.http import Fetcher

SHORT = "short"
"""The platform of a shortened link, whose target only the network knows: see `resolve`."""

_NUMBER = re.compile(r"[1-9][0-9]{0,19}")
_ID_LIMIT = 2**64
_ARCHIVE_DEPTH = 2
_TIMESTAMP = re.compile(r"([0-9]{4,14})((?:[a-z]{2}_)?)")
_ARCHIVE_TODAY_TIME = re.compile(r"[0-9]{4,14}|[0-9]{4}\.[0-9]{2}\.[0-9]{2}-[0-9]{6}|newest|oldest")
_HANDLE = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.IGNORECASE)
_DID = re.compile(r"did:(?:plc:[a-z2-7]{24}|web:[A-Za-z0-9.%-]*[A-Za-z0-9])")
_RKEY = re.compile(r"[A-Za-z0-9_~-](?:[A-Za-z0-9._:~-]{0,510}[A-Za-z0-9_~-])?")
_AT_URI = re.compile(r"at://([^/]+)/app\.bsky\.feed\.post/([^/?#]+)/?", re.IGNORECASE)
_TELEGRAM_NAME = re.compile(r"[a-z][a-z0-9_]{3,31}")
_VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")
_SHORT_CODE = re.compile(r"[A-Za-z0-9]{1,32}")


def normalise(text: str) -> Link:
    """Bring any form of a link to its one canonical `Link`.

    Pure: no network, so a shortened link comes back as platform `short` (see `is_short` and `resolve`).

    Raises:
        LinkRefused: one sentence that says why, and what to give instead.
    """
    return _normalise(text, _ARCHIVE_DEPTH)


def is_short(link: Link) -> bool:
    """Whether the link is a shortened one, to be resolved before anything else is done with it."""
    return link.platform == SHORT


async def resolve(text: str, fetcher: Fetcher, tco_url: str = "https://t.co") -> Link:
    """Normalise a link, following a shortened one by exactly one redirect through the guarded client.

    Raises:
        LinkRefused: the link, or what it leads to, is refused.
        FetchRefused: the guarded client will not go there.
        CaptureFailed: the shortener did not answer with a redirect.
    """
    link = normalise(text)
    if not is_short(link):
        return link
    asked = f"{tco_url.rstrip('/')}/{link.native_id}"
    answer = await fetcher.get(asked, accept="html", max_bytes=65_536, max_redirects=0)
    location = answer.headers.get("location")
    if not 300 <= answer.status < 400 or not location:
        raise CaptureFailed(f"t.co answered {answer.status} without a target; open the link and copy the address.")
    target = normalise(urljoin(link.url, location))
    if is_short(target):
        raise LinkRefused("The shortened link leads to another shortened link; open it and copy the final address.")
    return target


def x_link(native_id: str) -> Link:
    """Make the link of an X post from its number; no handle is in it, because X serves any handle with the id."""
    return Link("x", native_id, f"https://x.com/i/status/{native_id}", f"x:{native_id}")


def _normalise(text: str, depth: int) -> Link:
    written = cut_out(text)
    at_uri = _AT_URI.fullmatch(written)
    if at_uri:
        return _bluesky(at_uri[1], at_uri[2])
    if "." not in written and not written.startswith(("http", "[")):
        raise LinkRefused(f"{written[:60]!r} is not a link; paste the whole address of a post.")
    address = parse(written)
    host = platform_host(address.host)
    if host in X_HOSTS or host in X_MIRRORS or host.startswith("nitter."):
        return _x(address)
    for hosts, recognise in _PLATFORMS:
        if host in hosts or (hosts is YOUTUBE_HOSTS and host == "music.youtube.com"):
            _refuse_port(address)
            return recognise(address, host)
    if host.endswith(".t.me") and host.count(".") == 2:
        return _telegram(replace(address, path=f"/{host.split('.')[0]}{address.path}"), "t.me")
    if host in WAYBACK_HOSTS or host in ARCHIVE_TODAY_HOSTS:
        return _archived(address, host, depth)
    return _elsewhere(address)


def _x(address: Address) -> Link:
    _refuse_port(address)
    segments = address.segments
    if not segments and address.fragment.startswith("!/"):
        segments = tuple(part for part in address.fragment[2:].split("/") if part)
    lowered = tuple(part.lower() for part in segments)
    for at in (1, 0, 2):
        if lowered[at : at + 1] in (("status",), ("statuses",)) and (at != 2 or lowered[:2] == ("i", "web")):
            number = segments[at + 1] if len(segments) > at + 1 else ""
            return x_link(_number(number, "X post"))
    raise LinkRefused("That X link is not a post; open the post and copy its own address (…/status/<number>).")


def _bluesky(actor: str, rkey: str) -> Link:
    actor = unquote(actor).removeprefix("@")
    actor = actor if actor.startswith("did:") else actor.lower()
    if not (_DID.fullmatch(actor) or (_HANDLE.fullmatch(actor) and len(actor) <= 253)) or not _RKEY.fullmatch(rkey):
        raise LinkRefused("That Bluesky link is malformed; open the post and copy its address.")
    native = f"{actor}/{rkey}"
    return Link("bluesky", native, f"https://bsky.app/profile/{actor}/post/{rkey}", f"bluesky:{native}")


def _bluesky_page(address: Address, host: str) -> Link:
    segments = address.segments
    if len(segments) < 4 or segments[0] != "profile" or segments[2] != "post":
        raise LinkRefused("That Bluesky link is not a post; open the post and copy its address.")
    return _bluesky(segments[1], segments[3])


def _telegram(address: Address, host: str) -> Link:
    segments = address.segments
    if segments[:1] == ("s",):
        segments = segments[1:]
    if segments[:1] == ("c",):
        raise LinkRefused(
            "That Telegram link leads into a private chat, which only its members can open; ask one for a copy."
        )
    name = segments[0].lower() if segments else ""
    if len(segments) not in (2, 3) or not _TELEGRAM_NAME.fullmatch(name):
        raise LinkRefused(
            "That Telegram link is not a public post; open the post and copy its link (t.me/<name>/<number>)."
        )
    native = f"{name}/{_number(segments[-1], 'Telegram post')}"
    return Link("telegram", native, f"https://t.me/{native}", f"telegram:{native}")


def _youtube(address: Address, host: str) -> Link:
    segments = address.segments
    if host == "youtu.be":
        video = segments[0] if segments else ""
    elif segments[:1] == ("watch",):
        video = next((value for key, value in parse_qsl(address.query) if key == "v"), "")
    elif len(segments) > 1 and segments[0] in ("shorts", "live", "embed", "v"):
        video = segments[1]
    else:
        video = ""
    if not _VIDEO.fullmatch(video):
        raise LinkRefused("That YouTube link is not a video; open the video and copy its address.")
    return Link("youtube", video, f"https://www.youtube.com/watch?v={video}", f"youtube:{video}")


def _short(address: Address, host: str) -> Link:
    segments = address.segments
    if len(segments) != 1 or not _SHORT_CODE.fullmatch(segments[0]):
        raise LinkRefused("That t.co link is malformed; open it and copy the address it leads to.")
    return Link(SHORT, segments[0], f"https://t.co/{segments[0]}", f"{SHORT}:{segments[0]}")


_PLATFORMS = (
    (BLUESKY_HOSTS, _bluesky_page),
    (TELEGRAM_HOSTS, _telegram),
    (YOUTUBE_HOSTS, _youtube),
    (SHORT_HOSTS, _short),
)


def _archived(address: Address, host: str, depth: int) -> Link:
    """Read an archive's address: the inner address names the post, the outer one is kept as `archive_url`."""
    _refuse_port(address)
    tail = address.path + ("?" + address.query if address.query else "")
    tail += "#" + address.fragment if address.fragment else ""
    parts = tail.lstrip("/").split("/", 2)
    if host in ARCHIVE_TODAY_HOSTS:
        if parts[0] == "o" and len(parts) == 3:
            moment, inner = parts[1], parts[2]
        else:
            moment, _, inner = tail.lstrip("/").partition("/")
            if not inner or not _ARCHIVE_TODAY_TIME.fullmatch(moment):
                raise LinkRefused(
                    "That short archive link does not name its post; open it and copy the long link under “share”."
                )
        prefix = "o/" if parts[0] == "o" else ""
    else:
        prefix = "web/"
        if parts[0] != "web" or len(parts) < 3 or not _TIMESTAMP.fullmatch(parts[1]):
            raise LinkRefused(
                "That Wayback Machine link names no single capture; open one capture and copy its address."
            )
        moment, inner = parts[1], parts[2]
    if depth == 0:
        raise LinkRefused("The link is an archive of an archive of an archive; give the innermost address.")
    inner = re.sub(r"^(https?):/+", r"\1://", inner, flags=re.IGNORECASE)
    link = _normalise(inner, depth - 1)
    return replace(link, archive_url=f"https://{host}/{prefix}{moment}/{inner}")


def _elsewhere(address: Address) -> Link:
    """Recognise Mastodon by the shape of its paths on any host, refuse imitations of X, take the rest as a web page."""
    segments = address.segments
    if len(segments) >= 3 and segments[1].lower() in ("status", "statuses") and _NUMBER.fullmatch(segments[2]):
        _refuse_imitation(address)
    user, number = _mastodon_parts(segments)
    if user and number:
        if is_address(address.host):
            _refuse_imitation(address)
        native = f"{address.origin.partition('://')[2]}/{_number(number, 'Mastodon post')}"
        return Link("mastodon", native, f"https://{native.rpartition('/')[0]}{user}{number}", f"mastodon:{native}")
    url = canonical(address)
    if len(url) > LENGTH_LIMIT:
        raise LinkRefused(f"The link is longer than {LENGTH_LIMIT} characters; give the address of one page.")
    return Link("web", url, url, f"web:{hashlib.sha256(url.encode()).hexdigest()[:20]}")


def _mastodon_parts(segments: tuple[str, ...]) -> tuple[str, str]:
    """Return (path before the number, number) of a Mastodon post, or two empty strings."""
    segments = segments[1:] if segments[:1] in (("web",), ("deck",)) else segments
    name = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?"
    if len(segments) >= 2 and re.fullmatch(rf"@{name}(?:@[A-Za-z0-9.:-]+)?", segments[0]):
        user, rest = f"/{segments[0]}/", segments[1:]
    elif (
        len(segments) >= 4 and segments[0] == "users" and segments[2] == "statuses" and re.fullmatch(name, segments[1])
    ):
        user, rest = f"/@{segments[1]}/", segments[3:]
    elif len(segments) >= 5 and segments[:2] == ("ap", "users") and segments[3] == "statuses" and segments[2].isdigit():
        user, rest = f"/ap/users/{segments[2]}/statuses/", segments[4:]
    else:
        return "", ""
    shaped = _NUMBER.fullmatch(rest[0]) and rest[1:] in ((), ("embed",), ("activity",))
    return (user, rest[0]) if shaped else ("", "")


def _number(text: str, what: str) -> str:
    if not _NUMBER.fullmatch(text) or int(text) >= _ID_LIMIT:
        raise LinkRefused(f"The {what}'s number is missing or impossible; open the post and copy its whole address.")
    return text


def _refuse_port(address: Address) -> None:
    if address.port is not None:
        raise LinkRefused(f"{address.host} is never reached on port {address.port}; check where the link leads.")


def _refuse_imitation(address: Address) -> NoReturn:
    raise LinkRefused(
        f"The address is shaped like a platform's post, but {address.host} is not that platform; check it."
    )
