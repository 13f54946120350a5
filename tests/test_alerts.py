"""Which copy a warning tells of, of several that a new post's picture has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk import Desk, take
from bot.intake import Audience
from bot.sample import posts as sample
from bot.sources.base import Captured
from storage import alerts, subscriptions
from storage.alerts import Act, Alert, Triage, TriageState
from storage.subscriptions import Subscription
from tests.desks import open_desk

AT = "2026-01-02T03:04:05.000Z"
PICTURES = [post for post in sample.unfolding() if any("soldiers-square" in (media.url or "") for media in post.media)]
FIRST, MIRRORED, SAME_FILE = PICTURES


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path) -> Desk:
    """A desk with one channel that is warned."""
    desk = open_desk(tmp_path)
    with desk.db.write() as tx:
        subscriptions.subscribe(tx, Subscription("T1", "C1", "U1", AT))
    return desk


def raised(desk: Desk, post: Captured) -> Alert:
    """Take a post in, and return the newest warning."""
    take(desk, post, Audience())
    with desk.db.read() as tx:
        return {alert.post_id: alert for alert in alerts.of_channel(tx, "T1", "C1", 10)}[post.post_id]


def test_a_warning_tells_of_the_earliest_copy(desk: Desk) -> None:
    """Of an old copy and a newer one that is the same file, the old one is told of, though its score is lower."""
    take(desk, FIRST, Audience())
    assert FIRST.post_id == raised(desk, MIRRORED).match_post_id
    alert = raised(desk, SAME_FILE)
    assert FIRST.post_id == alert.match_post_id
    assert alert.image_sha256 != alert.match_sha256


def test_a_copy_without_a_date_is_not_taken_for_the_earliest(desk: Desk) -> None:
    """A post whose date nobody knows gives way to one that is dated."""
    take(desk, replace(FIRST, posted_at=None), Audience())
    take(desk, MIRRORED, Audience())
    assert MIRRORED.post_id == raised(desk, SAME_FILE).match_post_id


def test_a_dismissed_pair_gives_way_to_the_next_copy(desk: Desk) -> None:
    """When the pair with the earliest copy was dismissed, another copy is still told of."""
    take(desk, FIRST, Audience())
    told = raised(desk, MIRRORED)
    with desk.db.write() as tx:
        assert alerts.decide(tx, told.id, Triage(Act.DISMISS, TriageState.DISMISSED, "U1", AT, "known"))
    assert MIRRORED.post_id == raised(desk, SAME_FILE).match_post_id
