"""What Slack makes of a text that a person types: entities, links and mentions in its own notation."""

from __future__ import annotations

import re

from bot.workspace.schema import objects
from bot.workspace.state import Workspace
from bot.workspace.values import Message

_TOKEN = re.compile(
    r"(?P<url>https?://[^\s<>]+)"
    r"|(?P<bare>(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|info|news|uk|de|io)\b(?:/[^\s<>]*)?)"
    r"|(?P<user>(?<![\w@])@[\w.-]+)"
    r"|(?P<channel>(?<![\w#&])\#[\w-]+)",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}'\""
_MENTION = re.compile(r"<(?:@|!subteam\^|!(?=channel|here|everyone))(\w+)(?:\|[^>]*)?>")
_EVERYBODY = frozenset({"channel", "here", "everyone"})


def escape(text: str) -> str:
    """The three characters that Slack keeps as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_kept(workspace: Workspace, text: str, *, links: bool = True) -> str:
    """A typed text as messages and events hold it: `<@U…>`, `<#C…|name>`, `<!here>`, `<https://…>`, entities.

    Names that nobody has stay as they are; without `links`, addresses stay plain.
    """
    kept, end = [], 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        trailing = token[len(token.rstrip(_TRAILING)) :] if match["url"] or match["bare"] else ""
        known = _notation(workspace, match, token.removesuffix(trailing), links=links)
        if known is not None:
            kept += [escape(text[end : match.start()]), known, escape(trailing)]
            end = match.end()
    kept.append(escape(text[end:]))
    return "".join(kept)


def _notation(workspace: Workspace, match: re.Match[str], token: str, *, links: bool) -> str | None:
    if match["url"]:
        return f"<{escape(token)}>" if links else None
    if match["bare"]:
        return f"<http://{escape(token)}|{escape(token)}>" if links else None
    name = token[1:].rstrip(".-")
    rest = escape(token[1 + len(name) :])
    if match["channel"]:
        channel = workspace.channel_named(name)
        return f"<#{channel.id}|{channel.name}>{rest}" if channel else None
    if name in _EVERYBODY:
        return f"<!{name}>{rest}"
    if user := workspace.user_named(name):
        return f"<@{user.id}>{rest}"
    group = next((group for group in workspace.usergroups.values() if group.handle == name), None)
    return f"<!subteam^{group.id}>{rest}" if group else None


def pings(message: Message) -> frozenset[str]:
    """Whom a message notifies: ids of users and groups, and `channel`, `here`, `everyone`.

    Texts in plain_text objects and the words of rich text notify nobody (rich text names people by elements of their
    own); everything else that a message shows is read for mentions (assumed of markdown blocks and table cells). A test
    asserts with it that quoted text pings nobody.
    """
    found: set[str] = set(_MENTION.findall(message.text))
    for item in objects([*message.blocks, *message.attachments]):
        match item:
            case {"type": "user", "user_id": str(name)} | {"type": "usergroup", "usergroup_id": str(name)}:
                found.add(name)
            case {"type": "broadcast", "range": str(name)}:
                found.add(name)
            case {"type": "plain_text" | "raw_text" | "text" | "link"}:
                continue
            case {"text": str(text)}:
                found.update(_MENTION.findall(text))
    return frozenset(found)
