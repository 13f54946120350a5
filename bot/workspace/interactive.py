"""The buttons, menus and inputs inside blocks, and what a person's choice in one of them becomes in Slack's JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.workspace.errors import NotPossible
from bot.workspace.values import Json

BUTTONS = frozenset({"button", "workflow_button", "icon_button", "feedback_buttons"})
"""Elements that are pressed, not chosen from."""

Choice = str | int | Sequence[str] | None
"""What a person gives: a text, an option's value, an id, a date; several of them for a menu of several choices."""

NAMED: Mapping[str, str] = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
"""Elements whose choice is told as it is, and the field that tells it."""


def interactive(blocks: Iterable[Json]) -> Iterator[tuple[Json, Json]]:
    """Each element with an `action_id`, with the block it stands in, in reading order."""
    for block in blocks:
        elements: Sequence[Json] = ()
        match block:
            case {"type": "section", "accessory": element} | {"type": "input", "element": element}:
                elements = [element]
            case {"type": "actions" | "context_actions", "elements": several} | {"type": "card", "actions": several}:
                elements = several
            case {"type": "carousel", "elements": inner} | {"type": "container", "child_blocks": inner}:
                yield from interactive(inner)
        yield from ((block, element) for element in elements if "action_id" in element)


def find(blocks: Iterable[Json], action_id: str, value: str | None = None, block_id: str = "") -> tuple[Json, Json]:
    """The block and element with that action id, and that value and block id where they are given.

    Raises `NotPossible` when there is none, with the action ids that are there.
    """
    there = list(interactive(blocks))
    for block, element in there:
        here = element["action_id"] == action_id and block_id in ("", block["block_id"])
        if here and value in (None, element.get("value")):
            return block, element
    names = ", ".join(sorted({element["action_id"] for _, element in there})) or "none"
    raise NotPossible(f"nothing to click is called {action_id!r} here (there is: {names})")


def chosen(element: Json, choice: Choice) -> Json:
    """The state of an element after a choice, as `state.values` and `actions` tell it.

    Raises `NotPossible` for an option that is not offered.
    """
    kind = str(element["type"])
    if kind == "feedback_buttons":
        return {"type": kind, "value": str(choice)}
    if kind in BUTTONS:
        return {"type": kind, **({"value": element["value"]} if "value" in element else {})}
    if kind in NAMED:
        return {"type": kind, NAMED[kind]: choice}
    offered = _options(element)
    several = kind in ("checkboxes", "multi_static_select", "multi_external_select")
    wanted = _values(choice)
    external = kind.endswith("external_select")
    picked = [_option(offered, value, external=external) for value in wanted]
    if several:
        return {"type": kind, "selected_options": picked}
    return {"type": kind, "selected_option": picked[0] if picked else None}


def initial(element: Json) -> Json:
    """The state of an element before anybody touched it."""
    kind = str(element["type"])
    if kind in NAMED:
        name = NAMED[kind]
        started = element.get(name.replace("selected_", "initial_") if name != "value" else "initial_value")
        return {"type": kind, name: started if started is not None else ([] if kind.startswith("multi_") else None)}
    if kind in ("checkboxes", "multi_static_select", "multi_external_select"):
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    return {"type": kind, "selected_option": element.get("initial_option")}


def is_empty(state: Json) -> bool:
    """Whether nothing is chosen or typed."""
    return not any(value for name, value in state.items() if name != "type")


def _values(choice: Choice) -> list[str]:
    if choice is None:
        return []
    return [str(choice)] if isinstance(choice, str | int) else [str(value) for value in choice]


def _options(element: Json) -> list[Json]:
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(option for group in groups for option in group["options"])]


def _option(offered: Sequence[Json], value: str, *, external: bool) -> Json:
    for option in offered:
        if option["value"] == value:
            return option
    if external:
        return {"text": {"type": "plain_text", "text": value}, "value": value}
    values = ", ".join(option["value"] for option in offered)
    raise NotPossible(f"{value!r} is not offered (there is: {values})")
