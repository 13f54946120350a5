"""Random and hostile findings: no limit breaks, nothing pings, every claim keeps its speaker, every quote is exact."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.alerting.memory import Silence, SilenceKind
from bot.compare_findings import Compared, CompareFinding
from bot.elsewhere import archives, pages
from bot.findings import (
    AlertFinding,
    CheckFinding,
    Match,
    NameMatch,
    PeopleFinding,
    RollFinding,
    StatusFinding,
    TimelineEntry,
    TracedPost,
    TraceFinding,
    WhereisFinding,
)
from bot.home_findings import HomeFinding
from bot.people_findings import PeopleHistory
from bot.silence_findings import SilencedFinding, SilencedLine
from bot.slack.blocks import Card, Message, with_files
from bot.slack.cards.alert import alert_message, already_message, assigned_message
from bot.slack.cards.check import check_card
from bot.slack.cards.compare import compare_card
from bot.slack.cards.digest import digest_card
from bot.slack.cards.duty import escalation_message, escalations_message
from bot.slack.cards.error import error_message
from bot.slack.cards.help import help_message
from bot.slack.cards.home import home_view
from bot.slack.cards.people import history_card, people_card
from bot.slack.cards.progress import progress_message
from bot.slack.cards.roll import roll_message, rolled_message
from bot.slack.cards.silenced import silenced_message, undone_message
from bot.slack.cards.snoozes import snoozes_message
from bot.slack.cards.status import status_message
from bot.slack.cards.trace import trace_card
from bot.slack.cards.verdicts import explanation_message, noted_message, verdict_view, verdicts_message
from bot.slack.cards.whereis import whereis_card, whereis_more
from bot.slack.ids import Action, Question, Verb
from bot.slack.verdict_refs import VerdictDraft
from bot.verdict_findings import Explanation, Step, VerdictsFinding
from bot.wording import STANCES, plain, plain_lines
from bot.workspace import rules
from storage.alerts import Act, AlertKind, Triage, TriageState
from storage.people_changes import Change
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
from storage.verdicts import Judged, Judgement, Verdict
from tests.slack import findings as made
from tests.slack.limits import card_problems, objects, problems, shown_quotes

HOSTILE = (
    "<!channel> <@U1> <!here|here> <https://evil.example|bank>",
    "*bold* _it_ ~no~ `code` ```block``` > quote",
    "\u202egnihton\u2066\u2067x\u2069 \u200b\u200e\ufeff",
    "قاسم سليماني في اللاذقية اليوم 12:30, Oslo",
    "Z" + "\u0336" * 900,
    "👨‍👩‍👧‍👦🇬🇧👍🏽" * 300,
    "x" * 40_000,
    '"\\\\" ' * 8_000,
    "line\r\n" * 3_000,
    "\x00\x1b[2J\x07\ud800\U0010ffff\u2028",
    "&lt;!channel&gt; &amp; @channel @here :smile:",
    "a word and a word " * 2_000,
)
words = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60))
some = st.one_of(st.none(), words)
instants = st.sampled_from(["2015-10-13T21:38:00.000Z", "1970-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"])
days = st.one_of(st.none(), st.sampled_from(["2015-10-13", "2015-12-31", "0001-01-01"]))
urls = st.one_of(st.none(), words, st.sampled_from(["https://x.com/i/status/1", "https://e.example/" + "p" * 2_500]))

posts = st.builds(
    Post,
    st.uuids().map(str),
    st.sampled_from(["x", "web"]),
    some,
    urls,
    some,
    some,
    some,
    st.one_of(st.none(), instants),
    st.sampled_from(TimeBasis),
    st.none(),
    words,
    some,
    st.sampled_from(PostStatus),
    words,
    instants,
)
some_posts = st.none() | posts
captures = st.builds(
    Capture, st.just("c"), st.just("p"), words.map(lambda text: digest(text.encode("utf-8", "surrogatepass"))),
    st.just("text/plain"), instants, words, urls, st.just("cd" * 32),
)  # fmt: skip
places = st.builds(
    Place, words, some, st.none(), st.none(), st.sampled_from(PlacePrecision), st.sampled_from("abcdefgh")
)
intervals = st.builds(Interval, days, days, st.sampled_from(TimePrecision), words)
notes = st.one_of(st.just(""), words, st.just("antecedent: 0-9"), words.map(lambda text: f"coref: {text}"))


verdicts = st.builds(
    Verdict, st.uuids().map(str), st.sampled_from(["T1", "*"]), st.just("p"), st.just("p"), st.just("t"), st.just({}),
    st.just(frozenset()), st.sampled_from(Judgement), st.none() | places, st.none() | st.sampled_from(Stance), words,
    st.sampled_from(["operator", "", "<!channel>", "u0rana"]), instants, st.just(""), st.none() | instants,
)  # fmt: skip
judgements = st.builds(Judged, verdicts, places, st.sampled_from(Stance), st.booleans())


@st.composite
def sightings(draw: st.DrawFn) -> ArchivedSighting:
    """One sighting, whose quote is a part of its post's text."""
    post = draw(posts)
    start = draw(st.integers(0, len(post.text)))
    end = draw(st.integers(start, len(post.text)))
    speaker = Speaker(draw(words), draw(st.sampled_from(SpeakerKind)))
    found = Sighting("p", draw(words), draw(places), draw(st.sampled_from(Stance)), speaker, draw(intervals),
                     post.text[start:end], start, end, "r", 0.5, note=draw(notes))  # fmt: skip
    return ArchivedSighting(post.id, found, post, draw(captures), draw(st.none() | judgements))


reuses = st.builds(
    Reuse, st.uuids().map(lambda key: digest(key.bytes)), st.uuids().map(lambda key: digest(key.bytes)),
    st.sampled_from(Relation), words, st.just(()), st.just(()), st.floats(0, 1), st.just(0.55),
    st.sampled_from(Certainty), st.just("v"),
)  # fmt: skip
appearances = st.builds(lambda post, caption: (Appearance("i", post.id, "c", 0, caption, None), post), posts, words)
silences = st.builds(
    Silence, st.sampled_from(SilenceKind), words, st.sampled_from(["operator", "<!channel>", "x" * 500]), instants,
    words, st.booleans(), st.booleans(),
)  # fmt: skip
matches = st.builds(
    Match, reuses, words, st.lists(appearances, max_size=3).map(tuple),
    st.one_of(st.none(), st.just("/evidence/p.png")), st.none() | silences,
)  # fmt: skip
checks = st.builds(
    CheckFinding, words, st.none(), st.none(), st.none(), st.booleans(), some, st.lists(matches, max_size=3).map(tuple),
    st.one_of(st.none(), st.just("file:1")), marked=st.none() | silences, by_hand=some.map(lambda told: told or ""),
    elsewhere=words.map(lambda word: pages(f"https://pbs.twimg.com/{word}")),
)  # fmt: skip
conflicts = st.builds(
    lambda kind, why, ids: Conflict(kind, why, sightings=ids), st.sampled_from(ConflictKind), words,
    st.tuples(st.sampled_from("ab"), st.sampled_from("ab")),
)  # fmt: skip
people = st.builds(Person, words, words, words, st.lists(words, max_size=3).map(tuple))
triages = st.builds(Triage, st.sampled_from(Act), st.sampled_from(TriageState), words, instants, words, words, instants)
alerts = st.builds(
    lambda stored, post, held, match, clashes, found, steps, told: AlertFinding(
        stored, post, held, match, clashes, found, len(found) * 3, len(found), steps, len(found) % 2 == 0, *told
    ),
    st.builds(
        made.raised, words, st.sampled_from(AlertKind), subject=words, late=st.booleans(), assignee=words, watch=words
    ),
    st.none() | posts,
    st.lists(captures, max_size=1).map(tuple),
    st.none() | matches,
    st.lists(conflicts, max_size=5).map(tuple),
    st.lists(sightings(), max_size=6).map(tuple),
    st.lists(triages, max_size=5).map(tuple),
    st.tuples(words, words),
)

hostile = functools.partial(
    settings, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def whereis_of(found: Sequence[ArchivedSighting], clashes: Sequence[Conflict], name: str) -> WhereisFinding:
    """An answer in which ids and conflicts are paired, so that some deny others."""
    named = tuple(replace(one, id=f"s{number}") for number, one in enumerate(found))
    pairs = tuple(
        replace(one, sightings=(f"s{number % len(named)}", f"s{(number * 7 + 1) % len(named)}") if named else ())
        for number, one in enumerate(clashes)
    )
    person = NameMatch(Person("p", name, name, ()), name, 0.9)
    return WhereisFinding(name, None, "2015-10-13", person, (person,), named, pairs, len(named) + len(name))


def everything(finding: WhereisFinding) -> list[Message]:
    """Every message of an answer, as far as "Show more" goes."""
    card = whereis_card(finding)
    pages = [card.first]
    start = 0
    while shown := whereis_more(finding, start):
        pages += shown
        start += sum(len(list(shown_quotes([message]))) for message in shown if "in full" not in message.text)
        if start >= len(finding.sightings):
            break
    return pages


@given(st.lists(sightings(), max_size=12), st.lists(conflicts, max_size=6), words)
@hostile(max_examples=25)
def test_any_answer_about_a_person_keeps_every_rule(
    found: list[ArchivedSighting], clashes: list[Conflict], name: str
) -> None:
    """Limits hold, nothing pings, each quotation is exact, and stands under a stance and the speaker it belongs to."""
    finding = whereis_of(found, clashes, name)
    assert card_problems(whereis_card(finding)) == []
    check_quotes(finding, everything(finding))


def check_quotes(finding: WhereisFinding, pages: Sequence[Message]) -> None:
    """Each quotation shown is an exact part of an archived text, told by the one who says it."""
    for before, quote in shown_quotes(pages):
        about = before.split("\n")
        tellers = [
            one
            for one in finding.sightings
            if quote.rstrip() in plain_lines(one.post.text)
            and any(
                f"{STANCES[one.sighting.stance]} {plain(one.sighting.speaker.name)}"[:80] in line.translate(ISOLATES)
                for line in about
            )
        ]
        assert tellers or not before, (before, quote)


ISOLATES = dict.fromkeys((0x2067, 0x2068, 0x2069))


@given(st.lists(sightings(), min_size=5, max_size=8), st.integers(900, 1_000))
@hostile(max_examples=2)
def test_a_thousand_hostile_sightings_keep_every_rule(found: list[ArchivedSighting], number: int) -> None:
    """The most that an answer may hold, of the worst that there is."""
    finding = whereis_of([found[n % len(found)] for n in range(number)], (), "A name")
    card = whereis_card(finding)
    assert card_problems(card) == []
    check_quotes(finding, [card.first, *card.thread])


@given(posts, st.lists(captures, max_size=3), st.lists(checks, max_size=5), st.lists(sightings(), max_size=5),
       st.lists(conflicts, max_size=5), words, st.integers(0, 20))  # fmt: skip
@hostile(max_examples=25)
def test_any_trace_keeps_every_rule(
    post: Post, kept: list[Capture], images: list[CheckFinding], told: list[ArchivedSighting], clashes: list[Conflict],
    note: str, times: int,
) -> None:  # fmt: skip
    """Up to a hundred pictures, with whatever their posts, captions and reasons say; with and without uploads."""
    others = [post for one in images for match in one.matches for _, post in match.appearances]
    line = [
        TimelineEntry(one.posted_at, one.posted_at_basis, one.id, one.url, one.text, note) for one in (post, *others)
    ]
    finding = TraceFinding(post, tuple(kept), tuple(images) * times, tuple(told), tuple(clashes) * times, tuple(line),
                           (*archives(note), *archives("https://pbs.twimg.com/" + note)), (note,), False)  # fmt: skip
    card = trace_card(finding)
    assert card_problems(card) == []
    bare = Card(with_files(card.first, {}), tuple(with_files(message, {}) for message in card.thread))
    assert card_problems(bare) == []


@given(st.lists(checks, max_size=6), st.integers(1, 20))
@hostile(max_examples=20)
def test_any_check_keeps_every_rule(found: list[CheckFinding], times: int) -> None:
    """Up to a hundred and twenty pictures."""
    assert card_problems(check_card(found * times)) == []


generated = st.fixed_dictionaries({"where": words, "text": words})
signed = st.fixed_dictionaries(
    dict.fromkeys(("signer", "signed_at", "generator", "source_type", "broken"), words)
    | {"state": st.sampled_from(["unchanged", "broken", "unreadable", "elsewhere"])}
)
said = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("caption", "credit", "camera", "software", "source_type", "system", "iptc_date"), words)
    | {"generation": generated, "credentials": signed, "gps_present": st.just(True)},
)


@given(st.lists(checks, max_size=6), said, st.integers(1, 20), st.booleans())
@hostile(max_examples=20)
def test_whatever_a_file_says_of_itself(
    found: list[CheckFinding], told: dict[str, Any], times: int, alone: bool
) -> None:
    """Words of the file itself, as long and as odd as they may be."""
    shown = [replace(one, metadata=told) for one in found] * times
    assert card_problems(check_card(shown, named=alone)) == []


@given(words, words, st.none() | reuses, words, st.integers(1, 10_000))
@hostile(max_examples=25)
def test_any_comparison_keeps_every_rule(one: str, other: str, found: Reuse | None, why: str, width: int) -> None:
    """Whatever the two are called, and wherever the regions lie."""
    sides = (Compared(one, "a" * 64, width, 1), Compared(other, "b" * 64, 1, width))
    finding = CompareFinding(*sides, found, why, None, "/evidence/pair.jpg")
    assert card_problems(compare_card(finding, f"{one}\n{other}")) == []


@given(alerts)
@hostile(max_examples=25)
def test_any_warning_keeps_every_rule(found: AlertFinding) -> None:
    """Whatever its state; nobody is named by an id that is none."""
    named = [found.alert.assignee, *(name for step in found.triage for name in (step.by, step.assignee))]
    members = [name for name in named if name.isalnum()]
    assert problems(alert_message(found), members=members) == []
    assert problems(assigned_message(found, "U0RANA", found.raised_at), members=["U0RANA"]) == []
    for step in found.triage:
        assert problems(already_message(step), members=members) == []
    view = home_view(
        HomeFinding(traces=(TracedPost(found.post or made.post(), found.raised_at, 3),) * 12, others=(found,) * 12)
    )
    assert rules.check_view(view) == []


@given(st.lists(alerts, min_size=1, max_size=3), words, words)
@hostile(max_examples=20)
def test_any_rolling_message_keeps_every_rule(found: list[AlertFinding], one: str, two: str) -> None:
    """A flood of any warnings, page after page; the calls to those on call; and what is snoozed."""
    stored = replace(made.roll().roll, why=one)
    flood = RollFinding(stored, tuple(found * 14), 1_000, 7, 900, two)
    for message in (
        roll_message(replace(flood, alerts=flood.alerts[:5])),
        rolled_message(flood, 0),
        rolled_message(flood, 12),
        escalations_message(flood.alerts[:5], 1_000, "S0DUTY", 30),
        escalation_message(found[0], "S0DUTY", "U0RANA", one),
        snoozes_message([replace(made.snooze(1), label=one, actor=two)] * 40),
    ):
        assert problems(message, members=["S0DUTY", "U0RANA", two]) == []


silenced = st.builds(
    SilencedLine, silences, st.sampled_from(["T1", "*"]), st.just(("ab" * 32, "cd" * 32)), st.tuples(*[some_posts] * 2)
)


@given(st.lists(silenced, max_size=10), st.integers(0, 90), st.booleans())
@hostile(max_examples=20)
def test_any_list_of_what_is_silenced_keeps_every_rule(found: list[SilencedLine], start: int, named: bool) -> None:
    """Whatever people and posts have said; the button that goes on is never cut."""
    listed = SilencedFinding(tuple(found), start + len(found), 7, start)
    message = silenced_message(listed, named=named)
    assert problems(message) == []
    assert any(one.get("action_id") == Action.SILENCED for one in objects(list(message.blocks)))
    for one in found:
        assert problems(undone_message(one)) == []


@given(st.lists(sightings(), min_size=1, max_size=8), words, st.lists(st.tuples(words, words), max_size=12))
@hostile(max_examples=20)
def test_anything_said_of_sightings_keeps_every_rule(
    found: list[ArchivedSighting], changed: str, told: list[tuple[str, str]]
) -> None:
    """The list, what was noted, the modal and the explanation; what is judged has a button that takes it back."""
    listed = VerdictsFinding(tuple(found), len(found) + 5, changed=changed)
    for named in (True, False):
        message = verdicts_message(listed, named=named)
        assert problems(message) == []
        assert any(one.get("action_id") == Action.VERDICTS for one in objects(list(message.blocks)))
    steps = tuple(Step(about, words) for about, words in told)
    for one in found:
        assert problems(noted_message(replace(listed, lines=(one,)))) == []
        said = (one.judged.verdict,) if one.judged else ()
        assert problems(explanation_message(Explanation(one, steps, fresh=True, verdicts=said))) == []
        seen = said[0].id if said else ""
        draft = VerdictDraft(one.id, seen=seen, url="https://hooks.slack.com/actions/" + "x" * 80)
        assert rules.check_view(verdict_view(one, draft)) == []


@given(st.lists(sightings(), max_size=6), st.lists(conflicts, max_size=6), st.lists(alerts, max_size=4), words,
       st.integers(1, 30))  # fmt: skip
@hostile(max_examples=15)
def test_any_digest_keeps_every_rule(
    found: list[ArchivedSighting], clashes: list[Conflict], warned: list[AlertFinding], name: str, times: int
) -> None:
    """A day in which everything happened thirty times."""
    finding = made.digest_of_a_day(
        sightings=tuple(found) * times, conflicts=tuple(clashes) * times, reuse=tuple(warned) * times,
        still_open=tuple(warned), failing=((name, name),) * times,
    )  # fmt: skip
    assert card_problems(digest_card(finding)) == []


@given(st.lists(people, max_size=60), words, words)
@hostile(max_examples=20)
def test_any_other_card_keeps_every_rule(persons: list[Person], one: str, two: str) -> None:
    """The watch-list, the state, errors, progress and help."""
    assert card_problems(people_card(PeopleFinding(tuple(persons), one, 3, 4, 5))) == []
    changes = tuple(Change(n, made.AT, f"{one}/{two}", one, two * 9, {}, {}) for n in range(len(persons)))
    assert card_problems(history_card(PeopleHistory(changes), one, named=True)) == []
    state = StatusFinding(one, two, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, None, {f"{one}{n}": two for n in range(50)})
    nobody = WhereisFinding(one, None, None, None, tuple(NameMatch(p, one, 0.5) for p in persons), (), (), 0)
    for message in (
        status_message(state),
        error_message(one, two, Question(Verb.TRACE, one)),
        progress_message(Verb.CHECK, one, place=3),
        progress_message(Verb.TRACE, one, step="Reading the text."),
        help_message(one),
        whereis_card(nobody).first,
    ):
        assert problems(message) == []
