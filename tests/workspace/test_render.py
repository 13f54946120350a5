"""Block Kit as HTML: the golden pages, and what no block may do."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.workspace.render import State, blocks_html
from bot.workspace.render_html import escaped, link, linkable, tag
from bot.workspace.render_scene import Scene

GOLDEN = Path(__file__).parent / "golden"
SCENE = Scene(
    users={"U1": "Ana Reyes", "U2": "<script>"},
    channels={"C1": "syria-desk"},
    files={"F1": "/page/file/F1"},
    now=datetime(2026, 1, 3, 12, tzinfo=UTC),
)
ALLOWED = {
    "a", "b", "blockquote", "br", "button", "caption", "code", "details", "div", "em", "figcaption", "figure",
    "h2", "h3", "hr", "img", "input", "label", "li", "ol", "optgroup", "option", "p", "pre", "s", "section",
    "select", "span", "strong", "summary", "table", "tbody", "td", "template", "textarea", "th", "thead",
    "tr", "u", "ul",
}  # fmt: skip


class Page(HTMLParser):
    """A strict reader: every element is known and closed, no attribute runs, no address leads astray."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Refuse an element or attribute that is not known."""
        assert tag in ALLOWED
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in {"style", "srcdoc", "formaction"}
            if name == "href":
                assert re.match(r"(https?://|mailto:|tel:)", value or "", re.IGNORECASE)
            if name == "src":
                assert (value or "").startswith("/page/file/")
        if tag not in {"br", "hr", "img", "input"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Refuse an end that has no start."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        """Refuse comments: the renderer makes none."""
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        """Refuse declarations."""
        raise AssertionError(decl)


def lines(markup: str) -> str:
    """Markup with each element on a line of its own, for differences that can be read."""
    return re.sub(r"(?<=>)(?=<(?!/))", "\n", markup) + "\n"


@pytest.mark.parametrize("name", ["texts", "pictures", "elements"])
def test_blocks_are_shown_as_the_golden_page_says(name: str) -> None:
    """Each kind of block and element becomes exactly the HTML that was looked at and kept."""
    blocks = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert (GOLDEN / f"{name}.html").read_text(encoding="utf-8") == lines(blocks_html(blocks, SCENE))


@pytest.mark.parametrize("name", ["texts", "pictures", "elements"])
def test_the_golden_pages_are_sound_html(name: str) -> None:
    """Every element of the golden pages is known, closed and without behaviour of its own."""
    Page((GOLDEN / f"{name}.html").read_text(encoding="utf-8"))


def _filled(template: Any, texts: list[str]) -> Any:
    """The same structure with every text taken from `texts` in turn, ids and kinds kept."""
    if isinstance(template, dict):
        return {
            key: value if key in {"type", "style", "block_id", "level"} else _filled(value, texts)
            for key, value in template.items()
        }
    if isinstance(template, list):
        return [_filled(entry, texts) for entry in template]
    if isinstance(template, str):
        texts.append(texts.pop(0))
        return texts[-1]
    return template


HOSTILE = st.one_of(
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "<javascript:alert(1)|click>",
            "[x](javascript:alert(1))",
            '"><img src=x onerror=alert(1)>',
            "<https://a.example/\"onmouseover='x'|a>",
            "<!date^1^{date}^javascript:alert(1)|x>",
            "data:text/html,<script>",
            "<!--",
            "]]>",
            "\ud800\x00\u202e",
            "<@U2> *<b>* `</code>` ```</pre>``` > <i>",
            "**<b>** | a |\n|---|\n| <td> |",
        ]
    ),
    st.text(alphabet="<>&\"'*_~`|[]()!#@:/^.\n -abU1{}\\\u202e", max_size=60),
    st.text(max_size=40),
)


@given(name=st.sampled_from(["texts", "pictures", "elements"]), texts=st.lists(HOSTILE, min_size=1, max_size=12))
def test_no_text_in_a_block_becomes_html(name: str, texts: list[str]) -> None:
    """Whatever stands in the texts of whatever block, the page holds only known, closed, harmless elements."""
    template = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    Page(blocks_html(_filled(template, list(texts)), SCENE)).text  # noqa: B018  (reading it is the assertion)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(
    kind=st.sampled_from(["section", "context", "actions", "image", "input", "table", "card", "rich_text"]), body=JSON
)
def test_a_malformed_block_is_shown_or_named_as_an_error(kind: str, body: Any) -> None:
    """Blocks of the wrong shape never raise: the page shows what it can."""
    keys = (
        "text",
        "fields",
        "elements",
        "element",
        "accessory",
        "rows",
        "title",
        "actions",
        "slack_file",
        "label",
        "body",
    )
    Page(blocks_html([{"type": kind, key: body} for key in keys], SCENE))


def test_what_is_unknown_is_a_visible_error() -> None:
    """An unknown block, element and file each leave a sentence, never nothing."""
    blocks = [
        {"type": "hologram"},
        {"type": "actions", "elements": [{"type": "lever"}]},
        {"type": "image", "slack_file": {"id": "F9"}, "alt_text": "A map"},
    ]
    text = " ".join(Page(blocks_html(blocks, SCENE)).text)
    assert "cannot show the block “hologram”" in text
    assert "cannot show the element “lever”" in text
    assert "The picture “A map” is not there" in text


def test_feedback_buttons_carry_their_own_values() -> None:
    """Each of the two buttons tells its own value; one that is missing is a visible error."""
    good = {"text": {"type": "plain_text", "text": "Helpful"}, "value": "yes"}
    element = {"type": "feedback_buttons", "action_id": "f", "positive_button": good}
    shown = blocks_html([{"type": "context_actions", "block_id": "b", "elements": [element]}], SCENE)
    assert 'data-value="yes"' in shown
    assert "lack their negative_button" in shown


@pytest.mark.parametrize(
    ("element", "value", "expected"),
    [
        ({"type": "datetimepicker", "initial_date_time": 1_700_000_000}, None, "2023-11-14T22:13"),
        ({"type": "number_input", "initial_value": "7"}, None, "7"),
        ({"type": "email_text_input"}, {"value": "a@b.example"}, "a@b.example"),
        ({"type": "plain_text_input", "initial_value": "old"}, {"value": None}, ""),
    ],
)
def test_one_line_inputs_start_with_what_they_hold(element: Any, value: Any, expected: str) -> None:
    """An input shows its state where there is one, else its initial value, a moment as date and time."""
    block = {"type": "input", "block_id": "b", "label": {"type": "plain_text", "text": "L"}, "element": element}
    state: State = {"b": {"": value}} if value else {}
    assert f'value="{expected}"' in blocks_html([block], SCENE, state=state)


def test_rich_text_has_every_part() -> None:
    """Colours, dates, groups and channels of rich text are shown; a part that is unknown is a visible error."""
    parts = [
        {"type": "color", "value": "#ff0000"},
        {"type": "date", "timestamp": 1_700_000_000, "format": "{date_num}", "fallback": "then"},
        {"type": "date", "timestamp": "never", "format": "{date_num}", "url": "https://a.example", "fallback": "then"},
        {"type": "usergroup", "usergroup_id": "S9"},
        {"type": "channel", "channel_id": "C1"},
        {"type": "emoji", "name": "nonesuch"},
        {"type": "text", "text": "u", "style": {"underline": True, "code": True}},
        {"type": "smell"},
    ]
    elements = [{"type": "rich_text_section", "elements": parts}, {"type": "rich_text_song", "elements": []}]
    shown = blocks_html([{"type": "rich_text", "elements": elements}], SCENE)
    for part in ("#ff0000", "2023-11-14", 'href="https://a.example"', "@S9", "#syria-desk", ":nonesuch:"):
        assert part in shown
    assert "<u><code>u</code></u>" in shown
    assert "the rich text part “smell”" in shown
    assert "the rich text element “rich_text_song”" in shown


def test_inputs_show_their_state_and_their_errors() -> None:
    """What a person chose is filled in again, and a refused input says why beneath it."""
    select = {
        "type": "static_select",
        "action_id": "a",
        "options": [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("one", "two")],
    }
    blocks = [
        {"type": "input", "block_id": "b", "label": {"type": "plain_text", "text": "Which"}, "element": select},
        {
            "type": "input",
            "block_id": "c",
            "label": {"type": "plain_text", "text": "Why"},
            "element": {"type": "plain_text_input", "action_id": "t", "initial_value": "old"},
        },
    ]
    state: State = {"b": {"a": {"selected_option": {"value": "two"}}}, "c": {"t": {"value": "new"}}}
    shown = blocks_html(blocks, SCENE, state=state, errors={"c": "Say <why>."})
    assert '<option value="two" selected>two</option>' in shown
    assert 'value="new"' in shown
    assert "old" not in shown
    assert '<div class="input-error" role="alert">Say &lt;why&gt;.</div>' in shown


def test_blocks_too_deep_inside_one_another_are_an_error() -> None:
    """A container in a container in a container ends in a sentence, not in a fall."""
    block: dict[str, Any] = {"type": "divider"}
    for _ in range(50):
        block = {"type": "container", "child_blocks": [block]}
    assert "too deep" in blocks_html([block], SCENE)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org/a?b=c#d", True),
        ("HTTP://EXAMPLE.ORG", True),
        ("mailto:a@example.org", True),
        ("tel:+1-555", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("/client", False),
        ('https://a"b', False),
        ("https://a b", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_web_become_links(address: str, expected: bool) -> None:
    """An href is http, https, mailto or tel; anything else stays text."""
    assert expected is linkable(address)
    assert expected is ("href=" in link(address, escaped("x")))


def test_attributes_are_escaped_or_left_out() -> None:
    """A quote in an attribute cannot end it, and None leaves no trace."""
    assert tag("span", escaped("<"), title='a"b', lang=None, hidden=True) == '<span title="a&quot;b" hidden>&lt;</span>'
