"""Pieces of HTML to plain text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.fragments import LIMIT, plain_text


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One <b>bold</b>\n word</p><p>Two<br/>lines", "One bold word\n\nTwo\nlines"),
        ("AT&amp;T &lt;b&gt; &#1055;&nbsp;!", "AT&T <b> П\xa0!"),
        ("a<script>b<p>c</script>d<style>e</style><!-- f --><svg><svg>g</svg>h</svg>i", "adi"),
        ("<pre>x = 1\n\n  y</pre>end", "x = 1\n\ny\n\nend"),
        ("<ul><li>one<li>two</ul><table><tr><td>a<td>b</table>", "one\n\ntwo\n\na b"),
        ("no markup at all", "no markup at all"),
        ("a<![if !mso]>b<![CDATA[c]]>d<![odd e>", "abd"),
        ("<img src=x onerror=alert(1)>", ""),
        ("a < b and c > d", "a < b and c > d"),
        ("", ""),
    ],
)
def test_plain_text(html: str, expected: str) -> None:
    """Blocks stand apart, lines stay, references are decoded once, and what no reader sees is gone."""
    assert plain_text(html) == expected


def test_limit() -> None:
    """What goes on beyond any article is cut off."""
    assert len(plain_text("a" * (LIMIT + 100))) == LIMIT


@settings(max_examples=200)
@given(st.text(alphabet=st.sampled_from("<>/!-&;pbr \n[]a'\"=#x1script")))
def test_any_markup(html: str) -> None:
    """Any markup comes to text whose paragraphs are not empty."""
    assert all(block.strip() for block in plain_text(html).split("\n\n") if plain_text(html))
