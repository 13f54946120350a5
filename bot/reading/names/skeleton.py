"""The sound of one name token: its consonant skeleton for looking up, and a weighted alignment for scoring.

Design and classes: consonant skeleton plus alignment, see docs/architecture.md. Weights were set by hand from
romanisation practice and checked on the project's own labelled pairs (tests/reading/name_pairs.tsv).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from bot.reading.names.letters import codes, is_abjad

VOWELS = frozenset("aeiouE")
_WEAK = frozenset("aeiouEAI2yw~h")
_VOWEL_WEIGHT = 0.4
_LONGEST = 6.0
"""Weight beyond which a longer token does not make a difference count less."""

_CLOSE = """
K Q .05|K G .3|K X .3|K Y .35|K k 0|K c .6|K x .4|K C .5|K g .35
Q G .15|Q Y .1|Q X .4|Q k .05|Q g .2|G Y .1|G g 0|G J .3|G ~ .1|G X .5|G k .4|Y g .1|Y ~ .1|Y X .4|Y k .3|Y R .6
X H .25|X x 0|X k 0|X $ .6|H x 0|H g .1|H h .05|H k .4|x h .2|x k .1|x g .5|g J .5|g ~ .1
C x .1|C k .1|J C .3|J Z .3|J $ .4|J y .3|J S .7|J i .6
j J .1|j S .1|j C .2|j c .2|j K .5|j s .3|j $ .4
C $ .15|C c .3|C S .5|C z .3|C K .5|C s .3|$ S .35|$ s 0|$ c .6|$ Z .6|s S .05|s Z .5|s O .4
S Z .45|S c .3|S O .15|S z .2|S 4 .5|Z 4 .1|Z c .3|Z z .1|Z O .4|c z 0|c T .5
d D 0|d J .05|d 4 .1|d T .3|d C .3|D 4 .1|D T .3|D O .4|4 T .4|4 O .15|T O .1
P B .2|P F .25|P p 0|P b .3|B b 0|B V .2|B p .3|b V 0|b F .3|b w .3|B w .5|F V .1|F p 0|F b .3|F w .4|V w .05|V p .4
V u .4
M N .6|L R 1.1
a e .15|a o .35|a i .5|a u .45|a E .45|e i .1|e o .5|e u .5|e E .15|i o .7|i u .6|i E .2|o u .05|o E .6|u E .6
y i 0|y e .05|y E 0|y a .6|y 2 .2|y u .7|y o .7|y h .5|w o 0|w u 0|w a .5|w 2 .3|w y .8|w e .6|w E .6
I y 0|I i 0|I A 0|I a .25|I E .1|I e .2|I h .2|I 2 .3
A a 0|A y 0|A i 0|A E .1|A e .1|A h .1|A 2 .1
2 a 0|2 e 0|2 i 0|2 o 0|2 u 0|2 E .1|a h .1|e h .1|h o .3|h 2 .1|h T .3|a H .5|2 H .6
"""
_COST: dict[tuple[str, str], float] = {}
for _entry in _CLOSE.replace("\n", "|").split("|"):
    if _entry:
        _one, _other, _cost = _entry.split()
        _COST[_one, _other] = _COST[_other, _one] = float(_cost)

_SOFT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys("KQGYXk~", ("K",)), "x": ("K", ""), "g": ("K", ""), "J": ("J", "K"),
    "d": ("T", "J"), "j": ("S", "J", "K"),
    "C": ("S", "K"), **dict.fromkeys("$Scsz", ("S",)),
    "Z": ("S",), "O": ("T", "S"), "4": ("T", "S"), "T": ("T",), "D": ("T",), **dict.fromkeys("BPFbp", ("B",)),
    "V": ("B", ""), "w": ("", "B"), **dict.fromkeys("aeiouEAIHhy2", ("",)),
}  # fmt: skip
_MOST_KEYS = 8
_NISBA = 1.4
"""A last -i makes another name of most names (Hamdan, Hamdani): dearer to leave out than a consonant."""


@dataclass(frozen=True, slots=True)
class Sound:
    """One token as heard.

    Attributes:
        codes: its sounds, see `bot.reading.letters`.
        abjad: True where short vowels are not written.
        weight: how much there is to compare; 1 a consonant, less a vowel.
        loss: what it costs to leave each sound out against a token whose script writes vowels.
        loss_abjad: the same against a token whose script does not.
    """

    codes: str
    abjad: bool
    weight: float
    loss: tuple[float, ...]
    loss_abjad: tuple[float, ...]


@lru_cache(maxsize=1 << 16)
def sound(token: str) -> Sound:
    """Hear one token (one word of a name, in any script)."""
    sounds = codes(token)
    abjad = is_abjad(token)
    weight = sum(_VOWEL_WEIGHT if code in _WEAK else 1.0 for code in sounds)
    places = range(len(sounds))
    return Sound(
        sounds,
        abjad,
        weight,
        tuple(_loss(sounds, at, abjad, False) for at in places),
        tuple(_loss(sounds, at, abjad, True) for at in places),
    )


def _loss(sounds: str, at: int, abjad: bool, other_abjad: bool) -> float:
    """What leaving out one sound costs: little for what the other script leaves unwritten, most at the ends."""
    code = sounds[at]
    last = at == len(sounds) - 1
    neighbours = sounds[max(at - 1, 0) : at] + sounds[at + 1 : at + 2]
    if code in "2~":
        return 0.05
    if code == "h":
        return 0.1
    if code == "H":
        return 0.15 if last else 0.5
    if code not in _WEAK:
        return 1.0
    if last and code in "iyI" and len(sounds) > 3:
        return _NISBA
    if abjad:
        if code == "a":
            return 0.1 if not other_abjad and any(near in "2yw" for near in neighbours) else 0.45
        return 1.0 if last else 0.65
    if other_abjad:
        if last:
            return 0.35 if code in "ae" else 0.9
        if code == "E":
            return 0.45
        return 0.5 if at == 0 else 0.07
    if code in "yw":
        return 0.4
    if any(near in "aeiouEyw" for near in neighbours):
        return 0.2 if code == "e" else 0.35
    if code == "e" and sounds[at + 1 :] == "R":
        return 0.4
    return 0.6 if last and code in "ae" else 1.0


@lru_cache(maxsize=1 << 17)
def token_similarity(a: str, b: str) -> float:
    """Score how likely two tokens are spellings of one name, 0..1, symmetric; 1 for the same sound."""
    one, other = sound(a), sound(b)
    if not one.codes or not other.codes:
        return 1.0 if a == b else 0.0
    size = min((one.weight + other.weight) / 2, _LONGEST)
    return max(0.0, 1.0 - distance(one, other, size) / size)


def distance(a: Sound, b: Sound, limit: float) -> float:
    """Align two sounds at the least cost; gives up with `limit` as soon as the cost cannot stay below it."""
    if a.codes == b.codes:
        return 0.0
    drop_a = a.loss_abjad if b.abjad else a.loss
    drop_b = b.loss_abjad if a.abjad else b.loss
    row = [0.0]
    for lost in drop_b:
        row.append(row[-1] + lost)
    for code, lost in zip(a.codes, drop_a, strict=True):
        diagonal, row[0] = row[0], row[0] + lost
        least = left = row[0]
        for at, facing in enumerate(b.codes, 1):
            above = row[at]
            best = diagonal if code == facing else diagonal + _COST.get((code, facing), 2.0)
            best = min(best, above + lost, left + drop_b[at - 1])
            diagonal, row[at] = above, best
            left = best
            least = min(least, best)
        if least >= limit:
            return limit
    return min(row[-1], limit)


_SAME_INITIAL = 0.15


def initials_agree(a: str, b: str) -> bool:
    """Tell whether two words, one of them a single letter, begin with one letter, or across scripts with one sound."""
    if a[0].casefold() == b[0].casefold():
        return True
    one, other = codes(a)[:1], codes(b)[:1]
    if not one or not other or unicodedata.name(a[0], "?").split()[0] == unicodedata.name(b[0], "?").split()[0]:
        return False
    return one == other or _COST.get((one, other), 1.0) <= _SAME_INITIAL


@lru_cache(maxsize=1 << 16)
def keys(token: str) -> frozenset[str]:
    """Return the soft skeletons under which a token is looked up: consonants only, wide classes, doubles collapsed.

    A sound that romanisations write in two ways gives two keys; at most 8 keys are made.
    """
    choices: list[tuple[str, ...]] = []
    ways = 1
    for code in codes(token):
        options = _SOFT.get(code, (code,))
        if ways * len(options) > _MOST_KEYS:
            options = options[:1]
        ways *= len(options)
        choices.append(options)
    found = set()
    for parts in product(*choices):
        skeleton = ""
        for part in parts:
            if not skeleton.endswith(part) or not part:
                skeleton += part
        found.add(skeleton)
    return frozenset(found)
