"""Why a sighting was read as it is, in plain sentences: from what is stored and, where that still holds, read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.rule_words import rule_words
from bot.verdict_findings import Step
from bot.wording import concluded, count, place_words, when
from storage.records import ArchivedSighting, Place, Sighting, Span, Stance

if TYPE_CHECKING:
    from bot.reading.model import Context, PersonMention, PlaceMention, TimeMention
    from bot.reading.names.watchlist import WatchList

CANDIDATES: Final = 5
"""Other places of a name that are told."""

CHANGED: Final = (
    "The rules or the watch-list have changed since, and the text waits to be read again: how the name matched and "
    "which other places were weighed is not told. Ask again in a minute, or run dateline rebuild --sightings."
)
LOST: Final = "The rules of now do not find it any more; it is told because somebody vouches for it."

_UNITS: Final = {
    "body": "a paragraph of the text",
    "headline": "the headline",
    "tweet": "a post that the text embeds or is",
    "caption": "a caption",
    "byline": "a byline",
}
_HOW: Final = {
    "full": "the full name stands in the text",
    "alias": "it is a spelling on the watch-list",
    "surname": "the surname alone: the full name stands elsewhere in the text, or nobody else on the watch-list has it "
    "and it is no everyday word, place or given name",
    "given": "the given name alone: the full name stands elsewhere in the text",
    "skeleton": "the spelling is not on the watch-list, but sounds like one that is",
}
_REASONS: Final = {
    "only": "no other place that is known is called so",
    "container": "a place named beside it holds it",
    "context": "other places of the text are near it",
    "population": "it is the largest of that name",
}
_STANCES: Final = {
    Stance.ASSERTED: "said as so, by whoever speaks",
    Stance.ALLEGED: "said on somebody else's word",
    Stance.RUMORED: "told as a rumour",
    Stance.DENIED: "contradicted by whoever speaks",
    Stance.NEGATED: "said not to be so",
    Stance.PLANNED: "said to be planned",
    Stance.PAST: "said of the past",
    Stance.UNCLASSIFIED: "not classified: how surely it is said is not clear",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What reading a text once more shows of one sighting; None where nothing stands under its spans."""

    person: PersonMention | None
    place: PlaceMention | None
    time: TimeMention | None


def seen(text: str, watchlist: WatchList, context: Context, sighting: Sighting) -> Seen:
    """Read the names, places and times of a text again, for those that a sighting was made of."""
    from bot.reading import places, times
    from bot.reading.language import detect

    people = watchlist.find(text)
    lang = detect(text, context.lang)
    placed = places.find(text, exclude=[one.span for one in people], lang=lang)
    timed = times.find(text, context.published, lang)
    mine = (one for one in people if one.person.id == sighting.person_id and one.span == sighting.person_span)
    within = (one for one in timed if sighting.start <= one.span.start and one.span.end <= sighting.end)
    return Seen(
        next(mine, None),
        next((one for one in placed if one.span == sighting.place_span), None),
        next((one for one in within if one.interval == sighting.time), None),
    )


def steps(found: ArchivedSighting, text: str, context: Context, again: Seen | None, read_with: str) -> Iterator[Step]:
    """Tell of each step from the words to the time; `again` None where the text is not read again."""
    sighting = found.sighting
    judged = found.judged
    read_place, read_stance = (judged.place, judged.stance) if judged else (sighting.place, sighting.stance)
    yield Step(
        "Words",
        f"“{sighting.quote}”, characters {sighting.start:,} to {sighting.end:,} of the text archived as "
        f"{found.capture.sha256[:12]}.",
    )
    yield _speaker(sighting, text, context)
    yield Step("Rule", f"{sighting.rule}: {rule_words(sighting.rule)}.")
    yield _link(sighting, text, again)
    yield _stance(sighting, read_stance, text)
    yield _name(sighting, text, again)
    yield _place(sighting, read_place, text, again)
    yield _time(sighting, text, again)
    yield Step(
        "Score", f"{sighting.score:.2f} of 1: how well the name matches, times how plainly the rule's words place it."
    )
    rules, _, revision = read_with.rpartition("/")
    version = f"Rules {rules}, watch-list {revision}." if rules else "It waits to be read again."
    yield Step("Read with", LOST if judged and judged.lost else version if again else f"{version} {CHANGED}")


def _speaker(sighting: Sighting, text: str, context: Context) -> Step:
    from bot.reading.units import units

    unit = next((one for one in units(text, context) if one.span.start <= sighting.start < one.span.end), None)
    told = f"{sighting.speaker.name} ({sighting.speaker.kind})."
    if unit is None:
        return Step("Speaker", told)
    where = _UNITS.get(unit.kind, f"a part of the text ({unit.kind})")
    own = f"{unit.speaker.name} ({unit.speaker.kind})"
    if unit.speaker == sighting.speaker:
        return Step("Speaker", f"{told} The words stand in {where}, whose own speaker that is.")
    return Step("Speaker", f"{told} The words stand in {where}, whose own speaker is {own}; they give another one.")


def _link(sighting: Sighting, text: str, again: Seen | None) -> Step:
    person = f"“{sighting.person_span.of(text)}”" if sighting.person_span else "somebody not named in these words"
    place = f"“{sighting.place_span.of(text)}”" if sighting.place_span else "a place not named in these words"
    about = concluded(sighting, text)
    return Step("Link", f"{person} is linked with {place}.{f' {about[:1].upper()}{about[1:]}.' if about else ''}")


def _stance(sighting: Sighting, stance: Stance, text: str) -> Step:
    cues = [f"“{cue.of(text)}”" for cue in sighting.cue_spans]
    meaning = _STANCES[stance]
    if cues:
        return Step("Cue", f"{', '.join(cues)}: {stance}, which is {meaning}.")
    return Step("Cue", f"No word of doubt or denial was found that covers it: {stance}, which is {meaning}.")


def _name(sighting: Sighting, text: str, again: Seen | None) -> Step:
    if sighting.person_span is None:
        return Step("Name", f"{sighting.person_name}; no name stands in these words, see the link.")
    written = sighting.person_span.of(text)
    spelled = f"“{written}” matched the spelling {sighting.matched_as} of {sighting.person_name}"
    mention = again.person if again else None
    if mention is None:
        return Step(
            "Name", f"{spelled}." if sighting.matched_as else f"“{written}” is taken for {sighting.person_name}."
        )
    how = _HOW.get(mention.how, mention.how)
    return Step("Name", f"{spelled}, score {mention.score:.2f} of 1: {how}.")


def _place(sighting: Sighting, place: Place, text: str, again: Seen | None) -> Step:
    written = f"“{sighting.place_span.of(text)}” is taken for " if sighting.place_span else ""
    told = f"{written}{place_words(place)}"
    mention = again.place if again else None
    if mention is None:
        return Step("Place", f"{told}.")
    others = [one for one in mention.candidates if one.key != place.key]
    if mention.place.key != place.key:
        return Step("Place", f"{told}, by the words around it.")
    why = _REASONS.get(mention.reason, mention.reason)
    if not others:
        return Step("Place", f"{told}: {why}.")
    names = "; ".join(_located(one) for one in others[:CANDIDATES])
    more = f" and {count(len(others) - CANDIDATES, 'other')}" if len(others) > CANDIDATES else ""
    return Step("Place", f"{told}: {why}. Weighed, and not taken: {names}{more}.")


def _located(place: Place) -> str:
    province = f", {place.province}" if place.province else ""
    at = f", at {place.lat:.2f}, {place.lon:.2f}" if place.lat is not None and place.lon is not None else ""
    return f"{place_words(place)}{province}{at}"


def _time(sighting: Sighting, text: str, again: Seen | None) -> Step:
    told = f"{when(sighting.time)}, {sighting.time.precision}"
    mention = again.time if again else None
    words: Span | None = mention.span if mention else None
    if words is not None:
        return Step("Time", f"“{words.of(text)}”: {told}.")
    return Step("Time", f"{told}.{' No expression of time in these words gives it.' if again else ''}")
