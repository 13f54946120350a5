"""Home: one's own watches, warnings and traces, and what is set for the desk, as far as somebody may see it."""

from __future__ import annotations

from bot.desk import Desk
from bot.findings import TracedPost
from bot.home_findings import HomeFinding
from commands.alerts import open_alerts
from commands.silenced import listing
from commands.watch import line_of
from storage import desks, digests, images, reuse, traced, watches
from storage.database import Transaction
from storage.records import EVERYONE, Certainty, Post, Viewer

TRACES = 50


def home(desk: Desk, workspace: str, user: str) -> HomeFinding:
    """Gather what one member looks after, and the open warnings about what everybody in the workspace may see."""
    viewer = Viewer(workspace, frozenset({EVERYONE}))
    with desk.db.read() as tx:
        traces = tuple(
            TracedPost(post, at, _copies(tx, post, viewer))
            for at, post in traced.newest(tx, workspace, user, viewer, TRACES)
        )
        own = [watch for watch in watches.of_workspace(tx, workspace) if watch.owner == user]
        fared = tuple(line_of(tx, watch, desk.clock()) for watch in own)
        settings = desks.settings_of(tx, workspace)
        silent = listing(tx, workspace, viewer, most=0)
        plans = tuple(plan for plan in digests.plans(tx) if (plan.workspace, plan.owner) == (workspace, user))
    asked = {watch.id for watch in own}
    warnings = open_alerts(desk, workspace, viewer)
    mine = [found for found in warnings if found.alert.assignee == user or found.alert.watch in asked]
    return HomeFinding(
        mine=tuple(sorted(mine, key=lambda found: found.alert.assignee != user)),
        others=tuple(found for found in warnings if found not in mine),
        watches=fared,
        traces=traces,
        settings=settings,
        digests=plans,
        silenced=(silent.pairs, silent.marks),
    )


def _copies(tx: Transaction, post: Post, viewer: Viewer) -> int:
    """Count the other posts that show one of a post's pictures."""
    shas = {image.sha256 for _, image in images.of_post(tx, post.id)}
    for sha256 in tuple(shas):
        for pair in reuse.of_image(tx, sha256, viewer):
            if pair.certainty is Certainty.MATCH:
                shas |= {pair.query_sha256, pair.match_sha256}
    return len({other.id for _, other in images.appearances_of(tx, sorted(shas), viewer)} - {post.id})
