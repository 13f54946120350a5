"""The reader: from a text to who is said to be where, by whom, when, and how surely. Pure and deterministic."""

from __future__ import annotations

from dataclasses import replace

from bot.reading import places, times
from bot.reading.clauses import reader as clauses
from bot.reading.english import place_references
from bot.reading.english.claims import Claims
from bot.reading.english.clauses import Grammar
from bot.reading.english.coreference import Discourse
from bot.reading.english.lexicon import english
from bot.reading.english.tokenise import tokenise
from bot.reading.english.tokens import QUOTES, Sentence
from bot.reading.language import detect
from bot.reading.linked import told
from bot.reading.model import Context, Mention, PersonMention, PlaceMention, Reading, TimeMention, within
from bot.reading.names.watchlist import WatchList
from bot.reading.places.gazetteer import Gazetteer
from bot.reading.plain import plain_sightings
from bot.reading.units import Unit, units
from storage.records import Sighting


def read(
    text: str,
    watchlist: WatchList,
    context: Context,
    gazetteer: Gazetteer | None = None,
    everything: bool = False,
) -> Reading:
    """Read a text: every sighting of a watched person in it, and every mention that was seen on the way.

    Where nobody watched is named nothing else is looked at, unless `everything` asks for the places and times too.
    A text in a language that the rules do not know gives `unclassified` sightings only, and only plain ones.
    """
    people = watchlist.find(text)
    if not people and not everything:
        return Reading(context.lang, (), ())
    lang = detect(text, context.lang)
    placed = places.find(text, gazetteer=gazetteer, exclude=[p.span for p in people], lang=lang)
    timed = times.find(text, context.published, lang)
    found: list[Sighting] = []
    if people:
        cut = units(text, context)
        if lang == "en":
            found = _read_english(text, cut, context, people, placed, timed, gazetteer)
        elif lang in clauses.LANGUAGES:
            found = clauses.read(text, lang, cut, context, people, placed, timed)
        else:
            found = plain_sightings(text, cut, context, people, placed)
    linked = {(p.span, p.person.id): p.linked for p in people if p.linked}
    found = [
        replace(one, linked=linked.get((one.person_span, one.person_id), "")) if one.person_span else one
        for one in found
    ]
    return Reading(lang, tuple(_mentions(text, people, placed, timed, found)), tuple(found))


def _read_english(
    text: str,
    cut: tuple[Unit, ...],
    context: Context,
    people: list[PersonMention],
    placed: list[PlaceMention],
    timed: list[TimeMention],
    gazetteer: Gazetteer | None,
) -> list[Sighting]:
    lexicon = english()
    made: list[Sentence] = []
    owners: list[Unit] = []
    for number, unit in enumerate(cut):
        if unit.kind == "byline":
            continue
        quoted = False
        for span in unit.sentences:
            sentence = tokenise(
                text,
                span,
                within(people, span),
                within(placed, span),
                within(timed, span),
                lexicon,
                unit.kind,
                number,
                quoted,
            )
            if sentence.tokens:
                last = sentence.tokens[-1]
                quoted = last.quoted if text[last.start : last.end] not in QUOTES else not last.quoted
            made.append(sentence)
            owners.append(unit)
    place_references.resolve(text, made, lexicon, gazetteer)
    discourse = Discourse(made, lexicon)
    grammars = [Grammar(sentence, lexicon, discourse.resolve, discourse.resolve_group) for sentence in made]
    claims = Claims(text, context, grammars, owners)
    return claims.all()


def _mentions(
    text: str,
    people: list[PersonMention],
    placed: list[PlaceMention],
    timed: list[TimeMention],
    sightings: list[Sighting],
) -> list[Mention]:
    """List what was seen, in the order of the text."""
    made = [Mention("person", p.span.start, p.span.end, p.span.of(text), p.person.name, _person_why(p)) for p in people]
    made.extend(
        Mention("place", p.span.start, p.span.end, p.span.of(text), f"{p.place.name} ({p.kind})", _place_why(p))
        for p in placed
    )
    made.extend(
        Mention("time", t.span.start, t.span.end, t.span.of(text), _interval_words(t), t.interval.basis) for t in timed
    )
    cues = {(span.start, span.end): s.stance.value for s in sightings for span in s.cue_spans}
    made.extend(Mention("cue", start, end, text[start:end], stance) for (start, end), stance in cues.items())
    voices = {s.speaker.name: s for s in sightings}
    for name, sighting in voices.items():
        at = text.find(name, sighting.start, sighting.end)
        if at >= 0:
            made.append(Mention("speaker", at, at + len(name), name, sighting.speaker.kind.value))
    return sorted(made, key=lambda m: (m.start, m.end, m.kind))


_HOW = {
    "full": "the full name",
    "alias": "a listed name",
    "surname": "the surname alone",
    "given": "the given name of somebody named in full",
    "skeleton": "a spelling that is not listed",
}
_SAID_ALONE = {"surname", "given", "alias"}
"""What is not said twice of a name that stands alone."""
_REASON = {
    "only": "no other place is called so",
    "container": "a place named beside it holds it",
    "context": "other places of the text are near",
    "population": "the largest of that name",
}


def _person_why(mention: PersonMention) -> str:
    alone = told(mention.linked)
    how = "" if alone and mention.how in _SAID_ALONE else _HOW.get(mention.how, mention.how)
    return f"{'; '.join(filter(None, (alone, how)))}, as {mention.matched_as}, {mention.score:.2f}"


def _place_why(mention: PlaceMention) -> str:
    others = len(mention.candidates) - 1
    why = _REASON.get(mention.reason, mention.reason)
    return f"{why}; {others} other {'place' if others == 1 else 'places'} of that name" if others > 0 else why


def _interval_words(time: TimeMention) -> str:
    interval = time.interval
    return f"{interval.start or '…'} to {interval.end or '…'} ({interval.precision.value})"
