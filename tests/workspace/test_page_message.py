"""Messages on the page: who, when, what, and what is left of what is gone."""

from __future__ import annotations

import re

import pytest

from bot.workspace.page_message import avatar, message_html, messages_html
from bot.workspace.page_scene import Reads, people, places, scene_of
from bot.workspace.page_view import NEWEST, Look, page_html, parts_of
from bot.workspace.state import Workspace
from bot.workspace.values import Channel, File, Message, User
from tests.workspace.page_bot import MANIFEST, png
from tests.workspace.test_render import Page

START = 1_700_000_000.0


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        """Unix seconds."""
        return self.now


class Desk:
    """A workspace of one person, one channel and the bot, with a clock of its own."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.workspace = Workspace(MANIFEST, clock=self.clock)
        self.ana = self.workspace.add_user("ana", "Ana Reyes", "Reporter", tz="Europe/Berlin")
        self.place: Channel = self.workspace.add_channel("desk", members=[self.ana.id, self.workspace.bot.id])

    def say(self, text: str = "", user: User | None = None, **fields: object) -> Message:
        """Write a message."""
        return self.workspace.post(self.place.id, (user or self.ana).id, text, **fields)

    def shown(self, message: Message) -> str:
        """A message's HTML."""
        return message_html(message, self.workspace, scene_of(self.workspace, self.ana), self.ana.id)

    def rows(self) -> list[str]:
        """All rows of the channel."""
        messages = self.workspace.visible(self.place.id, self.ana.id)
        return [
            row for _, row in messages_html(messages, self.workspace, scene_of(self.workspace, self.ana), self.ana.id)
        ]

    def with_file(self, kind: str, content: bytes | None, **fields: str | bool) -> Message:
        """A message with a file of that type."""
        file = File("F1", "a <b>.png", "", self.ana.id, 9, kind, content=content, **fields)  # type: ignore[arg-type]
        self.workspace.files[file.id] = file
        return self.say(files=("F1",))


@pytest.fixture(name="desk")
def fixture_desk() -> Desk:
    """A fresh desk."""
    return Desk()


def test_a_message_says_who_wrote_it_and_when_on_the_readers_clock(desk: Desk) -> None:
    """Name, role and the reader's local time stand over the text."""
    shown = desk.shown(desk.say("hello"))
    assert '<span class="author">Ana Reyes</span>' in shown
    assert '<span class="quiet role">Reporter</span>' in shown
    assert ">23:13</time>" in shown
    assert 'datetime="2023-11-14T23:13:20+01:00"' in shown


def test_an_app_has_its_badge_and_a_stranger_their_id(desk: Desk) -> None:
    """The bot is marked as an app; a message of somebody unknown is still shown."""
    assert '<span class="badge">APP</span>' in desk.shown(desk.say("x", desk.workspace.bot))
    assert '<span class="author">U404</span>' in desk.shown(desk.workspace.post(desk.place.id, "U404", "x"))


def test_messages_of_one_person_stand_together_and_days_apart(desk: Desk) -> None:
    """Within five minutes the name is not repeated; a later one has it again; a new day has its line."""
    desk.say("one")
    desk.clock.now += 60
    desk.say("two")
    desk.clock.now += 600
    desk.say("three")
    desk.clock.now += 86_400
    desk.say("four")
    rows = desk.rows()
    assert ["heading-line" in row for row in rows] == [True, False, True, True]
    assert ['class="day"' in row for row in rows] == [True, False, False, True]
    assert ">Today<" in rows[3]
    assert ">Yesterday<" in rows[0]


@pytest.mark.parametrize(
    ("kind", "content", "deleted", "words"),
    [
        ("image/png", png(), False, '<img src="/page/file/F1" alt="a &lt;b&gt;.png"'),
        ("image/svg+xml", b"<svg/>", False, 'download="a &lt;b&gt;.png"'),
        ("application/pdf", b"%PDF", False, 'href="/page/file/F1"'),
        ("image/png", None, False, "This file was deleted."),
        ("image/png", png(), True, "This file was deleted."),
    ],
)
def test_files_are_shown_offered_or_said_to_be_gone(
    desk: Desk, kind: str, content: bytes | None, deleted: bool, words: str
) -> None:
    """Harmless picture types are shown, all else is a download, and what is gone leaves a sentence."""
    shown = desk.shown(desk.with_file(kind, content, deleted=deleted))
    assert words in shown
    assert ("<img" in shown) is ("<img" in words)


def test_a_private_address_of_a_picture_leads_to_the_pages_own(desk: Desk) -> None:
    """An image block that names the file's private address shows the page's copy, never a call to elsewhere."""
    message = desk.with_file("image/png", png())
    file = desk.workspace.files["F1"]
    address = file.to_json("http://127.0.0.1:9", desk.workspace.team)["url_private"]
    image = {"type": "image", "image_url": address, "alt_text": "x"}
    assert 'src="/page/file/F1"' in desk.shown(desk.workspace.update(message.ts, blocks=[image]))


def test_what_was_deleted_leaves_a_trace_only_over_replies(desk: Desk) -> None:
    """A root with replies becomes a tombstone without tools; the replies stay reachable."""
    root = desk.say("gone soon")
    desk.say("reply", thread_ts=root.ts)
    desk.workspace.delete(root.ts)
    shown = desk.shown(desk.workspace.messages[root.ts])
    assert "This message was deleted." in shown
    assert "gone soon" not in shown
    assert "1 reply" in shown
    assert "Check this message" not in shown


def test_previews_reactions_and_old_style_attachments_are_shown(desk: Desk) -> None:
    """Attachments with blocks or fields, a link's preview and reactions all stand under the text."""
    attachments = [
        {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "In blocks"}}]},
        {
            "pretext": "*before*",
            "title": "Title",
            "title_link": "javascript:alert(1)",
            "text": "_after_",
            "footer": "end",
        },
        {"fallback": "only this"},
    ]
    unfurls = {"https://x.com/a": {"title": "Preview", "title_link": "https://x.com/a", "text": "what it says"}}
    shown = desk.shown(
        desk.say("x", attachments=attachments, unfurls=unfurls, reactions={"eyes": ("U1", "U2"), "gone": ()})
    )
    for part in ("In blocks", "<strong>before</strong>", "<em>after</em>", "only this", "what it says", "👀 2"):
        assert part in shown
    assert 'href="javascript' not in shown
    assert ":gone:" not in shown
    Page(re.sub("</?(article|time)[^>]*>", "", shown))


def test_an_ephemeral_message_is_marked_and_has_no_menu(desk: Desk) -> None:
    """What only one person sees says so, and offers no thread or shortcut."""
    shown = desk.shown(desk.say("psst", desk.workspace.bot, ephemeral_to=desk.ana.id))
    assert "Only visible to you" in shown
    assert 'class="tools"' not in shown


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Ana Reyes", "AR"), ("Dateline", "D"), ("a b c", "AC"), ("<>", "?"), ("", "?"), ("李 明", "李明")],
)
def test_an_avatar_is_drawn_from_the_name(name: str, initials: str) -> None:
    """First and last word give the letters; a name without any gives a question mark."""
    assert f">{initials}</span>" in avatar(User("U1", "x", name))


def test_only_the_newest_messages_are_drawn(desk: Desk) -> None:
    """A long channel shows its newest messages and says how many older ones it does not."""
    for number in range(NEWEST + 3):
        desk.say(f"line {number}")
    rows = parts_of(desk.workspace, Look(desk.ana, desk.place), Reads())["messages"]
    assert isinstance(rows, list)
    assert len(rows) == NEWEST + 1
    assert "3 older messages are not shown." in rows[0][1]
    assert f"line {NEWEST + 2}<" in rows[-1][1]


def test_the_whole_page_is_one_document(desk: Desk) -> None:
    """The page names its language, its title and its person, and holds the rows that it was given."""
    desk.say("hello")
    look = Look(desk.ana, desk.place)
    page = page_html(desk.workspace, look, parts_of(desk.workspace, look, Reads()))
    assert page.startswith("<!doctype html><html lang=")
    assert "<title>#desk – Newsroom</title>" in page
    assert f'data-user="{desk.ana.id}"' in page
    assert "hello" in page


def test_people_and_places_are_those_one_may_be_and_see(desk: Desk) -> None:
    """Bots are nobody to act as; private channels are seen by members only; the bot's conversation is there."""
    secret = desk.workspace.add_channel("secret", "private", [desk.workspace.bot.id])
    gone = desk.workspace.add_channel("old", members=[desk.ana.id])
    gone.archived = True
    assert [desk.ana] == people(desk.workspace)
    seen = places(desk.workspace, desk.ana.id)
    assert secret not in seen
    assert [channel.kind for channel in seen] == ["public", "public", "dm"]
    shown = parts_of(desk.workspace, Look(desk.ana, desk.place), Reads())["sidebar"]
    assert "archived" in str(shown)


def test_reading_counts_only_what_others_wrote_later() -> None:
    """Own messages and those seen before are not unread."""
    reads = Reads()
    first, second, own = Message("C1", "1.0", "U2"), Message("C1", "2.0", "U2"), Message("C1", "3.0", "U1")
    assert reads.unread("U1", "C1", [first, second, own]) == 2
    reads.note("U1", "C1", [first])
    assert reads.unread("U1", "C1", [first, second, own]) == 1
    reads.note("U1", "C1", [])
    assert reads.unread("U1", "C1", [first, second, own]) == 1
