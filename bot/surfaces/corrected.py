"""A card that was answered once and does not hold any more, as it is shown from then on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot import wording
from bot.desk import Desk
from bot.slack.blocks import Message, line, rich, shared, words
from bot.slack.cards.trace import trace_card
from commands.trace import traced_again
from storage import alerts


async def corrected_words(desk: Desk, post_id: str, alert_id: str, evidence: Path) -> Message:
    """Make the first message of a trace anew, with a line that says since when it is corrected and why.

    Raises:
        NotFound: the post is not there, or not for the channel of the alert to see.
    """
    alert = await desk.db.reading(lambda tx: alerts.get(tx, alert_id))
    finding = await traced_again(desk, post_id, viewer=alert.viewer, evidence=evidence)
    card = shared(trace_card(finding, named=False)).first
    told = f"Corrected {wording.at(alert.evidence_at)}: an earlier appearance was found."
    corrected = rich(line(words(told, bold=True)))
    return replace(card, text=f"{told}\n{card.text}", blocks=(corrected, *card.blocks))
