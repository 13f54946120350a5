"""What a watch asks, as people write it: `x:@handle`, `x:"some words"`, `rss:https://…`, `folder:/…`, a post's link.

One written form stands for each source, so that two writings of it are one; parsing it gives the same source again.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs

from bot.sources.addresses import Address, cut_out, parse
from bot.sources.base import Link, LinkRefused
from bot.sources.hosts import X_HOSTS, X_MIRRORS, platform_host
from bot.sources.links import normalise
from storage.errors import DatelineError

Kind = Literal["x", "rss", "folder", "link"]

LENGTH_LIMIT = 2048
"""Characters of one source; the longest feed addresses are shorter."""
QUERY_LIMIT = 480
"""Characters of a search of X; X takes 512 (docs of its API, self-serve), and `-is:retweet` is put behind it."""
LIST_LIMIT = 50
"""Sources of one watch."""
EXAMPLE = 'Write x:@handle, x:"some words", rss:https://example.org/feed, folder:/path or a post\'s link.'

_HANDLE = re.compile(r"@?([A-Za-z0-9_]{1,15})")
"""A name on X: up to 15 of these characters (X's help pages)."""
_NO_PROFILES = frozenset(
    {"home", "explore", "hashtag", "i", "intent", "share", "login", "messages", "notifications", "settings", "tos"}
)
"""First words of X's own pages, which are no accounts."""
_PREFIX = re.compile(r"(x|rss|feed|atom|folder|link):", re.IGNORECASE)
_BEGINS = re.compile(rf"{_PREFIX.pattern}|<?https?://|@|[a-z0-9-]+(?:\.[a-z0-9-]+)+/", re.IGNORECASE)
"""How a source begins, as far as it can be told in the middle of another one."""
_JOINERS = "\u200c\u200d"
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
"""Quotation marks that phones and Slack put in for the plain ones; X knows only those."""


class SourceRefused(DatelineError):
    """What was written names no source that can be watched: one sentence, and an example."""

    code = "source_refused"


@dataclass(frozen=True, slots=True)
class SourceRef:
    """One source of a watch.

    Attributes:
        kind: `x` an account or a search there, `rss` a feed, `folder` one of this machine, `link` one post.
        query: what to ask it: `@handle` in lower case, or words to search; an address; a path; a post's link.
    """

    kind: Kind
    query: str

    def __str__(self) -> str:
        """Write it in its one form, which `parse_ref` reads as the same source."""
        return f"{self.kind}:{self.query}"

    @property
    def account(self) -> str | None:
        """The handle on X without its @, where the source is an account there."""
        return self.query[1:] if self.kind == "x" and re.fullmatch(r"@\w+", self.query) else None


def parse_ref(text: str) -> SourceRef:
    """Read one source.

    Raises:
        SourceRefused: it names none; the sentence says what to write instead.
    """
    written = text.strip()
    if not written:
        raise SourceRefused(f"No source was given. {EXAMPLE}")
    if len(written) > LENGTH_LIMIT:
        raise SourceRefused(f"A source has at most {LENGTH_LIMIT} characters. {EXAMPLE}")
    _refuse_hidden(written)
    try:
        return _read(written)
    except LinkRefused as refused:
        raise SourceRefused(f"{refused} {EXAMPLE}") from refused


def parse_refs(text: str) -> tuple[SourceRef, ...]:
    """Read a list of sources, with commas or blanks between; one that is named twice counts once.

    Feeds' addresses hold commas, searches and paths hold blanks too: a source ends where the next one begins.

    Raises:
        SourceRefused: one of them names no source, or there are none, or too many.
    """
    refs = tuple(dict.fromkeys(parse_ref(part) for part in _split(text)))
    if not refs:
        raise SourceRefused(f"No source was given. {EXAMPLE}")
    if len(refs) > LIST_LIMIT:
        raise SourceRefused(f"A watch has at most {LIST_LIMIT} sources; make a second one for the rest.")
    return refs


def _read(written: str) -> SourceRef:
    prefix = _PREFIX.match(written)
    if prefix is None:
        return _bare(written)
    kind, rest = prefix[1].lower(), written[prefix.end() :].strip()
    if kind == "folder":
        return _folder(rest)
    if kind == "x":
        return _on_x(rest)
    if not rest:
        raise SourceRefused(f"Behind {kind}: stands no address. {EXAMPLE}")
    if kind == "link":
        return _link(normalise(rest))
    return _feed(_address(f"https:{rest}" if rest.startswith("//") else rest))  # browsers write feed://host/path


def _bare(written: str) -> SourceRef:
    """Read what has no prefix: a handle, a post's link, a page of X, or a feed's address."""
    if written.startswith("@"):
        return _on_x(written)
    if "." not in written and "://" not in written:
        raise SourceRefused(f"{written[:60]!r} is no source. {EXAMPLE}")
    address = _address(written)
    if _is_x(address):
        return _x_page(address, written)
    try:
        link = normalise(written)
    except LinkRefused:
        return _feed(address)  # a page of a platform that is no post may well be a feed
    return _feed(address) if link.platform == "web" and link.archive_url is None else _link(link)


def _on_x(rest: str) -> SourceRef:
    _refuse_hidden(rest)
    query = re.sub(r" {2,}", " ", rest.translate(_QUOTES)).strip()
    if re.match(r"<?https?://", query, re.IGNORECASE) and " " not in query and _is_x(_address(query)):
        return _x_page(_address(query), query)
    handle = _HANDLE.fullmatch(query.removeprefix("from:"))
    if handle:
        return SourceRef("x", f"@{handle[1].lower()}")
    if query.startswith("@") and " " not in query:
        raise SourceRefused(f"{query[:60]!r} is no name on X, which has 15 letters, digits and _ at most. {EXAMPLE}")
    if not any(char.isalnum() for char in query):
        raise SourceRefused(f"Nothing is searched for on X. {EXAMPLE}")
    if len(query) > QUERY_LIMIT:
        raise SourceRefused(f"A search of X has at most {QUERY_LIMIT} characters; make two sources of it.")
    if query.count('"') % 2 or query.count("(") != query.count(")"):
        raise SourceRefused('A quotation mark or bracket of the search is not closed; write x:"some words".')
    return SourceRef("x", query)


def _x_page(address: Address, written: str) -> SourceRef:
    """Read a page of X: a post, a search, or else the profile it belongs to."""
    segments = address.segments
    if any(part.lower() in ("status", "statuses") for part in segments[:3]):
        return _link(normalise(written))
    if segments[:1] == ("search",):
        words = parse_qs(address.query).get("q", [""])[0]
        return _on_x(words)
    name = segments[0] if segments else ""
    if not _HANDLE.fullmatch(name) or name.lower() in _NO_PROFILES:
        raise SourceRefused(f"That page of X is no account, search or post. {EXAMPLE}")
    return _on_x(f"@{name}")


def _folder(path: str) -> SourceRef:
    if not Path(path).is_absolute():
        raise SourceRefused("A folder is named by its whole path, like folder:/srv/incoming.")
    return SourceRef("folder", str(Path(path)))


def _link(link: Link) -> SourceRef:
    return SourceRef("link", link.archive_url if link.platform == "web" and link.archive_url else link.url)


def _feed(address: Address) -> SourceRef:
    query = f"?{address.query}" if address.query else ""
    return SourceRef("rss", f"{address.origin}{address.path or '/'}{query}")


def _address(written: str) -> Address:
    return parse(cut_out(written))


def _is_x(address: Address) -> bool:
    host = platform_host(address.host)
    return host in X_HOSTS or host in X_MIRRORS or host.startswith("nitter.")


def _split(text: str) -> list[str]:
    """Cut a list where a source ends and the next one begins; within quotation marks nothing does."""
    parts: list[str] = []
    current = ""
    quoted = False
    for gap, word in re.findall(r"([\s,]*)([^\s,]+)", text):
        if current and not quoted and _ends(current, gap, word):
            parts.append(current)
            current = ""
        current = f"{current}{gap}{word}" if current else word
        quoted ^= word.translate(_QUOTES).count('"') % 2 == 1
    return [*parts, current] if current else parts


def _ends(current: str, gap: str, word: str) -> bool:
    """Whether a source ends before this word: where the next one begins, or where it cannot go on.

    A search goes on over blanks, as `@name` and links are words of searches, and a path goes on over both; a handle
    that nothing was added to ends at a comma, an address at any blank.
    """
    if not gap or _PREFIX.fullmatch(current):
        return False
    begins = _BEGINS.match(word) is not None
    if current[:2].lower() == "x:" and not _HANDLE.fullmatch(current[2:]):
        return begins and ("," in gap or _PREFIX.match(word) is not None)
    if current[:2].lower() == "x:":
        return begins or "," in gap
    if current[:7].lower() == "folder:":
        return begins
    return begins or gap.strip(",") != ""


def _refuse_hidden(written: str) -> None:
    """Refuse what cannot be seen; joiners stand inside words of Persian and Indic scripts.

    Raises:
        SourceRefused: a control, format or unassigned character, or a line end.
    """
    hidden = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    if any(unicodedata.category(char) in hidden and char not in _JOINERS for char in written):
        raise SourceRefused(f"The source holds a hidden character; type it anew. {EXAMPLE}")
