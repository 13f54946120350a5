"""What several cards show: a claim, a post, an appearance, a conflict, a pair of pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from bot import evidence, stated, wording
from bot.findings import CheckFinding, Match
from bot.slack.blocks import ALT, Block, Picture, heading, line, link, packed, quote, quoted, user, words
from bot.slack.words import fit, width
from storage.records import Appearance, ArchivedSighting, Capture, Conflict, Post, Sighting
from storage.verdicts import Judged

Atom = tuple[Block, ...]
"""Paragraphs that must not be torn apart: a claim with its speaker, its words and its source."""

NAME: Final = 120
"""Characters of a name, a place or a host from outside: longer ones are no names."""
SENTENCE: Final = 400
QUOTE: Final = 600
QUOTE_LINES: Final = 8
STATED: Final = "What the file says of itself"
STATED_LINES: Final = 40


def short(text: str, limit: int = NAME) -> str:
    """Cut words from outside to the length of a name."""
    return fit(wording.plain(text[: limit + 1]), limit)


def said(sighting: Sighting) -> str:
    """Stance and speaker, as long as a line bears."""
    return short(wording.said(sighting), 2 * NAME)


def claim(found: ArchivedSighting, lead: str = "", *, named: bool = False) -> Atom:
    """One sighting: stance and speaker, time, exact words, where they are archived, and what an editor says of it.

    `named`: whether the editor is named, who is "a member" where others read it.
    """
    sighting, post = found.sighting, found.post
    about = wording.concluded(sighting, post.text)
    return (
        line(
            words(lead),
            words(said(sighting), bold=True),
            words(f", {short(wording.when(sighting.time), 200)}"),
            words(f" ({short(about, 200)})" if about else ""),
        ),
        quote(sighting.quote, QUOTE, QUOTE_LINES),
        source_line(post, found.capture),
        *([judged_line(found.judged, named=named)] if found.judged else []),
    )


def judged_line(judged: Judged, *, named: bool) -> Block:
    """What an editor says of a sighting, and how the reader had it."""
    before, after = wording.judged(judged)
    who = user(judged.verdict.actor) if named and judged.verdict.actor else words("a member")
    return line(words(before, bold=True), who, words(short(after, 2 * SENTENCE)))


def placed_claim(found: ArchivedSighting) -> Atom:
    """One sighting where neither person nor place are in a title."""
    sighting = found.sighting
    return claim(found, f"{short(sighting.person_name)}, {short(wording.place_words(sighting.place))}: ")


def listed(title: str, atoms: Sequence[Atom], most: int) -> list[Atom]:
    """A list under its title, with a count of what is left out; nothing where there is nothing."""
    if not atoms:
        return []
    shown: list[Atom] = [(heading(title), *atoms[0]), *atoms[1:most]]
    return [*shown, (line(words(f"and {len(atoms) - most:,} more")),)] if len(atoms) > most else shown


def source_line(post: Post, capture: Capture | None = None) -> Block:
    """Who published something, when by which basis, with the link and the archived copy."""
    kept = f" · capture {capture.sha256[:12]}, {wording.day(capture.captured_at)}" if capture else ""
    return line(
        words(f"{short(wording.who(post), 2 * NAME)}, {wording.posted(post)} · ", italic=True),
        link(post.url),
        words(kept, italic=True),
    )


def is_cut(found: ArchivedSighting) -> bool:
    """Say whether a claim shows its words cut."""
    text = wording.plain_lines(found.sighting.quote[: 2 * QUOTE + 2])
    return width(text) > QUOTE or text.count("\n") >= QUOTE_LINES


def whole_words(found: ArchivedSighting, most: int = 9_000) -> list[Block]:
    """The words of a claim that was cut, whole as far as a message bears; the archived copy has every letter."""
    text = found.sighting.quote[:most]
    pieces = []
    while text:
        piece = _first_piece(text)
        pieces.append(piece)
        text = text[len(piece) :]
    head = (line(words(said(found.sighting), bold=True), words(", in full:")), quote(pieces[0], 2_500, 10_000))
    tail = [(quote(piece, 2_500, 10_000),) for piece in pieces[1:]]
    end = "" if len(found.sighting.quote) <= most else "… The rest is in the archived copy. "
    closing = (line(words(end), *source_line(found.post, found.capture)["elements"]),)
    return packed([head, *tail, closing])


def _first_piece(text: str) -> str:
    """The beginning of a text that one quotation can show uncut, at a word's end where there is one."""
    piece = text[:1_200]
    while width(wording.plain_lines(piece)) > 2_400:
        piece = piece[: len(piece) // 2]
    space = piece.rfind(" ")
    return piece[: space + 1] if len(piece) < len(text) and space > len(piece) // 2 else piece


def appearance_line(post: Post, appearance: Appearance) -> Atom:
    """One post that shows a picture, and its caption."""
    head = f"{short(wording.who(post), 2 * NAME)}, {wording.posted(post)} · "
    caption = (words(": "), quoted(appearance.caption, 300)) if appearance.caption else (words(": no caption"),)
    return (line(words(head), link(post.url), *caption),)


def conflict_line(conflict: Conflict) -> Atom:
    """One conflict, both sides with their sources."""
    kind = wording.CONFLICTS[conflict.kind]
    return (line(words(f"In conflict ({kind}): ", bold=True), words(short(wording.conflict_words(conflict.why), 600))),)


def difference_line(told: Conflict) -> Atom:
    """What another caption says otherwise, which is no conflict."""
    return (line(words(short(wording.conflict_words(told.why), 600))),)


def conflict_lines(conflicts: Sequence[Conflict], most: int) -> list[Atom]:
    """The first conflicts, and how many more there are."""
    shown = [conflict_line(conflict) for conflict in conflicts[:most]]
    if len(conflicts) > most:
        shown.append((line(words(f"and {wording.count(len(conflicts) - most, 'more conflict')}", bold=True)),))
    return shown


def earliest(matches: Iterable[Match]) -> tuple[Match, Appearance, Post] | None:
    """The earliest dated post that the matches stand in; without any date, the first of the best match."""
    stands = [(match, appearance, post) for match in matches for appearance, post in match.appearances]
    known = [one for one in stands if one[2].posted_at]
    return min(known, key=lambda one: (one[2].posted_at or "", one[2].id)) if known else next(iter(stands), None)


def is_earlier(other: Post, own: Post) -> bool:
    """Say whether another post is known to be older; a post without a date is not."""
    return bool(other.posted_at and own.posted_at and other.posted_at < own.posted_at)


def earliest_words(post: Post, own: Post | None = None) -> str:
    """Tell of the earliest post we hold, `own` being the one that is asked about; never called the first there was."""
    by = f"by {short(wording.who(post), 2 * NAME)}"
    if post.posted_at is None:
        return f"Earliest we hold: unknown, no date is known; one of them {by}"
    if own is None or is_earlier(post, own):
        return f"Earliest we hold: {wording.posted(post)}, {by}"
    if own.posted_at is None:
        return f"Earliest with a date that we hold: {wording.posted(post)}, {by}"
    return f"Earliest we hold is this post; next: {wording.posted(post)}, {by}"


def side_by_side(match: Match, other: Post | None, ours: str) -> Picture | None:
    """The evidence picture of a match, with an alternative text that tells the whole of it."""
    if match.evidence is None:
        return None
    theirs = f"one that we hold, from {short(wording.who(other))}, {wording.posted(other)}" if other else "one we hold"
    caption = next((a.caption for a, post in match.appearances if other and post.id == other.id and a.caption), "")
    captioned = f", captioned “{short(caption, 200)}”" if caption else ""
    alt = evidence.told(match.reuse, short(ours, 2 * NAME), f"{theirs}{captioned}")
    key = f"{match.reuse.query_sha256[:16]}-{match.reuse.match_sha256[:16]}"
    return Picture(key, match.evidence, "Side by side: first what came in, then what we hold", fit(alt, ALT))


def stated_atoms(pictures: Sequence[CheckFinding], *, alone: bool) -> list[Atom]:
    """What the files of pictures say of themselves, under a title; `alone`: whether one person reads it."""
    atoms: list[Atom] = []
    for number, one in enumerate(pictures, 1):
        told = stated.stated(one.metadata, alone=alone)
        named = f"Picture {number}. " if len(pictures) > 1 else ""
        atoms += [(line(words(f"{named}{sentence}")),) for sentence in told if sentence != stated.NO_PROOF]
    return [*listed(STATED, atoms, STATED_LINES), (line(words(stated.NO_PROOF, italic=True)),)] if atoms else []
