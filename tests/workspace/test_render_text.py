"""Slack's markup as HTML: marks and words, links, mentions, dates, emoji, and standard Markdown beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.workspace.render_dates import formatted
from bot.workspace.render_emoji import NAMES, SHORTCODE
from bot.workspace.render_markdown import markdown
from bot.workspace.render_scene import Scene
from bot.workspace.render_text import mrkdwn, plain
from tests.workspace.test_render import Page

SCENE = Scene(
    users={"U1": "Ana"},
    channels={"C1": "desk"},
    usergroups={"S1": "editors"},
    now=datetime(2023, 11, 15, 12, tzinfo=UTC),
    zone=ZoneInfo("Europe/Berlin"),
)
LINK = 'target="_blank" rel="noopener noreferrer nofollow"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*bold* _it_ ~no~", "<strong>bold</strong> <em>it</em> <s>no</s>"),
        ("(*bold*), *b*.", "(<strong>bold</strong>), <strong>b</strong>."),
        ("snake_case_name", "snake_case_name"),
        ("5*3*2", "5*3*2"),
        ("a *b*c d*", "a <strong>b*c d</strong>"),
        ("* a *", "* a *"),
        ("*a *", "*a *"),
        ("**a**", "**a**"),
        ("*a\nb*", "*a<br>b*"),
        ("太*字*太", "太*字*太"),
        ("太\u200b*字*\u200b太", "太\u200b<strong>字</strong>\u200b太"),
        ("*_both_* _*both*_", "<strong><em>both</em></strong> <em><strong>both</strong></em>"),
        ("*a _b* c_", "<strong>a _b</strong> c_"),
        ("`*a*` don`t can`t", "<code>*a*</code> don`t can`t"),
        ("a\n```x *y*\n z```\nb", "a<pre>x *y*\n z</pre>b"),
        ("```open", "```open"),
        ("> a\n&gt; b\nc", "<blockquote>a<br>b</blockquote>c"),
        ("a\n>>> b\nc", "a<blockquote>b<br>c</blockquote>"),
        ("&amp;lt; &lt;b&gt; &quot;", "&amp;lt; &lt;b&gt; &amp;quot;"),
        ("<b>", "&lt;b&gt;"),
        (":eyes: :nonesuch: 10:30:45", '<span class="emoji" title=":eyes:">👀</span> :nonesuch: 10:30:45'),
        ("`:eyes:`", "<code>:eyes:</code>"),
    ],
)
def test_marks_follow_the_words_around_them(text: str, expected: str) -> None:
    """A mark formats where Slack lets it, and stands as a character everywhere else."""
    assert expected == mrkdwn(text, SCENE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<https://a.example/?b=1&amp;c=2|a *b*>", f'<a href="https://a.example/?b=1&amp;c=2" {LINK}>a *b*</a>'),
        ("*<https://a.example|b>*", f'<strong><a href="https://a.example" {LINK}>b</a></strong>'),
        ("<mailto:a@b.example>", f'<a href="mailto:a@b.example" {LINK}>a@b.example</a>'),
        ("(https://a.example/b_c_d).", f'(<a href="https://a.example/b_c_d" {LINK}>https://a.example/b_c_d</a>).'),
        ("https://a.example/x_(y)", f'<a href="https://a.example/x_(y)" {LINK}>https://a.example/x_(y)</a>'),
        ("<javascript:alert(1)|safe>", "&lt;javascript:alert(1)|safe&gt;"),
        ("<data:text/html,x|safe>", "&lt;data:text/html,x|safe&gt;"),
        ("<@U1> <@U9> <@U9|bob>", None),
        ("<!channel>", '<span class="mention broadcast">@channel</span>'),
        ("&lt;!channel&gt;", "&lt;!channel&gt;"),
        ("<!subteam^S1>", '<span class="mention">@editors</span>'),
        ("<#C1>", '<span class="mention" data-channel="C1">#desk</span>'),
        ("<!strange>", "&lt;!strange&gt;"),
    ],
)
def test_tokens_become_links_and_names(text: str, expected: str | None) -> None:
    """Links open beside the page, names are looked up, and what is neither stays readable text."""
    shown = mrkdwn(text, SCENE)
    if expected is None:
        assert [">@Ana<" in shown, ">@U9<" in shown, ">@bob<" in shown] == [True] * 3
    else:
        assert expected == shown


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{date_num} {time_secs}", "2023-11-14 23:13:20"),
        ("{date} at {time}", "November 14th at 23:13"),
        ("{date_short}, {date_long}", "Nov 14, 2023, Tuesday, November 14th"),
        ("{date_pretty}", "yesterday"),
        ("{ago}", "13 hours ago"),
        ("{date_num} {nonesuch}", "2023-11-14 {nonesuch}"),
        ("no token", None),
    ],
)
def test_dates_are_told_on_the_readers_clock(pattern: str, expected: str | None) -> None:
    """Each date token is filled in the reader's zone; a pattern without one falls back."""
    assert expected == formatted("1700000000", pattern, SCENE)


@pytest.mark.parametrize("seconds", ["", "soon", "99999999999999", "999999999999", "1e9", "-"])
def test_what_is_no_time_shows_its_fallback(seconds: str) -> None:
    """A date token whose time cannot be told shows the text its writer gave for that."""
    assert "then" in mrkdwn(f"<!date^{seconds}^{{date}}|then>", SCENE)


def test_plain_text_has_no_marks() -> None:
    """Plain text keeps marks, tokens and entities as characters, and shows emoji unless told not to."""
    assert plain("*a* <@U1> &amp; :eyes:\nb") == "*a* &lt;@U1&gt; &amp;amp; 👀<br>b"
    assert plain(":eyes:", shortcodes=False) == ":eyes:"


@given(st.text(alphabet="<>&;ltgamp*_~`|!@#^:/. \n\"'Uhtps1", max_size=80))
def test_markup_never_makes_html_of_its_text(text: str) -> None:
    """Any text at all becomes closed, known elements only."""
    Page(mrkdwn(text, SCENE))
    Page(markdown(text, SCENE))


@given(st.text(alphabet=st.characters(exclude_characters="*_~`<>&:\n\r", exclude_categories=["Cc", "Cs"]), max_size=60))
def test_text_without_markup_is_shown_whole(text: str) -> None:
    """Nothing of an unmarked text is lost or changed."""
    assert text == "".join(Page(mrkdwn(text, SCENE)).text)


@pytest.mark.parametrize("text", ["*a ", "`", "<", "_*~", "> ", "**a ", "&gt;", "[a](", "|-", "https://a!!!!"])
def test_hostile_lengths_are_read_in_good_time(text: str) -> None:
    """40,000 characters of anything cost a fraction of a second, in either markup."""
    long = (text * 40_000)[:40_000]
    start = perf_counter()
    mrkdwn(long, SCENE)
    markdown(long[:12_000], SCENE)
    assert perf_counter() - start < 5


def test_markdown_has_the_parts_that_slack_documents() -> None:
    """Headings, emphasis, lists, tasks, quotes, code, rules, tables and links each become their element."""
    text = "# T\n**b *i*** ~~s~~ `<`\n1. x\n\n- [x] y\n\n> q\n\n---\n|a|b|\n|-|-|\n|1|2|\n```\n<&\n```\n[l](https://a.example)"
    shown = markdown(text, SCENE)
    for part in ("h1", "<strong>b <em>i</em></strong>", "<s>s</s>", "<code>&lt;</code>", "<ol><li>x</li></ol>", "☑ y"):
        assert part in shown
    for part in (
        "<blockquote><p>q</p></blockquote>",
        "<hr>",
        "<td>2</td>",
        "<pre>&lt;&amp;</pre>",
        'href="https://a.example"',
    ):
        assert part in shown


def test_markdown_keeps_what_must_not_be_a_link() -> None:
    """A link or picture to anything but the web is shown with its address as text."""
    assert "href" not in markdown("[x](javascript:alert%281%29) ![y](data:image/png)", SCENE)


def test_every_emoji_name_can_be_typed() -> None:
    """Each name of the table is one that a shortcode can spell."""
    assert [name for name in NAMES if not SHORTCODE.fullmatch(f":{name}:")] == []
