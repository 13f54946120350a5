"""Verbs in all their forms."""

from __future__ import annotations

import pytest

from bot.reading.clauses.conjugate import CONJUGATED, forms, is_nominal
from bot.reading.clauses.lexicon import lexicon
from bot.reading.names.letters import fold
from storage.records import Stance


@pytest.mark.parametrize(
    ("lang", "verb", "form", "stance"),
    [
        ("tr", "git", "gidiyor*", None),
        ("tr", "yaşa", "yaşayacak*", Stance.PLANNED),
        ("tr", "ziyaret_et", "ziyaret_etmedi*", Stance.NEGATED),
        ("tr", "öl", "ölmüş", Stance.ALLEGED),
        ("ar", "وصل/يصل", "وصلت", None),
        ("ar", "وصل/يصل", "سيصلون", Stance.PLANNED),
        ("ar", "التقى/يلتقي", "التقت", None),
        ("fa", "سفر_کرد/کن", "سفر_می‌کند", None),
        ("fa", "سفر_کرد/کن", "سفر_خواهد_کرد", Stance.PLANNED),
        ("fa", "رسید/رس", "نرسیده_است", Stance.NEGATED),
        ("he", "הגיע/מגיע/יגיע", "הגיעו", None),
        ("he", "הגיע/מגיע/יגיע", "תגיע", Stance.PLANNED),
    ],
)
def test_a_verb_has_its_forms_with_their_stance(lang: str, verb: str, form: str, stance: Stance | None) -> None:
    """From the dictionary form come the persons, tenses and negations, each with what it makes of a claim."""
    head, _, tail = fold(form.replace("*", "")).rpartition("_")
    wanted = {one.replace("*", "") for one, brings in forms(lang, verb) if brings is stance}
    assert (f"{head}_{tail}" if head else tail) in {fold(one) for one in wanted}


def test_a_turkish_verb_made_a_noun_is_told_from_a_finite_one() -> None:
    """Only forms that take their subject in the genitive are nominal."""
    nominal = {form for form, _ in forms("tr", "gel") if is_nominal("tr", form)}
    assert {"geldig*", "geleceg*", "gelmes*"} <= nominal
    assert not {"geldi", "geliyor*"} & nominal


@pytest.mark.parametrize("lang", sorted(CONJUGATED))
def test_every_listed_verb_can_be_conjugated(lang: str) -> None:
    """Each language's file loads: every verb row of it has the parts that its grammar asks for."""
    assert lexicon(lang).cues
