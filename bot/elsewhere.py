"""Pages where a person may look for a picture or a post elsewhere: addresses to be opened by hand, never called.

Opening one of them shows a stranger what the newsroom is after, so each says what it reveals, and none is made of an
address that is not public: private hosts, files of Slack, addresses that carry a key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_plus, urlsplit

from bot.sources.base import LinkRefused
from bot.sources.hosts import ascii_host, is_address

REVEALS: Final = (
    "Each page opens in your browser with the address it is about: that site learns the address and your IP address; "
    "nothing is sent by Dateline."
)
"""What holds of every page, for lists of them."""

LONGEST: Final = 1_000
"""Characters of a page's address: Slack's buttons take 3,000, but four of them must fit into one message."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page to open.

    Attributes:
        name: the service.
        label: what stands on its button: the name, and what the page is good for.
        url: the page's address, the address that is looked for escaped within it.
        reveals: what opening it tells to whom, in a sentence.
    """

    name: str
    label: str
    url: str
    reveals: str


# How browser extensions and the services' own pages write these addresses (2026); none is an interface with a promise.
_ENGINES: Final = (
    ("TinEye", "TinEye, oldest first", "https://www.tineye.com/search/?url={}&sort=crawl_date&order=asc"),
    ("Google Lens", "Google Lens", "https://lens.google.com/uploadbyurl?url={}"),
    ("Yandex", "Yandex", "https://yandex.com/images/search?rpt=imageview&url={}"),
    ("Bing", "Bing", "https://www.bing.com/images/search?q=imgurl:{}&view=detailv2&iss=sbi&FORM=IRSBIQ"),
)
_ARCHIVES: Final = (
    ("Wayback Machine", "https://web.archive.org/web/*/{}"),
    ("archive.today", "https://archive.ph/{}"),
)

_RESERVED: Final = frozenset(
    {"alt", "arpa", "corp", "example", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain"}
    | {"localhost", "onion", "private", "test"}
)
"""Last labels that lead to no public site: RFC 6761, 6762, 7686, 8375, 9476, ICANN's .internal, and those in use."""

_SLACK: Final = ("slack.com", "slack-edge.com", "slack-files.com", "slack-gov.com", "slack-imgs.com", "slackb.com")

_KEY_NAMES: Final = re.compile(
    r"token|sig|secret|auth|passw|pwd|session|credential|jwt|expire|policy|hmac|ticket|cookie|signed|secur"
    r"|(?:^|[-_.])(?:key|sid|oh|oe|hash|otp|code)$|apikey|accesskey",
    re.IGNORECASE,
)
"""Parameters by which stores of files let in whoever holds the address: Amazon, Azure, Google, Akamai, Facebook, …"""

_KEY_LIKE: Final = re.compile(r"(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{16,}")
"""A run of letters and digits in which nobody would read a word, a size or a date."""

_JWT: Final = re.compile(r"eyJ[\w-]+\.eyJ", re.ASCII)
"""Two parts of a JSON web token, in base64 (RFC 7519)."""


def pages(address: str | None) -> tuple[Page, ...]:
    """Return where to search for the picture at a public address, TinEye first; nothing where it is not public."""
    if address is None or _obstacle(address):
        return ()
    escaped = quote(_bare(address), safe="")
    return tuple(Page(name, label, form.format(escaped), _reveals(form)) for name, label, form in _ENGINES)


def by_hand(address: str | None) -> str:
    """Say how to search by hand, and why there are no pages; empty where there are some."""
    why = _obstacle(address) if address else "no public address of this picture is known"
    if not why:
        return ""
    return (
        f"To search elsewhere: {why}, so save the picture and upload it yourself at tineye.com, lens.google.com, "
        "yandex.com/images or bing.com/images. That site then has the picture itself, and learns your IP address."
    )


def archives(address: str | None) -> tuple[Page, ...]:
    """Return where other archives may hold the page at a public address; nothing where it is not public."""
    if address is None or _obstacle(address):
        return ()
    escaped = quote(_bare(address), safe=":/?&=%+,;@!$'()*~-._")
    return tuple(
        Page(name, name, form.format(escaped), _reveals(form, "the post's address")) for name, form in _ARCHIVES
    )


def _reveals(form: str, what: str = "the picture's public address") -> str:
    host = (urlsplit(form).hostname or "").removeprefix("www.")
    return (
        f"Opens {host} in your browser with {what}: the site learns the address and your IP address; nothing is sent "
        "by Dateline."
    )


def _bare(address: str) -> str:
    """Return an address without its fragment, which servers are never sent."""
    return address.partition("#")[0]


def _obstacle(address: str) -> str:
    """Say why an address must not be shown to a stranger, as half a sentence; empty where it may be."""
    if not address.isprintable() or any(one in address for one in ' \\<>"'):
        return "its address cannot be read"
    try:
        parts = urlsplit(_bare(address))
        host = ascii_host(parts.hostname or "")
        port = parts.port
    except (ValueError, LinkRefused):
        return "its address is not a public one"
    if parts.scheme.lower() != "https" or is_address(host) or host.rpartition(".")[2] in _RESERVED:
        return "its address is not a public one"
    if any(host == slack or host.endswith(f".{slack}") for slack in _SLACK):
        return "it lies in Slack, where only members can open it"
    if "@" in parts.netloc or _carries_key(parts.path, parts.query):
        return "its address seems to carry a key"
    if port not in (None, 443):
        return "its address is not a public one"
    longest = max(len(form) for _, _, form in _ENGINES)
    return "its address is too long" if len(quote(_bare(address), safe="")) + longest > LONGEST else ""


def _carries_key(path: str, query: str) -> bool:
    if _JWT.search(path) or _JWT.search(query):
        return True
    given = [*re.split("[&;]", query), *path.split(";")[1:]]
    for one in given:
        name, _, value = one.partition("=")
        if _KEY_NAMES.search(unquote_plus(name)) or _KEY_LIKE.search(unquote_plus(value or name)):
            return True
    return False
