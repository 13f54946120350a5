"""Block Kit as HTML: what Slack would show, in plain elements; what cannot be shown is a visible error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.workspace.render_elements import element_html
from bot.workspace.render_html import NOTHING, Html, escaped, fault, joined, link, linkable, tag
from bot.workspace.render_markdown import markdown
from bot.workspace.render_rich import rich_text
from bot.workspace.render_scene import Scene
from bot.workspace.render_text import text_object

Block = Mapping[str, Any]
State = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""block id → action id → what a person chose, as in `view.state.values`."""

DEEPEST = 4
"""Blocks inside blocks (a carousel in a container, say); deeper ones are an error."""


def blocks_html(
    blocks: Sequence[object],
    scene: Scene,
    *,
    state: State | None = None,
    errors: Mapping[str, str] | None = None,
    depth: int = DEEPEST,
) -> Html:
    """Blocks one below the other. `state` fills inputs in again, `errors` (by block id) stand under their inputs."""
    if not depth:
        return fault("These blocks lie too deep inside one another.")
    shown = _Shown(scene, state or {}, errors or {}, depth)
    return joined(_block(block, shown) for block in blocks)


class _Shown:
    """What every block is shown with."""

    def __init__(self, scene: Scene, state: State, errors: Mapping[str, str], depth: int) -> None:
        self.scene, self.state, self.errors, self.depth = scene, state, errors, depth

    def element(self, block: Block, element: object, label: str = "") -> Html:
        block_id = str(block.get("block_id") or "")
        action_id = str(element.get("action_id") or "") if isinstance(element, Mapping) else ""
        return element_html(element, block_id, self.scene, self.state.get(block_id, {}).get(action_id), label)

    def inner(self, blocks: object) -> Html:
        return blocks_html(_list(blocks), self.scene, state=self.state, errors=self.errors, depth=self.depth - 1)


def _block(block: object, shown: _Shown) -> Html:
    if not isinstance(block, Mapping):
        return fault("This stand-in found something here that is not a block.")
    kind = str(block.get("type"))
    maker = _MAKERS.get(kind)
    if maker is None:
        return fault(f"This stand-in cannot show the block “{kind}”.")
    return tag("div", maker(block, shown), class_=f"block {kind.replace('_', '-')}")


def _header(block: Block, shown: _Shown) -> Html:
    level = block.get("level")
    return tag(
        "h3", text_object(block.get("text"), shown.scene), class_=f"level-{level}" if level in (1, 2, 3, 4) else None
    )


def _section(block: Block, shown: _Shown) -> Html:
    parts = []
    if block.get("text"):
        parts.append(tag("div", text_object(block["text"], shown.scene), class_="text", dir="auto"))
    if fields := _list(block.get("fields")):
        cells = (tag("div", text_object(field, shown.scene), class_="text", dir="auto") for field in fields)
        parts.append(tag("div", *cells, class_="fields"))
    body = tag("div", *parts, class_="section-body")
    accessory = block.get("accessory")
    if not accessory:
        return body
    if isinstance(accessory, Mapping) and accessory.get("type") == "image":
        return joined([body, tag("div", picture(accessory, shown.scene), class_="accessory")])
    return joined([body, tag("div", shown.element(block, accessory), class_="accessory")])


def _context(block: Block, shown: _Shown) -> Html:
    def part(element: object) -> Html:
        if isinstance(element, Mapping) and element.get("type") == "image":
            return picture(element, shown.scene)
        if isinstance(element, Mapping) and element.get("type") in ("mrkdwn", "plain_text"):
            return tag("span", text_object(element, shown.scene), class_="text", dir="auto")
        return fault("This stand-in found something in a context block that is neither a text nor a picture.")

    return joined(part(element) for element in _list(block.get("elements")))


def _actions(block: Block, shown: _Shown) -> Html:
    return joined(shown.element(block, element) for element in _list(block.get("elements")))


def _image(block: Block, shown: _Shown) -> Html:
    title = block.get("title")
    caption = tag("figcaption", text_object(title, shown.scene), dir="auto") if title else NOTHING
    return tag("figure", caption, picture(block, shown.scene))


def picture(image: Block, scene: Scene) -> Html:
    """An image block or element: a file of the workspace as a picture to enlarge, one from elsewhere as a link."""
    alt = str(image.get("alt_text") or "")
    file = image.get("slack_file")
    if isinstance(file, Mapping):
        address = scene.files.get(str(file.get("id") or file.get("url") or ""))
        if address is None:
            return fault(f"The picture “{alt}” is not there: Slack could not show this file.")
        return enlargeable(address, alt)
    source = str(image.get("image_url") or "")
    if source in scene.files:
        return enlargeable(scene.files[source], alt)
    if not linkable(source):
        return fault(f"The picture “{alt}” has no address that can be shown.")
    note = tag(
        "span",
        link(source, escaped(alt or source)),
        escaped(" (a picture elsewhere; this page loads nothing from outside)"),
    )
    return tag("span", note, class_="absent")


def enlargeable(address: str, alt: str) -> Html:
    """A picture that opens large when it is pressed."""
    image = tag("img", src=address, alt=alt, loading="lazy")
    return tag("button", image, type="button", class_="enlarge", aria_label=f"Enlarge: {alt}", data_kind="enlarge")


def _input(block: Block, shown: _Shown) -> Html:
    block_id = str(block.get("block_id") or "")
    written = block.get("label")
    label = str(written.get("text", "")) if isinstance(written, Mapping) else ""
    title = tag("div", text_object(written, shown.scene), class_="label")
    if block.get("optional"):
        title = tag(
            "div",
            text_object(written, shown.scene),
            tag("span", escaped(" (optional)"), class_="quiet"),
            class_="label",
        )
    error = shown.errors.get(block_id)
    parts = [title, shown.element(block, block.get("element"), label)]
    if error:
        parts.append(tag("div", escaped(error), class_="input-error", role="alert"))
    if block.get("hint"):
        parts.append(tag("div", text_object(block["hint"], shown.scene), class_="hint"))
    invalid = "input-block invalid" if error else "input-block"
    data = {"data_dispatch": bool(block.get("dispatch_action")), "data_required": not block.get("optional")}
    return tag("div", *parts, class_=invalid, data_input=block_id, **data)


def _table(block: Block, shown: _Shown) -> Html:
    settings = _list(block.get("column_settings"))

    def cell(name: str, entry: object, column: int) -> Html:
        setting = settings[column] if column < len(settings) and isinstance(settings[column], Mapping) else {}
        align = setting.get("align")
        look = f"align-{align}" if align in ("center", "right") else None
        if not isinstance(entry, Mapping):
            return tag(name, fault("This stand-in found something here that is not a cell."))
        if entry.get("type") == "rich_text":
            return tag(name, rich_text(entry, shown.scene), class_=look, dir="auto")
        value = entry.get("text", entry.get("value", entry.get("number", "")))
        return tag(name, escaped(str(value)), class_=look, dir="auto")

    def row(cells: object, name: str) -> Html:
        return tag("tr", *(cell(name, entry, column) for column, entry in enumerate(_list(cells))))

    rows = _list(block.get("rows"))
    caption = block.get("caption")
    parts = [tag("caption", text_object(caption, shown.scene))] if caption else []
    parts += [
        tag("thead", *(row(cells, "th") for cells in rows[:1])),
        tag("tbody", *(row(cells, "td") for cells in rows[1:])),
    ]
    return tag("div", tag("table", *parts), class_="table-scroll", tabindex=0, role="region", aria_label="Table")


def _video(block: Block, shown: _Shown) -> Html:
    address = str(block.get("title_url") or block.get("video_url") or "")
    about = " · ".join(str(block[key]) for key in ("provider_name", "author_name") if block.get(key))
    title = text_object(block.get("title"), shown.scene) or escaped(address)
    parts = [tag("div", escaped("▶ "), link(address, title)), tag("div", escaped(about), class_="quiet")]
    return joined([*parts, tag("div", text_object(block.get("description"), shown.scene), class_="text", dir="auto")])


def _card(block: Block, shown: _Shown) -> Html:
    hero, icon = block.get("hero_image"), block.get("icon")
    parts = [tag("div", picture(hero, shown.scene), class_="hero")] if isinstance(hero, Mapping) else []
    heading = [tag("div", picture(icon, shown.scene), class_="icon")] if isinstance(icon, Mapping) else []
    words = [tag("strong", text_object(block["title"], shown.scene))] if block.get("title") else []
    if block.get("subtitle"):
        words.append(tag("span", text_object(block["subtitle"], shown.scene), class_="quiet"))
    parts.append(tag("div", *heading, tag("div", *words, class_="card-words", dir="auto"), class_="card-head"))
    if block.get("body"):
        parts.append(tag("div", text_object(block["body"], shown.scene), class_="text", dir="auto"))
    if actions := _list(block.get("actions")):
        parts.append(tag("div", *(shown.element(block, action) for action in actions), class_="actions"))
    return tag("div", *parts, class_="card-box")


def _carousel(block: Block, shown: _Shown) -> Html:
    return tag(
        "div",
        shown.inner(block.get("elements")),
        class_="cards",
        tabindex=0,
        role="region",
        aria_label="Cards, scroll sideways",
    )


def _container(block: Block, shown: _Shown) -> Html:
    rich = block.get("rich_text_title")
    title = rich_text(rich, shown.scene) if isinstance(rich, Mapping) else text_object(block.get("title"), shown.scene)
    icon = block.get("icon")
    parts = [picture(icon, shown.scene)] if isinstance(icon, Mapping) else []
    parts.append(tag("strong", title))
    if block.get("subtitle"):
        parts.append(tag("span", text_object(block["subtitle"], shown.scene), class_="quiet"))
    inner = tag("div", shown.inner(block.get("child_blocks")), class_="container-body")
    if block.get("is_collapsible"):
        return tag("details", tag("summary", *parts), inner, open=not block.get("default_collapsed"))
    return joined([tag("div", *parts, class_="container-head"), inner])


def _alert(block: Block, shown: _Shown) -> Html:
    level = block.get("level")
    look = level if level in ("info", "warning", "error", "success") else "default"
    return tag("div", text_object(block.get("text"), shown.scene), class_=f"alert-box {look}", role="note", dir="auto")


def _markdown(block: Block, shown: _Shown) -> Html:
    return tag("div", markdown(str(block.get("text") or ""), shown.scene), class_="text", dir="auto")


def _rich(block: Block, shown: _Shown) -> Html:
    return tag("div", rich_text(block, shown.scene), class_="text", dir="auto")


def _divider(block: Block, shown: _Shown) -> Html:
    return tag("hr")


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


_MAKERS: dict[str, Callable[[Block, _Shown], Html]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "context_actions": _actions,
    "image": _image,
    "input": _input,
    "divider": _divider,
    "rich_text": _rich,
    "markdown": _markdown,
    "table": _table,
    "data_table": _table,
    "video": _video,
    "card": _card,
    "carousel": _carousel,
    "container": _container,
    "alert": _alert,
}
