"""What buttons and modals about verdicts on sightings carried, read when it comes back."""

from __future__ import annotations

from bot.slack.ids import BadValue, carried
from bot.slack.verdict_refs import SightingRef, VerdictDraft, VerdictRef


def sighting_ref(written: str) -> SightingRef:
    """Read the sighting that a button carried.

    Raises:
        BadValue: it is not one.
    """
    match carried(written):
        case {"is": "SightingRef", "sighting": str(sighting), "again": str(again)}:
            return SightingRef(sighting, again)
    raise BadValue("This button is not one of ours; ask with /whereis again.")


def verdict_draft(written: str) -> VerdictDraft:
    """Read what a modal in which a sighting is judged remembers.

    Raises:
        BadValue: it is none of ours.
    """
    match carried(written):
        case {
            "is": "VerdictDraft",
            "sighting": str(sighting),
            "again": str(again),
            "seen": str(seen),
            "channel": str(channel),
            "url": str(url),
        }:
            return VerdictDraft(sighting, again, seen, channel, url)
    raise BadValue("This form is not one of ours; ask with /whereis again.")


def verdict_ref(written: str) -> VerdictRef:
    """Read what of the list of verdicts a button carried.

    Raises:
        BadValue: it is not one.
    """
    match carried(written):
        case {"is": "VerdictRef", "verdict": str(verdict), "start": int(start)} if start >= 0:
            return VerdictRef(verdict, start)
    raise BadValue("This button is not one of ours; ask for /dateline verdicts again.")
