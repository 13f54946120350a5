"""Person names: taking them apart, and scoring whether two of them are spellings of one name.

`similarity` compares two names in any of the scripts of `bot.reading.letters`. Tokens are compared by sound
(`bot.reading.skeleton`) and paired in any order; articles (al-, el-), particles (bin, van) and titles do not count;
Abd and Allah and al-Din are one name with their neighbour; an initial fits weakly; a token that only one name has
costs part of the score, and one shared token alone never makes two full names the same.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import combinations, pairwise, permutations

from bot.reading.names.letters import APOSTROPHES, IGNORABLE, MARKS, fold, is_abjad
from bot.reading.names.skeleton import initials_agree, token_similarity
from bot.reading.names.usage import (
    DATA,
    are_confusable,
    are_of_two_genders,
    contradict,
    go_together,
    is_generation,
)

THRESHOLD = 0.885
"""At or above: the same name. Set on the project's own labelled pairs (tests/reading/name_pairs.tsv, six scripts,
written from general knowledge) as the lowest value that accepts no pair of different names there."""

POSSIBLE = 0.70
"""At or above and below THRESHOLD: worth a "did you mean"; chosen on the same pairs so that misspellings pass."""

_INNER = rf"{MARKS}{IGNORABLE}{APOSTROPHES}"
WORD = re.compile(rf"[^\W\d_](?:[{_INNER}]*[^\W\d_])*[{MARKS}]*")
"""One word of a name: letters with their marks, invisible characters and apostrophes between them."""

_BARE_ARTICLES = frozenset({"al", "el", "ul", "ol", "ال", "аль", "эль", "ель"})
_HYPHENS = "-\u2010\u2011"

_ABD = re.compile(r"^abd(?:[aeiou](?:l|(?P<sun>[rsnztd]|sh)(?=(?P=sun))))?-?(?P<rest>[^\W\d_]{3,})$")
_ABD_ARABIC = re.compile(r"^عبد(?:ال)?(?P<rest>\w{2,})$")
_DIN = re.compile(r"^(?P<head>\w{3,}?)(?:[aeiou]d?d|[aeiou]l?d)(?:in|een|ine|yn)e?$")
_ARABIC_ARTICLE = re.compile(rf"^ا[{MARKS}]*ل[{MARKS}]*(?=(?:\w[{MARKS}]*){{3}})")
ABD_WORDS = frozenset({"abd", "abdel", "abdul", "abdal", "abdol", "abdur", "abdus", "abdu", "عبد"})
ALLAH_WORDS = frozenset({"allah", "ullah", "ollah", "الله"})
DIN_WORDS = frozenset({"din", "deen", "dine", "الدين"})
_GLUED_ARTICLE = re.compile(r"(?:al|el)(?=[b-df-hj-np-tv-z][^\W\d_]{3})", re.IGNORECASE)
_GLUED = 0.02
_CERTAIN = 0.97
_ANOTHER_NAME = 0.5
"""What two tokens are worth that are different names and sound alike, and from where on they are one."""
_ENOUGH = 0.80
_ENOUGH_ACROSS = 0.72
_ENOUGH_WITH_MORE = 0.085
"""The score from which on two names of several words each are one: within scripts that write vowels, across to one that
does not, and how much more it takes where one name has more words. Measured on Arabic and Persian names of a public
package (rows kept for development), see docs/reading.md."""
_INITIAL_FIT = 0.87
"""What an initial is worth: three of them and a surname written alike just reach THRESHOLD, and nothing less does."""
_PET_FORM = 0.93
"""What Bill is worth for William."""
CONTRADICTED = 0.8
"""The most that two names are worth that say themselves that they are two people's: worth asking about."""
_MISSING_TOKEN = 0.06
_MISSING_MORE = 0.03
_MISSING_INITIAL = 0.015
"""What a token costs that only one name has, and each further one: whoever drops one middle name drops them all; and an
initial."""
_OUT_OF_ORDER = 0.01
_ONE_OF_MANY = 0.80
_MOST_TOKENS = 6


@lru_cache(maxsize=16)
def word_list(name: str) -> frozenset[str]:
    """Read one of the word lists beside the code, folded; `#` begins a comment."""
    lines = (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(fold(word) for line in lines for word in line.partition("#")[0].split())


TITLES = word_list("titles")
ARTICLES = word_list("articles")
PARTICLES = word_list("particles")


@lru_cache(maxsize=1 << 15)
def tokens(name: str) -> tuple[str, ...]:
    """Take a name apart into the tokens that are compared, folded where equality matters.

    Articles and leading titles are dropped while something is left; particles are dropped after the first token;
    the compounds of Abd, Allah and al-Din become one token.
    """
    words = [match.group() for match in WORD.finditer(name)]
    words = [strip_possessive(word) for word in words]
    while len(words) > 2 and is_generation(words[-1]):
        del words[-1]
    while len(words) > 1 and fold(words[0]) in TITLES:
        del words[0]
    parts: list[str] = []
    for at, word in enumerate(words):
        folded = fold(word)
        if len(words) > 1 and (folded in _BARE_ARTICLES or (folded in ARTICLES and at and _hyphen_after(name, word))):
            continue
        if parts and at + 1 < len(words) and folded in PARTICLES:
            continue
        parts.append(word)
    joined: list[str] = []
    for part in parts or words:
        folded = fold(part)
        before = fold(joined[-1]) if joined else ""
        if joined and (before in ABD_WORDS or folded in ALLAH_WORDS or folded in DIN_WORDS):
            joined[-1] = _join(before, folded)
        else:
            joined.append(part)
    return tuple(canonical(part) for part in joined)


def _hyphen_after(name: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}[{_HYPHENS}]", name) is not None


def _join(before: str, folded: str) -> str:
    if before in ABD_WORDS:
        return ("عبد" if is_abjad(before) else "abd") + folded
    return before + folded


@lru_cache(maxsize=1 << 16)
def canonical(word: str) -> str:
    """Bring one token to the form that is compared: article off, Abd and al-Din compounds levelled."""
    folded = fold(word)
    if is_abjad(word):
        word = _ARABIC_ARTICLE.sub("", word)
        if (found := _ABD_ARABIC.match(fold(word))) is not None:
            return "عبد" + found["rest"]
        return folded.replace("الدين", "دين") if folded.endswith("الدين") else word
    if (found := _ABD.match(folded)) is not None:
        return "abd" + found["rest"]
    if (found := _DIN.match(folded)) is not None and folded[-3:] != "lin":
        return found["head"] + "din"
    return word


def strip_possessive(word: str) -> str:
    """Take an English possessive 's off a word."""
    return word[:-2] if len(word) > 2 and word[-1] in "sS" and word[-2] in "'’ʼ" else word


def similarity(a: str, b: str) -> float:
    """Score whether two names, in any scripts, are spellings of one name.

    Returns:
        0..1, symmetric; 1 for names that are equal after folding. See THRESHOLD and POSSIBLE.
    """
    if fold(a) == fold(b):
        return 1.0
    score = _taken_apart_similarity(a, b)
    return min(score, CONTRADICTED) if score >= THRESHOLD and contradict(a, b) else score


def _taken_apart_similarity(a: str, b: str) -> float:
    one, other = sorted((tokens(a), tokens(b)), key=lambda parts: (len(parts), parts))
    return tokens_similarity(one, other)


def tokens_similarity(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Score two names that are already taken apart (see `tokens`)."""
    if len(one) > len(other):
        one, other = other, one
    if not one:
        return 0.0
    score = _raw(one, other)
    if len(one) == 1 or any(len(token) == 1 for token in one + other):
        return score  # a word or an initial is no full name
    enough = _ENOUGH_ACROSS if is_abjad(one[-1]) != is_abjad(other[-1]) else _ENOUGH
    return _calibrated(score, enough + (_ENOUGH_WITH_MORE if len(one) != len(other) else 0.0))


def _calibrated(score: float, enough: float) -> float:
    """Put two full names on the scale of single ones: what every word of them says together weighs more.

    One piecewise line through 0, `enough` at THRESHOLD, and 1.
    """
    if score < enough:
        return score * THRESHOLD / enough
    return THRESHOLD + (score - enough) * (1 - THRESHOLD) / (1 - enough)


def _raw(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    best = _paired(one[:_MOST_TOKENS], other[:_MOST_TOKENS])
    if len(one) != len(other):
        best = max(best, token_score("".join(one), "".join(other)) - _OUT_OF_ORDER)
        for at in range(len(other) - 1):
            if len(other) - 1 == len(one) > 1:
                merged = (*other[:at], other[at] + other[at + 1], *other[at + 2 :])
                best = max(best, _paired(one[:_MOST_TOKENS], merged[:_MOST_TOKENS]) - _OUT_OF_ORDER)
    return max(0.0, best)


def token_score(a: str, b: str) -> float:
    """Score two tokens: by sound, or as an initial and the name it may stand for."""
    if len(a) == 1 or len(b) == 1:
        if a == b:
            return 1.0
        return _INITIAL_FIT if initials_agree(a, b) else 0.0
    if fold(a) == fold(b):
        return 1.0
    score = max(
        token_similarity(*sorted((one, other))) - _GLUED * ((one is not a) + (other is not b))
        for one in _without_article(a)
        for other in _without_article(b)
    )
    return min(score, _ANOTHER_NAME) if score < _CERTAIN and are_confusable(a, b) else score


def _without_article(token: str) -> tuple[str, ...]:
    """Give a token, and what is left of a Latin one whose article is written onto it (Alyami)."""
    found = _GLUED_ARTICLE.match(token)
    return (token, token[found.end() :]) if found else (token,)


def _fit(a: str, b: str, last: bool, other_last: bool) -> float:
    """Score two words of full names: the last word of a name is hardly a given name, the others may be."""
    score = token_score(a, b)
    if score < _PET_FORM and not (last and other_last) and go_together(a, b):
        return _PET_FORM
    if score >= _ANOTHER_NAME and not last and not other_last and are_of_two_genders(a, b):
        return _ANOTHER_NAME
    return score


def _missing(unmatched: list[str]) -> float:
    """Say what the words cost that only one of two names has."""
    whole = sum(len(token) > 1 for token in unmatched)
    cost = _MISSING_INITIAL * (len(unmatched) - whole)
    return cost + (_MISSING_TOKEN + _MISSING_MORE * (whole - 1) if whole else 0.0)


def _paired(short: tuple[str, ...], long: tuple[str, ...]) -> float:
    """Pair every token of the shorter name with one of the longer, at the best total."""
    count, width = len(short), len(long)
    scores = [
        [_fit(a, b, at + 1 == count, to + 1 == width) if count > 1 else token_score(a, b) for to, b in enumerate(long)]
        for at, a in enumerate(short)
    ]
    best = 0.0
    if count == width and count > 3:
        orders = [tuple(range(count)), tuple(range(count - 1, -1, -1)), (count - 1, *range(count - 1))]
    else:
        orders = list(permutations(range(width), count)) if width <= 4 else list(combinations(range(width), count))
    for order in orders:
        fits = [scores[at][to] for at, to in enumerate(order)]
        score = (sum(fits) / count + min(fits)) / 2
        if any(left > right for left, right in pairwise(order)):
            score -= _OUT_OF_ORDER
        best = max(best, score - _missing([token for at, token in enumerate(long) if at not in order]))
    return min(best, _ONE_OF_MANY) if count == 1 < width else best
