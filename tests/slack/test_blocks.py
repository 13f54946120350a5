"""Blocks and messages: whatever goes in, what comes out is within every limit."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack import blocks as b
from bot.slack.ids import Action, Question, Verb
from bot.workspace import rules
from tests.slack.limits import objects, problems

ANY = st.text(max_size=400)
LONG = st.sampled_from(
    ["", " ", "x" * 40_000, '"' * 40_000, "🙂" * 5_000, "قال " * 3_000, "<!channel> *b* `c`", "\n" * 5_000]
)
WORDS = st.one_of(ANY, LONG)
PICTURE = b.Picture("pair", "/evidence/pair.png", "Side by side", "Two pictures.")


@given(WORDS, WORDS, WORDS)
def test_every_builder_keeps_its_limits(one: str, two: str, three: str) -> None:
    """Each builder turns any words into blocks that the workspace takes."""
    made = [
        b.header(one),
        b.context(one, two, three),
        b.rich(b.heading(one), b.line(b.words(two), b.quoted(three)), b.quote(three, 2_000, 40), b.line(b.link(one))),
        b.image(b.Picture(one[:20], "/p.png", two, three)),
        *b.actions(
            b.button(one, Action.ASK, Question(Verb.WHEREIS, two), number=1),
            b.button("x", Action.SHARE, Question(Verb.TRACE, three)),
        ),
    ]
    kept = [block for block in made if block["type"] != "rich_text" or block["elements"]]
    assert problems(b.message(kept, [one, two, three])) == []


@given(st.lists(st.sampled_from(["header", "short", "long", "divider"]), max_size=300))
def test_pages_hold_all_blocks_in_order(kinds: list[str]) -> None:
    """No block is lost or moved, no page is over a limit, and no title ends a page that goes on."""
    make = {
        "header": b.header("Title"),
        "short": b.rich(b.line(b.words("x"))),
        "long": b.rich(b.line(b.words("y" * 2_900))),
        "divider": b.divider(),
    }
    given_ = [make[kind] for kind in kinds]
    pages = b.paginate(given_)
    assert [block for page in pages for block in page] == given_
    assert all(len(page) <= b.BLOCKS and sum(map(b.cost, page)) + 2 <= b.COST for page in pages)
    assert not any(len(page) > 1 and page[-1]["type"] == "header" for page in pages[:-1])


def test_the_cost_is_at_least_what_slack_counts() -> None:
    """The whole JSON is counted: more than the words that Slack shows, so that its hidden limit is never met."""
    page = b.paginate(b.rich(b.line(b.words("word " * 500))) for _ in range(30))[0]
    assert rules.characters(page) < sum(map(b.cost, page)) <= b.COST < rules.TOTAL


def test_neighbouring_paragraphs_have_a_line_break() -> None:
    """Slack runs paragraphs together, so each stands on a line of its own within one."""
    (section,) = b.rich(b.line(b.words("a")), b.line(b.words("b")))["elements"]
    assert "".join(element["text"] for element in section["elements"]) == "a\nb"


def test_what_is_from_outside_is_never_formatted() -> None:
    """Marks of formatting stand as typed, in an element that Slack does not parse."""
    block = b.rich(b.line(b.words("*bold* _it_ `code` <!channel>")))
    assert block["elements"][0]["elements"] == [{"type": "text", "text": "*bold* _it_ `code` <!channel>"}]


def test_a_link_shows_the_host_it_leads_to() -> None:
    """A look-alike host is shown in its ASCII form; what is no web address is no link."""
    assert b.link("https://раураl.com/x")["text"] == "xn--l-7sba6dbr.com"
    assert b.link("https://x.com/i/1") == {"type": "link", "url": "https://x.com/i/1", "text": "x.com"}
    for strange in (
        "javascript:alert(1)",
        "data:text/html,x",
        "",
        None,
        "https://",
        "http://[",
        "https://a.example/\u202ex",
    ):
        assert b.link(strange)["type"] == "text", strange
    assert b.link("https://a.example/" + "x" * 5_000)["type"] == "text"


def test_only_an_id_of_a_member_becomes_a_mention() -> None:
    """Anything else is words."""
    assert b.user("U0RANA") == {"type": "user", "user_id": "U0RANA"}
    for other in ("", "rana", "C0DESK", "U0> <!channel", "S0TEAM", "u0rana"):
        assert b.user(other)["type"] == "text", other


def test_a_button_that_cannot_carry_its_value_is_left_out() -> None:
    """Rather no button than one that Slack refuses."""
    assert b.button("x", Action.ASK, Question(Verb.CHECK, "x" * 3_000)) is None
    assert b.actions(None) == []


def test_a_picture_is_shown_once_it_is_uploaded() -> None:
    """The placeholder takes the file's id; without a file its sense is told in words; no placeholder is left."""
    message = b.message([b.header("x"), b.image(PICTURE)], ["x"], [PICTURE])
    shown = b.with_files(message, {"pair": "F123"})
    missing = b.with_files(message, {})
    assert shown.blocks[1]["slack_file"] == {"id": "F123"}
    assert missing.blocks[1]["elements"][0]["text"] == "Picture not shown. Two pictures."
    assert not shown.pictures
    assert not missing.pictures
    for done in (shown, missing):
        assert b.PENDING not in str(done.blocks)
        assert problems(done) == []


@given(st.integers(1, 60))
@example(40)
def test_missing_pictures_never_break_a_limit(number: int) -> None:
    """A page full of pictures still fits when none of them could be uploaded."""
    pictures = [b.Picture(f"p{n}", "/p.png", "t" * 300, '"' * 1_000) for n in range(number)]
    for message in b.messages(map(b.image, pictures), lambda part: [f"Part {part}"], pictures):
        assert problems(b.with_files(message, {})) == []


@given(st.lists(WORDS, max_size=40))
def test_a_fallback_is_whole_lines_within_its_limit(lines: list[str]) -> None:
    """It says that there is more where it had to stop."""
    text = b.fallback(lines)
    assert len(text) <= b.FALLBACK
    assert len(text.split("\n")) == len(lines) or text.endswith("more in the message.") or not lines


def test_a_message_that_is_too_long_says_so() -> None:
    """What one message cannot hold is left out with a line that says so."""
    message = b.message([b.rich(b.line(b.words("z" * 2_900))) for _ in range(10)], ["x"])
    assert problems(message) == []
    assert "left out here" in message.blocks[-1]["elements"][0]["text"]


def test_a_payload_is_neither_formatted_nor_unfurled() -> None:
    """Slack is told not to parse the fallback and not to fetch what is linked."""
    payload = b.message([b.header("x")], ["x"]).payload()
    assert {"mrkdwn": False, "unfurl_links": False, "unfurl_media": False}.items() <= payload.items()
    assert set(objects(payload["blocks"][0]).__next__()) == {"type", "text"}


def test_a_shared_card_offers_no_sharing() -> None:
    """In a channel the card has its thread under it: the buttons that bring both there are gone, the rest stay."""
    asked = Question(Verb.TRACE, "https://x.com/i/status/1")
    made = [b.button(str(action), action, asked) for action in (Action.SHARE, Action.SHOW_MORE, Action.TRACE)]
    card = b.Card(b.message([b.header("x"), *b.actions(*made)], ["x"]))
    assert [one["action_id"] for one in b.shared(card).first.blocks[1]["elements"]] == [Action.TRACE]
    alone = b.Card(b.message([b.header("x"), *b.actions(made[0])], ["x"]))
    assert [block["type"] for block in b.shared(alone).first.blocks] == ["header"]
