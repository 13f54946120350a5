"""Runs `dateline serve` and kills it at a moment: `python -m tests.front_live.killed_child main|worker N`.

`main N`: at the N-th write of the serving process (see `tests.killed_child`) after SIGUSR1. `worker N`: at the N-th
write of a worker process, with all of it. 0 kills nothing. Each process tells at its end how many writes there were.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys

from tests.killed_child import Deadline

POINT = "KILL_WORKER_AT"
"""The variable that tells a worker when: it is spawned, and so has arguments of its own."""


class Armed(Deadline):
    """Counts from the moment on at which it is armed."""

    armed = False

    def arm(self, *_signal: object) -> None:
        """Begin to count."""
        self.armed = True

    def write(self) -> None:
        """Note a write that is about to happen."""
        if self.armed:
            super().write()


class OfWorker(Deadline):
    """Kills the parent first: the whole bot is gone, as by a power cut."""

    def write(self) -> None:
        """Note a write that is about to happen."""
        if self.count + 1 == self.granted:
            os.kill(os.getppid(), signal.SIGKILL)
        super().write()


def watch(deadline: Deadline, name: str) -> None:
    """Count in this process, and tell at its end."""
    sys.addaudithook(deadline.audit)
    atexit.register(lambda: print(f"{name}={deadline.count}", file=sys.stderr, flush=True))


def main() -> None:
    """Serve, and be killed."""
    where, number = sys.argv[1:3]
    sys.argv = ["dateline", "serve"]
    if where == "worker":
        os.environ[POINT] = number
    deadline = Armed(int(number) if where == "main" else 0)
    from bot.cli import main as dateline

    watch(deadline, "main")
    signal.signal(signal.SIGUSR1, deadline.arm)
    dateline()


if __name__ == "__mp_main__":  # a worker begins by importing the program that has spawned it
    watch(OfWorker(int(os.environ.get(POINT, "0"))), "worker")
elif __name__ == "__main__":
    main()
