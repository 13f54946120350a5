"""The demo's posts: labelled, dated by their numbers, written afresh, and fit for the tour."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.sample import pictures
from bot.sample.posts import (
    ARTICLE_LABEL,
    CHECK_PICTURE,
    POST_LABEL,
    SCREENSHOT_LINK,
    TRACE_LINK,
    WHEREIS_NAME,
    archive,
    people,
    picture_to_check,
    posts,
    unfolding,
)
from bot.sources.links import normalise
from storage.records import TimeBasis, digest

X_POSTS = [post for post in posts() if post.platform == "x"]
ARTICLES = [post for post in posts() if post.platform == "web"]


def word_runs(text: str, length: int = 6) -> set[tuple[str, ...]]:
    """Every run of that many words, without case and punctuation."""
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def test_the_demo_has_posts_and_articles() -> None:
    """There are X posts and a few articles of several paragraphs, each with its own id."""
    assert 14 <= len(posts()) <= 24
    assert len(posts()) == len({post.post_id for post in posts()})
    assert len(ARTICLES) >= 2
    for article in ARTICLES:
        assert 5 <= len(article.text.split("\n\n")) <= 10


def test_posts_come_in_order_of_time_and_are_captured_after_it() -> None:
    """Of the archive and of what unfolds, intake sees the oldest first; nothing is captured before it was posted."""
    for part in (archive(), unfolding()):
        times = [post.posted_at for post in part if post.posted_at is not None]
        assert len(part) == len(times)
        assert sorted(times) == times
        for post, moment in zip(part, times, strict=True):
            assert moment.utcoffset() == timedelta(0)
            assert post.captured_at > moment


def test_every_post_is_labelled_as_sample() -> None:
    """Text, names, raw bytes, route and picture addresses all say that it is sample material."""
    for post in posts():
        assert post.route == "sample"
        assert post.text.endswith(POST_LABEL if post.platform == "x" else ARTICLE_LABEL)
        assert "(sample)" in str(post.author_name)
        assert b"ample" in post.raw
        for picture in post.media:
            assert str(picture.url).startswith("https://sample.example/")
    for post in X_POSTS:
        assert str(post.author).startswith("sample_")
        assert json.loads(post.raw)["sample"] is True
        assert json.loads(post.raw)["text"] == post.text
    for post in ARTICLES:
        assert "(sample)" in str(post.publisher)
        assert str(post.url).startswith("https://sample.example/")
        assert post.raw.decode() == post.text


def test_no_handle_can_belong_to_anybody() -> None:
    """X allows 15 characters; every sample handle is longer."""
    for post in X_POSTS:
        assert len(str(post.author)) > 15


def test_numbers_of_x_posts_decode_to_their_times() -> None:
    """Each number holds the millisecond at which the post says it was posted."""
    for post in X_POSTS:
        milliseconds = (int(str(post.native_id)) >> 22) + 1288834974657
        decoded = datetime.fromtimestamp(milliseconds / 1000, UTC)
        assert post.posted_at == decoded
        assert post.posted_at_basis is TimeBasis.DECODED_ID
        assert len(post.text) <= 280


def test_links_are_canonical() -> None:
    """Every post has the id and the address that its link is normalised to."""
    for post in posts():
        link = normalise(str(post.url))
        assert (link.post_id, link.url, link.platform) == (post.post_id, post.url, post.platform)


def test_texts_share_no_wording_with_the_founding_article(shared: Path) -> None:
    """No six words running are those of the article that the project began with."""
    article = word_runs((shared / "seed" / "article.txt").read_text(encoding="utf-8"))

    for post in posts():
        assert set() == word_runs(post.text) & article


def test_the_traced_post_reuses_an_older_picture_mirrored() -> None:
    """The tour's link is a post of October 2015 with the mirrored copy of a picture posted in 2013 of another place."""
    traced = next(post for post in posts() if post.url == TRACE_LINK)
    first = unfolding()[0]

    assert traced.posted_at is not None
    assert (traced.posted_at.year, traced.posted_at.month) == (2015, 10)
    assert [pictures.mirrored_copy("soldiers-square")] == [picture.data for picture in traced.media]
    assert first.posted_at is not None
    assert first.posted_at.year == 2013
    assert [pictures.picture("soldiers-square")] == [picture.data for picture in first.media]
    assert "Homs" in first.text
    assert "Latakia" in traced.text


def test_the_screenshot_comes_after_the_picture_in_it_and_names_another_place() -> None:
    """Its post is younger than that of the picture, names another city, and its picture is in no other post."""
    traced = next(post for post in posts() if post.url == SCREENSHOT_LINK)
    first = next(post for post in posts() if pictures.picture("crowd-flags") in [one.data for one in post.media])

    assert first.posted_at is not None
    assert traced.posted_at is not None
    assert first.posted_at < traced.posted_at
    assert "Cúcuta" in first.text
    assert "Cúcuta" not in traced.text
    assert "Maracaibo" in traced.text
    assert len([post for post in posts() if traced.media[0].data in [one.data for one in post.media]]) == 1


def test_some_pictures_are_shared_and_some_are_not() -> None:
    """Identical files appear in more than one post, and other files in one only."""
    uses = Counter(digest(picture.data) for post in posts() for picture in post.media if picture.data)

    assert {1, 2} <= set(uses.values())


def test_the_checked_picture_is_in_no_post() -> None:
    """The tour's picture to check is a copy of a stored one, not one of the stored files."""
    stored = {digest(picture.data) for post in posts() for picture in post.media if picture.data}

    assert digest(picture_to_check()) not in stored
    assert digest(pictures.picture(CHECK_PICTURE)) in stored


def test_people_are_named_once_and_the_tour_asks_for_one_of_them() -> None:
    """No spelling belongs to two people, and the name of the tour is on the list."""
    spellings = [spelling for person in people() for spelling in (person.name, *person.aliases)]

    assert len(spellings) == len(set(spellings))
    assert WHEREIS_NAME in spellings
    assert all(person.role for person in people())


def test_each_person_is_spoken_of() -> None:
    """Every person of the watch-list stands in at least one text."""
    for person in people():
        assert any(name in post.text for post in posts() for name in (person.name, *person.aliases))
