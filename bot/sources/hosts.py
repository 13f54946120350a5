"""Host names as strangers write them: to one ASCII form, with look-alikes of known platforms refused."""

from __future__ import annotations

import ipaddress
import re
import unicodedata

import idna

from bot.sources.base import LinkRefused

X_HOSTS = frozenset(
    {"twitter.com", "x.com", "twitter3e4tixl4xyajtrzo62zg5vztmjuricljdp2c5kshju4avyoid.onion"},
)
X_MIRRORS = frozenset(
    {"fxtwitter.com", "vxtwitter.com", "fixupx.com", "fixvx.com", "twittpr.com", "girlcockx.com", "xcancel.com"},
)
BLUESKY_HOSTS = frozenset({"bsky.app", "fxbsky.app", "deer.social"})
TELEGRAM_HOSTS = frozenset({"t.me", "telegram.me", "telegram.dog"})
YOUTUBE_HOSTS = frozenset({"youtube.com", "youtu.be", "youtube-nocookie.com"})
WAYBACK_HOSTS = frozenset({"web.archive.org", "wayback.archive.org"})
ARCHIVE_TODAY_HOSTS = frozenset(f"archive.{end}" for end in ("ph", "today", "is", "li", "vn", "fo", "md"))
SHORT_HOSTS = frozenset({"t.co"})
PLATFORM_HOSTS = (
    X_HOSTS
    | X_MIRRORS
    | BLUESKY_HOSTS
    | TELEGRAM_HOSTS
    | YOUTUBE_HOSTS
    | WAYBACK_HOSTS
    | ARCHIVE_TODAY_HOSTS
    | SHORT_HOSTS
)

_MIRROR_MODES = frozenset({"d", "dl", "g", "t", "c"})
"""Prefixes by which mirrors choose how a post is embedded: picture, gallery, text."""
_HOST_LIMIT = 253
"""The longest name that DNS can carry (RFC 1035)."""
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_TWINS = {
    "a": "аαɑ", "b": "вЬ", "c": "с", "d": "ԁ", "e": "еεє", "g": "ɡ", "h": "һн", "i": "іιɩı", "j": "ј", "k": "кκ",
    "l": "ӏℓ1i", "m": "м", "n": "ոηп", "o": "оοօ0", "p": "рρ", "q": "ԛ", "r": "г", "s": "ѕ", "t": "тτ", "u": "υս",
    "v": "νѵ", "w": "ԝωѡ", "x": "хχ", "y": "уγʏ", "z": "ᴢ",
}  # fmt: skip
"""What a reader takes for a Latin letter: the lower-case cases of Unicode TR 39's confusables, and 0, 1 and i."""
_LATIN = str.maketrans({twin: letter for letter, twins in _TWINS.items() for twin in twins})
_COMPANIONS = frozenset({"CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "LATIN", "MODIFIER"})
"""Scripts that are rightly mixed within one label (Unicode TR 39, highly restrictive profile), by character name."""


def platform_host(host: str) -> str:
    """Return the host without the prefixes that platforms put before it (`www.`, `m.`, and the mirrors' modes)."""
    prefix, _, bare = host.partition(".")
    if bare in PLATFORM_HOSTS and prefix in ("www", "m", "mobile"):
        return bare
    return bare if bare in X_MIRRORS and prefix in _MIRROR_MODES else host


def ascii_host(written: str) -> str:
    """Bring a host to its lower-case ASCII form (UTS 46), without a final dot.

    Raises:
        LinkRefused: the name is malformed, an encoded number, or only looks like a known platform.
    """
    host = written.removesuffix(".").lower()
    if host.startswith("["):
        return _ipv6(host)
    if not host or len(host) > _HOST_LIMIT:
        raise LinkRefused("The link names no usable host; copy the whole address from the browser.")
    if not host.isascii():
        try:
            encoded = idna.encode(host, uts46=True, transitional=False).decode("ascii").lower()
        except (idna.IDNAError, UnicodeError) as error:
            raise LinkRefused(
                f"{written!r} is not a valid host name; copy the whole address from the browser."
            ) from error
    else:
        encoded = host
    labels = encoded.split(".")
    if any(_LABEL.fullmatch(label) is None for label in labels):
        raise LinkRefused(f"{written!r} is not a valid host name; copy the whole address from the browser.")
    if labels[-1].isdigit() or labels[-1].startswith("0x"):
        return _ipv4(written, encoded)
    if len(labels) < 2:
        raise LinkRefused(f"{written!r} is not a public host; give a full address such as https://example.org/page.")
    _refuse_twins(written, host, encoded)
    return encoded


def is_address(host: str) -> bool:
    """Whether a host from `ascii_host` is an IP address rather than a name."""
    return host.startswith("[") or host.rpartition(".")[2].isdigit()


def _ipv6(host: str) -> str:
    try:
        return f"[{ipaddress.IPv6Address(host.removeprefix('[').removesuffix(']'))}]"
    except ValueError as error:
        raise LinkRefused("The link has a malformed IPv6 address; copy the whole address from the browser.") from error


def _ipv4(written: str, host: str) -> str:
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError:
        address = None
    if address is None or not written.isascii():
        raise LinkRefused(f"{written!r} hides an address behind a number; give the site's name.")
    return str(address)


def _refuse_twins(written: str, host: str, encoded: str) -> None:
    """Refuse names that imitate a known platform: other scripts, digits for letters, the name put in front."""
    bare = platform_host(encoded)
    readable = _readable(encoded)
    if bare in PLATFORM_HOSTS:
        if not host.isascii():
            raise LinkRefused(f"{written!r} only looks like {bare}; type the platform's address yourself.")
        return
    for label in readable.split("."):
        scripts = {re.split("[ -]", unicodedata.name(char, "UNKNOWN"))[0] for char in label if char.isalpha()}
        if len(scripts) > 1 and not scripts <= _COMPANIONS:
            raise LinkRefused(
                f"{written!r} mixes alphabets within one word, as look-alike links do; check the address."
            )
    seen = _skeleton(readable)
    for known, skeleton in _SKELETONS.items():
        owned = encoded.endswith("." + known)
        if seen == skeleton or (seen.endswith("." + skeleton) and not owned):
            raise LinkRefused(f"{written!r} only looks like {known}; type the platform's address yourself.")
        if not owned and re.search(rf"(?:^|\.){re.escape(known)}[.-]", encoded):
            raise LinkRefused(f"{written!r} is not {known}, it only carries that name; check where the link leads.")


def _readable(host: str) -> str:
    """Return the host as a reader sees it: punycode labels decoded where they can be."""
    try:
        return idna.decode(host) if "xn--" in host else host
    except (idna.IDNAError, UnicodeError):
        return host


def _skeleton(host: str) -> str:
    """Fold what looks alike into one form, to compare names as a hurried reader would."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", host) if not unicodedata.combining(char))
    return plain.translate(_LATIN).replace("rn", "m").replace("vv", "w")


_SKELETONS = {known: _skeleton(known) for known in sorted(PLATFORM_HOSTS)}
