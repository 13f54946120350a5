"""What languages write onto the front of a word: conjunctions, prepositions and articles, taken off one by one."""

from __future__ import annotations

import re

_HEBREW = re.compile(r"^(?:ו?כש|וש|[ושהבלמכ])(?=[\u05d0-\u05ea]{2})")
_ARABIC = re.compile(r"^(?:[وف](?=\w{3})|[وف]?[بلك](?=\w{3}))")
_ARTICLE = re.compile(r"^(?:ال|لل)(?=\w{3})")
_MOST = 3


def readings(word: str, lang: str) -> tuple[list[str], bool]:
    """Give a folded word and what is left of it when attached particles are off; True where one was "that"."""
    found = [word]
    that = False
    if lang == "he":
        rest = word
        for _ in range(_MOST):
            match = _HEBREW.match(rest)
            if match is None:
                break
            that = that or "ש" in match.group()
            rest = rest[match.end() :]
            found.append(rest)
    elif lang == "ar":
        if match := _ARABIC.match(word):
            found.append(word[match.end() :])
        found += [form[match.end() :] for form in list(found) if (match := _ARTICLE.match(form))]
    elif lang == "uk" and "'" in word:
        found.append(word.replace("'", ""))
    return found, that
