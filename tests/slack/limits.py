"""What a message of Dateline must be, whatever it tells of: Slack's limits, and the desk's own stricter rules.

Slack's limits come from the local workspace, which knows nothing of the code under test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot.slack.blocks import Card, Message
from bot.workspace import rules

STEERING = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066\ufeff\ufff9-\ufffb]"
)
"""Controls that move, hide or reorder text; a line feed, and the isolates that the desk itself sets, may stand."""
ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")
MENTIONS = {"user", "usergroup", "broadcast", "channel", "emoji"}


def objects(value: object) -> Iterator[dict[str, Any]]:
    """Every object within a JSON value."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from objects(inner)


def texts(value: object) -> Iterator[str]:
    """Every string that blocks show."""
    for item in objects(value):
        yield from (item[name] for name in ("text", "alt_text") if isinstance(item.get(name), str))


def problems(message: Message, *, members: Sequence[str] = ()) -> list[str]:
    """Everything that is wrong with a message; `members` are the only people whom it may name by id."""
    blocks = json.loads(json.dumps(message.blocks))
    found = [f"{one}" for one in rules.check_blocks(blocks)]
    found += [] if 0 < len(blocks) <= 45 else [f"{len(blocks)} blocks"]
    size = len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le")) // 2
    found += [] if size <= 12_000 else [f"{size} characters of blocks"]
    found += [] if rules.characters(blocks) <= rules.TOTAL else ["too many characters shown"]
    found += [] if 0 < len(message.text) <= 4_000 else [f"a fallback of {len(message.text)} characters"]
    found += ["markup in the fallback"] * bool(set("<>") & set(message.text) or ENTITY.search(message.text))
    found += ["a broadcast in the fallback"] * bool(re.search(r"@(?:channel|here|everyone)\b", message.text, re.I))
    for item in objects(blocks):
        kind = item.get("type")
        named = item.get("user_id", item.get("usergroup_id", item.get("channel_id")))
        found += [f"a {kind}"] * (kind == "mrkdwn" or (kind in MENTIONS and named not in members))
        found += ["an address for Slack to fetch"] * ("image_url" in item)
        url = item.get("url", "") if kind == "link" else "https://"
        found += [f"a link to {url[:60]}"] * (len(url) > 3_000 or not url.startswith(("http://", "https://")))
        found += [f"rich text of {rich(item)}"] * (kind == "rich_text" and rich(item) > 3_000)
        found += ["emoji by name"] * (kind == "plain_text" and item.get("emoji") is not False)
    for shown in (*texts(blocks), message.text):
        found += ["an empty text"] * (not shown)
        found += [f"steered by {STEERING.findall(shown)}"] * bool(STEERING.search(shown))
        opened = shown.count("\u2067") + shown.count("\u2068")
        found += ["an isolate is left open"] * (opened != shown.count("\u2069"))
    return found


def rich(block: dict[str, Any]) -> int:
    """Characters of a rich_text block."""
    return sum(len(text) for text in texts(block))


def card_problems(card: Card, *, members: Sequence[str] = ()) -> list[str]:
    """Everything that is wrong with a card."""
    found = [problem for one in (card.first, *card.thread) for problem in problems(one, members=members)]
    return found + ["the thread is endless"] * (len(card.thread) > 60)


def shown_quotes(messages: Sequence[Message]) -> Iterator[tuple[str, str]]:
    """Each quotation that stands by itself: the paragraph over it, and the words between the quotation marks."""
    for message in messages:
        before = ""
        for part in (part for block in message.blocks if block["type"] == "rich_text" for part in block["elements"]):
            written = "".join(element.get("text", "") for element in part["elements"])
            if part["type"] == "rich_text_quote":
                yield before, written.removeprefix("“").removesuffix("”").strip("\u2068\u2069").removesuffix("…")
            else:
                before = written
