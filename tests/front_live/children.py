"""The real bot as a child process, watched: what it says, which processes it has, how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.workspace.server import WorkspaceServer
from bot.workspace.state import Workspace

ROOT: Final = Path(__file__).resolve().parents[2]
SERVE: Final = ("-m", "bot", "serve")
READY: Final = ("Listening for Slack on", "Connected to Slack by Socket Mode")
DEFECTS: Final = (
    "Traceback", "Task was destroyed", "was never awaited", "never retrieved", "Unclosed", "ResourceWarning",
    "leaked semaphore", "leaked shared_memory",
)  # fmt: skip
"""What no bot that ends in peace may say."""


@dataclass
class Child:
    """A process that runs the bot, or ran it.

    Attributes:
        said: its lines on standard error so far.
        family: its processes as last counted, those that it has begun among them.
    """

    process: asyncio.subprocess.Process
    said: list[str] = field(default_factory=list)
    family: set[int] = field(default_factory=set)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def text(self) -> str:
        """Everything it has said."""
        return "\n".join(self.said)

    async def listen(self) -> None:
        """Read what it says until it ends."""
        assert self.process.stderr is not None
        while line := await self.process.stderr.readline():
            self.said.append(line.decode().rstrip("\n"))
            self._news.set()
        self._news.set()

    async def says(self, *words: str, seconds: float = 30.0) -> str:
        """Wait until a line holds one of these words; the line.

        Raises:
            AssertionError: it ended before, or never said so.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            self._news.clear()
            for line in self.said:
                if any(word in line for word in words):
                    return line
            assert self.process.returncode is None, f"it ended with {self.process.returncode}:\n{self.text}"
            left = deadline - asyncio.get_running_loop().time()
            assert left > 0, f"it never said {words}:\n{self.text}"
            try:
                await asyncio.wait_for(self._news.wait(), min(left, 0.5))
            except TimeoutError:
                continue

    def count(self) -> set[int]:
        """Find its processes: itself and all that descend from it, as far as the system tells."""
        found, todo = set[int](), [self.process.pid]
        while todo:
            pid = todo.pop()
            found.add(pid)
            todo += _children(pid)
        self.family |= found
        return found

    def signal(self, which: signal.Signals) -> None:
        """Send it a signal, with its processes counted just before."""
        if self.process.returncode is None:
            self.count()
            self.process.send_signal(which)

    async def ended(self, seconds: float = 30.0) -> int:
        """Wait until it has ended, and every process that it had begun; its exit status.

        Raises:
            AssertionError: one of them lives on.
        """
        try:
            status = await asyncio.wait_for(self.process.wait(), seconds)
        except TimeoutError:
            raise AssertionError(f"it did not end within {seconds} seconds:\n{self.text}") from None
        deadline = asyncio.get_running_loop().time() + 5.0
        while left := {pid for pid in self.family if _lives(pid)}:
            assert asyncio.get_running_loop().time() < deadline, f"processes are left over: {left}\n{self.text}"
            await asyncio.sleep(0.02)
        return status

    async def ends_in_peace(self, seconds: float = 20.0) -> None:
        """Tell it to end, and make sure that it does so within so many seconds, with status 0 and no complaint."""
        self.signal(signal.SIGTERM)
        status = await self.ended(seconds)
        assert status == 0, f"exit status {status}:\n{self.text}"
        self.is_sound()

    def is_sound(self) -> None:
        """Make sure that it has told of no defect."""
        assert not [word for word in DEFECTS if word in self.text], self.text


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def variables(home: Path, **values: str) -> dict[str, str]:
    """The environment of a bot: ours without any setting of Dateline's or token of Slack's, and these values."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("DATELINE_", "SLACK_", "X_"))}
    ours |= {"PYTHONWARNINGS": "default::ResourceWarning", "PYTHONUNBUFFERED": "1"}
    ours["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), ours.get("PYTHONPATH", ""))))
    return {**ours, "DATELINE_HOME": str(home), "DATELINE_SLACK_PACE": "0", **values}


def by_http(workspace: Workspace, slack: WorkspaceServer, port: int) -> dict[str, str]:
    """What the bot of a workspace is set to by HTTP."""
    return {
        "SLACK_BOT_TOKEN": workspace.tokens.bot,
        "SLACK_SIGNING_SECRET": workspace.tokens.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "PORT": str(port),
    }


def by_socket(workspace: Workspace, slack: WorkspaceServer) -> dict[str, str]:
    """What the bot of a workspace is set to in Socket Mode."""
    return {
        "SLACK_BOT_TOKEN": workspace.tokens.bot,
        "SLACK_APP_TOKEN": workspace.tokens.app,
        "SLACK_API_URL": slack.api_url,
    }


@asynccontextmanager
async def running(
    folder: Path, environment: Mapping[str, str], arguments: Sequence[str] = SERVE
) -> AsyncIterator[Child]:
    """A bot for as long as the block runs; killed at its end if it still runs then."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=folder,
        env=dict(environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    child = Child(process)
    listening = asyncio.create_task(child.listen())
    try:
        yield child
    finally:
        child.signal(signal.SIGKILL)
        await child.ended()
        await listening


def _children(pid: int) -> list[int]:
    try:
        tasks = [task for task in Path(f"/proc/{pid}/task").iterdir() if task.name.isdigit()]
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
