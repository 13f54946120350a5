"""What is silenced as lines of text, and as JSON values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.alerting.memory import Silence
from bot.silence_findings import SilencedFinding, SilencedLine
from bot.wording import plain, posted, silenced_by, who


def silenced_shape(finding: SilencedFinding) -> dict[str, Any]:
    """Return what is silenced as docs/command-line.md promises it."""
    return {
        "silenced": [_shape(line) for line in finding.lines],
        "pairs": finding.pairs,
        "boilerplate": finding.marks,
        "changed": finding.changed,
    }


def silence_shape(silence: Silence | None) -> dict[str, Any] | None:
    """Return what was said of a match or a picture; None where nothing was."""
    if silence is None:
        return None
    return {
        "kind": silence.kind,
        "id": silence.ref,
        "by": silence.by,
        "at": silence.at,
        "reason": silence.reason,
        "earlier_use": silence.copies,
        "of_a_copy": silence.copied,
    }


def silenced_lines(finding: SilencedFinding) -> Iterator[str]:
    """Tell of what is silenced, each in a few lines."""
    if finding.changed:
        yield plain(finding.changed)
    elif not finding.total:
        yield "Nothing is silenced."
    for line in finding.lines:
        yield f"{line.silence.ref}: {silenced_by(line.silence)} Workspace {plain(line.workspace)}"
        for sha256, post in zip(line.pictures, line.posts, strict=True):
            stands = f": {who(post)}, {posted(post)}; {plain(post.url or post.id)}" if post else ""
            yield f"  picture {sha256}{stands}"


def _shape(line: SilencedLine) -> dict[str, Any]:
    said = silence_shape(line.silence) or {}
    posts = [post.id if post else None for post in line.posts]
    return {**said, "workspace": line.workspace, "pictures": list(line.pictures), "posts": posts}
