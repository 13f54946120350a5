"""What somebody asks to be watched, made into a watch: its person found, its post archived, its schedule begun."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.desk import Desk
from bot.findings import NameMatch, TraceFinding
from bot.handles import written
from bot.intake import Audience
from bot.reading.names.compare import POSSIBLE
from bot.schedules.due import EPOCH, Interval, Schedule, next_due
from bot.schedules.words import words as schedule_words
from bot.watch_findings import PersonUnknown
from bot.watch_parts import refused_at
from bot.watch_words import WatchWords, quiet_part
from commands import people as people_verbs
from commands.trace import trace
from storage import people
from storage.alerts import channel_viewer
from storage.folding import fold
from storage.records import EVERYONE, OPERATOR, short_id, utc
from storage.watches import Watch, WatchKind, WatchState

PRIVATE: Final = "private individual"
"""The role of a person whom an editor has agreed to have watched; each further watch of theirs needs one, too."""

EVERY: Final = {WatchKind.LINK: timedelta(hours=1)}
OTHERWISE: Final = timedelta(minutes=15)
"""How often a watch with sources runs where nobody says it."""

_SLUG: Final = 12
_JUST_BEFORE: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a watch is told, and who asks.

    Attributes:
        workspace: the team, or `EVERYWHERE`.
        channel: its id, or its `#name` where that is not known.
        private: whether it is for its members alone; also where nobody can tell.
        owner: the member who asks; `operator` on the command line.
    """

    workspace: str
    channel: str
    private: bool
    owner: str

    @property
    def actor(self) -> str:
        """How the custody log names who asks."""
        return self.owner if self.owner == "operator" else f"{self.workspace}/{self.owner}"


async def prepare(desk: Desk, asked: WatchWords, place: Place, *, public: bool = False) -> Watch:
    """Make the watch that somebody asks for: its person found, its post archived; nothing is kept of it yet.

    Args:
        desk: the store, and the sources.
        asked: what is asked.
        place: where it is told.
        public: whether somebody who is not on the watch-list is a public figure, to be put there now.

    Raises:
        PersonUnknown: the name is nobody's on the watch-list, and nothing says who it is.
        WatchRefused: something is missing.
        CaptureFailed, LinkRefused, NotConfigured: the post cannot be archived.
    """
    now = desk.clock()
    subject, label, state, own = await _subject(desk, asked, place, public)
    sources = tuple(dict.fromkeys([*own, *asked.sources]) if asked.kind is WatchKind.LINK else asked.sources or own)
    schedule, since = scheduled(asked.schedule, asked.kind, sources, now)
    active = state is WatchState.ACTIVE and schedule is not None
    return Watch(
        id=_watch_id(place, asked.kind, subject, label),
        workspace=place.workspace,
        channel=place.channel,
        private=place.private,
        kind=asked.kind,
        subject=subject,
        label=label,
        sources=sources,
        schedule=schedule_words(schedule) if schedule else "",
        zone=asked.zone,
        owner=place.owner,
        since=utc(since),
        quiet=quiet_part(asked.quiet, bypass=True) if asked.quiet else "",
        bypass=asked.bypass,
        budget=asked.budget,
        reason=asked.reason,
        state=state,
        next_due=utc(next_due(schedule, since)) if schedule and active else None,
    )


async def _subject(
    desk: Desk, asked: WatchWords, place: Place, public: bool
) -> tuple[str, str, WatchState, tuple[str, ...]]:
    """Return the subject, its label, whether an editor has to agree first, and the source that it is itself."""
    match asked.kind:
        case WatchKind.PERSON:
            return *await _person(desk, asked, place, public), ()
        case WatchKind.ACCOUNT:
            platform, _, handle = asked.subject.partition(":")
            if platform != "x" and not asked.sources:
                raise refused_at(
                    "sources", "An account that is not on X needs a source to read it from; "
                    "write for example “from rss:https://wire.example/feed”."
                )  # fmt: skip
            on_x = platform == "x"
            return asked.subject, handle if on_x else asked.subject, WatchState.ACTIVE, (asked.subject,) * on_x
        case WatchKind.LINK:
            post = (await _traced(desk, asked, place)).post
            url = post.url or asked.subject
            return post.id, _short(url), WatchState.ACTIVE, (f"link:{url}",)
        case WatchKind.PICTURE:
            found = await _traced(desk, asked, place)
            shas = [one.sha256 for one in found.images if one.usable and one.sha256]
            if not shas:
                raise refused_at(
                    "subject", "This post has no picture that can be looked up; "
                    "write the link of a post that shows the picture."
                )  # fmt: skip
            author = written(found.post.author, found.post.platform)
            told = f"picture {f'by {author}' if author else 'in'} {_short(found.post.url or asked.subject)}"
            return shas[0], told, WatchState.ACTIVE, ()


async def _person(desk: Desk, asked: WatchWords, place: Place, public: bool) -> tuple[str, str, WatchState]:
    found, close = await desk.work(match_name, asked.subject)
    if found is None and public:
        await people_verbs.add(desk, asked.subject, (), "", by=people_verbs.Asker(place.actor))
        return await _id_of(desk, asked.subject), asked.subject, WatchState.ACTIVE
    if found is None and asked.reason:
        return await _id_of(desk, asked.subject), asked.subject, WatchState.PENDING
    if found is None:
        raise PersonUnknown.called(asked.subject, close)
    person = found.person
    if person.role != PRIVATE:
        return person.id, person.name, WatchState.ACTIVE
    if not asked.reason:
        raise refused_at(
            "reason", f"{person.name} is a private individual; say why, for example “reason named by two hospitals”."
        )
    return person.id, person.name, WatchState.PENDING


async def _id_of(desk: Desk, name: str) -> str:
    """Return the id that somebody of that name has, or is going to have."""
    return await desk.db.reading(lambda tx: people.id_for(tx, name))


def match_name(desk: Desk, name: str) -> tuple[NameMatch | None, tuple[NameMatch, ...]]:
    """Find who is meant by a name, as `whereis` does, and who else may be: work that another process can do."""
    with desk.db.read() as tx:
        watchlist = desk.readers.current(tx).watchlist
        best = watchlist.resolve(name)
        if best is not None:
            return NameMatch(best.person, best.matched_as, best.score), ()
        ranked = watchlist.rank(name)
        return None, tuple(NameMatch(one.person, one.matched_as, one.score) for one in ranked if one.score >= POSSIBLE)


async def _traced(desk: Desk, asked: WatchWords, place: Place) -> TraceFinding:
    """Archive the post that is asked about, for those who are told of it."""
    audience = f"channel:{place.channel}" if place.private else EVERYONE
    operator = place.owner == "operator"
    viewer = OPERATOR if operator else channel_viewer(place.workspace, place.channel)
    return await trace(desk, asked.subject, viewer=viewer, to=Audience(place.workspace, audience, place.actor))


def scheduled(
    asked: Schedule | None, kind: WatchKind, sources: Collection[str], now: datetime
) -> tuple[Schedule | None, datetime]:
    """Return when it runs and since when that counts: an interval from the minute in which it was set up.

    So not all of them fall due at the full hour. It is due at once, but for a post, which was archived just now.
    """
    if not sources:
        if asked:
            raise refused_at(
                "sources", "A schedule needs sources to ask; add for example “from x:@alihashem_tv”, "
                "or leave the schedule out."
            )  # fmt: skip
        return None, now
    schedule = asked or Interval(EVERY.get(kind, OTHERWISE))
    if not isinstance(schedule, Interval) or schedule.anchor != EPOCH:
        return schedule, now
    anchored = replace(schedule, anchor=now.replace(second=0, microsecond=0))
    return anchored, now if kind is WatchKind.LINK else anchored.anchor - _JUST_BEFORE


def _watch_id(place: Place, kind: WatchKind, subject: str, label: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", fold(label))[:_SLUG].strip("-")
    return f"{slug or kind}-{short_id(place.workspace, place.channel, kind, subject)[:6]}"


def _short(url: str) -> str:
    return url.partition("://")[2] or url
