"""Web addresses as strangers paste them: cut out of their surroundings, taken apart, and put into one form."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

from bot.sources.base import LinkRefused
from bot.sources.hosts import ascii_host

LENGTH_LIMIT = 4096
"""Code points; longer than any post's address, short enough to read at once."""

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+-]*:(?!\d)", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_OPENING = "<([{\"'«“„‘‹「『【"
_CLOSING = ">\"'»”“’›」』】.,;:!?…،؛؟。、！？"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_JOINERS = "\u200c\u200d"
"""Written inside words of Persian and Indic scripts, so they occur in the paths of real addresses."""
_KEPT = "/:@!$&'()*+,;=-._~%?[]"
_TRACKING_PREFIXES = ("utm_", "at_", "mc_", "hsa_", "pk_", "mtm_")
_TRACKING = frozenset(
    {
        *("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid"),
        *("igsh", "_ga", "_gl", "_hsenc", "_hsmi", "ref_src", "ref_url", "xtor", "smid", "cmpid", "s_cid", "vero_id"),
        *("wt_mc", "oly_enc_id", "oly_anon_id", "srsltid"),
    }
)
"""Parameters that say who passed a link on, never which page it is."""


@dataclass(frozen=True, slots=True)
class Address:
    """A web address taken apart. `host` is ASCII and lower-case; `port` is None where it is the scheme's own.

    `path`, `query` and `fragment` are as written, without their leading `?` and `#`.
    """

    scheme: str
    host: str
    port: int | None
    path: str
    query: str
    fragment: str

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the path between slashes, empty ones left out."""
        return tuple(part for part in self.path.split("/") if part)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.host}" + (f":{self.port}" if self.port else "")


def cut_out(text: str) -> str:
    """Return the one address in a pasted text: Slack's `<https://…|label>`, quotes and punctuation taken off.

    Raises:
        LinkRefused: nothing is there, it is too long, or it hides characters.
    """
    if len(text) > LENGTH_LIMIT:
        raise LinkRefused(f"The link is longer than {LENGTH_LIMIT} characters; give the address of one post.")
    link = _strip_invisible(text)
    if link.startswith("<") and link.endswith(">"):
        link = link[1:-1].split("|", 1)[0].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        if link[:1] in ("@", "#", "!"):
            raise LinkRefused("That is a mention within Slack, not a link; give the address of a post.")
    link = trim(link)
    for char in link:
        if (unicodedata.category(char)[0] in "CZ" and char not in _JOINERS) or char == "\\":
            raise LinkRefused(
                "The link holds a blank, a backslash or a hidden character; give one address and nothing else."
            )
    if not link:
        raise LinkRefused("No link was given; paste the address of a post.")
    return link


def trim(link: str) -> str:
    """Take off punctuation around an address; a closing bracket stays where its partner is inside."""
    link = link.lstrip(_OPENING)
    while link:
        last = link[-1]
        if last in _CLOSING or (last in _PAIRS and link.count(last) > link.count(_PAIRS[last])):
            link = link[:-1]
        else:
            break
    return link


def parse(link: str) -> Address:
    """Take an address apart; a missing scheme is read as https.

    Raises:
        LinkRefused: another scheme, a name or password before the host, a bad port, or a bad host.
    """
    named = _SCHEME.match(link)
    if named:
        scheme, rest = named[1].lower(), link[named.end() :]
    elif link.startswith("//"):
        scheme, rest = "https", link[2:]
    elif _OTHER_SCHEME.match(link):
        scheme, rest = link.split(":", 1)[0].lower(), ""
    else:
        scheme, rest = "https", link
    if scheme not in _DEFAULT_PORTS:
        raise LinkRefused(f"Links of the kind {scheme[:20]!r} are not followed; give one that begins with https://.")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    rest, _, fragment = rest[len(authority) :].partition("#")
    path, _, query = rest.partition("?")
    if "@" in authority:
        raise LinkRefused("The link hides its real host behind an @, as disguised links do; check where it leads.")
    host, port = _split_port(authority)
    return Address(
        scheme=scheme,
        host=ascii_host(host),
        port=None if port == _DEFAULT_PORTS[scheme] else port,
        path=path,
        query=query,
        fragment=fragment,
    )


def canonical(address: Address) -> str:
    """Write a web address in the one form under which its page is archived.

    The fragment and tracking parameters go, other parameters keep their order, characters outside ASCII are
    percent-encoded, and escapes are written in upper case. Canonical forms are fixed points.
    """
    kept = [part for part in address.query.split("&") if part and not _is_tracking(part)]
    url = address.origin + (_encode(address.path) or "/") + ("?" + _encode("&".join(kept)) if kept else "")
    while True:
        # Trimming may uncover a tracking parameter at the end, and dropping it more punctuation.
        head, _, query = trim(url).partition("?")
        parts = query.split("&")
        while parts and (not parts[-1] or _is_tracking(parts[-1])):
            parts.pop()
        shorter = head + ("?" + "&".join(parts) if parts else "")
        if shorter == url:
            return url
        url = shorter


def _is_tracking(parameter: str) -> bool:
    key = parameter.split("=", 1)[0].lower()
    return key in _TRACKING or key.startswith(_TRACKING_PREFIXES)


def _encode(part: str) -> str:
    encoded = quote(part, safe=_KEPT)
    encoded = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", encoded)
    return re.sub(r"%[0-9a-f]{2}", lambda escape: escape[0].upper(), encoded, flags=re.IGNORECASE)


def _split_port(authority: str) -> tuple[str, int | None]:
    host, colon, port = authority.rpartition(":")
    if not colon or authority.endswith("]"):
        return authority, None
    if not port:
        return host, None
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65536):
        raise LinkRefused("The link has an impossible port; copy the whole address from the browser.")
    return host, int(port)


def _strip_invisible(text: str) -> str:
    """Take blanks and format characters off both ends: text copied from right-to-left pages carries them."""
    start, end = 0, len(text)
    while start < end and _is_invisible(text[start]):
        start += 1
    while end > start and _is_invisible(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_invisible(char: str) -> bool:
    return char in " \t\r\n" or unicodedata.category(char) in ("Cf", "Zs", "Zl", "Zp")
