"""What Slack refuses in a message, a modal or a Home tab: pure functions from JSON to problems, which never raise.

Limits are Slack's documented ones, but for `TOTAL` (an undocumented limit met by users of the bolt-js project, issue
2509) and `METADATA` (assumed). Characters are counted as code points of the text as sent, entities and all (assumed).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from bot.workspace.block_rules import IN_HOME, IN_MESSAGE, IN_MODAL
from bot.workspace.elements import IDENTITY
from bot.workspace.schema import Problem, array, boolean, objects, one_of, plain_text, record, string, typed

TEXT = 40_000
"""Characters of a message's text."""

BLOCKS = 50
"""Blocks in a message."""

VIEW_BLOCKS = 100
"""Blocks in a modal or Home."""

TOTAL = 13_200
"""Characters of all blocks of a message together, beyond which Slack answers `msg_blocks_too_long`."""

MARKDOWN = 12_000
"""Characters of all markdown blocks of a message together."""

METADATA = 8_000
"""Characters of a message's metadata as JSON."""

_MESSAGE = array(typed(IN_MESSAGE), BLOCKS, 0)
_VIEW = {"private_metadata": string(3000, 0), "callback_id": string(255, 0), "external_id": string(255, 0)}
_HOME = record({"blocks": array(typed(IN_HOME), VIEW_BLOCKS, 0)}, _VIEW)
_MODAL = record(
    {"blocks": array(typed(IN_MODAL), VIEW_BLOCKS, 0), "title": plain_text(24)},
    {
        **_VIEW,
        "submit": plain_text(24),
        "close": plain_text(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_METADATA = record({"event_type": IDENTITY, "event_payload": lambda value, at: _payload(value, at)})


def check_blocks(blocks: object) -> list[Problem]:
    """What Slack answers `invalid_blocks` to, in the blocks of a message."""
    found = list(_MESSAGE(blocks, "/blocks"))
    known = [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    found += _unique_ids(known, "/blocks")
    tables = [number for number, block in enumerate(known) if block.get("type") == "table"]
    found += [Problem("only one table allowed", f"/blocks/{number}") for number in tables[1:]]
    markdown = [block.get("text") for block in known if block.get("type") == "markdown"]
    if sum(len(text) for text in markdown if isinstance(text, str)) > MARKDOWN:
        found.append(Problem(f"no more than {MARKDOWN} characters allowed in all markdown blocks", "/blocks"))
    return found


def check_view(view: object, kinds: tuple[str, ...] = ("modal", "home")) -> list[Problem]:
    """What Slack answers `invalid_arguments` to, in a view of one of these types."""
    if not isinstance(view, dict):
        return [Problem("must provide an object", "/view")]
    kind = view.get("type")
    problems = list(one_of(*kinds)(kind, "/view/type"))
    if problems:
        return problems
    fields = {name: value for name, value in view.items() if name != "type"}
    found = list((_MODAL if kind == "modal" else _HOME)(fields, "/view"))
    blocks = view.get("blocks")
    known = [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    found += _unique_ids(known, "/view/blocks")
    if kind == "modal" and "submit" not in view and any(block.get("type") == "input" for block in known):
        found.append(Problem("missing required field: submit", "/view"))
    return found


def check_metadata(metadata: object) -> list[Problem]:
    """What is wrong with a message's metadata: `{"event_type", "event_payload"}` and no more."""
    if metadata == {}:
        return []
    return list(_METADATA(metadata, "/metadata"))


def _payload(value: object, at: str) -> Iterable[Problem]:
    if not isinstance(value, dict):
        yield Problem("must provide an object", at)
        return
    try:
        length = len(json.dumps(value))
    except RecursionError:
        yield Problem("is nested too deeply", at)
        return
    if length > METADATA:
        yield Problem(f"must be less than {METADATA + 1} characters", at)


def _unique_ids(blocks: list[dict[str, object]], at: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        name = block.get("block_id")
        if isinstance(name, str) and name in seen:
            yield Problem(f"`block_id` {name!r} already exists", f"{at}/{number}/block_id")
        if isinstance(name, str):
            seen.add(name)
        elements = block.get("elements")
        used: set[str] = set()
        for place, element in enumerate(elements if isinstance(elements, list) else ()):
            action = element.get("action_id") if isinstance(element, dict) else None
            if isinstance(action, str) and action in used:
                where = f"{at}/{number}/elements/{place}/action_id"
                yield Problem(f"`action_id` {action!r} already exists for `block_id` {name!r}", where)
            if isinstance(action, str):
                used.add(action)


def characters(blocks: object) -> int:
    """How many characters blocks show: every text object, markdown, alt text, title, caption and cell."""
    shown = (item.get(name) for item in objects(blocks) for name in ("text", "alt_text", "title", "caption"))
    return sum(len(text) for text in shown if isinstance(text, str))


def slack_files(blocks: object) -> Iterator[tuple[str, dict[str, object]]]:
    """Each `slack_file` in blocks, with its pointer."""
    waiting: list[tuple[object, str]] = [(blocks, "/blocks")]
    while waiting:
        value, at = waiting.pop()
        if isinstance(value, list):
            waiting += [(item, f"{at}/{number}") for number, item in enumerate(value)]
        elif isinstance(value, dict):
            if isinstance(reference := value.get("slack_file"), dict):
                yield f"{at}/slack_file", reference
            waiting += [(field, f"{at}/{name}") for name, field in value.items() if name != "slack_file"]
