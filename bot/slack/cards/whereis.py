"""Who says that a person is where: a line a place, what is denied beside its denial, then every sighting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from bot import whereabouts, wording
from bot.findings import NameMatch, WhereisFinding
from bot.slack.blocks import (
    ALT,
    BLOCKS,
    COST,
    Block,
    Card,
    Message,
    Picture,
    actions,
    button,
    context,
    cost,
    header,
    heading,
    image,
    line,
    message,
    messages,
    packed,
    paginate,
    rich,
    words,
)
from bot.slack.cards import parts
from bot.slack.cards.entries import Entry, laid_out, place_summaries
from bot.slack.cards.verdicts import judging
from bot.slack.cards.watch import drafts
from bot.slack.ids import Action, Question, Verb
from bot.slack.words import fit, width
from bot.whereabouts import denials

FEW: Final = 12
"""Sightings that the first message shows whole, where it holds them."""
BRIEF: Final = 3
"""Sightings that need no summary before them: they fit on one screen."""
DISPUTED: Final = 6
"""Sightings of denied claims and their denials that stand in a first message that cannot show them all."""
PLACES: Final = 12
THREAD: Final = 5
"""Messages that follow at once; "Show more" brings as many again."""
ALTS: Final = (ALT, 600, 300)
"""Characters of a picture's words; the fewer, the more claims the message tells itself."""
SUGGESTIONS: Final = 3
CARRIED: Final = 60
"""Characters of a name that each sighting's button carries, so that its card can be shown again."""
SPARE: Final = 300
"""Of the cost of a message, what is kept for the line that something was cut."""

_MORE: Final = " The message tells the rest."

DENIED: Final[Block] = header("Said, and denied")
ALSO: Final[Block] = header("Also said")


def whereis_card(finding: WhereisFinding) -> Card:
    """Show an answer: a line a place, what is denied with its denials, and, where they are few, all sightings."""
    if finding.person is None:
        return Card(_nobody(finding))
    entries = laid_out(finding)
    told, pictures = _told(finding, entries), _pictures(finding)
    # all claims without buttons before some of them with theirs, and before the pictures' words are cut to a few; they
    # may be fewer where all claims are told, since these tell what the pictures show
    names = (_name(finding), None)
    ways = [(again, most) for fewest in (ALTS[:-1], ALTS[-1:]) for again in names for most in fewest]
    for again, most in ways if len(entries) <= FEW else ():
        shown = [replace(picture, alt=_whole_sentences(picture.alt, most)) for picture in pictures]
        blocks = _first(finding, _whole_list(entries, again), shown, whole=True, judged=again is not None)
        if _fits(blocks):
            return Card(message(blocks, told, shown), _whole(entries))
    disputed = [entry for entry in entries if entry.denied_by or entry.denies]
    # as many of the denied claims as one message holds beside the summary
    for most in range(min(len(disputed), DISPUTED), 0, -1):
        blocks = _first(finding, [DENIED, *_claims(disputed[:most], 0, _name(finding))], pictures, whole=False)
        if _fits(blocks):
            break
    else:
        blocks = _first(finding, [], pictures, whole=False)
    return Card(message(blocks, told, pictures), whereis_more(finding, 0))


def _whole_list(entries: Sequence[Entry], again: str | None) -> list[Block]:
    """All sightings under their titles; a title stands only where there are both kinds."""
    disputed = [entry for entry in entries if entry.denied_by or entry.denies]
    rest = entries[len(disputed) :]
    if not (disputed and rest):
        return _claims(entries, 0, again)
    return [DENIED, *_claims(disputed, 0, again), ALSO, *_claims(rest, len(disputed), again)]


def _first(
    finding: WhereisFinding,
    claims: Sequence[Block],
    pictures: Sequence[Picture],
    *,
    whole: bool,
    judged: bool = True,
) -> list[Block]:
    brief = whole and len(finding.sightings) <= BRIEF
    paired = {(said, denial.id) for said, against in denials(finding).items() for denial in against}
    others = [one for one in finding.conflicts if one.sightings not in paired]
    return [
        *_title(finding),
        *([] if brief else packed(_summary(finding))),
        *packed(parts.conflict_lines(others, 3)),
        *claims,
        *map(image, pictures),
        *actions(
            None if whole else button("Show the sightings", Action.SHOW_MORE, _again(finding)),
            None if judged else button("Verdict, why…", Action.SHOW_MORE, _again(finding)),
            button("Share in channel", Action.SHARE, _again(finding)),
            button("Newest again", Action.ASK, _again(finding)),
            button("Watch…", Action.WATCH_NEW, drafts(f'"{finding.person.person.name}"' if finding.person else None)),
            *_suggestions(finding.did_you_mean),
        ),
    ]


def _pictures(finding: WhereisFinding) -> list[Picture]:
    """The map and the timeline, as far as they were drawn, each with words for who cannot see it."""
    name = parts.short(finding.person.person.name) if finding.person else ""
    drawn = (
        ("map", finding.map, f"Map: who says where {name} is", whereabouts.map_told),
        ("timeline", finding.timeline, "Timeline: who said what when", whereabouts.timeline_told),
    )
    return [Picture(key, path, title, _whole_sentences(alt(finding), ALT)) for key, path, title, alt in drawn if path]


def _whole_sentences(text: str, limit: int) -> str:
    """Keep as many sentences as the limit holds, and say that there are more."""
    if width(text) <= limit:
        return text
    kept, stop, _ = fit(text, limit - width(_MORE)).rpartition(". ")
    return f"{kept}.{_MORE}" if stop else fit(text, limit)


def _fits(blocks: Sequence[Block]) -> bool:
    """Whether one message holds them, with room for what `message` may add."""
    return len(paginate(blocks, BLOCKS - 1, COST - SPARE)) <= 1


def whereis_more(finding: WhereisFinding, start: int) -> tuple[Message, ...]:
    """Show the sightings from number `start` on: at most a few messages, the last with a button for the next."""
    entries = laid_out(finding)
    shown: list[Entry] = []
    spent = 0
    for entry in entries[start:]:
        spent += sum(map(cost, (rich(*_atom(entry, opens=not shown)), *judging(entry.found, start + len(shown)))))
        if shown and spent > (THREAD - 1) * COST:
            break
        shown.append(entry)
    if not shown:
        return ()
    end = start + len(shown)
    told = f"Sightings {start + 1} to {end} of {max(finding.total, len(entries))}."
    blocks = [context(told), *_claims(shown, start)]
    left = len(entries) - end
    if left:
        blocks += actions(button(f"Show {left} more", Action.SHOW_MORE, _again(finding, end)))
    elif finding.total > len(entries):
        blocks.append(context(f"The newest {len(entries)} of {finding.total}; name a day or place to see others."))

    def text(number: int) -> Iterator[str]:
        yield told if number == 1 else f"{told} Part {number}."
        yield wording.NEVER_FACT
        if number == 1:
            yield from map(_sentence, shown)

    return (*messages(blocks, text), *_whole(shown))


def _nobody(finding: WhereisFinding) -> Message:
    asked = parts.short(finding.query)
    title, near = wording.unsure(asked, [other.score for other in finding.did_you_mean], finding.threshold)
    blocks = [header(title), *([rich(line(words(near)))] if near else [])]
    told = [f"{title}.", *([near] if near else [])]
    if finding.did_you_mean:
        blocks += [rich(heading("Did you mean:")), *actions(*_suggestions(finding.did_you_mean))]
        names = ", ".join(parts.short(other.person.name) for other in finding.did_you_mean[:SUGGESTIONS])
        told.append(f"Did you mean: {names}?")
    step = f"Next step: add the person with /dateline people add {asked}"
    return message([*blocks, context(step)], [*told, step])


def _title(finding: WhereisFinding) -> list[Block]:
    person = finding.person
    assert person is not None
    about = [
        f"{parts.short(person.person.role)}. " if person.person.role else "",
        f"“{parts.short(finding.query)}” matched {parts.short(person.matched_as)}. ",
        _counted(finding),
    ]
    blocks = [header(_question(finding)), rich(line(words("".join(about))))]
    if finding.unread:
        blocks.append(context(wording.still_unread(finding.unread)))
    if finding.rejected:
        blocks.append(context(wording.left_out(finding.rejected, "/dateline verdicts")))
    return [*blocks, context(wording.NEVER_FACT if finding.sightings else wording.NO_SIGHTING)]


def _question(finding: WhereisFinding) -> str:
    person = finding.person
    name = parts.short(person.person.name, 80) if person else ""
    on = f", on {wording.day(finding.on)}" if finding.on else ""
    known = f", as known on {wording.day(finding.known_on)}" if finding.known_on else ""
    return f"Who says where: {name}{on}{known}{parts.short(whereabouts.narrowed_words(finding.narrowed), 200)}"


def _counted(finding: WhereisFinding) -> str:
    places = len(wording.by_place(finding.sightings))
    return f"{wording.count(finding.total, 'sighting')} at {wording.count(places, 'place')}."


def _claims(entries: Sequence[Entry], start: int, again: str | None = "") -> list[Block]:
    """Each sighting has its buttons beneath it, numbered from `start` on, that ask for the card `again`; None: none."""
    return [
        block
        for number, entry in enumerate(entries)
        for block in (
            *packed([_atom(entry, opens=number == 0)]),
            *(judging(entry.found, start + number, again) if again is not None else ()),
        )
    ]


def _atom(entry: Entry, opens: bool) -> parts.Atom:
    claim = parts.claim(entry.found, "↳ " if entry.denies else "", named=True)
    place = parts.short(wording.place_words(entry.found.sighting.place))
    title = (line(words(place, bold=True)),) if entry.opens or opens else ()
    if entry.elsewhere and not title:
        title = (line(words(f"Against that, of {place}:")),)
    if not entry.denied_by:
        return (*title, *claim)
    others = len(entry.denied_by) - 1
    more = f" and {wording.count(others, 'other')}" if others else ""
    return (*title, *claim, line(words(f"Here {parts.said(entry.denied_by[0].sighting)}{more}.", bold=True)))


def _summary(finding: WhereisFinding) -> Iterator[parts.Atom]:
    places = place_summaries(finding)
    for one in places[:PLACES]:
        yield (line(words(one.place, bold=True), words(f": {one.told}")),)
    if len(places) > PLACES:
        yield (line(words(f"and {wording.count(len(places) - PLACES, 'more place')}.")),)


def _told(finding: WhereisFinding, entries: Sequence[Entry]) -> Iterator[str]:
    yield f"{_question(finding)}. {_counted(finding)}"
    if finding.unread:
        yield wording.still_unread(finding.unread)
    if finding.rejected:
        yield wording.left_out(finding.rejected, "/dateline verdicts")
    if not finding.sightings:
        yield wording.NO_SIGHTING
        return
    yield wording.NEVER_FACT
    if len(entries) > BRIEF:
        yield from (f"{one.place}: {one.told}" for one in place_summaries(finding))
    for conflict in finding.conflicts[:3]:
        why = parts.short(wording.conflict_words(conflict.why), 600)
        yield f"In conflict ({wording.CONFLICTS[conflict.kind]}): {why}"
    if len(entries) <= FEW:
        yield from map(_sentence, entries)


def _sentence(entry: Entry) -> str:
    sighting = entry.found.sighting
    return (
        f"{parts.short(wording.place_words(sighting.place))}: {parts.said(sighting)}, "
        f"{parts.short(wording.when(sighting.time), 200)}: “{parts.short(sighting.quote, 300)}” "
        f"({parts.short(wording.who(entry.found.post))}, {wording.posted(entry.found.post)})"
    )


def _whole(entries: Sequence[Entry], most: int = 5) -> tuple[Message, ...]:
    """The words that were cut, whole, each in messages of its own."""
    cut = [entry.found for entry in entries if parts.is_cut(entry.found)]
    told: list[Message] = []
    for found in cut[:most]:
        told += messages(parts.whole_words(found), partial(_in_full, parts.said(found.sighting)))
    return tuple(told)


def _in_full(said: str, number: int) -> list[str]:
    return [f"{said}, in full. Part {number}."]


def _name(finding: WhereisFinding) -> str:
    """The name that this very card can be asked for with; empty where more was asked than a name of usual length."""
    question = _again(finding)
    plain = question == Question(Verb.WHEREIS, question.subject) and len(question.subject) <= CARRIED
    return question.subject if plain else ""


def _again(finding: WhereisFinding, start: int = 0) -> Question:
    name = finding.person.person.name if finding.person else finding.query
    narrowed = finding.narrowed
    stance = str(narrowed.stance) if narrowed.stance else None
    return Question(Verb.WHEREIS, name, finding.on, finding.known_on, start, narrowed.since, narrowed.place, stance)


def _suggestions(others: Sequence[NameMatch]) -> list[Block | None]:
    return [
        button(parts.short(other.person.name, 70), Action.ASK, Question(Verb.WHEREIS, other.person.name), number=number)
        for number, other in enumerate(others[:SUGGESTIONS], 1)
    ]
