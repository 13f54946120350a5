"""The demo's feed: a sample wire that says one thing at first and its contrary a little later.

It retells, in the project's own words, what was publicly reported on 27 June and 6 July 2023.
"""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

PATH: Final = "/sample/wire.xml"
"""Where the demo serves it."""

WATCHED: Final = "Yevgeny Prigozhin"
"""Who is spoken of in it."""

_LABEL: Final = "[Sample item written for the Dateline demo]"
_ITEMS: Final = (
    (
        "wire-1",
        "Tue, 27 Jun 2023 16:20:00 GMT",
        "A word from Washington",
        "Yevgeny Prigozhin is in Minsk, US Senator Mark Warner says.",
    ),
    (
        "wire-2",
        "Thu, 06 Jul 2023 11:05:00 GMT",
        "A word from Minsk",
        "Yevgeny Prigozhin is not in Belarus, President Alexander Lukashenko told reporters on Thursday.",
    ),
)


def wire(items: int) -> bytes:
    """Return the feed with its first items, at least one, as RSS 2.0."""
    told = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><pubDate>{date}</pubDate>"
        f"<title>{escape(title)}</title><description>{escape(f'{text} {_LABEL}')}</description></item>"
        for guid, date, title, text in reversed(_ITEMS[: max(1, items)])
    )
    channel = f"<title>Sample Wire feed (sample)</title><link>https://sample.example/</link>{told}"
    return f"<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel>{channel}</channel></rss>".encode()
