"""Slack's text objects as HTML: `plain_text`, and `mrkdwn` with its marks, links, mentions and dates.

The rules are those of Slack's formatting reference. A mark formats only where words allow it: the opening one stands
after a space, punctuation or a line's start and touches what follows; the closing one touches what goes before and no
letter or digit follows it. So `snake_case_name` and `5*3*2` stay as they are. Only `&amp;`, `&lt;` and `&gt;` are
entities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.workspace.render_dates import formatted
from bot.workspace.render_emoji import SHORTCODE, emoji, with_emoji
from bot.workspace.render_html import NOTHING, Html, escaped, fault, joined, link, linkable, tag
from bot.workspace.render_scene import Scene

MARKS = {"*": "strong", "_": "em", "~": "s"}
"""Formatting marks and the elements they make."""

_PREFORMATTED = re.compile(r"```\n?(.+?)```", re.DOTALL)
_QUOTE = re.compile(r"(?:>|&gt;) ?")
_REST_QUOTED = re.compile(r"(?:>|&gt;){3} ?")
_ATOM = re.compile(
    r"(?<![^\W_])(?<!`)`(?P<code>[^`\n]+)`(?![`\w])"
    r"|<(?P<token>[^<>\n]+)>"
    r"|(?P<address>(?<!\w)https?://[^\s<>|]+)"
    r"|" + SHORTCODE.pattern
)
_TOKEN = re.compile(r"<([^<>\n]+)>")
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_ENTITY = re.compile("|".join(_ENTITIES))
_CLOSING = frozenset(".,;:!?'\"*_~`])")
_BROADCASTS = {"channel", "here", "everyone"}


def text_object(text: object, scene: Scene) -> Html:
    """A text object of either kind; a bare string is plain text."""
    if text is None:
        return NOTHING
    if isinstance(text, str):
        return plain(text)
    if not isinstance(text, Mapping):
        return fault("This stand-in found something here that is not a text.")
    written = str(text.get("text", ""))
    if text.get("type") == "mrkdwn":
        return mrkdwn(written, scene)
    return plain(written, shortcodes=text.get("emoji") is not False)


def plain(text: str, *, shortcodes: bool = True) -> Html:
    """Text without marks: shortcodes become emoji unless told otherwise, lines stay lines."""
    return _lines(with_emoji(text) if shortcodes else text)


def mrkdwn(text: str, scene: Scene) -> Html:
    """Slack's own markup as HTML."""
    parts: list[Html] = []
    end = 0
    for match in _PREFORMATTED.finditer(text):
        parts.append(_flow(text[end : match.start()].removesuffix("\n"), scene))
        parts.append(tag("pre", _verbatim(match[1].removesuffix("\n"), scene)))
        end = match.end()
        if text[end : end + 1] == "\n":
            end += 1
    parts.append(_flow(text[end:], scene))
    return joined(parts)


def mention(token: str, label: str, scene: Scene) -> Html | None:
    """The mention that a token such as `@U1`, `#C1`, `!here` or `!date^…` stands for; None when it is none."""
    kind, name = token[:1], token[1:]
    if kind == "@":
        return tag("span", escaped("@" + (scene.users.get(name) or label or name)), class_="mention", data_user=name)
    if kind == "#":
        return tag(
            "span", escaped("#" + (scene.channels.get(name) or label or name)), class_="mention", data_channel=name
        )
    if kind != "!":
        return None
    command, _, rest = name.partition("^")
    if command in _BROADCASTS:
        return tag("span", escaped("@" + command), class_="mention broadcast")
    if command == "subteam":
        return tag(
            "span", escaped("@" + (scene.usergroups.get(rest) or label.removeprefix("@") or rest)), class_="mention"
        )
    if command == "date":
        seconds, _, pattern = rest.partition("^")
        pattern, _, address = pattern.partition("^")
        shown = escaped(formatted(seconds, pattern, scene) or label or token)
        return link(address, shown) if linkable(address) else tag("span", shown, class_="date")
    return escaped(label or f"<{token}>")


def _flow(text: str, scene: Scene) -> Html:
    """Lines, with the quoted ones gathered into quotes."""
    if not text:
        return NOTHING
    parts: list[Html] = []
    plain_lines: list[str] = []
    quoted: list[str] = []

    def close(lines: list[str], name: str) -> None:
        if lines:
            inner = joined((_inline(line, scene) for line in lines), Html("<br>"))
            parts.append(tag("blockquote", inner) if name == "quote" else inner)
            lines.clear()

    lines = text.split("\n")
    for number, line in enumerate(lines):
        if rest := _REST_QUOTED.match(line):
            close(plain_lines, "plain")
            quoted.extend([line[rest.end() :], *lines[number + 1 :]])
            break
        if mark := _QUOTE.match(line):
            close(plain_lines, "plain")
            quoted.append(line[mark.end() :])
        else:
            close(quoted, "quote")
            plain_lines.append(line)
    close(plain_lines, "plain")
    close(quoted, "quote")
    return joined(parts)


def _inline(line: str, scene: Scene) -> Html:
    """One line: atoms (code, tokens, addresses, emoji) first, then marks around and between them."""
    return _marked(list(_items(line, scene)), "".join(MARKS))


Item = tuple[str, Html | None]
"""A character of the line, and None; or an atom's last character as boundaries see it, and its markup."""


def _items(line: str, scene: Scene) -> Iterator[Item]:
    end = 0
    for match in _ATOM.finditer(line):
        if match.start() < end:
            continue
        shown, stop = _atom(match, scene)
        if shown is None:
            continue
        yield from ((character, None) for character in _decoded(line[end : match.start()]))
        yield " ", shown
        end = stop
    yield from ((character, None) for character in _decoded(line[end:]))


def _atom(match: re.Match[str], scene: Scene) -> tuple[Html | None, int]:
    """An atom's markup and where it ends; None when the text only looks like one."""
    if match["code"]:
        return tag("code", _verbatim(match["code"], scene)), match.end()
    if match["token"]:
        return _token(match["token"], scene), match.end()
    if match["address"]:
        written = _trimmed(match["address"])
        address = _decoded(written)
        return link(address, escaped(address)) if linkable(address) else None, match.start() + len(written)
    shown = emoji(match[4])
    return (None if shown == match[0] else tag("span", escaped(shown), class_="emoji", title=match[0])), match.end()


def _trimmed(address: str) -> str:
    """A bare address without the marks and punctuation that close the sentence around it."""
    end = len(address)
    while end:
        entity = next((name for name in ("&gt;", "&lt;") if address.endswith(name, 0, end)), "")
        if not entity and address[end - 1] not in _CLOSING:
            break
        if address[end - 1] == ")" and address.count("(", 0, end) >= address.count(")", 0, end):
            break
        end -= len(entity) or 1
    return address[:end]


def _token(token: str, scene: Scene) -> Html:
    head, _, label = token.partition("|")
    head, label = _decoded(head), _decoded(label)
    known = mention(head, label, scene)
    if known is not None:
        return known
    if linkable(head):
        return link(head, escaped(with_emoji(label) or head.removeprefix("mailto:")))
    return escaped(_decoded(f"<{token}>"))


def _verbatim(text: str, scene: Scene) -> Html:
    """Text of a code span or block: no marks and no emoji, but tokens keep their meaning."""
    parts: list[Html] = []
    end = 0
    for match in _TOKEN.finditer(text):
        parts += [escaped(_decoded(text[end : match.start()])), _token(match[1], scene)]
        end = match.end()
    return joined([*parts, escaped(_decoded(text[end:]))])


def _marked(items: Sequence[Item], marks: str) -> Html:
    """Items with each pair of marks as an element; a mark without a partner stays a character."""
    closings = {mark: _closings(items, mark) for mark in marks}
    parts: list[Html] = []
    run: list[str] = []
    position = 0
    while position < len(items):
        character, atom = items[position]
        end = closings[character][position + 2] if not atom and character in marks and _opens(items, position) else None
        if end is None and not atom:
            run.append(character)
            position += 1
            continue
        parts.append(escaped("".join(run)))
        run.clear()
        if atom:
            parts.append(atom)
            position += 1
        elif end is not None:
            inner = _marked(items[position + 1 : end], marks.replace(character, ""))
            parts.append(tag(MARKS[character], inner))
            position = end + 1
    return joined([*parts, escaped("".join(run))])


def _closings(items: Sequence[Item], mark: str) -> list[int | None]:
    """For each position, the nearest closing mark at or after it."""
    nearest: list[int | None] = [None] * (len(items) + 3)
    for position in range(len(items) - 1, -1, -1):
        nearest[position] = position if _closes(items, position, mark) else nearest[position + 1]
    return nearest


def _opens(items: Sequence[Item], position: int) -> bool:
    mark = items[position][0]
    before = items[position - 1][0] if position else " "
    after, atom = items[position + 1] if position + 1 < len(items) else (" ", None)
    return not before.isalnum() and before != mark and (atom is not None or not after.isspace()) and after != mark


def _closes(items: Sequence[Item], position: int, mark: str) -> bool:
    if items[position] != (mark, None) or not position:
        return False
    before, atom = items[position - 1]
    after = items[position + 1][0] if position + 1 < len(items) else " "
    return (atom is not None or not before.isspace()) and before != mark and not after.isalnum() and after != mark


def _decoded(text: str) -> str:
    return _ENTITY.sub(lambda match: _ENTITIES[match[0]], text)


def _lines(text: str) -> Html:
    return joined((escaped(line) for line in text.split("\n")), Html("<br>"))
