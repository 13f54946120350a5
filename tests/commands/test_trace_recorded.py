"""`trace` on recorded answers of X, served through real sockets: every field that is told comes from the recording."""

from __future__ import annotations

import copy
import html
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk
from bot.sample import pictures
from bot.terminal.shapes import shape
from storage import captures, posts
from tests.commands.test_trace import FORMS, JSON, X_EPOCH_MS, Platform, ask
from tests.desks import open_desk
from tests.loopback import Reply

POSTS = ("photo_1641086480675225601", "quote_tweet_with_photo_1641895049427550208",
         "video_amplify_NASA_1491475671058681863", "animated_gif")  # fmt: skip
GONE = {
    "tombstone_deleted_by_author": "deleted",
    "tombstone_age_restricted": "age-gated",
    "tombstone_empty": "withheld",
    "empty_object_not_found": "not-found",
}


def recorded(shared: Path, name: str) -> Any:
    """One recorded answer of the syndication route."""
    return json.loads((shared / "fixtures" / "x_syndication" / f"{name}.json").read_text(encoding="utf-8"))


def decoded(native_id: str) -> datetime:
    """The time in an id, by the formula itself."""
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=(int(native_id) >> 22) + X_EPOCH_MS)


def told(payload: Any) -> dict[str, Any]:
    """What a careful person reads in a recorded answer: everything that `trace` asserts of it."""
    details = payload.get("mediaDetails", [])
    quoted = payload.get("quoted_tweet")
    return {
        "id": f"x:{payload['id_str']}",
        "text": html.unescape(payload["text"]),
        "author": payload["user"]["screen_name"],
        "author_name": payload["user"]["name"],
        "lang": payload["lang"],
        "posted_at": decoded(payload["id_str"]),
        "pictures": [detail["media_url_https"].rpartition("/")[2].partition(".")[0] for detail in details],
        "quoted": quoted and (f"x:{quoted['id_str']}", html.unescape(quoted["text"]), quoted["user"]["screen_name"]),
    }


def heard(desk: Desk, native_id: str) -> dict[str, Any]:
    """What `trace` says of a post, in the same terms."""
    finding = shape(ask(desk, f"https://x.com/i/status/{native_id}"))
    post = finding["post"]
    with desk.db.read() as tx:
        from storage import images
        from storage.records import OPERATOR

        addresses = [appearance.source_url or "" for appearance, _ in images.of_post(tx, post["id"])]
        others = [other for other in posts.newest(tx, OPERATOR, 10) if other.id != post["id"]]
    return {
        "id": post["id"],
        "text": post["text"],
        "author": post["author"],
        "author_name": post["author_name"],
        "lang": post["lang"],
        "posted_at": datetime.fromisoformat(post["posted_at"]),
        "pictures": [url.partition("?")[0].rpartition("/")[2].partition(".")[0] for url in addresses],
        "quoted": (others[0].id, others[0].text, others[0].author) if others else None,
    }


@pytest.fixture(name="platform")
def fixture_platform() -> Iterator[Platform]:
    """X on loopback, with some picture at every address of its picture host."""
    platform = Platform()
    platform.server.default = Reply(pictures.picture("harbour"), 200, {"Content-Type": "image/jpeg"})
    with platform.server:
        yield platform


def fresh_desk(platform: Platform, home: Path) -> Desk:
    """A desk with an empty store whose X routes lead to the loopback server."""
    base, (host, port) = platform.server.url, platform.server.pair
    return open_desk(
        home, X_SYNDICATION_URL=base, X_OEMBED_URL=base, X_MEDIA_URL=base, DATELINE_ALLOWED_PRIVATE=f"{host}:{port}"
    )


@pytest.mark.parametrize("name", POSTS)
def test_a_recorded_post_is_told_as_it_was_recorded(
    name: str, shared: Path, platform: Platform, tmp_path: Path
) -> None:
    """Text, author, language, time, pictures and quoted post are those of the recording; one capture, any link form."""
    payload = recorded(shared, name)
    native_id = payload["id_str"]
    platform.answers(native_id, payload)
    with fresh_desk(platform, tmp_path) as desk:
        assert heard(desk, native_id) == told(payload)
        for form in FORMS:
            assert ask(desk, form.format(user="anybody", id=native_id)).already_archived
        with desk.db.read() as tx:
            assert len(captures.of_post(tx, f"x:{native_id}")) == 1
    assert platform.asked("/tweet-result") == 1


MEDIA = "mediaDetails.0.media_url_https"
MUTATIONS: dict[str, Any] = {
    "text": "Other words entirely.",
    "lang": "fi",
    "user.screen_name": "somebody_else",
    "user.name": "Somebody Else",
    MEDIA: "https://pbs.twimg.com/media/Elsewhere.jpg",
    "quoted_tweet.text": "Quoted words changed.",
    "quoted_tweet.user.screen_name": "quoted_else",
    "quoted_tweet.id_str": "1641086480675225999",
}


CHANGED = [
    (name, path)
    for name in POSTS
    for path in MUTATIONS
    if path.startswith("quoted_tweet") == ("quote" in name) or not path.startswith(("quoted_tweet", "mediaDetails"))
]


@pytest.mark.parametrize(("name", "path"), CHANGED)
def test_a_changed_field_changes_the_answer(
    name: str, path: str, shared: Path, platform: Platform, tmp_path: Path
) -> None:
    """Each field that is asserted is really read: changed in the payload, the answer is no longer the recording's."""
    payload = recorded(shared, name)
    if path == MEDIA:  # a picture's address stands in more than one place of an answer
        old = payload["mediaDetails"][0]["media_url_https"]
        changed = json.loads(json.dumps(payload).replace(old, MUTATIONS[path]))
    else:
        changed = copy.deepcopy(payload)
    at: Any = changed
    *keys, last = (int(key) if key.isdigit() else key for key in path.split("."))
    for key in keys:
        at = at[key]
    at[last] = MUTATIONS[path]
    platform.answers(payload["id_str"], changed)
    with fresh_desk(platform, tmp_path) as desk:
        answer = heard(desk, payload["id_str"])
    assert answer == told(changed)
    assert answer != told(payload)


@pytest.mark.parametrize(("name", "status"), GONE.items())
def test_recorded_absences_are_told_apart(
    name: str, status: str, shared: Path, platform: Platform, tmp_path: Path
) -> None:
    """Deleted, age-gated, withheld and missing posts are told as what they are, and archived once."""
    platform.answers("1848831595014459513", recorded(shared, name))
    platform.oembed["1848831595014459513"] = Reply(b'{"error": "none"}', 404, JSON)
    with fresh_desk(platform, tmp_path) as desk:
        for form in FORMS[:3]:
            finding = ask(desk, form.format(user="anybody", id="1848831595014459513"))
            assert finding.post.status == status
        assert len(finding.captures) == 1


@pytest.mark.parametrize("name", ["docs_post_with_pic", "post_1679189879086018562", "post_2025"])
def test_a_recorded_oembed_answer_stands_in(name: str, shared: Path, platform: Platform, tmp_path: Path) -> None:
    """Where syndication is down, oEmbed tells author and words, and the time is that of the id."""
    body = (shared / "fixtures" / "x_oembed" / f"{name}.json").read_bytes()
    answer = json.loads(body)
    native_id = answer["url"].rpartition("/")[2]
    platform.posts[native_id] = Reply(b"down", 503)
    platform.oembed[native_id] = Reply(body, 200, JSON)
    with fresh_desk(platform, tmp_path) as desk:
        finding = ask(desk, answer["url"])
    assert (finding.post.author_name, finding.post.author) == (
        answer["author_name"],
        answer["author_url"].rpartition("/")[2],
    )
    assert finding.captures[0].route == "oembed"
    assert finding.post.posted_at is not None
    assert datetime.fromisoformat(finding.post.posted_at) == decoded(native_id)
    words = [word for word in finding.post.text.split() if word.isalpha()]
    assert len(words) > 5
    assert all(word in html.unescape(answer["html"]) for word in words)
