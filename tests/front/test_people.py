"""The watch-list in Slack: one person of two, two of one, another name, and taking it back."""

from __future__ import annotations

from tests.front.newsroom import Newsroom, buttons, in_newsroom, shown
from tests.front.platforms import POST, brought

ERIK = "U3R1LH8PHMX"
"""The id that the newsroom's editor always gets."""

MERGE = '/dateline people merge "Amina Njoroge" "Mina Otieno"'


async def watched(room: Newsroom) -> None:
    """Two people are watched, and a post tells of each."""
    await room.watch("Amina Njoroge")
    await room.watch("Mina Otieno")
    await room.take(brought(POST, "Amina Njoroge arrived in Suva. Mina Otieno arrived in Apia."))


async def places(room: Newsroom, name: str) -> str:
    """What the answer for a name shows."""
    [answer] = await room.command(f"/whereis {name}")
    return shown(answer)


@in_newsroom()
async def test_a_merge_is_undone_by_its_button(room: Newsroom) -> None:
    """The answer says what was done and has an Undo; undone, both are there again; a second click says by what."""
    await watched(room)
    [merged] = await room.command(MERGE)
    assert "Mina Otieno is now another name of Amina Njoroge." in shown(merged)
    found = await places(room, "Mina Otieno")
    assert "Who says where: Amina Njoroge" in found
    assert "Suva" in found
    assert "Apia" in found
    undo = buttons(merged)["Undo"]
    [undone] = await room.click(merged, undo)
    assert "Undone: Mina Otieno is now another name of Amina Njoroge." in shown(undone)
    assert "Watched: 2 people" in shown(undone)
    found = await places(room, "Mina Otieno")
    assert "Who says where: Mina Otieno" in found
    assert "Suva" not in found
    [again] = await room.click(merged, undo)
    assert "was undone already, by change" in shown(again)


@in_newsroom()
async def test_a_surname_alone_says_why_it_is_theirs(room: Newsroom) -> None:
    """The line of a sighting that rests on a surname says by what it was linked, as the command line does."""
    await room.watch("Amina Njoroge")
    await room.take(brought(POST, "Njoroge arrived in Suva."))
    assert "(surname alone: the only Njoroge on the list)" in await places(room, "Amina Njoroge")


@in_newsroom()
async def test_a_name_of_several_is_nobodys_until_one_is_chosen(room: Newsroom) -> None:
    """Of four people of one surname three are offered, nobody is answered for, and the one who is clicked is."""
    for name in ("Amina Njoroge", "Boris Njoroge", "Carla Njoroge", "Doris Njoroge"):
        await room.watch(name)
    [card] = await room.command("/whereis Njoroge")
    assert "“Njoroge” may be several people" in shown(card)
    offered = [text for text in buttons(card) if text.endswith("Njoroge")]
    assert len(offered) == 3
    [answer] = await room.click(card, buttons(card)[offered[1]])
    assert f"Who says where: {offered[1]}" in shown(answer)


@in_newsroom()
async def test_split_rename_and_history(room: Newsroom) -> None:
    """Spellings become somebody else, a name is corrected, and the history says who did so, with buttons to undo."""
    await room.watch("Ali Hassan", "Chemical Ali")
    [split] = await room.command("/dateline people split Ali Hassan into Ali Hassan al-Majid alias Chemical Ali")
    told = "Ali Hassan al-Majid, with the spellings “Chemical Ali”, is now somebody else than Ali Hassan."
    assert told in shown(split)
    [renamed] = await room.command('/dateline people rename "Ali Hassan" “Ali Hasan”', room.erik)
    assert "Ali Hassan is now called Ali Hasan." in shown(renamed)
    [history] = await room.command("/dateline people history")
    assert "is now called Ali Hasan." in shown(history)
    assert room.erik.id in str(history.blocks)
    assert {"Undo 3", "Undo 2"} <= set(buttons(history))
    [undone] = await room.click(history, buttons(history)["Undo 3"])
    assert "Undone: Ali Hassan is now called Ali Hasan." in shown(undone)


@in_newsroom()
async def test_what_cannot_be_done_is_said_with_the_next_step(room: Newsroom) -> None:
    """Nothing to undo, a name that nobody has, names without quotes: a sentence each, and nothing is changed."""
    for line, sentence in {
        "/dateline people undo": "There is no change of the watch-list to undo.",
        "/dateline people undo 4": "There is no change 4",
        '/dateline people rename "Zbigniew Quux" "Zbig"': "Nobody watched is called",
        "/dateline people merge Amina Njoroge Mina Otieno": "Two names are needed, each in quotes",
    }.items():
        [answer] = await room.command(line)
        assert sentence in shown(answer), line


@in_newsroom(DATELINE_EDITORS=ERIK)
async def test_where_editors_are_named_only_they_merge(room: Newsroom) -> None:
    """Others are told whom to ask, also by the button of an editor's answer; adding stays everybody's."""
    assert room.erik.id == ERIK
    await watched(room)
    [refused] = await room.command(MERGE)
    assert "Only an editor may merge people" in shown(refused)
    [merged] = await room.command(MERGE, room.erik)
    assert "Undo" in buttons(merged)
    [refused] = await room.command("/dateline people undo")
    assert "Only an editor may merge people, or undo it" in shown(refused)
    [added] = await room.command("/dateline people add Sefo Tui")
    [undone] = await room.click(added, buttons(added)["Undo"])
    assert "Undone: Sefo Tui is watched." in shown(undone)
