"""Blocks, messages and cards, with every limit of Slack in one place.

Limits without a remark are those of the Block Kit reference. A builder cuts what is too long, visibly; it never gives
Slack a block to refuse.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.slack.ids import Action, Value, encode
from bot.slack.words import escape, fit, in_order, isolated, width
from bot.wording import host, plain, plain_lines

Block = dict[str, Any]
"""One Block Kit object, as JSON."""

HEADER: Final = 150
TEXT: Final = 3_000
RICH: Final = 3_000
"""Characters of a rich_text block: Slack documents none, so the limit of a section."""
BUTTON: Final = 75
URL: Final = 1_000
"""Slack takes 3,000; a longer one than this says nothing to a reader and would fill the message."""
ALT: Final = 1_000
"""Slack takes 2,000 in a block, but 1,000 with the upload of the file, and both carry the same words."""
TITLE: Final = 300
CONTEXT: Final = 10
BUTTONS: Final = 25
OPTION: Final = 75
MODAL_TITLE: Final = 24
FALLBACK: Final = 4_000
"""Slack cuts at 40,000 and advises 4,000."""
BLOCKS: Final = 45
"""A message may have 50; some are left for what is added to it later."""
VIEW_BLOCKS: Final = 100
COST: Final = 12_000
"""`msg_blocks_too_long` was met at about 13,200 (slackapi/bolt-js #2509), and at 11,341 where only the words of nested
rich_text were summed (#2867): so the JSON is counted whole."""

PENDING: Final = "PENDING"
"""Stands for a file that is not uploaded yet; Slack refuses it, so that a picture is never forgotten in silence."""
_PICTURE: Final = "picture."


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a message shows once it is uploaded.

    Attributes:
        key: names it within its card.
        path: the file to upload.
        title: over the picture.
        alt: for who cannot see it: the whole sense, at most 1,000 characters.
    """

    key: str
    path: str
    title: str
    alt: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message: the fallback `text` stands alone; `blocks` hold each picture as a placeholder until `with_files`."""

    text: str
    blocks: tuple[Block, ...]
    pictures: tuple[Picture, ...] = ()

    def payload(self) -> dict[str, Any]:
        """Return the arguments of chat.postMessage, chat.update or a response: nothing unfurled, nothing formatted."""
        return {
            "text": self.text,
            "blocks": list(self.blocks),
            "mrkdwn": False,
            "unfurl_links": False,
            "unfurl_media": False,
        }


@dataclass(frozen=True, slots=True)
class Card:
    """A finding in Slack: the first message says what matters, the rest follows in its thread."""

    first: Message
    thread: tuple[Message, ...] = ()


def shared(card: Card) -> Card:
    """Return a card as it stands in a channel, its thread under it: without the buttons that bring both there."""
    blocks = []
    for block in card.first.blocks:
        if block["type"] == "actions":
            kept = [one for one in block["elements"] if one["action_id"] not in {Action.SHARE, Action.SHOW_MORE}]
            block = {**block, "elements": kept}
        if block.get("elements") != []:
            blocks.append(block)
    return replace(card, first=replace(card.first, blocks=tuple(blocks)))


# --- the inside of rich_text


def words(text: str, *, bold: bool = False, italic: bool = False) -> Block:
    """Words of ours or from outside on one line, shown as typed, in the order in which they are written."""
    style = {name: True for name, wanted in (("bold", bold), ("italic", italic)) if wanted}
    return {"type": "text", "text": in_order(plain(text)), **({"style": style} if style else {})}


def quoted(text: str, limit: int = 200) -> Block:
    """Exact words within a line, in quotation marks, cut where they are longer than `limit`."""
    return {"type": "text", "text": f"“{isolated(fit(plain(text[: limit + 1]), limit))}”"}


def link(url: str | None, otherwise: str = "no public address") -> Block:
    """A link that shows the host it really leads to; words where there is no address to follow."""
    name = host(url)
    if not name or url is None:
        return words(otherwise)
    if width(url) > URL or plain(url) != url:
        return words(f"{fit(name, 100)} (its address is too long or too strange to link)")
    return {"type": "link", "url": url, "text": fit(name, 100)}


def user(user_id: str) -> Block:
    """A member of the workspace, by id; an id that is none is shown as words."""
    if user_id[:1] in {"U", "W"} and user_id.isascii() and user_id.isalnum() and user_id == user_id.upper():
        return {"type": "user", "user_id": user_id}
    return words(user_id)


def usergroup(group_id: str) -> Block:
    """A user group, by id: everybody in it is notified."""
    return {"type": "usergroup", "usergroup_id": group_id}


def line(*inline: Block) -> Block:
    """One paragraph."""
    return {"type": "rich_text_section", "elements": list(inline)}


def heading(text: str) -> Block:
    """A paragraph in bold."""
    return line(words(text, bold=True))


def quote(text: str, limit: int = 600, lines: int = 8) -> Block:
    """Exact words as a block of their own, cut where they are longer."""
    shown = isolated(fit(plain_lines(text[: 2 * limit + 2]), limit, lines=lines))
    return {"type": "rich_text_quote", "elements": [{"type": "text", "text": f"“{shown}”"}]}


def rich(*parts: Block) -> Block:
    """One rich_text block of paragraphs and quotations, cut to its limit.

    Neighbouring paragraphs become one with line breaks, since Slack shows them run together.
    """
    left = RICH
    kept: list[Block] = []
    for part in parts:
        elements = part["elements"]
        joins = bool(kept) and part["type"] == kept[-1]["type"] == "rich_text_section"
        if joins:
            elements = [{"type": "text", "text": "\n"}, *elements]
        elements, left = _within(elements, left)
        if joins:
            kept[-1] = {**kept[-1], "elements": [*kept[-1]["elements"], *elements]}
        elif elements:
            kept.append({**part, "elements": elements})
    return {"type": "rich_text", "elements": kept}


def _within(elements: Sequence[Block], left: int) -> tuple[list[Block], int]:
    kept = []
    for element in elements:
        shown = {**element, "text": fit(element["text"], left)} if "text" in element and left > 1 else element
        spent = width(shown.get("text", "@someone"))
        if spent and spent <= left:
            kept.append(shown)
            left -= spent
    return kept, left


# --- blocks


def plain_text(text: str, limit: int) -> Block:
    """A text object that Slack shows as typed."""
    return {"type": "plain_text", "text": fit(in_order(plain(text)) or "—", limit), "emoji": False}


def header(text: str) -> Block:
    """A title."""
    return {"type": "header", "text": plain_text(text, HEADER)}


def context(*texts: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [plain_text(text, TEXT // 2) for text in texts[:CONTEXT]]}


def divider() -> Block:
    """A rule."""
    return {"type": "divider"}


def button(
    text: str, action: Action, value: Value, *, number: int | None = None, style: str | None = None
) -> Block | None:
    """A button, or None where its value is too long to be carried."""
    written = encode(value)
    if written is None:
        return None
    made: Block = {
        "type": "button",
        "action_id": action if number is None else f"{action}.{number}",
        "text": plain_text(text, BUTTON),
        "value": written,
    }
    return {**made, "style": style} if style else made


def page_button(text: str, url: str, number: int) -> Block:
    """A button that opens a page in the browser of whoever clicks; its address must be ours to make, within `URL`."""
    label = plain_text(text, BUTTON)
    return {"type": "button", "action_id": f"{Action.OPEN_PAGE}.{number}", "text": label, "url": url}


def actions(*buttons: Block | None) -> list[Block]:
    """A row of those buttons that could be made; nothing where none could."""
    row = [made for made in buttons if made is not None][:BUTTONS]
    return [{"type": "actions", "elements": row}] if row else []


def image(picture: Picture) -> Block:
    """The placeholder of a picture."""
    return {
        "type": "image",
        "block_id": f"{_PICTURE}{picture.key}"[:255],
        "title": plain_text(picture.title, TITLE),
        "alt_text": plain_text(picture.alt, ALT)["text"],
        "slack_file": {"id": PENDING},
    }


def with_files(message: Message, files: Mapping[str, str]) -> Message:
    """Put uploaded files, by the keys of their pictures, in place of the placeholders; say in words what is missing."""

    def shown(block: Block) -> Block:
        if block["type"] != "image" or block["slack_file"]["id"] != PENDING:
            return block
        file_id = files.get(block["block_id"].removeprefix(_PICTURE))
        if file_id is None:
            return context(f"Picture not shown. {block['alt_text']}")
        return {**block, "slack_file": {"id": file_id}}

    return replace(message, blocks=tuple(map(shown, message.blocks)), pictures=())


# --- messages


def cost(block: Block) -> int:
    """Count a block towards `COST`: the UTF-16 units of its JSON, its comma included."""
    return width(json.dumps(block, ensure_ascii=False, separators=(",", ":"))) + 1


def paginate(blocks: Iterable[Block], most: int = BLOCKS, budget: int = COST) -> list[list[Block]]:
    """Lay blocks out over messages, in order; a title never ends one that goes on, buttons never begin one."""
    pages: list[list[Block]] = [[]]
    spent = 2
    for block in blocks:
        price = cost(block)
        page = pages[-1]
        if page and (len(page) >= most or spent + price > budget):
            moved: list[Block] = []
            spent = 2
            if block["type"] == "actions" and len(page) > 1 and spent + cost(page[-1]) + price <= budget:
                moved.append(page.pop())  # what the buttons are about
                spent += cost(moved[0])
            while len(page) > 1 and page[-1]["type"] == "header" and spent + cost(page[-1]) + price <= budget:
                moved.insert(0, page.pop())
                spent += cost(moved[0])
            pages.append(moved)
        pages[-1].append(block)
        spent += price
    return [page for page in pages if page]


def packed(atoms: Iterable[Sequence[Block]]) -> list[Block]:
    """Gather paragraphs and quotations into as few rich_text blocks as hold them; what belongs together stays so."""
    made: list[Block] = []
    open_: list[Block] = []
    for atom in atoms:
        if open_ and cost(rich(*open_, *atom)) > TEXT:
            made.append(rich(*open_))
            open_ = []
        open_ += atom
    return [*made, rich(*open_)] if open_ else made


def fallback(lines: Iterable[str]) -> str:
    """Join sentences into the text that stands for the blocks: whole lines, safe, within the limit."""
    kept: list[str] = []
    left = FALLBACK - width(_MORE)
    for written in lines:
        safe = fit(escape(written), 1_000)
        if width(safe) + 1 > left:
            return "\n".join([*kept, _MORE])
        kept.append(safe)
        left -= width(safe) + 1
    return "\n".join(kept)


_MORE: Final = "… more in the message."


def message(
    blocks: Iterable[Block], text: Iterable[str], pictures: Iterable[Picture] = (), last: Sequence[Block] = ()
) -> Message:
    """Make one message of blocks that fit into one; the rest is cut with a line that says so, `last` never."""
    pages = paginate(blocks, BLOCKS - 1 - len(last), COST - sum(map(cost, [_CUT, *last])))
    return Message(fallback(text), (*pages[0], *([_CUT] if len(pages) > 1 else []), *last), tuple(pictures))


_CUT: Final = context("More than one message holds: the rest is left out here.")


def messages(
    blocks: Iterable[Block], text: Callable[[int], Iterable[str]], pictures: Iterable[Picture] = ()
) -> tuple[Message, ...]:
    """Make as many messages as the blocks need; `text` gives the fallback of each by its number from 1."""
    known = {image(picture)["block_id"]: picture for picture in pictures}
    made = []
    for number, page in enumerate(paginate(blocks), 1):
        names = [block["block_id"] for block in page if block["type"] == "image"]
        made.append(Message(fallback(text(number)), tuple(page), tuple(known[name] for name in names)))
    return tuple(made)
