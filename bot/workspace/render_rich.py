"""The `rich_text` block: sections, lists, quotes and preformatted text made of styled parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.workspace.render_dates import formatted
from bot.workspace.render_emoji import NAMES
from bot.workspace.render_html import Html, escaped, fault, joined, link, linkable, tag
from bot.workspace.render_scene import Scene
from bot.workspace.render_text import mention

STYLES = {"bold": "strong", "italic": "em", "strike": "s", "code": "code", "underline": "u"}
"""Styles of a part, and the elements they make, innermost first."""

DEEPEST_INDENT = 8
"""Indents that Slack's composer offers."""


def rich_text(block: Mapping[str, Any], scene: Scene) -> Html:
    """A `rich_text` block as HTML."""
    return joined(_element(element, scene) for element in _mappings(block.get("elements")))


def _element(element: Mapping[str, Any], scene: Scene) -> Html:
    kind = element.get("type")
    if kind == "rich_text_list":
        indent = min(max(_number(element.get("indent")), 0), DEEPEST_INDENT)
        ordered = element.get("style") == "ordered"
        items = (tag("li", _element(item, scene)) for item in _mappings(element.get("elements")))
        start = _number(element.get("offset")) + 1 if ordered and element.get("offset") else None
        return tag("ol" if ordered else "ul", *items, class_=f"level-{indent}" if indent else None, start=start)
    parts = joined(_part(part, scene) for part in _mappings(element.get("elements")))
    if kind == "rich_text_section":
        return tag("div", parts)
    if kind == "rich_text_quote":
        return tag("blockquote", parts)
    if kind == "rich_text_preformatted":
        return tag("pre", parts)
    return fault(f"This stand-in cannot show the rich text element “{kind}”.")


def _part(part: Mapping[str, Any], scene: Scene) -> Html:
    shown = _plain_part(part, scene)
    style = part.get("style")
    for name, element in STYLES.items():
        if isinstance(style, Mapping) and style.get(name):
            shown = tag(element, shown)
    return shown


def _plain_part(part: Mapping[str, Any], scene: Scene) -> Html:
    def of(key: str) -> str:
        value = part.get(key)
        return "" if value is None else str(value)

    kind = part.get("type")
    if kind == "text":
        return joined((escaped(line) for line in of("text").split("\n")), Html("<br>"))
    if kind == "link":
        return link(of("url"), escaped(of("text") or of("url")))
    if kind == "emoji":
        return tag("span", escaped(_emoji(of("name"), of("unicode"))), class_="emoji", title=f":{of('name')}:")
    if kind == "date":
        shown = escaped(formatted(of("timestamp"), of("format"), scene) or of("fallback") or of("timestamp"))
        return link(of("url"), shown) if linkable(of("url")) else shown
    tokens = {
        "user": f"@{of('user_id')}",
        "channel": f"#{of('channel_id')}",
        "usergroup": f"!subteam^{of('usergroup_id')}",
        "broadcast": f"!{of('range')}",
    }
    shown_mention = mention(tokens[kind], "", scene) if isinstance(kind, str) and kind in tokens else None
    if shown_mention is not None:
        return shown_mention
    if kind == "color":
        return tag("code", escaped(of("value")))
    return fault(f"This stand-in cannot show the rich text part “{kind}”.")


def _emoji(name: str, points: str) -> str:
    """An emoji by its own code points where the part carries them, else by name."""
    if re.fullmatch(r"[0-9a-fA-F]{2,5}(-[0-9a-fA-F]{2,5}){0,9}", points):
        return "".join(chr(int(point, 16)) for point in points.split("-"))
    return NAMES.get(name, f":{name}:")


def _mappings(value: object) -> Iterable[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
