"""Whatever several people do about several warnings, in whatever order: the state is what a simple model says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands import duty, snoozes, triage
from storage import alerts, custody, outbox
from storage import snoozes as kept
from storage.alerts import Act, Triage, TriageState
from storage.database import DATABASE_FILE, Database, Transaction
from storage.snoozes import Scope
from tests.commands.alerted import CHANNEL, GROUP, TEAM, after, alert, archived, tell

OPEN, ACKNOWLEDGED, DISMISSED, SNOOZED = TriageState
BROUGHT = {Act.ACKNOWLEDGE: ACKNOWLEDGED, Act.DISMISS: DISMISSED, Act.SNOOZE: SNOOZED}
CAN = {
    Act.ACKNOWLEDGE: {OPEN, SNOOZED},
    Act.DISMISS: {OPEN, ACKNOWLEDGED, SNOOZED},
    Act.ASSIGN: {OPEN, ACKNOWLEDGED},
    Act.SNOOZE: {OPEN},
    Act.ESCALATE: {OPEN, ACKNOWLEDGED},
    Act.UNDO: set(TriageState),
}
PEOPLE = ["U1", "U2", "U3"]


@dataclass
class Known:
    """What the model knows of a warning: how it stood after each step that stands, and how many steps there were."""

    stack: list[tuple[Act | None, TriageState, str]]
    steps: int = 0
    snooze: str = ""

    @property
    def state(self) -> TriageState:
        """How it stands."""
        return self.stack[-1][1]

    def wake(self) -> None:
        """Begin anew: what was done before cannot be taken back any more."""
        self.stack = [(None, OPEN, self.stack[-1][2])]
        self.steps += 1


@dataclass
class Model:
    """Warnings by number, and until when the picture of each case is snoozed."""

    known: dict[int, Known] = field(default_factory=dict)
    holding: dict[str, str] = field(default_factory=dict)
    accepted: int = 0

    def end(self, snooze: str) -> None:
        """Wake what a snooze keeps silent."""
        self.holding.pop(snooze)
        for one in self.known.values():
            if one.snooze == snooze and one.state is SNOOZED:
                one.wake()

    def do(self, number: int, act: Act, seen: int | None, assignee: str) -> bool:
        """Do something about a warning; False where it is refused."""
        one = self.known[number]
        if one.state not in CAN[act] or seen not in {None, one.steps} or (act is Act.UNDO and len(one.stack) < 2):
            return False
        one.steps += 1
        self.accepted += 1
        if act is not Act.UNDO:
            state, held = BROUGHT.get(act, one.state), one.stack[-1][2]
            one.stack.append((act, state, assignee if act is Act.ASSIGN else held))
            return True
        undone, _, _ = one.stack.pop()
        if undone is Act.SNOOZE and one.snooze in self.holding:
            self.end(one.snooze)
        elif one.state is SNOOZED and one.snooze not in self.holding:
            one.wake()
        return True


numbers = st.integers(0, 5)
seen = st.sampled_from(["fresh", "stale", "blind"])
moves = st.one_of(
    st.tuples(st.just("raise"), st.sampled_from([0, 1])),
    st.tuples(st.just("do"), numbers, st.sampled_from([act for act in CAN if act is not Act.SNOOZE]), seen,
              st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
    st.tuples(st.just("snooze"), numbers, seen, st.sampled_from(PEOPLE), st.integers(1, 90)),
    st.tuples(st.just("end"), st.sampled_from([0, 1])),
    st.tuples(st.just("pass"), st.integers(1, 120)),
)  # fmt: skip


class Undone(Exception):
    """Takes an example back, so that the next one begins with the same store."""


@pytest.fixture(scope="module", name="store")
def fixture_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One store for all the examples."""
    with Database.open(tmp_path_factory.mktemp("triage") / DATABASE_FILE) as db:
        with db.write() as tx:
            archived(tx)
            duty.put_on_call(tx, TEAM, GROUP, None, by="U1", now=after(0))
        yield db


@given(st.lists(moves, max_size=40))
@settings(deadline=None, max_examples=150)
def test_the_state_is_what_a_simple_model_says(store: Database, played: list[tuple[object, ...]]) -> None:
    """Nothing is lost, each accepted step is logged, undo takes back exactly the last step that stands."""
    with suppress(Undone), store.write() as tx:
        logged = custody.count(tx)
        model = _play(tx, played)
        for number in model.known:
            _same(tx, number, model)
        steps = [row for row in custody.rows(tx)[logged:] if row.action == "triage"]
        assert len(steps) == model.accepted
        for snooze in list(model.holding):
            assert snoozes.end(tx, snooze, by="U1", now=after(99_999))
            model.end(snooze)
        for number in model.known:
            _same(tx, number, model)
            told = alerts.get(tx, f"alert-{CHANNEL}-{number}")
            assert told.state is not SNOOZED
            row = f"roll:{told.roll}" if told.roll else f"alert:{told.id}"
            kept_silent = told.snooze and alerts.steps(tx, told.id) and model.known[number].state is not OPEN
            assert outbox.is_known(tx, row) or kept_silent, "told, or decided upon before it was"
        raise Undone


def _play(tx: Transaction, played: list[tuple[object, ...]]) -> Model:
    model, minute = Model(), 0
    for move in played:
        match move:
            case ("raise", int(picture)) if len(model.known) < 10:
                _raise(tx, model, picture, minute)
            case ("do", int(number), Act() as act, str(looked), str(by), str(assignee)) if number in model.known:
                count = _seen(model, number, looked)
                step = Triage(act, BROUGHT.get(act, OPEN), by, after(minute), assignee=assignee)
                made = triage.decide(tx, f"alert-{CHANNEL}-{number}", step, after(minute), count).made
                assert made is model.do(number, act, count, assignee)
            case ("snooze", int(number), str(looked), str(by), int(length)) if number in model.known:
                _snooze(tx, model, number, looked, by, minute, length)
            case ("end", int(picture)):
                for held in [one for one in kept.holding(tx) if one.subject == f"case/{picture}"]:
                    assert snoozes.end(tx, held.id, by="U1", now=after(minute))
                    model.end(held.id)
            case ("pass", int(minutes)):
                minute += minutes
                for over in kept.over(tx, after(minute)):
                    assert snoozes.end(tx, over.id, by="", now=after(minute))
                for snooze in [key for key, until in model.holding.items() if until <= after(minute)]:
                    model.end(snooze)
    return model


def _raise(tx: Transaction, model: Model, picture: int, minute: int) -> None:
    number = len(model.known)
    new = alert(number, minute, picture=picture)
    held = next((one for one in kept.holding(tx) if one.subject == new.case), None)
    if held:
        new = replace(new, state=SNOOZED, snooze=held.id)
    tell(tx, new)
    model.known[number] = Known([(None, new.state, "")], snooze=new.snooze)


def _snooze(tx: Transaction, model: Model, number: int, looked: str, by: str, minute: int, length: int) -> None:
    count, until = _seen(model, number, looked), after(minute + length)
    name = f"alert-{CHANNEL}-{number}"
    decision = triage.snooze(tx, name, Scope.PICTURE, until, by=by, now=after(minute), seen=count)
    assert decision.made is model.do(number, Act.SNOOZE, count, "")
    if decision.made:
        key = decision.alert.snooze
        model.known[number].snooze = key
        model.holding[key] = max(until, model.holding.get(key, ""))


def _seen(model: Model, number: int, looked: str) -> int | None:
    steps = model.known[number].steps
    return {"fresh": steps, "stale": steps - 1, "blind": None}[looked]


def _same(tx: Transaction, number: int, model: Model) -> None:
    stored, one = alerts.get(tx, f"alert-{CHANNEL}-{number}"), model.known[number]
    assert (stored.state, stored.assignee) == (one.state, one.stack[-1][2])
    assert len(alerts.steps(tx, stored.id)) == one.steps
    assert alerts.undoable(alerts.steps(tx, stored.id)) is (len(one.stack) > 1)
