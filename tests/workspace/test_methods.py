"""Every method of the Web API, with arguments that no bot would send."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.workspace.api import METHODS
from bot.workspace.errors import Refused
from bot.workspace.methods.request import Request
from bot.workspace.state import Workspace
from bot.workspace.tokens import Token
from tests.workspace.fixtures import Clock
from tests.workspace.manifests import SCOPES, manifest
from tests.workspace.test_rules import JSON, NEARLY_BLOCKS, PICTURE, section

WORDS_OF_ARGUMENTS = """
channel channel_id channels users user user_id ts thread_ts message_ts timestamp text blocks attachments
metadata view view_id trigger_id external_id hash unfurls source unfurl_id limit cursor oldest latest types
name files file filename length alt_txt usergroup bot code redirect_uri grant_type client_id error message
include_all_metadata reply_broadcast
"""
ARGUMENTS = WORDS_OF_ARGUMENTS.split()


def workspace() -> Workspace:
    """A workspace with a message, a file, a Home and a direct conversation, the same each time."""
    made = Workspace(manifest(socket_mode=True), clock=Clock(), random=Random(5))
    rana = made.add_user("rana")
    desk = made.add_channel("desk", members=[rana.id, made.bot.id])
    made.post(desk.id, made.bot.id, "mine", bot_id=made.bot.bot_id, blocks=[section("x")])
    made.post(desk.id, rana.id, "hers <https://example.org/>")
    made.add_usergroup("oncall", [rana.id])
    made.direct(rana.id)
    return made


KNOWN = workspace()
REAL = st.sampled_from([*KNOWN.users, *KNOWN.channels, *KNOWN.messages, *KNOWN.usergroups, KNOWN.bot.bot_id])
WORDS = st.sampled_from(
    ["", "1", "-1", "0", "1e9", "NaN", "now", "true", "[]", "{}", "[{}]", "null", "modal", "home", "public_channel,im"]
)
VIEWS = st.sampled_from(
    [
        {"type": "home", "blocks": [PICTURE]},
        {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []},
    ]
)
ODD = {"type": "data_visualization", "accessory": 1, "elements": 2, "actions": [3], "child_blocks": "x"}
VALUES = (
    REAL | WORDS | VIEWS | JSON | NEARLY_BLOCKS | st.lists(st.sampled_from([PICTURE, section("x"), ODD]), max_size=3)
)


@settings(deadline=None, max_examples=400)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(METHODS)), st.dictionaries(st.sampled_from(ARGUMENTS), VALUES, max_size=6)),
        min_size=1,
        max_size=4,
    )
)
def test_no_arguments_make_a_method_fail(calls: list[tuple[str, dict[str, Any]]]) -> None:
    """Whatever is asked, in whatever order, the answer is Slack's yes or one of its refusals."""
    made = workspace()
    token = Token(made.tokens.bot, "bot", frozenset(SCOPES.split()))
    made.triggers.issue(next(iter(made.users)))
    for name, arguments in calls:
        try:
            answer = METHODS[name].run(Request(made, arguments, token))
        except Refused as refusal:
            answer = refusal.to_json()
            assert answer["error"]
        assert json.dumps(answer)
