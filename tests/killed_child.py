"""Runs the real command line and kills its own process at the N-th write: `python -m tests.killed_child N ARGS...`.

A write is any statement by which SQLite changes something, and any creation, renaming or removal of a file. The
program under test is not changed: Python's audit events and SQLite's trace tell of each write just before it happens.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from types import FrameType
from typing import Any

CHANGES = ("INSERT", "UPDATE", "DELETE", "CREATE", "BEGIN", "COMMIT", "REPLACE")
FILE_EVENTS = {"os.rename", "os.remove", "os.mkdir"}


class Deadline:
    """Counts writes, and kills the process when the last one granted is over."""

    def __init__(self, granted: int) -> None:
        self.granted = granted
        self.count = 0

    def write(self) -> None:
        """Note a write that is about to happen."""
        self.count += 1
        if self.count == self.granted:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, sql: str) -> None:
        """Note an SQL statement if it changes something."""
        if sql.lstrip().upper().startswith(CHANGES):
            self.write()

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note a file that is created, renamed or removed, and listen to every database that is opened."""
        if event == "sqlite3.connect/handle":
            self._listen(arguments[0])
        elif event in FILE_EVENTS or (event == "open" and self._creates(arguments)):
            self.write()

    def _listen(self, connection: sqlite3.Connection) -> None:
        """Hear of every statement, from the moment on at which the call that opens the database returns."""

        def returned(_frame: FrameType, event: str, _argument: object) -> None:
            if event == "c_return":
                sys.setprofile(None)
                connection.set_trace_callback(self.statement)

        sys.setprofile(returned)

    @staticmethod
    def _creates(arguments: tuple[Any, ...]) -> bool:
        path, _mode, flags = arguments
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR) != 0
        return writes and isinstance(path, (str, bytes)) and ".pyc" not in os.fsdecode(path)


def main() -> None:
    """Count, run, and on standard error say how many writes there were if we get that far."""
    deadline = Deadline(int(sys.argv[1]))
    sys.argv = ["dateline", *sys.argv[2:]]
    from bot.cli import main as dateline

    sys.addaudithook(deadline.audit)
    try:
        dateline()
    finally:
        print(f"writes={deadline.count}", file=sys.stderr)


if __name__ == "__main__":
    main()
