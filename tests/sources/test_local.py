"""Local files under a limit, and plain words for what keeps them from being read."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.sources.base import Unreadable
from bot.sources.local import read_file, read_stream


def test_a_file_up_to_the_limit_is_read(tmp_path: Path) -> None:
    """A file of exactly the limit is read; one byte more is refused, with the limit named."""
    (tmp_path / "a").write_bytes(b"x" * 2**20)
    assert read_file(tmp_path / "a", 2**20) == b"x" * 2**20
    with pytest.raises(Unreadable, match="larger than the 1 MB"):
        read_stream(io.BytesIO(b"x" * (2**20 + 1)), 2**20)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """A sparse file of five gigabytes costs no memory: its size is looked at first."""
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(5 * 2**30)
    with pytest.raises(Unreadable, match="larger"):
        read_file(tmp_path / "huge", 2**20)


def test_a_stream_without_a_size_is_read_no_further_than_the_limit() -> None:
    """Of a stream that does not tell its size one byte beyond the limit is read, no more."""
    stream = io.BytesIO(b"x" * 100)
    with pytest.raises(Unreadable):
        read_stream(stream, 10)
    assert stream.tell() == 11


def test_what_cannot_be_opened_is_told_in_plain_words(tmp_path: Path) -> None:
    """No number and no name of an error of the system reaches a person."""
    told = {tmp_path / "none": "does not exist", tmp_path: "is a folder", tmp_path / ("x" * 300): "longer than"}
    for path, words in told.items():
        with pytest.raises(Unreadable, match=words) as refused:
            read_file(path, 10)
        assert "Errno" not in str(refused.value)
    with pytest.raises(Unreadable, match="no file's name can hold"):
        read_file(tmp_path / "a\0b", 10)
