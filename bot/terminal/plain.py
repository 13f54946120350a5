"""Words from outside made safe for a terminal."""

from __future__ import annotations

import unicodedata

_ESCAPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def plain(text: str) -> str:
    """Make text from outside safe to print on one line: controls and direction overrides become visible escapes.

    Zero-width joiners stay, since Persian and emoji need them.
    """
    return "".join(
        " "
        if character in "\n\r\t"
        else f"\\u{ord(character):04x}"
        if unicodedata.category(character) in _ESCAPED and character not in "\u200c\u200d"
        else character
        for character in text
    )
