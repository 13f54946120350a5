"""What never warns, on the store: marked, listed page by page, taken back with the warning it settled, each logged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.alerting.memory import SilenceKind
from commands import triage
from commands.boilerplate import MarkedAlready, mark
from commands.silenced import NotHere, listing, mark_on_alert, undo
from storage import alerts, boilerplate, custody, images, outbox
from storage.alerts import Act, Triage, TriageState
from storage.boilerplate import Kind
from storage.database import Database, Transaction
from storage.dismissals import Reason
from storage.errors import NotFound
from storage.records import EVERYWHERE, OPERATOR, Appearance, Viewer
from tests.commands.alerted import TEAM, after, alert, archived, tell
from tests.storage.conftest import fixture_db  # noqa: F401 - the fixture `db`
from tests.storage.makers import archive, image, post

ONE, OTHER = image("one").sha256, image("other").sha256
MEMBER = Viewer(TEAM)


@pytest.fixture(name="tx")
def fixture_tx(db: Database) -> Iterator[Transaction]:
    """A transaction on a store with a warning that stands in Slack, about two pictures in public posts."""
    with db.write() as tx:
        archived(tx)
        for sha256, key in ((ONE, "x:0"), (OTHER, "x:1")):
            images.put_appearance(tx, Appearance(sha256, key, f"c-{key}", 0, "", None))
        tell(tx, alert(0))
        yield tx


def dismiss(tx: Transaction, told: str = "alert-C1-0", minutes: float = 1) -> None:
    """Let a member dismiss a warning."""
    step = Triage(Act.DISMISS, TriageState.DISMISSED, "U1", after(minutes), "Known already", why=Reason.KNOWN)
    assert triage.decide(tx, told, step, step.at).made


def logged(tx: Transaction) -> list[tuple[str, str]]:
    """What the custody log says was done, and by whom."""
    return [(row.action, row.actor) for row in custody.rows(tx) if row.action in {*LOGGED, "triage"}]


LOGGED = {"boilerplate", "boilerplate undone"}


def state(tx: Transaction) -> TriageState:
    """How the warning stands."""
    return alerts.get(tx, "alert-C1-0").state


def test_a_dismissed_pair_is_listed_and_undone_with_its_warning(tx: Transaction) -> None:
    """The warning is open again, its message is shown anew, and the log says who did both."""
    dismiss(tx)
    found = listing(tx, TEAM, MEMBER)
    assert (found.pairs, found.marks) == (1, 0)
    [line] = found.lines
    assert (line.silence.kind, line.silence.by, line.silence.reason) == (SilenceKind.DISMISSED, "U1", "Known already")
    assert [one.id for one in line.posts if one] == ["x:0", "x:1"]
    assert undo(tx, TEAM, line.silence.ref, MEMBER, by="U2", now=after(2)) == line
    assert (state(tx), listing(tx, TEAM).total) == (TriageState.OPEN, 0)
    assert outbox.get(tx, "alert:alert-C1-0:update") is not None
    assert logged(tx) == [("triage", f"{TEAM}/U1"), ("triage", f"{TEAM}/U2")]
    with pytest.raises(NotFound):
        undo(tx, TEAM, line.silence.ref, MEMBER, by="U2", now=after(3))


def test_to_undo_a_pair_opens_every_warning_that_dismissed_it(tx: Transaction) -> None:
    """Two channels were warned of it; both stop saying that it never warns."""
    tell(tx, alert(0, channel="C2"))
    for told in ("alert-C1-0", "alert-C2-0"):
        dismiss(tx, told)
    [line] = listing(tx, TEAM).lines
    undo(tx, TEAM, line.silence.ref, by="operator", now=after(2))
    assert {alerts.get(tx, each).state for each in ("alert-C1-0", "alert-C2-0")} == {TriageState.OPEN}
    assert not alerts.is_dismissed(tx, TEAM, "pair-0")


@pytest.mark.parametrize("by_list", [True, False])
def test_a_mark_on_a_warning_is_undone_with_it_from_either_side(tx: Transaction, by_list: bool) -> None:
    """By the list or by Undo on the card: the mark is gone, the warning is open, once."""
    made = mark_on_alert(tx, "alert-C1-0", OTHER, Kind.LOGO, " of the  wire ", by="U1", now=after(1), seen=0)
    assert (made.made, state(tx)) == (True, TriageState.DISMISSED)
    [line] = listing(tx, TEAM, MEMBER).lines
    assert (line.silence.reason, line.pictures) == ("logo: of the wire", (OTHER,))
    assert [step.reason for step in alerts.steps(tx, "alert-C1-0")] == ["Logo: of the wire"]
    if by_list:
        undo(tx, TEAM, line.silence.ref, MEMBER, by="U2", now=after(2))
    else:
        triage.decide(tx, "alert-C1-0", Triage(Act.UNDO, TriageState.OPEN, "U2", after(2)), after(2))
    assert (state(tx), listing(tx, TEAM).total) == (TriageState.OPEN, 0)
    assert [one for one in logged(tx) if one[0] in LOGGED] == [
        ("boilerplate", f"{TEAM}/U1"), ("boilerplate undone", f"{TEAM}/U2")
    ]  # fmt: skip


def test_who_comes_second_marks_nothing(tx: Transaction) -> None:
    """The card showed less than was done; nor can a picture be marked that the warning is not about."""
    dismiss(tx)
    late = mark_on_alert(tx, "alert-C1-0", ONE, Kind.LOGO, "", by="U2", now=after(2), seen=0)
    assert (late.made, late.by.by if late.by else "") == (False, "U1")
    assert boilerplate.standing(tx, TEAM) == []
    with pytest.raises(NotFound):
        mark_on_alert(tx, "alert-C1-0", image("third").sha256, Kind.LOGO, "", by="U2", now=after(2))


def test_the_undo_of_a_warning_leaves_the_mark_of_somebody_else(tx: Transaction) -> None:
    """The picture was marked before; settling the warning by it again adds nothing to take back."""
    first = mark(tx, TEAM, OTHER, Kind.LOGO, "", MEMBER, by="U1", now=after(1))
    mark_on_alert(tx, "alert-C1-0", OTHER, Kind.AVATAR, "", by="U2", now=after(2))
    triage.decide(tx, "alert-C1-0", Triage(Act.UNDO, TriageState.OPEN, "U2", after(3)), after(3))
    assert boilerplate.standing(tx, TEAM) == [first]


def test_only_a_picture_that_one_may_know_of_is_marked_and_only_once(tx: Transaction) -> None:
    """What was seen in a private channel alone is as if it were not there."""
    secret = archive(tx, post("x:90"), workspace=TEAM, audience="channel:C9")
    images.put(tx, image("secret"))
    images.put_appearance(tx, Appearance(image("secret").sha256, "x:90", secret.id, 0, "", None))
    for sha256 in (image("secret").sha256, image("nowhere").sha256):
        with pytest.raises(NotFound):
            mark(tx, TEAM, sha256, Kind.LOGO, "", MEMBER, by="U1", now=after(1))
    mark(tx, TEAM, ONE, Kind.LOGO, "", MEMBER, by="U1", now=after(1))
    with pytest.raises(MarkedAlready):
        mark(tx, TEAM, ONE, Kind.AVATAR, "", MEMBER, by="U2", now=after(2))
    assert len(listing(tx, TEAM).lines) == 1


def test_the_operators_mark_is_not_for_a_workspace_to_undo(tx: Transaction) -> None:
    """It holds in every one of them; the operator may."""
    made = mark(tx, EVERYWHERE, ONE, Kind.HEADER, "", OPERATOR, by="operator", now=after(1))
    assert [line.silence.ref for line in listing(tx, "T2", Viewer("T2")).lines] == [made.id]
    with pytest.raises(NotHere):
        undo(tx, TEAM, made.id, MEMBER, by="U1", now=after(2))
    undo(tx, "", made.id, by="operator", now=after(2))
    assert logged(tx) == [("boilerplate", "operator"), ("boilerplate undone", "operator")]


def test_workspaces_undo_their_own_alone(tx: Transaction) -> None:
    """Another workspace neither lists nor undoes what was said in this one."""
    dismiss(tx)
    made = mark(tx, TEAM, ONE, Kind.LOGO, "", MEMBER, by="U1", now=after(2))
    other = Viewer("T2")
    assert listing(tx, "T2", other).total == 0
    for ref in (made.id, "alert-C1-0"):
        with pytest.raises(NotFound):
            undo(tx, "T2", ref, other, by="U7", now=after(3))
    assert listing(tx, "").total == 2


def test_the_list_is_paged_newest_first(tx: Transaction) -> None:
    """Pairs and pictures together; a page is as long as it is asked for."""
    dismiss(tx, minutes=5)
    mark(tx, TEAM, ONE, Kind.LOGO, "", MEMBER, by="U1", now=after(2))
    mark(tx, TEAM, OTHER, Kind.LOGO, "", MEMBER, by="U1", now=after(9))
    kinds = [line.silence.kind for line in listing(tx, TEAM, MEMBER).lines]
    assert kinds == [SilenceKind.BOILERPLATE, SilenceKind.DISMISSED, SilenceKind.BOILERPLATE]
    pages = [listing(tx, TEAM, MEMBER, start, 2) for start in (0, 2, 4)]
    assert [len(page.lines) for page in pages] == [2, 1, 0]
    assert {page.total for page in pages} == {3}
    assert len(listing(tx, TEAM, MEMBER, most=None).lines) == 3
