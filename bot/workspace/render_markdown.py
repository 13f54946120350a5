"""The `markdown` block: the part of standard Markdown that Slack documents for it.

Headings, emphasis, code, fences, lists and tasks, quotes, links, rules and tables; a picture is shown as a link, as
Slack does.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.workspace.render_emoji import with_emoji
from bot.workspace.render_html import Html, escaped, joined, link, tag
from bot.workspace.render_scene import Scene
from bot.workspace.render_text import mention

DEEPEST = 6
"""Levels of emphasis, quotes and links inside one another; deeper ones stay text."""

_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_HEADING = re.compile(r" {0,3}(#{1,6}) +(.*)")
_RULE = re.compile(r" {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})")
_ITEM = re.compile(r"( *)(?:[-*+]|(\d{1,9})[.)]) +(?:\[([ xX])\] +)?(.*)")
_QUOTED = re.compile(r" {0,3}> ?(.*)")
_DIVIDING = re.compile(r"\|?(?: *:?-+:? *\|)* *:?-+:? *\|?")
_SPAN = re.compile(
    r"(?P<escape>\\(?P<literal>[!-/:-@\[-`{-~]))"
    r"|(?<!`)(?P<ticks>`{1,3})(?P<code>[^`]+)(?P=ticks)(?!`)"
    r"|!?\[(?P<label>[^\[\]\n]*)\]\((?P<target>[^\s()]+)(?: \"[^\"\n]*\")?\)"
    r"|<(?P<token>[^<>\n]+)>"
    r"|(?P<address>(?<!\w)https?://[^\s<>|()\[\]]*[^\s<>|()\[\].,;:!?'\"*_~`])"
    r"|\*\*(?P<strong>(?=\S).+?(?<=\S))\*\*(?!\*)"
    r"|(?<!\w)__(?P<strong2>(?=\S).+?(?<=\S))__(?!\w)"
    r"|~~(?P<strike>(?=\S)[^~\n]+(?<=\S))~~"
    r"|\*(?P<em>(?=\S)[^*\n]+(?<=\S))\*"
    r"|(?<!\w)_(?P<em2>(?=\S)[^_\n]+(?<=\S))_(?!\w)"
)


def markdown(text: str, scene: Scene) -> Html:
    """A Markdown text as HTML."""
    return _blocks(text.replace("\r\n", "\n").split("\n"), scene, DEEPEST)


def _blocks(lines: list[str], scene: Scene, depth: int) -> Html:
    parts: list[Html] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        if not line.strip():
            position += 1
            continue
        for reader in (_fence, _heading, _table, _quote, _list):
            taken, made = reader(lines, position, scene, depth)
            if taken:
                parts.append(made)
                position += taken
                break
        else:
            taken = 1
            while position + taken < len(lines) and not _starts(lines, position + taken):
                taken += 1
            inner = (_spans(part.strip(), scene, depth) for part in lines[position : position + taken])
            parts.append(tag("p", joined(inner, Html("<br>"))))
            position += taken
    return joined(parts)


Reader = Callable[[list[str], int, Scene, int], tuple[int, Html]]
_NONE = (0, Html(""))


def _starts(lines: list[str], position: int) -> bool:
    """Whether a line ends the paragraph before it."""
    line = lines[position]
    marks = (
        _FENCE.match(line),
        _HEADING.fullmatch(line),
        _RULE.fullmatch(line),
        _QUOTED.fullmatch(line),
        _ITEM.fullmatch(line),
    )
    return not line.strip() or any(marks) or _is_table(lines, position)


def _fence(lines: list[str], position: int, scene: Scene, depth: int) -> tuple[int, Html]:
    opening = _FENCE.match(lines[position])
    if not opening:
        return _NONE
    end = position + 1
    while end < len(lines) and not lines[end].lstrip(" ").startswith(opening[1]):
        end += 1
    return end + 1 - position, tag("pre", escaped("\n".join(lines[position + 1 : end])))


def _heading(lines: list[str], position: int, scene: Scene, depth: int) -> tuple[int, Html]:
    if _RULE.fullmatch(lines[position]):
        return 1, tag("hr")
    match = _HEADING.fullmatch(lines[position])
    if not match:
        return _NONE
    title = match[2].strip().rstrip("#").rstrip()
    return 1, tag(
        "div",
        _spans(title, scene, depth),
        class_=f"heading h{len(match[1])}",
        role="heading",
        aria_level=len(match[1]) + 2,
    )


def _is_table(lines: list[str], position: int) -> bool:
    following = lines[position + 1] if position + 1 < len(lines) else ""
    return "|" in lines[position] and "|" in following and _DIVIDING.fullmatch(following.strip()) is not None


def _table(lines: list[str], position: int, scene: Scene, depth: int) -> tuple[int, Html]:
    if not _is_table(lines, position):
        return _NONE
    end = position + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1

    def row(line: str, cell: str) -> Html:
        cells = line.strip().removeprefix("|").removesuffix("|").split("|")
        return tag("tr", *(tag(cell, _spans(text.strip(), scene, depth)) for text in cells))

    body = joined(row(line, "td") for line in lines[position + 2 : end])
    table = tag("table", tag("thead", row(lines[position], "th")), tag("tbody", body))
    return end - position, tag("div", table, class_="table-scroll", tabindex=0, role="region", aria_label="Table")


def _quote(lines: list[str], position: int, scene: Scene, depth: int) -> tuple[int, Html]:
    inner: list[str] = []
    while position + len(inner) < len(lines) and (match := _QUOTED.fullmatch(lines[position + len(inner)])):
        inner.append(match[1])
    if not inner:
        return _NONE
    if not depth:
        return len(inner), tag("blockquote", joined((escaped(line) for line in inner), Html("<br>")))
    return len(inner), tag("blockquote", _blocks(inner, scene, depth - 1))


def _list(lines: list[str], position: int, scene: Scene, depth: int) -> tuple[int, Html]:
    first = _ITEM.fullmatch(lines[position])
    if not first:
        return _NONE
    items: list[Html] = []
    end = position
    while end < len(lines) and (match := _ITEM.fullmatch(lines[end])):
        if bool(match[2]) != bool(first[2]) and len(match[1]) <= len(first[1]):
            break
        box = {"": "", " ": "☐ "}.get(match[3] or "", "☑ ")
        level = min(len(match[1]) // 2, 4)
        items.append(
            tag("li", escaped(box), _spans(match[4], scene, depth), class_=f"level-{level}" if level else None)
        )
        end += 1
    start = int(first[2]) if first[2] and first[2] != "1" else None
    return end - position, tag("ol" if first[2] else "ul", *items, start=start)


def _spans(text: str, scene: Scene, depth: int) -> Html:
    if not depth:
        return escaped(text)
    parts: list[Html] = []
    end = 0
    for match in _SPAN.finditer(text):
        parts.append(escaped(with_emoji(text[end : match.start()])))
        parts.append(_span(match, scene, depth - 1))
        end = match.end()
    return joined([*parts, escaped(with_emoji(text[end:]))])


def _span(match: re.Match[str], scene: Scene, depth: int) -> Html:
    if match["escape"]:
        return escaped(match["literal"])
    if match["code"]:
        return tag("code", escaped(match["code"].strip()))
    if match["target"]:
        return link(match["target"], _spans(match["label"], scene, depth) or escaped(match["target"]))
    if match["address"]:
        return link(match["address"], escaped(match["address"]))
    if match["token"]:
        head, _, label = match["token"].partition("|")
        return mention(head, label, scene) or (
            link(head, escaped(label or head)) if "://" in head else escaped(match[0])
        )
    for group, element in (("strong", "strong"), ("strong2", "strong"), ("strike", "s"), ("em", "em"), ("em2", "em")):
        if match[group]:
            return tag(element, _spans(match[group], scene, depth))
    return escaped(match[0])
