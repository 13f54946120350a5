"""What one can ask, by example."""

from __future__ import annotations

from typing import Final

from bot.slack.blocks import Message, context, header, line, message, packed, words

COMMANDS: Final = (
    ("/trace LINK", "archive a post, and tell where its pictures appeared before"),
    (
        "/whereis NAME",
        "who says that a person is where, with a map; add on, known-on or since DATE, place NAME, stance X",
    ),
    ("/check LINK", "whether a picture was kept before; or drop the picture into a direct message"),
    ("/dateline compare LINK LINK", "why two pictures match or do not; or send two with @dateline compare"),
    ("/watch NAME every 15m from x:@ACCOUNT", "search those sources, tell this channel; /watch new opens a form"),
    ("/watch list", "what is watched, when it runs next, what came of it and what it costs"),
    ("/dateline alerts here", "warn this channel when a picture comes in again; alerts off to stop"),
    ("/dateline digest at 08:30 weekdays", "what is new here, each thing once; or digest now, digest preview"),
    ("/dateline snoozes", "what this channel is not told of for a while"),
    ("/dateline silenced", "which pairs and pictures never warn, and a button to undo each"),
    ("/dateline verdicts", "which sightings were confirmed, rejected or corrected, and a button to undo each"),
    ("/dateline people", "whose names are known; people add, merge, split, rename, remove, undo, history"),
    ("/dateline sweep now", "search the sources of the watches now"),
    ("/dateline blur on", "blur the pictures of this channel's warnings until somebody clicks"),
    ("/dateline oncall @GROUP after 30m", "who is told of what nobody acknowledges; pause all stops everything"),
    ("/dateline status", "sweeps, sources, what waits, and what could not be delivered"),
    ("@dateline trace LINK", "the same in a thread, where Slack takes no commands"),
)
"""Each command with what it does, in the order in which a newcomer needs them."""

CLOSING: Final = (
    "On any message: the shortcut “Check this message”. Answers are shown to you alone until you share them. "
    "Nothing is ever stated as fact: each line says who says so, when, and how surely."
)


def help_message(unknown: str = "") -> Message:
    """Show what can be asked; `unknown` is what was typed and not understood."""
    title = "What Dateline can do"
    asked = [f"Dateline does not know “{unknown[:100]}”."] if unknown else []
    atoms = [(line(words(text)),) for text in asked]
    atoms += [(line(words(command, bold=True), words(f": {what}")),) for command, what in COMMANDS]
    told = [*asked, title, *(f"{command}: {what}" for command, what in COMMANDS), CLOSING]
    return message([header(title), *packed(atoms), context(CLOSING)], told)
