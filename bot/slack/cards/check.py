"""Whether pictures were kept before: one line a picture, and the reasons in the thread."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot import stated, wording
from bot.findings import CheckFinding
from bot.slack.blocks import (
    Block,
    Card,
    Picture,
    actions,
    button,
    context,
    header,
    heading,
    image,
    line,
    link,
    message,
    messages,
    packed,
    words,
)
from bot.slack.cards import pages, parts
from bot.slack.cards.silenced import silence_atoms, silence_line
from bot.slack.ids import Action, Question, Verb
from bot.slack.silence_refs import BoilerplateRef
from storage.records import Certainty

SHOWN: Final = 10
"""Pictures that the first screen tells of, one line each."""
MATCHES: Final = 30
STANDS: Final = 5

_FILE_ID: Final = re.compile(r" \(F[A-Z0-9]{5,}\)\Z")
"""Slack's id of a file, in brackets after its name, as `bot.app` writes it."""


def check_card(findings: Sequence[CheckFinding], *, named: bool = True) -> Card:
    """Show the answers for some pictures, in the order in which they were given; `named` as for a trace.

    What a single picture's file says of itself stands on the first screen.
    """
    pictures = list(_side_by_side(findings))
    asked = Question(Verb.CHECK, "\n".join(one.input for one in findings))
    kept = all(one.kept_as for one in findings)
    said = [match for one in findings for match in one.matches if match.silence is not None]
    silent = silence_atoms(said, (one.marked for one in findings if one.marked), named=named)
    held = BoilerplateRef(tuple(_held(findings))[:SHOWN])
    shown = [picture for one in findings for picture in one.pictures or (one,)]
    sites = list(pages.page_atoms((), shown)) if len(shown) > 1 else []
    blocks = [
        *packed(_reasons(findings, named=named)),
        *map(image, pictures[1:SHOWN]),
        *packed(parts.stated_atoms(shown, alone=named) if len(shown) > 1 else []),
        *packed(parts.listed(pages.LISTED, sites, MATCHES)),
    ]
    thread = messages(blocks, lambda number: [f"More of the check, part {number}."], pictures)
    first = message(
        [
            header(_title(findings)),
            *packed(_atom(number, one) for number, one in enumerate(findings[:SHOWN], 1)),
            *packed(silent[:SHOWN]),
            *packed(_said(shown, alone=named)),
            *_more(len(findings) - SHOWN, "picture"),
            *map(image, pictures[:1]),
            *pages.search_blocks(shown),
            *actions(
                button("Show the reasons", Action.SHOW_MORE, asked) if thread else None,
                None if kept else button("Keep in the archive", Action.KEEP, asked),
                button("Share in channel", Action.SHARE, asked),
                button("Boilerplate…", Action.BOILERPLATE, held) if held.pictures else None,
            ),
        ],
        [f"{_title(findings)}.", *(_sentence(number, one) for number, one in enumerate(findings, 1))],
        pictures[:1],
    )
    return Card(first, thread)


def _title(findings: Sequence[CheckFinding]) -> str:
    seen = sum(any(m.reuse.certainty is Certainty.MATCH and m.counts for m in one.matches) for one in findings)
    blind = sum(not _looked_up(one) for one in findings)
    if len(findings) == 1:
        if blind:
            return "This picture could not be looked up"
        if not seen and findings[0].marked:
            return "This picture is boilerplate"
        return "This picture was seen before" if seen else "No copy of this picture among those we hold"
    was = "was" if seen == 1 else "were"
    rest = f", {blind} could not be looked up" if blind else ""
    return f"{seen} of {len(findings)} pictures {was} seen before{rest}" if findings else "No picture to check"


def _looked_up(one: CheckFinding) -> bool:
    return one.usable or bool(one.matches)


def _sentence(number: int, one: CheckFinding) -> str:
    named = f"Picture {number}, {parts.short(_named(one))}"
    if not _looked_up(one):
        return f"{named}: cannot be looked up: {parts.short(one.why_not or 'reason unknown', 300)}"
    counted = [match for match in one.matches if match.counts]
    first = parts.earliest(counted)
    if first is None and one.matches:
        why = "it is marked as boilerplate" if one.marked else "only what was dismissed, or is boilerplate"
        return f"{named}: no copy that counts, {why}"
    if first is None:
        return f"{named}: {wording.NO_COPY}"
    return f"{named}: {parts.short(wording.why(counted[0].reuse), 400)}. {parts.earliest_words(first[2])}"


def _atom(number: int, one: CheckFinding) -> parts.Atom:
    first = parts.earliest(match for match in one.matches if match.counts)
    follow = (words(" · "), link(first[2].url)) if first else ()
    kept = words(f" Kept as {parts.short(one.kept_as)}." if one.kept_as else "")
    return (line(words(_sentence(number, one)), *follow, kept),)


def _held(findings: Sequence[CheckFinding]) -> Iterator[str]:
    """Name the stored pictures that may be marked: of each picture the one that is surely a copy of it, best first."""
    seen: set[str] = set()
    for one in findings:
        sure = (match.reuse.match_sha256 for match in one.matches if match.reuse.certainty is Certainty.MATCH)
        best = None if one.marked else next(sure, None)
        if best is not None and best not in seen:
            seen.add(best)
            yield best


def _reasons(findings: Sequence[CheckFinding], *, named: bool) -> Iterator[parts.Atom]:
    for number, one in enumerate(findings, 1):
        for note in one.notes:
            yield (line(words(f"Picture {number}: {parts.short(note, 300)}")),)
        for match in one.matches[:MATCHES]:
            why = parts.short(wording.why(match.reuse), parts.SENTENCE)
            said = (line(*silence_line(match.silence, named=named)),) if match.silence else ()
            yield (heading(f"Picture {number}: {why}"), *said)
            for appearance, post in match.appearances[:STANDS]:
                yield parts.appearance_line(post, appearance)
            more = len(match.appearances) - STANDS
            if more > 0:
                yield (line(words(f"and {wording.count(more, 'more post')}")),)
        if number >= SHOWN:
            return


def _said(shown: Sequence[CheckFinding], *, alone: bool) -> list[parts.Atom]:
    """What the file of a single picture says of itself; of several that which weighs most, the rest in the thread."""
    if len(shown) == 1:
        return parts.stated_atoms(shown, alone=alone)
    weighty = [(number, told) for number, one in enumerate(shown, 1) for told in stated.weighty(one.metadata)]
    return [(line(words(f"Picture {number}. {told}")),) for number, told in weighty[:SHOWN]]


def _more(number: int, what: str) -> list[Block]:
    return [context(f"and {wording.count(number, f'more {what}')}")] if number > 0 else []


def _side_by_side(findings: Sequence[CheckFinding]) -> Iterator[Picture]:
    keys: set[str] = set()
    for one in findings:
        for match in one.matches:
            other = match.appearances[0][1] if match.appearances else None
            made = parts.side_by_side(match, other, f"the picture that was looked up, {_named(one)}")
            if made and made.key not in keys:
                keys.add(made.key)
                yield made


def _named(one: CheckFinding) -> str:
    """What was checked, as a reader knows it: a file by its name, without the id by which Slack hands it out."""
    return _FILE_ID.sub("", one.input)
