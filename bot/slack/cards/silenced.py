"""What never warns: how a pair or a picture says so, the list of all of it, and the modal that marks a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from bot import wording
from bot.alerting.memory import KINDS, Silence, SilenceKind
from bot.findings import Match
from bot.silence_findings import SilencedFinding, SilencedLine
from bot.slack.blocks import (
    Block,
    Message,
    actions,
    button,
    header,
    line,
    link,
    message,
    rich,
    user,
    words,
)
from bot.slack.cards import parts
from bot.slack.ids import Action, Callback, Field, encode
from bot.slack.modals import field, modal, option
from bot.slack.silence_refs import BoilerplateRef, SilenceRef
from storage.boilerplate import Kind
from storage.records import EVERYWHERE, Post

NONE: Final = "Nothing is silenced: no pair of pictures is dismissed, and none is marked as boilerplate."
HOW: Final = "Dismiss… on a warning silences its pair of pictures, Boilerplate… a picture and its copies."
FUTURE: Final = "It warns again the next time that it comes in."
NOT_COUNTED: Final = "That is not counted as an earlier use."


def silence_line(silence: Silence, *, named: bool) -> tuple[Block, ...]:
    """Say what was said of a pair or a picture; `named`: by whom, which calls them where others read it."""
    before, after = wording.silenced(silence)
    who = user(silence.by) if named else words("a member")
    return words(before, bold=True), who, words(parts.short(after, parts.SENTENCE))


def silence_atoms(matches: Iterable[Match], marked: Iterable[Silence], *, named: bool) -> list[parts.Atom]:
    """Tell each thing that was said of a card's matches once, with how many posts it concerns."""
    said: dict[str, tuple[Silence, set[str]]] = {silence.ref: (silence, set()) for silence in marked}
    for match in matches:
        if match.silence is not None:
            held = said.setdefault(match.silence.ref, (match.silence, set()))
            held[1].update(post.id for _, post in match.appearances)
    atoms: list[parts.Atom] = []
    for silence, posts in said.values():
        stands = [f"In {wording.count(len(posts), 'other post')} that we hold."] if posts else []
        more = " ".join(stands if silence.copies else [*stands, NOT_COUNTED])
        atoms.append((line(*silence_line(silence, named=named), *([words(f" {more}")] if more else [])),))
    return atoms


def boilerplate_view(ref: BoilerplateRef, labels: Sequence[str]) -> dict[str, Any]:
    """The modal that asks which picture is boilerplate, and why; its `private_metadata` carries the pictures."""
    pictures = [option(label, sha256) for label, sha256 in zip(labels, ref.pictures, strict=True)]
    kinds = [option(KINDS[kind].capitalize(), kind) for kind in Kind]
    which = {"type": "radio_buttons", "options": pictures, "initial_option": pictures[0]}
    note = {"type": "plain_text_input", "max_length": 200}
    blocks = [
        *([field(Field.PICTURE, "Which picture?", which)] if len(pictures) > 1 else []),
        field(
            Field.KIND,
            "What is it? It, and copies of all of it, will not warn in this workspace.",
            {"type": "radio_buttons", "options": kinds},
        ),
        field(Field.NOTE, "In your words", note, optional=True),
    ]
    return modal(Callback.BOILERPLATE, encode(ref), "Mark as boilerplate", "Mark", blocks)


def silenced_message(found: SilencedFinding, *, named: bool = True) -> Message:
    """List what is silenced, each with a button that undoes it; `named`: with who said so."""
    if not found.total:
        return message([rich(line(words(NONE, bold=True)), line(words(HOW)))], [NONE, HOW])
    title = f"Silenced: {counted(found.pairs, found.marks)}"
    blocks: list[Block] = [header(title)]
    told = [f"{title}."]
    for number, one in enumerate(found.lines, found.start + 1):
        said = (line(*silence_line(one.silence, named=named)), _about(one))
        blocks.append(rich(*said))
        told += ["".join(element.get("text", element.get("user_id", "")) for element in said[0]["elements"])]
        if one.workspace != EVERYWHERE:
            blocks += actions(button("Undo", Action.UNSILENCE, SilenceRef(one.silence.ref), number=number))
    shown = found.start + len(found.lines)
    more = []
    if shown < found.total:
        more = actions(button(f"Show {found.total - shown:,} more", Action.SILENCED, SilenceRef(start=shown)))
    return message(blocks, told, last=more)


def counted(pairs: int, marks: int) -> str:
    """Say how much is silenced."""
    return f"{wording.count(pairs, 'dismissed pair')}, {wording.count(marks, 'boilerplate picture')}"


def marked_message(kind: Kind) -> Message:
    """Tell who marked a picture what that does."""
    what = f"The picture is marked as boilerplate ({KINDS[kind]})."
    step = "It, and copies of all of it, will not warn in this workspace. To undo it: /dateline silenced"
    return message([rich(line(words(what, bold=True)), line(words(step)))], [what, step])


def undone_message(one: SilencedLine) -> Message:
    """Tell who undid something that it warns again."""
    is_mark = one.silence.kind is SilenceKind.BOILERPLATE
    what = "The picture is not boilerplate any more." if is_mark else "The pair is not dismissed any more."
    return message([rich(line(words(what, bold=True)), _about(one), line(words(FUTURE)))], [what, FUTURE])


def _about(one: SilencedLine) -> Block:
    """Where the picture or the pair stands."""
    inline: list[Block] = []
    for number, (sha256, post) in enumerate(zip(one.pictures, one.posts, strict=True)):
        inline += [words(" and " if number else "In "), *_post(post, sha256)]
    return line(*inline, words("." if one.workspace != EVERYWHERE else ". It holds in every workspace."))


def _post(post: Post | None, sha256: str) -> tuple[Block, ...]:
    if post is None:
        return (words(f"no post that you may see (picture {sha256[:12]})"),)
    return words(f"a post by {parts.short(wording.handle(post))}, {wording.posted(post)} · "), link(post.url)
