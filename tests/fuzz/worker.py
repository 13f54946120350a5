"""A process in which cases are tried, watched from outside: it may die, hang or swell without harm."""

from __future__ import annotations

import contextlib
import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

ROOM: Final = 3 * 2**30
"""Bytes of address space above what the process begins with: a bomb ends the case, not the machine."""

Attempt = Callable[[int, int], str]
"""What is tried: by run and number of a case it returns what came of it, in a word or two."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a case.

    Attributes:
        outcome: what the attempt returned; empty where it failed.
        failure: what went wrong, in a sentence; empty where nothing did.
        seconds: of wall time.
        peak: bytes of resident memory, the most that its process has ever had.
    """

    outcome: str
    failure: str
    seconds: float
    peak: int


class Watched:
    """A worker process that is begun anew whenever a case has ended it."""

    def __init__(self, attempt: Attempt, seconds: float) -> None:
        self._attempt = attempt
        self._seconds = seconds
        self._process: multiprocessing.process.BaseProcess | None = None
        self._ours: Connection[tuple[int, int], Result] | None = None

    def run(self, run: int, number: int) -> Result:
        """Try one case."""
        ours = self._ours or self._begin()
        began = time.monotonic()
        ours.send((run, number))
        try:
            if ours.poll(self._seconds):
                return ours.recv()
            failure = f"It took longer than {self._seconds:.0f} s."
        except (EOFError, ConnectionResetError):
            assert self._process is not None
            self._process.join()
            failure = f"The process died (exit code {self._process.exitcode})."
        self.close()
        return Result("", failure, time.monotonic() - began, 0)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._ours is not None:
            self._ours.close()
        self._process = self._ours = None

    def _begin(self) -> Connection[tuple[int, int], Result]:
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs, self._attempt), daemon=True)
        self._process.start()
        theirs.close()
        self._ours = ours
        ours.recv()  # it has begun: a slow machine's imports are no part of a case
        return ours


def _serve(ours: Connection[Result, tuple[int, int]], attempt: Attempt) -> None:
    with contextlib.suppress(Exception):  # what is wrong with the attempt is told when it is asked for
        attempt(0, 0)  # imports, before the room is measured
    with open("/proc/self/statm", encoding="ascii") as told:
        room = int(told.read().split()[0]) * resource.getpagesize() + ROOM
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    ours.send(Result("", "", 0.0, _peak()))
    while True:
        run, number = ours.recv()
        began = time.monotonic()
        try:
            outcome, failure = attempt(run, number), ""
        except Exception as error:  # noqa: BLE001 - any exception is a finding here
            outcome, failure = "", f"It raised {type(error).__name__}: {error}."
        ours.send(Result(outcome, failure, time.monotonic() - began, _peak()))


def _peak() -> int:
    """Return bytes; `ru_maxrss` would count what the parent held, as it is kept across an exec (getrusage(2))."""
    with open("/proc/self/status", encoding="ascii") as told:
        return next(int(line.split()[1]) * 1024 for line in told if line.startswith("VmHWM:"))
