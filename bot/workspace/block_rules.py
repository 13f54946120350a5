"""Slack's rules for each block (limits: Slack's Block Kit reference; what is assumed says so)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.workspace.elements import (
    BUTTON,
    IDENTITY,
    IMAGE,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    PICTURE,
)
from bot.workspace.schema import (
    TEXT_KINDS,
    Check,
    Problem,
    anything,
    array,
    boolean,
    every,
    integer,
    objects,
    one_of,
    plain_text,
    record,
    string,
    text,
    typed,
    url,
)

TABLE_CHARACTERS = 10_000
"""In all cells of a table together (remembered)."""

DATA_TABLE_CHARACTERS = 20_000
"""In all cells of a data table together (documented)."""

ID: Mapping[str, Check] = {"block_id": IDENTITY}


def _block(
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    *,
    either: tuple[str, ...] = (),
    not_both: tuple[str, ...] = (),
) -> Check:
    return record(required, {**ID, **(optional or {})}, either=either, not_both=not_both)


# Rich text: Slack's own clients write it; the leaves are checked for their kind only.
_LEAVES = ("text", "link", "user", "usergroup", "channel", "emoji", "broadcast", "color", "date", "team")
_SECTION = record({"elements": array(typed(dict.fromkeys(_LEAVES, anything)), 1000, 0)}, {"border": integer(0, 1)})
_LIST = record(
    {"elements": array(typed({"rich_text_section": _SECTION}), 1000), "style": one_of("bullet", "ordered")},
    {"indent": integer(0, 8), "offset": integer(0, 10_000), "border": integer(0, 1)},
)
_RICH_PARTS = {
    "rich_text_section": _SECTION,
    "rich_text_list": _LIST,
    "rich_text_preformatted": record(
        {"elements": array(typed({"text": anything, "link": anything}), 1000, 0)},
        {"border": integer(0, 1), "language": string(100)},
    ),
    "rich_text_quote": _SECTION,
}
RICH_TEXT = _block({"elements": array(typed(_RICH_PARTS), 1000, 0)})


def _number(value: object, at: str) -> Iterable[Problem]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield Problem("must provide a number", at)


_PLAIN_CELL: Mapping[str, Check] = {
    "raw_text": record({"text": string(TABLE_CHARACTERS)}),
    "raw_number": record({"value": _number}, {"text": string(3000)}),
}
_CELL = typed({**_PLAIN_CELL, "rich_text": RICH_TEXT})
_COLUMN = record(optional={"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _nullable(check: Check) -> Check:
    return lambda value, at: () if value is None else check(value, at)


def _at_most(limit: int) -> Check:
    def check(value: object, at: str) -> Iterable[Problem]:
        rows = value.get("rows") if isinstance(value, dict) else None
        shown = (cell.get("text") for cell in objects(rows))
        if sum(len(text) for text in shown if isinstance(text, str)) > limit:
            yield Problem(f"no more than {limit} characters allowed in all cells", f"{at}/rows")

    return check


def _header_and_even_rows(value: object, at: str) -> Iterable[Problem]:
    """A data table has one header row of plain cells, and rows of one length."""
    rows = value.get("rows") if isinstance(value, dict) else None
    lists = [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    if len({len(row) for row in lists}) > 1:
        yield Problem("all rows must have the same number of cells", f"{at}/rows")
    for number, cell in enumerate(lists[0] if lists else ()):
        yield from typed(_PLAIN_CELL)(cell, f"{at}/rows/0/{number}")


TABLE = every(
    _block({"rows": array(array(_CELL, 20), 100)}, {"column_settings": array(_nullable(_COLUMN), 20)}),
    _at_most(TABLE_CHARACTERS),
)
DATA_TABLE = every(
    _block(
        {"caption": string(3000), "rows": array(array(_CELL, 20), 101, 2)},
        {"page_size": integer(1, 100), "row_header_column_index": integer(0, 19)},
    ),
    _at_most(DATA_TABLE_CHARACTERS),
    _header_and_even_rows,
)

CARD_FIELDS: Mapping[str, Check] = {
    "hero_image": typed({"image": IMAGE}),
    "icon": typed({"image": IMAGE}),
    "title": text(150),
    "subtitle": text(150),
    "body": text(200),
    "actions": array(typed({"button": BUTTON}), 5),  # the number of buttons is assumed
}
CARD = _block(optional=CARD_FIELDS, either=("hero_image", "title", "actions", "body"))
TASK_CARD = _block(
    {
        "task_id": string(255),
        "title": string(3000),
        "status": one_of("pending", "in_progress", "complete", "error"),
    },
    {
        "details": typed({"rich_text": RICH_TEXT}),
        "output": typed({"rich_text": RICH_TEXT}),
        "sources": array(typed({"url": record({"url": url(), "text": string(3000)})}), 100),
    },
)

BASIC: Mapping[str, Check] = {
    "section": _block(
        optional={
            "text": text(3000),
            "fields": array(text(2000), 10),
            "accessory": typed(IN_SECTION),
            "expand": boolean,
        },
        either=("text", "fields"),
    ),
    "header": _block({"text": plain_text(150)}),
    "divider": _block(),
    "image": _block(
        {"alt_text": string(2000)},
        {"title": plain_text(2000), **PICTURE},
        either=("image_url", "slack_file"),
        not_both=("image_url", "slack_file"),
    ),
    "actions": _block({"elements": array(typed(IN_ACTIONS), 25)}),
    "context": _block({"elements": array(typed({"image": IMAGE, **TEXT_KINDS}), 10)}),
    "input": _block(
        {"label": plain_text(2000), "element": typed(IN_INPUT)},
        {"hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": RICH_TEXT,
    "video": _block(
        {"alt_text": string(2000), "title": plain_text(199), "thumbnail_url": url(), "video_url": url()},
        {
            "author_name": string(49),
            "description": plain_text(200),
            "provider_icon_url": url(),
            "provider_name": string(100),
            "title_url": url(),
        },
    ),
}
"""Blocks that messages, modals and Home take."""

CONTENT: Mapping[str, Check] = {
    **BASIC,
    "markdown": _block({"text": string(12_000)}),
    "table": TABLE,
    "data_table": DATA_TABLE,
    "data_visualization": anything,  # its fields are not known here
    "context_actions": _block({"elements": array(typed(IN_CONTEXT_ACTIONS), 5)}),
    "card": CARD,
    "carousel": _block({"elements": array(typed({"card": CARD}), 10)}),
    "plan": _block({"title": string(3000)}, {"tasks": array(typed({"task_card": TASK_CARD}), 50)}),
    "task_card": TASK_CARD,
}
CONTAINER = _block(
    {"child_blocks": array(typed(CONTENT), 10)},
    {
        "title": plain_text(150),
        "rich_text_title": typed({"rich_text": RICH_TEXT}),
        "subtitle": text(150),
        "width": one_of("narrow", "standard", "wide", "full"),
        "icon": typed({"image": IMAGE}),
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
    either=("title", "rich_text_title"),
)
IN_MESSAGE: Mapping[str, Check] = {**CONTENT, "container": CONTAINER}
IN_HOME: Mapping[str, Check] = BASIC
IN_MODAL: Mapping[str, Check] = {
    **BASIC,
    "alert": _block({"text": text(3000)}, {"level": one_of("default", "info", "warning", "error", "success")}),
}
