"""Interactive elements as HTML: what a person presses, chooses and fills in.

An element carries no behaviour of its own. `data-block` and `data-action` say which element of which block it is, and
the page's script reports what was done to it; what that means is looked up in the workspace, never taken from the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.workspace.render_html import NOTHING, Html, escaped, fault, joined, linkable, tag
from bot.workspace.render_scene import Scene
from bot.workspace.render_text import text_object

Element = Mapping[str, Any]


def element_html(
    element: object, block_id: str, scene: Scene, value: Mapping[str, Any] | None = None, label: str = ""
) -> Html:
    """One interactive element; `value` is what was chosen before, as in `view.state`, and `label` names an input."""
    if not isinstance(element, Mapping):
        return fault("This stand-in found something here that is not an element.")
    kind = str(element.get("type"))
    made = _MAKERS.get(kind)
    if made is None:
        return fault(f"This stand-in cannot show the element “{kind}”.")
    shown = made(element, _Place(block_id, str(element.get("action_id") or ""), label), scene, value or {})
    return tag(
        "div", shown, _confirmation(element.get("confirm"), scene), class_=f"element of-{kind.replace('_', '-')}"
    )


class _Place:
    """Where an element stands, and how its parts are named."""

    def __init__(self, block_id: str, action_id: str, label: str) -> None:
        self.block_id, self.action_id, self.label = block_id, action_id, label

    @property
    def name(self) -> str:
        """One name for each element of a page, for its labels and radio buttons."""
        return f"{self.block_id}/{self.action_id}"

    def data(self, **more: str | int | bool | None) -> dict[str, str | int | bool | None]:
        return {"data_block": self.block_id, "data_action": self.action_id, **more}


def _button(element: Element, place: _Place, scene: Scene, value: Mapping[str, Any]) -> Html:
    style = element.get("style")
    look = f"button {style}" if style in ("primary", "danger") else "button"
    label = text_object(element.get("text"), scene)
    spoken = _string(element, "accessibility_label") or None
    address = _string(element, "url")
    if not address:
        return tag("button", label, type="button", class_=look, aria_label=spoken, **place.data(data_kind="button"))
    if not linkable(address):
        return fault(f"This button leads to an address that Slack would refuse: {address}")
    attributes = place.data(data_kind="button", href=address, target="_blank", rel="noopener noreferrer nofollow")
    return tag("a", label, class_=look, aria_label=spoken, **attributes)


def _icon_button(element: Element, place: _Place, scene: Scene, value: Mapping[str, Any]) -> Html:
    label = text_object(element.get("text"), scene)
    return tag("button", label, type="button", class_="button", **place.data(data_kind="button"))


def _feedback(element: Element, place: _Place, scene: Scene, value: Mapping[str, Any]) -> Html:
    def button(key: str) -> Html:
        found = element.get(key)
        if not isinstance(found, Mapping):
            return fault(f"These feedback buttons lack their {key}.")
        data = place.data(data_kind="button", data_value=_string(found, "value"))
        return tag("button", text_object(found.get("text"), scene), type="button", class_="button", **data)

    return joined([button("positive_button"), button("negative_button")])


def _overflow(element: Element, place: _Place, scene: Scene, value: Mapping[str, Any]) -> Html:
    def entry(option: Element) -> Html:
        data = place.data(data_kind="overflow", data_value=_string(option, "value"))
        label = text_object(option.get("text"), scene)
        address = _string(option, "url")
        if linkable(address):
            return tag(
                "a", label, href=address, target="_blank", rel="noopener noreferrer nofollow", role="menuitem", **data
            )
        return tag("button", label, type="button", role="menuitem", **data)

    entries = joined(entry(option) for option in options(element))
    summary = tag("summary", escaped("⋯"), class_="button", aria_label="More choices")
    return tag("details", summary, tag("div", entries, class_="menu", role="menu"), class_="drop")


def _select(element: Element, place: _Place, scene: Scene, value: Mapping[str, Any]) -> Html:
    chosen = chosen_values(element, value)
    hint = _text(element.get("placeholder")) or "Choose one"
    first = tag("option", escaped(hint), value="", selected=not chosen)
    parts = [first]
    for title, group in _grouped(element, scene):
        shown = []
        for option in group:
            known = _string(option, "value")
            shown.append(tag("option", escaped(_text(option.get("text"))), value=known, selected=known in chosen))
        parts.append(tag("optgroup", *shown, label=title) if title else joined(shown))
    return tag("select", *parts, aria_label=place.label or hint, **place.data(data_kind="select"))


def _multi_select(element: Element, place: _Place, scene: Scene, value: Mapping[str, Any]) -> Html:
    chosen = chosen_values(element, value)
    hint = _text(element.get("placeholder")) or "Choose"
    labels = [_text(option.get("text")) for option in options(element, scene) if option.get("value") in chosen]
    boxes = _boxes(element, place, scene, chosen, "checkbox")
    summary = ", ".join(labels) or hint
    content = tag(
        "div",
        boxes,
        class_="menu choices",
        role="group",
        aria_label=place.label or hint,
        **place.data(data_kind="multi"),
    )
    return tag(
        "details", tag("summary", escaped(summary), class_="picker", data_hint=hint), content, class_="drop multi"
    )


def _radio(element: Element, place: _Place, scene: Scene, value: Mapping[str, Any]) -> Html:
    boxes = _boxes(element, place, scene, chosen_values(element, value), "radio")
    return tag(
        "span",
        boxes,
        class_="choices",
        role="radiogroup",
        aria_label=place.label or "Choose one",
        **place.data(data_kind="radio"),
    )


def _checkboxes(element: Element, place: _Place, scene: Scene, value: Mapping[str, Any]) -> Html:
    boxes = _boxes(element, place, scene, chosen_values(element, value), "checkbox")
    return tag(
        "span",
        boxes,
        class_="choices",
        role="group",
        aria_label=place.label or "Choose",
        **place.data(data_kind="checkboxes"),
    )


def _boxes(element: Element, place: _Place, scene: Scene, chosen: Sequence[object], kind: str) -> Html:
    def box(option: Element) -> Html:
        known = _string(option, "value")
        mark = tag("input", type=kind, name=place.name, value=known, checked=known in chosen)
        note = option.get("description")
        described = tag("span", text_object(note, scene), class_="description") if note else NOTHING
        return tag("label", mark, tag("span", text_object(option.get("text"), scene), described))

    return joined(box(option) for option in options(element, scene))


def _input(kind: str, key: str, given: str) -> Callable[[Element, _Place, Scene, Mapping[str, Any]], Html]:
    """A maker of one-line inputs: the HTML type, the state's key and the element's initial key."""

    def make(element: Element, place: _Place, scene: Scene, value: Mapping[str, Any]) -> Html:
        hint = _text(element.get("placeholder"))
        current = value.get(key, element.get(given))
        shown = "" if current is None else str(current)
        if kind == "datetime-local" and isinstance(current, int):
            shown = datetime.fromtimestamp(current, UTC).strftime("%Y-%m-%dT%H:%M")
        data = place.data(
            data_kind="input", maxlength=_integer(element, "max_length"), minlength=_integer(element, "min_length")
        )
        name = place.label or hint or kind
        if kind == "text" and element.get("multiline"):
            return tag("textarea", escaped(shown), rows=4, placeholder=hint or None, aria_label=name, **data)
        return tag("input", type=kind, value=shown, placeholder=hint or None, aria_label=name, **data)

    return make


def _confirmation(confirm: object, scene: Scene) -> Html:
    """The question asked first, as a template that the page's script opens."""
    if not isinstance(confirm, Mapping):
        return NOTHING
    look = "button danger" if confirm.get("style") == "danger" else "button primary"
    yes = tag(
        "button", text_object(confirm.get("confirm") or "Yes", scene), type="button", class_=look, data_answer="yes"
    )
    no = tag(
        "button", text_object(confirm.get("deny") or "Cancel", scene), type="button", class_="button", data_answer="no"
    )
    title = tag("h2", text_object(confirm.get("title") or "Are you sure?", scene))
    text = tag("div", text_object(confirm.get("text"), scene), class_="text")
    return tag("template", title, text, tag("div", no, yes, class_="dialog-buttons"), class_="confirm")


def options(element: Element, scene: Scene | None = None) -> list[Element]:
    """All options of an element, those of groups and of the workspace included."""
    return [option for _, group in _grouped(element, scene or Scene()) for option in group]


def _grouped(element: Element, scene: Scene) -> Iterable[tuple[str, list[Element]]]:
    kind = str(element.get("type")).removeprefix("multi_")
    if kind == "users_select":
        yield "", [_option(user, name) for user, name in scene.users.items()]
    elif kind in ("channels_select", "conversations_select"):
        yield "", [_option(channel, "#" + name) for channel, name in scene.channels.items()]
    elif element.get("option_groups"):
        for group in _mappings(element["option_groups"]):
            yield _text(group.get("label")), _mappings(group.get("options"))
    else:
        yield "", _mappings(element.get("options"))


def _option(value: str, name: str) -> Element:
    return {"text": {"type": "plain_text", "text": name}, "value": value}


def chosen_values(element: Element, value: Mapping[str, Any]) -> list[object]:
    """The values that stand chosen: those of the state where there is one, else the element's initial ones."""
    source, stem = (value, "selected") if value else (element, "initial")
    chosen: list[object] = []
    for key in ("option", "user", "channel", "conversation"):
        one, many = source.get(f"{stem}_{key}"), source.get(f"{stem}_{key}s")
        entries = [one, *(many if isinstance(many, list) else [])]
        chosen += [entry.get("value") if isinstance(entry, Mapping) else entry for entry in entries]
    return [entry for entry in chosen if entry is not None]


def _mappings(value: object) -> list[Element]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _text(text: object) -> str:
    """A text object's plain words."""
    return str(text.get("text", "")) if isinstance(text, Mapping) else str(text or "")


def _string(element: Element, key: str) -> str:
    value = element.get(key)
    return value if isinstance(value, str) else ""


def _integer(element: Element, key: str) -> int | None:
    value = element.get(key)
    return value if isinstance(value, int) else None


_MAKERS: dict[str, Callable[[Element, _Place, Scene, Mapping[str, Any]], Html]] = {
    "button": _button,
    "workflow_button": _button,
    "icon_button": _icon_button,
    "feedback_buttons": _feedback,
    "overflow": _overflow,
    "radio_buttons": _radio,
    "checkboxes": _checkboxes,
    **dict.fromkeys(("static_select", "users_select", "conversations_select", "channels_select"), _select),
    **dict.fromkeys(
        ("multi_static_select", "multi_users_select", "multi_conversations_select", "multi_channels_select"),
        _multi_select,
    ),
    "datepicker": _input("date", "selected_date", "initial_date"),
    "timepicker": _input("time", "selected_time", "initial_time"),
    "datetimepicker": _input("datetime-local", "selected_date_time", "initial_date_time"),
    "plain_text_input": _input("text", "value", "initial_value"),
    "email_text_input": _input("email", "value", "initial_value"),
    "url_text_input": _input("url", "value", "initial_value"),
    "number_input": _input("number", "value", "initial_value"),
}
