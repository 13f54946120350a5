"""The cards about what never warns that are held letter by letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.alerting.memory import Silence, SilenceKind
from bot.silence_findings import SilencedFinding, SilencedLine
from bot.slack.blocks import Card, Message
from bot.slack.cards import alert, check, silenced, trace
from bot.slack.silence_refs import BoilerplateRef
from storage.alerts import Act, Triage, TriageState
from storage.boilerplate import Kind
from storage.records import EVERYWHERE, digest
from tests.slack import findings as made

LOGO = Silence(SilenceKind.BOILERPLATE, "m-1", "U0RANA", made.AT, "logo: of the wire", copies=False, copied=True)
FALSE = Silence(
    SilenceKind.DISMISSED, "alert-1", "U0RANA", made.AT, "The same scene, but another picture", copies=False
)
KNOWN = Silence(SilenceKind.DISMISSED, "alert-2", "U0RANA", made.AT, "Known already: both show the quay", copies=True)
MARKED = Triage(Act.MARK, TriageState.DISMISSED, "U0RANA", made.AT, "Logo: of the wire")
ONE, OTHER = digest(b"one"), digest(b"two")


def silenced_list(start: int = 0) -> SilencedFinding:
    """A page of what is silenced: a pair, a mark, and one of the operator's for every workspace."""
    pair = SilencedLine(KNOWN, "T0DESK", (ONE, OTHER), (made.post(1), made.post(7)))
    mark = SilencedLine(LOGO, "T0DESK", (ONE,), (made.post(2),))
    everywhere = SilencedLine(replace(LOGO, ref="m-2", by="operator", reason="avatar"), EVERYWHERE, (OTHER,), (None,))
    return SilencedFinding((pair, mark, everywhere), 12, 3, start)


def silence_cards() -> Mapping[str, Card | Message | dict[str, Any]]:
    """Every golden card by the name of its file."""
    boilerplate = replace(made.match(), silence=LOGO)
    picture = replace(made.check(boilerplate), marked=LOGO)
    dismissed = replace(made.match(8), silence=FALSE)
    known = replace(made.match(), silence=KNOWN)
    return {
        "alert-marked": alert.alert_message(made.alert(triage=(MARKED,))),
        "trace-boilerplate": trace.trace_card(made.trace(images=(picture,))),
        "trace-dismissed": trace.trace_card(made.trace(images=(made.check(dismissed),))),
        "trace-known": trace.trace_card(made.trace(known), named=False),
        "check-silenced": check.check_card([picture, made.check(dismissed), made.check(known)]),
        "silenced": silenced.silenced_message(silenced_list()),
        "silenced-thread": silenced.silenced_message(silenced_list(10), named=False),
        "silenced-none": silenced.silenced_message(SilencedFinding((), 0, 0)),
        "silenced-marked": silenced.marked_message(Kind.HEADER),
        "silenced-undone": silenced.undone_message(silenced_list().lines[1]),
        "silenced-modal": silenced.boilerplate_view(BoilerplateRef((ONE, OTHER), "alert-1", 0), ["Came in", "Held"]),
    }
