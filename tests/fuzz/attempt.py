"""One case: damaged bytes through everything that a picture from a stranger passes through."""

from __future__ import annotations

import functools
import re
from typing import Final

from tests.fuzz.mutate import case
from tests.fuzz.seeds import seeds

_SENTENCE: Final = re.compile(r"the (file|picture) [^\n]*[^.\n]")
_MACHINERY: Final = re.compile(r"PIL|Pillow|Error|object at|0x|heif", re.IGNORECASE)

_files = functools.cache(seeds)


def made(run: int, number: int) -> tuple[str, bytes]:
    """Return the name of the file that a case began as, and its bytes."""
    return case(run, number, _files())


def attempt(run: int, number: int) -> str:
    """Let one case pass through everything that a picture from a stranger passes through.

    Raises:
        AssertionError: the refusal is not a plain sentence.
    """
    from bot.images.decode import PictureRefused
    from bot.images.iptc import filed
    from bot.images.metadata import metadata
    from bot.images.prepared import prepare

    name, data = made(run, number)
    metadata(data)
    filed(data)
    try:
        prepared = prepare(data)
    except PictureRefused as refused:
        told = str(refused)
        assert _SENTENCE.fullmatch(told), told
        assert not _MACHINERY.search(told.replace("HEIC", "")), told
        return f"refused: {re.sub(r'[0-9]+', 'N', told)}"
    assert prepared.width * prepared.height <= 40_000_000
    return f"opened, begun as {name.partition('-')[0]}"
