"""Places named only by reference: "there", "the city", "the Kenyan capital", "the airport" of a sentence before.

Each is made a place token that carries the place it stands for, so that the frames read it like a name. What cannot be
told stays a plain word.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.reading.english.lexicon import Lexicon
from bot.reading.english.tokens import Sentence
from bot.reading.model import PlaceMention
from bot.reading.places.capitals import capital
from bot.reading.places.gazetteer import Gazetteer
from storage.records import Place, PlacePrecision, Span

WINDOW = 2
"""How many sentences back the place may be named (`sightings.md`, section 2, step 5)."""

_SETTLEMENTS = frozenset({"city", "town", "village", "port", "resort", "settlement", "metropolis", "municipality"})
_LANDS = frozenset({"country", "kingdom", "republic", "emirate", "nation"})
_AREAS = frozenset({"province", "region", "island", "state", "peninsula", "enclave", "territory", "archipelago"})
_ADVERBS = frozenset({"there", "here"})
_AUXILIARIES = frozenset({"BE", "HAVE", "MODAL", "DO"})


def resolve(text: str, sentences: Sequence[Sentence], lexicon: Lexicon, gazetteer: Gazetteer | None) -> None:
    """Turn the references of a text into place tokens, in its order, so that one may lean on another."""
    for here, sentence in enumerate(sentences):
        _join_capitals(text, sentence, gazetteer)
        for at in range(len(sentence.tokens)):
            place = _meant(sentences, here, at, lexicon, gazetteer)
            if place is not None:
                token = sentence.tokens[at]
                span = Span(token.start, token.end)
                token.tag = "PLC"
                token.place = PlaceMention(span, "place", place, (place,), "antecedent")


def _join_capitals(text: str, sentence: Sentence, gazetteer: Gazetteer | None) -> None:
    """Read "Kenya's capital" and "the Kenyan capital" as the city, where its name does not follow."""
    for at in range(len(sentence.tokens) - 1):
        first = sentence.tokens[at]
        last = at + 2 if sentence.tag(at + 1) == "POSS" else at + 1
        if first.place is None or sentence.lower(last) != "capital":
            continue
        first_name = last + 2 if sentence.lower(last + 1) == "," else last + 1
        if first.place.place.precision is not PlacePrecision.COUNTRY or sentence.tag(first_name) == "PLC":
            continue
        place = capital(first.place.place.country, gazetteer)
        end = sentence.tokens[last].end
        if place is None:
            first.tag, first.place = "NAME", None
            continue
        first.end, first.lower = end, text[first.start : end].lower()
        first.place = PlaceMention(Span(first.start, end), "place", place, (place,), "only")
        del sentence.tokens[at + 1 : last + 1]
        _join_capitals(text, sentence, gazetteer)
        return


def _meant(
    sentences: Sequence[Sentence], here: int, at: int, lexicon: Lexicon, gazetteer: Gazetteer | None
) -> Place | None:
    s = sentences[here]
    word, tag = s.lower(at), s.tag(at)
    if word in _ADVERBS and tag in {"ADV", "WORD"}:
        if s.tag(at + 1) in _AUXILIARIES | {"VERB", "PLC"} or s.tag(at - 1) in {"END", "DET"}:
            return None
        if s.lower(at + 1) in {"in", "at", "near", "'s"}:
            return None  # "there in Lima" names it
        return _antecedent(sentences, here, at, frozenset())
    if tag != "WORD" or s.lower(at - 1) not in {"the", "that"} or s.tag(at + 1) in {"POSS", "WORD", "NAME", "PLC"}:
        return None
    if s.tag(at - 2) not in {"PREP", "VERB"} or (
        s.lower(at + 1) in {"of", "where", "in", ","} and s.tag(at + 2) == "PLC"
    ):
        return None
    if word == "capital":
        near = _antecedent(sentences, here, at, frozenset(), lands=True)
        return capital(near.country, gazetteer) if near else None
    if word in _SETTLEMENTS:
        return _antecedent(sentences, here, at, frozenset({PlacePrecision.CITY, PlacePrecision.POINT}))
    if word in _LANDS:
        return _antecedent(sentences, here, at, frozenset({PlacePrecision.COUNTRY}), lands=True)
    if word in _AREAS:
        return _antecedent(sentences, here, at, frozenset({PlacePrecision.PROVINCE, PlacePrecision.REGION}))
    if lexicon.has("venue", word) and s.tag(at - 2) == "PREP" and s.lower(at + 1) not in {"of", "in", "at", "near"}:
        return _venue(sentences, here, at, word)
    return None


def _antecedent(
    sentences: Sequence[Sentence], here: int, before: int, precisions: frozenset[PlacePrecision], lands: bool = False
) -> Place | None:
    """Find the last place of a kind that was named as a place (`lands`: also by whose it is) before a token."""
    for back in range(WINDOW + 1):
        at = here - back
        if at < 0 or _apart(sentences[at], sentences[here]):
            return None
        s = sentences[at]
        for k in range((before if back == 0 else len(s.tokens)) - 1, -1, -1):
            mention = s.tokens[k].place
            if s.tag(k) != "PLC" or mention is None or (precisions and mention.place.precision not in precisions):
                continue
            if (lands and mention.kind != "metonym") or _is_somewhere(s, k):
                return mention.place
    return None


def _is_somewhere(s: Sentence, at: int) -> bool:
    mention = s.tokens[at].place
    if mention is None or mention.kind != "place" or s.tag(at + 1) == "POSS":
        return False
    if mention.reason == "antecedent":
        return True
    before = at - 1
    while s.tag(before) in {"DET", "WORD", "NAME", "ADV", "NUM"} and at - before < 5:
        before -= 1
    return s.tag(before) in {"PREP", "VERB", "PLC", "CONJ"} or s.lower(before) == ","


def _apart(one: Sentence, other: Sentence) -> bool:
    """Tell whether a headline or an embedded post stands between: they neither give nor take."""
    return one.unit_index != other.unit_index and bool({one.unit_kind, other.unit_kind} & {"tweet", "headline"})


def _venue(sentences: Sequence[Sentence], here: int, before: int, noun: str) -> Place | None:
    """Find the place of "a police station in PLACE" for a later "the station"."""
    for back in range(WINDOW + 2):
        at = here - back
        if at < 0 or _apart(sentences[at], sentences[here]):
            return None
        s = sentences[at]
        for k in range((before if back == 0 else len(s.tokens)) - 1, 1, -1):
            mention = s.tokens[k].place
            named = mention is not None and mention.kind == "place" and s.lower(k - 1) in {"in", "at", "near", "of"}
            if named and mention is not None and s.lower(k - 2) == noun:
                return mention.place
    return None
