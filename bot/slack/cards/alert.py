"""A warning in a channel: what, why, how surely, by which source; and what was done about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from bot import wording
from bot.findings import AlertFinding
from bot.slack.blocks import (
    MODAL_TITLE,
    OPTION,
    Block,
    Message,
    actions,
    button,
    header,
    image,
    line,
    link,
    message,
    packed,
    plain_text,
    quoted,
    rich,
    user,
    words,
)
from bot.slack.cards import parts
from bot.slack.ids import Action, AlertRef, Callback, Field, Question, Reason, Verb, encode
from storage.alerts import AlertKind, Triage, TriageState

REASONS: Final = {
    Reason.SAME_EVENT: "The same event, rightly shown again",
    Reason.NOT_SAME_PICTURE: "Not the same picture",
    Reason.KNOWN: "Known already",
    Reason.OTHER: "Another reason (say which)",
}
"""Why a warning is dismissed, as the modal asks and as the card then says."""


def title(alert: AlertFinding) -> str:
    """Name what is warned of, in a few words."""
    older = parts.earliest([alert.match])
    seen = "was seen before" if older and parts.is_earlier(older[2], alert.post) else "stands in another post, too"
    return f"A picture {seen}" + (", with another caption" if alert.kind is AlertKind.CAPTION_CONFLICT else "")


def alert_message(alert: AlertFinding) -> Message:
    """Show a warning in its present state; the same function makes the update after each click."""
    older = parts.earliest([alert.match])
    picture = parts.side_by_side(
        alert.match, older[2] if older else None, f"{wording.who(alert.post)}, {wording.posted(alert.post)}"
    )
    pictures = [picture] if picture else []
    blocks = [header(f"Warning: {title(alert)}"), *packed(_told(alert)), *map(image, pictures)]
    blocks += [rich(_step(step)) for step in alert.triage[-3:]]
    text = ["".join(e.get("text", "") for e in part["elements"]) for atom in _told(alert) for part in atom]
    state = [_step_words(alert.triage[-1])] if alert.triage else []
    return message([*blocks, *_buttons(alert)], [f"Warning: {title(alert)}.", *state, *text], pictures)


def _told(alert: AlertFinding) -> Iterator[parts.Atom]:
    post = alert.post
    older = parts.earliest([alert.match])
    yield (
        line(
            words("What: ", bold=True),
            words(f"the picture in a post by {parts.short(wording.handle(post))}, {wording.posted(post)}, "),
            link(post.url),
            words(f", matches one in {wording.count(len(alert.match.appearances), 'other post')} that we hold."),
        ),
    )
    if older:
        yield (line(words(f"{parts.earliest_words(older[2], post)} · "), link(older[2].url)),)
    yield (line(words("Why: ", bold=True), words(parts.short(alert.match.reuse.transform, 300))),)
    yield from parts.conflict_lines(alert.conflicts, 3)
    if post.text:
        yield (line(words(f"{parts.short(wording.handle(post))} says: "), quoted(post.text, 300)),)
    if older and older[1].caption:
        yield (line(words(f"{parts.short(wording.handle(older[2]))} says: "), quoted(older[1].caption, 300)),)
    yield (line(words("Certainty: ", bold=True), words(wording.certainty(alert.match.reuse))),)
    kept = parts.short(wording.captured(alert.captures[0])) if alert.captures else "no archived copy"
    yield (line(words("Source: ", bold=True), words(kept)),)


def _buttons(alert: AlertFinding) -> list[Block]:
    ref = AlertRef(alert.id)
    trace = button("Trace", Action.TRACE, Question(Verb.TRACE, alert.post.url or alert.post.id))
    if alert.state is not TriageState.OPEN:
        return actions(button("Undo", Action.UNDO, ref), trace)
    return actions(
        button("Acknowledge", Action.ACKNOWLEDGE, ref, style="primary"), button("Dismiss…", Action.DISMISS, ref), trace
    )


def _step(step: Triage) -> Block:
    return line(
        words(f"{_DONE[step.state]} by ", bold=True), user(step.by), words(f", {wording.at(step.at)}.{_because(step)}")
    )


def _step_words(step: Triage) -> str:
    return f"{_DONE[step.state]} by {parts.short(step.by)}, {wording.at(step.at)}.{_because(step)}"


_DONE: Final = {
    TriageState.OPEN: "Opened again",
    TriageState.ACKNOWLEDGED: "Acknowledged",
    TriageState.DISMISSED: "Dismissed",
}


def _because(step: Triage) -> str:
    reason = f" Reason: {parts.short(step.reason, 200)}." if step.reason else ""
    return f"{reason} This pair will not warn again." if step.state is TriageState.DISMISSED else reason


def dismiss_view(alert_id: str) -> dict[str, Any]:
    """The modal that asks why a warning is dismissed; `private_metadata` carries the warning."""
    options = [{"text": plain_text(text, OPTION), "value": str(reason)} for reason, text in REASONS.items()]
    return {
        "type": "modal",
        "callback_id": Callback.DISMISS_REASON,
        "private_metadata": encode(AlertRef(alert_id)) or "",
        "title": plain_text("Dismiss the warning", MODAL_TITLE),
        "submit": plain_text("Dismiss", MODAL_TITLE),
        "close": plain_text("Cancel", MODAL_TITLE),
        "blocks": [
            {
                "type": "input",
                "block_id": Field.REASON,
                "label": plain_text("Why? This pair of pictures will not warn again.", 150),
                "element": {"type": "radio_buttons", "action_id": Field.REASON, "options": options},
            },
            {
                "type": "input",
                "block_id": Field.NOTE,
                "optional": True,
                "label": plain_text("In your words", 150),
                "element": {"type": "plain_text_input", "action_id": Field.NOTE, "max_length": 200},
            },
        ],
    }


def dismiss_reason(reason: Reason, note: str) -> str:
    """The reason as it is kept and shown, of what the modal gave."""
    text = REASONS[reason].partition(" (")[0]
    return f"{text}: {note.strip()}" if note.strip() else text
