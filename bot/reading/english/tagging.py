"""What each word of a sentence does: closed-class words by list, verbs and nouns by their forms and neighbours."""

from __future__ import annotations

from bot.reading.english.lexicon import Lexicon
from bot.reading.english.tokens import BREAKS, Sentence

_GROUP_TAGS = (
    ("modal", "MODAL"),
    ("aux_be", "BE"),
    ("aux_have", "HAVE"),
    ("aux_do", "DO"),
    ("negation", "NEG"),
    ("contrast", "CONTRAST"),
    ("relative", "REL"),
    ("conj", "CONJ"),
    ("pronoun", "PRON"),
    ("det", "DET"),
)


def tag(sentence: Sentence, lexicon: Lexicon) -> None:
    """Tag every plain word of a sentence, then decide the readings that depend on the neighbours."""
    for index in range(len(sentence.tokens)):
        if sentence.tokens[index].tag == "WORD":
            _tag(sentence, index, lexicon)
    for index in range(len(sentence.tokens)):
        _settle(sentence, index, lexicon)


def _tag(sentence: Sentence, index: int, lexicon: Lexicon) -> None:
    token = sentence.tokens[index]
    word = token.lower
    before = sentence.tokens[index - 1] if index else None
    opening = before is None or before.tag == "QUOTE" or before.lower in BREAKS
    if token.capital and not opening and not sentence.title_case and word != "i":
        token.tag = "NAME"
        return
    for group, tag in _GROUP_TAGS:
        if lexicon.has(group, word):
            token.tag = tag
            return
    if word in {"said", "told"}:
        token.tag = "VERB"
    elif lexicon.has("subordinate", word) and not lexicon.has("prep", word):
        token.tag = "SUB"
    elif lexicon.has("prep", word):
        token.tag = "PREP"
    elif word in lexicon.verbs or word in lexicon.reports or lexicon.has("verb", word):
        token.tag = "VERB"
    elif (
        lexicon.has("adverb", word)
        or word in lexicon.by_kind["adverb"]
        or (word.endswith("ly") and len(word) > 4 and not lexicon.has("not_adverb", word))
    ):
        token.tag = "ADV"
    elif len(word) > 4 and word.endswith("ed") and not word.endswith("eed"):
        token.tag = "VERB"
    elif token.capital and not sentence.title_case and not opening:
        token.tag = "NAME"


def _previous(sentence: Sentence, index: int) -> int:
    """Return the index of the token before, adverbs skipped."""
    index -= 1
    while sentence.tag(index) == "ADV":
        index -= 1
    return index


def _settle(sentence: Sentence, index: int, lexicon: Lexicon) -> None:
    """Decide between readings that depend on the neighbours: "to", "that", nouns that look like verbs."""
    token = sentence.tokens[index]
    previous = _previous(sentence, index)
    before, word = sentence.tag(previous), token.lower
    if token.tag == "PREP" and word == "to":
        following = index + 1
        while sentence.tag(following) in {"ADV", "NEG"}:
            following += 1
        nxt = sentence.lower(following)
        base = nxt in {"be", "have", "do"} or any(f.form == "base" for f in lexicon.verbs.get(nxt, ()))
        base = base or (nxt in lexicon.reports and lexicon.reports[nxt][1] == "base") or lexicon.has("base", nxt)
        if base and sentence.tag(following) in {"VERB", "BE", "HAVE", "DO"}:
            token.tag = "TO"
    elif word == "that" and token.tag == "DET":
        after = sentence.tokens[index + 1] if index + 1 < len(sentence.tokens) else None
        if before == "VERB" and after and after.tag in {"WORD", "VERB"} and not _has_clause(sentence, index + 2):
            return  # "rejected that claim"
        if after and (
            after.tag in {"PER", "PRON", "DET", "NAME", "PLC"}
            or before in {"VERB"}
            or sentence.lower(previous) in lexicon.by_kind["noun"]
        ):
            token.tag = "COMP"
        elif after and after.tag in {"VERB", "BE", "HAVE", "MODAL"} and before in {"WORD", "NAME"}:
            token.tag = "REL"
        elif after and sentence.lower(previous) in lexicon.reports:
            token.tag = "COMP"
    elif word == "once" and token.tag == "SUB" and sentence.tag(index + 1) in {"VERB", "BE"}:
        token.tag = "ADV"
    elif word == "her" and token.tag == "PRON" and sentence.tag(index + 1) in {"WORD", "NAME"}:
        token.tag = "DET"
    elif token.tag == "VERB":
        forms = lexicon.verbs.get(word, ())
        kinds = {form.form for form in forms}
        if word in lexicon.reports:
            kinds.add(lexicon.reports[word][1])
        if not _reads_as_verb(sentence, index, before, kinds, lexicon):
            token.tag = "WORD"
        else:
            token.verbs = forms


_NOMINAL = frozenset({"DET", "POSS", "NUM"})


def _has_clause(sentence: Sentence, index: int) -> bool:
    """Tell whether a verb follows before the next break."""
    for at in range(index, len(sentence.tokens)):
        if sentence.tag(at) in {"VERB", "BE", "HAVE", "DO", "MODAL"}:
            return True
        if sentence.lower(at) in BREAKS or sentence.lower(at) == ",":
            return False
    return False


def _reads_as_verb(sentence: Sentence, index: int, before: str, kinds: set[str], lexicon: Lexicon) -> bool:
    word, following = sentence.lower(index), sentence.lower(index + 1)
    if before in _NOMINAL:
        # "the killed general", "X's visit"; but "Iran's president visited" has a noun between.
        return False
    if "ing" in kinds or (not kinds and word.endswith("ing")):
        return following != "of" and not (
            before == "PREP" and sentence.lower(_previous(sentence, index)) in {"at", "in", "a"} and following == "in"
        )
    if kinds & {"past", "participle"}:
        return before not in {"PREP"} or sentence.lower(_previous(sentence, index)) in {
            "after",
            "before",
            "as",
            "than",
            "since",
            "like",
        }
    if "s" in kinds:
        return (
            before in {"PER", "NAME", "PRON", "PLC", "REL", "CONJ", "WORD", "TIM", "PUNCT", "QUOTE"}
            and index > 0
            and not (
                before in {"WORD", "PLC"}
                and following in {"to", "by", "from"}
                and word in {"visits", "flights", "returns", "travels", "trips"}
            )
        )
    if "base" in kinds:
        noun = sentence.lower(_previous(sentence, index))
        many = before == "WORD" and (
            (noun.endswith("s") and not noun.endswith(("us", "ss", "is"))) or noun in {"police", "people", "media"}
        )
        says = lexicon.has("plain_report", word) and before in {"PLC", "NAME", "WORD", "TIM", "REL"}
        return (
            many
            or says
            or before == "REL"
            or before in {"TO", "MODAL", "DO", "NEG", "PRON", "PER"}
            or (before == "CONJ" and sentence.tag(index - 2) == "VERB")
            or (before == "PREP" and sentence.lower(_previous(sentence, index)) == "to")
            or (before == "CONJ" and index > 1 and any(sentence.tag(k) in {"TO", "MODAL"} for k in range(index)))
        )
    return before != "PREP"
