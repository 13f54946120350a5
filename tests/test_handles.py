"""Accounts written as people write them."""

from __future__ import annotations

import pytest

from bot.handles import written
from bot.reading.model import Context
from bot.reading.units import default_speaker


@pytest.mark.parametrize(
    ("author", "platform", "shown"),
    [
        ("quay", "x", "@quay"),
        ("@quay", "x", "@quay"),
        ("quay", "X", "@quay"),
        ("quay.bsky.social", "bluesky", "@quay.bsky.social"),
        ("quay@mastodon.example", "mastodon", "@quay@mastodon.example"),
        ("channel", "telegram", "@channel"),
        ("Ann Quay", "x", "Ann Quay"),
        ("AgencyX", "picture", "AgencyX"),
        ("AgencyX", "web", "AgencyX"),
        ("AgencyX", "weibo", "AgencyX"),
        ("", "x", ""),
        (None, "x", ""),
    ],
)
def test_a_handle_has_its_sign_and_a_name_has_none(author: str | None, platform: str, shown: str) -> None:
    """Only an account on a platform with handles is written with @; a name never is."""
    assert written(author, platform) == shown


@pytest.mark.parametrize(
    ("context", "speaker"),
    [
        (Context(author="quay", platform="x"), "@quay"),
        (Context(author="quay", author_name="Ann", platform="x"), "@quay"),
        (Context(author_name="AgencyX", platform="x"), "AgencyX"),
        (Context(author="AgencyX", platform="picture"), "AgencyX"),
        (Context(platform="x"), "post, author not named"),
        (Context(author_name="Quay", platform="web"), "Quay"),
    ],
)
def test_a_post_speaks_as_its_account_or_its_name(context: Context, speaker: str) -> None:
    """The speaker of a post is its handle where it has one, else its name as it is."""
    assert default_speaker(context).name == speaker
