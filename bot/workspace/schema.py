"""Small checks that compose into Slack's rules for a JSON value; what is wrong is collected with its JSON pointer."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Problem:
    """One thing that Slack refuses, and where it stands."""

    text: str
    pointer: str

    def __str__(self) -> str:
        return f"{self.text} [json-pointer:{self.pointer}]"


Check = Callable[[object, str], Iterable[Problem]]
"""From a value and its JSON pointer to what is wrong with it. A check never raises, whatever the value is."""


def string(limit: int, least: int = 1) -> Check:
    """A string of `least` to `limit` characters."""

    def check(value: object, at: str) -> Iterable[Problem]:
        if not isinstance(value, str):
            yield Problem("must provide a string", at)
        elif len(value) < least:
            yield Problem(f"must be more than {least - 1} characters", at)
        elif len(value) > limit:
            yield Problem(f"must be less than {limit + 1} characters", at)

    return check


def url(limit: int = 3000) -> Check:
    """A web address."""

    def check(value: object, at: str) -> Iterable[Problem]:
        problems = list(string(limit)(value, at))
        yield from problems
        if not problems and _host(str(value)) is None:
            yield Problem("must provide a valid url", at)

    return check


def picture_url(value: object, at: str) -> Iterable[Problem]:
    """A web address of a picture that Slack's servers can reach: not on this machine, not in a private network."""
    problems = list(url()(value, at))
    yield from problems
    if not problems and not _is_public(_host(str(value)) or ""):
        yield Problem("downloading image failed", at)


def _host(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        return parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        return None


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa"))


def boolean(value: object, at: str) -> Iterable[Problem]:
    """True or false."""
    if not isinstance(value, bool):
        yield Problem("must provide a boolean", at)


def integer(least: int, most: int) -> Check:
    """A whole number in a range."""

    def check(value: object, at: str) -> Iterable[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem("must provide an integer", at)
        elif not least <= value <= most:
            yield Problem(f"must be between {least} and {most}", at)

    return check


def anything(value: object, at: str) -> Iterable[Problem]:
    """Whatever it is: Slack's rule for it is not known."""
    return ()


def one_of(*values: str) -> Check:
    """One of some words."""

    def check(value: object, at: str) -> Iterable[Problem]:
        if not isinstance(value, str) or value not in values:
            yield Problem(f"must be one of: {', '.join(values)}", at)

    return check


def array(item: Check, limit: int, least: int = 1) -> Check:
    """A list of `least` to `limit` items."""

    def check(value: object, at: str) -> Iterable[Problem]:
        if not isinstance(value, list):
            yield Problem("must provide an array", at)
            return
        if len(value) > limit:
            yield Problem(f"no more than {limit} items allowed", at)
        if len(value) < least:
            yield Problem(f"no fewer than {least} items allowed", at)
        for number, entry in enumerate(value):
            yield from item(entry, f"{at}/{number}")

    return check


def record(
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    *,
    either: tuple[str, ...] = (),
    not_both: tuple[str, ...] = (),
) -> Check:
    """An object with these fields and no other; of `either` at least one, of `not_both` at most one."""
    wanted = dict(required or {})
    known = {**(optional or {}), **wanted}

    def check(value: object, at: str) -> Iterable[Problem]:
        if not isinstance(value, dict):
            yield Problem("must provide an object", at)
            return
        yield from (Problem(f"missing required field: {name}", at) for name in wanted if name not in value)
        if either and not any(name in value for name in either):
            names = " or ".join(f"`{name}`" for name in either)
            yield Problem(f"must define either {names}", at)
        if len([name for name in not_both if name in value]) > 1:
            yield Problem(f"cannot define {' and '.join(f'`{name}`' for name in not_both)} together", at)
        for name, field in value.items():
            if name in known:
                yield from known[name](field, f"{at}/{_token(name)}")
            else:
                yield Problem(f"invalid additional property: {name}", at)

    return check


def typed(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` says which check holds; the check sees it without `type`."""

    def check(value: object, at: str) -> Iterable[Problem]:
        if not isinstance(value, dict):
            yield Problem("must provide an object", at)
            return
        kind = value.get("type")
        if "type" not in value:
            yield Problem("missing required field: type", at)
        elif not isinstance(kind, str) or kind not in kinds:
            yield Problem(f"unsupported type: {kind}", f"{at}/type")
        else:
            yield from kinds[kind]({name: field for name, field in value.items() if name != "type"}, at)

    return check


def every(*checks: Check) -> Check:
    """All of the checks."""

    def check(value: object, at: str) -> Iterable[Problem]:
        for part in checks:
            yield from part(value, at)

    return check


def objects(value: object) -> Iterator[dict[str, object]]:
    """Every object inside a JSON value, itself included, however deep it is nested."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case list() as items:
                waiting += items
            case dict() as item:
                yield item
                waiting += item.values()


def _token(name: object) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


def _plain(limit: int) -> Check:
    return record({"text": string(limit)}, {"emoji": boolean})


def _mrkdwn(limit: int) -> Check:
    return record({"text": string(limit)}, {"verbatim": boolean})


TEXT_KINDS: Mapping[str, Check] = {"plain_text": _plain(3000), "mrkdwn": _mrkdwn(3000)}
"""The two text objects at their longest."""


def plain_text(limit: int) -> Check:
    """A text object without marks."""
    return typed({"plain_text": _plain(limit)})


def text(limit: int) -> Check:
    """A text object with or without marks."""
    return typed({"plain_text": _plain(limit), "mrkdwn": _mrkdwn(limit)})
