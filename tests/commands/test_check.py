"""`check` as scripts run it: one entry an input, whatever it is, and a failure where nothing could be opened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.sample import pictures
from tests.images.pictures import encoded, scene
from tests.loopback import Loopback, Reply
from tests.terminals import Terminal

ID = "1641086480675225601"
LINK = f"https://x.com/harbour_watch/status/{ID}"
JSON = {"Content-Type": "application/json"}
JPEG = {"Content-Type": "image/jpeg"}


def post_value(*names: str) -> dict[str, Any]:
    """A post with these pictures, in the shape of the syndication route."""
    photos = [{"type": "photo", "media_url_https": f"https://pbs.twimg.com/media/{name}.jpg"} for name in names]
    return {
        "__typename": "Tweet",
        "id_str": ID,
        "text": "Boats leave the harbour.",
        "user": {"id_str": "7", "name": "Harbour Watch", "screen_name": "harbour_watch"},
        "mediaDetails": photos,
    }


def post(*names: str) -> Reply:
    """X's answer for that post."""
    return Reply(json.dumps(post_value(*names)).encode(), 200, JSON)


@pytest.fixture(name="server")
def fixture_server() -> Iterator[Loopback]:
    """X with a post of two pictures, the second mirrored, and the host of the pictures."""
    routes = {
        "GET /tweet-result": post("AbCdEf", "GhIjKl"),
        "GET /media/AbCdEf": Reply(pictures.picture("harbour"), 200, JPEG),
        "GET /media/GhIjKl": Reply(pictures.mirrored_copy("tent-camp"), 200, JPEG),
    }
    with Loopback(routes) as server:
        yield server


@pytest.fixture(name="terminal")
def fixture_terminal(server: Loopback, tmp_path: Path) -> Terminal:
    """A terminal whose store holds the pictures that the post shows, and to whom X is that server."""
    host, port = server.pair
    base = dict.fromkeys(("X_SYNDICATION_URL", "X_OEMBED_URL", "X_MEDIA_URL"), server.url)
    terminal = Terminal(tmp_path / "store", DATELINE_ALLOWED_PRIVATE=f"{host}:{port}", **base)
    folder = tmp_path / "kept"
    folder.mkdir()
    for name in ("harbour", "tent-camp"):
        (folder / f"{name}.jpg").write_bytes(pictures.picture(name))
    assert terminal.ask("ingest", str(folder))["archived"] == 2
    return terminal


def seen(entry: Any) -> Any:
    """What an entry says of its pictures, without where their copies stand."""
    return [
        (one["input"], one["sha256"], one["usable"], [match["relation"] for match in one["matches"]])
        for one in (entry, *entry["pictures"])
    ]


def test_a_post_is_one_entry_with_all_its_pictures(terminal: Terminal, tmp_path: Path) -> None:
    """A post gives one entry in its place: its first picture's fields, every picture's matches, a full entry each."""
    other = tmp_path / "kept" / "harbour.jpg"
    before, entry, after = terminal.ask("check", str(other), LINK, str(other))
    assert [one["input"] for one in (before, entry, after)] == [str(other), LINK, str(other)]
    assert (before["pictures"], after["pictures"]) == ([], [])
    first, second = entry["pictures"]
    assert (entry["sha256"], entry["width"], entry["usable"]) == (first["sha256"], first["width"], True)
    assert [match["relation"] for match in first["matches"]] == ["identical"]
    assert [match["relation"] for match in second["matches"]] == ["mirrored"]
    assert entry["matches"] == [*first["matches"], *second["matches"]]
    assert set(first) == set(entry)
    assert terminal.ask("status")["posts"] == 2
    text = terminal.run("check", LINK).stdout
    assert text.splitlines()[0] == LINK
    assert "picture 2 of 2" in text


def test_an_archived_post_is_labelled_like_a_fetched_one(terminal: Terminal, server: Loopback) -> None:
    """Whether a post is archived changes neither the label nor the pictures, and an archived one is not asked for."""
    [fresh] = terminal.ask("check", LINK)
    terminal.run("trace", LINK)
    asked = len(server.requests)
    [archived] = terminal.ask("check", LINK)
    assert len(server.requests) == asked
    assert [one[:3] for one in seen(archived)] == [one[:3] for one in seen(fresh)]


def test_a_picture_that_is_missing_is_told_in_its_place(terminal: Terminal, server: Loopback) -> None:
    """A picture that cannot be fetched is an entry with its reason, of a fetched and of an archived post."""
    del server.routes["GET /media/AbCdEf"]
    for _ in range(2):
        [entry] = terminal.ask("check", LINK)
        assert [one["usable"] for one in entry["pictures"]] == [False, True]
        assert entry["why_not"] == entry["pictures"][0]["why_not"] != ""
        assert "mirrored" in [match["relation"] for match in entry["matches"]]
        terminal.run("trace", LINK)


def test_a_post_without_pictures_is_one_entry(terminal: Terminal, server: Loopback) -> None:
    """A post that shows no picture is an answer that says so, before and after it is archived."""
    server.routes["GET /tweet-result"] = post()
    for _ in range(2):
        [entry] = terminal.ask("check", LINK)
        assert (entry["input"], entry["usable"], entry["matches"], entry["pictures"]) == (LINK, False, [], [])
        assert entry["why_not"] == "The post shows no picture."
        terminal.run("trace", LINK)


def test_a_platforms_link_needs_no_scheme(terminal: Terminal) -> None:
    """What `trace` takes for a link is one here as well; a name that no platform has is a file's."""
    bare = LINK.removeprefix("https://")
    [entry] = terminal.ask("check", bare)
    assert (entry["input"], len(entry["pictures"])) == (bare, 2)
    missing, _ = terminal.ask("check", "harbour.example/picture.jpg", bare)
    assert missing["why_not"] == "It does not exist."


def test_a_folder_is_an_entry_a_picture(terminal: Terminal, tmp_path: Path) -> None:
    """A folder is looked up like ingest takes it: each picture in it under its own path, in order."""
    (tmp_path / "kept" / "notes.txt").write_text("no picture")
    found = terminal.ask("check", str(tmp_path / "kept"))
    assert [one["input"] for one in found] == [
        str(tmp_path / "kept" / f"{name}.jpg") for name in ("harbour", "tent-camp")
    ]
    assert [one["matches"][0]["relation"] for one in found] == ["identical", "identical"]
    (tmp_path / "empty").mkdir()
    done = terminal.run("check", str(tmp_path / "empty"), status=1)
    assert "holds no picture" in done.stderr


@pytest.mark.parametrize("names", [("none.jpg",), ("none.jpg", "x" * 300)])
def test_nothing_opened_is_a_failure(terminal: Terminal, names: tuple[str, ...]) -> None:
    """Where no input can be opened the work has failed: exit 1, one line, one error value."""
    done = terminal.run("check", *names, "--json", status=1)
    error = json.loads(done.stdout)["error"]
    assert error["code"] == "nothing_checked"
    assert error["message"].startswith("none.jpg: It does not exist.")
    assert done.stderr.strip() == f"dateline: {error['message']}"


def test_a_link_that_fails_beside_a_file_that_does_not(terminal: Terminal, tmp_path: Path) -> None:
    """One input that can be opened is enough: the list is kept, with the reason of the other in its place."""
    kept = str(tmp_path / "kept" / "harbour.jpg")
    dead, found = terminal.ask("check", "https://x.com.evil.example/a/status/1", kept)
    assert (dead["usable"], dead["matches"], dead["sha256"]) == (False, [], None)
    assert "it only carries that name" in dead["why_not"], "it is not fetched"
    assert found["matches"][0]["relation"] == "identical"


def test_regions_are_numbers_of_one_kind(terminal: Terminal, tmp_path: Path) -> None:
    """Every coordinate of a region is written as a decimal number."""
    text = terminal.run("check", str(tmp_path / "kept" / "harbour.jpg"), "--json").stdout
    [entry] = json.loads(text, parse_int=lambda digits: f"integer {digits}")
    corners = [*entry["matches"][0]["region_query"], *entry["matches"][0]["region_match"]]
    assert len(corners) == 8
    assert all(isinstance(number, float) for corner in corners for number in corner)


def test_a_damaged_stored_file_does_not_keep_an_answer_back(terminal: Terminal, tmp_path: Path) -> None:
    """A near copy of a damaged stored picture is told as possible, without a picture side by side."""
    for file in (path for path in (terminal.home / "vault").rglob("*") if path.is_file()):
        file.chmod(0o600)
        file.write_bytes(b"damaged")
    copy = tmp_path / "copy.jpg"
    copy.write_bytes(pictures.mirrored_copy("harbour"))
    [entry] = terminal.ask("check", str(copy), "--evidence", str(tmp_path / "evidence"))
    [match] = entry["matches"]
    assert (match["certainty"], match["evidence"]) == ("possible", None)


POSTER = "The post shows a video or moving picture: what is archived and compared is its poster frame, a single still."


@pytest.mark.parametrize(
    "shape",
    [
        {"mediaDetails": [{"type": "video", "media_url_https": "https://pbs.twimg.com/media/AbCdEf.jpg"}]},
        {"mediaDetails": [{"type": "animated_gif", "media_url_https": "https://pbs.twimg.com/media/AbCdEf.jpg"}]},
        {"mediaDetails": [], "video": {"poster": "https://pbs.twimg.com/media/AbCdEf.jpg", "variants": []}},
    ],
    ids=["video", "moving picture", "poster alone"],
)
def test_of_a_video_its_poster_frame_is_compared_and_that_is_said(
    server: Loopback, terminal: Terminal, shape: dict[str, Any]
) -> None:
    """The still of a video is looked up like a picture, and each answer says what it is: fetched, traced, archived."""
    value = post_value() | shape
    server.routes["GET /tweet-result"] = Reply(json.dumps(value).encode(), 200, JSON)
    [fetched] = terminal.ask("check", LINK)
    assert (fetched["notes"], len(fetched["matches"])) == ([POSTER], 1)
    assert terminal.ask("trace", LINK)["notes"] == [POSTER]
    again = terminal.ask("trace", LINK)
    assert (again["already_archived"], again["notes"]) == (True, [POSTER])
    assert f"note: {POSTER}" in terminal.run("check", LINK).stdout


def test_of_a_moving_picture_it_is_said_which_frame_is_compared(terminal: Terminal, tmp_path: Path) -> None:
    """A GIF is looked up by its first frame, and the answer says so; a still picture has nothing to say."""
    first, rest = scene(5), [scene(6), scene(7)]
    (tmp_path / "a.gif").write_bytes(encoded(first, "GIF", save_all=True, append_images=rest))
    (tmp_path / "b.png").write_bytes(encoded(first, "PNG"))
    terminal.run("ingest", str(tmp_path / "b.png"))
    moving, still = terminal.ask("check", str(tmp_path / "a.gif"), str(tmp_path / "b.png"))
    assert moving["notes"] == ["It is a moving picture of 3 frames; the first is what is compared."]
    assert (len(moving["matches"]), still["notes"]) == (1, [])


def test_pages_to_search_elsewhere(terminal: Terminal, tmp_path: Path) -> None:
    """Each picture of a post has its pages, by its public address; a file has none, and how to do it is said once."""
    files = [tmp_path / "one.png", tmp_path / "two.png"]
    for number, file in enumerate(files):
        file.write_bytes(encoded(scene(80 + number), "PNG"))
    post, one, two = terminal.ask("check", LINK, *map(str, files))
    assert [picture["elsewhere"][0]["name"] for picture in post["pictures"]] == ["TinEye", "TinEye"]
    assert "media%2FGhIjKl%3Fformat%3Djpg%26name%3Dorig" in post["pictures"][1]["elsewhere"][0]["url"]
    assert "nothing is sent by Dateline" in post["elsewhere"][0]["reveals"]
    assert post["by_hand"] is None
    assert one["elsewhere"] == two["elsewhere"] == []
    assert "upload it yourself" in one["by_hand"]
    text = terminal.run("check", LINK, *map(str, files)).stdout
    assert text.count("upload it yourself") == 1
    assert text.count("TinEye, oldest first: https://www.tineye.com/search/?url=https%3A%2F%2Fpbs.twimg.com") == 2


def test_what_a_file_says_of_itself(terminal: Terminal, tmp_path: Path) -> None:
    """At the terminal everything is told, coordinates too, as what the file says; the JSON has the values."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[36867] = "2016:10:08 14:03:05"
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 28.0, 2.8), 3: "E", 4: (11.0, 53.0, 6.5)})
    file = tmp_path / "photo.jpg"
    file.write_bytes(encoded(scene(90), "JPEG", exif=exif))
    [found] = terminal.ask("check", str(file))
    assert found["metadata"]["taken_at"] == "2016-10-08T14:03:05"
    assert found["metadata"]["gps"] == {"lat": 43.46744, "lon": 11.88514}
    text = terminal.run("check", str(file)).stdout
    assert "The camera's clock said 2016-10-08 14:03 (no time zone told)" in text
    assert "43.46744, 11.88514" in text
    assert "None of it is proof" in text
