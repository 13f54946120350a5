"""The fuzzer itself: the same cases again, and whatever goes wrong is seen."""

from __future__ import annotations

import os
import time

import pytest

from tests.fuzz.attempt import attempt, made
from tests.fuzz.worker import Watched


def stumble(_run: int, number: int) -> str:
    """Go wrong in the way that a case's number names."""
    if number == 1:
        raise KeyError("x")
    if number == 2:
        os._exit(3)
    if number == 3:
        time.sleep(60)
    if number == 4:
        return str(len(b"x" * (300 * 2**20)))
    return "well"


def test_a_case_is_the_same_again() -> None:
    """Run and number are all that a case needs to be had again; others differ."""
    assert made(5, 77) == made(5, 77)
    assert len({made(5, number)[1] for number in range(40)}) > 35


def test_what_goes_wrong_is_seen() -> None:
    """An exception, a death, a hang and a swelling are each told, and the next case is tried all the same."""
    watched = Watched(stumble, 5.0)
    try:
        found = {number: watched.run(0, number) for number in (1, 5, 2, 6, 3, 7, 4)}
    finally:
        watched.close()
    assert found[1].failure == "It raised KeyError: 'x'."
    assert found[2].failure == "The process died (exit code 3)."
    assert found[3].failure == "It took longer than 5 s."
    assert found[4].peak > 300 * 2**20 > found[5].peak
    assert [found[number].outcome for number in (5, 6, 7)] == ["well"] * 3


@pytest.mark.parametrize("number", range(60))
def test_damaged_pictures(number: int) -> None:
    """Damaged files of every format are opened, or refused in a plain sentence."""
    assert attempt(0, number)
