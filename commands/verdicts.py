"""An editor's verdict on a sighting: given, taken back, and listed; each with its row in the custody log."""

from __future__ import annotations

from typing import Final

from bot.alerting.telling import show_again
from bot.desk import Desk
from bot.verdict_findings import Said, VerdictsFinding
from storage import cases, custody, judging, sightings, verdicts
from storage.database import Transaction
from storage.errors import DatelineError, NotFound
from storage.records import EVERYWHERE, OPERATOR, Place, Stance, Viewer, short_id
from storage.verdicts import Judgement, Verdict

PAGE: Final = 10
"""Verdicts of one list in Slack; a button brings the next ones."""

LONGEST: Final = 200
"""Characters of a place's name, and of a note."""

_GONE: Final = "This sighting is not in the store any more, or not for you; ask with whereis again."


class PlaceUnknown(DatelineError):
    """A place that somebody names is not in the gazetteer."""

    code = "place_unknown"


class JudgedMeanwhile(DatelineError):
    """Somebody else has judged a sighting since it was shown."""

    code = "judged_meanwhile"


class NotHere(DatelineError):
    """A verdict holds in every workspace, which is not for one of them to change."""

    code = "not_here"


def place_named(_desk: Desk, name: str) -> Place:
    """Return the place that somebody means: as work that another process can do, since the gazetteer is opened.

    Raises:
        PlaceUnknown: no place is called so.
    """
    from bot.reading import places
    from bot.reading.language import detect

    asked = " ".join(name[:LONGEST].split())
    for written, lang in ((asked, None), (asked, detect(asked, None)), (asked.title(), None)):
        for mention in places.find(written, lang=lang):
            if mention.kind == "place":
                return mention.place
    raise PlaceUnknown(f"No place called “{asked}” is known; write a city or a country, like Homs, Syria.")


def give(tx: Transaction, sighting_id: str, said: Said, viewer: Viewer, *, workspace: str, by: str, now: str) -> None:
    """Judge a sighting, in the place of the verdict that stood in that workspace.

    What was corrected before stays corrected, unless the sighting is rejected. A sighting that is rejected is not told
    and not counted there, and warns of nothing, until that is undone. The same said twice by one person is said once.

    Raises:
        NotFound: there is no such sighting for the viewer.
        JudgedMeanwhile: another verdict stands than whoever judges was shown.
    """
    found = sightings.get(tx, sighting_id, viewer)
    row = judging.row_of(tx, sighting_id)
    if found is None or row is None:
        raise NotFound(_GONE)
    before = standing_here(tx, sighting_id, workspace)
    keeps = said.judgement is not Judgement.REJECTED
    made = Verdict(
        id=short_id("verdict", workspace, sighting_id, now, before.id if before else ""),
        workspace=workspace,
        post_id=found.post.id,
        person_id=found.sighting.person_id,
        text_sha256=found.capture.text_sha256,
        held={**row, "lost": 0},
        beside=judging.beside(tx, found.post.id, sighting_id),
        judgement=said.judgement,
        place=(said.place or (before.place if before else None)) if keeps else None,
        stance=(said.stance or (before.stance if before else None)) if keeps else None,
        note=" ".join(said.note[:LONGEST].split()),
        actor=by,
        at=now,
    )
    if before and _says(before) == _says(made):
        return
    if said.seen is not None and said.seen != (before.id if before else ""):
        raise JudgedMeanwhile(
            "Somebody has judged this sighting since it was shown to you; nothing of yours was changed. "
            "Ask with whereis again."
        )
    if before:
        verdicts.undo(tx, before.id, by, now)
    verdicts.put(tx, made)
    detail = {
        "sighting": sighting_id,
        "post": made.post_id,
        "person": made.person_id,
        "judgement": str(made.judgement),
        "place": made.place.key if made.place else None,
        "stance": str(made.stance) if made.stance else None,
        "note": made.note,
        "workspace": workspace,
        "replaces": before.id if before else None,
    }
    custody.append(tx, at=now, actor=_actor(workspace, by), action="verdict", subject=made.id, detail=detail)
    _apply(tx, made, sighting_id, now)


def undo(tx: Transaction, ref: str, viewer: Viewer = OPERATOR, *, workspace: str, by: str, now: str) -> Verdict:
    """Take a verdict back, by its id or by that of the sighting; return what it was.

    The sighting is told as the reader has it; one that the rules do not find is told no more. `workspace` empty: the
    newest verdict, whichever it holds in.

    Raises:
        NotFound: there is none of that reference for the viewer, or it was taken back already.
        NotHere: it holds in every workspace, and one of them asks.
    """
    own = verdicts.standing(tx, workspace, viewer)
    linked = verdicts.history(tx, ref, viewer)
    held = next((one for one in own if one.id == ref or any(one.id == other.id for other in linked)), None)
    if held is None:
        raise NotFound("No verdict stands there any more; see the list of verdicts.")
    if workspace and held.workspace == EVERYWHERE:
        raise NotHere("This verdict is the operator's, for every workspace; ask whoever runs Dateline to undo it.")
    verdicts.undo(tx, held.id, by, now)
    detail = {"sighting": str(held.held["id"]), "post": held.post_id, "workspace": held.workspace}
    actor = _actor(held.workspace, by)
    custody.append(tx, at=now, actor=actor, action="verdict undone", subject=held.id, detail=detail)
    _apply(tx, held, str(held.held["id"]), now)
    return verdicts.get(tx, held.id)


def standing_here(tx: Transaction, sighting_id: str, workspace: str) -> Verdict | None:
    """Return the verdict on a sighting in this very workspace: the one that a new one takes the place of."""
    held = verdicts.history(tx, sighting_id, OPERATOR)
    return next((one for one in held if one.workspace == workspace and one.undone_at is None), None)


def judged(tx: Transaction, sighting_id: str, viewer: Viewer, changed: str) -> VerdictsFinding:
    """Return a sighting as it is told now, also where it was rejected, and what was changed.

    Raises:
        NotFound: there is no such sighting for the viewer.
    """
    found = sightings.get(tx, sighting_id, viewer)
    if found is None:
        raise NotFound(_GONE)
    return VerdictsFinding((found,), 1, changed=changed)


def as_it_was(tx: Transaction, verdict: Verdict, viewer: Viewer, changed: str) -> VerdictsFinding:
    """Return the sighting that a verdict is about, as it was when it was judged, and what was changed.

    Raises:
        NotFound: its post is not for the viewer.
    """
    found = sightings.as_judged(tx, verdict, viewer)
    if found is None:
        raise NotFound(_GONE)
    return VerdictsFinding((found,), 1, changed=changed)


def listing(
    tx: Transaction, workspace: str, viewer: Viewer = OPERATOR, start: int = 0, most: int | None = PAGE
) -> VerdictsFinding:
    """List the verdicts that stand in a workspace, or in all of them where that is empty; `most` None: all of them."""
    held = verdicts.standing(tx, workspace, viewer)
    shown = held[start:] if most is None else held[start : start + most]
    lines = (sightings.as_judged(tx, one, viewer) for one in shown)
    return VerdictsFinding(tuple(line for line in lines if line), len(held), start)


def _says(verdict: Verdict) -> tuple[str, Judgement, Place | None, Stance | None, str]:
    return verdict.actor, verdict.judgement, verdict.place, verdict.stance, verdict.note


def _apply(tx: Transaction, verdict: Verdict, sighting_id: str, now: str) -> None:
    """Let what is told follow a verdict: which sighting it is about, and the warnings that stand on it."""
    judging.relink(tx, verdict.post_id)
    for alert in cases.standing_on(tx, verdict.post_id, sighting_id):
        if verdict.workspace in {EVERYWHERE, alert.workspace}:
            show_again(tx, alert, now)


def _actor(workspace: str, by: str) -> str:
    return by if workspace == EVERYWHERE or by == "operator" else f"{workspace}/{by}"
