"""`explain SIGHTING`: why a sighting was read as it is, from what is stored and from reading its text once more."""

from __future__ import annotations

from dataclasses import replace

from bot import explained
from bot.desk import Desk
from bot.readers import context_of
from bot.verdict_findings import Explanation
from storage import readings, sightings, texts, verdicts
from storage.errors import NotFound
from storage.records import OPERATOR, Viewer


async def explain(desk: Desk, sighting_id: str, *, viewer: Viewer = OPERATOR) -> Explanation:
    """Tell the words, the unit and its speaker, the rule, the cue, the name, the place and the time of a sighting.

    Which spelling matched and which places were weighed is known only by reading the text again, which is done only
    where the rules and the watch-list are those of the stored reading; else the answer says that they have changed.

    Raises:
        NotFound: there is no such sighting for the viewer.
    """
    return await desk.work(_explain, sighting_id, viewer)


def _explain(desk: Desk, sighting_id: str, viewer: Viewer) -> Explanation:
    with desk.db.read() as tx:
        found = sightings.get(tx, sighting_id, viewer)
        if found is None:
            raise NotFound("This sighting is not in the store any more, or not for you; ask with whereis again.")
        reader = desk.readers.current(tx)
        capture = found.capture
        text = texts.of(tx, [capture.text_sha256])[capture.text_sha256]
        read_with = readings.read_with(tx, capture)
        said = tuple(verdicts.history(tx, sighting_id, viewer))
    lost = found.judged is not None and found.judged.lost
    fresh = read_with == reader.version and not lost
    context = context_of(replace(found.post, text=text))
    seen = explained.seen(text, reader.watchlist, context, found.sighting) if fresh else None
    return Explanation(found, tuple(explained.steps(found, text, context, seen, read_with)), fresh, said)
