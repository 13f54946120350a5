"""Answers of X's API read into posts: the same as the keyless routes give, whatever is missing or new in them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import syndication
from bot.sources.base import Captured
from bot.sources.syndication import Answer
from bot.sources.x_api import Page, read_page, read_post
from bot.sources.x_refusals import verdict
from storage.records import PostStatus, TimeBasis
from tests.sources.xposts import POST_ID, QUOTED_ID, link, payload

ANSWER = Answer(
    b"{}", "application/json", "https://api.x.com/2/tweets/search/recent", datetime(2026, 11, 1, tzinfo=UTC)
)
OTHER = "1680000000000000003"


def answer(new: bool = False) -> dict[str, Any]:
    """The post of `xposts.payload` as the API gives it, under the old names of fields or the new ones."""
    posts, edits, note, referenced = (
        ("posts", "edit_history_post_ids", "note_post", "referenced_posts")
        if new
        else ("tweets", "edit_history_tweet_ids", "note_tweet", "referenced_tweets")
    )
    return {
        "data": [
            {
                "id": POST_ID,
                "created_at": "2023-09-08T04:13:19.000Z",
                "author_id": "1",
                "lang": "en",
                "text": "Bread &amp; salt…",
                note: {"text": payload()["text"]},
                edits: [POST_ID],
                referenced: [{"type": "quoted", "id": QUOTED_ID}, {"type": "replied_to", "id": "1680000000000000009"}],
                "attachments": {"media_keys": ["3_1", "13_2"]},
                "entities": {
                    "urls": [
                        {"expanded_url": f"https://x.com/otherdesk/status/{OTHER}/video/1", "media_key": "13_2"},
                        {"expanded_url": f"https://x.com/harbourdesk/status/{POST_ID}/photo/1", "media_key": "3_1"},
                    ]
                },
            }
        ],
        "includes": {
            "users": [
                {"id": "1", "name": "Harbour Desk", "username": "harbourdesk"},
                {"id": "2", "name": "Quai", "username": "quai"},
            ],
            posts: [
                {
                    "id": QUOTED_ID,
                    "created_at": "2023-08-11T13:56:37.000Z",
                    "author_id": "2",
                    "lang": "fr",
                    "text": "Le marché ouvre demain",
                    "attachments": {"media_keys": ["3_3"]},
                }
            ],
            "media": [
                {
                    "media_key": "3_1",
                    "type": "photo",
                    "url": "https://pbs.twimg.com/media/AAA.jpg",
                    "alt_text": "A stall with loaves",
                },
                {
                    "media_key": "13_2",
                    "type": "video",
                    "preview_image_url": "https://pbs.twimg.com/amplify_video_thumb/7/img/BBB.jpg",
                    "variants": [{"url": "https://video.twimg.com/x.mp4"}],
                },
                {"media_key": "3_3", "type": "photo", "url": "https://pbs.twimg.com/media/CCC.png"},
            ],
        },
        "errors": [
            {
                "value": "1680000000000000009",
                "title": "Forbidden",
                "detail": "User has been suspended: [asker].",
                "type": "https://api.twitter.com/2/problems/resource-not-found",
            }
        ],
        "meta": {"result_count": 1},
    }


def page_of(value: dict[str, Any]) -> Page:
    """The page that an answer is."""
    page = read_page(value)
    assert page is not None
    return page


def first(value: dict[str, Any]) -> Captured:
    """The first post of an answer."""
    page = page_of(value)
    post = read_post(page.found[0], page, ANSWER)
    assert post is not None
    return post


@pytest.mark.parametrize("new", [False, True])
def test_same_as_the_keyless_route(new: bool) -> None:
    """One post has the same id, address, author, time, words and pictures by the API as by the embed service."""
    by_api = first(answer(new))
    by_embed = syndication.read(payload(), link(), ANSWER)
    for one, other in ((by_api, by_embed), (by_api.quoted[0], by_embed.quoted[0])):
        assert (one.post_id, one.native_id, one.url, one.platform) == (
            *(other.post_id, other.native_id, other.url, other.platform),
        )
        assert (one.author, one.author_name, one.text, one.lang) == (
            *(other.author, other.author_name, other.text, other.lang),
        )
        assert (one.posted_at, one.posted_at_basis) == (other.posted_at, other.posted_at_basis)
        assert one.media == other.media
    assert by_api.posted_at_basis is TimeBasis.DECODED_ID


def test_referenced_posts() -> None:
    """A quoted post is a post of its own; one that cannot be seen is told with X's reason."""
    post = first(answer())
    assert [inner.post_id for inner in post.quoted] == [f"x:{QUOTED_ID}"]
    assert any(f"came along with x:{POST_ID}" in note for note in post.quoted[0].notes)
    told = " ".join(post.notes)
    assert f"The quoted post is https://x.com/i/status/{QUOTED_ID}." in told
    assert "The replied-to post cannot be seen. X says: “User has been suspended: [asker].”" in told
    assert f"x:{QUOTED_ID}" not in {one.post_id for one in post.quoted[0].quoted}


def test_refers_to_itself() -> None:
    """A post that is said to quote itself has no post inside it."""
    value = answer()
    value["data"][0]["referenced_tweets"] = [{"type": "quoted", "id": POST_ID}, {"type": "quoted", "id": "none"}, 5]
    assert first(value).quoted == ()
    assert not any("quoted" in note for note in first(value).notes)


def test_bytes() -> None:
    """A post's bytes are its part of the answer with its author and pictures, and the same for the same answer."""
    post = first(answer())
    value = json.loads(post.raw)
    assert value["data"] == answer()["data"][0]
    assert [user["id"] for user in value["includes"]["users"]] == ["1"]
    assert [media["media_key"] for media in value["includes"]["media"]] == ["3_1", "13_2"]
    assert post.raw == first(answer()).raw


def test_notes() -> None:
    """Edits, blocked countries, sensitive posts and pictures without an address are told."""
    value = answer()
    value["data"][0] |= {
        "edit_history_tweet_ids": ["1699999999999999999", POST_ID],
        "withheld": {"country_codes": ["DE", "FR"]},
        "possibly_sensitive": True,
        "attachments": {"media_keys": ["3_1", "3_9"]},
    }
    told = " ".join(first(value).notes)
    for words in ("x:1699999999999999999", "withholds the post in DE, FR", "sensitive", "does not name"):
        assert words in told


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("@harbourdesk's account is temporarily unavailable because it violates the Media Policy.", "unavailable"),
        ("@harbourdesk's account has been withheld in Germany.", "withheld"),
        ("This Post from @harbourdesk has been withheld in Germany.", "withheld"),
        ("@otherdesk's account is temporarily unavailable, it seems", "live"),
        ("Look: @harbourdesk's account is temporarily unavailable", "live"),
    ],
)
def test_words_of_x(words: str, status: str) -> None:
    """What X writes in the place of a post is its reason, never its author's words."""
    value = answer()
    del value["data"][0]["note_tweet"]
    value["data"][0]["text"] = words
    post = first(value)
    assert post.status == status
    assert post.text == (words if status == "live" else "")
    assert (words in post.status_reason) is (status != "live")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (
            {"title": "Forbidden", "detail": "User has been suspended: [1].", "type": "…/resource-not-found"},
            "suspended",
        ),
        ({"title": "Not Found Error", "detail": "Could not find tweet with id: [1]."}, "not-found"),
        ({"title": "Authorization Error", "detail": "Sorry, you are not authorized to see the Tweet."}, "protected"),
        ({"type": "https://api.x.com/2/problems/not-authorized-for-resource"}, "protected"),
        ({"title": "Something New"}, "unavailable"),
        ({"title": 5}, "unavailable"),
    ],
)
def test_verdicts(error: dict[str, Any], status: str) -> None:
    """Title and detail say why a post is missing, whatever the type says; an unknown reason is none."""
    found, reason = verdict(error)
    assert found is PostStatus(status)
    assert reason.startswith("X ")


def test_pages() -> None:
    """An answer without posts is a page when it counts them; one with neither is none."""
    assert page_of({"meta": {"result_count": 0}}).found == ()
    assert page_of({"data": {"id": POST_ID}}).found == ({"id": POST_ID},)
    for value in ({}, {"meta": 5}, {"errors": [{"title": "Not Found Error"}]}, {"title": "Too Many Requests"}):
        assert read_page(value) is None


JUNK: st.SearchStrategy[Any] = st.sampled_from(
    ["null", "true", "-1", '""', '"x"', '"1700"', "[]", "{}", '[5, {"id": "x"}]']
).map(json.loads)


def places(value: object) -> list[tuple[Any, Any]]:
    """Every place in a JSON value that something could stand in."""
    found: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        found += [(value, key) for key in value]
        found += [place for inner in value.values() for place in places(inner)]
    elif isinstance(value, list):
        found += [place for inner in value for place in places(inner)]
    return found


@given(st.data())
def test_any_shape(data: st.DataObject) -> None:
    """Whatever fields go, come or hold something else, what is still a post is read, and nothing breaks."""
    value = answer(data.draw(st.booleans()))
    for _ in range(data.draw(st.integers(1, 4))):
        holder, key = data.draw(st.sampled_from(places(value)))
        change = data.draw(st.sampled_from(["drop", "replace", "add"]))
        if change == "drop":
            holder.pop(key, None)
        else:
            holder[key if change == "replace" else data.draw(st.text(max_size=8))] = data.draw(JUNK)
    page = read_page(value)
    for item in page.found if page else ():
        post = read_post(item, page, ANSWER) if page else None
        assert post is None or post.post_id == f"x:{item['id']}"
        assert post is None or json.loads(post.raw)["data"] == item


@pytest.mark.parametrize(
    ("name", "posts", "billed", "pictures"),
    [
        ("search_recent_page_photo_gif_alttext.json", 100, 155, 8),
        ("search_all_with_errors_notfound_suspended_unauthorized.json", 25, 222, 0),
        ("search_recent_from_user_photos_videos.json", 100, 160, 23),
        ("lookup_photo_cashtags.json", 1, 1, 1),
        ("lookup_video_variants.json", 1, 1, 1),
        ("tweepy_search_recent_tweets.body.json", 10, 10, 0),
    ],
)
def test_recorded(shared: Path, name: str, posts: int, billed: int, pictures: int) -> None:
    """Recorded answers are read whole: each post with the time it states, its author, and its pictures."""
    value = json.loads((shared / "fixtures" / "x_api_v2" / name).read_bytes())
    page = page_of(value.get("body", value))
    read = [read_post(item, page, ANSWER) for item in page.found]
    assert len([post for post in read if post]) == posts
    assert len(set(page.billed)) == billed
    assert sum(len(post.media) for post in read if post) == pictures
    for item, post in zip(page.found, read, strict=True):
        assert post is not None
        if "created_at" in item:
            assert post.posted_at is not None
            assert abs((post.posted_at - datetime.fromisoformat(item["created_at"])).total_seconds()) < 1
            assert post.author == page.users[item["author_id"]]["username"]


def test_recorded_words_of_x(shared: Path) -> None:
    """In a recorded page X put its own words in the place of an account's posts: none is read as the author's."""
    value = json.loads((shared / "fixtures" / "x_api_v2" / "search_recent_from_user_photos_videos.json").read_bytes())
    page = page_of(value)
    read = [read_post(item, page, ANSWER) for item in page.found]
    hidden = [post for post in read if post and post.status is PostStatus.UNAVAILABLE]
    assert hidden
    assert all(post.text == "" and "temporarily unavailable" in post.status_reason for post in hidden)


@pytest.mark.parametrize("name", ["lookup_deleted_http200.json", "doc_429.json"])
def test_recorded_refusals(shared: Path, name: str) -> None:
    """Recorded answers that hold no posts are no pages."""
    assert read_page(json.loads((shared / "fixtures" / "x_api_v2" / name).read_bytes())) is None
