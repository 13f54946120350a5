"""What a warning tells, by its kind: what happened, why this channel is told, how surely, and by which source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot import wording
from bot.findings import AlertFinding
from bot.slack.blocks import Block, line, link, quoted, words
from bot.slack.cards import parts
from storage.alerts import AlertKind
from storage.records import ArchivedSighting, Post, PostStatus

CLAIMS: Final = 3
"""Claims on the first screen; the rest is a count."""
CONFLICTS: Final = 3


def title(alert: AlertFinding) -> str:
    """Name what is warned of, in a few words; a claim with its stance and its speaker."""
    match alert.kind:
        case AlertKind.SIGHTING | AlertKind.DENIAL:
            return _said(alert)
        case AlertKind.TRAVEL:
            return f"{_person(alert)}: places that are too far apart"
        case AlertKind.DELETED:
            status = alert.post.status if alert.post else PostStatus.UNAVAILABLE
            return f"A post is gone. {wording.STATUSES[status]}"
        case AlertKind.EARLIER:
            return "An earlier appearance of a picture that was traced"
        case AlertKind.SOURCE:
            source, _ = _source(alert)
            return f"A source {'fails' if alert.problem else 'answers again'}: {parts.short(source, 80)}"
        case AlertKind.REUSE | AlertKind.CAPTION_CONFLICT:
            older = _older(alert)
            before = alert.post is not None and older is not None and parts.is_earlier(older, alert.post)
            seen = "was seen before" if before else "stands in another post, too"
            clash = ", with another caption" if alert.kind is AlertKind.CAPTION_CONFLICT else ""
            return f"A picture {seen}{clash}"


def told(alert: AlertFinding) -> Iterator[parts.Atom]:
    """Tell what a warning stands on, the most important first."""
    match alert.kind:
        case AlertKind.SIGHTING | AlertKind.DENIAL | AlertKind.TRAVEL:
            yield from _claims(alert)
        case AlertKind.DELETED:
            yield from _deleted(alert)
        case AlertKind.SOURCE:
            yield from _failing(alert)
        case AlertKind.REUSE | AlertKind.CAPTION_CONFLICT | AlertKind.EARLIER:
            yield from _picture(alert)
    if alert.alert.late:
        yield (line(words(_late(alert), bold=True)),)
    if alert.others:
        more = wording.count(alert.others, "more warning")
        yield (line(words(f"{more} of the same case in the thread.", italic=True)),)


def summary(alert: AlertFinding) -> parts.Atom:
    """Tell a warning in two lines, for a list: what, and from which source."""
    head = line(words(f"{title(alert)}. ", bold=True), words(_gist(alert)))
    if alert.post is None:
        return (head,)
    about = f"{parts.short(wording.who(alert.post))}, {wording.posted(alert.post)} · "
    return (head, line(words(about), link(alert.post.url)))


def _gist(alert: AlertFinding) -> str:
    if alert.kind is AlertKind.SOURCE:
        return parts.short(alert.problem, 300)
    if alert.match is not None:
        return f"{parts.short(wording.why(alert.match.reuse), 300)}."
    if alert.conflicts:
        return parts.short(wording.conflict_words(alert.conflicts[0].why), 300)
    return ""


def _picture(alert: AlertFinding) -> Iterator[parts.Atom]:
    post, match = alert.post, alert.match
    if post is None or match is None:
        return
    older = parts.earliest([match])
    is_traced = alert.kind is AlertKind.EARLIER
    if is_traced:
        what = "is that of a post that was traced here and is dated later."
    else:
        what = f"matches one in {wording.count(len(match.appearances), 'other post')} that we hold."
    by = f"the picture in a post by {_by(post)}, {wording.posted(post)}, "
    yield (line(words("What: ", bold=True), words(by), link(post.url), words(f", {what}")),)
    if older and is_traced:
        other = older[2]
        yield (line(words("That post: "), words(f"{_by(other)}, {wording.posted(other)} · "), link(other.url)),)
    elif older:
        yield (line(words(f"{parts.earliest_words(older[2], post)} · "), link(older[2].url)),)
    yield (line(words("Why: ", bold=True), words(parts.short(match.reuse.transform, 300)), words(_watched(alert))),)
    yield from parts.conflict_lines(alert.conflicts, CONFLICTS)
    yield from _text(post)
    if older and older[1].caption:
        yield (line(words(f"{_by(older[2])} says: "), quoted(older[1].caption, 300)),)
    yield (line(words("Certainty: ", bold=True), words(wording.certainty(match.reuse))),)
    yield (_kept(alert),)


NOTHING_LEFT: Final = (
    "Nothing of it stands any more: it was rejected, or is not found in the words as they are read now."
)
"""What a warning says whose sightings are all gone."""


def _claims(alert: AlertFinding) -> Iterator[parts.Atom]:
    denials = [one for one in alert.sightings if one.sighting.stance in wording.DENIALS]
    others = [one for one in alert.sightings if one.sighting.stance not in wording.DENIALS]
    lead, rest = (denials, others) if alert.kind is AlertKind.DENIAL else (others, denials)
    about = _person(alert)
    what = {
        AlertKind.SIGHTING: f"somebody says where {about} is, was or will be.",
        AlertKind.DENIAL: f"what was said of {about} is denied.",
        AlertKind.TRAVEL: f"what is said of {about} cannot all be so.",
    }[alert.kind]
    yield (line(words("What: ", bold=True), words(what)),)
    yield from parts.conflict_lines(alert.conflicts, CONFLICTS)
    for one in lead[:CLAIMS]:
        yield parts.placed_claim(one)
    if rest:
        also = "What is denied:" if alert.kind is AlertKind.DENIAL else "Denied, or said not to be so:"
        first, *more = rest[:CLAIMS]
        yield (line(words(also, bold=True)), *parts.placed_claim(first))
        yield from map(parts.placed_claim, more)
    left = max(0, max(alert.total, len(alert.sightings)) - len(lead[:CLAIMS]) - len(rest[:CLAIMS]))
    if not alert.sightings:
        yield (line(words(NOTHING_LEFT, bold=True)),)
    elif left:
        yield (line(words(f"and {left:,} more", bold=True)),)
    yield (line(words("Why: ", bold=True), words(f"{about} is watched{_watched(alert)}.")),)
    newest = (lead or rest)[:1]
    if newest:
        yield (
            line(
                words("Stance: ", bold=True),
                words(f"{parts.said(newest[0].sighting)}. Whether it is so is not said here."),
            ),
        )
    yield (_kept(alert),)


def _deleted(alert: AlertFinding) -> Iterator[parts.Atom]:
    post = alert.post
    if post is None:
        return
    reason = f" {parts.short(post.status_reason, 300)}" if post.status_reason else ""
    by = f"a post by {_by(post)}, {wording.posted(post)}, "
    gone = wording.STATUSES[post.status]
    yield (line(words("What: ", bold=True), words(by), link(post.url), words(f", is gone. {gone}.{reason}")),)
    stands = wording.count(len(alert.sightings), "sighting")
    why = f"{stands} that we hold {'rests' if len(alert.sightings) == 1 else 'rest'} on it" if alert.sightings else ""
    yield (line(words("Why: ", bold=True), words(f"{why or 'it is watched'}{_watched(alert)}.")),)
    yield from _text(post)
    for one in alert.sightings[:CLAIMS]:
        yield parts.placed_claim(one)
    answer = "its source answered so; why it is gone is not known here."
    yield (line(words("Certainty: ", bold=True), words(answer)),)
    yield (_kept(alert),)


def _failing(alert: AlertFinding) -> Iterator[parts.Atom]:
    source, since = _source(alert)
    name = parts.short(source, 300)
    if not alert.problem:
        yield (line(words("What: ", bold=True), words(f"{name} answers again; what it held meanwhile comes late.")),)
        return
    yield (line(words("What: ", bold=True), words(f"{name} has not answered since {wording.at(since)}.")),)
    yield (line(words("Why: ", bold=True), words(parts.short(alert.problem, 300))),)
    yield (line(words("Watch: ", bold=True), words(parts.short(alert.watch) or "a watch of this channel")),)
    yield (line(words("Nothing of it is lost: what it holds is read when it answers again.")),)


def _text(post: Post) -> Iterator[parts.Atom]:
    if post.text:
        yield (line(words(f"{_by(post)} says: "), quoted(post.text, 300)),)


def _kept(alert: AlertFinding) -> Block:
    kept = parts.short(wording.captured(alert.captures[0]), 300) if alert.captures else "no archived copy"
    return line(words("Source: ", bold=True), words(kept))


def _said(alert: AlertFinding) -> str:
    wanted = alert.kind is AlertKind.DENIAL
    of_kind = (one for one in alert.sightings if (one.sighting.stance in wording.DENIALS) is wanted)
    newest: ArchivedSighting | None = next(of_kind, next(iter(alert.sightings), None))
    if newest is None:
        return "A denial" if wanted else "A new sighting"
    place = parts.short(wording.place_words(newest.sighting.place), 40)
    return f"{_person(alert)}, {place}: {parts.short(wording.said(newest.sighting), 60)}"


def _person(alert: AlertFinding) -> str:
    name = next((one.sighting.person_name for one in alert.sightings), "") or "a watched person"
    return parts.short(name, 40)


def _late(alert: AlertFinding) -> str:
    return f"Late: this sweep should have run {f'at {wording.at(alert.due_at)}' if alert.due_at else 'earlier'}."


def _watched(alert: AlertFinding) -> str:
    return f" (watch: {parts.short(alert.watch)})" if alert.watch else ""


def _source(alert: AlertFinding) -> tuple[str, str]:
    """Return which source fails, and since when, as the subject of the alert tells."""
    source, _, since = alert.alert.subject.removeprefix(f"source/{alert.alert.watch}/").rpartition("/")
    return source or "a source", since or alert.raised_at


def _older(alert: AlertFinding) -> Post | None:
    older = parts.earliest([alert.match] if alert.match else [])
    return older[2] if older else None


def _by(post: Post) -> str:
    return parts.short(wording.handle(post))
