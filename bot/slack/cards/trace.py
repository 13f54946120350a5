"""Where a post's pictures appeared before and what is said of them: the five pillars, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot import handles, stated, wording
from bot.findings import Match, TimelineEntry, TraceFinding
from bot.slack.blocks import (
    Block,
    Card,
    Message,
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
    quoted,
    words,
)
from bot.slack.cards import pages, parts
from bot.slack.cards.silenced import silence_atoms, silence_line
from bot.slack.cards.watch import drafts
from bot.slack.ids import Action, Question, Verb
from bot.slack.silence_refs import BoilerplateRef
from bot.slack.watch_refs import WatchDraft
from storage.records import Capture, Certainty, Post, PostStatus

NEVER_FACT_HERE: Final = wording.NEVER_FACT.replace("below", "here")
LISTED: Final = 30
"""Lines of each list in the thread; beyond them a line says how many more there are."""
PICTURES: Final = 10
"""Side-by-side pictures in the thread: each is an upload."""

SILENCED: Final = 3
"""Lines of the first screen about what was dismissed or marked; the thread has each."""
WEIGHTY: Final = 3
"""Lines of the first screen about what a file says of itself; the thread has each."""


def trace_card(finding: TraceFinding, *, named: bool = True) -> Card:
    """Show a traced post: reuse, earliest appearance and conflicts first, then the pillars; the rest in the thread.

    `named`: whether one person alone reads it. Then it names the members who have dismissed a match, which would call
    them where others read it, and tells the coordinates of a file.
    """
    view = _View(finding, named)
    pictures = [view.picture] if view.picture else []
    thread = view.thread()
    blocks = [
        header(view.title),
        *packed(view.outcome()),
        *map(image, pictures),
        *(block for pillar in view.pillars() for block in packed([pillar])),
        context(NEVER_FACT_HERE),
        *pages.search_blocks(finding.images),
        *actions(
            button("Show all of it", Action.SHOW_MORE, view.question) if thread else None,
            button("Share in channel", Action.SHARE, view.question),
            button("Trace again", Action.TRACE, view.question),
            button("Watch…", Action.WATCH_NEW, view.watchable),
            button("Boilerplate…", Action.BOILERPLATE, view.pictures) if view.pictures.pictures else None,
        ),
    ]
    return Card(message(blocks, view.told(), pictures), thread)


class _View:
    """What the parts of one card have in common."""

    def __init__(self, finding: TraceFinding, named: bool) -> None:
        self.finding = finding
        self.named = named
        self.post = finding.post
        found = [match for one in finding.images for match in one.matches]
        self.silenced = silence_atoms(found, (one.marked for one in finding.images if one.marked), named=named)
        self.matches = sorted(
            (match for match in found if match.counts),
            key=lambda match: (match.reuse.certainty is not Certainty.MATCH, -match.reuse.score),
        )
        self.sure = [match for match in self.matches if match.reuse.certainty is Certainty.MATCH]
        self.others = {post.id: post for match in self.matches for _, post in match.appearances}
        self.first = parts.earliest(self.sure or self.matches)
        self.picture = self._side_by_side(self.first[0], self.first[2]) if self.first else None
        self.question = Question(Verb.TRACE, self.post.url or self.post.id)

    @property
    def watchable(self) -> WatchDraft:
        """What of the post may be watched: its first picture, its author, the post itself."""
        post, url = self.post, self.post.url
        account = handles.written(post.author, post.platform)
        shown = f"account {post.platform}:{account}" if account.startswith("@") else None
        return drafts(f"picture {url}" if url and self._usable else None, shown, f"link {url}" if url else None)

    @property
    def pictures(self) -> BoilerplateRef:
        """The post's pictures that are not marked as boilerplate yet."""
        shas = (one.sha256 for one in self.finding.images if one.sha256 and not one.marked)
        return BoilerplateRef(tuple(dict.fromkeys(shas))[:PICTURES])

    @property
    def title(self) -> str:
        status = self.post.status
        gone = "" if status is PostStatus.LIVE else f"{wording.STATUSES[status]}. "
        if self.sure:
            posts = {post.id for match in self.sure for _, post in match.appearances}
            seen = "Seen before" if self._earlier else "Seen elsewhere"
            return f"{gone}{seen}: its picture stands in {wording.count(len(posts), 'other post')} we hold"
        if self.matches:
            return f"{gone}Perhaps seen before: a possible match"
        if gone:
            return gone.rstrip(". ")
        if any(one.marked for one in self.finding.images):
            return "Its picture is marked as boilerplate"
        if self.silenced:
            return "No copy among the pictures we hold, but for what was dismissed"
        return (
            "No copy among the pictures we hold" if self._usable else "This post has no picture that can be looked up"
        )

    @property
    def _earlier(self) -> bool:
        return self.first is not None and parts.is_earlier(self.first[2], self.post)

    @property
    def _usable(self) -> bool:
        return any(one.usable for one in self.finding.images)

    def outcome(self) -> Iterator[parts.Atom]:
        """What matters at once."""
        if self.post.status is not PostStatus.LIVE:
            yield (line(words(self._gone())),)
        if self.first:
            yield (line(words(f"{parts.earliest_words(self.first[2], self.post)} · "), link(self.first[2].url)),)
            yield (line(words(f"{self._sentence(self.first[0])}.")),)
        elif self._usable and not self.silenced:
            yield (line(words(wording.NO_COPY)),)
        for told in [told for one in self.finding.images for told in stated.weighty(one.metadata)][:WEIGHTY]:
            yield (line(words(f"Its file says of itself: {told}")),)
        yield from self.silenced[:SILENCED]
        yield from parts.conflict_lines(self.finding.conflicts, 3)
        for note in self.finding.notes[:3]:
            yield (line(words(f"Note: {parts.short(note, parts.SENTENCE)}")),)

    def _gone(self) -> str:
        reason = parts.short(self.post.status_reason, parts.SENTENCE)
        captures = self.finding.captures
        kept = f" Archived: {parts.short(wording.captured(captures[-1]))}." if captures else ""
        held = " The text below is from the archive." if self.post.text else " We hold no text of it."
        return f"{wording.STATUSES[self.post.status]}{f': {reason}' if reason else '.'}{kept}{held}"

    def _sentence(self, match: Match) -> str:
        return parts.short(wording.why(match.reuse), parts.SENTENCE)

    def pillars(self) -> Iterator[parts.Atom]:
        """Provenance, source, date, location, motivation."""
        for name, lines in (
            ("Provenance", self._provenance()),
            ("Source", self._source()),
            ("Date", [(words(wording.posted(self.post)),)]),
            ("Location", self._location()),
            ("Motivation", self._motivation()),
        ):
            yield (heading(name), *(line(*inline) for inline in lines))

    def _provenance(self) -> list[tuple[Block, ...]]:
        timeline = self.finding.timeline
        earliest = timeline[0] if timeline else None
        if not self.finding.images:
            return [(words("No picture of this post is archived."),)]
        if not self.others and any(one.marked for one in self.finding.images):
            return [(words("Other posts with the picture are not counted, since it is marked as boilerplate."),)]
        if not self.others and self.silenced:
            return [(words("The only post with this picture that we hold, but for what was dismissed."),)]
        if earliest is None or not self.others:
            return [(words("The only post with this picture that we hold."),)]
        if earliest.at is None:
            return [(words("Which one is earlier is not known: no post with this picture has a date."),)]
        if earliest.post == self.post.id:
            return [(words("The earliest dated post with this picture that we hold. Later ones are in the list."),)]
        held = wording.dated(earliest.at, earliest.basis)
        total = wording.count(len(timeline), "appearance")
        return [(words(f"Not the first that we hold. Earliest we hold: {held}. {total} in all."),)]

    def _source(self) -> list[tuple[Block, ...]]:
        captures = self.finding.captures
        kept = parts.short(wording.captured(captures[0])) if captures else "no archived copy"
        held = "archived before" if self.finding.already_archived else "archived now"
        return [
            (words(f"{parts.short(wording.who(self.post), 240)} · "), link(self.post.url)),
            (words(f"{kept} ({held})"),),
        ]

    def _location(self) -> list[tuple[Block, ...]]:
        claims: dict[str, list[TimelineEntry]] = {}
        for entry in self.finding.timeline:
            if entry.place:
                claims.setdefault(entry.place, []).append(entry)
        if not claims:
            return [(words("No caption that we hold names a place."),)]
        lines: list[tuple[Block, ...]] = []
        for place, entries in list(claims.items())[:5]:
            others = f", and {wording.count(len(entries) - 1, 'other')}" if len(entries) > 1 else ""
            who = self._speaker(entries[0])
            when = wording.dated(entries[0].at, entries[0].basis)
            lines.append((words(f"{parts.short(place)}", bold=True), words(f": said by {who} ({when}){others}")))
        if len(claims) > 5:
            lines.append((words(f"and {wording.count(len(claims) - 5, 'more place')}"),))
        return lines

    def _speaker(self, entry: TimelineEntry) -> str:
        post = self.post if entry.post == self.post.id else self.others.get(entry.post)
        return parts.short(wording.handle(post) if post else wording.host(entry.url) or entry.post)

    def _motivation(self) -> list[tuple[Block, ...]]:
        lines: list[tuple[Block, ...]] = []
        if self.post.text:
            lines.append((words(f"{parts.short(wording.handle(self.post))} says: "), quoted(self.post.text, 400)))
        else:
            lines.append((words("The post has no words that we hold."),))
        other = next((e for e in self.finding.timeline if e.post != self.post.id and e.caption != self.post.text), None)
        if other and other.caption:
            told = "In conflict with another caption" if self.finding.conflicts else "Another caption of the picture"
            lines.append((words(f"{told}: {self._speaker(other)} says: "), quoted(other.caption, 400)))
        return [*lines, (words(wording.NOT_JUDGED, italic=True),)]

    def told(self) -> Iterator[str]:
        """The fallback text."""
        yield f"Trace of {parts.short(self.post.url or self.post.id, 200)}: {self.title}."
        for atom in (*self.outcome(), *self.pillars()):
            for part in atom:
                yield "".join(element.get("text", element.get("user_id", "")) for element in part["elements"])

    def thread(self) -> tuple[Message, ...]:
        """Everything else, in messages."""
        found, pictures = self.finding, list(self._more_pictures())
        blocks = [
            *packed(parts.listed("Every appearance, oldest first", list(map(self._entry, found.timeline)), LISTED)),
            *packed(parts.listed("Why they are one picture", list(self._reasons()), LISTED)),
            *map(image, pictures),
            *packed(parts.stated_atoms(found.images, alone=self.named)),
            *packed(parts.listed("Watched people in its text", list(map(parts.placed_claim, found.sightings)), LISTED)),
            *packed(parts.listed("More conflicts", list(map(parts.conflict_line, found.conflicts[3:])), LISTED)),
            *packed(parts.listed(wording.DIFFERENT, list(map(parts.difference_line, found.differences)), LISTED)),
            *packed(parts.listed("Archived copies", list(map(_copy, found.captures)), LISTED)),
            *packed(parts.listed(pages.LISTED, list(pages.page_atoms(found.elsewhere, found.images)), LISTED)),
        ]
        about = parts.short(self.post.url or self.post.id, 200)
        return messages(blocks, lambda number: [f"More of the trace of {about}, part {number}."], pictures)

    def _entry(self, entry: TimelineEntry) -> parts.Atom:
        post = self.post if entry.post == self.post.id else self.others.get(entry.post)
        who = parts.short(wording.who(post), 240) if post else self._speaker(entry)
        mine = "This post: " if entry.post == self.post.id else ""
        caption = (words(": "), quoted(entry.caption, 300)) if entry.caption else (words(": no caption"),)
        return (line(words(f"{mine}{wording.dated(entry.at, entry.basis)}, {who} · "), link(entry.url), *caption),)

    def _reasons(self) -> Iterator[parts.Atom]:
        for number, one in enumerate(self.finding.images, 1):
            named = f"Picture {number} of {len(self.finding.images)}"
            if not one.usable:
                why = parts.short(one.why_not or "reason unknown", 300)
                yield (line(words(f"{named}: cannot be looked up, {why}")),)
            for note in one.notes:
                yield (line(words(f"{named}: {parts.short(note, 300)}")),)
            for match in one.matches:
                posts = ", ".join(parts.short(wording.handle(post), 40) for _, post in match.appearances[:5])
                said = silence_line(match.silence, named=self.named) if match.silence else ()
                yield (
                    line(words(f"{named}: {self._sentence(match)}. Stands in: {posts}{'. ' if said else ''}"), *said),
                )

    def _more_pictures(self) -> Iterator[Picture]:
        shown = {self.picture.key} if self.picture else set()
        for match in self.matches:
            made = self._side_by_side(match, match.appearances[0][1] if match.appearances else None)
            if made and made.key not in shown and len(shown) <= PICTURES:
                shown.add(made.key)
                yield made

    def _side_by_side(self, match: Match, other: Post | None) -> Picture | None:
        return parts.side_by_side(match, other, f"from {wording.who(self.post)}, {wording.posted(self.post)}")


def _copy(capture: Capture) -> parts.Atom:
    """An archived copy with its whole digest."""
    told = f"{wording.at(capture.captured_at)} by {parts.short(capture.route)}, SHA-256 {capture.sha256}"
    return (line(words(told)),)
