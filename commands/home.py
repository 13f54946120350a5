"""Home: what somebody traced, and the warnings that are open, as far as they may see them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk import Desk
from bot.findings import AlertFinding, TracedPost
from commands.alerts import open_alerts
from storage import images, reuse, traced
from storage.database import Transaction
from storage.records import EVERYONE, Certainty, Post, Viewer

TRACES = 50


@dataclass(frozen=True, slots=True)
class HomeFinding:
    """The Home tab of one member."""

    traces: tuple[TracedPost, ...]
    warnings: tuple[AlertFinding, ...]


def home(desk: Desk, workspace: str, user: str) -> HomeFinding:
    """Gather one member's traces and the open warnings about what everybody in the workspace may see."""
    viewer = Viewer(workspace, frozenset({EVERYONE}))
    with desk.db.read() as tx:
        mine = tuple(
            TracedPost(post, at, _copies(tx, post, viewer))
            for at, post in traced.newest(tx, workspace, user, viewer, TRACES)
        )
    return HomeFinding(mine, tuple(open_alerts(desk, workspace, viewer)))


def _copies(tx: Transaction, post: Post, viewer: Viewer) -> int:
    """Count the other posts that show one of a post's pictures."""
    shas = {image.sha256 for _, image in images.of_post(tx, post.id)}
    for sha256 in tuple(shas):
        for pair in reuse.of_image(tx, sha256, viewer):
            if pair.certainty is Certainty.MATCH:
                shas |= {pair.query_sha256, pair.match_sha256}
    return len({other.id for _, other in images.appearances_of(tx, sorted(shas), viewer)} - {post.id})
