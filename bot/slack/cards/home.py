"""The Home tab: the warnings that are this member's, the others, their watches and traces, and what is set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot import wording
from bot.findings import AlertFinding, TracedPost
from bot.home_findings import HomeFinding
from bot.slack.blocks import Block, actions, button, context, divider, header, line, link, packed, paginate, rich, words
from bot.slack.cards import parts
from bot.slack.cards.alert_told import summary
from bot.slack.cards.silenced import counted
from bot.slack.cards.watch import own_blocks
from bot.slack.ids import Action, AlertRef, Question, Verb
from bot.slack.silence_refs import SilenceRef
from storage.digests import DigestPlan

SHOWN: Final = 10
"""Of one's own warnings and digests; the rest is a count."""
FEWER: Final = 5
"""Of everything else, so that a long list leaves room for what stands below it."""


def home_view(found: HomeFinding) -> dict[str, Any]:
    """Show the Home tab of one member, for views.publish: newest first, at most so many of each kind."""
    blocks = [header(f"My open warnings: {len(found.mine):,}")]
    blocks += _warnings(found.mine, 0, SHOWN, "None is assigned to you or comes from a watch of yours.")
    blocks += [header(f"Open warnings: {len(found.others):,}")]
    blocks += _warnings(
        found.others, SHOWN, FEWER, "No other warning is open." if found.mine else "No warning is open."
    )
    blocks += [divider(), header(f"My watches: {len(found.watches):,}")]
    blocks += own_blocks(found.watches[:FEWER])
    blocks += _left(len(found.watches), "You watch nothing yet. Try: /watch NAME", FEWER, "more: /watch list")
    blocks += [divider(), header(f"My traces: {len(found.traces):,}")]
    for number, traced in enumerate(found.traces[:FEWER], 1):
        blocks += _trace(traced, number)
    blocks += _left(len(found.traces), "You have traced nothing yet. Try: /trace LINK", FEWER)
    settings = [divider(), header("Settings"), *packed((part,) for part in _settings(found))]
    if any(found.silenced):
        settings += actions(button("Show what is silenced", Action.SILENCED, SilenceRef()))
    # The limit of characters is known for messages only; two of them are far more than anybody reads here.
    return {"type": "home", "blocks": [*(block for page in paginate(blocks)[:2] for block in page), *settings]}


def _warnings(alerts: Sequence[AlertFinding], before: int, most: int, none: str) -> list[Block]:
    blocks: list[Block] = []
    for number, alert in enumerate(alerts[:most], before + 1):
        ref = AlertRef(alert.id, len(alert.triage))
        raised = line(words(f"Raised {wording.at(alert.raised_at)}."))
        blocks += [rich(*summary(alert), raised)]
        blocks += actions(
            button("Acknowledge", Action.ACKNOWLEDGE, ref, number=number),
            button("Dismiss…", Action.DISMISS, ref, number=number),
        )
    return [*blocks, *_left(len(alerts), none, most)]


def _trace(traced: TracedPost, number: int) -> list[Block]:
    post = traced.post
    others = wording.count(traced.copies, "other post")
    copies = f"its pictures stand in {others} we hold" if traced.copies else "no copy held"
    about = line(words(f"{parts.short(wording.who(post))}, {wording.posted(post)} · "), link(post.url))
    told = line(words(f"Traced {wording.at(traced.traced_at)}: {copies}."))
    again = Question(Verb.TRACE, post.url or post.id)
    return [rich(about, told), *actions(button("Trace again", Action.TRACE, again, number=number))]


def _settings(found: HomeFinding) -> list[Block]:
    held = found.settings
    told = [f"Everything is paused since {wording.at(held.paused_at)}: /dateline resume all"] if held.paused_at else []
    if held.duty_group and held.escalate_after:
        told.append(f"A warning that nobody acknowledges goes to those on call after {held.escalate_after:,} minutes.")
    elif held.duty_group:
        told.append("What somebody escalates goes to those on call; nothing does by itself.")
    else:
        told.append("Nobody is on call. To change that: /dateline oncall @GROUP after 30m")
    digests = [_digest(plan) for plan in found.digests[:SHOWN]]
    if not digests:
        digests = [line(words("You have set up no digest. In its channel: /dateline digest at 08:30 weekdays"))]
    silent = f"Silenced: {counted(*found.silenced)}." if any(found.silenced) else "Nothing is silenced."
    told.append(silent)
    last = line(words("Snoozes: /dateline snoozes. Everything else: /dateline help"))
    return [*(line(words(text)) for text in told), *digests, last]


def _digest(plan: DigestPlan) -> Block:
    where: Block = {"type": "channel", "channel_id": plan.channel}
    told = f": {parts.short(plan.schedule)}. Next: {wording.at(plan.next_due or plan.since)}."
    return line(words("Digest of "), where, words(told))


def _left(number: int, none: str, shown: int, more: str = "") -> list[Block]:
    if number > shown:
        older = wording.count(number - shown, "older one")
        return [context(f"and {number - shown:,} {more}" if more else f"and {older}")]
    return [] if number else [context(none)]
