"""What Slack makes of typed text, and whom a message notifies."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.workspace.notation import as_kept, escape, pings
from bot.workspace.state import Workspace
from bot.workspace.values import Json, Message
from tests.workspace.manifests import manifest


def room() -> Workspace:
    """A workspace with one person, one group and one channel of known ids."""
    workspace = Workspace(manifest(), random=Random(1))
    workspace.add_user("rana")
    workspace.add_usergroup("oncall", [])
    workspace.add_channel("syria-desk")
    return workspace


ROOM = room()
RANA, GROUP, DESK = list(ROOM.users)[-1], next(iter(ROOM.usergroups)), next(iter(ROOM.channels))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("see https://x.com/a?b=1&c=2.", "see <https://x.com/a?b=1&amp;c=2>."),
        ("(http://x.com/a_(b))", "(<http://x.com/a_(b>))"),
        ("example.org/x and mail@example.org", "<http://example.org/x|example.org/x> and mail@example.org"),
        ("@rana, @nobody and @oncall", f"<@{RANA}>, @nobody and <!subteam^{GROUP}>"),
        ("@channel @here", "<!channel> <!here>"),
        ("#syria-desk #nowhere", f"<#{DESK}|syria-desk> #nowhere"),
        ("<!channel> <@U123>", "&lt;!channel&gt; &lt;@U123&gt;"),
    ],
)
def test_typed_text_is_kept_in_slacks_notation(typed: str, kept: str) -> None:
    """Links, people, groups, channels and the three characters become what events hold."""
    assert as_kept(ROOM, typed) == kept


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab<>&@#!|:/.https channel "), max_size=60))
def test_no_typed_bracket_survives(typed: str) -> None:
    """Angle brackets in what is kept are Slack's own: without the notation, everything is escaped text."""
    kept = as_kept(ROOM, typed)
    assert kept.count("<") == kept.count(">")
    assert "<" not in escape(typed)
    if not any(mark in typed for mark in ("http", "@", "#", ".")):
        assert kept == escape(typed)


@pytest.mark.parametrize(
    ("blocks", "found"),
    [
        (
            [{"type": "section", "text": {"type": "mrkdwn", "text": "<!channel> <@U1|x> <!subteam^S1>"}}],
            "channel U1 S1",
        ),
        ([{"type": "header", "text": {"type": "plain_text", "text": "<!channel>"}}], ""),
        ([{"type": "context", "elements": [{"type": "mrkdwn", "text": "&lt;!here&gt; <!date^1^x|y> <#C1>"}]}], ""),
        ([{"type": "markdown", "text": "<!everyone>"}], "everyone"),
        ([{"type": "rich_text", "elements": [{"type": "x", "elements": [{"type": "user", "user_id": "U2"}]}]}], "U2"),
        ([{"type": "rich_text", "elements": [{"type": "x", "elements": [{"type": "text", "text": "<!here>"}]}]}], ""),
        ([{"type": "rich_text", "elements": [{"type": "broadcast", "range": "here"}]}], "here"),
    ],
)
def test_pings_are_seen_wherever_they_stand(blocks: list[Json], found: str) -> None:
    """Mentions notify in formatted text and as elements of rich text, never in plain words or when escaped."""
    assert pings(Message("C", "1.0", "U", "", blocks=blocks)) == set(found.split())
    assert pings(Message("C", "1.0", "U", "hello <@U9>")) == {"U9"}
