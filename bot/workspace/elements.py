"""Slack's rules for what stands inside blocks: buttons, menus, inputs, pictures (limits: Block Kit reference)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.workspace.schema import (
    Check,
    Problem,
    anything,
    array,
    boolean,
    every,
    integer,
    one_of,
    picture_url,
    plain_text,
    record,
    string,
    text,
    url,
)

IDENTITY = string(255)
"""An `action_id` or `block_id`."""

CONFIRM = record(
    {"title": plain_text(100), "text": text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": one_of("primary", "danger")},
)
SLACK_FILE = record(optional={"id": string(255), "url": string(3000)}, either=("id", "url"), not_both=("id", "url"))
PICTURE: Mapping[str, Check] = {"image_url": picture_url, "slack_file": SLACK_FILE}
IMAGE = record(
    {"alt_text": string(2000)}, PICTURE, either=("image_url", "slack_file"), not_both=("image_url", "slack_file")
)


def _option(label: Check) -> Check:
    return record({"text": label, "value": string(150)}, {"description": text(75), "url": url()})


OPTION = _option(plain_text(75))
MARKED_OPTION = _option(text(75))
"""Check boxes and radio buttons may format their options."""

OPTIONS = array(OPTION, 100)
GROUPS = array(record({"label": plain_text(75), "options": OPTIONS}), 100)
FOCUS: Mapping[str, Check] = {"focus_on_load": boolean}
COMMON: Mapping[str, Check] = {"action_id": IDENTITY, "confirm": CONFIRM}
MENU: Mapping[str, Check] = {**COMMON, **FOCUS, "placeholder": plain_text(150)}
ENTRY: Mapping[str, Check] = {
    "action_id": IDENTITY,
    **FOCUS,
    "placeholder": plain_text(150),
    "initial_value": string(3000, 0),
    "dispatch_action_config": record(
        {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)}
    ),
}
FILTER = record(
    optional={
        "include": array(one_of("im", "mpim", "private", "public"), 4),
        "exclude_bot_users": boolean,
        "exclude_external_shared_channels": boolean,
    }
)
MOST = {"max_selected_items": integer(1, 100)}


def _initial_is_offered(value: object, at: str) -> Iterable[Problem]:
    """What is chosen at first must be one of the options."""
    if not isinstance(value, dict):
        return
    groups = value.get("option_groups")
    offered = value.get("options")
    offered = list(offered) if isinstance(offered, list) else []
    for group in groups if isinstance(groups, list) else []:
        more = group.get("options") if isinstance(group, dict) else None
        offered += more if isinstance(more, list) else []
    many = value.get("initial_options")
    chosen = [("initial_option", value["initial_option"])] if "initial_option" in value else []
    chosen += [("initial_options", option) for option in many] if isinstance(many, list) else []
    for name, option in chosen:
        if option not in offered:
            yield Problem("must be one of the provided options", f"{at}/{name}")


def _menu(**fields: Check) -> Check:
    return record(optional={**MENU, **fields})


def _static(**fields: Check) -> Check:
    return every(
        record(
            optional={**MENU, "options": OPTIONS, "option_groups": GROUPS, **fields},
            either=("options", "option_groups"),
            not_both=("options", "option_groups"),
        ),
        _initial_is_offered,
    )


def _choices(initial: Mapping[str, Check]) -> Check:
    fields = {**COMMON, **FOCUS, **initial}
    return every(record({"options": array(MARKED_OPTION, 10)}, fields), _initial_is_offered)


_IDS = array(string(255), 100, 0)
_CONVERSATION: Mapping[str, Check] = {"filter": FILTER, "default_to_current_conversation": boolean}
_RESPONDS: Mapping[str, Check] = {"response_url_enabled": boolean}
_LABEL: Mapping[str, Check] = {"accessibility_label": string(75), "style": one_of("primary", "danger")}

BUTTON = record({"text": plain_text(75)}, {**COMMON, **_LABEL, "value": string(2000), "url": url()})
WORKFLOW_BUTTON = record({"text": plain_text(75), "workflow": anything}, {"action_id": IDENTITY, **_LABEL})
ICON_BUTTON = record(
    {"icon": one_of("trash"), "text": plain_text(75)},
    {**COMMON, "value": string(2000), "accessibility_label": string(75), "visible_to_user_ids": _IDS},
)
_FEEDBACK = record({"text": plain_text(75), "value": string(2000)}, {"accessibility_label": string(75)})
FEEDBACK_BUTTONS = record({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {"action_id": IDENTITY})

SINGLE_MENUS: Mapping[str, Check] = {
    "static_select": _static(initial_option=OPTION),
    "external_select": _menu(initial_option=OPTION, min_query_length=integer(0, 3000)),
    "users_select": _menu(initial_user=string(255)),
    "conversations_select": _menu(initial_conversation=string(255), **_CONVERSATION, **_RESPONDS),
    "channels_select": _menu(initial_channel=string(255), **_RESPONDS),
}
MULTI_MENUS: Mapping[str, Check] = {
    "multi_static_select": _static(initial_options=OPTIONS, **MOST),
    "multi_external_select": _menu(initial_options=OPTIONS, min_query_length=integer(0, 3000), **MOST),
    "multi_users_select": _menu(initial_users=_IDS, **MOST),
    "multi_conversations_select": _menu(initial_conversations=_IDS, **_CONVERSATION, **MOST),
    "multi_channels_select": _menu(initial_channels=_IDS, **MOST),
}
PICKERS: Mapping[str, Check] = {
    "checkboxes": _choices({"initial_options": array(MARKED_OPTION, 10)}),
    "radio_buttons": _choices({"initial_option": MARKED_OPTION}),
    "datepicker": _menu(initial_date=string(10)),
    "timepicker": _menu(initial_time=string(5), timezone=string(100)),
}
DATE_AND_TIME: Mapping[str, Check] = {
    "datetimepicker": record(optional={**COMMON, **FOCUS, "initial_date_time": integer(1_000_000_000, 9_999_999_999)})
}
OVERFLOW = record({"options": array(OPTION, 5)}, COMMON)

IN_ACTIONS: Mapping[str, Check] = {
    "button": BUTTON,
    "workflow_button": WORKFLOW_BUTTON,
    "overflow": OVERFLOW,
    **SINGLE_MENUS,
    **PICKERS,
    **DATE_AND_TIME,
}
"""What an actions block takes; menus of several choices stand in sections and inputs only (documented)."""

IN_SECTION: Mapping[str, Check] = {
    "image": IMAGE,
    "button": BUTTON,
    "workflow_button": WORKFLOW_BUTTON,
    "overflow": OVERFLOW,
    **SINGLE_MENUS,
    **MULTI_MENUS,
    **PICKERS,
}
IN_INPUT: Mapping[str, Check] = {
    "plain_text_input": record(
        optional={**ENTRY, "multiline": boolean, "min_length": integer(0, 3000), "max_length": integer(1, 3000)}
    ),
    "email_text_input": record(optional=ENTRY),
    "url_text_input": record(optional=ENTRY),
    "number_input": record(
        {"is_decimal_allowed": boolean}, {**ENTRY, "min_value": string(100), "max_value": string(100)}
    ),
    "rich_text_input": record(optional={**ENTRY, "initial_value": anything}),
    "file_input": record(
        optional={"action_id": IDENTITY, "filetypes": array(string(20), 100), "max_files": integer(1, 10)}
    ),
    **SINGLE_MENUS,
    **MULTI_MENUS,
    **PICKERS,
    **DATE_AND_TIME,
}
IN_CONTEXT_ACTIONS: Mapping[str, Check] = {"feedback_buttons": FEEDBACK_BUTTONS, "icon_button": ICON_BUTTON}
