"""Whether a name found in a text is a place there, or a person, an organisation, a word of every day."""

from __future__ import annotations

from bot.reading.place_match import Found, adjacent
from bot.reading.place_rules import METROPOLIS, SMALL, WELL_KNOWN, words
from bot.reading.place_tokens import Token
from storage.records import PlacePrecision


def believed(text: str, words_of: list[Token], item: Found, surnames: set[str]) -> bool:
    """Say whether what stands around a name, and how well known it is, makes it a place."""
    best = item.entries[0]
    if best.kind != "place":
        return not _in_organisation(text, words_of, item) if best.kind == "metonym" else True
    if _in_organisation(text, words_of, item):
        return False
    lists = words()
    head = words_of[item.first]
    if item.container is not None:
        broad = item.container.precision in {PlacePrecision.COUNTRY, PlacePrecision.PROVINCE}
        return broad or head.folded not in lists.common | lists.names
    single = item.first == item.last
    top = max(item.entries, key=lambda e: (e.strength > 0, e.population))
    curated = top.curated or top.place.precision in {PlacePrecision.COUNTRY, PlacePrecision.PROVINCE}
    before = _before(text, words_of, item.first)
    locative = before in words().locative or head.opens_hashtag or _headed(text, words_of, item)
    known = top.population
    if single and head.folded in lists.names | surnames and not head.hashed:
        if _person_beside(text, words_of, item, lists.names, surnames):
            return False
        if not (curated and top.place.precision is PlacePrecision.COUNTRY):
            return (
                (locative and known >= WELL_KNOWN)
                or (before in words().directional and known >= METROPOLIS)
                or known >= 5 * METROPOLIS
            )
        return True
    if single and head.folded in lists.common:
        return (locative or before in words().directional) and known >= WELL_KNOWN and not head.hashed
    if head.hashed and not head.text[0].isupper() and head.text[0].islower():
        return known >= WELL_KNOWN
    if curated:
        return not _person_beside(text, words_of, item, lists.names, surnames)
    if top.strength == 0:
        return locative and known >= WELL_KNOWN
    if _person_beside(text, words_of, item, lists.names, surnames):
        return False
    if not head.text[0].isascii() and head.text[0] > "\u0590":
        return known >= WELL_KNOWN and len(head.folded) >= 3
    if known < SMALL or (_odd_neighbour(text, words_of, item, before) and known < WELL_KNOWN):
        return locative
    return True


def _before(text: str, words_of: list[Token], index: int) -> str:
    """Give the folded word before a name, past articles and bearings ("in the northern …"); empty at a break."""
    left = index - 1
    while left >= 0 and adjacent(text, words_of, left, left + 1):
        word = words_of[left].folded
        if word not in {"the"} and word not in words().bearings:
            return word
        left -= 1
    return ""


def surnames_in(text: str, words_of: list[Token]) -> set[str]:
    """Collect the words that follow a given name or a title somewhere in the text: people's surnames here."""
    lists = words()
    titles = lists.before - {"air", "radio", "saint", "miss", "team"}
    found = set()
    for index in range(1, len(words_of)):
        left, right = words_of[index - 1], words_of[index]
        if right.capital and left.capital and (left.folded in lists.names or left.folded in titles):
            gap = text[left.end : right.start]
            if gap == " " or (gap == ". " and left.folded in titles):
                found.add(right.folded)
    return found


def _headed(text: str, words_of: list[Token], item: Found) -> bool:
    """Say whether a noun beside the name says that it is somewhere: "city of X", "X airport"."""
    after = item.last + 1
    if adjacent(text, words_of, item.last, after) and words_of[after].folded in words().grounds:
        return True
    return (
        item.first >= 2
        and words_of[item.first - 1].folded == "of"
        and words_of[item.first - 2].folded in words().grounds
    )


def _in_organisation(text: str, words_of: list[Token], item: Found) -> bool:
    lists = words()
    after, limit = item.last + 1, item.last + 4
    while after < min(limit, len(words_of)) and adjacent(text, words_of, after - 1, after):
        word = words_of[after]
        if not word.text[0].isupper() or word.hashed:
            break
        if word.folded in lists.after and word.folded not in words().divisions:
            return True
        if word.folded in words().grounds:
            break
        after += 1
    left = item.first - 1
    if left >= 0 and words_of[left].text[0].isupper() and words_of[left].folded in lists.before:
        abbreviated = text[words_of[left].end : words_of[item.first].start] == ". " and len(words_of[left].text) <= 5
        if abbreviated or adjacent(text, words_of, left, item.first):
            return True
    of = left - 1 if left >= 0 and words_of[left].folded == "the" else left
    return (
        of >= 1
        and words_of[of].folded == "of"
        and words_of[of - 1].text[0].isupper()
        and words_of[of - 1].folded in lists.of
        and adjacent(text, words_of, of - 1, of)
        and adjacent(text, words_of, of, of + 1)
    )


def _person_beside(text: str, words_of: list[Token], item: Found, names: frozenset[str], surnames: set[str]) -> bool:
    """Say whether the name is part of a person's: a given name before it, or itself one before a surname."""
    left, right = item.first - 1, item.last + 1
    if left >= 0 and text[words_of[left].end : words_of[item.first].start] == " ":
        word = words_of[left]
        if word.capital and not word.possessive and word.folded in names and word.text[0].isupper():
            return True
    head = words_of[item.first]
    if item.first == item.last and head.folded in names and not head.possessive and right < len(words_of):
        word = words_of[right]
        if text[head.end : word.start] == " " and word.text[0].isupper() and word.folded not in words().grounds:
            return word.folded not in words().common or word.folded in surnames
    return False


def _odd_neighbour(text: str, words_of: list[Token], item: Found, before: str) -> bool:
    """Say whether an unknown capitalised word stands right beside the name, which may be part of a longer one."""
    lists = words()
    for left, right, other in ((item.first - 1, item.first, item.first - 1), (item.last, item.last + 1, item.last + 1)):
        if adjacent(text, words_of, left, right) and words_of[other].text[0].isupper():
            folded = words_of[other].folded
            if (
                folded not in lists.common
                and folded not in words().bearings
                and folded not in words().locative
                and not words_of[other].hashed
            ):
                return True
    return False
