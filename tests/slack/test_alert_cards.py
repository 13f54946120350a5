"""What the card of a warning says and offers, whatever it is about and whatever was done about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import wording
from bot.slack.cards.alert import alert_message
from bot.slack.cards.alert_modals import dismiss_reason, dismiss_view
from bot.slack.ids import Action, AlertRef
from storage.alerts import Act, AlertKind, Triage, TriageState
from storage.dismissals import Reason
from storage.records import Stance
from tests.slack import findings as made
from tests.slack.limits import objects
from tests.slack.test_cards import buttons, written

SAYINGS = {AlertKind.SIGHTING, AlertKind.DENIAL, AlertKind.TRAVEL}


def test_a_warning_changes_with_its_triage() -> None:
    """Open: everything can be done. Triaged: who, what, when and why, and an undo. Undone: open again."""
    done = Triage(Act.DISMISS, TriageState.DISMISSED, "U0RANA", made.AT, "Known already")
    again = Triage(Act.UNDO, TriageState.OPEN, "U0OMAR", made.AT)
    fresh, closed, opened = (alert_message(made.alert(triage=steps)) for steps in ((), (done,), (done, again)))
    acts = {
        Action.ACKNOWLEDGE,
        Action.DISMISS,
        Action.BOILERPLATE,
        Action.ASSIGN,
        Action.SNOOZE,
        Action.ESCALATE,
        Action.TRACE,
    }
    assert acts == set(buttons(fresh)) == set(buttons(opened))
    assert {Action.UNDO, Action.TRACE} == set(buttons(closed))
    assert "Dismissed by U0RANA, 4 May 2021 09:30 UTC. Reason: Known already. This pair will not warn" in closed.text
    assert [i["user_id"] for i in objects(opened.blocks) if i.get("type") == "user"] == ["U0RANA", "U0OMAR"]


def test_only_a_dismissal_of_pictures_holds_for_a_pair() -> None:
    """A dismissed sighting says nothing of pictures, and its modal offers no reason that is about them."""
    done = Triage(Act.DISMISS, TriageState.DISMISSED, "U0RANA", made.AT, "Known already")
    card = alert_message(made.alert_of(AlertKind.SIGHTING, triage=(done,)))
    assert "Reason: Known already." in card.text
    assert "pair" not in written(card)
    modal = dismiss_view(AlertRef("a"), pair=False)
    options = [item["value"] for item in objects(modal) if "value" in item]
    assert options == [Reason.KNOWN, Reason.NOT_RELEVANT, Reason.OTHER]


def test_the_assignee_stays_on_the_card() -> None:
    """However many steps follow, the card says whose it is."""
    steps = [Triage(Act.ASSIGN, TriageState.OPEN, "U0RANA", made.AT, assignee="U0OMAR")]
    for _ in range(2):
        steps += [Triage(Act.ACKNOWLEDGE, TriageState.ACKNOWLEDGED, "U0ERIK", made.AT, assignee="U0OMAR"),
                  Triage(Act.UNDO, TriageState.OPEN, "U0ERIK", made.AT, assignee="U0OMAR")]  # fmt: skip
    card = alert_message(made.alert(made.raised(assignee="U0OMAR"), triage=tuple(steps)))
    assert "U0OMAR" in [item["user_id"] for item in objects(card.blocks) if item.get("type") == "user"]


@pytest.mark.parametrize("kind", AlertKind)
def test_every_kind_of_warning_says_what_why_how_surely_and_from_where(kind: AlertKind) -> None:
    """On the first screen; a claim in the header has its stance and its speaker; late is said; all have buttons."""
    found = made.alert_of(kind, due_at="2021-05-04T09:00:00.000Z", others=2)
    card = alert_message(replace(found, alert=replace(found.alert, late=True)))
    shown = written(card)
    needed = ["What: ", "Why: ", "Late: this sweep should have run at 4 May 2021 09:00 UTC.", "2 more warnings"]
    needed += [] if kind is AlertKind.SOURCE else ["Source: "]
    needed += ["Stance: "] if kind in SAYINGS else [] if kind is AlertKind.SOURCE else ["Certainty: "]
    assert [word for word in needed if word not in shown] == []
    assert Action.ACKNOWLEDGE in buttons(card)


@pytest.mark.parametrize("kind", [AlertKind.SIGHTING, AlertKind.DENIAL])
def test_a_claim_in_a_header_has_its_stance_and_speaker(kind: AlertKind) -> None:
    """No header says of a person where they are."""
    found = made.alert_of(kind)
    head = alert_message(found).blocks[0]["text"]["text"]
    newest = found.sightings[0].sighting
    assert head.endswith(f"{wording.STANCES[newest.stance]} {newest.speaker.name}")


def test_a_source_that_works_again_says_so() -> None:
    """The same message tells that it is over."""
    card = alert_message(made.alert_of(AlertKind.SOURCE, problem=""))
    assert "A source answers again: rss:https://wire.example/f" in card.text


def test_a_blurred_picture_is_another_file() -> None:
    """It never takes the place of the clear one among what is uploaded; a button shows that one."""
    clear, blurred = (alert_message(made.alert(blurred=hidden)) for hidden in (False, True))
    assert clear.pictures[0].key != blurred.pictures[0].key
    assert (Action.SHOW_PICTURE in buttons(clear), Action.SHOW_PICTURE in buttons(blurred)) == (False, True)


def test_a_warning_too_long_for_a_message_keeps_its_buttons() -> None:
    """What is cut is what it tells, never what can be done about it."""
    long = tuple(made.sighting(1, "\\" * 600, stance=stance) for stance in (Stance.ASSERTED, Stance.DENIED))
    clash = replace(made.TOO_FAR, why="\\" * 600)
    card = alert_message(made.alert_of(AlertKind.SIGHTING, sightings=long * 4, conflicts=(clash,) * 4))
    assert "More than one message holds" in str(card.blocks)
    assert Action.ACKNOWLEDGE in buttons(card)


def test_a_reason_is_told_with_its_note() -> None:
    """The words of the modal and those of the member make one reason."""
    assert dismiss_reason(Reason.KNOWN, " ") == "Known already"
    assert dismiss_reason(Reason.OTHER, "seen in print ") == "Another reason: seen in print"
