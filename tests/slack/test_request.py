"""What people type and from where: read as it was meant, kept as it came, and seen by whom it may be."""

from __future__ import annotations

import itertools
import json
import time
from dataclasses import replace
from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake import Audience
from bot.slack.request import LONGEST, Door, Request, Words, addressed, read_person, read_question, read_subject, typed
from storage.records import EVERYONE, Viewer

MARKS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
ASKED = Request("id", "trace", "x.com/i/status/1", "T1", "U1", "C1", False, Door.COMMAND)
REQUESTS = st.builds(
    Request,
    st.text(), st.text(), st.text(), st.text(), st.text(), st.text(), st.booleans(), st.sampled_from(Door), st.text(),
    st.text(), st.none() | st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.lists(st.text())),
)  # fmt: skip
DATES = st.dates().map(str)
NAMES = st.lists(
    st.text(st.characters(categories=("L", "M")), min_size=1, max_size=9), min_size=1, max_size=3
).map(" ".join)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("https://x.com/a/status/1", "https://x.com/a/status/1"),
        ("<https://x.com/a/status/1>", "https://x.com/a/status/1"),
        ("<https://x.com/a/status/1|x.com/a/status/1>", "https://x.com/a/status/1"),
        ("<https://x.com/a?b=1&amp;c=2|A label, &lt;any&gt;>", "https://x.com/a?b=1&c=2"),
        ("look: <https://a.example> and <http://b.example|b>", "look: https://a.example and http://b.example"),
        ("https://a.example/?x=1&copy=2&lt=3", "https://a.example/?x=1&copy=2&lt=3"),
        ("Marks &amp; Spencer &lt;Beirut&gt;", "Marks & Spencer <Beirut>"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("&eacute;", "&eacute;"),
        ("  many \t spaces\n and\u00a0lines ", "many spaces and lines"),
        ("<@U123> <#C1|general> <!here>", "<@U123> <#C1|general> <!here>"),
        ("<mailto:rana@desk.example|rana@desk.example>", "mailto:rana@desk.example"),
        ("https://x.com/\u200ea/status/1\u202c", "https://x.com/a/status/1"),
        ("", ""),
    ],
)
def test_slacks_form_of_a_text_is_read_as_it_was_typed(text: str, meant: str) -> None:
    """Escapes are undone once, and only Slack's; a link is its address, whatever its label."""
    assert typed(text) == meant


@given(st.text(max_size=200))
def test_what_slack_escapes_comes_back(text: str) -> None:
    """Whatever was typed, Slack's escaping of it is read as it was, but for spaces and marks of direction."""
    bare = "".join(letter for letter in text if letter not in MARKS)
    assert typed(escape(text, quote=False)) == " ".join(bare.split())


@given(st.text(st.sampled_from("<>|&;ahtps:/#@! \u200f\n"), max_size=300))
def test_no_text_breaks_the_reading(text: str) -> None:
    """Half a link, half an escape and any nesting of them are one line of bounded length, without marks."""
    read = typed(text)
    assert len(read) <= LONGEST
    assert read == " ".join(read.split())
    assert not set(read) & set(MARKS)


@pytest.mark.parametrize(
    "piece", ["x", "<", "&amp;", " a ", "<https://a.example|", "<http://", "on 2015-10-13 ", "\u202e"]
)
def test_a_very_long_command_is_read_in_no_time(piece: str) -> None:
    """40,000 characters of anything are cut to what is read, without a pause."""
    text = (piece * 40_000)[:40_000]
    begun = time.process_time()
    for read in (read_subject("whereis", text).subject, read_question(f"whereis {text}").subject, addressed(text)):
        assert len(read) <= 40_000
    assert len(typed(text)) <= LONGEST
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ron", ("Ron", None, None)),
        ("Ron on 2015-10-13", ("Ron", "2015-10-13", None)),
        ("Ron known-on 2016-01-02", ("Ron", None, "2016-01-02")),
        ("Ron as known on 2016-01-02", ("Ron", None, "2016-01-02")),
        ("Ron on 2015-10-13 known-on 2016-01-02", ("Ron", "2015-10-13", "2016-01-02")),
        ("Ron known on 2016-01-02 on 2015-10-13", ("Ron", "2015-10-13", "2016-01-02")),
        ("Ron ON 2015-10-13", ("Ron", "2015-10-13", None)),
        ("Ron on 2015-10-13 on 2015-10-14", ("Ron on 2015-10-13", "2015-10-14", None)),
        ("Jon Onslow on 2015-10-13", ("Jon Onslow", "2015-10-13", None)),
        ("On Kawara", ("On Kawara", None, None)),
        ("on 2015-10-13", ("", "2015-10-13", None)),
        ("Ronon 2015-10-13", ("Ronon 2015-10-13", None, None)),
        ("Ron on 13 October", ("Ron on 13 October", None, None)),
        ("\u200fعلي on\u200e 2015-10-13\u200f", ("علي", "2015-10-13", None)),
        ("علي on ٢٠١٥-١٠-١٣", ("علي", "2015-10-13", None)),
        ("", ("", None, None)),
    ],
)
def test_the_days_of_a_question_stand_at_its_end(text: str, words: tuple[str, str | None, str | None]) -> None:
    """`on` and `known-on` are taken off in any order, each once; a name that holds them stays whole."""
    assert read_subject("whereis", text) == Words("whereis", *words)
    assert read_question(f"whereis {text}") == Words("whereis", *words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ron since 2015-10-13", Words("whereis", "Ron", since="2015-10-13")),
        ("Ron place Syria", Words("whereis", "Ron", place="Syria")),
        ("Ron place “Saint Petersburg, RU”", Words("whereis", "Ron", place="Saint Petersburg, RU")),
        ("Ron place New York stance Denied", Words("whereis", "Ron", place="New York", stance="denied")),
        (
            "Ron stance planned place حلب since 2015-10-13",
            Words("whereis", "Ron", since="2015-10-13", place="حلب", stance="planned"),
        ),
        (
            "Ron since 2015-10-01 on 2015-10-13 place Homs",
            Words("whereis", "Ron", "2015-10-13", since="2015-10-01", place="Homs"),
        ),
        ("Ron place Homs place Hama", Words("whereis", "Ron place Homs", place="Hama")),
        ("Ron Placeman", Words("whereis", "Ron Placeman")),
        ("Ron Place", Words("whereis", "Ron Place")),
        ("place Syria", Words("whereis", "place Syria")),
        ("Ron stance", Words("whereis", "Ron stance")),
        ("Ron since yesterday", Words("whereis", "Ron since yesterday")),
    ],
)
def test_a_question_is_narrowed_by_words_at_its_end(text: str, words: Words) -> None:
    """`since`, `place` and `stance` are taken off in any order, each once; a name that holds them stays whole."""
    assert read_subject("whereis", text) == words
    assert read_question(f"whereis {text}") == words


@given(
    NAMES, st.none() | DATES, st.none() | DATES, st.booleans(), st.sampled_from(["known-on", "known on", "as known on"])
)
def test_any_name_keeps_its_words_before_the_days(
    name: str, on: str | None, known_on: str | None, turned: bool, known: str
) -> None:
    """Whatever the name, the days that follow it are read and the name is what is left."""
    parts = [f"on {on}" if on else "", f"{known} {known_on}" if known_on else ""]
    text = " ".join(part for part in [name, *(reversed(parts) if turned else parts)] if part)
    read = read_subject("whereis", text)
    assert (read.on, read.known_on) == (on, known_on)
    assert read.subject == " ".join(name.split()) or read.subject == name.removesuffix(" as").removesuffix(" known")


@pytest.mark.parametrize("verb", ["trace", "check", "people", "help"])
def test_only_a_question_for_a_person_has_days(verb: str) -> None:
    """Elsewhere the words stay as they are."""
    assert read_subject(verb, "add Ron on 2015-10-13") == Words(verb, "add Ron on 2015-10-13")
    assert read_question(f"{verb} add Ron on 2015-10-13") == Words(verb, "add Ron on 2015-10-13")


@pytest.mark.parametrize(
    ("text", "verb", "subject"),
    [
        ("<@U0BOT> trace <https://x.com/a>", "trace", "https://x.com/a"),
        ("  <@U0BOT|dateline>: WHEREIS Ron", "whereis", "Ron"),
        ("<@W0BOT>, /status", "status", ""),
        ("\u200f<@U0BOT>\u200f \u200ehelp", "help", ""),
        ("trace this <@U0BOT>", "trace", "this <@U0BOT>"),
        ("<@U0BOT> <@U1>", "<@u1>", ""),
        ("<@U0BOT>", "", ""),
        ("", "", ""),
    ],
)
def test_a_mention_is_read_without_its_address(text: str, verb: str, subject: str) -> None:
    """The mention that the text begins with is no part of the question; the verb may stand in any case."""
    assert read_question(addressed(text)) == Words(verb, subject)


@given(REQUESTS)
def test_a_request_survives_its_row(asked: Request) -> None:
    """A request is read back from its JSON equal."""
    assert Request.read(json.loads(json.dumps(asked.written()))) == asked


def test_who_asks_in_public_sees_and_adds_what_is_public() -> None:
    """A question in a public channel sees what everybody may see, and what it archives is for everybody."""
    assert ASKED.viewer == Viewer("T1", frozenset({EVERYONE}))
    assert ASKED.audience == Audience("T1", EVERYONE, "T1/U1")


def test_what_is_asked_in_private_stays_in_its_channel() -> None:
    """It sees the channel's own posts too, and what it archives is for that channel alone."""
    asked = replace(ASKED, private=True)
    assert asked.viewer == Viewer("T1", frozenset({EVERYONE, "channel:C1"}))
    assert asked.audience == Audience("T1", "channel:C1", "T1/U1")


def test_what_is_asked_outside_of_any_channel_is_for_the_one_who_asks() -> None:
    """Two members who press a button in their Home share nothing by it."""
    one, other = (replace(ASKED, private=True, channel="", user=user) for user in ("U1", "U2"))
    assert one.audience.audience not in other.viewer.audiences
    assert one.audience.audience in one.viewer.audiences
    assert EVERYONE not in {one.audience.audience, other.audience.audience}


@given(REQUESTS.filter(lambda one: one.private), REQUESTS)
def test_nobody_elsewhere_sees_what_was_asked_in_private(private: Request, other: Request) -> None:
    """What a private question archives is seen from its own place only."""
    seen = private.audience.audience in other.viewer.audiences and private.audience.workspace == other.viewer.workspace
    here = (private.workspace, private.channel or private.user) == (other.workspace, other.channel or other.user)
    assert not seen or (other.private and here)
    assert private.audience.audience in private.viewer.audiences


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(["T1/U1", "T1/U2", "T2/U1"], 2)))
def test_a_turn_is_a_members_of_a_workspace(one: str, other: str) -> None:
    """Two members, and two workspaces' members of the same id, take turns with one another."""

    def requester(who: str) -> str:
        team, user = who.split("/")
        changes: dict[str, Any] = {"workspace": team, "user": user}
        return replace(ASKED, **changes).requester

    assert requester(one) != requester(other)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<@UBOT> trace https://x.com/a/status/1", "trace https://x.com/a/status/1"),
        ("Hey <@UBOT|desk>, whereis Soleimani", "whereis Soleimani"),
        ("<@UANN> look: <@UBOT> help", "help"),
        ("whereis Soleimani <@UBOT>", "whereis Soleimani "),
        ("<@UANN> help", "help"),
    ],
)
def test_what_is_said_to_us_is_found_anywhere_in_a_message(text: str, said: str) -> None:
    """A question stands after our mention, or before it where nothing follows; other people's mentions are not ours."""
    assert addressed(text, {"UBOT"}) == said


@pytest.mark.parametrize(
    ("text", "name", "others", "role"),
    [
        ("Ron", "Ron", [], ""),
        ('"Ron Ash"', "Ron Ash", [], ""),
        ("“Ron Ash” role „envoy“", "Ron Ash", [], "envoy"),
        ("Ron alias R. Ash, «Рон» role chief of the role desk", "Ron", ["R. Ash", "Рон"], "chief of the role desk"),
        ("Ron aliases A,B", "Ron", ["A", "B"], ""),
        ("Ron O'Role", "Ron O'Role", [], ""),
        ("'Ron' --alias 'R. Ash' --alias Ro --role \"an envoy\"", "Ron", ["R. Ash", "Ro"], "an envoy"),
        ("Ron --role envoy with an alias --alias=Ro", "Ron", ["Ro"], "envoy with an alias"),
        ("Ron —alias Ro –role envoy", "Ron", ["Ro"], "envoy"),
        ("Jean-Luc Marie--Noël", "Jean-Luc Marie--Noël", [], ""),
        ("Ron — the younger", "Ron — the younger", [], ""),
    ],
)
def test_a_person_is_read_with_other_names_and_role(text: str, name: str, others: list[str], role: str) -> None:
    """In words, and as on the command line, in any order; quotes are not part of a name."""
    assert read_person(text) == (name, others, role)


def test_an_option_that_nobody_knows_is_not_taken_for_a_name() -> None:
    """What would be watched under a name with hyphens in it is refused."""
    assert read_person("Ron --rule envoy") is None
