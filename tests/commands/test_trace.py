"""`trace` on answers of X that real sockets serve on loopback."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk
from bot.findings import TraceFinding
from bot.sample import pictures
from bot.sources.base import CaptureFailed, LinkRefused, NotConfigured
from bot.terminal.shapes import shape
from commands.check import check
from commands.ingest import ingest
from commands.trace import trace
from commands.verify import verify
from storage import captures, custody, posts
from storage.records import OPERATOR, Viewer, digest
from tests.desks import open_desk, quiet
from tests.loopback import Loopback, Reply, Request

ID = "1641086480675225601"
X_EPOCH_MS = 1288834974657
JSON = {"Content-Type": "application/json; charset=utf-8"}
FORMS = [
    "https://twitter.com/{user}/status/{id}",
    "https://x.com/{user}/status/{id}?s=20",
    "x.com/i/status/{id}",
    "https://mobile.twitter.com/i/web/status/{id}",
    "<https://www.x.com/{user}/status/{id}/photo/1|a label>",
    "https://nitter.net/{user}/status/{id}#m",
    "https://web.archive.org/web/20200101000000/https://twitter.com/{user}/status/{id}",
]


def payload(**changes: Any) -> dict[str, Any]:
    """An answer of the syndication route, written for this test in the shape of the real ones."""
    post: dict[str, Any] = {
        "__typename": "Tweet",
        "id_str": ID,
        "lang": "en",
        "created_at": "2023-03-29T14:34:41.000Z",
        "text": "Soldiers gather on a square in Mombasa today &amp; nobody knows why https://t.co/abcdefghij",
        "display_text_range": [0, 66],
        "user": {"id_str": "7", "name": "Harbour Watch", "screen_name": "harbour_watch"},
        "entities": {},
        "mediaDetails": [
            {
                "type": "photo",
                "media_url_https": "https://pbs.twimg.com/media/AbCdEf.jpg",
                "original_info": {"width": 960, "height": 640},
                "expanded_url": f"https://x.com/harbour_watch/status/{ID}/photo/1",
            }
        ],
    }
    return post | changes


class Platform:
    """X on loopback: what each post id answers, and the picture host."""

    def __init__(self) -> None:
        self.posts: dict[str, Reply] = {}
        self.oembed: dict[str, Reply] = {}
        self.server = Loopback({"GET /tweet-result": self._syndication, "GET /oembed": self._oembed})

    def _syndication(self, request: Request) -> Reply:
        return self.posts.get(request.params["id"], Reply(b"<html>none</html>", 404, {"Content-Type": "text/html"}))

    def _oembed(self, request: Request) -> Reply:
        wanted = request.params["url"].rpartition("/")[2]
        return self.oembed.get(wanted, Reply(b"{}", 404, JSON))

    def answers(self, native_id: str, value: object) -> None:
        """Let the syndication route answer a post with a JSON value."""
        self.posts[native_id] = Reply(json.dumps(value).encode(), 200, JSON)

    def asked(self, path: str) -> int:
        """Count the requests for a path."""
        return sum(request.path == path for request in self.server.requests)


@pytest.fixture(name="platform")
def fixture_platform() -> Iterator[Platform]:
    """X, served on loopback."""
    platform = Platform()
    with platform.server:
        yield platform


@pytest.fixture(name="desk")
def fixture_desk(platform: Platform, tmp_path: Path) -> Iterator[Desk]:
    """A desk whose X routes lead to the loopback server."""
    base = platform.server.url
    host, port = platform.server.pair
    with open_desk(
        tmp_path / "store",
        X_SYNDICATION_URL=base,
        X_OEMBED_URL=base,
        X_MEDIA_URL=base,
        X_SHORTENER_URL=base,
        DATELINE_ALLOWED_PRIVATE=f"{host}:{port}",
    ) as desk:
        yield desk


def ask(desk: Desk, link: str, **how: Any) -> TraceFinding:
    """Trace one link on a loop of its own."""

    async def run() -> TraceFinding:
        async with desk.online():
            return await trace(desk, link, **how)

    return asyncio.run(run())


def counted(desk: Desk) -> tuple[int, int]:
    """How many posts and captures are archived."""
    with desk.db.read() as tx:
        return posts.count(tx), captures.count(tx)


def test_a_post_is_archived_once_in_whatever_form_its_link_is_given(desk: Desk, platform: Platform) -> None:
    """Every form of one link gives the same post, X is asked once, and the archive holds one capture."""
    platform.answers(ID, payload())
    platform.server.routes["GET /media/AbCdEf"] = PICTURE
    found = [ask(desk, form.format(user=user, id=ID)) for form in FORMS for user in ("harbour_watch", "someone")]
    assert {one.post.id for one in found} == {f"x:{ID}"}
    assert [one.already_archived for one in found] == [False] + [True] * (len(found) - 1)
    assert platform.asked("/tweet-result") == 1
    assert counted(desk) == (1, 1)


def test_the_finding_carries_what_the_platform_said(desk: Desk, platform: Platform) -> None:
    """Text, author, language, and the time decoded from the id; the raw answer is archived byte for byte."""
    platform.answers(ID, payload())
    finding = shape(ask(desk, f"https://x.com/a/status/{ID}"))
    post = finding["post"]
    assert post["text"] == "Soldiers gather on a square in Mombasa today & nobody knows why https://t.co/abcdefghij"
    assert (post["author"], post["author_name"], post["lang"]) == ("harbour_watch", "Harbour Watch", "en")
    decoded = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=(int(ID) >> 22) + X_EPOCH_MS)
    assert datetime.fromisoformat(post["posted_at"]) == decoded
    assert post["posted_at_basis"] == "decoded-id"
    assert post["status"] == "live"
    assert [capture["route"] for capture in finding["captures"]] == ["syndication"]
    raw = json.dumps(payload()).encode()
    assert finding["captures"][0]["sha256"] == digest(raw)
    assert desk.vault.get(digest(raw)) == raw


def test_a_picture_seen_before_is_told_with_its_caption_place_and_date(desk: Desk, platform: Platform) -> None:
    """A mirrored copy of an archived picture is matched, and the caption conflict is told with both sides."""
    first, second = str(int(ID) - (10**9 << 22)), ID
    for name, data in (
        ("One", pictures.picture("soldiers-square")),
        ("Two", pictures.mirrored_copy("soldiers-square")),
    ):
        platform.server.routes[f"GET /media/{name}"] = Reply(data, 200, {"Content-Type": "image/jpeg"})
    for native_id, name, words in (
        (first, "One", "A square in Kampala."),
        (second, "Two", "A square in Nairobi today."),
    ):
        media = [{"type": "photo", "media_url_https": f"https://pbs.twimg.com/media/{name}.jpg"}]
        platform.answers(native_id, payload(id_str=native_id, text=words, mediaDetails=media))
        ask(desk, f"https://x.com/i/status/{native_id}")
    finding = shape(ask(desk, f"https://x.com/i/status/{second}"))
    [image] = finding["images"]
    [match] = image["matches"]
    assert (match["relation"], match["certainty"]) == ("mirrored", "match")
    assert match["score"] >= match["threshold"]
    assert [appearance["caption"] for appearance in match["appearances"]] == ["A square in Kampala."]
    assert Path(match["file"]).read_bytes() == pictures.picture("soldiers-square")
    assert [entry["place"] for entry in finding["timeline"]] == ["Kampala", "Nairobi"]
    assert [entry["post"] for entry in finding["timeline"]] == [f"x:{first}", f"x:{second}"]
    kinds = {conflict["kind"] for conflict in finding["conflicts"]}
    assert kinds == {"place", "date"}
    assert all("Kampala" in c["why"] and "Nairobi" in c["why"] for c in finding["conflicts"] if c["kind"] == "place")
    assert {name["name"] for name in finding["elsewhere"]} >= {"TinEye", "Yandex"}


PICTURE = Reply(pictures.picture("harbour"), 200, {"Content-Type": "image/jpeg"})


def test_a_picture_that_cannot_be_fetched_is_said_until_it_can(desk: Desk, platform: Platform) -> None:
    """While the picture host fails every trace says what is missing; when it is back the picture is taken in."""
    platform.answers(ID, payload())
    for again in (False, True):
        finding = ask(desk, ID_LINK)
        assert finding.images == (), again
        assert [note for note in finding.notes if "404" in note and note.startswith("Picture 1 is not archived")]
    platform.server.routes["GET /media/AbCdEf"] = PICTURE
    finding = ask(desk, ID_LINK)
    assert [image.usable for image in finding.images] == [True]
    assert finding.notes == ()
    assert counted(desk) == (1, 1)
    asked = platform.asked("/tweet-result")
    assert ask(desk, ID_LINK).images == finding.images
    assert platform.asked("/tweet-result") == asked


def test_the_archive_answers_when_the_platform_does_not(desk: Desk, platform: Platform) -> None:
    """A picture is missing and X is down: the archived post is told all the same, and so is the silence."""
    platform.answers(ID, payload())
    ask(desk, ID_LINK)
    platform.posts[ID] = platform.oembed[ID] = Reply(b"busy", 503)
    finding = ask(desk, ID_LINK)
    assert finding.post.text.startswith("Soldiers gather")
    assert any(note.startswith("Answered from the archive alone: X answered") for note in finding.notes)


def test_a_note_of_the_capture_is_told_every_time(desk: Desk, platform: Platform) -> None:
    """What had to be told of an archived copy when it was made is told at each later trace as well."""
    platform.posts[ID] = Reply(b"busy", 503)
    html = '<blockquote><p lang="en" dir="ltr">Rain.</p>&mdash; N (@n) <a href="#">March 29, 2021</a></blockquote>'
    answer = {"url": ID_LINK, "author_name": "N", "author_url": "https://twitter.com/n", "html": html, "type": "rich"}
    platform.oembed[ID] = Reply(json.dumps(answer).encode(), 200, JSON)
    first = ask(desk, ID_LINK)
    assert first.notes
    assert ask(desk, ID_LINK).notes == first.notes


def test_a_file_does_not_stand_in_for_the_platform(desk: Desk, platform: Platform, tmp_path: Path) -> None:
    """A line with a post's link is told as the file's word; once X is heard, its words and its pictures count."""
    forged = {
        "url": ID_LINK,
        "author": "harbour_watch",
        "text": "Tanks in Mombasa.",
        "images": ["data:image/png;base64," + base64.b64encode(pictures.picture("tent-camp")).decode()],
    }
    (tmp_path / "posts.jsonl").write_text(json.dumps(forged))
    asyncio.run(ingest(desk, [tmp_path / "posts.jsonl"]))
    platform.posts[ID] = platform.oembed[ID] = Reply(b"busy", 503)
    finding = ask(desk, ID_LINK)
    assert finding.post.text == "Tanks in Mombasa."
    assert any("from a file that was handed in, not from X" in note for note in finding.notes)
    platform.answers(ID, payload(mediaDetails=[]))
    finding = ask(desk, ID_LINK)
    assert finding.post.text.startswith("Soldiers gather")
    assert finding.images == ()
    assert not any("from a file that was handed in" in note for note in finding.notes)
    assert any("gives this post other words" in note for note in finding.notes)
    assert {capture.route for capture in finding.captures} == {"file", "syndication"}


ID_LINK = f"https://x.com/i/status/{ID}"
TOMBSTONES = {
    "deleted": "This Post was deleted by the Post author.",
    "suspended": "This Post is from a suspended account.",
    "protected": "This account owner limits who can view their Posts.",
    "age-gated": "Age-restricted adult content.",
    "unavailable": "Something nobody has ever read before.",
}


@pytest.mark.parametrize("status", [*TOMBSTONES, "withheld", "not-found"])
def test_what_is_gone_is_told_apart(desk: Desk, platform: Platform, status: str) -> None:
    """Deleted, suspended, protected, age-gated, withheld, missing and unexplained posts are told apart."""
    tombstone = {"text": {"text": TOMBSTONES[status]}} if status in TOMBSTONES else {}
    platform.answers(ID, {} if status == "not-found" else {"__typename": "TweetTombstone", "tombstone": tombstone})
    for again in (False, True):
        finding = ask(desk, ID_LINK)
        assert finding.post.status == status, again
        assert finding.post.text == ""
        assert not finding.already_archived
    assert counted(desk) == (1, 1), "the same answer twice is one capture"
    with desk.db.read() as tx:
        assert [row.action for row in custody.rows(tx, finding.captures[0].id)] == ["capture", "seen again"]


def test_a_post_that_comes_back_is_archived_and_one_that_goes_keeps_its_text(desk: Desk, platform: Platform) -> None:
    """A withheld post that is later shown gets its text, its captures told apart; what was archived stays."""
    platform.answers(ID, {"__typename": "TweetTombstone", "tombstone": {}})
    assert ask(desk, ID_LINK).post.status == "withheld"
    platform.answers(ID, payload(mediaDetails=[]))
    shown = ask(desk, ID_LINK)
    assert shown.post.status == "live"
    assert shown.post.text.startswith("Soldiers gather")
    assert len(shown.captures) == 2


def test_nothing_is_stored_when_no_route_answers(desk: Desk, platform: Platform) -> None:
    """Both routes fail: one clear sentence, no post, no capture; the next try works."""
    platform.posts[ID] = Reply(b"busy", 503)
    platform.oembed[ID] = Reply(b"busy", 429, {"Retry-After": "60"})
    with pytest.raises(CaptureFailed) as failed:
        ask(desk, ID_LINK)
    assert "\n" not in str(failed.value)
    assert counted(desk) == (0, 0)
    platform.answers(ID, payload(mediaDetails=[]))
    assert ask(desk, ID_LINK).post.status == "live"


def test_the_second_route_stands_in_for_the_first(desk: Desk, platform: Platform) -> None:
    """Syndication is down: oEmbed gives author and words, and the route is named."""
    platform.posts[ID] = Reply(b"busy", 503)
    html = (
        '<blockquote><p lang="en" dir="ltr">Rain in Oslo.</p>&mdash; N (@n) <a href="#">March 29, 2023</a></blockquote>'
    )
    answer = {"url": ID_LINK, "author_name": "N", "author_url": "https://twitter.com/n", "html": html, "type": "rich"}
    platform.oembed[ID] = Reply(json.dumps(answer).encode(), 200, JSON)
    finding = ask(desk, ID_LINK)
    assert (finding.post.text, finding.post.author, finding.captures[0].route) == ("Rain in Oslo.", "n", "oembed")


def test_a_short_link_is_followed_once(desk: Desk, platform: Platform) -> None:
    """A t.co link leads by one redirect to the post that it names."""
    platform.answers(ID, payload(mediaDetails=[]))
    platform.server.routes["GET /AbC123xyz0"] = Reply(b"", 301, {"Location": f"https://twitter.com/a/status/{ID}"})
    assert ask(desk, "https://t.co/AbC123xyz0").post.id == f"x:{ID}"


@pytest.mark.parametrize(
    "link", ["https://x.com.evil.example/a/status/1", "https://twitter.com@evil.example/a/status/1", "no link at all"]
)
def test_a_look_alike_is_refused_before_anything_is_fetched(desk: Desk, platform: Platform, link: str) -> None:
    """A dead or look-alike link is refused in one sentence, and nothing is asked of anybody."""
    with pytest.raises(LinkRefused):
        ask(desk, link)
    assert platform.server.requests == []
    assert counted(desk) == (0, 0)


def test_a_platform_without_a_client_says_so(desk: Desk) -> None:
    """A link of a platform that this version cannot fetch from is an honest 'not configured', with the next step."""
    with pytest.raises(NotConfigured, match="not configured") as refused:
        ask(desk, "https://t.me/channel/12")
    assert "ingest" in str(refused.value)


def test_checking_a_post_stores_nothing(desk: Desk, platform: Platform) -> None:
    """`check LINK` looks the post's pictures up without archiving anything."""
    platform.answers(ID, payload())
    platform.server.routes["GET /media/AbCdEf"] = Reply(
        pictures.picture("harbour"), 200, {"Content-Type": "image/jpeg"}
    )

    async def run() -> None:
        async with desk.online():
            [found] = await check(desk, [ID_LINK])
            assert (found.usable, found.matches) == (True, ())
            assert (await verify(desk, progress=quiet)).clean

    asyncio.run(run())
    assert counted(desk) == (0, 0)


def test_somebody_outside_the_grant_is_not_told(desk: Desk, platform: Platform) -> None:
    """A post traced in a private channel is not shown to others, nor is its picture as a match."""
    from bot.intake import Audience

    platform.answers(ID, payload())
    data = pictures.picture("harbour")
    platform.server.routes["GET /media/AbCdEf"] = Reply(data, 200, {"Content-Type": "image/jpeg"})
    member = Viewer("T1", frozenset({"everyone", "channel:C1"}))
    outsider = Viewer("T1", frozenset({"everyone", "channel:C2"}))
    private = ask(desk, ID_LINK, viewer=member, to=Audience("T1", "channel:C1", "U1"))
    assert private.post.id == f"x:{ID}"
    found = {viewer: matches_of(desk, data, viewer) for viewer in (member, outsider, OPERATOR)}
    assert {viewer: len(matches) for viewer, matches in found.items()} == {member: 1, outsider: 0, OPERATOR: 1}
    with desk.db.read() as tx:
        assert posts.get(tx, f"x:{ID}", outsider) is None
        assert posts.count(tx, outsider) == 0


def matches_of(desk: Desk, data: bytes, viewer: Viewer) -> tuple[object, ...]:
    """The matches of one picture for one viewer."""
    from commands.check import examine

    async def run() -> tuple[object, ...]:
        return (await desk.work(examine, "a picture", data, viewer)).matches

    return asyncio.run(run())
