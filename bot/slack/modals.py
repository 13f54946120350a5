"""What every modal is built of: the view around its fields, the fields, and the options of a choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.slack.blocks import MODAL_TITLE, OPTION, Block, plain_text
from bot.slack.ids import Callback, Field

LABEL: Final = 150
"""Characters of a field's label that are kept; Slack takes 2,000, and a person reads one line."""

HINT: Final = 300


def modal(callback: Callback, carried: str | None, title: str, submit: str, blocks: Sequence[Block]) -> dict[str, Any]:
    """Return a view; `carried` is its `private_metadata`, which comes back with what is submitted."""
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": carried or "",
        "title": plain_text(title, MODAL_TITLE),
        "submit": plain_text(submit, MODAL_TITLE),
        "close": plain_text("Cancel", MODAL_TITLE),
        "blocks": list(blocks),
    }


def field(name: Field, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    """Return an input; what is put in comes back under `name`, as block and as action."""
    made: Block = {"type": "input", "block_id": name, "label": plain_text(label, LABEL)}
    if optional:
        made["optional"] = True
    if hint:
        made["hint"] = plain_text(hint, HINT)
    return {**made, "element": {**element, "action_id": name}}


def option(text: str, value: str) -> Block:
    """Return one choice of several."""
    return {"text": plain_text(text, OPTION), "value": str(value)}
