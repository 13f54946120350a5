"""A cheap guess of the language of a text: the rules must not judge what they cannot read."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from bot.reading.clauses.lexicon import lexicon
from bot.reading.english.lexicon import english
from bot.reading.names.letters import fold

_SAMPLE = 4000
_WORD = re.compile(r"[^\W\d_]+")
_STOPWORDS = {
    "en": "the of and to in is was that for with on as has have he she his her by at from are were been not be it who",
    "fr": "le la les des et est dans une du pour que qui par sur pas au avec il elle été son sa ce cette aux",
    "es": "el los las y es una del por con para que se su al como más fue en este según",
    "de": "der die das und in ist nicht mit den von zu dem ein eine auf für im sich auch wurde nach war hat am",
    "it": "il in di che è per un una della del con non sono nel alla ha gli dei è stato si le",
    "pt": "o os as e do da em um uma para com não que foi no na ao dos das por mais",
    "nl": "de het in was een en van is niet dat op te zijn met voor aan door werd naar bij ook",
    "tr": "ve bir bu için ile da de olarak olan daha çok ise gibi sonra kadar dedi",
    "id": "yang dan di dengan untuk dari pada ini itu tidak akan dalam telah oleh",
    "pl": "w i na z się nie do jest że o jak po przez od dla ma został",
    "sv": "och att det som en på är av för med till den har inte om var",
}
_ENGLISH_TOO = (
    "in is was war met die do no as a me an per son com dan om on over under we so be den har man"
    " von der van de la le el al du da di del dos das ben bin"
)
_ALSO_ENGLISH = frozenset(_ENGLISH_TOO.split())
"""Words of other lists that English texts hold too, the particles of names among them: they tell nothing."""
_SETS = {
    lang: frozenset(words.split()) - (_ALSO_ENGLISH if lang != "en" else frozenset())
    for lang, words in _STOPWORDS.items()
}
_OF_SCRIPT = {"ARABIC": ("ar", "fa"), "HEBREW": ("he",), "CYRILLIC": ("ru", "uk")}
"""The languages that are read, by the script they are written in, the commonest first."""
_OWN_LETTERS = {
    "ar": re.compile("[ةىيكأإ]|\\bال|ّ"),
    "fa": re.compile("[پچژگیک\u200c]"),
    "ru": re.compile("[ыэъё]"),
    "uk": re.compile("[іїєґ]"),
}
"""Letters that only one language of a script has (Arabic and Persian also write ye and kaf in two ways)."""
_FOREIGN_LETTERS = {
    "ARABIC": re.compile("[ٹڈڑےںہۆێەڕڵېۍښڼځڅټډړ]"),
    "CYRILLIC": re.compile("[ўқғҳәөүұңһћђљњџјѓќѕ]"),
}
"""Letters of languages in these scripts that are not read (Urdu, Kurdish, Pashto, Belarusian, Kazakh, Serbian, …)."""
_SMALL = {
    "ar": "في من إلى على عن أن إن التي الذي هذا هذه مع كان لم قد هو هي الى ان او أو",
    "fa": "در به از که را با این است برای شد آن بود و‌ی تا یک خود نیز های می کرد شده",
    "ru": "и в не на что с по как это он из у за от его к но она был была и или где",
    "uk": "і в не на що з за як це він із у від його до але вона був була та або де й чи",
    "bg": "и в не на че с за като това той от се е са си по който към но я във със му ще бе",
}
_TURKISH_LETTER = re.compile("[ığşİĞŞ]")
_TURKISH_ENDING = re.compile(
    r"\b(?!Sana)[A-ZÇĞİÖŞÜ]\w{2,}[’'](?:[dt][ae](?:n|ki)?|[yn]?[aeıiü]|n?[ıiuü]n|[yn]u|y?l[ae]|nd[ae]n?)\b"
)
_SMALL_WORDS = {lang: frozenset(listed.split()) for lang, listed in _SMALL.items()}
_SCRIPT_RIVALS = {"ARABIC": ("ar", "fa"), "CYRILLIC": ("ru", "uk", "bg")}


def _turkish(text: str, small: list[str]) -> int:
    """Count what only Turkish writes: endings behind an apostrophe, dotless i and soft g in words that are no names."""
    return (
        2 * len(_TURKISH_ENDING.findall(text))
        + sum(bool(_TURKISH_LETTER.search(word)) for word in small)
        + bool(_TURKISH_LETTER.search(text))
    )


def _by_letters(script: str, text: str) -> str | None:
    """Tell the languages of one script apart; None where another one of that script is likelier than those read."""
    if script not in _OF_SCRIPT:
        return None
    rivals = _SCRIPT_RIVALS.get(script, ())
    if not rivals:
        return _OF_SCRIPT[script][0]
    lowered = text.lower()
    foreign = len(_FOREIGN_LETTERS[script].findall(lowered))
    words = _WORD.findall(lowered)
    points = {
        lang: (len(_OWN_LETTERS[lang].findall(lowered)) if lang in _OWN_LETTERS else 0)
        + sum(word in _SMALL_WORDS[lang] for word in words)
        for lang in rivals
    }
    if len({points[lang] for lang in _OF_SCRIPT[script]}) == 1:
        for lang in _OF_SCRIPT[script]:
            known = lexicon(lang)
            points[lang] += sum(bool(known.tags([[fold(word)]])) for word in words)
    best = max(rivals, key=lambda lang: points[lang])
    if foreign > points[best] or foreign * 40 > len(lowered):
        return None
    return best if best in _OF_SCRIPT[script] else None


def detect(text: str, stated: str | None = None) -> str | None:
    """Return an ISO 639-1 code, or None where a text is too short or too mixed to tell.

    The script overrules what the source stated; otherwise what it stated is taken. Capitalised words tell nothing,
    unless there are no others. On a tie a word that only the other language has decides against English.
    """
    words = [word.lower() for word in _WORD.findall(text[:_SAMPLE])]
    letters = Counter(unicodedata.name(word[0], "?").split()[0] for word in words)
    script = letters.most_common(1)[0][0] if letters else ""
    stated = stated.split("-")[0].split("_")[0].lower() if stated else None
    stated = None if stated in {"und", "zxx", "qme", "qht", "in", ""} else stated
    if script and script != "LATIN":
        if stated and stated not in _SETS:
            return stated
        if stated in _OF_SCRIPT.get(script, ()):
            return stated
        return _by_letters(script, text[:_SAMPLE])
    if stated:
        return stated
    known = english()
    small = [word for word in _WORD.findall(text[:_SAMPLE]) if word.islower()]
    counts = {lang: sum(word in stop for word in small) for lang, stop in _SETS.items()}
    counts["en"] = sum(word in _SETS["en"] or word in known.verbs or known.small(word) for word in small)
    counts["tr"] += _turkish(text[:_SAMPLE], small)
    best = max(counts.values())
    if best == 0:
        return "en" if any(word in known.verbs or known.small(word) for word in words) else None
    others = [lang for lang in counts if lang != "en" and counts[lang] == best]
    if counts["en"] == best and not any(word in _SETS[lang] - _SETS["en"] for lang in others for word in small):
        return "en"
    return others[0] if others else "en"
