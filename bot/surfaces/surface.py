"""What a part of the Slack app is made of, and what it is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx
from slack_bolt.app.async_app import AsyncApp

from bot.desk import Desk
from bot.runner import Answer, Runner
from bot.slack.outbox import Clients


@dataclass(frozen=True)
class Tools:
    """What every surface may use.

    Attributes:
        desk: the store, the pipeline and the sources.
        clients: gives the client of a workspace.
        http: for files of Slack's.
        evidence: the folder that pictures side by side are written to.
    """

    desk: Desk
    clients: Clients
    http: httpx.AsyncClient
    evidence: Path


class Surface(Protocol):
    """One topic.

    Attributes:
        verbs: what it takes after `/dateline` and in a mention.
    """

    verbs: frozenset[str]

    def answers(self) -> Mapping[str, Answer]:
        """Return what answers each verb of its requests."""
        ...

    def listen(self, app: AsyncApp, runner: Runner) -> None:
        """Listen to its commands, clicks and modals: each becomes a request that the runner takes."""
        ...
