"""What the reader's rules mean, in words: a rule's name tells the words that tie a person to a place, and how."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_VERSION: Final = re.compile(r"[@/]v?(\d[\d.]*)$")

LANGUAGES: Final[Mapping[str, str]] = {
    "ar": "Arabic", "fa": "Persian", "he": "Hebrew", "ru": "Russian", "tr": "Turkish", "uk": "Ukrainian",
}  # fmt: skip

_SPECIAL: Final[Mapping[str, str]] = {
    "plain-locative": "the name and the place stand in one sentence with a word like “in” between them; the language "
    "is not read any further, so how surely it is said stays open",
    "answered-no": "a question whether the person was there is answered with no",
    "answered-yes": "a question whether the person was there is answered with yes",
    "denied-antecedent": "the sentence denies what was said shortly before, without naming the place again",
    "where": "the words after the place tell what the person did where",
    "next-stop": "the place is named as the next stop of the person's journey",
    "shown-in": "a picture is said to show the person in the place",
}
_KINDS: Final[Mapping[str, str]] = {
    "be": "a form of “to be” puts the person at the place",
    "picture": "a caption names the person and, behind “{}”, where the picture was made",
    "fronted": "the sentence begins with the place, behind “{}”, and goes on with the person",
    "bare": "name and place stand side by side, with “{}” between them and no verb",
}
_GROUPS: Final[Mapping[str, str]] = {
    "arrive": "a verb of arriving or moving",
    "be": "a verb of being or staying",
    "visit": "a verb of visiting",
    "leave": "a verb of leaving",
    "meet": "a verb of meeting",
    "take": "a verb of what somebody does to the person there",
    "taken": "a verb of what was done to the person there",
    "noun": "a noun like “visit” or “arrival”",
    "act": "a verb of what the person does there",
    "beside": "no verb: name and place stand side by side",
}
_ROLES: Final[Mapping[str, str]] = {
    "in": "the place is where it happens",
    "to": "the place is where it leads to",
    "from": "the place is where it begins",
    "object": "the place is its object",
}


def rule_words(rule: str) -> str:
    """Say in words what a rule means; one that this version does not know is said to be unknown."""
    name = _VERSION.sub("", rule)
    first, _, rest = name.partition("-")
    if name in _SPECIAL:
        return _SPECIAL[name]
    if first in LANGUAGES and rest:
        return _other_language(LANGUAGES[first], rest)
    if first in _KINDS and rest:
        return _KINDS[first].format(rest)
    word, dash, tie = name.rpartition("-")
    if not dash:
        return "this version has no words for that rule"
    if tie == "object":
        return f"“{word}” has the place as its object and the person as who does it, or to whom it is done"
    if tie == "named":
        return f"the place names the “{word}” of the person"
    return f"“{word}” ties the person to the place, by “{tie}”"


def _other_language(language: str, rest: str) -> str:
    if rest == "denies-before":
        return f"{language}: the sentence denies what was said before it, without naming the place again"
    group, _, role = rest.rpartition("-")
    tied = _GROUPS.get(group, f"words of the kind “{group}”")
    return f"{language}: {tied} ties the person to the place; {_ROLES.get(role, f'the place stands as “{role}”')}"
