"""The cards that are held letter by letter; `python -m tests.slack.goldens` writes them anew, to be read as a diff."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.findings import NameMatch, StatusFinding, WhereisFinding
from bot.home_findings import HomeFinding
from bot.slack.blocks import Card, Message
from bot.slack.cards import (
    alert,
    alert_modals,
    check,
    compare,
    digest,
    digest_plan,
    duty,
    error,
    home,
    progress,
    roll,
    snoozes,
    status,
    trace,
    whereis,
)
from bot.slack.cards.help import help_message
from bot.slack.ids import AlertRef, Question, Verb
from storage.alerts import Act, AlertKind, Triage, TriageState
from storage.desks import DeskSettings
from storage.records import PostStatus
from storage.snoozes import Scope
from tests.slack import findings as made
from tests.slack.people_goldens import people_cards
from tests.slack.silence_goldens import silence_cards
from tests.slack.sweep_goldens import sweep_cards
from tests.slack.verdict_goldens import verdict_cards
from tests.slack.watch_goldens import watch_cards

FOLDER = Path(__file__).parent / "golden"

GONE = made.post(1, status=PostStatus.DELETED, status_reason="X says that its author deleted it.", text="", author=None,
                 author_name=None)  # fmt: skip
DISMISSED = Triage(Act.DISMISS, TriageState.DISMISSED, "U0RANA", made.AT, "The same event, rightly shown again")
ASSIGNED = Triage(Act.ASSIGN, TriageState.OPEN, "U0RANA", made.AT, assignee="U0RANA")
SNOOZED = Triage(
    Act.SNOOZE, TriageState.SNOOZED, "U0RANA", made.AT, "This picture.", "U0RANA", "2021-05-05T07:00:00.000Z"
)
PICTURES = {AlertKind.REUSE, AlertKind.CAPTION_CONFLICT}
"""The kinds whose card is that of the alert about a picture."""
STATE = StatusFinding("1.0", "/home", 1200, 1300, 400, 90, 3, 2, 1500, 7, 4_000_000, 90_000_000, made.AT,
                      {"x.com": "ready", "Bluesky": "not configured"})  # fmt: skip


def cards() -> Mapping[str, Card | Message | dict[str, Any]]:
    """Every golden card by the name of its file."""
    nobody = WhereisFinding(
        "Njoroga", None, None, None, (NameMatch(made.PERSON, "Njoroge", 0.8),), (), (), 0, threshold=0.885
    )
    pictures = [
        made.check(made.match()),
        made.check(name="logo.png", why_not="it holds too little to be recognised"),
        made.check(name="new.jpg"),
    ]
    return {
        "trace-reused": trace.trace_card(made.trace(made.match())),
        "trace-alone": trace.trace_card(made.trace()),
        "trace-deleted": trace.trace_card(made.trace(of=GONE, images=(), timeline=())),
        "whereis-denial": whereis.whereis_card(made.whereis_with_denial()),
        "whereis-many": whereis.whereis_card(made.whereis(*map(made.sighting, range(1, 15)), total=20)),
        "whereis-nobody": whereis.whereis_card(nobody),
        "whereis-nothing": whereis.whereis_card(made.whereis()),
        "check": check.check_card(pictures),
        "alert": alert.alert_message(made.alert()),
        "alert-dismissed": alert.alert_message(made.alert(triage=(DISMISSED,))),
        **{f"alert-{kind}": alert.alert_message(made.alert_of(kind)) for kind in AlertKind if kind not in PICTURES},
        "alert-blurred": alert.alert_message(made.alert(blurred=True)),
        "alert-snoozed": alert.alert_message(made.alert(triage=(ASSIGNED, SNOOZED))),
        "alert-already": alert.already_message(DISMISSED),
        "alert-assigned": alert.assigned_message(made.alert(), "U0RANA", made.AT),
        "roll": roll.roll_message(made.roll()),
        "roll-all": roll.rolled_message(made.roll(), 0),
        "snoozes": snoozes.snoozes_message([made.snooze(1), made.snooze(2)]),
        "snoozes-none": snoozes.snoozes_message([]),
        "snoozes-ended": snoozes.ended_message(made.snooze(1), ended=True),
        "duty": duty.on_call_message(DeskSettings("T0DESK", duty_group="S0DUTY", escalate_after=30), "@desk-duty"),
        "duty-nobody": duty.on_call_message(DeskSettings("T0DESK")),
        "duty-escalation": duty.escalation_message(made.alert(), "S0DUTY", "U0RANA", ""),
        "duty-escalations": duty.escalations_message([made.alert()], 12, "S0DUTY", 30),
        "duty-paused": duty.paused_message(DeskSettings("T0DESK", "U0RANA", made.AT), changed=True),
        "alert-modal": alert_modals.dismiss_view(AlertRef("alert-1", 2)),
        "alert-modal-assign": alert_modals.assign_view(AlertRef("alert-1", 2)),
        "alert-modal-snooze": alert_modals.snooze_view(
            AlertRef("alert-1", 0), [(Scope.PICTURE, "This picture"), (Scope.AUTHOR, "@reporter_1")]
        ),
        "digest": digest.digest_card(made.digest_of_a_day()),
        "digest-quiet": digest.digest_card(
            made.digest_of_a_day(conflicts=(), sightings=(), reuse=(), still_open=(), failing=(), late=True)
        ),
        "digest-late": digest.digest_card(made.late_digest()),
        "digest-preview": digest.digest_card(made.digest_of_a_day(), preview=True),
        "digest-plan": digest_plan.plan_message(made.digest_plan(), "C0DESK", "The digest of this channel is set."),
        "digest-plan-none": digest_plan.plan_message(None, "C0DESK"),
        "digest-modal": digest_plan.plan_view(made.digest_plan(), "C0DESK", "UTC"),
        "status": status.status_message(STATE),
        "help": help_message("frobnicate"),
        "home": home.home_view(made.home()),
        "home-empty": home.home_view(HomeFinding()),
        "error": error.error_message(
            "x.com did not answer.",
            "Nothing was stored; try again in a few minutes.",
            Question(Verb.TRACE, "https://x.com/i/status/1"),
        ),
        "compare": compare.compare_card(made.compared(made.reuse()), "one.jpg (F0ONE)\nhttps://x.com/i/status/1"),
        "compare-not": compare.compare_card(made.compared(None), "one.jpg (F0ONE)\nhttps://x.com/i/status/1"),
        "check-stated": check.check_card([replace(made.check(), metadata=made.STATED)]),
        "check-stated-public": check.check_card([replace(made.check(), metadata=made.STATED)], named=False),
        "progress": progress.progress_message(Verb.TRACE, "x.com/i/status/1", place=3),
        **people_cards(),
        **silence_cards(),
        **sweep_cards(),
        **verdict_cards(),
        **watch_cards(),
    }


def as_json(value: Card | Message | dict[str, Any]) -> Any:
    """A card as the JSON of its messages."""
    if isinstance(value, Card):
        return {"first": as_json(value.first), "thread": [as_json(one) for one in value.thread]}
    if isinstance(value, Message):
        pictures = [{"key": one.key, "path": one.path, "title": one.title, "alt": one.alt} for one in value.pictures]
        return json.loads(json.dumps({"text": value.text.split("\n"), "blocks": value.blocks, "pictures": pictures}))
    return json.loads(json.dumps(value))


def write() -> None:
    """Write every golden file."""
    for name, value in cards().items():
        text = json.dumps(as_json(value), ensure_ascii=False, indent=1) + "\n"
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
