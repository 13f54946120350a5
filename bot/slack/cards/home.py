"""The Home tab: the warnings that are this member's, the others, their watches and traces, and what is set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot import wording
from bot.findings import AlertFinding, HomeFinding, TracedPost
from bot.slack.blocks import Block, actions, button, context, divider, header, line, link, packed, paginate, rich, words
from bot.slack.cards import parts
from bot.slack.cards.alert_told import summary
from bot.slack.ids import Action, AlertRef, Question, Verb
from storage.digests import DigestPlan
from storage.runs import Run, RunState
from storage.watches import Watch, WatchState

SHOWN: Final = 10
"""Of each kind; the rest is a count."""

STATES: Final = {
    WatchState.PENDING: "waits for an editor",
    WatchState.PAUSED: "paused",
    WatchState.REFUSED: "refused by an editor",
}


def home_view(found: HomeFinding) -> dict[str, Any]:
    """Show the Home tab of one member, for views.publish: newest first, at most so many of each kind."""
    blocks = [header(f"My open warnings: {len(found.mine):,}")]
    blocks += _warnings(found.mine, 0, "None is assigned to you or comes from a watch of yours.")
    blocks += [header(f"Open warnings: {len(found.others):,}")]
    blocks += _warnings(found.others, SHOWN, "No other warning is open." if found.mine else "No warning is open.")
    blocks += [divider(), header(f"My watches: {len(found.watches):,}")]
    blocks += packed((line(words(watch_words(*each))),) for each in found.watches[:SHOWN])
    blocks += _left(len(found.watches), "You watch nothing yet. Try: /watch NAME")
    blocks += [divider(), header(f"My traces: {len(found.traces):,}")]
    for number, traced in enumerate(found.traces[:SHOWN], 1):
        blocks += _trace(traced, number)
    blocks += _left(len(found.traces), "You have traced nothing yet. Try: /trace LINK")
    blocks += [divider(), header("Settings"), *packed((line(words(text)),) for text in _settings(found))]
    # The limit of characters is known for messages only; two of them are far more than anybody reads here.
    return {"type": "home", "blocks": [block for page in paginate(blocks)[:2] for block in page]}


def watch_words(watch: Watch, run: Run | None) -> str:
    """Say in one line what is watched, when it runs next, and what came of it last."""
    when = STATES.get(watch.state) or (f"next {wording.at(watch.next_due)}" if watch.next_due else "whatever comes in")
    every = f"{parts.short(watch.schedule)}, " if watch.schedule else ""
    return f"{parts.short(watch.label)}: {every}{when}. {result_words(run)}".strip()


def result_words(run: Run | None) -> str:
    """Say what came of a sweep."""
    if run is None:
        return ""
    late = f", late ({wording.count(run.missed, 'run')} missed)" if run.late else ""
    match run.state:
        case RunState.WAITING | RunState.RUNNING:
            return "A sweep is under way."
        case RunState.CANCELLED:
            return f"The last sweep was cancelled {wording.at(run.ended_at or run.begun_at)}."
        case RunState.FAILED:
            return f"The last sweep failed {wording.at(run.ended_at or run.begun_at)}{late}: {parts.short(run.problem)}"
        case RunState.DONE:
            new = f"{wording.count(run.posts, 'post')}, {run.fresh:,} new, {wording.count(run.alerts, 'warning')}"
            return f"Last sweep {wording.at(run.ended_at or run.begun_at)}{late}: {new}."


def _warnings(alerts: Sequence[AlertFinding], before: int, none: str) -> list[Block]:
    blocks: list[Block] = []
    for number, alert in enumerate(alerts[:SHOWN], before + 1):
        ref = AlertRef(alert.id, len(alert.triage))
        raised = line(words(f"Raised {wording.at(alert.raised_at)}."))
        blocks += [rich(*summary(alert), raised)]
        blocks += actions(
            button("Acknowledge", Action.ACKNOWLEDGE, ref, number=number),
            button("Dismiss…", Action.DISMISS, ref, number=number),
        )
    return [*blocks, *_left(len(alerts), none)]


def _trace(traced: TracedPost, number: int) -> list[Block]:
    post = traced.post
    others = wording.count(traced.copies, "other post")
    copies = f"its pictures stand in {others} we hold" if traced.copies else "no copy held"
    about = line(words(f"{parts.short(wording.who(post))}, {wording.posted(post)} · "), link(post.url))
    told = line(words(f"Traced {wording.at(traced.traced_at)}: {copies}."))
    again = Question(Verb.TRACE, post.url or post.id)
    return [rich(about, told), *actions(button("Trace again", Action.TRACE, again, number=number))]


def _settings(found: HomeFinding) -> list[str]:
    held = found.settings
    told = [f"Everything is paused since {wording.at(held.paused_at)}: /dateline resume all"] if held.paused_at else []
    if held.duty_group and held.escalate_after:
        told.append(f"A warning that nobody acknowledges goes to those on call after {held.escalate_after:,} minutes.")
    else:
        told.append("Nobody is on call. To change that: /dateline oncall @GROUP after 30m")
    told += [_digest_words(plan) for plan in found.digests[:SHOWN]]
    if not found.digests:
        told.append("You have set up no digest. In its channel: /dateline digest")
    return [*told, "Snoozes: /dateline snoozes. Everything else: /dateline help"]


def _digest_words(plan: DigestPlan) -> str:
    return f"Digest {parts.short(plan.schedule)}, next {wording.at(plan.next_due or plan.since)}."


def _left(number: int, none: str) -> list[Block]:
    if number > SHOWN:
        return [context(f"and {wording.count(number - SHOWN, 'older one')}")]
    return [] if number else [context(none)]
