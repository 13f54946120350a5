"""A newsroom with many channels, each with a watch that reads a folder, and two workers that are killed meanwhile.

The judge is the stand-in's transcript: each case is told once to its channel, whatever happened to the workers.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random
from typing import Final

from bot.slack.manifest import manifest
from bot.workspace.server import WorkspaceServer
from bot.workspace.state import Workspace
from bot.workspace.values import Message
from commands.verify import verify
from storage import people, runs, watches
from storage.people import person_id
from storage.records import utc
from storage.runs import Run, RunState
from storage.watches import Watch, WatchKind
from tests.desks import open_desk, quiet
from tests.front_live.children import Child, running, variables
from tests.front_live.rooms import SEED, TIMING

FIRST: Final = ("Amina", "Boris", "Chiara", "Dmitri", "Elena", "Farid", "Greta", "Hassan", "Ingrid", "Jorge")
LAST: Final = [
    "Abernathy",
    "Bergstrom",
    "Castellanos",
    "Dragunov",
    "Eriksen",
    "Farhadi",
    "Gunnarsson",
    "Halvorsen",
    "Ivanenko",
    "Jankowski",
    "Karimov",
    "Lindqvist",
    "Mbeki",
    "Njoroge",
    "Okonkwo",
    "Papadakis",
    "Quintero",
    "Rasmussen",
    "Szymanski",
    "Takahashi",
    "Ulvestad",
    "Vukovic",
    "Wickremasinghe",
    "Xhafaj",
    "Yamamoto",
    "Zelenko",
    "Achterberg",
    "Bianchetti",
    "Czerny",
    "Dvorak",
    "Eskildsen",
    "Fitzgerald",
    "Guerrero",
    "Horvath",
    "Ibragimov",
    "Jovanovic",
    "Kowalczyk",
    "Leclercq",
    "Mikkelsen",
    "Nakamura",
    "Oyelaran",
    "Petrosyan",
    "Quispe",
    "Rodriguez",
    "Santoro",
    "Thorvaldsen",
    "Urbanek",
    "Vasquez",
    "Watanabe",
    "Yildirim",
]
CITIES: Final = [
    "Oslo",
    "Nairobi",
    "Lima",
    "Hanoi",
    "Quito",
    "Tunis",
    "Accra",
    "Riga",
    "Minsk",
    "Dakar",
    "Sofia",
    "Prague",
    "Lisbon",
    "Ankara",
    "Amman",
    "Muscat",
    "Tbilisi",
    "Dublin",
    "Kampala",
    "Helsinki",
]
"""No two in one country, so that none of them says less precisely what another one says."""

MANY: Final = (*CITIES, "Belgrade", "Bucharest", "Budapest", "Vienna", "Zagreb", "Tallinn", "Vilnius")
"""More cities than alerts that a channel gets one by one."""

WORKER: Final = ("-m", "bot", "worker")


def name_of(number: int) -> str:
    """The person that the n-th channel watches."""
    return f"{FIRST[number % len(FIRST)]} {LAST[number]}"


@dataclass(frozen=True)
class Desks:
    """A workspace with its channels, a store with a watch for each, and the folders that the watches read.

    Attributes:
        cases: how many cities each person is seen in.
    """

    slack: WorkspaceServer
    home: Path
    inbox: Path
    channels: Sequence[str]
    cases: int
    environment: dict[str, str]

    def feed(self, name: str) -> None:
        """Let one file appear in every folder: the same posts whatever it is called."""
        for number in range(len(self.channels)):
            posts = [_post(number, city) for city in CITIES[: self.cases]]
            lines = "".join(json.dumps(post | {"captured_at": name}) + "\n" for post in posts)
            (self.inbox / str(number) / f"{name.replace(':', '-')}.jsonl").write_text(lines, encoding="utf-8")
        self.ask(name)

    def ask(self, name: str) -> None:
        """Let somebody on call ask for a sweep of every watch: their schedules are too slow for a test."""
        now = utc(datetime.now(UTC))
        with open_desk(self.home, lambda: datetime.now(UTC)) as desk, desk.db.write() as tx:
            for watch in watches.all(tx):
                runs.claim(tx, Run(watch.id, f"asked:{name}", now, asked_by="oda", state=RunState.WAITING))

    def told(self) -> dict[str, list[Message]]:
        """What the bot has posted in each channel, whoever sees it in whatever thread."""
        found: dict[str, list[Message]] = {channel: [] for channel in self.channels}
        for change in self.slack.workspace.transcript.changes("posted"):
            if change.message and change.message.bot_id:
                found[change.message.channel].append(change.message)
        return found

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Ask the store behind the workers' backs."""
        with closing(sqlite3.connect(self.home / "dateline.db", timeout=10)) as connection:
            return connection.execute(sql).fetchall()

    async def done(self, sweeps: int, seconds: float) -> None:
        """Wait until every watch has ended so many sweeps that gave posts, and nothing is left to be sent.

        Raises:
            AssertionError: it takes longer.
        """
        deadline = time.monotonic() + seconds
        while True:
            [[swept]] = self.rows("SELECT count(*) FROM watch_runs WHERE state = 'done' AND posts > 0")
            left = self.rows("SELECT id, state, problem FROM outbox WHERE state NOT IN ('sent', 'dead')")
            if int(str(swept)) >= sweeps * len(self.channels) and not left:
                return
            problems = self.rows("SELECT state, problem, count(*) FROM watch_runs GROUP BY 1, 2")
            assert time.monotonic() < deadline, f"{swept} sweeps with posts, {len(left)} messages left; {problems}"
            await asyncio.sleep(0.2)

    def check(self, *, but: str = "") -> None:
        """Make sure that each case was told to its channel, once, and nothing was given up, `but` in one channel."""
        missing, twice = [], []
        for number, (channel, said) in enumerate(self.told().items()):
            assert channel == self.channels[number]
            if channel == but:
                continue
            names = Counter(str((message.metadata or {}).get("event_payload")) for message in said)
            twice += [name for name, count in names.items() if count > 1]
            told = Counter(city for message in said for city in CITIES[: self.cases] if city in message.text)
            missing += [f"{name_of(number)} in {city}" for city in CITIES[: self.cases] if not told[city]]
            twice += [f"{name_of(number)} in {city}" for city, count in told.items() if count > 1]
        assert not missing, f"lost: {missing}"
        assert not twice, f"doubled: {twice}"
        assert not [
            row for row in self.rows("SELECT id, problem, channel FROM outbox WHERE state = 'dead'") if row[2] != but
        ]

    def read_feed(self, url: str, pair: tuple[str, int]) -> None:
        """Let the watches read a feed of loopback instead of their folders."""
        self.environment["DATELINE_ALLOWED_PRIVATE"] = f"{pair[0]}:{pair[1]}"
        self.environment["DATELINE_SOURCE_PACE"] = "0"
        with open_desk(self.home, lambda: datetime.now(UTC)) as desk, desk.db.write() as tx:
            for watch in watches.all(tx):
                watches.put(tx, replace(watch, sources=(f"rss:{url}",)))

    def a_day_passes(self) -> None:
        """Let what fails have failed for a day, and let it be asked again."""
        with closing(sqlite3.connect(self.home / "dateline.db", timeout=10)) as connection, connection:
            connection.execute(
                "UPDATE watch_sources SET not_before = NULL, failures = failures + 20, failing_since = ?"
                " WHERE failing_since IS NOT NULL",
                (utc(datetime.now(UTC) - timedelta(days=1)),),
            )

    def later(self) -> None:
        """Let the time pass for which messages and sources are held back."""
        with closing(sqlite3.connect(self.home / "dateline.db", timeout=10)) as connection, connection:
            connection.execute("UPDATE pacing SET free_at = '2000-01-01T00:00:00.000Z'")
            connection.execute("UPDATE outbox SET due_at = '2000-01-01T00:00:00.000Z' WHERE state = 'waiting'")


def backlog(number: int) -> bytes:
    """A feed in which the person of a channel is said to be in many cities, as RSS 2.0."""
    items = "".join(
        f"<item><guid>{city}</guid><title>{city}</title><pubDate>{format_datetime(datetime.now(UTC))}</pubDate>"
        f"<description>{name_of(number)} is in {city}, a shopkeeper said.</description></item>"
        for city in MANY
    )
    return f"<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>".encode()


def _post(number: int, city: str) -> dict[str, object]:
    name = name_of(number)
    return {
        "url": f"https://wire.example/{LAST[number]}/{city}".lower(),
        "platform": "web",
        "publisher": "Wire",
        "posted_at": (datetime.now(UTC) - timedelta(hours=1)).replace(minute=0, second=0, microsecond=0).isoformat(),
        "text": f"{name} is in {city}, a shopkeeper said.",
        "lang": "en",
    }


@asynccontextmanager
async def desks(folder: Path, channels: int, cases: int, pace: float = 1.0) -> AsyncIterator[Desks]:
    """So many channels, each with a watch for a person of its own; nothing is fed yet and no worker runs."""
    workspace = Workspace(manifest(), timing=TIMING, random=Random(SEED), clock=time.time)
    editor = workspace.add_user("erik", "Erik Lund", "Editor", "Europe/Oslo")
    rooms = [workspace.add_channel(f"desk-{number}", members=[editor.id, workspace.bot.id]).id
             for number in range(channels)]  # fmt: skip
    home, inbox = folder / "store", folder / "inbox"
    now = utc(datetime.now(UTC))
    with open_desk(home, lambda: datetime.now(UTC)) as desk, desk.db.write() as tx:
        for number, channel in enumerate(rooms):
            (inbox / str(number)).mkdir(parents=True)
            people.add(tx, name_of(number), (), "")
            watches.put(tx, _watch(number, workspace.team, channel, inbox, now))
    async with WorkspaceServer(workspace) as slack:
        environment = variables(
            home,
            DATELINE_FOLDERS=str(inbox),
            DATELINE_SLACK_PACE=str(pace),
            SLACK_BOT_TOKEN=workspace.tokens.bot,
            SLACK_SIGNING_SECRET=workspace.tokens.signing_secret,
            SLACK_API_URL=slack.api_url,
        )
        yield Desks(slack, home, inbox, rooms, cases, environment)


def _watch(number: int, team: str, channel: str, inbox: Path, now: str) -> Watch:
    return Watch(
        id=f"watch-{number}",
        workspace=team,
        channel=channel,
        private=False,
        kind=WatchKind.PERSON,
        subject=person_id(name_of(number)),
        label=name_of(number),
        sources=(f"folder:{inbox / str(number)}",),
        schedule="every 15 minutes",
        zone="UTC",
        owner="operator",
        since=now,
        next_due=now,
    )


async def killed_now_and_then(desk: Desks, folder: Path, random: Random, kills: int, feeds: Sequence[str]) -> int:
    """Let two workers run, feed so many times, kill one of them now and then meanwhile, and wait until all is done.

    Returns:
        How many times one was killed.
    """
    killed = 0
    async with AsyncExitStack() as stack:
        workers = [await stack.enter_async_context(running(folder, desk.environment, WORKER)) for _ in range(2)]
        for fed, name in enumerate(feeds, 1):
            desk.feed(name)
            finish = asyncio.create_task(desk.done(fed, 120 + 12 * kills))
            while killed < kills * fed // len(feeds) and not finish.done():
                await asyncio.wait({finish}, timeout=random.uniform(0.3, 4.0))
                which = random.randrange(2)
                await _kill(workers[which])
                killed += 1
                workers[which] = await stack.enter_async_context(running(folder, desk.environment, WORKER))
            await finish
            desk.check()
        for worker in workers:
            await worker.ends_in_peace(30)
    return killed


async def _kill(worker: Child) -> None:
    """Kill a worker with nothing to say; the processes that it has begun end by themselves."""
    worker.signal(signal.SIGKILL)
    assert await worker.ended() == -signal.SIGKILL, worker.text


async def is_sound(desk: Desks) -> None:
    """Make sure that the archive is what it was."""
    with open_desk(desk.home) as opened:
        assert (await verify(opened, progress=quiet)).clean
