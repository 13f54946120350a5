"""The outbox under any schedule of decisions, sendings, failures and crashes: nothing lost, nothing twice, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import outbox
from storage.database import DATABASE_FILE, Database, Transaction
from storage.outbox import Claimed, Kind, Lane, Message
from tests.storage.test_outbox import second

PACE = 1.0


@dataclass
class World:
    """Two processes, a Slack that remembers, and what was decided.

    Attributes:
        decided: by row, the number of its newest decision; numbers rise with every decision.
        stands: by row, the numbers of the decisions that reached Slack, in order.
        arrived: (channel, lane, number) as they reached Slack.
        under_way: what each living process is sending.
        last: when each channel last got something to send.
        deaths: how often each process died.
        crashed: whether a process died, or an answer was lost, at any time.
    """

    tx: Transaction
    now: float = 0
    decided: dict[str, int] = field(default_factory=dict)
    stands: dict[str, list[int]] = field(default_factory=dict)
    arrived: list[tuple[str, Lane, int]] = field(default_factory=list)
    under_way: dict[str, list[tuple[Claimed, int]]] = field(default_factory=lambda: {"one": [], "two": []})
    last: dict[str, float] = field(default_factory=dict)
    rows: dict[str, Message] = field(default_factory=dict)
    buried: set[str] = field(default_factory=set)
    deaths: Counter[str] = field(default_factory=Counter)
    crashed: bool = False
    decisions: int = 0

    def decide(self, row: Message, *, again: bool = False) -> None:
        """Decide a message, or decide it anew."""
        if again:
            outbox.put_again(self.tx, row, second(self.now))
        else:
            assert outbox.put(self.tx, row, second(self.now)) == (row.id not in self.rows)
            if row.id in self.rows:
                return
        self.rows[row.id] = row
        self.decisions += 1
        self.decided[row.id] = self.decisions
        if row.root in self.buried:
            self.buried.add(row.id)

    def owner(self, process: str) -> str:
        """The name by which a process claims; one that is started anew has another."""
        return f"{process} {self.deaths[process]}"

    def claim(self, process: str) -> None:
        """Let a process take what it may, as a holder of the outbox does: first what the dead have left."""
        outbox.adopt(self.tx, [*map(self.owner, self.under_way)])
        for one in outbox.claim(self.tx, self.owner(process), second(self.now), second(self.now + PACE)):
            channel, name = one.message.channel, one.message.id
            assert channel not in {each.message.channel for held in self.under_way.values() for each, _ in held}
            assert self.now - self.last.get(channel, -PACE) >= PACE
            assert one.root_ts is not None or one.message.root is None
            assert one.unsure or self.decided[name] not in self.stands.get(name, [])
            self.last[channel] = self.now
            self.under_way[process].append((one, self.decided[name]))

    def reach_slack(self, one: Claimed, number: int) -> None:
        """Send it; a message that may stand there is looked for first, a change is simply made again."""
        outbox.begin(self.tx, one)
        stands = self.stands.setdefault(one.message.id, [])
        if one.message.kind is Kind.UPDATE or not (one.unsure and stands):
            stands.append(number)
            self.arrived.append((one.message.channel, one.message.lane, number))

    def end(self, process: str, how: str) -> None:
        """Let a process end the oldest of its sendings."""
        if not self.under_way[process]:
            return
        one, number = self.under_way[process].pop(0)
        due = second(self.now + 2)
        if how in {"sent", "lost"}:
            self.reach_slack(one, number)
        match how:
            case "sent":
                outbox.sent(self.tx, one, f"{number}")
            case "lost" | "broken":
                self.crashed = True
                outbox.begin(self.tx, one)
                outbox.failed(self.tx, one, "the connection broke", due, unsure=True)
                outbox.hold(self.tx, f"T1/{one.message.channel}", due)
            case "refused":
                outbox.failed(self.tx, one, "ratelimited", due, unsure=one.unsure)
                outbox.hold(self.tx, f"T1/{one.message.channel}", due)
            case "buried" if not one.unsure and self.decided[one.message.id] == number:
                outbox.bury(self.tx, one, "is_archived")
                self.buried.add(one.message.id)
                self.buried |= {row.id for row in self.rows.values() if row.root in self.buried}
            case _:
                outbox.failed(self.tx, one, "later", second(self.now), unsure=one.unsure)

    def crash(self, process: str, reached: int) -> None:
        """Kill a process; of what it was at, so much had reached Slack, and the next was about to."""
        self.crashed = True
        self.deaths[process] += 1
        at = self.under_way.pop(process)
        for one, number in at[:reached]:
            self.reach_slack(one, number)
        for one, _ in at[reached : reached + 1]:
            outbox.begin(self.tx, one)

    def finish(self) -> None:
        """Let everybody send until nothing is left; a process that died is started anew."""
        self.under_way = {"one": [], "two": []} | self.under_way
        start = self.now
        while outbox.unfinished(self.tx):
            for process in sorted(self.under_way):
                self.claim(process)
                while self.under_way[process]:
                    self.end(process, "sent")
            self.now += PACE
            assert self.now < start + 200, outbox.by_state(self.tx)


@pytest.fixture(scope="module", name="store")
def fixture_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One store for all the examples of a property."""
    with Database.open(tmp_path_factory.mktemp("schedules") / DATABASE_FILE) as db:
        yield db


NAMES = st.sampled_from([f"{letter}{number}" for letter in "abcd" for number in range(2)])
PROCESSES = st.sampled_from(["one", "two"])
LANES = {"a": Lane.ALERT, "b": Lane.ALERT, "c": Lane.ALERT, "d": Lane.ANSWER}
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), NAMES),
        st.tuples(st.just("reply"), NAMES),
        st.tuples(st.just("change"), NAMES),
        st.tuples(st.just("claim"), PROCESSES),
        st.tuples(
            st.just("end"), PROCESSES, st.sampled_from(["sent", "sent", "lost", "broken", "refused", "buried", "later"])
        ),
        st.tuples(st.just("crash"), PROCESSES, st.integers(0, 2)),
        st.tuples(st.just("pass"), st.sampled_from([0.5, 1.0, 3.0])),
    ),
    min_size=8,
    max_size=40,
)


def row_of(name: str) -> Message:
    """The message of a name: its letter is its lane, its number its channel."""
    return Message(name, Kind.MESSAGE, LANES[name[0]], "T1", f"C{name[1]}", {"text": name})


def under(name: str, kind: Kind) -> Message:
    """A reply to a message, or a change of it."""
    root = row_of(name)
    return Message(f"{name} {kind}", kind, root.lane, "T1", root.channel, {"text": str(kind)}, root=name)


def play(world: World, step: tuple[object, ...]) -> None:
    """Do one step of a schedule, where it makes sense."""
    match step:
        case ("put", str(name)):
            world.decide(row_of(name))
        case ("reply", str(name)) if name in world.rows:
            world.decide(under(name, Kind.MESSAGE))
        case ("change", str(name)) if name in world.rows:
            world.decide(under(name, Kind.UPDATE), again=True)
        case ("claim", str(process)):
            world.under_way.setdefault(process, [])  # a process that died is started anew
            world.claim(process)
        case ("end", str(process), str(how)) if process in world.under_way:
            world.end(process, how)
        case ("crash", str(process), int(reached)) if process in world.under_way:
            world.crash(process, reached)
        case ("pass", float(seconds)):
            world.now += seconds


@given(STEPS)
def test_everything_is_sent_once_and_in_order(store: Database, steps: list[tuple[object, ...]]) -> None:
    """Every message that was not given up stands in Slack once; each channel's lane stands in the order decided.

    A change of a message may be made twice where a process died, and its newest words are made last.
    """
    with store.write() as tx:
        tx.execute("DELETE FROM outbox WHERE root IS NOT NULL")
        for table in ("outbox", "pacing"):
            tx.execute(f"DELETE FROM {table}")
        world = World(tx)
        for step in steps:
            play(world, step)
        world.finish()
    for name, row in world.rows.items():
        stands = world.stands.get(name, [])
        if name in world.buried:
            continue
        assert stands, name
        assert stands[-1] == world.decided[name]
        if row.kind is Kind.MESSAGE or not world.crashed:
            assert len(stands) == len(set(stands)), name
        if row.kind is Kind.MESSAGE:
            assert len(stands) == 1, name
    for channel in ("C0", "C1"):
        for lane in Lane:
            numbers = [number for where, kind, number in world.arrived if (where, kind) == (channel, lane)]
            assert numbers == sorted(numbers), (channel, lane)
