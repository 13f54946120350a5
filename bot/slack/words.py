"""Words from outside, made safe and short enough for Slack.

Fetched words never stand in `mrkdwn`: they go into `plain_text` and `rich_text` elements, where Slack formats, links
and mentions nothing, so that `*`, `_` and `<!channel>` show as typed. Only the fallback text of a message is parsed by
Slack; `escape` is for it, and `Message.payload` switches its formatting off.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.wording import plain

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_FIRST_STRONG, _RIGHT, _END = "\u2068", "\u2067", "\u2069"
_BROADCAST: Final = re.compile(r"@(?=(?:channel|here|everyone)\b)", re.IGNORECASE)
_ENTITY_BEGUN: Final = re.compile(r"&[a-z]{0,3}\Z")
_FARTHEST: Final = 48
"""Code points that a cut steps back for a whole grapheme or word: longer ones are cut through, or letters stacked by a
hostile hand would leave nothing."""


def width(text: str) -> int:
    """Count as Slack's strictest reader might: UTF-16 units, which are never fewer than characters."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def escape(text: str) -> str:
    """Make text from outside safe for a fallback text: one line, no entity, no mention, no reversed order."""
    safe = in_order(plain(text)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _BROADCAST.sub("@\u2060", safe)


def in_order(text: str) -> str:
    """Isolate each right-to-left run, so that the names and numbers around it keep their places in the line."""
    if not _has_right_to_left(text):
        return text
    out: list[str] = []
    begin: int | None = None
    last = 0
    for index, character in enumerate(text):
        kind = unicodedata.bidirectional(character)
        if kind == "L" and begin is not None:
            out += (_RIGHT, text[begin : last + 1], _END, text[last + 1 : index])
            begin = None
        if kind in _RIGHT_TO_LEFT or (begin is not None and kind == "NSM"):
            begin = index if begin is None else begin
            last = index
        if begin is None:
            out.append(character)
    if begin is not None:
        out += (_RIGHT, text[begin : last + 1], _END, text[last + 1 :])
    return "".join(out)


def isolated(text: str) -> str:
    """Isolate a whole quotation that has right-to-left letters: inside it reads as at its source."""
    return f"{_FIRST_STRONG}{text}{_END}" if _has_right_to_left(text) else text


def _has_right_to_left(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in set(text))


def fit(text: str, limit: int, *, lines: int | None = None) -> str:
    """Cut to at most `limit` UTF-16 units (and so many lines), at a word's end, with "…" where anything was cut.

    Never between the parts of a grapheme or of an entity.
    """
    kept = text if lines is None else "\n".join(text.split("\n", lines)[:lines])
    if kept == text and width(text) <= limit:
        return text
    room = limit - 2 if _isolates(kept) else limit - 1
    if width(kept) > room:
        kept = kept[: _cut(kept, room)].rstrip()
    return kept + "…" + _END * (_isolates(kept) - kept.count(_END))


def _isolates(text: str) -> int:
    return text.count(_FIRST_STRONG) + text.count(_RIGHT)


def _cut(text: str, limit: int) -> int:
    """Return the greatest index at which the beginning has at most `limit` units and ends whole."""
    end = min(limit, len(text))
    while width(text[:end]) > limit:
        end -= max(1, (width(text[:end]) - limit) // 2)
    begun = _ENTITY_BEGUN.search(text, max(0, end - 5), end)
    if begun and ";" in text[end : end + 5]:
        end = begun.start()
    lowest = max(0, end - _FARTHEST)
    spaces = [index for index in range(lowest, end + 1) if index < len(text) and text[index].isspace()]
    if spaces and spaces[-1] > 0:
        return spaces[-1]
    whole = end
    while whole > lowest and not _between_graphemes(text, whole):
        whole -= 1
    return whole if _between_graphemes(text, whole) else end


def _between_graphemes(text: str, index: int) -> bool:
    """Say whether a cut before `index` leaves both sides whole: the rules of UAX 29 that matter for marks and emoji."""
    if not 0 < index < len(text):
        return True
    before, after = text[index - 1], text[index]
    if before == "\u200d" or _continues(after):
        return False
    if _flag(before) and _flag(after):
        run = 0
        while index - 1 - run >= 0 and _flag(text[index - 1 - run]):
            run += 1
        return run % 2 == 0
    return True


def _continues(character: str) -> bool:
    return (
        unicodedata.category(character) in {"Mn", "Me", "Mc"}
        or character in "\u200c\u200d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\u1160" <= character <= "\u11ff"  # vowels and finals of a Hangul syllable
    )


def _flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
