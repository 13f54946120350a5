"""Whether a channel is private, by what Slack says of it in a command or a click."""

from __future__ import annotations

import pytest

from bot.slack.incoming import click_request, command_request

WHO = {"team_id": "T1", "user_id": "U1", "trigger_id": "1.2"}


@pytest.mark.parametrize(
    ("channel", "name", "private"),
    [
        ("C1", "general", False),
        ("C1", "privategroup", True),
        ("C1", "privategroups", False),
        ("C1", "mpdm-a--b--c-1", True),
        ("D1", "directmessage", True),
        ("D1", "general", True),
        ("G1", "general", True),
        ("C1", "", True),
        ("C1", None, True),
    ],
)
def test_a_channel_is_public_only_where_slack_says_so(channel: str, name: str | None, private: bool) -> None:
    """By command and by click alike; what has no name is taken for private."""
    command = command_request({**WHO, "channel_id": channel, "channel_name": name}, "trace", "", {})
    body = {"team": {"id": "T1"}, "user": {"id": "U1"}, "trigger_id": "1.2", "channel": {"id": channel, "name": name}}
    click = click_request(body, {"action_id": "a"}, "trace", "", {})
    assert command.private is click.private is private


def test_a_click_in_home_is_private() -> None:
    """Home has no channel."""
    body = {"team": {"id": "T1"}, "user": {"id": "U1"}, "trigger_id": "1.2"}
    assert click_request(body, {"action_id": "a"}, "trace", "", {}).private
