"""What was asked of a person, and how much of the answer there is, as JSON values."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.findings import WhereisFinding


def asked_shape(finding: WhereisFinding) -> dict[str, Any]:
    """Return the question, what it was narrowed to, the counts, and the paths of the pictures."""
    return {
        "query": finding.query,
        "on": finding.on,
        "known_on": finding.known_on,
        **asdict(finding.narrowed),
        "total": finding.total,
        "unread": finding.unread,
        "map": finding.map,
        "timeline": finding.timeline,
    }
