"""Alerts: told once, dismissed for good until undone, decided by the first who decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import alerts, cases, images, subscriptions
from storage.alerts import Act, Alert, AlertKind, Triage, TriageState, pair_of
from storage.database import DATABASE_FILE, Database, Transaction
from storage.errors import NotFound, StoreError
from storage.records import EVERYONE, EVERYWHERE, OPERATOR, Viewer, short_id
from storage.subscriptions import Subscription
from tests.storage.makers import AT, archive, image, post

ONE, OTHER = image("one").sha256, image("other").sha256
ACKNOWLEDGED, DISMISSED, OPEN = TriageState.ACKNOWLEDGED, TriageState.DISMISSED, TriageState.OPEN
ACTS = {ACKNOWLEDGED: Act.ACKNOWLEDGE, DISMISSED: Act.DISMISS, OPEN: Act.UNDO}
PAIRS = st.sampled_from("abcd")


def fill(tx: Transaction) -> None:
    """Archive four posts that everybody may see, and two pictures."""
    for number in range(4):
        archive(tx, post(f"x:{number}"))
    images.put(tx, image("one"))
    images.put(tx, image("other"))


@pytest.fixture(name="tx")
def fixture_tx(db: Database) -> Iterator[Transaction]:
    """A transaction on a store with four posts that everybody may see."""
    with db.write() as tx:
        fill(tx)
        yield tx


def alert(post_id: str = "x:0", match: str = "x:1", *, channel: str = "C1", workspace: str = "T1") -> Alert:
    """A warning that a picture of one post stands in another."""
    return Alert(
        id=short_id(workspace, channel, post_id, ONE),
        workspace=workspace,
        channel=channel,
        kind=AlertKind.REUSE,
        subject=f"picture/{post_id}/{ONE}",
        case=f"picture/{OTHER}",
        evidence_at=AT,
        pair=pair_of(ONE, OTHER, post_id, match),
        post_id=post_id,
        image_sha256=ONE,
        match_sha256=OTHER,
        match_post_id=match,
        raised_at=AT,
    )


def decided(
    tx: Transaction, told: Alert, state: TriageState, by: str = "U1", reason: str = "", seen: int | None = None
) -> bool:
    """Let somebody decide, or open it again; `seen` is how many steps they had seen."""
    return alerts.decide(tx, told.id, Triage(ACTS[state], state, by, AT, reason), seen)


@given(PAIRS, PAIRS, PAIRS, PAIRS)
def test_a_pair_has_one_name_in_either_order(image_a: str, image_b: str, post_a: str, post_b: str) -> None:
    """Two pictures are a pair whichever was looked up, and in whatever posts; of one file the posts are the pair."""
    name = pair_of(image_a, image_b, post_a, post_b)
    assert name == pair_of(image_b, image_a, post_b, post_a) == pair_of(image_a, image_b, post_b, post_a)
    if image_a != image_b:
        assert name == pair_of(image_a, image_b, "another", "and another")
        assert name != pair_of(image_a, image_a, post_a, post_b)
    else:
        assert (name == pair_of(image_a, image_a, "a", "b")) == ({post_a, post_b} == {"a", "b"})


def test_a_subject_is_told_once_a_channel(tx: Transaction) -> None:
    """The same subject is told to every channel, and to none twice."""
    assert alerts.raise_once(tx, alert())
    assert not alerts.raise_once(tx, alert())
    assert not alerts.raise_once(tx, replace(alert(), match_post_id="x:2", pair="another"))
    assert alerts.raise_once(tx, alert(channel="C2"))
    assert alerts.raise_once(tx, alert(workspace="T2"))


def test_an_alert_comes_back_as_it_was_raised(tx: Transaction) -> None:
    """Every field is kept."""
    told = replace(alert(), kind=AlertKind.CAPTION_CONFLICT)
    alerts.raise_once(tx, told)
    assert alerts.get(tx, told.id) == replace(told, seq=1)


def test_an_alert_that_is_not_there_is_told_in_words(tx: Transaction) -> None:
    """Who asks for an unknown warning learns what to do next; nobody can decide it."""
    with pytest.raises(NotFound, match="trace the post again"):
        alerts.get(tx, "nothing")
    with pytest.raises(NotFound):
        alerts.decide(tx, "nothing", Triage(Act.ACKNOWLEDGE, ACKNOWLEDGED, "U1", AT))
    assert alerts.steps(tx, "nothing") == []


def test_an_alert_needs_its_posts(tx: Transaction) -> None:
    """A warning about a post that is not archived is refused by the store itself."""
    assert alerts.raise_once(tx, alert("x:3"))
    with pytest.raises(StoreError):
        alerts.raise_once(tx, alert("x:9"))


@pytest.mark.parametrize("turned", [False, True])
def test_a_dismissed_pair_never_warns_again_until_it_is_undone(tx: Transaction, turned: bool) -> None:
    """No channel of that workspace hears of the pair, whichever picture comes; another workspace does."""
    told = alert()
    alerts.raise_once(tx, told)
    assert decided(tx, told, DISMISSED, reason="the same event")
    again = alert("x:2", "x:3")
    if turned:
        again = replace(again, image_sha256=OTHER, match_sha256=ONE, pair=pair_of(OTHER, ONE, "x:2", "x:3"))
    assert not alerts.raise_once(tx, again)
    assert not alerts.raise_once(tx, replace(again, id="elsewhere", channel="C2"))
    assert alerts.raise_once(tx, replace(again, id="other team", workspace="T2"))
    assert decided(tx, told, OPEN)
    assert alerts.raise_once(tx, again)


def test_an_acknowledged_pair_warns_again(tx: Transaction) -> None:
    """To have seen a warning is not to call it wrong."""
    alerts.raise_once(tx, alert())
    assert decided(tx, alert(), ACKNOWLEDGED)
    assert alerts.raise_once(tx, alert("x:2", "x:3"))


@pytest.mark.parametrize("first", [ACKNOWLEDGED, DISMISSED])
@pytest.mark.parametrize("second", [ACKNOWLEDGED, DISMISSED])
def test_of_two_deciders_the_first_wins(tx: Transaction, first: TriageState, second: TriageState) -> None:
    """The second one's word, given to what they both had seen, changes nothing; the steps tell who was first."""
    alerts.raise_once(tx, alert())
    assert decided(tx, alert(), first, "U1", "known", seen=0)
    assert not decided(tx, alert(), second, "U2", seen=0)
    assert alerts.get(tx, alert().id).state is first
    assert alerts.steps(tx, alert().id) == [Triage(ACTS[first], first, "U1", AT, "known")]


def test_of_two_processes_that_decide_one_does(tmp_path: Path) -> None:
    """Two connections decide one after the other: one of them is told that it came too late."""
    path = tmp_path / DATABASE_FILE
    with Database.open(path) as one, Database.open(path) as other:
        with one.write() as tx:
            fill(tx)
            alerts.raise_once(tx, alert())
        with one.write() as tx:
            assert decided(tx, alert(), DISMISSED, "U1")
        with other.write() as tx:
            assert not decided(tx, alert(), ACKNOWLEDGED, "U2", seen=0)


def test_what_is_open_cannot_be_reopened(tx: Transaction) -> None:
    """Undo takes back a decision, once."""
    alerts.raise_once(tx, alert())
    assert not decided(tx, alert(), OPEN)
    assert decided(tx, alert(), ACKNOWLEDGED)
    assert decided(tx, alert(), OPEN)
    assert not decided(tx, alert(), OPEN)


ANY_ACT = st.sampled_from([Act.ACKNOWLEDGE, Act.DISMISS, Act.SNOOZE, Act.UNDO])
STATES = {Act.ACKNOWLEDGE: ACKNOWLEDGED, Act.DISMISS: DISMISSED, Act.SNOOZE: TriageState.SNOOZED, Act.UNDO: OPEN}


@given(acts=st.lists(ANY_ACT, max_size=8))
def test_undo_goes_back_through_what_was_done(store: Database, acts: list[Act]) -> None:
    """Whatever people try, an undo brings the state before the last step that stands, and none is left at the end."""
    stood = [OPEN]
    with store.write() as tx:
        tx.execute("DELETE FROM triage")
        tx.execute("DELETE FROM alerts")
        tx.execute("DELETE FROM news")
        alerts.raise_once(tx, alert())
        for act in acts:
            made = alerts.decide(tx, alert().id, Triage(act, STATES[act], "U1", AT))
            if made and act is Act.UNDO:
                stood.pop()
            elif made:
                stood.append(STATES[act])
            else:
                assert act is not Act.UNDO or len(stood) == 1
            assert alerts.get(tx, alert().id).state is stood[-1]
        while alerts.decide(tx, alert().id, Triage(Act.UNDO, OPEN, "U1", AT)):
            pass
        assert alerts.get(tx, alert().id).state is OPEN


def test_what_time_did_is_not_undone(tx: Transaction) -> None:
    """A warning that woke stays awake, until somebody decides anew."""
    alerts.raise_once(tx, alert())
    assert alerts.decide(tx, alert().id, Triage(Act.SNOOZE, TriageState.SNOOZED, "U1", AT, until=AT))
    assert alerts.decide(tx, alert().id, Triage(Act.WAKE, OPEN, "", AT))
    assert not decided(tx, alert(), OPEN)
    assert decided(tx, alert(), ACKNOWLEDGED)
    assert decided(tx, alert(), OPEN)
    assert alerts.get(tx, alert().id).state is OPEN


@pytest.fixture(scope="module", name="store")
def fixture_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One store for all the examples of a property."""
    with Database.open(tmp_path_factory.mktemp("alerts") / DATABASE_FILE) as db:
        with db.write() as tx:
            fill(tx)
        yield db


def test_open_warnings_are_those_that_the_viewer_may_see(db: Database) -> None:
    """A warning is listed only to who may see both of its posts, the newest first, and while it is open."""
    with db.write() as tx:
        images.put(tx, image("one"))
        images.put(tx, image("other"))
        for key, audience in (("x:0", EVERYONE), ("x:1", EVERYONE), ("x:2", "channel:C9")):
            archive(tx, post(key), workspace="T1", audience=audience)
        public = alert("x:0", "x:1")
        hidden = replace(alert("x:2", "x:1", channel="C9"), raised_at="2016-03-01T13:00:00.000Z")
        half = replace(alert("x:1", "x:2", channel="C9"), raised_at="2016-03-01T14:00:00.000Z")
        done = alert("x:1", "x:0")
        for told in (public, hidden, half, done):
            assert alerts.raise_once(tx, told)
        decided(tx, done, ACKNOWLEDGED)
        member = Viewer("T1", frozenset({EVERYONE, "channel:C9"}))
        shown = {
            each: replace(told, seq=number)
            for number, (each, told) in enumerate(zip("phl", (public, hidden, half), strict=True), 1)
        }
        assert cases.open_for(tx, "T1", Viewer("T1"), 10) == [shown["p"]]
        assert cases.open_for(tx, "T1", member, 10) == [shown["l"], shown["h"], shown["p"]]
        assert cases.open_for(tx, "T1", member, 2) == [shown["l"], shown["h"]]
        assert cases.open_for(tx, "T1", Viewer("T2"), 10) == cases.open_for(tx, "T2", OPERATOR, 10) == []


def test_a_channels_warnings_are_its_newest_oldest_first(tx: Transaction) -> None:
    """What a channel was told is listed in order, whatever was decided, and only its own."""
    told = [replace(alert(f"x:{number}"), raised_at=f"2016-03-01T1{number}:00:00.000Z") for number in range(4)]
    for number, one in enumerate(told):
        assert alerts.raise_once(tx, one)
        told[number] = replace(one, seq=number + 1)
    alerts.raise_once(tx, alert("x:0", channel="C2"))
    decided(tx, told[2], DISMISSED)
    told[2] = replace(told[2], state=DISMISSED)
    assert alerts.of_channel(tx, "T1", "C1", 10) == told
    assert alerts.of_channel(tx, "T1", "C1", 2) == told[2:]


def test_a_channel_subscribes_once(tx: Transaction) -> None:
    """The first wish stands until it is taken back; a channel id of another workspace is another channel."""
    first = Subscription("T1", "C1", "U1", AT)
    assert subscriptions.subscribe(tx, first)
    assert not subscriptions.subscribe(tx, replace(first, actor="U2"))
    assert subscriptions.subscribe(tx, replace(first, workspace="T2"))
    assert subscriptions.all(tx) == [first, replace(first, workspace="T2")]
    assert subscriptions.unsubscribe(tx, "T1", "C1")
    assert not subscriptions.unsubscribe(tx, "T1", "C1")
    assert subscriptions.all(tx) == [replace(first, workspace="T2")]


def test_a_subscription_sees_what_everybody_in_the_channel_may_see() -> None:
    """What is public in the workspace and what was seen in the channel: nothing of other channels."""
    viewer = Subscription("T1", "C1", "U1", AT).viewer
    assert viewer == Viewer("T1", frozenset({EVERYONE, "channel:C1"}))
    assert viewer.workspace != EVERYWHERE
