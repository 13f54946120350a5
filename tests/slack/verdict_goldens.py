"""The cards about verdicts on sightings that are held letter by letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.slack.blocks import Card, Message
from bot.slack.cards import verdicts, whereis
from bot.slack.verdict_refs import VerdictDraft
from bot.verdict_findings import Explanation, Step, VerdictsFinding, unnamed
from storage.records import EVERYWHERE, ArchivedSighting, Place, PlacePrecision, Stance
from storage.verdicts import Judged, Judgement, Verdict
from tests.slack import findings as made

BERGEN = Place("Bergen", "NO", 60.39, 5.32, PlacePrecision.CITY, "test:bergen")


def verdict(judgement: Judgement = Judgement.CONFIRMED, **changes: Any) -> Verdict:
    """What Rana says of a sighting."""
    said = Verdict(
        "v-1", "T0DESK", "x:1", "anna-njoroge", "ab" * 32, {}, frozenset(), judgement, None, None, "", "U0RANA", made.AT
    )
    return replace(said, **changes)


def judged(found: ArchivedSighting, said: Verdict, *, lost: bool = False) -> ArchivedSighting:
    """A sighting as it is told with a verdict."""
    read = found.sighting
    told = replace(read, place=said.place or read.place, stance=said.stance or read.stance)
    return replace(found, sighting=told, judged=Judged(said, read.place, read.stance, lost))


def corrected() -> ArchivedSighting:
    """A sighting whose place and stance Rana has corrected."""
    said = verdict(Judgement.CORRECTED, place=BERGEN, stance=Stance.ALLEGED, note="the photo shows Bryggen")
    return judged(made.sighting(1, "a voice says Oslo"), said)


def verdict_cards() -> Mapping[str, Card | Message | dict[str, Any]]:
    """The cards by the names of their files."""
    confirmed = judged(made.sighting(2, "another voice says Oslo"), verdict(), lost=True)
    rejected = judged(made.sighting(3, "a third says Oslo"), verdict(Judgement.REJECTED, id="v-3"))
    everywhere = judged(made.sighting(4, "a fourth"), verdict(id="v-4", workspace=EVERYWHERE, actor="operator"))
    answer = replace(made.whereis(corrected(), confirmed), rejected=1)
    listed = VerdictsFinding((corrected(), rejected, everywhere), 12)
    steps = (Step("Words", "“a voice says Oslo”, characters 0 to 17."), Step("Rule", "be-in/1: a form of “to be”."))
    undone = replace(verdict(id="v-0"), undone_by="U0RANA", undone_at=made.AT)
    return {
        "whereis-judged": whereis.whereis_card(answer),
        "whereis-judged-thread": whereis.whereis_card(unnamed(answer)),
        "verdict-modal": verdicts.verdict_view(made.sighting(1, "a voice says Oslo"), VerdictDraft("s-1")),
        "verdict-modal-again": verdicts.verdict_view(corrected(), VerdictDraft("s-1", seen="v-1", channel="C1")),
        "verdict-noted": verdicts.noted_message(VerdictsFinding((rejected,), 1, changed="It is noted.")),
        "verdicts": verdicts.verdicts_message(listed),
        "verdicts-thread": verdicts.verdicts_message(listed, named=False),
        "verdicts-none": verdicts.verdicts_message(VerdictsFinding((), 0)),
        "verdict-why": verdicts.explanation_message(
            Explanation(corrected(), steps, True, (undone, verdict(Judgement.CORRECTED, place=BERGEN)))
        ),
    }
