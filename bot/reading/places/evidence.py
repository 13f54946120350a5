"""Whether a name found in a text is a place there, or a person, an organisation, a word of every day."""

from __future__ import annotations

from bot.reading.places.match import Found, adjacent
from bot.reading.places.rules import METROPOLIS, SMALL, WELL_KNOWN, words
from bot.reading.places.tokens import Token
from storage.records import PlacePrecision

HEADLINE_SHARE = 0.7
"""Above this share of capitalised words a stretch of text is a headline in title case."""
LAST_CASED = "\u058f"
"""The last letter of the scripts that have capitals (Latin, Greek, Cyrillic, Armenian); Hebrew and Arabic follow."""


def believed(text: str, words_of: list[Token], item: Found, surnames: set[str], *, vouched: bool = False) -> bool:
    """Say whether what stands around a name, and how well known it is, makes it a place.

    `vouched` where the text is about the country around the town of this name: a person's name is believed sooner.
    """
    lists = words()
    head, kind = words_of[item.first], item.entries[0].kind
    single = item.first == item.last
    if kind == "phrase" or (kind != "demonym" and in_organisation(text, words_of, item)):
        return False
    if kind != "place":
        return not single or head.folded not in lists.common | lists.names
    if item.container is not None:
        broad = item.container.precision in {PlacePrecision.COUNTRY, PlacePrecision.PROVINCE}
        return broad or head.folded not in lists.common | lists.names
    if _person_beside(text, words_of, item, lists.names, surnames):
        return False
    top = max(item.entries, key=lambda e: (e.strength > 0, e.population))
    before = _before(text, words_of, item.first)
    locative = before in lists.locative or head.opens_hashtag or _headed(text, words_of, item)
    directional = before in lists.directional
    known = top.population
    if head.hashed:
        return known >= (SMALL if head.text[0].isupper() else WELL_KNOWN)
    if head.text[0] > LAST_CASED:
        return known >= WELL_KNOWN and len(head.folded) >= 3
    if single and head.folded in lists.common and not top.exact:
        return (locative or directional) and known >= WELL_KNOWN
    if top.place.precision is PlacePrecision.COUNTRY:
        return True
    if single and head.folded in (lists.names - lists.chiefly) | surnames:
        if vouched:
            return locative or directional
        needed = WELL_KNOWN if locative else METROPOLIS if directional else 5 * METROPOLIS
        return known >= needed
    if locative:
        return top.strength > 0 or known >= WELL_KNOWN
    if top.strength == 0 or _continued(text, words_of, item):
        return directional and known >= WELL_KNOWN and not _odd_neighbour(text, words_of, item)
    if vouched:
        return not _odd_neighbour(text, words_of, item)
    vouched = top.curated or top.place.precision is PlacePrecision.PROVINCE
    return vouched or known >= WELL_KNOWN or (known >= SMALL and not _odd_neighbour(text, words_of, item))


def listed_with(text: str, words_of: list[Token], kept: Found, item: Found) -> bool:
    """Say whether a town named like a person stands in a list with a town that is believed ("Atlanta and Savannah")."""
    if item.entries[0].kind != "place" or in_organisation(text, words_of, item):
        return False
    gap = text[words_of[kept.last].end : words_of[item.first].start]
    head, partner = words_of[item.first], words_of[kept.first]
    lists = words()
    if (
        gap not in {", ", " and ", ", and ", " or ", " & "}
        or head.folded in lists.common
        or partner.folded in lists.names
    ):
        return False
    countries = {e.place.country for e in kept.entries if e.population >= WELL_KNOWN and e.kind == "place"}
    known = max((e.population for e in item.entries if e.place.country in countries), default=0)
    return known >= WELL_KNOWN and not _person_beside(text, words_of, item, lists.names, set())


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


def in_organisation(text: str, words_of: list[Token], item: Found) -> bool:
    """Say whether the words beside a name make it part of an organisation's, a street's, a paper's or a title's."""
    lists = words()
    after, limit = item.last + 1, item.last + 4
    while after < min(limit, len(words_of)) and adjacent(text, words_of, after - 1, after):
        word = words_of[after]
        if word.folded in lists.units and item.entries[0].place.precision is not PlacePrecision.COUNTRY:
            return True
        if not word.text[0].isupper() or word.hashed:
            break
        if word.folded in lists.after and word.folded not in words().divisions:
            return True
        if word.folded in words().grounds:
            break
        after += 1
    if _preceded(text, words_of, item.first):
        return True
    left = item.first - 1
    of = left - 1 if left >= 0 and words_of[left].folded == "the" else left
    return (
        of >= 1
        and words_of[of].folded == "of"
        and words_of[of - 1].text[0].isupper()
        and words_of[of - 1].folded in lists.of
        and adjacent(text, words_of, of - 1, of)
        and adjacent(text, words_of, of, of + 1)
    )


def _preceded(text: str, words_of: list[Token], first: int) -> bool:
    """Say whether up to three capitalised words before a name make it a club, a ship, a title ("Radio Free …")."""
    lists = words()
    for left in range(first - 1, max(-1, first - 4), -1):
        word = words_of[left]
        if not word.text[0].isupper() or word.hashed or word.folded in lists.grounds:
            return False
        if word.folded in lists.locative | lists.directional:
            return False  # "General Is In Lima": a headline, whose small words have capitals too
        if word.folded in lists.before:
            gap = text[word.end : words_of[left + 1].start]
            return adjacent(text, words_of, left, left + 1) or (gap == ". " and len(word.text) <= 5)
        if not adjacent(text, words_of, left, left + 1):
            return False
    return False


def _person_beside(text: str, words_of: list[Token], item: Found, names: frozenset[str], surnames: set[str]) -> bool:
    """Say whether the name is part of a person's: a given name before it, or itself one before a surname."""
    left, right = item.first - 1, item.last + 1
    if left >= 0 and text[words_of[left].end : words_of[item.first].start] == " ":
        word = words_of[left]
        if word.text[0].isupper() and not word.possessive and not word.hashed:
            unknown = word.folded not in words().common | words().bearings | words().locative | words().directional
            if word.folded in names or (unknown and words_of[item.first].folded in names):
                return True
    head = words_of[item.first]
    if item.first == item.last and head.folded in names and not head.possessive and right < len(words_of):
        word = words_of[right]
        if text[head.end : word.start] == " " and word.text[0].isupper() and word.folded not in words().grounds:
            return word.folded not in words().common or word.folded in surnames
    return False


def _odd_neighbour(text: str, words_of: list[Token], item: Found) -> bool:
    """Say whether an unknown capitalised word stands right beside the name, which may be part of a longer one."""
    return (_unknown(words_of, item.first - 1) and adjacent(text, words_of, item.first - 1, item.first)) or _continued(
        text, words_of, item
    )


def _continued(text: str, words_of: list[Token], item: Found) -> bool:
    """Say whether an unknown capitalised word follows ("Damascus Gate"), outside headlines that capitalise all."""
    if not adjacent(text, words_of, item.last, item.last + 1) or not _unknown(words_of, item.last + 1):
        return False
    around = words_of[max(0, item.first - 5) : item.last + 6]
    return sum(word.text[0].isupper() for word in around) <= HEADLINE_SHARE * len(around)


def _unknown(words_of: list[Token], index: int) -> bool:
    if not 0 <= index < len(words_of):
        return False
    word, lists = words_of[index], words()
    known = lists.common | lists.bearings | lists.locative | lists.directional | lists.grounds
    return word.text[0].isupper() and not word.hashed and word.folded not in known
