"""What Slack refuses in blocks, views and metadata, by limit and by kind."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.workspace.rules import BLOCKS, TOTAL, characters, check_blocks, check_metadata, check_view, slack_files
from bot.workspace.schema import Problem

Json = dict[str, Any]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
WORDS_OF_TYPE = """
section header divider image actions context input markdown table data_table card carousel container
rich_text plan task_card video alert context_actions button static_select overflow mrkdwn plain_text
raw_text
"""
KINDS = st.sampled_from(WORDS_OF_TYPE.split())
WORDS_OF_FIELD = """
type text fields elements accessory element label blocks rows child_blocks options option_groups
initial_option title alt_text image_url slack_file value action_id block_id url confirm submit
private_metadata
"""
FIELDS = st.sampled_from(WORDS_OF_FIELD.split())
NEARLY_BLOCKS = st.recursive(
    KINDS | JSON,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=5),
    max_leaves=20,
)


def plain(text: str) -> Json:
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    """A text object with marks."""
    return {"type": "mrkdwn", "text": text}


def section(text: str, **fields: object) -> Json:
    """A section block."""
    return {"type": "section", "text": mrkdwn(text), **fields}


def button(**fields: object) -> Json:
    """A button that may be sent as it is."""
    return {"type": "button", "text": plain("Go"), "action_id": "go", **fields}


def actions(*elements: Json) -> Json:
    """An actions block."""
    return {"type": "actions", "elements": list(elements)}


def option(value: str = "a", **fields: object) -> Json:
    """An option of a menu."""
    return {"text": plain("A"), "value": value, **fields}


def menu(**fields: object) -> Json:
    """A menu with one option."""
    return {"type": "static_select", "action_id": "pick", "options": [option()], **fields}


def table(rows: int = 2, columns: int = 2, text: str = "cell") -> Json:
    """A table of equal cells."""
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns] * rows}


def card(**fields: object) -> Json:
    """A card with a title."""
    return {"type": "card", "title": plain("T"), **fields}


CONFIRM = {"title": plain("Sure?"), "text": mrkdwn("Really?"), "confirm": plain("Yes"), "deny": plain("No")}
PUBLIC = "https://example.org/a.png"
PICTURE = {"type": "image", "image_url": PUBLIC, "alt_text": "a square"}
RICH = {
    "type": "rich_text",
    "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}, {"type": "emoji", "name": "wave"}]},
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "link", "url": PUBLIC}]}],
        },
    ],
}


@pytest.mark.parametrize(
    "block",
    [
        section("x" * 3000),
        section("x", accessory=PICTURE, block_id="b" * 255),
        section("x", accessory={"type": "overflow", "action_id": "o", "options": [option()] * 5}),
        {"type": "section", "fields": [mrkdwn("x" * 2000)] * 10},
        {"type": "header", "text": plain("x" * 150)},
        {"type": "divider"},
        {**PICTURE, "title": plain("x" * 2000)},
        {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "x" * 2000},
        actions(*[button(action_id=str(number)) for number in range(25)]),
        actions(button(value="v" * 2000, url="https://example.org/", style="danger", confirm=CONFIRM)),
        actions(menu(placeholder=plain("x" * 150), initial_option=option())),
        {"type": "context", "elements": [mrkdwn("x"), PICTURE] * 5},
        {"type": "markdown", "text": "x" * 12_000},
        table(100, 20, "xxxxx"),
        {"type": "data_table", "caption": "c", "rows": table(101, 2)["rows"], "page_size": 100},
        card(subtitle=mrkdwn("s" * 150), body=mrkdwn("b" * 200), actions=[button()], hero_image=PICTURE),
        {"type": "carousel", "elements": [card()] * 10},
        {"type": "container", "title": plain("t" * 150), "child_blocks": [section("x")] * 10},
        RICH,
    ],
    ids=lambda block: str(block["type"]),
)
def test_blocks_at_their_limits_are_taken(block: Json) -> None:
    """Every kind of block passes with its fields at Slack's limits."""
    assert check_blocks([block]) == []


REFUSED: list[tuple[object, str, str]] = [
    (section("x" * 3001), "must be less than 3001 characters", "/blocks/0/text/text"),
    (section(""), "must be more than 0 characters", "/blocks/0/text/text"),
    ({"type": "section"}, "must define either `text` or `fields`", "/blocks/0"),
    ({"type": "section", "fields": [mrkdwn("x")] * 11}, "no more than 10 items allowed", "/blocks/0/fields"),
    (
        {"type": "section", "fields": [mrkdwn("x" * 2001)]},
        "must be less than 2001 characters",
        "/blocks/0/fields/0/text",
    ),
    ({"type": "header", "text": plain("x" * 151)}, "must be less than 151 characters", "/blocks/0/text/text"),
    ({"type": "header", "text": mrkdwn("x")}, "unsupported type: mrkdwn", "/blocks/0/text/type"),
    ({"type": "header", "text": "x"}, "must provide an object", "/blocks/0/text"),
    ({"type": "image", "image_url": PUBLIC}, "missing required field: alt_text", "/blocks/0"),
    ({"type": "image", "alt_text": "x"}, "must define either `image_url` or `slack_file`", "/blocks/0"),
    ({**PICTURE, "image_url": "http://127.0.0.1/a.png"}, "downloading image failed", "/blocks/0/image_url"),
    ({**PICTURE, "image_url": "http://localhost:8700/a.png"}, "downloading image failed", "/blocks/0/image_url"),
    ({**PICTURE, "image_url": "https://10.0.0.7/a.png"}, "downloading image failed", "/blocks/0/image_url"),
    ({**PICTURE, "image_url": "http://[::1]/a.png"}, "downloading image failed", "/blocks/0/image_url"),
    ({**PICTURE, "image_url": "file:///etc/passwd"}, "must provide a valid url", "/blocks/0/image_url"),
    ({**PICTURE, "alt_text": "x" * 2001}, "must be less than 2001 characters", "/blocks/0/alt_text"),
    ({**PICTURE, "title": plain("x" * 2001)}, "must be less than 2001 characters", "/blocks/0/title/text"),
    (actions(*[button(action_id=str(n)) for n in range(26)]), "no more than 25 items allowed", "/blocks/0/elements"),
    (actions(), "no fewer than 1 items allowed", "/blocks/0/elements"),
    (actions(button(text=plain("x" * 76))), "must be less than 76 characters", "/blocks/0/elements/0/text/text"),
    (actions(button(value="x" * 2001)), "must be less than 2001 characters", "/blocks/0/elements/0/value"),
    (
        actions(button(url="https://e.org/" + "x" * 3000)),
        "must be less than 3001 characters",
        "/blocks/0/elements/0/url",
    ),
    (actions(button(action_id="x" * 256)), "must be less than 256 characters", "/blocks/0/elements/0/action_id"),
    (
        actions(button(), button()),
        "`action_id` 'go' already exists for `block_id` None",
        "/blocks/0/elements/1/action_id",
    ),
    (actions(button(colour="red")), "invalid additional property: colour", "/blocks/0/elements/0"),
    (
        actions({**menu(), "type": "multi_static_select"}),
        "unsupported type: multi_static_select",
        "/blocks/0/elements/0/type",
    ),
    (actions(menu(options=[option()] * 101)), "no more than 100 items allowed", "/blocks/0/elements/0/options"),
    (
        actions(menu(placeholder=plain("x" * 151))),
        "must be less than 151 characters",
        "/blocks/0/elements/0/placeholder/text",
    ),
    (
        actions(menu(initial_option=option("z"))),
        "must be one of the provided options",
        "/blocks/0/elements/0/initial_option",
    ),
    (
        actions(menu(options=[{**option(), "text": plain("x" * 76)}])),
        "must be less than 76 characters",
        "/blocks/0/elements/0/options/0/text/text",
    ),
    (
        section("x", accessory={"type": "overflow", "options": [option()] * 6}),
        "no more than 5 items allowed",
        "/blocks/0/accessory/options",
    ),
    (
        actions(button(confirm={**CONFIRM, "title": plain("x" * 101)})),
        "must be less than 101 characters",
        "/blocks/0/elements/0/confirm/title/text",
    ),
    (
        actions(button(confirm={**CONFIRM, "text": mrkdwn("x" * 301)})),
        "must be less than 301 characters",
        "/blocks/0/elements/0/confirm/text/text",
    ),
    (
        actions(button(confirm={**CONFIRM, "deny": plain("x" * 31)})),
        "must be less than 31 characters",
        "/blocks/0/elements/0/confirm/deny/text",
    ),
    ({"type": "context", "elements": [mrkdwn("x")] * 11}, "no more than 10 items allowed", "/blocks/0/elements"),
    ({"type": "markdown", "text": "x" * 12_001}, "must be less than 12001 characters", "/blocks/0/text"),
    (table(101), "no more than 100 items allowed", "/blocks/0/rows"),
    (table(2, 21), "no more than 20 items allowed", "/blocks/0/rows/0"),
    (table(100, 20, "xxxxxx"), "no more than 10000 characters allowed in all cells", "/blocks/0/rows"),
    (
        {"type": "data_table", "caption": "c", "rows": table(102)["rows"]},
        "no more than 101 items allowed",
        "/blocks/0/rows",
    ),
    (
        {"type": "data_table", "caption": "c", "rows": [*table(2, 2)["rows"], *table(1, 3)["rows"]]},
        "all rows must have the same number of cells",
        "/blocks/0/rows",
    ),
    (card(title=plain("x" * 151)), "must be less than 151 characters", "/blocks/0/title/text"),
    (card(body=plain("x" * 201)), "must be less than 201 characters", "/blocks/0/body/text"),
    ({"type": "carousel", "elements": []}, "no fewer than 1 items allowed", "/blocks/0/elements"),
    ({"type": "carousel", "elements": [card()] * 11}, "no more than 10 items allowed", "/blocks/0/elements"),
    (
        {"type": "container", "title": plain("t"), "child_blocks": [{"type": "divider"}] * 11},
        "no more than 10 items allowed",
        "/blocks/0/child_blocks",
    ),
    ({"type": "alert", "text": plain("x")}, "unsupported type: alert", "/blocks/0/type"),
    ({"type": "warning"}, "unsupported type: warning", "/blocks/0/type"),
    ({"text": plain("x")}, "missing required field: type", "/blocks/0"),
    ("section", "must provide an object", "/blocks/0"),
    (section("x", block_id="x" * 256), "must be less than 256 characters", "/blocks/0/block_id"),
]


@pytest.mark.parametrize(("block", "text", "pointer"), REFUSED, ids=[f"{text} {at}" for _, text, at in REFUSED])
def test_what_is_wrong_is_named_with_its_place(block: object, text: str, pointer: str) -> None:
    """One step over a limit is refused, with what is wrong and the JSON pointer to it."""
    assert Problem(text, pointer) in check_blocks([block])


def test_a_message_holds_fifty_blocks() -> None:
    """Fifty blocks pass, one more does not."""
    assert check_blocks([{"type": "divider"}] * BLOCKS) == []
    assert [str(found) for found in check_blocks([{"type": "divider"}] * 51)] == [
        "no more than 50 items allowed [json-pointer:/blocks]"
    ]


def test_a_message_holds_one_table_and_each_block_id_once() -> None:
    """A second table and a repeated block id are refused where they stand."""
    found = check_blocks([{**table(), "block_id": "same"}, {**table(), "block_id": "same"}])
    assert [str(problem) for problem in found] == [
        "`block_id` 'same' already exists [json-pointer:/blocks/1/block_id]",
        "only one table allowed [json-pointer:/blocks/1]",
    ]


def test_markdown_is_limited_over_the_whole_message() -> None:
    """Two markdown blocks may not pass together what one may not."""
    found = check_blocks([{"type": "markdown", "text": "x" * 6_001}] * 2)
    assert [problem.pointer for problem in found] == ["/blocks"]


def test_characters_count_what_is_shown() -> None:
    """Texts, alt texts, titles and cells count; ids, values and addresses do not."""
    blocks = [section("12345", accessory=button(value="not shown")), PICTURE, table(2, 2, "xy"), RICH]
    assert characters(blocks) == len("12345") + len("Go") + len("a square") + 8 + 1
    assert characters([section("x" * 3000)] * 5) > TOTAL


def test_pictures_of_slack_files_are_found_wherever_they_stand() -> None:
    """Each `slack_file` is listed with its pointer, in blocks and in accessories."""
    file = {"id": "F1"}
    image = {"type": "image", "slack_file": file, "alt_text": "x"}
    found = dict(slack_files([image, section("x", accessory=image)]))
    assert found == {"/blocks/0/slack_file": file, "/blocks/1/accessory/slack_file": file}


MODAL = {"type": "modal", "title": plain("A title"), "blocks": []}
INPUT = {"type": "input", "label": plain("Why?"), "element": {"type": "plain_text_input", "action_id": "why"}}


@pytest.mark.parametrize(
    "view",
    [
        {**MODAL, "blocks": [{"type": "divider"}] * 100, "private_metadata": "x" * 3000, "callback_id": "x" * 255},
        {**MODAL, "blocks": [INPUT], "submit": plain("x" * 24), "close": plain("x" * 24)},
        {**MODAL, "blocks": [{"type": "alert", "text": plain("x"), "level": "warning"}]},
        {"type": "home", "blocks": [section("x", accessory=button())]},
    ],
)
def test_views_at_their_limits_are_taken(view: Json) -> None:
    """Modals and Home pass at Slack's limits; an alert may stand in a modal."""
    assert check_view(view) == []


@pytest.mark.parametrize(
    ("view", "text", "pointer"),
    [
        ({**MODAL, "title": plain("x" * 25)}, "must be less than 25 characters", "/view/title/text"),
        ({**MODAL, "close": plain("x" * 25)}, "must be less than 25 characters", "/view/close/text"),
        ({**MODAL, "blocks": [INPUT]}, "missing required field: submit", "/view"),
        ({**MODAL, "blocks": [{"type": "divider"}] * 101}, "no more than 100 items allowed", "/view/blocks"),
        ({**MODAL, "private_metadata": "x" * 3001}, "must be less than 3001 characters", "/view/private_metadata"),
        ({**MODAL, "callback_id": "x" * 256}, "must be less than 256 characters", "/view/callback_id"),
        ({"type": "modal", "blocks": []}, "missing required field: title", "/view"),
        ({"type": "home"}, "missing required field: blocks", "/view"),
        ({"type": "home", "blocks": [table()]}, "unsupported type: table", "/view/blocks/0/type"),
        ({"type": "drawer"}, "must be one of: modal, home", "/view/type"),
        ([], "must provide an object", "/view"),
    ],
)
def test_what_is_wrong_with_a_view_is_named(view: object, text: str, pointer: str) -> None:
    """Views have limits of their own."""
    assert Problem(text, pointer) in check_view(view)


def test_metadata_has_a_type_and_a_payload() -> None:
    """Both fields are needed, no other is taken, and an empty object takes the metadata away."""
    assert check_metadata({"event_type": "card", "event_payload": {"key": "1"}}) == []
    assert check_metadata({}) == []
    wrongs: list[object] = [[], {"event_type": "card"}, {"event_type": "card", "event_payload": "1"}]
    for wrong in wrongs:
        assert check_metadata(wrong)
    assert check_metadata({"event_type": "card", "event_payload": {"key": "x" * 8_000}})


@settings(deadline=None)
@given(NEARLY_BLOCKS | JSON)
def test_no_json_makes_a_rule_fail(value: object) -> None:
    """Whatever is sent, the rules answer with problems and never with an exception of their own."""
    assert all(problem.pointer.startswith("/") for problem in check_blocks(value))
    assert all(problem.pointer.startswith("/") for problem in check_blocks([value]))
    for view in (value, {"type": "modal", "title": value, "blocks": value}, {"type": "home", "blocks": [value]}):
        assert all(str(problem) for problem in check_view(view))
    check_metadata(value)
    assert characters(value) >= 0
    list(slack_files(value))


@pytest.mark.parametrize("depth", [1, 100, 1_000, 10_000])
def test_depth_makes_no_rule_fail(depth: int) -> None:
    """A value nested ten thousand deep is refused or passed over, not a crash."""
    value: object = "x"
    for _ in range(depth):
        value = {"type": "section", "text": [value]}
    assert check_blocks([value])
    check_metadata({"event_type": "x", "event_payload": {"deep": value}})
    assert characters(value) >= 0
    assert list(slack_files(value)) == []
