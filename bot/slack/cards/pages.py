"""Pages to look elsewhere: buttons that a person chooses, under words that say what a click reveals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bot.elsewhere import REVEALS, Page
from bot.findings import CheckFinding
from bot.slack.blocks import Block, actions, context, line, link, page_button, words
from bot.slack.cards import parts

OPENS: Final = (
    "Each button opens that site in your browser with the picture's public address: the site learns the address and "
    "your IP address. Nothing is sent by Dateline."
)
LISTED: Final = f"Look elsewhere. {REVEALS}"


def search_blocks(pictures: Sequence[CheckFinding]) -> list[Block]:
    """Return the buttons for the first picture that has a public address, else how to search by hand."""
    number, found = next(((n, one) for n, one in enumerate(pictures, 1) if one.elsewhere), (0, None))
    if found is None:
        return [context(told) for told in dict.fromkeys(one.by_hand for one in pictures if one.by_hand)][:1]
    which = f" for picture {number}" if len(pictures) > 1 else ""
    buttons = [page_button(page.label, page.url, place) for place, page in enumerate(found.elsewhere, 1)]
    return [context(f"Search elsewhere{which}. {OPENS}"), *actions(*buttons)]


def page_atoms(pages: Sequence[Page], pictures: Sequence[CheckFinding]) -> Iterator[parts.Atom]:
    """Tell all pages, those of every picture among them; of those without, how to search by hand."""
    told = set(pages)
    for page in pages:
        yield (line(words(f"{page.label}: "), link(page.url)),)
    others: dict[str, list[str]] = {}
    for number, one in enumerate(pictures, 1):
        for page in one.elsewhere:
            if page not in told:
                yield (line(words(f"Picture {number}, {page.label}: "), link(page.url)),)
        if one.by_hand:
            others.setdefault(one.by_hand, []).append(str(number))
    if any(one.elsewhere for one in pictures):  # else the first screen says it
        for by_hand, numbers in others.items():
            yield (line(words(parts.short(f"Picture {', '.join(numbers)}. {by_hand}", parts.SENTENCE))),)
