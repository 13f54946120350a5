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
    negation = lexicon.has("negation", word)
    if token.capital and not opening and not sentence.title_case and word != "i" and not negation:
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
    elif (
        word in lexicon.verbs or word in lexicon.reports or lexicon.has("verb", word) or lexicon.has("circulates", word)
    ):
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
        base = base or lexicon.has("circulates", nxt)
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
    elif word in _POSITIONS and sentence.lower(index - 1) in {",", "("} and sentence.lower(index + 1) in {",", ")"}:
        token.tag = "ADV"  # "X, left, with Y in Lima"
    elif word == "once" and token.tag == "SUB" and sentence.tag(index + 1) in {"VERB", "BE"}:
        token.tag = "ADV"
    elif word == "home" and token.tag == "ADV" and sentence.tag(index - 1) in {"DET", "POSS"}:
        token.tag = "WORD"  # "taken from his home in"
    elif word == "her" and token.tag == "PRON" and sentence.tag(index + 1) in {"WORD", "NAME", "PLC"}:
        token.tag = "DET"
    elif word == "since" and token.tag in {"PREP", "SUB"} and before == "HAVE":
        token.tag = "ADV"
    elif token.tag == "HAVE" and _owns_an_object(sentence, index, lexicon):
        token.tag, token.verbs = "VERB", lexicon.verbs.get("having" if word == "having" else "had", ())
    elif token.tag == "VERB" and _is_doubt(sentence, index, before, lexicon):
        token.tag = "WORD"
    elif token.tag == "WORD" and _is_unlisted_verb(sentence, index, previous, lexicon):
        token.tag, token.verbs = "VERB", lexicon.event(word)
    elif token.tag == "VERB":
        forms = lexicon.verbs.get(word, ())
        kinds = {form.form for form in forms}
        if word in lexicon.reports:
            kinds.add(lexicon.reports[word][1])
        if not _reads_as_verb(sentence, index, before, kinds, lexicon):
            token.tag = "WORD"
        elif forms or word in lexicon.verbs:
            token.verbs = forms
        else:
            token.verbs = lexicon.event(word)


def _owns_an_object(sentence: Sentence, index: int, lexicon: Lexicon) -> bool:
    """Tell "had lunch" from the auxiliary of "had eaten"."""
    after = index + 1
    while sentence.tag(after) in {"ADV", "NEG", "TIM"}:
        after += 1
    if sentence.tag(after) == "VERB":
        forms = lexicon.verbs.get(sentence.lower(after), ())
        return bool(forms) and not any(form.form == "participle" for form in forms)
    if sentence.tag(after) not in {"WORD", "DET", "NUM", "NAME"}:
        return False
    return not sentence.lower(after).endswith(("ed", "en"))


def _is_unlisted_verb(sentence: Sentence, index: int, previous: int, lexicon: Lexicon) -> bool:
    """Tell by the neighbours that a word on no list is a verb: "was handing", "will cook", "Lind cooks"."""
    token, word, before = sentence.tokens[index], sentence.lower(index), sentence.tag(previous)
    if token.capital and not sentence.title_case:
        return False
    following = sentence.tag(index + 1)
    if word.endswith("ing") and len(word) > 5:
        return before == "BE" and following != "POSS"
    if before == "MODAL":
        return following not in {"POSS", "BE", "MODAL"}
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return (
            previous == index - 1
            and before == "PER"
            and following in {"PREP", "DET", "NUM", "PER", "POSS", "WORD", "ADV"}
        )
    return False


def _is_doubt(sentence: Sentence, index: int, before: str, lexicon: Lexicon) -> bool:
    """Tell "Unconfirmed posts placed", "citing purported videos" from a verb."""
    return (
        sentence.lower(index) in lexicon.by_kind["adjective"]
        and sentence.tag(index + 1) in {"WORD", "NAME", "PLC", "VERB"}
        and before in {"END", "PUNCT", "QUOTE", "CONJ", "CONTRAST", "PREP", "COMP", "SUB", "VERB"}
    )


_POSITIONS = frozenset({"left", "right", "centre", "center", "pictured"})
_NOMINAL = frozenset({"DET", "POSS", "NUM"})


def _has_clause(sentence: Sentence, index: int) -> bool:
    """Tell whether a verb follows before the next break."""
    for at in range(index, len(sentence.tokens)):
        if sentence.tag(at) in {"VERB", "BE", "HAVE", "DO", "MODAL"}:
            return True
        if sentence.lower(at) in BREAKS or sentence.lower(at) == ",":
            return False
    return False


def _is_modifier(sentence: Sentence, index: int, kinds: set[str], lexicon: Lexicon) -> bool:
    """Tell a participle before its noun ("toured flooded villages") from a verb."""
    word = sentence.lower(index)
    if not word.endswith("ed") or sentence.tag(index + 1) != "WORD" or word in lexicon.reports:
        return False
    if sentence.lower(index - 1) in lexicon.by_kind["adjective"]:
        return True  # "alleged leaked documents"
    earlier = sentence.tokens[index - 1] if index else None
    return (
        earlier is not None
        and earlier.tag == "VERB"
        and bool(earlier.verbs)
        and not any(form.group in {"suffer", "carry", "say", "tell"} for form in earlier.verbs)
    )


def _is_determined(sentence: Sentence, last: int) -> bool:
    """Tell whether a noun phrase that reaches back from `last` begins with an article or its like."""
    while sentence.tag(last) in {"WORD", "NAME", "ADV"}:
        last -= 1
    return sentence.tag(last) in _NOMINAL


def _reads_as_verb(sentence: Sentence, index: int, before: str, kinds: set[str], lexicon: Lexicon) -> bool:
    word, following = sentence.lower(index), sentence.lower(index + 1)
    numbered = before == "NUM" and index > 1 and sentence.tokens[_previous(sentence, index) - 1].capital
    if before in _NOMINAL and not (numbered and (kinds & {"past", "s"} or word.endswith("ed"))):  # "Canal 9 aired"
        # "the killed general", "X's visit"; but "Iran's president visited" has a noun between.
        return False
    if _is_modifier(sentence, index, kinds, lexicon):
        return False
    if "ing" in kinds or (not kinds and word.endswith("ing")):
        named = sentence.tag(index + 1) in {"PER", "PRON"}  # "a video showing X"
        occasion = before in {"WORD", "NAME"} and lexicon.has("event_noun", word) and not named
        if occasion and _is_determined(sentence, index - 1):
            return False  # "a board meeting"
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
    if "s" in kinds and lexicon.has("picture", word) and before == "WORD" and following in {"that", "which", "of"}:
        return False  # "blurry pictures that"
    medium = lexicon.has("crowd", word) or word in lexicon.by_kind["noun"]
    doubted = sentence.lower(index - 1) in lexicon.by_kind["adjective"]
    if "s" in kinds and medium and (doubted or sentence.tag(index + 1) in {"VERB", "BE", "HAVE", "DO", "MODAL"}):
        return False  # "social media posts placed", "purported posts on"
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
        if many and lexicon.has("venue", word):
            return False  # "a police station"
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
