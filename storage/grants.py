"""Who may see a post, and the one condition that every read on somebody's behalf carries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from storage.database import Transaction
from storage.records import EVERYONE, EVERYWHERE, Grant, Viewer

_AT_ONCE = 500


def put(tx: Transaction, grant: Grant) -> bool:
    """Grant a post; False if that grant is there already. The post must be in the store."""
    return bool(
        tx.execute(
            "INSERT INTO grants (post_id, workspace, audience) VALUES (:post_id, :workspace, :audience)"
            " ON CONFLICT DO NOTHING",
            {"post_id": grant.post_id, "workspace": grant.workspace, "audience": grant.audience},
        )
    )


def of_post(tx: Transaction, post_id: str) -> list[Grant]:
    """Return a post's grants; for machinery, never for showing."""
    rows = tx.rows(
        "SELECT post_id, workspace, audience FROM grants WHERE post_id = :post_id ORDER BY workspace, audience",
        {"post_id": post_id},
    )
    return [Grant(**row) for row in rows]


def of_posts(tx: Transaction, post_ids: Iterable[str]) -> dict[str, frozenset[tuple[str, str]]]:
    """Return who may see each post, as pairs of workspace and audience."""
    wanted = sorted(set(post_ids))
    found: dict[str, set[tuple[str, str]]] = {post_id: set() for post_id in wanted}
    for first in range(0, len(wanted), _AT_ONCE):
        names = {f"id_{index}": name for index, name in enumerate(wanted[first : first + _AT_ONCE])}
        marks = ", ".join(f":{name}" for name in names)
        for row in tx.rows(f"SELECT post_id, workspace, audience FROM grants WHERE post_id IN ({marks})", names):  # noqa: S608
            found[row["post_id"]].add((row["workspace"], row["audience"]))
    return {post_id: frozenset(pairs) for post_id, pairs in found.items()}


def allows(granted: Iterable[tuple[str, str]], viewer: Viewer) -> bool:
    """Tell whether grants, as `of_posts` returns them, let a viewer see a post: the rule of `visible`."""
    if viewer.operator:
        return True
    audiences = viewer.audiences | {EVERYONE}
    return any(workspace in {EVERYWHERE, viewer.workspace} and audience in audiences for workspace, audience in granted)


def visible(viewer: Viewer, post_column: str) -> tuple[str, dict[str, Any]]:
    """Return the SQL condition that the viewer may see the post in `post_column`, and its parameters.

    An operator sees every post. Anybody else sees a post that is granted to their workspace, or to every workspace,
    for `everyone` or for an audience they belong to. The parameters' names begin with `viewer_`.
    """
    if viewer.operator:
        return "1 = 1", {}
    audiences = {f"viewer_{index}": name for index, name in enumerate(sorted(viewer.audiences | {EVERYONE}))}
    marks = ", ".join(f":{name}" for name in audiences)
    condition = (
        f"EXISTS (SELECT 1 FROM grants vg WHERE vg.post_id = {post_column}"  # noqa: S608
        f" AND vg.workspace IN (:viewer_everywhere, :viewer_workspace) AND vg.audience IN ({marks}))"
    )
    return condition, {"viewer_everywhere": EVERYWHERE, "viewer_workspace": viewer.workspace, **audiences}
