"""Two pictures compared in Slack: why they match or do not, and what a file says of itself told to whom it may be."""

from __future__ import annotations

from PIL import Image

from bot.sample import pictures
from bot.workspace.values import Message
from tests.front.newsroom import Newsroom, buttons, in_newsroom, shown
from tests.front.platforms import LINK, OLDER, OLDER_LINK, POST, brought
from tests.images.pictures import encoded, scene


async def send(room: Newsroom, words: str, *files: tuple[str, bytes], direct: bool = False) -> list[Message]:
    """Let Rana send files with words to the bot; what it answers."""
    place = room.workspace.direct(room.rana.id) if direct else room.desk
    known = len(room.posted(place))
    room.slack.people.drop_files(room.rana.id, place.id, list(files), words)
    await room.quiet()
    return room.posted(place)[known:]


@in_newsroom()
async def test_two_archived_posts_are_compared(room: Newsroom) -> None:
    """Relation, change, share of each, score and hash distance, with the two side by side; it can be shared."""
    await room.take(brought(OLDER, "A square.", [pictures.picture("soldiers-square")]))
    await room.take(brought(POST, "The square.", [pictures.mirrored_copy("soldiers-square")]))
    [card] = await room.command(f"/dateline compare {OLDER_LINK} {LINK}")
    told = shown(card)
    assert "They are found to be one picture" in told
    assert "mirrored" in told.lower()
    assert "(threshold 0.55)" in told
    assert "The part that both show is all of the first and all of the second." in told
    assert "of 256 bits" in told
    [image] = [block for block in card.blocks if block["type"] == "image"]
    assert "Two pictures side by side" in image["alt_text"]
    await room.click(card, buttons(card)["Share in channel"])
    [shared] = room.posted(room.desk)
    assert "They are found to be one picture" in shown(shared)
    assert "Share in channel" not in buttons(shared)


@in_newsroom()
async def test_two_pictures_that_are_not_one(room: Newsroom) -> None:
    """The reason is told in numbers, and that it is no proof; nothing is kept."""
    room.x.writes(POST, "A street", pictures.picture("ruined-street"))
    await room.take(brought(OLDER, "A square.", [pictures.picture("soldiers-square")]))
    [card] = await room.command(f"/dateline compare {OLDER_LINK} {room.x.server.url}/media/p{POST}n0")
    told = shown(card)
    assert "Not found to be one picture" in told
    assert "of 256 bits" in told
    assert "no part of one is found in the other" in told
    assert "no proof" in told
    assert await room.archived() == 1


@in_newsroom()
async def test_two_pictures_of_a_message_are_compared(room: Newsroom) -> None:
    """Sent with a mention in a channel or by direct message; the answer names both files, and can be shared on."""
    files = [("one.jpg", pictures.picture("harbour")), ("two.jpg", pictures.mirrored_copy("harbour"))]
    for words, direct in (("@dateline compare", False), ("compare", True)):
        [card] = await send(room, words, *files, direct=direct)
        assert "They are found to be one picture" in shown(card)
        assert "First: one.jpg (" in shown(card)
        assert "Second: two.jpg (" in shown(card)
    assert await room.archived() == 0


@in_newsroom()
async def test_a_picture_and_a_link(room: Newsroom) -> None:
    """One file and one link behind the verb are two pictures."""
    await room.take(brought(OLDER, "A harbour.", [pictures.picture("harbour")]))
    [card] = await send(room, f"compare {OLDER_LINK}", ("two.jpg", pictures.mirrored_copy("harbour")), direct=True)
    assert "They are found to be one picture" in shown(card)


@in_newsroom()
async def test_what_cannot_be_compared_is_said_in_a_sentence(room: Newsroom) -> None:
    """Too few pictures, a post that nobody traced, a path on the machine: what it is and what to do."""
    for typed, words in (
        ("", "Two pictures are needed"),
        (LINK, "Two pictures are needed"),
        (f"{LINK} {OLDER_LINK}", "No picture of this post is archived"),
        (f"/etc/hostname {LINK}", "it is no SHA-256 and no link"),
        (f"{'0' * 64} {LINK}", "No picture with this SHA-256 is archived"),
    ):
        [answer] = await room.command(f"/dateline compare {typed}".strip())
        assert words in shown(answer), typed


@in_newsroom()
async def test_what_is_private_is_compared_where_it_is_known(room: Newsroom) -> None:
    """A post of a private channel is as if it were not there elsewhere, by link and by digest."""
    room.x.writes(POST, "A street", pictures.picture("ruined-street"))
    room.x.writes(OLDER, "A street", pictures.picture("ruined-street"))
    await room.command(f"/trace {LINK}", channel=room.sources)
    [known] = await room.command(f"/dateline compare {LINK} {LINK}", channel=room.sources)
    assert "They are found to be one picture" in shown(known)
    [unknown] = await room.command(f"/dateline compare {LINK} {LINK}", channel=room.lobby)
    [never] = await room.command(f"/dateline compare {OLDER_LINK} {OLDER_LINK}", channel=room.lobby)
    assert shown(unknown).replace(POST, OLDER) == shown(never)


def located() -> bytes:
    """A photograph with a clock, a camera and coordinates."""
    exif = Image.Exif()
    exif[272] = "Model 1"
    exif.get_ifd(0x8769)[36867] = "2016-10-08 14:03:05".replace("-", ":")
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 28.0, 2.8), 3: "E", 4: (11.0, 53.0, 6.5)})
    return encoded(scene(7), "JPEG", exif=exif)


@in_newsroom()
async def test_coordinates_are_told_to_one_person_alone(room: Newsroom) -> None:
    """In a direct message they are told; in a channel, and when the answer is shared, that there are some."""
    [alone] = await send(room, "", ("photo.jpg", located()), direct=True)
    assert "The camera's clock said 2016-10-08 14:03 (no time zone told)" in shown(alone)
    assert "43.46744, 11.88514" in shown(alone)
    [public] = await send(room, "@dateline check", ("photo.jpg", located()))
    assert "The camera's clock said" in shown(public)
    assert "They are not told in a channel" in shown(public)
    everything = "\n".join(f"{shown(one)}\n{one.text}" for one in room.posted(room.desk))
    assert "43.4" not in everything
