"""Letters of five scripts to one small alphabet of sounds, so that names can be compared across spellings.

A *code* is one character. Upper-case codes are consonants, lower-case vowels are vowels, and a few codes stand for
letters that are ambiguous in writing:

    T D P B F V M N L R S Z K Q G J H   as in English (Q ق, J also ж and ج)
    C ch   $ sh   X kh   Y gh   O th/ث   4 dh/ذ/ض/ظ   c ts
    a e i o u      vowels;  E a diphthong ei/ai/ey/ay;  A  ى, an a or an i
    I  a final ي, an i or, as many write it, an a
    y  a y-glide or an i (ي, Latin y before a vowel)      w  a w-glide, an o or a u (و, Latin w)
    2  a letter that stands for some vowel or none (ع, hamza, א)      h  a weak final h (ة ه)
    ~  a softened g (ğ)      b  B or V (ב)    p  P or F (פ)    k  K or X (כ)    x  X or H (ח, Cyrillic х)
    d  D or J (đ: Vietnamese, Serbian)
    j  S or J (Latin c before e and i)   g  G or H (Cyrillic г)   s  S or sh (ש)   z  Z or ts (צ)

The classes follow common romanisation practice (ALA-LC, IJMES, BGN/PCGN, ISO 9): what two standards write
differently for one letter must be close here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bot.reading.names.homoglyphs import unmixed

_LATIN_GROUPS = {
    "schtsch": "$", "shch": "$", "tsch": "C", "dzh": "J", "sch": "$", "tch": "C", "kh": "X", "gh": "Y", "sh": "$",
    "ch": "C", "th": "O", "dh": "4", "ph": "F", "zh": "J", "dj": "J", "ck": "K", "tz": "c", "ts": "c", "cz": "C",
    "ks": "KS", "qu": "K", "ou": "u", "oo": "u", "ee": "i", "ii": "i", "yy": "y", "iy": "i", "ij": "i", "aa": "a",
    "uu": "u", "ce": "je", "ci": "ji", "cy": "ji",
}  # fmt: skip
_LATIN_LETTERS = {
    "b": "B", "c": "K", "d": "D", "f": "F", "g": "G", "h": "H", "j": "J", "k": "K", "l": "L", "m": "M", "n": "N",
    "p": "P", "q": "Q", "r": "R", "s": "S", "t": "T", "v": "V", "w": "w", "x": "KS", "z": "Z", "a": "a", "e": "e",
    "i": "i", "o": "o", "u": "u", "y": "y",
    # letters that say more than their base letter, or have no decomposition
    "ç": "C", "ş": "$", "ș": "$", "š": "$", "č": "C", "ć": "C", "ž": "J", "ğ": "~", "ı": "i", "ł": "L", "đ": "d",
    "ø": "o", "ß": "S", "æ": "e", "œ": "e", "þ": "O", "ð": "4", "ə": "e", "ħ": "H", "ʿ": "", "ʾ": "", "ʼ": "",
}  # fmt: skip
_CYRILLIC = {
    "а": "a", "б": "B", "в": "V", "г": "g", "ґ": "G", "ғ": "Y", "д": "D", "е": "e", "ё": "e", "є": "e", "э": "e",
    "ж": "J", "з": "Z", "и": "i", "і": "i", "ы": "i", "ї": "i", "й": "y", "ј": "y", "к": "K", "қ": "Q", "л": "L",
    "м": "M", "н": "N", "о": "o", "ө": "o", "п": "P", "р": "R", "с": "S", "т": "T", "у": "u", "ў": "w", "ү": "u",
    "ұ": "u", "ф": "F", "х": "x", "һ": "H", "ҳ": "H", "ц": "c", "ч": "C", "ш": "$", "щ": "$", "ъ": "", "ь": "",
    "ю": "yu", "я": "ya", "љ": "L", "њ": "N", "ћ": "C", "ђ": "J", "џ": "J", "ә": "e", "ӣ": "i", "ӯ": "u", "ҷ": "J",
}  # fmt: skip
_ARABIC = {
    "ا": "a", "أ": "2", "إ": "2", "آ": "a", "ٱ": "a", "ء": "2", "ئ": "2", "ؤ": "2", "ى": "A", "ي": "y", "ی": "y",
    "ې": "y", "ے": "y", "و": "w", "ۆ": "w", "ب": "B", "پ": "P", "ت": "T", "ٹ": "T", "ث": "O", "ج": "J", "چ": "C",
    "ح": "H", "خ": "X", "د": "D", "ڈ": "D", "ذ": "4", "ر": "R", "ڑ": "R", "ز": "Z", "ژ": "J", "س": "S", "ش": "$",
    "ص": "S", "ض": "4", "ط": "T", "ظ": "4", "ع": "2", "غ": "Y", "ف": "F", "ڤ": "V", "ق": "Q", "ك": "K", "ک": "K",
    "گ": "G", "ڭ": "G", "ل": "L", "م": "M", "ن": "N", "ں": "N", "ه": "H", "ہ": "H", "ھ": "H", "ة": "h", "ۀ": "h",
    "ە": "h",
}  # fmt: skip
_HEBREW_GROUPS = {"ג׳": "J", "צ׳": "C", "ץ׳": "C", "ז׳": "J", "ח׳": "X", "ת׳": "O", "ד׳": "4", "וו": "w", "יי": "y"}
_HEBREW = {
    "א": "2", "ב": "b", "ג": "G", "ד": "D", "ה": "H", "ו": "w", "ז": "Z", "ח": "x", "ט": "T", "י": "y", "כ": "k",
    "ך": "k", "ל": "L", "מ": "M", "ם": "M", "נ": "N", "ן": "N", "ס": "S", "ע": "2", "פ": "p", "ף": "p", "צ": "z",
    "ץ": "z", "ק": "K", "ר": "R", "ש": "s", "ת": "T",
}  # fmt: skip
_GREEK = {
    "α": "a", "β": "V", "γ": "G", "δ": "4", "ε": "e", "ζ": "Z", "η": "i", "θ": "O", "ι": "i", "κ": "K", "λ": "L",
    "μ": "M", "ν": "N", "ξ": "KS", "ο": "o", "π": "P", "ρ": "R", "σ": "S", "ς": "S", "τ": "T", "υ": "i", "φ": "F",
    "χ": "x", "ψ": "PS", "ω": "o",
}  # fmt: skip

_LETTERS = {**_LATIN_LETTERS, **_CYRILLIC, **_ARABIC, **_HEBREW, **_GREEK}
_OTHER_GROUPS = {"ий": "i", "ій": "i", "ый": "i", "дж": "J", "цз": "J", "чж": "J"}
_GROUPS = {**_LATIN_GROUPS, **_HEBREW_GROUPS, **_OTHER_GROUPS}
_LONGEST_GROUP = max(map(len, _GROUPS))

_ABJAD = re.compile(r"[\u0590-\u06ff\u0750-\u077f]")
_DIPHTHONG = re.compile(r"[ae][iy]")
_GLIDE_AS_VOWEL = re.compile(r"(?<![aeiouE2])y(?![aeiouE2])|(?<=[^aeiouE2])y$")
_SILENT_HEH = re.compile("ه(?=\u200c)")
_YEH = re.compile("[\u064a\u06cc]$")
_PINYIN_X = re.compile("^(?:x(?=[iu])|hs)")
_REPEAT = re.compile(r"(.)\1+")

IGNORABLE = "\u00ad\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe00-\ufe0f"
"""Character class of what is invisible or ornamental inside a word: soft hyphen, tatweel, zero-width characters,
directional controls, variation selectors."""
MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
"""Character class of combining marks of the scripts above."""
APOSTROPHES = "'’‘ʼʻʿʾ`´׳״ʹ"

_IGNORED = re.compile(f"[{IGNORABLE}]")
_MARKED = re.compile(f"[{MARKS}]")
_NOT_IN_A_NAME = re.compile(rf"[{APOSTROPHES}]")


def is_abjad(text: str) -> bool:
    """Tell whether short vowels are unwritten in the script of this word (Arabic or Hebrew letters)."""
    return _ABJAD.search(text) is not None


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Bring a name to the form in which equal names are equal strings.

    Compatibility forms, letters of another script that look alike, case, combining marks, invisible characters and the
    letter variants of the Arabic script (alef forms, yeh and kaf forms, teh marbuta) are levelled. The result has no
    fixed length relation to the input.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    text = unmixed(unicodedata.normalize("NFKC", _IGNORED.sub("", text))).casefold().replace("ı", "i")
    text = unicodedata.normalize("NFKD", text)
    return _MARKED.sub("", text).translate(_FOLDED)


_FOLDED = str.maketrans(
    {
        "ی": "ي", "ى": "ي", "ې": "ي", "ک": "ك", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه", "أ": "ا", "إ": "ا", "آ": "ا",
        "ٱ": "ا", "ؤ": "و", "ئ": "ي", "ł": "l", "ø": "o", "đ": "d", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'",
        "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ",
    }
)  # fmt: skip


def codes(word: str) -> str:
    """Write one word of any of the scripts as sound codes; characters of other scripts stand for themselves."""
    word = _SILENT_HEH.sub("ۀ", unicodedata.normalize("NFKC", word))
    word = unmixed(_IGNORED.sub("", word)).casefold()
    word = word.replace("i̇", "i").replace("'", "׳") if is_abjad(word) else _NOT_IN_A_NAME.sub("", word)
    word = _PINYIN_X.sub("sh", word)
    out: list[str] = []
    at = 0
    while at < len(word):
        for length in range(_LONGEST_GROUP, 1, -1):
            if (group := _GROUPS.get(word[at : at + length])) is not None and len(word) - at >= length:
                out.append(group)
                at += length
                break
        else:
            out.append(_letter(word[at]))
            at += 1
    joined = _REPEAT.sub(r"\1", "".join(out))
    if is_abjad(word):
        return _weak_ending(joined, word)
    joined = _GLIDE_AS_VOWEL.sub("i", joined)
    return _REPEAT.sub(r"\1", _DIPHTHONG.sub("E", joined))


def _letter(char: str) -> str:
    if (code := _LETTERS.get(char)) is not None:
        return code
    base = unicodedata.normalize("NFKD", char)[0]
    if (code := _LETTERS.get(base)) is not None:
        return code
    return base if base.isalpha() else ""


def _weak_ending(sounds: str, word: str) -> str:
    """A final heh is a vowel in Persian and Hebrew, silent in Nasrallah; a final yeh may be the a of Mustafa."""
    if len(sounds) > 1 and sounds[-1] == "H":
        return sounds[:-1] + "h"
    return sounds[:-1] + "I" if len(sounds) > 1 and sounds[-1] == "y" and _YEH.search(word) else sounds
