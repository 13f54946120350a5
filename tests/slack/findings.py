"""Findings made up for the tests of the cards: a small desk's day, with nobody real in it."""

from __future__ import annotations

from dataclasses import replace

from bot import elsewhere
from bot.compare_findings import Compared, CompareFinding
from bot.findings import (
    AlertFinding,
    CheckFinding,
    DigestFinding,
    Match,
    NameMatch,
    RollFinding,
    TimelineEntry,
    TracedPost,
    TraceFinding,
    WhereisFinding,
)
from bot.home_findings import HomeFinding
from bot.watch_findings import WatchLine
from storage.alerts import Alert, AlertKind
from storage.desks import DeskSettings
from storage.digest_items import PersonNews
from storage.digests import DigestPlan, Section
from storage.records import (
    Appearance,
    ArchivedSighting,
    Capture,
    Certainty,
    Conflict,
    ConflictKind,
    Interval,
    Person,
    Place,
    PlacePrecision,
    Post,
    PostStatus,
    Relation,
    Reuse,
    Sighting,
    Speaker,
    SpeakerKind,
    Stance,
    TimeBasis,
    TimePrecision,
    digest,
)
from storage.rolls import Roll
from storage.runs import Run, RunState
from storage.snoozes import Scope, Snooze
from storage.watches import Watch, WatchKind, WatchState

PICTURE = "https://pbs.twimg.com/media/EXAMPLE.jpg?name=orig"
AT = "2021-05-04T09:30:00.000Z"
PERSON = Person("amina-njoroge", "Amina Njoroge", "envoy", ("Njoroge",))
OSLO = Place("Oslo", "NO", 59.9, 10.7, PlacePrecision.CITY, "test:oslo")
NORWAY = Place("Norway", "NO", None, None, PlacePrecision.COUNTRY, "country:NO")
DAY = Interval("2021-05-03", "2021-05-03", TimePrecision.DAY, '"on Monday" relative to the post date')


def post(number: int = 1, **changes: object) -> Post:
    """A live post of X."""
    made = Post(f"x:{number}", "x", str(number), f"https://x.com/i/status/{number}", f"reporter_{number}",
                f"Reporter {number}", None, "2021-05-04T08:02:00.000Z", TimeBasis.DECODED_ID, None,
                f"Envoy Njoroge arrives in Oslo, says reporter {number}.", "en", PostStatus.LIVE, "", AT)  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def capture(of: Post) -> Capture:
    """The archived copy of a post."""
    return Capture(
        f"c-{of.id}", of.id, digest(of.id.encode()), "application/json", AT, "syndication", of.url, "cd" * 32
    )


def sighting(
    number: int = 1,
    quote: str = "Njoroge arrives in Oslo",
    *,
    stance: Stance = Stance.ASSERTED,
    speaker: str = "",
    place: Place = OSLO,
    note: str = "",
    of: Post | None = None,
) -> ArchivedSighting:
    """A sighting that stands in a post of its own, whose text holds the quote."""
    told = of or post(number, text=f"Breaking: {quote} (more soon)")
    start = told.text.index(quote)
    voice = Speaker(speaker or f"@reporter_{number}", SpeakerKind.TWEET)
    found = Sighting(PERSON.id, PERSON.name, place, stance, voice, DAY, quote, start, start + len(quote), "arrival@1",
                     0.9, note=note)  # fmt: skip
    return ArchivedSighting(f"s{number}", found, told, capture(told))


def whereis(*found: ArchivedSighting, conflicts: tuple[Conflict, ...] = (), total: int | None = None) -> WhereisFinding:
    """An answer with these sightings."""
    known = NameMatch(PERSON, "Njoroge", 0.93)
    return WhereisFinding("Njoroge", None, None, known, (), found, conflicts, len(found) if total is None else total)


def whereis_with_denial() -> WhereisFinding:
    """Two voices for one place, and an office that denies the first."""
    rumor = sighting(1, "rumours put Njoroge in Oslo", stance=Stance.RUMORED, speaker="unnamed users, via @reporter_1")
    denial = sighting(2, "the ministry denies it", stance=Stance.DENIED, speaker="the ministry", place=NORWAY)
    plan = sighting(3, "she will fly to Norway", stance=Stance.PLANNED, place=NORWAY, note="coref: she")
    why = "unnamed users (2021-05-04, decoded-id): rumored in Oslo; the ministry (2021-05-04, decoded-id): denied."
    return whereis(denial, plan, rumor, conflicts=(Conflict(ConflictKind.DENIAL, why, sightings=("s1", "s2")),))


def reuse(query: str = "one", found: str = "two", **changes: object) -> Reuse:
    """A sure match of two pictures."""
    frame = ((0.0, 0.0), (100.0, 0.0), (100.0, 80.0), (0.0, 80.0))
    made = Reuse(digest(query.encode()), digest(found.encode()), Relation.MIRRORED, "mirrored left to right, darker",
                 frame, frame, 0.981, 0.55, Certainty.MATCH, "phash/1")  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def match(
    number: int = 7, caption: str = "Crowd in Bergen at dusk", evidence: str | None = "/evidence/pair.png"
) -> Match:
    """A picture found in one older post."""
    older = post(number, posted_at="2019-02-03T18:20:00.000Z", text=caption)
    stands = Appearance(digest(b"two"), older.id, f"c-{older.id}", 0, caption, None)
    return Match(reuse(found=f"two-{number}"), "/vault/two", ((stands, older),), evidence)


def check(
    *matches: Match, name: str = "sent-in.jpg", why_not: str | None = None, address: str | None = None
) -> CheckFinding:
    """One picture that was looked up, with the public address that it has, if any."""
    made = CheckFinding(name, digest(b"one"), 640, 480, why_not is None, why_not, matches)
    return replace(made, elsewhere=elsewhere.pages(address), by_hand=elsewhere.by_hand(address))


STATED = {
    "taken_at": "2016-10-08T14:03:05", "camera": "Model 1",
    "gps_present": True, "gps": {"lat": 43.46745, "lon": 11.88513}, "source_type": "trainedAlgorithmicMedia",
    "generation": {"where": "PNG text “parameters”", "text": "a castle\nSteps: 20"},
    "credentials": {"state": "broken", "signer": "Agency", "signed_at": "", "generator": "Camera 1", "source_type": "",
                    "broken": "assertion.dataHash.mismatch"},
}  # fmt: skip
"""What a file may say of itself."""


def compared(found: Reuse | None) -> CompareFinding:
    """Two pictures that were compared, found to be one or not."""
    one, two = digest(b"one"), digest(b"two")
    sides = (Compared("one.jpg", one, 100, 80), Compared("https://x.com/i/status/1", two, 200, 80))
    reason = "" if found else "their fingerprints differ in 120 of 256 bits, and no part of one is found in the other"
    return CompareFinding(*sides, found, reason, 12 if found else 120, "/evidence/pair.jpg" if found else None)


CONFLICT = Conflict(
    ConflictKind.PLACE,
    "One picture, two places: @reporter_1 (2021-05-04, decoded-id) says Oslo; "
    "@reporter_7 (2019-02-03, decoded-id) says Bergen.",
    posts=("x:1", "x:7"),
)


def trace(*matches: Match, of: Post | None = None, **changes: object) -> TraceFinding:
    """A traced post with one picture and these matches."""
    own = of or post(1)
    stands = [(own, own.text, "Oslo"), *((p, a.caption, "Bergen") for m in matches for a, p in m.appearances)]
    entries = [TimelineEntry(p.posted_at, p.posted_at_basis, p.id, p.url, text, place) for p, text, place in stands]
    made = TraceFinding(
        post=own,
        captures=(capture(own),),
        images=(check(*matches, address=PICTURE),),
        sightings=(sighting(1, "Njoroge arrives in Oslo", of=own),) if "Njoroge arrives in Oslo" in own.text else (),
        conflicts=(CONFLICT,) if matches else (),
        timeline=tuple(sorted(entries, key=lambda entry: (entry.at is None, entry.at or ""))),
        elsewhere=(*elsewhere.archives(own.url), *elsewhere.pages(PICTURE)),
        notes=(),
        already_archived=False,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def raised(alert_id: str = "alert-1", kind: AlertKind = AlertKind.CAPTION_CONFLICT, **changes: object) -> Alert:
    """An alert as the store keeps it."""
    made = Alert(alert_id, "T0DESK", "C0DESK", kind, f"subject/{alert_id}", f"case/{alert_id}", AT, AT, post_id="x:1",
                 image_sha256=digest(b"one"), match_sha256=digest(b"two-7"), match_post_id="x:7", pair="p")  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def alert(of: Alert | None = None, **changes: object) -> AlertFinding:
    """A warning about a picture that stands in an older post with another place."""
    own = post(1)
    made = AlertFinding(of or raised(), own, (capture(own),), match(), (CONFLICT,))
    return replace(made, **changes)  # type: ignore[arg-type]


def alert_of(kind: AlertKind, **changes: object) -> AlertFinding:
    """A warning of any kind."""
    answer = whereis_with_denial()
    denial, plan, rumor = answer.sightings
    since = "2021-05-04T08:00:00.000Z"
    own = post(1)
    made = {
        AlertKind.REUSE: alert(raised("reuse", kind), conflicts=()),
        AlertKind.CAPTION_CONFLICT: alert(),
        AlertKind.SIGHTING: _about_person(kind, (rumor, plan), total=7),
        AlertKind.DENIAL: _about_person(kind, (denial, rumor), conflicts=answer.conflicts),
        AlertKind.TRAVEL: _about_person(kind, (plan, rumor), conflicts=(TOO_FAR,)),
        AlertKind.DELETED: AlertFinding(
            raised("gone", kind), replace(own, status=PostStatus.DELETED, status_reason="X says that its author did."),
            (capture(own),), sightings=(sighting(1, "Njoroge arrives in Oslo", of=own),),
        ),
        AlertKind.EARLIER: alert(raised("earlier", kind), conflicts=()),
        AlertKind.SOURCE: AlertFinding(
            raised("source", kind, subject=f"source/w1/rss:https://wire.example/f/{since}", watch="w1", post_id=None),
            watch="Amina Njoroge", problem="It answered 503.",
        ),
    }[kind]  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def roll(**changes: object) -> RollFinding:
    """A rolling message of a flood."""
    stored = Roll("r1", "T0DESK", "C0DESK", "case/1", "One picture came 34 times within 10 minutes.", AT, AT)
    shown = (alert(), alert_of(AlertKind.REUSE))
    return replace(RollFinding(stored, shown, 34, contradictions=1, open=33), **changes)  # type: ignore[arg-type]


def snooze(number: int) -> Snooze:
    """A snooze of a person."""
    until = f"2021-05-0{4 + number}T07:00:00.000Z"
    return Snooze(f"z{number}", "T0DESK", "C0DESK", Scope.PERSON, PERSON.id, PERSON.name, until, "U0RANA", AT)


def _about_person(kind: AlertKind, found: tuple[ArchivedSighting, ...], **changes: object) -> AlertFinding:
    told = found[0]
    stored = raised(f"person-{kind}", kind, image_sha256=None, match_sha256=None, pair="", person=PERSON.id)
    made = AlertFinding(stored, told.post, (told.capture,), sightings=found, total=len(found), watch="Amina Njoroge")
    return replace(made, **changes)  # type: ignore[arg-type]


TOO_FAR = Conflict(
    ConflictKind.PLACE,
    "Amina Njoroge, 3 May 2021: Norway (country), planned, according to @reporter_3; Oslo, rumored by unnamed users: "
    "no known flight is so fast.",
    sightings=("s1", "s3"),
)


def digest_of_a_day(**changes: object) -> DigestFinding:
    """A day with something in each section."""
    answer = whereis_with_denial()
    made = DigestFinding(
        channel="C0DESK",
        since="2021-05-03T06:00:00.000Z",
        until="2021-05-04T06:00:00.000Z",
        conflicts=(*answer.conflicts, CONFLICT),
        sightings=answer.sightings,
        reuse=(alert(),),
        still_open=(alert(raised("alert-0", AlertKind.REUSE), conflicts=()),),
        failing=(("x.com", "has not answered since 3 May 2021 22:00 UTC"),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def late_digest() -> DigestFinding:
    """A digest that stands for three, in Oslo, of which only the first of each section is shown."""
    denial = sighting(2, "the ministry denies it", stance=Stance.DENIED, speaker="the ministry")
    return digest_of_a_day(
        warnings=(alert(raised("alert-2", AlertKind.DENIAL), match=None, sightings=(denial,)),),
        denials=(denial,),
        conflicts=(CONFLICT,),
        sightings=tuple(sighting(number, f"voice {number}") for number in range(1, 9)),
        snoozed=(alert(raised("alert-3", AlertKind.REUSE), conflicts=()),),
        people=(PersonNews(PERSON.id, PERSON.name, 1_208), PersonNews("omar", "Omar Example", 3)),
        silent=4,
        totals={Section.CONFLICTS: 3, Section.SIGHTINGS: 1_211, Section.REUSE: 1, Section.OPEN: 12, Section.SNOOZED: 5},
        zone="Europe/Oslo",
        late=True,
        due_at="2021-05-04T05:00:00.000Z",
        missed=3,
    )


def digest_plan() -> DigestPlan:
    """A digest on weekdays, of some sections."""
    return DigestPlan("T0", "C0DESK", "weekdays at 08:30 Europe/Oslo", "Europe/Oslo", "U0RANA", AT, 7, AT,
                      (Section.CONFLICTS, Section.SIGHTINGS), True, "2021-05-05T06:30:00.000Z", AT)  # fmt: skip


def home() -> HomeFinding:
    """A Home with something of each kind."""
    watch = Watch(
        "w1", "T0DESK", "C0DESK", False, WatchKind.PERSON, "p1", "Amina Njoroge", ("rss:https://wire.example/feed",),
        "every 15 minutes", "UTC", "U0RANA", AT, next_due="2021-05-04T08:15:00.000Z",
    )  # fmt: skip
    run = Run(
        "w1", "2021-05-04T08:00:00.000Z", AT, state=RunState.DONE, ended_at=AT, late=True, missed=2, posts=12, fresh=3
    )
    return HomeFinding(
        mine=(alert(raised("mine", assignee="U0RANA")),),
        others=(alert_of(AlertKind.DENIAL),),
        watches=(
            WatchLine(watch, last=run),
            WatchLine(replace(watch, id="w2", state=WatchState.PAUSED, next_due=None)),
        ),
        digests=(digest_plan(),),
        traces=(TracedPost(post(), AT, 2),),
        settings=DeskSettings("T0DESK", duty_group="S0DUTY", escalate_after=30),
    )
