"""The data behind X's embeds, read into posts: recorded answers, written ones, and hostile ones."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.base import Captured, CaptureFailed
from bot.sources.dates import decode_time
from bot.sources.payload import read_object
from bot.sources.syndication import Answer, read, token
from storage.records import PostStatus, TimeBasis
from tests.sources.xposts import NOW, POST_ID, QUOTED_ID, link, payload


def parsed(value: dict[str, Any], native_id: str = POST_ID) -> Captured:
    """Read an answer to the question for one post."""
    raw = json.dumps(value).encode()
    return read(value, link(native_id), Answer(raw, "application/json", "http://127.0.0.1/tweet-result", NOW))


@pytest.mark.parametrize(
    ("native_id", "expected"),
    [
        ("20", "6dq1a2xwd93"),
        ("1641086480675225601", "3z7miaszni8"),
        ("1491475671058681863", "3m5lxayrch"),
        ("890659426796945408", "25q37hm2ghc"),
        ("1641895049427550208", "3za5ye2w3ov"),
        ("1848831595014459513", "4hc9xdp8g2s"),
    ],
)
def test_token(native_id: str, expected: str) -> None:
    """Tokens are those that JavaScript makes (vectors measured with node)."""
    assert token(native_id) == expected


@given(st.integers(1, 2**64 - 1))
def test_token_alphabet(native_id: int) -> None:
    """A token never holds a zero or a dot."""
    assert set(token(str(native_id))) <= set("123456789abcdefghijklmnopqrstuvwxyz")


def test_written_post() -> None:
    """Every field that is carried over comes from its place in the answer."""
    post = parsed(payload())
    assert post.post_id == f"x:{POST_ID}"
    assert post.url == f"https://x.com/i/status/{POST_ID}"
    assert (post.author, post.author_name, post.lang) == ("harbourdesk", "Harbour Desk", "en")
    assert post.text == "Bread & salt at the market, he said <twice> &amp; left https://t.co/abcdefghij"
    assert (post.posted_at, post.posted_at_basis) == (decode_time(int(POST_ID)), TimeBasis.DECODED_ID)
    assert post.status is PostStatus.LIVE
    assert (post.captured_at, post.route) == (NOW, "syndication")
    photo, still = post.media
    assert (photo.url, photo.kind, photo.caption) == (
        "https://pbs.twimg.com/media/AAA.jpg",
        "photo",
        "A stall with loaves",
    )
    assert photo.credit_url is None
    assert (still.kind, still.credit_url) == ("video-poster", "https://x.com/i/status/1680000000000000003")
    quoted, parent = post.quoted
    assert (quoted.post_id, quoted.text, quoted.lang) == (f"x:{QUOTED_ID}", "Le marché ouvre demain", "fr")
    assert (quoted.author, quoted.media[0].url) == ("quai", "https://pbs.twimg.com/media/CCC.png")
    assert json.loads(quoted.raw) == payload()["quoted_tweet"]
    assert (parent.text, parent.author) == ("Who saw him?", "asker")


def set_at(*path: str | int, to: object) -> Callable[[dict[str, Any]], None]:
    """Make a change of one field, named by its path."""

    def change(value: dict[str, Any]) -> None:
        place: Any = value
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


MUTATIONS: list[tuple[Callable[[dict[str, Any]], None], Callable[[Captured], object]]] = [
    (set_at("text", to="Other words"), lambda post: post.text),
    (set_at("lang", to="de"), lambda post: post.lang),
    (set_at("lang", to="zxx"), lambda post: post.lang),
    (set_at("user", "screen_name", to="somebody"), lambda post: post.author),
    (set_at("user", "name", to="Some Body"), lambda post: post.author_name),
    (set_at("created_at", to="2020-01-01T00:00:00.000Z"), lambda post: post.notes),
    (set_at("note_tweet", to={"id": "x"}), lambda post: post.notes),
    (set_at("isEdited", to=True), lambda post: post.notes),
    (set_at("isStaleEdit", to=True), lambda post: post.notes),
    (set_at("possibly_sensitive", to=True), lambda post: post.notes),
    (set_at("edit_control", "edit_tweet_ids", to=["1699999999999999999", POST_ID]), lambda post: post.notes),
    (set_at("mediaDetails", 0, "media_url_https", to="https://pbs.twimg.com/media/Z.jpg"), lambda post: post.media),
    (set_at("mediaDetails", 0, "type", to="animated_gif"), lambda post: post.media[0].kind),
    (set_at("mediaDetails", 0, "ext_alt_text", to="Else"), lambda post: post.media[0].caption),
    (set_at("mediaDetails", 0, "expanded_url", to="https://x.com/a/status/5/photo/1"), lambda post: post.media[0]),
    (set_at("mediaDetails", to=[]), lambda post: post.media),
    (set_at("photos", to=[{"url": "https://pbs.twimg.com/media/N.jpg"}]), lambda post: len(post.media)),
    (set_at("video", to={"poster": "https://pbs.twimg.com/media/P.jpg"}), lambda post: len(post.media)),
    (set_at("quoted_tweet", "text", to="Autre"), lambda post: post.quoted[0].text),
    (set_at("quoted_tweet", "lang", to="it"), lambda post: post.quoted[0].lang),
    (set_at("quoted_tweet", "id_str", to="1650000000000000099"), lambda post: post.quoted[0].posted_at),
    (set_at("quoted_tweet", "user", "screen_name", to="b"), lambda post: post.quoted[0].author),
    (set_at("quoted_tweet", "photos", 0, "url", to="https://pbs.twimg.com/b.png"), lambda post: post.quoted[0].media),
    (set_at("quoted_tweet", "favorite_count", to=3), lambda post: post.quoted[0].raw),
    (set_at("quoted_tweet", to={"tombstone": {}}), lambda post: len(post.quoted)),
    (set_at("parent", "text", to="Where?"), lambda post: post.quoted[1].text),
    (set_at("parent", "id_str", to="1680000000000000010"), lambda post: post.quoted[1].post_id),
]


@pytest.mark.parametrize("number", range(len(MUTATIONS)))
def test_every_field_matters(number: int) -> None:
    """Changing one used field of an answer changes what is read from it."""
    change, look = MUTATIONS[number]
    changed = payload()
    change(changed)
    assert look(parsed(changed)) != look(parsed(payload()))


def test_stated_time() -> None:
    """Where the number encodes no time, the stated one is taken, with that basis."""
    post = parsed(payload() | {"id_str": "20", "created_at": "2006-03-21T20:50:14.000Z"}, "20")
    assert post.posted_at == datetime(2006, 3, 21, 20, 50, 14, tzinfo=UTC)
    assert post.posted_at_basis is TimeBasis.STATED


def test_edit_answers_for_its_post() -> None:
    """An edit may answer for the number that was asked, under its own number; any other post may not."""
    newer = payload() | {"id_str": "1700000000000000777"}
    with pytest.raises(CaptureFailed, match="another post"):
        parsed(newer)
    newer["edit_control"] = {"edit_tweet_ids": [POST_ID, "1700000000000000777"]}
    post = parsed(newer)
    assert post.post_id == "x:1700000000000000777"
    assert any(f"x:{POST_ID}" in note for note in post.notes)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("This Post was deleted by the Post author. Learn more", PostStatus.DELETED),
        ("This Tweet was deleted by the Tweet author. Learn more", PostStatus.DELETED),
        ("This Post is from a suspended account. Learn more", PostStatus.SUSPENDED),
        ("You’re unable to view this Post because this account owner limits who can view it.", PostStatus.PROTECTED),
        ("Age-restricted adult content. This content might not be appropriate", PostStatus.AGE_GATED),
        ("This Post from @someone has been withheld in Freedonia", PostStatus.WITHHELD),
        ("This Post is from an account that no longer exists. Learn more", PostStatus.UNAVAILABLE),
        ("This Post violated the X Rules. Learn more", PostStatus.UNAVAILABLE),
    ],
)
def test_tombstones(words: str, status: PostStatus) -> None:
    """A tombstone's words decide the verdict and are quoted; unknown words are never taken for a deletion."""
    post = parsed({"__typename": "TweetTombstone", "tombstone": {"text": {"text": words, "entities": []}}})
    assert post.status is status
    assert words.removesuffix(" Learn more") in post.status_reason
    assert (post.text, post.posted_at) == ("", decode_time(int(POST_ID)))


def test_tombstones_without_words() -> None:
    """An empty tombstone is a withheld post, a missing one is unavailable, an empty object is not found."""
    assert parsed({"__typename": "TweetTombstone", "tombstone": {}}).status is PostStatus.WITHHELD
    assert parsed({"__typename": "TweetTombstone"}).status is PostStatus.UNAVAILABLE
    assert parsed({"__typename": "TweetTombstone", "tombstone": []}).status is PostStatus.UNAVAILABLE
    assert parsed({}).status is PostStatus.NOT_FOUND


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)
PLACES = [
    *([name] for name in payload()),
    *(["mediaDetails", 0, name] for name in payload()["mediaDetails"][0]),
    *(["user", name] for name in payload()["user"]),
    *(["quoted_tweet", name] for name in payload()["quoted_tweet"]),
    ["edit_control", "edit_tweet_ids"],
    ["photos"],
    ["video"],
    ["note_tweet"],
    ["tombstone"],
]


@given(st.sampled_from(PLACES), JSON)
def test_hostile_fields(place: list[str | int], value: object) -> None:
    """Whatever stands in a field, the answer is read or refused, and what is read can be archived."""
    changed = payload()
    set_at(*place, to=value)(changed)
    try:
        post = parsed(changed)
    except CaptureFailed:
        return
    for part in (post.text, post.author or "", post.author_name or "", *post.notes, post.status_reason):
        part.encode()


@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    """Any bytes are one JSON object, or None."""
    assert read_object(data) is None or isinstance(read_object(data), dict)


def test_deep_nesting() -> None:
    """JSON nested beyond reason is no object; quotes within quotes are followed a little way and then noted."""
    assert read_object(b'{"a":' * 100_000) is None
    value = payload()
    for number in range(50):
        value = payload() | {"id_str": str(1600000000000000000 + number), "quoted_tweet": value}
    post = parsed(value, value["id_str"])
    assert post.quoted[0].quoted[0].quoted == ()


def test_half_characters() -> None:
    """Half of a character cannot be archived and becomes the replacement character; all else stays as it came."""
    assert (
        parsed(payload() | {"text": "a\ud83d b\u202e\u0000 &copy=1 &#39;x&#39;"}).text
        == "a\ufffd b\u202e\u0000 &copy=1 'x'"
    )


RECORDED = [
    "animated_gif.json",
    "photo_1641086480675225601.json",
    "quote_tweet_with_photo_1641895049427550208.json",
    "video_amplify_NASA_1491475671058681863.json",
]


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_posts(shared: Path, name: str) -> None:
    """Every field carried over from a recorded answer is the recorded one."""
    raw = (shared / "fixtures" / "x_syndication" / name).read_bytes()
    recorded = json.loads(raw)
    post = read(recorded, link(recorded["id_str"]), Answer(raw, "application/json", "http://127.0.0.1/", NOW))
    check_recorded(post, recorded)
    assert post.raw == raw
    quoted = recorded.get("quoted_tweet")
    assert len(post.quoted) == (1 if quoted else 0)
    for inner in post.quoted:
        check_recorded(inner, quoted)
        assert json.loads(inner.raw) == quoted


def check_recorded(post: Captured, recorded: dict[str, Any]) -> None:
    """Compare a post with the recorded object it was read from."""
    assert post.native_id == recorded["id_str"]
    assert post.text == html.unescape(recorded["text"])
    assert post.author == recorded["user"]["screen_name"]
    assert post.author_name == recorded["user"]["name"]
    assert post.lang == recorded["lang"]
    assert post.posted_at is not None
    stated = datetime.fromisoformat(recorded["created_at"])
    assert post.posted_at.replace(microsecond=0) == stated
    assert post.posted_at_basis is TimeBasis.DECODED_ID
    details = recorded.get("mediaDetails", [])
    assert [item.url for item in post.media] == [detail["media_url_https"] for detail in details]
    kinds = {"photo": "photo", "video": "video-poster", "animated_gif": "video-poster"}
    assert [item.kind for item in post.media] == [kinds[detail["type"]] for detail in details]
    assert all(item.credit_url is None for item in post.media)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("tombstone_deleted_by_author.json", PostStatus.DELETED),
        ("tombstone_age_restricted.json", PostStatus.AGE_GATED),
        ("tombstone_empty.json", PostStatus.WITHHELD),
        ("empty_object_not_found.json", PostStatus.NOT_FOUND),
    ],
)
def test_recorded_verdicts(shared: Path, name: str, status: PostStatus) -> None:
    """Recorded answers for posts that cannot be seen are told apart."""
    recorded = json.loads((shared / "fixtures" / "x_syndication" / name).read_bytes())
    assert parsed(recorded).status is status
