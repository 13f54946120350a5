"""The state of the store and of the sources."""

from __future__ import annotations

from bot import wording
from bot.findings import StatusFinding
from bot.slack.blocks import Message, header, line, message, packed, words
from bot.slack.cards import parts


def status_message(finding: StatusFinding) -> Message:
    """Show what a channel may see of the store, and which sources are ready.

    No path of the machine is told in Slack, nor the size of the store and of its log: they grow with what is private.
    """
    last = wording.at(finding.last_captured_at) if finding.last_captured_at else "never"
    lines = [
        f"Last captured: {last}.",
        f"{wording.count(finding.posts, 'post')}, {wording.count(finding.captures, 'capture')}, "
        f"{wording.count(finding.images, 'picture')}, {wording.count(finding.sightings, 'sighting')}, "
        f"{wording.count(finding.people, 'watched person', 'watched people')}, "
        f"{wording.count(finding.conflicts, 'conflict')}.",
    ]
    if finding.unread:
        lines.append("Archived texts are still being read again.")
    lines += [f"Source {parts.short(name)}: {parts.short(state)}" for name, state in list(finding.sources.items())[:30]]
    title = f"Dateline {parts.short(finding.version, 40)}"
    return message([header(title), *packed((line(words(text)),) for text in lines)], [title, *lines])
