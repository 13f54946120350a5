"""Verbs in all their forms, from one dictionary form: so that a word list names a verb once and every form is known.

A row `conjugate:GROUP` of a language's file lists verbs; the forms below follow the grammars of the languages, written
as `bot.reading.names.letters.fold` writes words (Turkish ı is i there, Arabic ى is ي, and no half-space is left).
Each form comes with the stance that it brings by itself: "will go" is planned, "did not go" negated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.reading.names.letters import fold
from storage.records import Stance

_NOMINAL = re.compile(r"(?:[dt][iu](?:g|kl)|m[ae]s|[ae]c[ae]g|m[ae]dig)\*$")
Form = tuple[str, Stance | None]


def forms(lang: str, verb: str) -> Iterator[Form]:
    """Give every form of a verb with its stance.

    Args:
        lang: one of CONJUGATED.
        verb: as the language lists it: a Turkish stem (`git`), an Arabic past and present (`وصل/يصل`), a Persian past
            and present stem (`رفت/رو`), a Hebrew past, present and future (`הגיע/מגיע/יגיע`). Words before the last,
            joined by `_`, stand unchanged before every form.

    Raises:
        KeyError: verbs of this language are not conjugated.
    """
    head, _, last = verb.rpartition("_")
    for form, stance in CONJUGATED[lang](last):
        yield (f"{head}_{form}" if head else form), stance


def is_nominal(lang: str, form: str) -> bool:
    """Tell whether a form is a Turkish verb made a noun, whose subject stands in the genitive ("NAME'in geldiği")."""
    return lang == "tr" and _NOMINAL.search(form) is not None


def _turkish(stem: str) -> Iterator[Form]:
    stem = fold(stem)
    soft = stem[:-1] + "d" if stem in {"et", "git"} or stem.endswith("ett") else stem
    vowel = stem[-1] in "aeiou"
    bare = stem[:-1] if vowel else soft
    glide = f"{stem}y" if vowel else soft
    for high in "iu":
        for voiced in "dt":
            yield from ((f"{stem}{voiced}{high}{end}", None) for end in ("", "lar", "ler", "g*", "kl*", "k", "m"))
        yield f"{bare}{high}yor*", None
        yield f"{stem}m{high}st*", None
        yield f"{glide}{high}p", None
        yield from ((f"{stem}m{high}s{end}", Stance.ALLEGED) for end in ("", "lar", "ler"))
        yield f"{stem}m{high}yor*", Stance.NEGATED
    for low in "ae":
        yield from ((f"{glide}{low}{end}", None) for end in ("n", "nlar", "nler", "rak", "rek"))
        yield f"{stem}m{low}kt*", None
        yield from ((f"{glide}{low}c{low}{end}*", Stance.PLANNED) for end in "kg")
        yield from ((f"{stem}m{low}{end}", Stance.PLANNED) for end in ("s*", "yi", "k"))
        yield from ((f"{stem}m{low}{end}*", Stance.NEGATED) for end in ("di", "mis", "dig", f"y{low}c{low}", "kt"))
        yield f"{stem}m{low}z", Stance.NEGATED


def _arabic(verb: str) -> Iterator[Form]:
    past, present = (fold(part) for part in verb.split("/"))
    short = past[:-1] if past[-1] in "يا" and len(past) > 2 else past
    yield past, None
    yield from ((f"{short}{end}", None) for end in ("ت", "تا", "وا", "ن"))
    yield f"{past}ا", None
    if not present:
        return
    stem = present[1:]
    cut = stem[:-1] if stem[-1] in "يو" else stem
    yield f"ا{stem}", None
    yield f"سا{stem}", Stance.PLANNED
    for first in "يت":
        for end, whole in (("", stem), ("ون", cut), ("ان", stem), ("وا", cut), ("ن", stem)):
            yield f"{first}{whole}{end}", None
            if end != "وا":
                yield f"س{first}{whole}{end}", Stance.PLANNED


def _persian(verb: str) -> Iterator[Form]:
    past, present = (fold(part) for part in verb.split("/"))
    for person in ("", "ند", "م", "یم"):
        person = fold(person)
        yield f"{past}{person}", None
        yield f"مي{past}{person}", None
        yield f"ن{past}{person}", Stance.NEGATED
        yield f"نمي{past}{person}", Stance.NEGATED
    for perfect in ("", "اند", "_اند", "_است", "_بود", "_بودند"):
        yield f"{past}ه{perfect}", None
        yield f"ن{past}ه{perfect}", Stance.NEGATED
    for person in ("د", "ند", "م"):
        yield from ((f"{joined}{present}{person}", None) for joined in ("مي", "مي_"))
        yield from ((f"ن{joined}{present}{person}", Stance.NEGATED) for joined in ("مي", "مي_"))
        yield f"ب{present}{person}", Stance.PLANNED
        yield f"خواه{person}_{past}", Stance.PLANNED
        yield f"نخواه{person}_{past}", Stance.NEGATED


def _hebrew(verb: str) -> Iterator[Form]:
    past, present, future = (*(fold(part) for part in verb.split("/")), "", "")[:3]
    weak = past.endswith("ה")
    yield from ((form, None) for form in (past, f"{past[:-1]}תה" if weak else f"{past}ה", f"{past.rstrip('ה')}ו"))
    if present:
        stem = present[:-1] if present.endswith("ה") else present
        yield from ((form, None) for form in (present, f"{stem}ת", f"{stem}ה", f"{stem}ים", f"{stem}ות"))
    if future:
        stem = future[1:]
        yield from (
            (form, Stance.PLANNED) for form in (f"י{stem}", f"ת{stem}", f"א{stem}", f"י{stem.rstrip('ה')}ו", f"ל{stem}")
        )


CONJUGATED: dict[str, Callable[[str], Iterator[Form]]] = {
    "ar": _arabic,
    "fa": _persian,
    "he": _hebrew,
    "tr": _turkish,
}
"""Languages whose verbs are listed in dictionary form. Russian and Ukrainian list stems with `*`."""
