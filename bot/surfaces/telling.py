"""The words of what is told by itself, made when it is sent: of a warning as it stands at that moment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.desk import Desk
from bot.slack.blocks import Message
from bot.slack.bodies import message_of
from bot.slack.cards.alert import alert_message, assigned_message
from bot.slack.cards.duty import escalation_message, escalations_message
from bot.slack.cards.roll import roll_message
from bot.slack.cards.sweep import sweep_message, sweep_progress_message
from bot.surfaces.corrected import corrected_words
from commands.alerts import alert_finding, roll_finding
from commands.sweep import finding


async def words_of(desk: Desk, body: Mapping[str, Any], evidence: Path) -> Message:
    """Make the message of a row of the outbox: a body that has its words already, or names what it is about.

    Raises:
        NotFound: what it is about is not there any more, or not for that channel to see.
    """
    match body:
        case {"alert": str(alert)}:
            return alert_message(await desk.work(alert_finding, alert, evidence))
        case {"roll": str(roll)}:
            return roll_message(await desk.work(roll_finding, roll))
        case {"assigned": str(alert), "by": str(by), "at": str(at), "note": str(note)}:
            return assigned_message(await desk.work(alert_finding, alert), by, at, note)
        case {"escalation": str(alert), "group": str(group), "by": str(by), "reason": str(reason)}:
            return escalation_message(await desk.work(alert_finding, alert), group, by, reason)
        case {"escalations": [*newest], "total": int(total), "group": str(group), "minutes": int(minutes)}:
            named = [await desk.work(alert_finding, str(alert)) for alert in newest]
            return escalations_message(named, total, group, minutes)
        case {"corrected": {"post": str(post), "alert": str(alert)}}:
            return await corrected_words(desk, post, alert, evidence)
        case {"sweep": str(asked), "part": str(part)}:
            found = await desk.db.reading(lambda tx: finding(tx, asked))
            return sweep_message(found) if part == "head" else sweep_progress_message(found)
        case _:
            return message_of(body)
