"""The Home tab: what this member traced, and the warnings that are open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot import wording
from bot.findings import AlertFinding, TracedPost
from bot.slack.blocks import Block, actions, button, context, divider, header, line, link, paginate, rich, words
from bot.slack.cards import parts
from bot.slack.cards.alert import title
from bot.slack.ids import Action, AlertRef, Question, Verb

SHOWN: Final = 10
"""Of each kind; the rest is a count."""


def home_view(traces: Sequence[TracedPost], warnings: Sequence[AlertFinding]) -> dict[str, Any]:
    """Show the Home tab of one member, for views.publish: newest first, at most so many of each kind."""
    blocks = [header(f"Open warnings: {len(warnings):,}")]
    for number, alert in enumerate(warnings[:SHOWN], 1):
        blocks += _warning(alert, number)
    blocks += _left(len(warnings), "No warning is open.")
    blocks += [divider(), header(f"My traces: {len(traces):,}")]
    for number, traced in enumerate(traces[:SHOWN], 1):
        blocks += _trace(traced, number)
    blocks += _left(len(traces), "You have traced nothing yet. Try: /trace LINK")
    # The limit of characters is known for messages only; two of them are far more than anybody reads here.
    return {"type": "home", "blocks": [block for page in paginate(blocks)[:2] for block in page]}


def _warning(alert: AlertFinding, number: int) -> list[Block]:
    post = alert.post
    first = line(words(f"{title(alert)}. ", bold=True), words(f"Raised {wording.at(alert.raised_at)}."))
    second = line(words(f"{parts.short(wording.who(post))}, {wording.posted(post)} · "), link(post.url))
    third = line(words(parts.short(wording.why(alert.match.reuse), 300)))
    ref = AlertRef(alert.id)
    return [
        rich(first, second, third),
        *actions(
            button("Acknowledge", Action.ACKNOWLEDGE, ref, number=number),
            button("Dismiss…", Action.DISMISS, ref, number=number),
        ),
    ]


def _trace(traced: TracedPost, number: int) -> list[Block]:
    post = traced.post
    others = wording.count(traced.copies, "other post")
    copies = f"its pictures stand in {others} we hold" if traced.copies else "no copy held"
    about = line(words(f"{parts.short(wording.who(post))}, {wording.posted(post)} · "), link(post.url))
    told = line(words(f"Traced {wording.at(traced.traced_at)}: {copies}."))
    again = Question(Verb.TRACE, post.url or post.id)
    return [rich(about, told), *actions(button("Trace again", Action.TRACE, again, number=number))]


def _left(number: int, none: str) -> list[Block]:
    if number > SHOWN:
        return [context(f"and {wording.count(number - SHOWN, 'older one')}")]
    return [] if number else [context(none)]
