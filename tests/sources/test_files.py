"""Posts from lines of JSON: every line for itself."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sources import files, local
from bot.sources.base import Captured, Unreadable
from bot.sources.files import Found, from_jsonl
from storage.records import TimeBasis

BEYOND = ("0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00")
"""Times that exist where they are said and cannot be written as UTC."""
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\nnot really"


def lines(folder: Path, *rows: object) -> list[Found]:
    """Write rows (bytes as they are, anything else as JSON) into a file, and read it."""
    file = folder / "posts.jsonl"
    file.write_bytes(b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows))
    return list(from_jsonl(file, NOW))


def only(found: Iterable[Found]) -> Captured:
    """The one post that was read."""
    (one,) = found
    assert one.captured is not None, one.why_not
    return one.captured


def refused(found: Iterable[Found]) -> list[int]:
    """The numbers of the lines that were refused, as a person is told."""
    return [int(one.where.rpartition("posts.jsonl, line ")[2]) for one in found if one.captured is None]


def taken(found: Iterable[Found]) -> list[Captured]:
    """The posts."""
    return [one.captured for one in found if one.captured is not None]


def test_line(tmp_path: Path) -> None:
    """Every field of a line is carried over, and the line's bytes are the raw ones."""
    row = {
        "url": "https://news.example/a?utm_source=x",
        "platform": "web",
        "author": "quay",
        "author_name": "Ann Quay",
        "posted_at": "2015-10-13T17:38:00-04:00",
        "text": "Words\r\nand &amp; more",
        "lang": "en",
        "images": ["data:image/png;base64," + base64.b64encode(PNG).decode()],
        "publisher": "Harbour Post",
        "captured_at": "2016-01-02T03:04:05Z",
    }
    post = only(lines(tmp_path, row))
    assert (post.platform, post.url) == ("web", "https://news.example/a")
    assert (post.author, post.author_name, post.publisher, post.lang) == ("quay", "Ann Quay", "Harbour Post", "en")
    assert post.posted_at is not None
    assert post.posted_at.isoformat() == "2015-10-13T17:38:00-04:00"
    assert post.posted_at_basis is TimeBasis.STATED
    assert post.captured_at == datetime(2016, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert post.text == "Words\r\nand &amp; more"
    assert post.media[0].data == PNG
    assert post.raw == json.dumps(row).encode()
    assert post.notes == ()


def test_bad_lines(tmp_path: Path) -> None:
    """A bad line is named by its number and reason, and the rest goes on; empty lines are passed over."""
    rows = [
        {"text": "one"},
        b"{broken",
        b"",
        b'{"text": "caf\xe9"}',
        ["a", "list"],
        {"text": 5},
        {"text": "x", "images": "a.png"},
        {"author": "nobody"},
        {"images": ["missing.png"]},
        b'{"text":' + b"[" * 100_000,
        b'{"n": ' + b"9" * 10_000 + b"}",
        {"text": "two"},
    ]
    found = lines(tmp_path, *rows)
    assert refused(found) == [2, 4, 5, 6, 7, 8, 9, 10, 11]
    assert [post.text for post in taken(found)] == ["one", "two"]
    assert all(one.why_not.endswith(".") for one in found if one.captured is None)
    assert not any("codec" in one.why_not or "delimiter" in one.why_not for one in found)


def test_one_in_ten_thousand(tmp_path: Path) -> None:
    """One bad line among ten thousand costs only itself."""
    rows: list[object] = [{"text": f"post {number}"} for number in range(10_000)]
    rows[5000] = b"{"
    found = lines(tmp_path, *rows)
    assert refused(found) == [5001]
    assert len({post.post_id for post in taken(found)}) == 9999


def test_huge_line(tmp_path: Path) -> None:
    """A line beyond the limit is skipped without being held, and the next one is read."""
    found = lines(tmp_path, b"x" * (files.LINE_LIMIT + 5_000_000), {"text": "after"})
    assert refused(found) == [1]
    assert [post.text for post in taken(found)] == ["after"]


def test_huge_text(tmp_path: Path) -> None:
    """A text beyond what a text file may have is refused within its line too."""
    found = lines(tmp_path, {"text": "x" * (local.TEXT_LIMIT + 1)}, {"text": "after"})
    assert refused(found) == [1]


def test_windows_file(tmp_path: Path) -> None:
    """A byte-order mark and carriage returns at line ends are no part of the posts."""
    found = lines(tmp_path, b'\xef\xbb\xbf{"text": "a"}\r', b'{"text": "b"}\r')
    assert [post.text for post in taken(found)] == ["a", "b"]
    assert taken(found)[1].raw == b'{"text": "b"}'


def test_ids(tmp_path: Path) -> None:
    """A link decides the id in whatever form it comes; without a usable one the line's digest does."""
    post = only(lines(tmp_path, {"text": "x", "url": "https://mobile.twitter.com/a/status/1641086480675225601?s=20"}))
    assert (post.post_id, post.platform) == ("x:1641086480675225601", "x")
    for url in (None, "", 7, "https://x.com.evil.tld/a/status/1", "javascript:alert(1)"):
        post = only(lines(tmp_path, {"text": "x", "url": url}))
        assert post.post_id.startswith("text:")
        assert post.url is None
    assert "not kept" in post.notes[0]


def test_number_beats_date(tmp_path: Path) -> None:
    """The time in an X number wins over the stated one, and a disagreement of more than a day is noted."""
    row = {"text": "x", "url": "https://x.com/a/status/1641086480675225601"}
    near = only(lines(tmp_path, row | {"posted_at": "2023-03-30T01:00:00Z"}))
    far = only(lines(tmp_path, row | {"posted_at": "2021-03-30T01:00:00Z"}))
    assert near.posted_at == far.posted_at == datetime(2023, 3, 29, 14, 34, 41, 562000, tzinfo=UTC)
    assert (near.posted_at_basis, near.notes) == (TimeBasis.DECODED_ID, ())
    assert "disagrees" in far.notes[0]


@pytest.mark.parametrize("written", ["soon", 20151013, ["2015"], "2015-99-99", *BEYOND])
def test_unreadable_dates(tmp_path: Path, written: object) -> None:
    """A date that cannot be read leaves the time unknown, and is noted."""
    post = only(lines(tmp_path, {"text": "x", "posted_at": written}))
    assert (post.posted_at, post.posted_at_basis) == (None, TimeBasis.UNKNOWN)
    assert "posted_at" in post.notes[0]


@pytest.mark.parametrize("written", BEYOND)
def test_capture_dates_beyond_the_calendar(tmp_path: Path, written: str) -> None:
    """A time of capture that cannot be written as UTC is noted, and the time of the intake stands instead."""
    post = only(lines(tmp_path, {"text": "x", "captured_at": written}))
    assert post.captured_at == NOW
    assert "captured_at" in post.notes[0]


def test_naive_dates(tmp_path: Path) -> None:
    """A date without a zone is read as UTC, and is noted."""
    post = only(lines(tmp_path, {"text": "x", "posted_at": "2015-10-13T17:38:00"}))
    assert post.posted_at == datetime(2015, 10, 13, 17, 38, tzinfo=UTC)
    assert "UTC" in post.notes[0]


def test_pictures_beside(tmp_path: Path) -> None:
    """Pictures are read from the file's folder and below it, and from nowhere else."""
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a.png").write_bytes(PNG)
    (tmp_path / "secret.png").write_bytes(b"secret")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    names = ["sub/a.png", "../secret.png", str(tmp_path / "secret.png"), "link.png", "sub", "a\0b", "x" * 5000, 5, ""]
    post = only(lines(folder, {"text": "x", "images": [*names, "https://news.example/a.png", "sub/../sub/a.png"]}))
    assert [item.data for item in post.media] == [PNG, *[None] * 9, PNG]
    assert all(item.problem for item in post.media if item.data is None)
    assert "outside" in post.media[1].problem


@pytest.mark.parametrize("url", ["data:", "data:image/png;base64,@@@", "data:image/png;base64,", "data:image/png"])
def test_broken_data_urls(tmp_path: Path, url: str) -> None:
    """A broken data: URL is a problem of that picture alone."""
    post = only(lines(tmp_path, {"text": "x", "images": [url]}))
    assert post.media[0].data is None
    assert post.media[0].problem


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is said in one sentence."""
    with pytest.raises(Unreadable, match="does not exist"):
        list(from_jsonl(tmp_path / "none.jsonl", NOW))


KEYS = st.sampled_from(["url", "platform", "author", "posted_at", "text", "lang", "images", "captured_at", "other"])
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=30)),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_hostile_lines(tmp_path: Path, row: dict[str, object]) -> None:
    """Whatever stands in a line, it is one post or one bad line."""
    (found,) = lines(tmp_path, row)
    assert (found.captured is None) == bool(found.why_not)
    if found.captured is not None:
        found.captured.text.encode()
        assert found.captured.captured_at.tzinfo is not None
