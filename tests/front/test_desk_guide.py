"""docs/desk.md followed to the letter: an editor types everything that stands in it, and it all works."""

from __future__ import annotations

import re
import time
from pathlib import Path

from bot.sample import pictures
from bot.workspace.values import Message
from tests.front.newsroom import Newsroom, buttons, in_newsroom, shown
from tests.front.platforms import LINK, POST

PAGE = Path(__file__).resolve().parents[2] / "docs" / "desk.md"
MINUTES = 5

LINKS = {"https://x.com/…/status/…": LINK}
"""What stands for a link in the guide."""


def blocks() -> list[str]:
    """The lines that the guide lets an editor type, in order."""
    fenced = re.findall(r"^```\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line for block in fenced for line in block.splitlines()]


def in_passing() -> list[str]:
    """The commands that it names in its tables and sentences."""
    return re.findall(r"`(/(?:dateline|watch)[^`]*)`", PAGE.read_text(encoding="utf-8"))


def refused(answers: list[Message]) -> list[str]:
    """Answers that do not do what was typed."""
    told = [shown(answer) for answer in answers]
    return [text for text in told if re.search(r"not understood|does not know|went wrong|Try:", text)]


@in_newsroom(seconds=90.0, sweeps=False)
async def test_a_desk_is_set_up_as_the_guide_says(room: Newsroom) -> None:
    """Every line of the guide, typed in its order by an editor, does what the guide says, well within its minutes."""
    began = time.monotonic()
    room.workspace.add_usergroup("verification", [room.rana.id])
    desk = room.workspace.add_channel("syria-desk", members=[room.rana.id, room.erik.id])
    room.x.writes(POST, "Ships in Mombasa today", pictures.picture("harbour"))
    typed = blocks()
    assert typed[0] == "/invite @dateline"
    room.slack.people.invite_bot(desk.id)
    for line in typed[1:]:
        answers = await room.command(line, room.erik, desk)
        assert answers, line
        assert not refused(answers), (line, [shown(answer) for answer in answers])
        choices = {name: action for answer in answers for name, action in buttons(answer).items()}
        if "A public figure" in choices:
            said = await room.click(answers[-1], choices["A public figure"], room.erik)
            assert any("Watching Qassem Soleimani" in shown(one) for one in said), [shown(one) for one in said]
    for line in in_passing():
        asked = line
        for written, meant in LINKS.items():
            asked = asked.replace(written, meant)
        if asked.split()[0] == "/watch" and len(asked.split()) == 1:  # opens a form: see tests/front/test_watches.py
            continue
        went = await room.slack.people.command(room.erik.id, desk.id, asked)
        assert went.ok, asked
        await room.quiet()
    told = [shown(message) for message in room.told(room.erik)]
    assert not [text for text in told if re.search(r"not understood|does not know|went wrong", text)], told
    [listed] = await room.command("/watch list", room.erik, desk)
    for label in ("Qassem Soleimani", "@alihashem_tv"):
        assert label in shown(listed)
    assert time.monotonic() - began < MINUTES * 60
