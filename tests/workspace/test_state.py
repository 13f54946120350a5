"""The workspace's own order, its rates, its transcript, and what a choice in an element becomes."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.workspace.errors import NotPossible
from bot.workspace.interactive import Choice, chosen, initial, is_empty
from bot.workspace.rates import MESSAGE_BURST, Rates
from bot.workspace.state import Workspace
from tests.workspace.fixtures import Clock, newsroom
from tests.workspace.loops import run
from tests.workspace.manifests import manifest
from tests.workspace.test_api import refusal

Json = dict[str, Any]


@settings(deadline=None)
@given(st.lists(st.floats(0, 5), max_size=30))
def test_message_times_are_unique_and_ordered(steps: list[float]) -> None:
    """However the clock moves or stands, each time is later than the one before, with six decimals."""
    clock = Clock()
    workspace = Workspace(manifest(), clock=clock)
    given_out = []
    for step in steps:
        clock.now += step
        given_out.append(workspace.next_ts())
    assert given_out == sorted(set(given_out))
    assert all(len(ts.partition(".")[2]) == 6 for ts in given_out)


@settings(deadline=None)
@given(st.lists(st.floats(0, 4), max_size=60))
def test_no_channel_gets_more_than_a_message_a_second_after_a_burst(steps: list[float]) -> None:
    """In any stretch of time, what passes is at most the burst and one for each second."""
    clock = Clock()
    rates, passed = Rates(clock), []
    for step in steps:
        clock.now += step
        wait = rates.message("C")
        if wait == 0:
            passed.append(clock.now)
        else:
            assert wait == 1
    for first, began in enumerate(passed):
        for last, ended in enumerate(passed[first:], first):
            assert last - first + 1 <= MESSAGE_BURST + (ended - began) + 0.01


def test_runs_with_one_seed_are_alike() -> None:
    """Ids and secrets come from the given randomness alone."""
    first, second = (Workspace(manifest(), clock=Clock(), random=Random(3)) for _ in range(2))
    assert (first.bot, first.tokens.bot, first.tokens.signing_secret) == (
        second.bot,
        second.tokens.bot,
        second.tokens.signing_secret,
    )


def test_waiting_ends_with_the_thing_or_with_what_happened_instead() -> None:
    """`wait_for` gives what the predicate gave as soon as it is true, and names the last entries when it is not."""

    async def story() -> None:
        workspace = Workspace(manifest())
        channel = workspace.add_channel("desk").id
        waiting = asyncio.create_task(
            workspace.transcript.wait_for(lambda: workspace.transcript.changes("posted", channel))
        )
        await asyncio.sleep(0)
        workspace.post(channel, "U1", "hello")
        assert [change.message.text for change in await waiting if change.message] == ["hello"]
        with pytest.raises(TimeoutError, match=r"change posted .* 'hello'"):
            await workspace.transcript.wait_for(lambda: workspace.transcript.changes("deleted"), 0.01)
        assert await workspace.transcript.changed(0, 0.0) == workspace.transcript.version

    run(story())


def test_what_only_one_person_sees_makes_no_event() -> None:
    """An ephemeral message, changed and taken away through its response_url, is no news for the bot."""

    async def story() -> None:
        async with newsroom() as room:
            workspace = room.workspace
            quiet = workspace.post(room.desk.id, workspace.bot.id, "x", ephemeral_to=room.rana.id)
            workspace.update(quiet.ts, text="y")
            workspace.delete(quiet.ts)
            await room.slack.settle()
            assert workspace.transcript.deliveries() == []

    run(story())


def test_scopes_can_be_taken_away() -> None:
    """A token narrowed while the bot runs is refused by the name of the missing scope."""

    async def story() -> None:
        async with newsroom() as room:
            room.workspace.tokens.narrow("chat:write")
            assert await refusal(room.client.chat_postMessage(channel=room.desk.id, text="x")) == "missing_scope"

    run(story())


def option(value: str) -> Json:
    """An option."""
    return {"text": {"type": "plain_text", "text": value.upper()}, "value": value}


OFFERED = {"options": [option("a"), option("b")]}
GROUPED = {"option_groups": [{"label": {"type": "plain_text", "text": "G"}, **OFFERED}]}


@pytest.mark.parametrize(
    ("element", "choice", "state"),
    [
        ({"type": "button", "value": "1"}, None, {"value": "1"}),
        ({"type": "feedback_buttons"}, "good", {"value": "good"}),
        ({"type": "overflow", **OFFERED}, "b", {"selected_option": option("b")}),
        ({"type": "static_select", **GROUPED}, "a", {"selected_option": option("a")}),
        ({"type": "radio_buttons", **OFFERED}, None, {"selected_option": None}),
        ({"type": "checkboxes", **OFFERED}, ["a", "b"], {"selected_options": [option("a"), option("b")]}),
        ({"type": "multi_static_select", **OFFERED}, "a", {"selected_options": [option("a")]}),
        ({"type": "multi_users_select"}, ["U1"], {"selected_users": ["U1"]}),
        ({"type": "datepicker"}, "2024-02-29", {"selected_date": "2024-02-29"}),
        ({"type": "datetimepicker"}, 1_700_000_000, {"selected_date_time": 1_700_000_000}),
        ({"type": "plain_text_input"}, "words", {"value": "words"}),
    ],
)
def test_a_choice_becomes_the_state_of_its_element(element: Json, choice: Choice, state: Json) -> None:
    """Each kind of element tells its choice in the field that Slack uses for it."""
    assert chosen(element, choice) == {"type": element["type"], **state}


def test_what_is_not_offered_cannot_be_chosen() -> None:
    """An option that is not there is refused with those that are; an external menu takes what its bot offered."""
    with pytest.raises(NotPossible, match="there is: a, b"):
        chosen({"type": "static_select", **OFFERED}, "z")
    assert chosen({"type": "external_select"}, "z")["selected_option"]["value"] == "z"


def test_untouched_elements_have_their_initial_state() -> None:
    """What nobody touched shows its initial value, or nothing."""
    assert initial({"type": "plain_text_input", "initial_value": "x"}) == {"type": "plain_text_input", "value": "x"}
    assert initial({"type": "datepicker", "initial_date": "2024-01-01"})["selected_date"] == "2024-01-01"
    assert initial({"type": "static_select", "initial_option": option("a")})["selected_option"] == option("a")
    for kind in ("multi_users_select", "checkboxes", "users_select", "number_input"):
        assert is_empty(initial({"type": kind}))
