"""A warning in a channel: what, why, how surely, by which source; and what was done about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot import wording
from bot.findings import AlertFinding
from bot.slack.blocks import (
    Block,
    Message,
    Picture,
    actions,
    button,
    context,
    header,
    image,
    line,
    message,
    packed,
    quoted,
    rich,
    user,
    words,
)
from bot.slack.cards import parts
from bot.slack.cards.alert_told import summary, title, told
from bot.slack.ids import Action, AlertRef, Question, Verb
from bot.slack.silence_refs import BoilerplateRef
from storage.alerts import Act, AlertKind, Triage, TriageState, undoable

STEPS: Final = 3
"""Steps that a card shows, the newest; the custody log has all of them."""
BLURRED: Final = "Blurred, as this channel wishes. Show the picture brings it to you alone"


def alert_message(alert: AlertFinding) -> Message:
    """Show a warning in its present state; the same function makes the update after each click."""
    picture = _picture(alert)
    pictures = [picture] if picture else []
    atoms = list(told(alert))
    blocks = [header(f"Warning: {title(alert)}"), *packed(atoms)]
    last = [*map(image, pictures), *([rich(*_steps(alert))] if alert.triage else []), *_buttons(alert)]
    text = ["".join(e.get("text", "") for e in part["elements"]) for atom in atoms for part in atom]
    state = [_flat(_step(alert.triage[-1], alert.triage[:-1], pair=bool(alert.alert.pair)))] if alert.triage else []
    return message(blocks, [f"Warning: {title(alert)}.", *state, *text], pictures, last)


def already_message(step: Triage | None) -> Message:
    """Tell somebody who came second what the first has done."""
    if step is None:
        told_first = line(words("This cannot be done about this warning now.", bold=True))
    else:
        told_first = line(words("Somebody was first: ", bold=True), *_step(step, ())["elements"])
    next_step = "The warning is shown as it stands now; nothing of yours was changed."
    return message([rich(told_first, line(words(next_step)))], [_flat(told_first), next_step])


def assigned_message(alert: AlertFinding, by: str, at: str, note: str = "") -> Message:
    """Tell somebody, by direct message, that a warning is theirs to look into; a button shows it as it stands then."""
    head = line(words("Assigned to you by ", bold=True), user(by), words(f", {wording.at(at)}."))
    why = [line(words("They say: "), quoted(note))] if note else []
    told_of = [head, *why, *summary(alert)]
    show = actions(button("Show the warning", Action.SHOW_ALERT, AlertRef(alert.id)))
    return message([rich(*told_of)], map(_flat, told_of), last=show)


def picture_message(alert: AlertFinding) -> Message:
    """Show the pictures of a warning and nothing else, to one person."""
    picture = _picture(alert)
    if picture is None:
        none = "There is no picture to show; look at the warning itself."
        return message([context(none)], [none])
    return message([image(picture)], [picture.alt], [picture])


def _picture(alert: AlertFinding) -> Picture | None:
    if alert.match is None or alert.post is None:
        return None
    older = parts.earliest([alert.match])
    ours = f"from {wording.who(alert.post)}, {wording.posted(alert.post)}"
    picture = parts.side_by_side(alert.match, older[2] if older else None, ours)
    if picture is None or not alert.blurred:
        return picture
    return replace(picture, key=f"{picture.key}-blurred", title=BLURRED)


def _buttons(alert: AlertFinding) -> list[Block]:
    ref = AlertRef(alert.id, len(alert.triage))
    can = {
        TriageState.OPEN: (Act.ACKNOWLEDGE, Act.DISMISS, Act.MARK, Act.ASSIGN, Act.SNOOZE, Act.ESCALATE),
        TriageState.ACKNOWLEDGED: (Act.DISMISS, Act.MARK, Act.ASSIGN, Act.ESCALATE),
        TriageState.SNOOZED: (Act.ACKNOWLEDGE, Act.DISMISS, Act.MARK),
        TriageState.DISMISSED: (),
    }[alert.state]
    row = [button("Undo", Action.UNDO, ref)] if undoable(alert.triage) else []
    for act in can:
        if act is Act.MARK:
            marks = BoilerplateRef(alert=ref.alert, seen=ref.seen)
            row.append(button("Boilerplate…", Action.BOILERPLATE, marks) if alert.match is not None else None)
            continue
        text, action = _BUTTONS[act]
        main = act is Act.ACKNOWLEDGE and alert.state is TriageState.OPEN
        row.append(button(text, action, ref, style="primary" if main else None))
    if alert.blurred and alert.match is not None and alert.match.evidence:
        row.append(button("Show the picture", Action.SHOW_PICTURE, ref))
    return actions(*row, *_questions(alert))


def _questions(alert: AlertFinding) -> list[Block | None]:
    """The buttons that ask more: of a person who says where they are, of a post where else it stands."""
    asked = []
    if alert.kind in {AlertKind.SIGHTING, AlertKind.DENIAL, AlertKind.TRAVEL} and alert.sightings:
        name = alert.sightings[0].sighting.person_name
        asked.append(button("Ask where", Action.ASK, Question(Verb.WHEREIS, name)))
    if alert.post is not None:
        asked.append(button("Trace", Action.TRACE, Question(Verb.TRACE, alert.post.url or alert.post.id)))
    return asked


_BUTTONS: Final = {
    Act.ACKNOWLEDGE: ("Acknowledge", Action.ACKNOWLEDGE),
    Act.DISMISS: ("Dismiss…", Action.DISMISS),
    Act.ASSIGN: ("Assign…", Action.ASSIGN),
    Act.SNOOZE: ("Snooze…", Action.SNOOZE),
    Act.ESCALATE: ("Escalate", Action.ESCALATE),
}

_DONE: Final = {
    Act.ACKNOWLEDGE: "Acknowledged",
    Act.DISMISS: "Dismissed",
    Act.MARK: "Marked as boilerplate",
    Act.SNOOZE: "Snoozed",
    Act.ESCALATE: "Escalated to those on call",
    Act.WAKE: "The snooze was ended",
    Act.UNDO: "The last step was taken back",
}


def _steps(alert: AlertFinding) -> list[Block]:
    done = alert.triage
    pair = bool(alert.alert.pair)
    shown = [_step(step, done[:number], pair=pair) for number, step in enumerate(done)][-STEPS:]
    if alert.alert.assignee and not any(step.act is Act.ASSIGN for step in done[-STEPS:]):
        shown.insert(0, line(words("For ", bold=True), user(alert.alert.assignee), words(".")))
    return shown


def _step(step: Triage, before: tuple[Triage, ...], *, pair: bool = False) -> Block:
    """One step in a line: what, by whom, when, why; `pair`: whether a dismissal holds for a pair of pictures."""
    was = before[-1].state if before else TriageState.OPEN
    did = _DONE.get(step.act, "")
    if step.act is Act.UNDO and step.state is TriageState.OPEN and was is not TriageState.OPEN:
        did = "Opened again"
    at = words(f", {wording.at(step.at)}.{_because(step, pair=pair)}")
    if step.act is Act.ASSIGN:
        by = (words("Assigned to ", bold=True), user(step.assignee), words(" by ", bold=True), user(step.by))
        return line(*by, at)
    if not step.by:
        of_time = "The snooze is over" if step.act is Act.WAKE else f"{did}, since nobody had acknowledged it"
        return line(words(of_time, bold=True), at)
    return line(words(f"{did} by ", bold=True), user(step.by), at)


def _because(step: Triage, *, pair: bool) -> str:
    reason = parts.short(step.reason, 200)
    if step.act is Act.SNOOZE:
        return f"{f' {reason}' if reason else ''} Until {wording.at(step.until)}."
    if not reason or not step.by:
        told = ""
    else:
        told = f" They say: “{reason}”." if step.act is Act.ASSIGN else f" Reason: {reason}."
    if step.act is Act.MARK:
        return f"{told} This picture will not warn again."
    return f"{told} This pair will not warn again." if pair and step.act is Act.DISMISS else told


def _flat(block: Block) -> str:
    return "".join(element.get("text", parts.short(element.get("user_id", ""))) for element in block["elements"])
