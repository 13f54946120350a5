"""What a request is answered with, and where: errors in words, each message by the way the question came."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest

from bot.desk import Desk
from bot.runner import Answer, Reply
from bot.slack.request import Door, Request
from storage.errors import NotFound, StoreBusy
from storage.outbox import Claimed, Kind
from tests.test_runner import ASKED, answer, card, fixture_desk, left, play, runner, text, waiting

__all__ = ["fixture_desk"]


def answered(desk: Desk, given: Answer, request: Request = ASKED) -> list[Claimed]:
    """Answer one request in one way, and return its messages; the request is ended."""

    async def run() -> None:
        one = runner(desk, given)
        await one.accept(request)
        await one.idle()

    play(run())
    assert left(desk) == 0
    return waiting(desk)


def test_an_error_in_words_is_one_card_and_one_line_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """What happened and the next step reach the one who asked; the log names team, channel, user and request."""

    async def refuse(_request: Request) -> Reply:
        raise NotFound("This post is not held; trace its link.")

    [message] = answered(desk, refuse)
    assert "This post is not held." in text(message)
    assert "Trace its link." in text(message)
    [line] = [record.getMessage() for record in caplog.records if record.name == "dateline.runner"]
    for name in ("team T1", "channel C1", "user U1", ASKED.id):
        assert name in line


def test_any_other_error_is_one_card_without_its_words_and_one_traceback(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """The one who asked is not shown our insides, but an id by which the log can be searched."""

    async def break_down(_request: Request) -> Reply:
        raise ZeroDivisionError("secret words")

    [message] = answered(desk, break_down)
    assert "secret" not in text(message)
    assert ASKED.id in text(message)
    [record] = [record for record in caplog.records if record.name == "dateline.runner"]
    assert record.levelno == logging.ERROR
    assert record.exc_info
    for name in ("team T1", "channel C1", "user U1", ASKED.id):
        assert name in record.getMessage()


@pytest.mark.parametrize(("error", "button"), [(StoreBusy("It is busy; wait."), True), (NotFound("No; look."), False)])
def test_what_may_pass_can_be_tried_again_by_a_button(desk: Desk, error: Exception, button: bool) -> None:
    """An error that may be over soon brings a button; one that will be the same brings none."""

    async def refuse(_request: Request) -> Reply:
        raise error

    [message] = answered(desk, refuse)
    assert ("Try again" in text(message)) == button


def test_a_verb_that_nobody_answers_is_a_failure_in_words(desk: Desk) -> None:
    """A request of another version's verb ends, and says so."""
    assert "Something went wrong here." in text(answered(desk, answer, replace(ASKED, verb="juggle"))[0])


def test_over_a_dropped_picture_a_failure_stays_silent(desk: Desk) -> None:
    """Nobody asked, so nobody is told; the request is ended all the same."""

    async def refuse(_request: Request) -> Reply:
        raise NotFound("This picture is gone; send it again.")

    assert answered(desk, refuse, replace(ASKED, door=Door.FILE)) == []


@pytest.mark.parametrize(
    ("changes", "kind", "channel", "target"),
    [
        ({}, Kind.RESPOND, "response:command:T1:1", "https://r.example"),
        ({"response_url": ""}, Kind.EPHEMERAL, "C1", "U1"),
        ({"response_url": "", "channel": ""}, Kind.MESSAGE, "U1", ""),
        ({"door": Door.MENTION, "thread": "1.5"}, Kind.MESSAGE, "C1", "1.5"),
        ({"door": Door.FILE, "thread": "1.5"}, Kind.MESSAGE, "C1", "1.5"),
    ],
)
def test_an_answer_goes_where_the_question_came_from(
    desk: Desk, changes: dict[str, Any], kind: Kind, channel: str, target: str
) -> None:
    """To the one who asked alone, by the best way there is; or into the thread, for everybody."""
    [one] = answered(desk, answer, replace(ASKED, **changes))
    assert (one.message.kind, one.message.channel, one.message.target) == (kind, channel, target)


@pytest.mark.parametrize(("whole", "public", "pages"), [(False, False, 1), (True, False, 5), (False, True, 8)])
def test_one_person_gets_so_much_of_a_card_and_a_channel_all_of_it(
    desk: Desk, whole: bool, public: bool, pages: int
) -> None:
    """A response address takes five messages; a channel gets the rest in the thread of the first."""

    async def much(_request: Request) -> Reply:
        return Reply(card(*map(str, range(8))), whole=whole, public=public)

    rows = [one.message for one in answered(desk, much)]
    assert [row.id for row in rows] == [f"{ASKED.id}:{number}" for number in range(pages)]
    assert [row.root for row in rows[1:]] == [rows[0].id if public else None] * (pages - 1)


def test_an_answer_of_nothing_sends_nothing(desk: Desk) -> None:
    """A request may end in silence."""

    async def silence(_request: Request) -> Reply:
        return Reply()

    assert answered(desk, silence) == []
