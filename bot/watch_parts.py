"""The parts that a watch is made of, each read by its own words: for a sentence as for the fields of a modal."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from bot.schedules.due import ScheduleRefused, zone_names
from bot.schedules.quiet_words import parse_quiet
from bot.schedules.words import parse as parse_schedule
from bot.sources import links
from bot.sources.base import LinkRefused
from bot.sources.refs import SourceRefused, parse_refs
from bot.wording import plain
from storage.errors import DatelineError
from storage.watches import WatchKind

NAME: Final = 150
REASON: Final = 500
"""Characters of a name and of a reason."""
MOST_BUDGET: Final = 10_000_000
"""Billed posts a day: more is a slip of the hand."""
QUOTES: Final = '"“”„«»'
PARTS: Final = ("subject", "channel", "schedule", "sources", "quiet", "budget", "zone", "reason")
"""What a watch is made of, in the order in which it is said back."""
EXAMPLES: Final = {
    "subject": "for example “Soleimani”, “@alihashem_tv”, “picture LINK” or the link of a post",
    "channel": "for example “in #syria-desk”",
    "schedule": "for example “every 15m” or “weekdays at 07:45”",
    "sources": "for example “from x:@alihashem_tv, rss:https://wire.example/feed”",
    "quiet": "for example “quiet 22:00 to 07:00 weekdays”",
    "budget": "for example “budget 500 a day”",
    "zone": "for example “zone Europe/Oslo”",
    "reason": "for example “reason named by two hospitals”",
}
KINDS: Final = {"person": WatchKind.PERSON, "picture": WatchKind.PICTURE, "image": WatchKind.PICTURE,
                "photo": WatchKind.PICTURE, "account": WatchKind.ACCOUNT, "link": WatchKind.LINK}  # fmt: skip
CHANNEL: Final = re.compile(
    r"<#(?P<id>[CGD][A-Z0-9]{2,})(?:\|[^>]*)?>|(?P<named>#[^\s#,;<>]{1,80})|(?P<bare>[CGD][A-Z0-9]{7,})"
)
"""How a channel is written: by Slack where it escapes, by its name, by its id."""

_STRAY: Final = re.compile(r"#.|\d|[a-z]+:\S", re.IGNORECASE)
_CHANNEL_NAME: Final = re.compile(r"#.")
_BEGINNINGS: Final = ("every", "each", "at", "in", "from", "quiet", "budget", "zone")
"""What a stray word may have been meant to follow."""
_NOTHING: Final = frozenset({"off", "none", "nothing", "no", "never"})
_WRAPPED: Final = re.compile(r"“((?:x|rss|folder|link):[^“”]*)”")
_PROFILE: Final = re.compile(
    r"(?:https?://)?(?:www\.|mobile\.)?(?:x|twitter)\.com/@?([A-Za-z0-9_]{1,15})/?(?:\?\S*)?", re.IGNORECASE
)
_ACCOUNT: Final = re.compile(r"(?:(?P<platform>[a-z]{1,20}):)?@?(?P<handle>[A-Za-z0-9_.@-]{1,120})", re.IGNORECASE)
_X_HANDLE: Final = re.compile(r"[A-Za-z0-9_]{1,15}")
_ADDRESS: Final = re.compile(r"https?://\S+|[\w-]+(?:\.[\w-]+)+/\S*|at://\S+", re.IGNORECASE)
_BUDGET: Final = re.compile(
    r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\s*(?:billed\s+)?posts?)?"
    r"(?:\s*(?:a|per|each|every|/)\s*day|\s+daily)?",
    re.IGNORECASE,
)
_EVEN: Final = re.compile(r"[\s,]*\b(?:even|also)\s+(?:for|with|of)\s+conflicts\s*\Z", re.IGNORECASE)
_BUT: Final = re.compile(r"[\s,]*\b(?:but|except)(?:\s+for)?\s+conflicts\s*\Z", re.IGNORECASE)


class WatchRefused(DatelineError):
    """Words that set up no watch: what is not understood, and an example of what is.

    Attributes:
        part: which of `PARTS` they stand in.
    """

    code = "watch_refused"

    part: str = ""


def refused_at(part: str, message: str) -> WatchRefused:
    """Refuse the words of one of `PARTS`."""
    refused = WatchRefused(message)
    refused.part = part
    return refused


def read_parts(parts: Mapping[str, str], zone: str) -> dict[str, Any]:
    """Read each part that is given by its own words; returns fields of `WatchWords`, the zone always among them.

    Raises:
        WatchRefused: the first part that is not understood.
    """
    read: dict[str, Any] = {"zone": read_zone(parts["zone"]) if "zone" in parts else zone}
    for name in PARTS:
        if name in parts and name != "zone":
            text = plain(" ".join(parts[name].split()))
            if not text:
                raise refused_at(name, f"The {name} is missing; write {EXAMPLES[name]}.")
            read.update(_READERS[name](text, read["zone"]))
    return read


def read_zone(typed: str) -> str:
    """Read the name of a time zone.

    Raises:
        WatchRefused: there is none of that name.
    """
    known = zone_names().get(typed.strip(" ,.").lower())
    if known is None:
        raise refused_at("zone", f"“{cut(typed)}” is no time zone; write for example Europe/Oslo or UTC.")
    return known


def _subject(typed: str, _zone: str) -> dict[str, Any]:
    first, _, rest = typed.partition(" ")
    if typed[0] not in QUOTES:
        if first.lower() == "this" and rest.lower() in KINDS:
            raise refused_at(
                "subject", f"Which {rest.lower()}? Press “Watch…” on its card; or write {EXAMPLES['subject']}."
            )
        kind = KINDS.get(first.lower()) if rest else None
        if kind is None and not rest:
            kind = kind_of(typed)
        if kind is WatchKind.ACCOUNT:
            return {"kind": kind, "subject": _account(rest or typed)}
        if kind in {WatchKind.PICTURE, WatchKind.LINK}:
            return {"kind": kind, "subject": _link(rest or typed)}
        typed = rest if kind is WatchKind.PERSON else typed
        if not typed.startswith(("<@", "<!", "<#")):
            _need_name(typed)
    name = " ".join(re.sub(f"[{QUOTES}]", " ", typed).split())
    if not any(map(str.isalnum, name)) or len(name) > NAME:
        raise refused_at("subject", f"“{cut(name)}” is no name; write {EXAMPLES['subject']}.")
    if name.startswith(("<@", "<!", "<#")):
        raise refused_at("subject", f"A member or a channel is not watched; write {EXAMPLES['subject']}.")
    return {"kind": WatchKind.PERSON, "subject": name}


def stray_word(name: str) -> int | None:
    """Tell which word of a name can hardly be one: a time, a source, a channel; counted from 0, None where all may."""
    return next((at for at, word in enumerate(name.split()) if (_STRAY if at else _CHANNEL_NAME).match(word)), None)


def _need_name(typed: str) -> None:
    """Refuse a name that ends in a part whose first word was mistyped or left out."""
    at = stray_word(typed)
    if at is None:
        return
    said = typed.split()
    meant = get_close_matches(said[at - 1].lower(), _BEGINNINGS, 1, 0.6) if at > 1 else []
    if meant:
        raise refused_at(
            "subject", f"“{cut(f'{said[at - 1]} {said[at]}')}” is not understood; write “{meant[0]} {cut(said[at])}”, "
            "or put the whole name in quotes."
        )  # fmt: skip
    raise refused_at(
        "subject", f"“{cut(said[at])}” is not understood; write for example “Soleimani in #syria-desk every 15m from "
        "x:@handle”, or put the whole name in quotes."
    )  # fmt: skip


def kind_of(word: str) -> WatchKind | None:
    """Tell what a single word is by its form: an account, a link, or else a name."""
    if word.startswith("@") or re.match(r"[a-z]+:@", word, re.IGNORECASE) or _PROFILE.fullmatch(word):
        return WatchKind.ACCOUNT
    return WatchKind.LINK if _ADDRESS.fullmatch(word) else None


def _account(typed: str) -> str:
    """Read an account, on X unless its platform is named, in the one form in which it is kept."""
    profile = _PROFILE.fullmatch(typed)
    found = _ACCOUNT.fullmatch(f"@{profile[1]}" if profile else typed.strip(QUOTES))
    platform = (found["platform"] or "x").lower() if found else ""
    if found is None or (platform == "x" and not _X_HANDLE.fullmatch(found["handle"])):
        raise refused_at("subject", f"“{cut(typed)}” is no account; write for example account x:@alihashem_tv.")
    return f"{platform}:@{found['handle'].lower()}"


def _link(typed: str) -> str:
    try:
        return links.normalise(typed).url
    except LinkRefused as refused:
        raise refused_at("subject", str(refused)) from refused


def _channel(typed: str, _zone: str) -> dict[str, Any]:
    if typed.lower() in {"here", "this channel"}:
        return {"channel": ""}
    found = CHANNEL.fullmatch(typed)
    if not found:
        raise refused_at(
            "channel", f"“{cut(typed)}” is no channel; write it with #, for example “in #syria-desk”, "
            "and a name that holds “in” in quotes."
        )  # fmt: skip
    return {"channel": found["id"] or found["bare"] or found["named"].lower()}


def _schedule(typed: str, zone: str) -> dict[str, Any]:
    try:
        return {"schedule": parse_schedule(typed, zone)}
    except ScheduleRefused as refused:
        raise refused_at("schedule", str(refused)) from refused


def _sources(typed: str, _zone: str) -> dict[str, Any]:
    if typed.lower() in _NOTHING:
        return {"sources": ()}
    try:
        return {"sources": tuple(str(ref) for ref in parse_refs(_WRAPPED.sub(r"\1", typed)))}
    except SourceRefused as refused:
        raise refused_at("sources", str(refused)) from refused


def _quiet(typed: str, zone: str) -> dict[str, Any]:
    if typed.lower() in _NOTHING:
        return {"quiet": None, "bypass": True}
    try:
        bare = _BUT.sub("", _EVEN.sub("", typed))
        return {"quiet": parse_quiet(bare, zone), "bypass": not _EVEN.search(typed)}
    except ScheduleRefused as refused:
        raise refused_at("quiet", str(refused)) from refused


def _budget(typed: str, _zone: str) -> dict[str, Any]:
    if typed.lower() in _NOTHING:
        return {"budget": None}
    found = _BUDGET.fullmatch(typed)
    posts = int(found["number"].replace(",", "")) if found and len(found["number"]) < 20 else 0
    if not 0 < posts <= MOST_BUDGET:
        raise refused_at(
            "budget", f"“{cut(typed)}” is no budget; it is billed posts a day, from 1 to {MOST_BUDGET:,}, "
            "for example “500 a day”."
        )  # fmt: skip
    return {"budget": posts}


def _reason(typed: str, _zone: str) -> dict[str, Any]:
    said = typed
    while len(said) > 1 and said[0] in QUOTES and said[-1] in QUOTES:
        said = said[1:-1].strip()
    if len(said) > REASON:
        raise refused_at("reason", f"A reason has at most {REASON} characters; say it shorter.")
    if not any(map(str.isalnum, said)):
        raise refused_at("reason", f"The reason is missing; write {EXAMPLES['reason']}.")
    return {"reason": said}


_READERS: Final[Mapping[str, Callable[[str, str], dict[str, Any]]]] = {
    "subject": _subject, "channel": _channel, "schedule": _schedule, "sources": _sources, "quiet": _quiet,
    "budget": _budget, "reason": _reason,
}  # fmt: skip


def cut(typed: str) -> str:
    """Shorten what was typed, to be said back in a refusal."""
    return typed if len(typed) <= 60 else f"{typed[:59]}…"
