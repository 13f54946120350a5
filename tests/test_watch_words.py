"""The words of a watch as people type them, said back in one form, or refused with an example."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.schedules.due import Calendar, Interval, Weekdays
from bot.schedules.quiet import QuietHours
from bot.watch_parts import MOST_BUDGET, NAME, REASON, WatchRefused
from bot.watch_words import LONGEST, WatchWords, parse_changes, parse_watch, words_of
from storage.watches import WatchKind
from tests.schedules.schedules import SCHEDULES, ZONES

QUARTER = Interval(timedelta(minutes=15))
NIGHT = QuietHours(time(22), time(7), "Europe/Oslo", Weekdays(frozenset(range(5))))
VOCABULARY = """
    Soleimani "Amin Every Noor" “in #x” person picture account link this in here #syria-desk <#C0AB12|x> C0AB12XYZ every
    15m each hourly at 09:00 on mondays daily weekdays from x:@a, rss:https://wire.example/feed x:"drone strike"
    folder:/in quiet 22:00 to 07:00 even for conflicts budget 500 a day off none zone Europe/Oslo reason because
    @handle <@U0RANA> <!channel> https://x.com/i/status/653976627708372464
    https://x.com/nasa ünlü ٣ \u202e " “ , ; # 99999999999999999999
"""
SOURCES = st.lists(
    st.sampled_from(
        ["x:@alihashem_tv", "rss:https://wire.example/feed", "folder:/srv/in", 'x:"drone strike"', "x:drones from homs"]
    ),
    unique=True,
    max_size=3,
).map(tuple)
SUBJECTS = st.one_of(
    st.tuples(
        st.just(WatchKind.PERSON),
        st.lists(
            st.sampled_from(["Amin", "in", "Every", "from", "Noor", "link", "رنا", "O’Neil"]), min_size=1, max_size=4
        ).map(" ".join),
    ),
    st.tuples(st.just(WatchKind.ACCOUNT), st.sampled_from(["x:@alihashem_tv", "telegram:@wire.desk"])),
    st.tuples(
        st.sampled_from([WatchKind.PICTURE, WatchKind.LINK]),
        st.sampled_from(["https://x.com/i/status/653976627708372464", "https://wire.example/harbour?page=2"]),
    ),
)
WATCHES = st.builds(
    lambda subject, **rest: WatchWords(*subject, **rest),
    SUBJECTS,
    channel=st.sampled_from(["", "#syria-desk", "C0AB12XYZ"]),
    schedule=st.none() | SCHEDULES,
    sources=SOURCES,
    quiet=st.none() | st.just(NIGHT),
    budget=st.none() | st.integers(1, MOST_BUDGET),
    zone=ZONES,
    reason=st.sampled_from(["", "named by two hospitals in Homs every day", 'said “no” at 9, from "home"!']),
)


def said(typed: str) -> str:
    """What is said back to an editor in Oslo, without the zone."""
    return words_of(parse_watch(typed, "Europe/Oslo")).replace(" zone Europe/Oslo", "")


def refused(typed: str) -> tuple[str, str]:
    """In which part words are refused, and why."""
    with pytest.raises(WatchRefused) as why:
        parse_watch(typed, "Europe/Oslo")
    return why.value.part, str(why.value)


@given(WATCHES, ZONES)
def test_what_is_said_back_is_read_as_the_same_watch(watch: WatchWords, zone: str) -> None:
    """Whatever zone the reader lives in, and whatever words the name holds."""
    assert watch == parse_watch(words_of(watch), zone)


@given(st.lists(st.sampled_from(VOCABULARY.split(" ")), max_size=14).map(" ".join) | st.text(max_size=100))
@example("Soleimani reason " + '"' * 400)
@example('"' * 1500)
@example("a " * 1400)
@example("x" * 4000)
def test_any_words_are_a_watch_or_refused_in_a_sentence(typed: str) -> None:
    """Nothing typed breaks the reader, and what it accepts has a canonical form."""
    try:
        watch = parse_watch(typed, "Europe/Oslo")
    except WatchRefused as refusal:
        why, part = str(refusal), refusal.part
    else:
        assert watch == parse_watch(words_of(watch), "UTC")
        return
    assert why
    assert len(why) < 400
    assert part


@given(st.lists(st.sampled_from(VOCABULARY.split()), max_size=8).map(" ".join) | st.text(max_size=60))
def test_any_words_are_changes_or_refused_in_a_sentence(typed: str) -> None:
    """Changes name fields of a watch, and nothing else."""
    try:
        changed = parse_changes(typed, "UTC")
    except WatchRefused:
        return
    assert changed
    assert set(changed) <= set(WatchWords.__dataclass_fields__) - {"kind", "subject"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (
            "Soleimani in #syria-desk every 15m from x:@alihashem_tv, rss:https://wire.example/feed",
            "Soleimani in #syria-desk every 15 minutes from x:@alihashem_tv, rss:https://wire.example/feed",
        ),
        (
            "Qasem Soleimani from x:@a every 2 hours in #Desk,",
            "Qasem Soleimani in #desk every 2 hours from x:@a",
        ),
        ("Soleimani", "Soleimani"),
        ("person Soleimani", "Soleimani"),
        ('"Amin Every Noor" hourly from x:@a', '"Amin Every Noor" every hour from x:@a'),
        ("@AliHashem_TV", "account x:@alihashem_tv"),
        ("account alihashem_tv", "account x:@alihashem_tv"),
        ("https://x.com/AliHashem_TV", "account x:@alihashem_tv"),
        ("account telegram:@wire in here", "account telegram:@wire"),
        ("https://twitter.com/a/status/653976627708372464?s=20", "link https://x.com/i/status/653976627708372464"),
        ("picture x.com/a/status/653976627708372464", "picture https://x.com/i/status/653976627708372464"),
        ("Noor in <#C0AB12|syria-desk> weekdays at 9 from x:@a",
         "Noor in C0AB12 weekdays at 09:00 Europe/Oslo from x:@a"),
        ("Noor at 9 in Asia/Beirut from x:@a", "Noor daily at 09:00 Asia/Beirut from x:@a"),
        ("Noor on Mondays at 9 from x:@a", "Noor on Mondays at 09:00 Europe/Oslo from x:@a"),
        ("Noor quiet 22:00 to 07:00 weekdays every 15m from x:@a",
         "Noor every 15 minutes from x:@a quiet 22:00 to 07:00 weekdays Europe/Oslo"),
        ("Noor quiet from 22:00 to 07:00 even for conflicts",
         "Noor quiet 22:00 to 07:00 daily Europe/Oslo even for conflicts"),
        ("Noor quiet 22 to 7 but for conflicts", "Noor quiet 22:00 to 07:00 daily Europe/Oslo"),
        ("Noor every 2 days from 2016-07-01 from x:@a", "Noor every 2 days starting 2016-06-30 22:00 UTC from x:@a"),
        ("Noor budget 1,500 posts per day", "Noor budget 1500 a day"),
        ("Noor budget 20/day", "Noor budget 20 a day"),
        ("Noor reason “named in every report from Homs”", "Noor reason named in every report from Homs"),
    ],
)  # fmt: skip
def test_the_ways_in_which_a_watch_is_typed(typed: str, expected: str) -> None:
    """Parts in any order, names with such words in quotes, links and accounts by their form."""
    assert said(typed) == expected


def test_a_watch_in_values() -> None:
    """Everything at once, as the values that the store keeps."""
    read = parse_watch(
        'Noor from x:"drone strike" zone asia/beirut quiet 22:00 to 07:00 weekdays Europe/Oslo in #a at 9 '
        "budget 5 reason why not in #b",
        "UTC",
    )
    morning = Calendar((time(9),), Weekdays(), "Asia/Beirut")
    expected = WatchWords(
        WatchKind.PERSON, "Noor", "#a", morning, ('x:"drone strike"',), NIGHT, True, 5, "Asia/Beirut", "why not in #b"
    )
    assert expected == read


@pytest.mark.parametrize(
    ("typed", "part", "words"),
    [
        ("", "subject", "for example"),
        ("every 15m from x:@a", "subject", "Say first"),
        ("Noor in syria-desk", "channel", "write it with #"),
        ("Kim In Young", "channel", "in quotes"),
        ("Noor in", "channel", "is missing"),
        ("Noor in #a in #b", "channel", "said twice"),
        ("Noor every fortnight from x:@a", "schedule", "for example"),
        ("Noor every 5 seconds from x:@a", "schedule", "every minute"),
        ("Noor from", "sources", "is missing"),
        ("Noor from nowhere in #a", "sources", "source"),
        ("Noor quiet nights", "quiet", "for example"),
        ("Noor quiet 22:00 to 07:00 on the 1st", "quiet", "days of the week"),
        ("Noor budget lots", "budget", "500 a day"),
        ("Noor budget 0", "budget", "from 1"),
        ("Noor budget 99999999999999999999999999", "budget", "from 1"),
        ("Noor zone Oslo", "zone", "Europe/Oslo"),
        ("Noor reason", "reason", "is missing"),
        ("Noor reason " + "x" * (REASON + 1), "reason", "at most"),
        ("N" * (NAME + 1), "subject", "is no name"),
        ("<@U0RANA> every 15m", "subject", "member"),
        ("account not+an+account", "subject", "account x:@"),
        ("picture soleimani", "subject", "link"),
        ("https://xx.com/a/status/653976627708372464", "subject", "not that platform"),
        ("this picture", "subject", "Press"),
        ("a" * (LONGEST + 1), "subject", "at most"),
    ],
)
def test_what_is_refused_says_which_part_and_what_would_do(typed: str, part: str, words: str) -> None:
    """One sentence, for the field of a modal as for a message."""
    where, why = refused(typed)
    assert (where, words in why) == (part, True), why


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("every 30m budget 100", {"schedule": Interval(timedelta(minutes=30)), "budget": 100}),
        ("quiet off", {"quiet": None, "bypass": True}),
        ("budget none", {"budget": None}),
        ("from nothing", {"sources": ()}),
        ("in #desk zone Asia/Beirut", {"channel": "#desk", "zone": "Asia/Beirut"}),
        ("every 2 hours starting 2016-03-01 09:30", {
            "schedule": Interval(timedelta(hours=2), datetime(2016, 3, 1, 9, 30, tzinfo=UTC))
        }),
    ],
)  # fmt: skip
def test_changes_name_only_what_is_to_change(typed: str, expected: dict[str, Any]) -> None:
    """What is not named stays; a limit is taken away by `off`."""
    assert expected == parse_changes(typed, "UTC")


@pytest.mark.parametrize("typed", ["", "Noor every 15m", "budget"])
def test_changes_that_name_nothing_are_refused(typed: str) -> None:
    """With an example of what can be changed."""
    with pytest.raises(WatchRefused, match="for example"):
        parse_changes(typed, "UTC")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Soleimani evry 15m", "“evry 15m” is not understood; write “every 15m”, or put the whole name in quotes."),
        ("Soleimani form x:@wire every 15m", "“form x:@wire” is not understood; write “from x:@wire”"),
        ("Amina Njoroge rss:https://wire.example/feed", "“rss:https://wire.example/feed” is not understood"),
        ("قاسم سليماني x:@wire", "“x:@wire” is not understood; write for example"),
        ("Soleimani #syria-desk", "“#syria-desk” is not understood"),
        ("#syria-desk", "“#syria-desk” is not understood"),
    ],
)
def test_a_slip_behind_a_name_is_no_part_of_it(typed: str, told: str) -> None:
    """A time, a source or a channel that no word introduces is said back with what was meant, never watched."""
    part, why = refused(typed)
    assert part == "subject"
    assert told in why


@pytest.mark.parametrize("name", ["50 Cent", "John Paul II", "Abu Bakr al-Baghdadi", "رنا حداد"])
def test_a_name_with_a_number_before_it_or_letters_behind_it_is_a_name(name: str) -> None:
    """Only what can hardly be a name is refused; in quotes everything may be one."""
    assert parse_watch(name, "UTC").subject == name
    assert parse_watch(f'"{name} 47"', "UTC").subject == f"{name} 47"
