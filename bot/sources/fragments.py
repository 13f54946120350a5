"""Pieces of HTML, as feeds carry them, to plain text: paragraphs with a blank line between, as of a saved page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

LIMIT = 2**18
"""Characters of one piece that are read: an article of some forty thousand words with its tags."""
_UNSEEN = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head", "title"})
"""Elements whose content a reader never sees as text."""
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main"),
        *("nav", "ol", "p", "pre", "section", "summary", "table", "tr", "ul"),
    }
)
_CELLS = frozenset({"td", "th"})
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
"""The white space of HTML, which is one blank; a no-break space is a character."""


def plain_text(html: str) -> str:
    """Return what a reader sees of a piece of HTML, however broken: references decoded, tags gone.

    Blocks stand apart by a blank line, `<br>` and the lines of `<pre>` by a line end.
    """
    reader = _Reader()
    # What begins like a marked section is a comment in HTML (HTML standard, 13.2.5.42); the parser refuses odd ones.
    reader.feed(html[:LIMIT].replace("<![", "<! ["))
    reader.close()
    reader.end_block()
    return "\n\n".join(reader.blocks)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self._lines: list[list[str]] = [[]]
        self._unseen = ""
        self._inner = 0
        self._pre = 0

    def end_block(self) -> None:
        """Close the paragraph that is open, if there is anything in it."""
        lines = [_BLANKS.sub(" ", "".join(line)).strip() for line in self._lines]
        block = "\n".join(lines).strip("\n")
        if block:
            self.blocks.append(block)
        self._lines = [[]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen:
            self._inner += tag == self._unseen
        elif tag in _UNSEEN:
            self._unseen = tag
        elif tag == "br":
            self._lines.append([])
        elif tag in _BLOCKS:
            self.end_block()
            self._pre += tag == "pre"
        elif tag in _CELLS:
            self._lines[-1].append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag == self._unseen:
                self._unseen = "" if self._inner == 0 else self._unseen
                self._inner = max(self._inner - 1, 0)
        elif tag in _BLOCKS:
            self.end_block()
            self._pre = max(self._pre - (tag == "pre"), 0)

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if not self._pre:
            self._lines[-1].append(data)
            return
        first, *rest = data.splitlines() or [""]
        self._lines[-1].append(first)
        self._lines += [[line] for line in rest]
        if data.endswith(("\n", "\r")):
            self._lines.append([])
