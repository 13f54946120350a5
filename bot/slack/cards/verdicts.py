"""What an editor says of a sighting: its buttons, the modal, what was noted, the list; and why it was read as it is."""

from __future__ import annotations

from typing import Any, Final

from bot import wording
from bot.slack.blocks import Block, Message, actions, button, context, header, line, message, packed, rich, words
from bot.slack.cards import parts
from bot.slack.ids import Action, Callback, Field, encode
from bot.slack.modals import field, modal, option
from bot.slack.verdict_refs import SightingRef, VerdictDraft, VerdictRef
from bot.verdict_findings import Explanation, VerdictsFinding
from storage.records import EVERYWHERE, ArchivedSighting, Stance
from storage.verdicts import Judged, Judgement

NONE: Final = "Nothing is judged: no sighting is confirmed, rejected or corrected."
HOW: Final = "Verdict… under a sighting of /whereis confirms, rejects or corrects it."
SEEN: Final = (
    "It holds in this workspace, also when the post is read again with newer rules, until somebody takes it back. "
    "Everybody here who may see the post may see your verdict, your name and your note."
)
CHOICES: Final = {
    Judgement.CONFIRMED: "Confirm: the words say so",
    Judgement.REJECTED: "Reject: the words do not say so; told no more",
    Judgement.CORRECTED: "Correct the place or the stance",
}
UNDONE: Final = "The verdict is taken back; the reader's own reading stands."
NOTE: Final = 200
"""Characters of a note, and of the name of a place."""
STEP: Final = 800
"""Characters of one step of an explanation that are shown; the command line tells all of them."""


def judging(found: ArchivedSighting, number: int, again: str = "") -> list[Block]:
    """The two buttons of a sighting; `number` tells them apart within a message."""
    return actions(
        button("Verdict…", Action.JUDGE, SightingRef(found.id, again), number=number),
        button("Why?", Action.EXPLAIN, SightingRef(found.id), number=number),
    )


def verdict_view(found: ArchivedSighting, draft: VerdictDraft) -> dict[str, Any]:
    """The modal in which a sighting is judged, filled in with the verdict that stands."""
    judged = found.judged
    held = judged.verdict if judged and judged.verdict.id == draft.seen else None
    choices = {judgement: option(text, judgement) for judgement, text in CHOICES.items()}
    stances = {stance: option(str(stance).capitalize(), stance) for stance in Stance}
    which: Block = {"type": "radio_buttons", "options": list(choices.values())}
    stance: Block = {"type": "static_select", "options": list(stances.values())}
    place: Block = {"type": "plain_text_input", "max_length": NOTE}
    note: Block = {"type": "plain_text_input", "max_length": NOTE}
    if held:
        which["initial_option"] = choices[held.judgement]
        if held.note:
            note["initial_value"] = parts.short(held.note, NOTE)
        if held.stance:
            stance["initial_option"] = stances[held.stance]
    had = f"Told with: {parts.short(wording.place_words(found.sighting.place))}, {found.sighting.stance}."
    return modal(
        Callback.VERDICT,
        encode(draft),
        "Verdict on a sighting",
        "Note it",
        [
            *packed([parts.placed_claim(found)]),
            field(Field.KIND, "What is your verdict?", which),
            field(Field.PLACE, "The place, where it is another one", place, optional=True, hint=f"{had} A city or a "
                  "country, like Homs, Syria."),
            field(Field.STANCE, "The stance, where it is another one", stance, optional=True),
            field(Field.NOTE, "Why, in your words", note, optional=True),
            context(SEEN),
        ],
    )  # fmt: skip


def noted_message(finding: VerdictsFinding) -> Message:
    """Tell who judged a sighting how it is told now, with a button that takes that back."""
    [found] = finding.lines
    atoms: list[parts.Atom] = [(line(words(finding.changed, bold=True)),), _placed(found, named=True)]
    told = [finding.changed, _sentence(found)]
    judged = found.judged
    row = []
    if judged and judged.verdict.undone_at is None:
        row.append(button("Undo", Action.UNDO_VERDICT, VerdictRef(judged.verdict.id)))
    return message(packed(atoms), told, last=actions(*row))


def verdicts_message(finding: VerdictsFinding, *, named: bool = True) -> Message:
    """List the verdicts that stand, each with a button that takes it back; `named`: with who said so."""
    if not finding.total:
        return message([rich(line(words(NONE, bold=True)), line(words(HOW)))], [NONE, HOW])
    title = f"Judged: {wording.count(finding.total, 'sighting')}"
    blocks: list[Block] = [header(title)]
    told = [f"{title}."]
    for number, found in enumerate(finding.lines, finding.start + 1):
        blocks += packed([_placed(found, named=named)])
        told.append(_sentence(found))
        if found.judged and found.judged.verdict.workspace != EVERYWHERE:
            blocks += actions(button("Undo", Action.UNDO_VERDICT, VerdictRef(found.judged.verdict.id), number=number))
    shown = finding.start + len(finding.lines)
    more = []
    if shown < finding.total:
        more = actions(button(f"Show {finding.total - shown:,} more", Action.VERDICTS, VerdictRef(start=shown)))
    return message(blocks, told, last=more)


def explanation_message(finding: Explanation, *, named: bool = True) -> Message:
    """Tell why a sighting was read as it is, a step a line, and what was ever said of it."""
    found = finding.found
    title = f"Why: {parts.short(found.sighting.person_name)}, {parts.short(wording.place_words(found.sighting.place))}"
    atoms: list[parts.Atom] = []
    told = [title]
    for step in finding.steps:
        text = parts.short(step.told, STEP)
        atoms.append((line(words(f"{step.about}: ", bold=True), words(text)),))
        told.append(f"{step.about}: {text}")
    read = found.judged
    place, stance = (read.place, read.stance) if read else (found.sighting.place, found.sighting.stance)
    said = (Judged(verdict, place, stance) for verdict in finding.verdicts)
    atoms += [(parts.judged_line(judged, named=named),) for judged in said]
    return message([header(title), *packed(atoms), context(wording.NEVER_FACT)], told)


def _placed(found: ArchivedSighting, *, named: bool) -> parts.Atom:
    sighting = found.sighting
    lead = f"{parts.short(sighting.person_name)}, {parts.short(wording.place_words(sighting.place))}: "
    return parts.claim(found, lead, named=named)


def _sentence(found: ArchivedSighting) -> str:
    sighting = found.sighting
    said = "".join(wording.judged(found.judged)) if found.judged else ""
    return (
        f"{parts.short(sighting.person_name)}, {parts.short(wording.place_words(sighting.place))}: "
        f"{parts.said(sighting)}: “{parts.short(sighting.quote, 300)}” {parts.short(said, parts.SENTENCE)}"
    )
