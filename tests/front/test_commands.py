"""Slash commands: each is answered to the one who asked alone, in a sentence where it cannot be answered."""

from __future__ import annotations

import re

from bot.sample import pictures
from tests.front.newsroom import SEARCH, Newsroom, buttons, in_newsroom, shown
from tests.front.platforms import LINK, OLDER, OLDER_LINK, POST, brought
from tests.images.pictures import encoded, scene

LONG = "a name and a word " * 2_300


@in_newsroom()
async def test_a_trace_is_archived_and_answered_to_the_one_who_asked(room: Newsroom) -> None:
    """The card says what is held, what is conflicting and why, and nobody else sees it; the post is held once."""
    room.x.writes(OLDER, "A square in Kampala.", pictures.picture("soldiers-square"))
    room.x.writes(POST, "A square in Nairobi today.", pictures.mirrored_copy("soldiers-square"))
    await room.command(f"/trace {OLDER_LINK}")
    [card] = await room.command(f"/trace {LINK}")
    told = shown(card)
    assert "Seen before: its picture stands in 1 other post we hold" in told
    assert "Mirrored" in told
    assert "Kampala" in told
    assert "Nairobi" in told
    assert "Kampala" in card.text
    assert [block["type"] for block in card.blocks].count("image") == 1
    own = {"Show all of it", "Share in channel", "Boilerplate…", "Trace again", "Watch…"}
    assert set(buttons(card)) == own | SEARCH
    [again] = await room.command(f"/trace {LINK}", room.erik)
    assert "archived before" in shown(again)
    assert room.x.asked() == 2
    assert await room.archived() == 2
    assert room.posted(room.desk) == []


@in_newsroom()
async def test_a_command_is_acknowledged_with_what_is_being_done(room: Newsroom) -> None:
    """While the work goes on the reporter reads what is looked for; an acknowledgement never shows an answer."""
    await room.slack.people.command(room.rana.id, room.desk.id, "/whereis Njoroge")
    [delivery] = room.workspace.transcript.deliveries("command")
    assert "Njoroge" in delivery.answer["text"]
    assert delivery.answer["response_type"] == "ephemeral"


@in_newsroom()
async def test_whereis_tells_who_says_so_and_the_words(room: Newsroom) -> None:
    """Each claim stands with its stance, speaker, exact words and place; a day narrows the answer."""
    await room.watch("Amina Njoroge", "Njoroge")
    await room.take(brought(OLDER, "Amina Njoroge has arrived in Kampala today."))
    await room.take(brought(POST, "Amina Njoroge has arrived in Mombasa today."))
    [card] = await room.command("/whereis Njoroge")
    assert "“Amina Njoroge has arrived in Mombasa today" in shown(card)
    assert "Kampala" in shown(card)
    [then] = await room.command("/whereis Amina Njoroge known-on 2023-03-20")
    assert "Kampala" in shown(then)
    assert "Mombasa" not in shown(then)
    [day] = await room.command("/whereis Njoroge on 2023-03-29")
    assert "Mombasa" in shown(day)
    assert "Kampala" not in shown(day)
    [none] = await room.command("/whereis Njoroge on 2001-01-01")
    assert "not evidence of anything" in shown(none)


@in_newsroom()
async def test_whereis_is_narrowed_and_drawn(room: Newsroom) -> None:
    """A place and a day leave what is said of them, with a map; a stance that is none is answered in a sentence."""
    await room.watch("Amina Njoroge", "Njoroge")
    await room.take(brought(OLDER, "Amina Njoroge has arrived in Kampala today."))
    await room.take(brought(POST, "Amina Njoroge has arrived in Mombasa today."))
    [kenya] = await room.command("/whereis Njoroge place Kenya stance asserted")
    assert "Mombasa" in shown(kenya)
    assert "Kampala" not in shown(kenya)
    assert "asserted only, in Kenya" in shown(kenya)
    assert any("Number 1, Mombasa, KE" in block.get("alt_text", "") for block in kenya.blocks)
    [since] = await room.command("/whereis Njoroge since 2023-03-29")
    assert "Kampala" not in shown(since)
    [wrong] = await room.command("/whereis Njoroge stance doubted")
    assert "There is no stance doubted" in shown(wrong)


@in_newsroom()
async def test_a_name_that_nobody_has_is_answered_with_those_like_it(room: Newsroom) -> None:
    """Buttons under "did you mean" ask for the person that they name; without any, the next step is told."""
    await room.watch("Amina Njoroge")
    await room.watch("Juan Guaidó")
    [card] = await room.command("/whereis Amina Njorogo Kamau")
    named = {text: action for text, action in buttons(card).items() if text == "Amina Njoroge"}
    assert "Nobody watched is surely called" in shown(card)
    [answer] = await room.click(card, named["Amina Njoroge"])
    assert "Who says where: Amina Njoroge" in shown(answer)
    assert answer.ephemeral_to == room.rana.id
    [nobody] = await room.command("/whereis Xyzzyq Plugh")
    assert "/dateline people add Xyzzyq Plugh" in shown(nobody)
    assert "Amina Njoroge" not in buttons(nobody)


@in_newsroom()
async def test_check_tells_of_a_picture_and_keeps_it_only_when_asked(room: Newsroom) -> None:
    """A link of a picture or of a post is looked up and not kept; Keep takes it in, after which it is known."""
    room.x.writes(POST, "A street", pictures.picture("ruined-street"))
    address = f"{room.x.server.url}/media/p{POST}n0"
    [card] = await room.command(f"/check {address}")
    assert "No copy of this picture among those we hold" in shown(card)
    assert await room.archived() == 0
    [kept] = await room.click(card, buttons(card)["Keep in the archive"])
    assert "Kept as" in shown(kept)
    assert await room.archived() == 1
    [seen] = await room.command(f"/check {LINK}")
    assert "This picture was seen before" in shown(seen)
    assert await room.archived() == 1


@in_newsroom()
async def test_the_desk_command_tells_state_help_and_people(room: Newsroom) -> None:
    """Help, status and the watch-list are answered; a person is added with other names and a role, and removed."""
    [help_] = await room.command("/dateline help")
    assert "/trace LINK" in shown(help_)
    [status] = await room.command("/dateline status")
    assert "Last captured: never" in shown(status)
    [empty] = await room.command("/dateline people")
    assert "Nobody is watched yet" in shown(empty)
    [added] = await room.command("/dateline people add Amina Njoroge alias Njoroge, A. Njoroge role envoy to Oslo")
    assert "Amina Njoroge is watched." in shown(added)
    assert "Amina Njoroge, envoy to Oslo (also Njoroge, A. Njoroge)" in shown(added)
    [listed] = await room.command("/dateline people list")
    assert "Watched: 1 person" in shown(listed)
    [gone] = await room.command("/dateline people remove Njoroge")
    assert "Amina Njoroge is no longer watched." in shown(gone)
    [nobody] = await room.command("/dateline people remove Njoroge")
    assert "Nobody watched is called" in shown(nobody)
    [digest] = await room.command("/dateline digest")
    assert "Nothing new in this time" in shown(digest)


EMPTY = {
    "/trace": "No link was given",
    "/whereis": "No name was given",
    "/check": "No link was given",
    "/dateline": "What Dateline can do",
    "/dateline people add": "No name was given",
    "/dateline people frobnicate": "That is not understood",
    "/dateline people add Amina Njoroge --rule envoy": "That is not understood",
    "/whereis Amina Njoroge on 2015-02-30": "There is no day 2015-02-30",
    "/dateline whereis Amina Njoroge known on 2015-13-01": "There is no day 2015-13-01",
    "/dateline alerts sometimes": "That is not understood",
}


@in_newsroom()
async def test_a_command_without_its_words_is_answered_with_the_next_step(room: Newsroom) -> None:
    """What is missing is said, and what to type."""
    for command, sentence in EMPTY.items():
        [answer] = await room.command(command)
        assert sentence in shown(answer), command
        assert "/" in shown(answer), "the next step names a command"


@in_newsroom()
async def test_the_desk_command_takes_the_words_of_the_others(room: Newsroom) -> None:
    """Who types `/dateline whereis`, or the command line's options, is understood."""
    [added] = await room.command('/dateline people add "Amina Njoroge" --alias Njoroge --role "envoy to Oslo"')
    assert "Amina Njoroge, envoy to Oslo (also Njoroge)" in shown(added)
    [answer] = await room.command("/dateline whereis Njoroge on 2023-03-29")
    assert "Who says where: Amina Njoroge, on 29 Mar 2023" in shown(answer)
    [gone] = await room.command("/dateline people remove “Njoroge”")
    assert "Amina Njoroge is no longer watched." in shown(gone)


@in_newsroom()
async def test_an_unknown_word_is_answered_with_help(room: Newsroom) -> None:
    """`/dateline` with a word it does not know says so, with the word, and shows what can be asked."""
    [answer] = await room.command("/dateline frobnicate the reports")
    assert "Dateline does not know “frobnicate the reports”" in shown(answer)
    assert "/whereis NAME" in shown(answer)


@in_newsroom()
async def test_forty_thousand_characters_are_answered(room: Newsroom) -> None:
    """A whole article pasted after any command is one sentence for an answer, not a failure."""
    for command in ("/trace", "/whereis", "/check", "/dateline", "/dateline people add"):
        [answer] = await room.command(f"{command} {LONG}")
        assert len(shown(answer)) < 6_000
        assert "Something went wrong" not in shown(answer), command


REFUSED_LINKS = {
    "https://x.com.status.example@evil.example/i/status/1": "hides its real host",
    "https://х.com/i/status/1641086480675225601": "",  # the first letter is Cyrillic
    "https://x.com/harbour_watch": "is not a post",
    "javascript:alert(1)": "",
    "http://127.0.0.1:1/latest/meta-data": "",
    "harbour": "is not a link",
}


@in_newsroom()
async def test_links_that_mislead_are_refused_in_a_sentence(room: Newsroom) -> None:
    """Look-alikes and addresses within our own network are refused, and nothing is asked there or of X."""
    for link, why in REFUSED_LINKS.items():
        [answer] = await room.command(f"/trace {link}")
        assert why in shown(answer), link
        assert "Something went wrong" not in shown(answer)
        assert "Try again" not in buttons(answer), "it will not help"
    assert room.x.server.requests == []
    assert await room.archived() == 0


@in_newsroom()
async def test_a_dead_link_and_a_deleted_post_say_which_they_are(room: Newsroom) -> None:
    """The answer of the platform is archived, and the card says that no text of it is held."""
    [missing] = await room.command(f"/trace {LINK}")
    assert "Not found" in shown(missing)
    words = "This Post was deleted by the Post author."
    room.x.answers(OLDER, {"__typename": "TweetTombstone", "tombstone": {"text": {"text": words}}})
    [deleted] = await room.command(f"/trace {OLDER_LINK}")
    assert shown(deleted).startswith("Deleted at its source")
    assert "SHA-256" in shown(deleted)
    assert "We hold no text of it" in shown(deleted)


@in_newsroom()
async def test_a_platform_that_does_not_answer_can_be_asked_again_with_a_button(room: Newsroom) -> None:
    """Nothing is stored, one sentence says so, and Try again asks the same once more."""
    room.x.down = True
    [answer] = await room.command(f"/trace {LINK}")
    assert await room.archived() == 0
    room.x.down = False
    room.x.writes(POST, "Ships in Mombasa today", pictures.picture("harbour"))
    [card] = await room.click(answer, buttons(answer)["Try again"])
    assert "No copy among the pictures we hold" in shown(card)
    assert card.ephemeral_to == room.rana.id


@in_newsroom(seconds=120)
async def test_a_thousand_sightings_are_a_summary_and_pages(room: Newsroom) -> None:
    """The first screen is one line a place; the rest comes by buttons, each sighting once, to the end."""
    await room.watch("Amina Njoroge")
    towns = ("Mombasa", "Kampala", "Nairobi", "Kigali")
    posts = [
        brought(str(int(POST) + (n << 32)), f"Amina Njoroge has arrived in {towns[n % 4]} with {n} guards today.")
        for n in range(1_000)
    ]
    await room.service.desk.aside(room.service.desk.intake.take_all, posts)
    [card] = await room.command("/whereis Njoroge")
    assert "1,000 sightings" in shown(card)
    assert all(town in shown(card) for town in towns)
    pages, button = [], card
    while more := [action for text, action in buttons(button).items() if text.startswith("Show ")]:
        new = await room.click(button, more[0])
        pages += new
        button = new[-1]
    notes = [int(number) for page in pages for number in re.findall(r"“.*with (\d+) guards", shown(page))]
    assert len(notes) == 500
    assert len(notes) == len(set(notes))
    assert "The newest 500 of 1000" in shown(pages[-1])
    assert all(page.ephemeral_to == room.rana.id for page in pages)


@in_newsroom(workers=2, seconds=120)
async def test_a_post_with_twenty_pictures_is_answered(room: Newsroom) -> None:
    """Each picture was seen before: the first screen shows one pair, the thread tells of all, with few uploads."""
    many = [encoded(scene(seed, 240, 180)) for seed in range(20)]
    await room.take(brought(OLDER, "An album of Kampala.", many))
    await room.take(brought(POST, "An album of Mombasa.", many))
    [card] = await room.command(f"/trace {LINK}")
    assert "Seen before" in shown(card)
    assert [block["type"] for block in card.blocks].count("image") == 1
    rest = await room.click(card, buttons(card)["Show all of it"])
    told = "\n".join(map(shown, rest))
    assert all(f"Picture {number} of 20" in told for number in range(1, 21))
    images = [block for page in rest for block in page.blocks if block["type"] == "image"]
    assert 0 < len(images) <= 10
    assert all(block["alt_text"] for block in images)


@in_newsroom(workers=2)
async def test_requests_that_are_under_way_are_answered_each(room: Newsroom) -> None:
    """Ten questions at once from two people, over worker processes: ten answers, each to who asked it."""
    people = [room.rana, room.erik] * 5
    await room.watch("Amina Njoroge")
    for number, person in enumerate(people):
        went = await room.slack.people.command(person.id, room.desk.id, f"/whereis Nobody{number} Atall{number}")
        assert went.ok
    await room.quiet()
    for person, first in ((room.rana, 0), (room.erik, 1)):
        titles = {shown(one).splitlines()[0] for one in room.told(person)}
        assert titles == {f"Nobody watched is called “Nobody{n} Atall{n}”" for n in range(first, 10, 2)}


@in_newsroom()
async def test_a_page_to_search_elsewhere_opens_in_the_browser_and_asks_nothing_of_us(room: Newsroom) -> None:
    """The buttons are links to the engines, with the picture's public address; a click is acknowledged, no more."""
    room.x.writes(POST, "A street", pictures.picture("ruined-street"))
    [card] = await room.command(f"/trace {LINK}")
    links = [one for block in card.blocks for one in block.get("elements", ()) if one.get("url")]
    assert [one["text"]["text"] for one in links] == ["TinEye, oldest first", "Google Lens", "Yandex", "Bing"]
    address = f"https%3A%2F%2Fpbs.twimg.com%2Fmedia%2Fp{POST}n0%3F"
    assert all(address in one["url"] for one in links)
    assert "the site learns the address and your IP address. Nothing is sent by Dateline." in shown(card)
    before, asked = await room.jobs(), room.x.asked()
    assert await room.click(card, links[0]["action_id"]) == []
    assert (await room.jobs(), room.x.asked()) == (before, asked)
