"""Who says that a person is where: a few sightings whole, many as a summary by place with the rest in the thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot import wording
from bot.findings import NameMatch, WhereisFinding
from bot.slack.blocks import (
    COST,
    Block,
    Card,
    Message,
    actions,
    button,
    context,
    cost,
    header,
    heading,
    line,
    message,
    messages,
    packed,
    paginate,
    rich,
    words,
)
from bot.slack.cards import parts
from bot.slack.ids import Action, Question, Verb
from storage.records import ArchivedSighting, ConflictKind

FEW: Final = 12
"""Sightings that the first screen shows whole, where one message holds them."""
PLACES: Final = 12
THREAD: Final = 5
"""Messages that follow at once; "Show more" brings as many again."""
SUGGESTIONS: Final = 5


@dataclass(frozen=True, slots=True)
class _Entry:
    """A sighting where it is shown: first of its place or not, denying what stands before it, denied by these.

    `elsewhere` is a denial that names another place than what it denies, the country for the city, say.
    """

    found: ArchivedSighting
    opens: bool
    denies: bool
    elsewhere: bool = False
    denied_by: tuple[ArchivedSighting, ...] = ()


def whereis_card(finding: WhereisFinding) -> Card:
    """Show an answer; what is said is grouped by place, newest first, each denial under what it denies."""
    if finding.person is None:
        return Card(_nobody(finding))
    entries = _laid_out(finding)
    few = len(entries) <= FEW and len(paginate(_first(finding, entries, few=True))) == 1
    first = message(_first(finding, entries, few), _told(finding, entries))
    return Card(first, _whole(entries) if few else whereis_more(finding, 0))


def _first(finding: WhereisFinding, entries: Sequence[_Entry], few: bool) -> list[Block]:
    return [
        *_title(finding),
        *(_claims(entries) if few else packed(_summary(finding))),
        *packed(parts.conflict_lines(finding.conflicts, 3)),
        *actions(
            None if few else button("Show the sightings", Action.SHOW_MORE, _again(finding)),
            button("Share in channel", Action.SHARE, _again(finding)),
            button("Newest again", Action.ASK, _again(finding)),
            *_suggestions(finding.did_you_mean),
        ),
    ]


def whereis_more(finding: WhereisFinding, start: int) -> tuple[Message, ...]:
    """Show the sightings from number `start` on: at most a few messages, the last with a button for the next."""
    entries = _laid_out(finding)
    shown: list[_Entry] = []
    spent = 0
    for entry in entries[start:]:
        spent += cost(rich(*_atom(entry, opens=not shown)))
        if shown and spent > (THREAD - 1) * COST:
            break
        shown.append(entry)
    if not shown:
        return ()
    end = start + len(shown)
    told = f"Sightings {start + 1} to {end} of {max(finding.total, len(entries))}."
    blocks = [context(told), *_claims(shown)]
    left = len(entries) - end
    if left:
        blocks += actions(button(f"Show {left} more", Action.SHOW_MORE, _again(finding, end)))
    elif finding.total > len(entries):
        blocks.append(context(f"The newest {len(entries)} of {finding.total}; name a day to see older ones."))

    def text(number: int) -> Iterator[str]:
        yield told if number == 1 else f"{told} Part {number}."
        yield wording.NEVER_FACT
        if number == 1:
            yield from map(_sentence, shown)

    return (*messages(blocks, text), *_whole(shown))


def _nobody(finding: WhereisFinding) -> Message:
    asked = parts.short(finding.query)
    title = f"Nobody watched is called “{asked}”"
    blocks = [header(title)]
    told = [f"{title}."]
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
    return [*blocks, context(wording.NEVER_FACT if finding.sightings else wording.NO_SIGHTING)]


def _question(finding: WhereisFinding) -> str:
    person = finding.person
    name = parts.short(person.person.name, 80) if person else ""
    on = f", on {wording.day(finding.on)}" if finding.on else ""
    known = f", as known on {wording.day(finding.known_on)}" if finding.known_on else ""
    return f"Who says where: {name}{on}{known}"


def _counted(finding: WhereisFinding) -> str:
    places = len(wording.by_place(finding.sightings))
    return f"{wording.count(finding.total, 'sighting')} at {wording.count(places, 'place')}."


def _laid_out(finding: WhereisFinding) -> list[_Entry]:
    """Order the sightings for reading; each stands once."""
    known = {found.id: found for found in finding.sightings}
    denied_by: dict[str, list[str]] = {}
    denies: dict[str, set[str]] = {}
    for conflict in finding.conflicts:
        if conflict.kind is ConflictKind.DENIAL and len(conflict.sightings) == 2:
            said, denial = conflict.sightings
            if said in known and denial in known and said != denial:
                denied_by.setdefault(said, []).append(denial)
                denies.setdefault(denial, set()).add(said)
    entries: list[_Entry] = []
    placed: set[str] = set()
    for group in wording.by_place(finding.sightings):
        opens = True
        for found in group:
            if found.id in denies:
                continue
            against = denied_by.get(found.id, [])
            entries.append(_Entry(found, opens, denies=False, denied_by=tuple(known[one] for one in against)))
            opens = False
            beneath = [one for one in dict.fromkeys(against) if one not in placed]
            placed.update(beneath)
            for against_it in (known[one] for one in beneath):
                elsewhere = against_it.sighting.place.key != found.sighting.place.key
                entries.append(_Entry(against_it, opens=False, denies=True, elsewhere=elsewhere))
    # A denial whose pair is itself a denial of something else is still somewhere in the list.
    rest = [found for found in finding.sightings if found.id in denies and found.id not in placed]
    return entries + [_Entry(found, opens=True, denies=False) for found in rest]


def _claims(entries: Sequence[_Entry]) -> list[Block]:
    """Each place begins a block of its own, which Slack sets apart."""
    groups: list[list[parts.Atom]] = []
    for number, entry in enumerate(entries):
        if entry.opens or number == 0:
            groups.append([])
        atom = _atom(entry, opens=number == 0)
        groups[-1].append((line(), *atom) if groups[-1] else atom)
    return [block for group in groups for block in packed(group)]


def _atom(entry: _Entry, opens: bool) -> parts.Atom:
    claim = parts.claim(entry.found, "↳ " if entry.denies else "")
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
    groups = wording.by_place(finding.sightings)
    for group in groups[:PLACES]:
        yield (line(words(_place_sentence(group))),)
    if len(groups) > PLACES:
        yield (line(words(f"and {wording.count(len(groups) - PLACES, 'more place')}, in the thread.")),)


def _place_sentence(group: Sequence[ArchivedSighting]) -> str:
    denials = sum(found.sighting.stance in wording.DENIALS for found in group)
    denied = f", of them {wording.count(denials, 'denial')}" if denials else ""
    newest = group[0]
    place = parts.short(wording.place_words(newest.sighting.place))
    return (
        f"{place}: {wording.count(len(group), 'sighting')}{denied}. Newest: {parts.said(newest.sighting)}, "
        f"{parts.short(wording.when(newest.sighting.time), 200)}, {wording.posted(newest.post)}."
    )


def _told(finding: WhereisFinding, entries: Sequence[_Entry]) -> Iterator[str]:
    yield f"{_question(finding)}. {_counted(finding)}"
    if not finding.sightings:
        yield wording.NO_SIGHTING
        return
    yield wording.NEVER_FACT
    if len(entries) <= FEW:
        yield from map(_sentence, entries)
    else:
        yield from map(_place_sentence, wording.by_place(finding.sightings))
    for conflict in finding.conflicts[:3]:
        yield f"In conflict ({wording.CONFLICTS[conflict.kind]}): {parts.short(conflict.why, 600)}"


def _sentence(entry: _Entry) -> str:
    sighting = entry.found.sighting
    return (
        f"{parts.short(wording.place_words(sighting.place))}: {parts.said(sighting)}, "
        f"{parts.short(wording.when(sighting.time), 200)}: “{parts.short(sighting.quote, 300)}” "
        f"({parts.short(wording.who(entry.found.post))}, {wording.posted(entry.found.post)})"
    )


def _whole(entries: Sequence[_Entry], most: int = 5) -> tuple[Message, ...]:
    """The words that were cut, whole, each in messages of its own."""
    cut = [entry.found for entry in entries if parts.is_cut(entry.found)]
    told: list[Message] = []
    for found in cut[:most]:
        told += messages(parts.whole_words(found), partial(_in_full, parts.said(found.sighting)))
    return tuple(told)


def _in_full(said: str, number: int) -> list[str]:
    return [f"{said}, in full. Part {number}."]


def _again(finding: WhereisFinding, start: int = 0) -> Question:
    name = finding.person.person.name if finding.person else finding.query
    return Question(Verb.WHEREIS, name, finding.on, finding.known_on, start)


def _suggestions(others: Sequence[NameMatch]) -> list[Block | None]:
    return [
        button(parts.short(other.person.name, 70), Action.ASK, Question(Verb.WHEREIS, other.person.name), number=number)
        for number, other in enumerate(others[:SUGGESTIONS], 1)
    ]
