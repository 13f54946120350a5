"""A sentence cut into clauses, and how each name stands in its own: free, governed, or somebody's possession."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.clauses.lexicon import Lexicon
from bot.reading.clauses.tokens import Token
from bot.reading.names.forms import inner_forms
from bot.reading.names.letters import fold
from bot.reading.names.skeleton import token_similarity

PREPOSITIONS = frozenset({"in", "to", "from", "with", "of", "prep"})
SMALL = PREPOSITIONS | frozenset(
    [
        "conj",
        "contrast",
        "comp",
        "neg",
        "aux",
        "adverb",
        "hedge",
        "when",
        "pronoun",
        "plan",
        "noun",
        "placenoun",
        "past",
        "relative",
        "object",
        "source",
        "adjective",
        "was",
        "light",
        "absent",
    ]
)
"""Groups of words that name nobody: a clause of these alone has the subject of the clause before it."""
_BREAKS = frozenset(',،;؛:—–()"«»“”„…')
_LONGEST_TITLE = 7
"""Words between a title and the name that bears it, at most."""
_TURKISH_GENITIVE = frozenset({"in", "un", "nin", "nun"})
_SLAVIC = str.maketrans({"ь": "", "ъ": "", "'": "", **dict.fromkeys("іы", "и"), **dict.fromkeys("єэ", "е"), "ґ": "г"})
"""Letters that Russian and Ukrainian write differently in one name."""
_SHARED_CASES = (("у", "ю"), ("ом", "ем", "єм", "им", "ым"))
"""Endings that an owner in the genitive never has: accusative and dative, and the instrumental."""
_ACCUSATIVE = frozenset({"i", "u", "yi", "yu", "ni", "nu"})


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens `first` to `last` of a sentence.

    Attributes:
        contrast: True where it opens with "but".
        subordinate: True where it opens with "that", so that a verb of saying before it reports it.
    """

    first: int
    last: int
    contrast: bool = False
    subordinate: bool = False


def split(tokens: Sequence[Token], known: Lexicon) -> list[Clause]:
    """Cut a sentence at its punctuation, its "that" and "but", and before a conjunction with a verb of its own."""
    starts: list[tuple[int, bool, bool]] = [(0, False, False)]
    for at, token in enumerate(tokens):
        if not at:
            continue
        if token.kind == "punct" and token.low in _BREAKS:
            starts.append((at + 1, False, False))
        elif token.has("circumstance"):
            starts.append((at, False, False))
        elif token.has("contrast"):
            starts.append((at, True, False))
        elif ((token.has("comp") or token.subordinate) and not token.inside) or (
            known.lang == "fa" and _reports(tokens[at - 1]) and token.kind in {"word", "per", "plc"}
        ):
            starts.append((at, False, True))
        elif token.has("conj") and _has_own_verb(tokens, at, known):
            starts.append((at, False, False))
    made: list[Clause] = []
    for number, (first, contrast, that) in enumerate(starts):
        stop = starts[number + 1][0] if number + 1 < len(starts) else len(tokens)
        last = stop - 1
        while last >= first and tokens[last].kind == "punct":
            last -= 1
        while first <= last and tokens[first].kind == "punct":
            first += 1
        if first <= last:
            contrast = contrast or tokens[first].has("contrast")
            that = that or tokens[first].has("comp") or tokens[first].subordinate
            made.append(Clause(first, last, contrast, that))
    return _merged(made, tokens, known)


def _merged(clauses: list[Clause], tokens: Sequence[Token], known: Lexicon) -> list[Clause]:
    """Join what commas part: a name, what is put beside it, and what it does; in Turkish and Persian name and verb."""
    made: list[Clause] = []
    at = 0
    while at < len(clauses):
        clause = clauses[at]
        if _ends_in_name(clause, tokens) and not clause.subordinate | clause.contrast:
            after = clauses[at + 1] if at + 1 < len(clauses) else None
            third = clauses[at + 2] if at + 2 < len(clauses) else None
            if (
                after is not None
                and third is not None
                and _is_beside(after, tokens)
                and _goes_on(clause, third, tokens)
            ):
                made.append(Clause(clause.first, third.last))
                at += 3
                continue
            quiet = known.verb_final and not any(t.trigger for t in tokens[clause.first : clause.last + 1])
            if quiet and after is not None and _goes_on(clause, after, tokens):
                made.append(Clause(clause.first, after.last))
                at += 2
                continue
        made.append(clause)
        at += 1
    return made


def _ends_in_name(clause: Clause, tokens: Sequence[Token]) -> bool:
    return tokens[clause.last].kind == "per"


def _is_beside(clause: Clause, tokens: Sequence[Token]) -> bool:
    words = tokens[clause.first : clause.last + 1]
    quiet = not any(t.trigger or t.cue or t.kind == "per" or t.has("comp", "relative", "report", "verb", "contrast")
                    for t in words)  # fmt: skip
    return quiet and tokens[clause.first - 1].low in {",", "،"}


def _goes_on(clause: Clause, later: Clause, tokens: Sequence[Token]) -> bool:
    if later.subordinate or later.contrast or tokens[later.first - 1].low not in {",", "،"}:
        return False
    return not tokens[later.first].has("relative", "conj") and tokens[clause.last + 1].low in {",", "،"}


def _reports(token: Token) -> bool:
    """Tell whether a verb of saying ends here, with what is said behind it and no "that" between."""
    cue = token.cue
    return cue is not None and cue.kind == "report" and " " not in cue.text and token.tags[0].length == 1


def _has_own_verb(tokens: Sequence[Token], at: int, known: Lexicon) -> bool:
    def is_verb(token: Token) -> bool:
        trigger = token.trigger
        return (trigger is not None and trigger.group != "noun") or token.has("report", "verb")

    if known.verb_final:
        before = [token for token in tokens[max(0, at - 3) : at] if token.kind == "word"]
        return bool(before) and any(is_verb(token) for token in before[-2:])
    ahead = at if tokens[at].trigger else at + 1
    while ahead < len(tokens) and tokens[ahead].has("adverb", "neg", "aux", "when", "hedge"):
        ahead += 1
    return ahead < len(tokens) and is_verb(tokens[ahead])


@dataclass(frozen=True, slots=True)
class Standing:
    """How a name stands in its clause.

    Attributes:
        place: `free`, `possessed` (the genitive of something else) or `governed` (by a preposition).
        case: `subject`, `other`, or `any` where the form does not tell.
        first: the first token of the whole phrase, titles included.
        governor: the token of the preposition, or -1.
        owner: True for a genitive that may be the subject of a nominal clause (Turkish).
    """

    place: str
    case: str
    first: int
    governor: int = -1
    owner: bool = False


def standing(tokens: Sequence[Token], at: int, known: Lexicon) -> Standing:
    """Judge by the words before a name, and by its ending, how it stands."""
    case = _case(tokens, at, known)
    owner = False
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if known.lang == "tr" and after is not None and after.kind == "suffix":
        owner = after.low in _TURKISH_GENITIVE
        following = tokens[at + 2] if at + 2 < len(tokens) else None
        if owner and (following is None or following.has("belong", "captor", "photo")):
            return Standing("possessed", "other", at)
        if after.low in _ACCUSATIVE:
            return Standing("free", "other", at)
        if not owner:
            return Standing("governed", "other", at, at + 1)
    if known.lang == "tr" and after is not None and after.has("with"):
        return Standing("governed", "other", at, at + 1)
    back = at - 1
    while back >= 0:
        while back and tokens[back].inside:
            back -= 1
        token = tokens[back]
        if token.kind == "punct":
            break
        titled = token.has("title") or _has_title_before(tokens, back)
        if token.has("belong", "captor", "photo") and not token.has("title"):
            if not titled or (back == at - 1 and not _is_apposed(token, case, known)):
                return Standing("possessed", case, back)
        elif token.has("of"):
            noun = tokens[back - 1].trigger if back else None
            if noun is not None and noun.group == "noun":
                return Standing("free", case, back, -1, True)
            return Standing("possessed", case, back)
        elif token.has(*PREPOSITIONS) and not token.has("object"):
            return Standing("governed", case, back, back)
        elif token.kind in {"per", "suffix", "tim"} or token.trigger or token.cue or token.has(*SMALL):
            break
        elif not titled and not _is_description(tokens, back, known):
            if token.has("report", "verb", "official", "crowd", "outlet", "person", "unnamed"):
                break
            if (
                token.kind == "word"
                and not _agrees(token, tokens[at])
                and _heads(back, case, known, _is_definite(token, known))
            ):
                return Standing("possessed", case, back)
            break
        back -= 1
    return Standing("free", case, back + 1, -1, owner)


def _has_title_before(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a word may belong to a title some words before it: "head of the bureau of the movement NAME"."""
    if tokens[at].trigger or tokens[at].cue or tokens[at].kind not in {"word", "plc"}:
        return False
    for back in range(at - 1, max(-1, at - _LONGEST_TITLE), -1):
        token = tokens[back]
        if token.has("title"):
            return True
        if (
            token.kind not in {"word", "plc"}
            or token.trigger
            or token.cue
            or token.has("report", "verb", "conj", "comp")
        ):
            return False
        if token.has("in", "to", "from", "with", "of", "contrast", "object", "adverb"):
            return False
    return False


def _is_apposed(token: Token, case: str, known: Lexicon) -> bool:
    """Tell whether a name right behind a noun is what the noun calls it, and not its owner."""
    if known.cased:
        return case == "subject"
    return _is_definite(token, known)


def _is_definite(token: Token, known: Lexicon) -> bool:
    """Tell whether a word bears the Arabic or Hebrew article."""
    return token.low.startswith("ال") if known.lang == "ar" else known.lang == "he" and token.low.startswith("ה")


def _is_description(tokens: Sequence[Token], at: int, known: Lexicon) -> bool:
    """Tell whether a word belongs to the title behind it: "of Syria", "foreign", "of defence"."""
    token = tokens[at]
    if token.kind == "plc":
        return at == 0 or not tokens[at - 1].has("in", "to", "from")
    if token.has("office"):
        return True
    pattern = known.options.get("adjective")
    if token.kind == "word" and not token.trigger and not token.has(*SMALL) and not token.has("report", "verb"):
        return bool(pattern) and re.search(fold(pattern), token.low) is not None
    return False


def _agrees(token: Token, name: Token) -> bool:
    """Tell whether a Slavic noun stands in the case of the name behind it: it says what the person is, not whose."""
    first = name.low.split()[0]
    return any(token.low.endswith(ends) and first.endswith(ends) for ends in _SHARED_CASES)


def _heads(at: int, case: str, known: Lexicon, definite: bool) -> bool:
    """Tell whether an unknown word before a name is a noun that owns nothing but is owned: "the X of NAME"."""
    if known.lang == "tr":
        return False
    if known.cased:
        return case == "other"
    if definite:
        return False  # what bears the article owns nothing behind it
    return at > 0 or known.lang in {"ar", "fa", "he"}


def _case(tokens: Sequence[Token], at: int, known: Lexicon) -> str:
    token = tokens[at]
    if not known.cased or token.person is None:
        if known.lang == "fa":
            after = tokens[at + 1] if at + 1 < len(tokens) else None
            return "other" if after is not None and after.has("object") else "any"
        if known.lang == "he":
            back = at - 1
            while back > 0 and (tokens[back].inside or tokens[back].has("title", "office")):
                back -= 1
            return "other" if back >= 0 and tokens[back].has("object") else "any"
        return "any"
    written = [word for word in re.findall(r"\w[\w'’-]*", token.low) if len(word) > 1]
    listed = [fold(word) for word in re.findall(r"\w[\w'’-]*", token.person.matched_as) if len(word) > 1]
    if not written or not listed:
        return "any"
    pairs = list(zip(written, listed[-len(written) :], strict=False)) if len(written) <= len(listed) else []
    if not pairs:
        pairs = [(written[-1], listed[-1])]
    if len(written) == len(listed):
        pairs = list(zip(written, listed, strict=True))
    if any(_is_inflected(word, base) for word, base in pairs):
        return "other"
    return "subject" if any(_declines(word, base, listed) for word, base in pairs) else "any"


def _is_inflected(word: str, base: str) -> bool:
    if word.translate(_SLAVIC).replace("ии", "и") == base.translate(_SLAVIC).replace("ии", "и"):
        return False
    if "\u0400" <= base[0] <= "\u04ff":
        return True
    plain = token_similarity(*sorted((word, base)))
    return any(token_similarity(*sorted((form, base))) > plain for form, _, _ in inner_forms(word))


def _declines(word: str, base: str, listed: list[str]) -> bool:
    """Tell whether a name takes endings, so that the bare form of it is a subject; a woman's surname may not."""
    if word[-1] in "аяьи" and word[-2:] not in {"ли", "ни", "ди", "ри", "ши", "ти", "ми", "ки", "ги", "хи", "дзе"}:
        return True
    if word[-1] in "оуюеэєіи":
        return False
    woman = len(listed) > 1 and listed[0][-1] in "аяa" and base == listed[-1]
    return not woman
