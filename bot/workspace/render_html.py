"""HTML that cannot be made of unescaped text: every string becomes `Html` by `escaped`, every element by `tag`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import NewType

Html = NewType("Html", str)
"""Markup that is safe to send: built by this module only."""

NOTHING = Html("")
VOID = {"br", "hr", "img", "input", "link", "meta"}
"""Elements without content or end tag (HTML Living Standard, section 13.1.2)."""

_LINKABLE = re.compile(r"(?:https?://[^\s<>\"'\\]+|mailto:[^\s<>\"'\\]+|tel:[+\d().-]+)", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def escaped(text: str) -> Html:
    """Text as HTML, quotes included; what HTML cannot hold (control characters, lone surrogates) becomes U+FFFD."""
    return Html(html.escape(_INVISIBLE.sub("\ufffd", text), quote=True))


def joined(parts: Iterable[Html], between: Html = NOTHING) -> Html:
    """Pieces of markup, one after the other."""
    return Html(between.join(parts))


def tag(name: str, /, *children: Html, **attributes: str | int | bool | None) -> Html:
    """One element. An attribute of None or False is left out, True stands alone; `class_` is class, `data_x` data-x."""
    written = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        attribute = key.rstrip("_").replace("_", "-")
        written.append(attribute if value is True else f'{attribute}="{escaped(str(value))}"')
    start = f"<{' '.join(written)}>"
    return Html(start if name in VOID else f"{start}{''.join(children)}</{name}>")


def linkable(address: str) -> bool:
    """Whether an address may stand in an href: the web, e-mail and telephone, nothing that runs or embeds."""
    return _LINKABLE.fullmatch(address) is not None


def link(address: str, label: Html) -> Html:
    """A link that opens beside the page; an address that may not be one stays visible as text after its label."""
    if not linkable(address):
        return joined([label, escaped(f" ({address})")])
    return tag("a", label, href=address, target="_blank", rel="noopener noreferrer nofollow")


def fault(sentence: str) -> Html:
    """A visible error in the place of what could not be shown."""
    return tag("span", escaped(sentence), class_="fault", role="note")
