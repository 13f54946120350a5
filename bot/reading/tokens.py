"""A sentence as tagged tokens, in which every person, place and time that was found is one token."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.reading.lexicon import Lexicon, VerbForm
from bot.reading.model import PersonMention, PlaceMention, TimeMention
from storage.records import Span

_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}|[wW]/(?=\s)|\w+n['’]t\b|[#@]?\w+(?:-\w+|['’](?!(?:s|re|ve|ll|d|m)\b)\w+)*|['’](?:s|re|ve|ll|d|m)\b|[^\w\s]"
)
_ABBREVIATED = frozenset(
    {
        "gen",
        "col",
        "maj",
        "brig",
        "adm",
        "capt",
        "lt",
        "sgt",
        "sen",
        "gov",
        "rep",
        "dr",
        "mr",
        "mrs",
        "ms",
        "prof",
        "st",
    }
)
QUOTES = frozenset('"“”«»„‟')
_OPEN, _CLOSE = frozenset("“«„"), frozenset("”»‟")
BREAKS = frozenset({";", ":", "?", "!", ".", "…", "|"})

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


@dataclass(slots=True)
class Token:
    """One word, mark or mention.

    Attributes:
        tag: PER PLC TIM NAME WORD NUM DET PREP TO CONJ CONTRAST SUB REL COMP BE HAVE DO MODAL NEG PRON ADV VERB POSS QUOTE PUNCT.
        verbs: the ways to read a VERB that places somebody; empty for every other verb.
        people: whom the token stands for: a mention's person, or what coreference found.
        quoted: True inside quotation marks.
    """

    start: int
    end: int
    lower: str
    tag: str
    capital: bool = False
    verbs: tuple[VerbForm, ...] = ()
    person: PersonMention | None = None
    place: PlaceMention | None = None
    time: TimeMention | None = None
    quoted: bool = False


@dataclass(slots=True)
class Sentence:
    """The tokens of one sentence. `title_case` marks headline capitals, where a capital says nothing."""

    span: Span
    tokens: list[Token]
    unit_kind: str
    unit_index: int
    title_case: bool
    question: bool
    names: list[Span] = field(default_factory=list)

    def tag(self, index: int) -> str:
        """Return the tag at an index, `END` outside the sentence."""
        return self.tokens[index].tag if 0 <= index < len(self.tokens) else "END"

    def lower(self, index: int) -> str:
        """Return the lower-case word at an index, empty outside the sentence."""
        return self.tokens[index].lower if 0 <= index < len(self.tokens) else ""


def _widened(text: str, span: Span) -> Span:
    """Take in the hashtag sign before a mention, so that the span is what stands in the text."""
    start = span.start
    while start > 0 and text[start - 1] in "#@":
        start -= 1
    return Span(start, span.end)


def _mentions(
    text: str, span: Span, people: Iterable[PersonMention], places: Iterable[PlaceMention], times: Iterable[TimeMention]
) -> list[Token]:
    taken: list[Token] = []
    reached = [False] * (span.end - span.start + 1)

    def add(where: Span, token: Token) -> None:
        first, last = max(where.start, span.start), min(where.end, span.end)
        if first >= last or any(reached[first - span.start : last - span.start]):
            return
        token.start, token.end = first, last
        reached[first - span.start : last - span.start] = [True] * (last - first)
        taken.append(token)

    for person in people:
        where = _widened(text, person.span)
        add(where, Token(0, 0, text[where.start : where.end].lower(), "PER", True, person=person))
    for place in places:
        where = _widened(text, place.span)
        add(where, Token(0, 0, text[where.start : where.end].lower(), "PLC", True, place=place))
    for time in times:
        add(time.span, Token(0, 0, time.span.of(text).lower(), "TIM", time=time))
    return sorted(taken, key=lambda token: token.start)


def tokenise(
    text: str,
    span: Span,
    people: Iterable[PersonMention],
    places: Iterable[PlaceMention],
    times: Iterable[TimeMention],
    lexicon: Lexicon,
    unit_kind: str = "body",
    unit_index: int = 0,
    quoted: bool = False,
) -> Sentence:
    """Tag the words of a sentence; `quoted` says that a quotation opened before it is still open."""
    mentions = _mentions(text, span, people, places, times)
    tokens: list[Token] = []
    at = span.start
    for mention in [*mentions, None]:
        stop = mention.start if mention else span.end
        tokens.extend(_plain(text, at, stop))
        if mention:
            tokens.append(mention)
            at = mention.end
    tokens = _joined(tokens)
    words = [t for t in tokens if t.tag in {"WORD", "NAME"} and len(t.lower) > 3]
    title_case = len(words) >= 4 and sum(t.capital for t in words) > 0.7 * len(words)
    for token in tokens:
        token.quoted = quoted
        if token.tag == "QUOTE":
            quoted = token.lower in _OPEN or (token.lower not in _CLOSE and not quoted)
    sentence = Sentence(
        span, tokens, unit_kind, unit_index, title_case, text[span.start : span.end].rstrip('"”’») ').endswith("?")
    )
    for index in range(len(tokens)):
        if tokens[index].tag == "WORD":
            _tag(sentence, index, lexicon)
    for index in range(len(tokens)):
        _settle(sentence, index, lexicon)
    return sentence


def _plain(text: str, start: int, stop: int) -> list[Token]:
    made = []
    for match in _TOKEN.finditer(text, start, stop):
        word = match.group()
        if word in QUOTES:
            tag = "QUOTE"
        elif word[0].isalpha() or (word[0] in "#@" and len(word) > 1):
            tag = "WORD"
        elif word[0].isdigit():
            tag = "NUM"
        elif word[0] in "'’" and len(word) > 1:
            tag = "WORD"
        else:
            tag = "PUNCT"
        bare = word.lstrip("#@")
        made.append(Token(match.start(), match.end(), bare.lower().replace("’", "'"), tag, bare[:1].isupper()))
    return made


def _joined(tokens: list[Token]) -> list[Token]:
    """Join the full stop of an abbreviated title to it, and read 's as a possessive."""
    made: list[Token] = []
    for index, token in enumerate(tokens):
        last = made[-1] if made else None
        if (
            token.lower == "."
            and last
            and last.lower in _ABBREVIATED
            and last.end == token.start
            and index + 1 < len(tokens)
        ):
            last.end, last.lower = token.end, last.lower + "."
            continue
        if (
            token.tag == "PUNCT"
            and token.lower in "'’"
            and last
            and last.end == token.start
            and last.lower.endswith("s")
        ):
            token.tag = "POSS"
        elif token.lower == "'s" and last:
            following = tokens[index + 1].lower if index + 1 < len(tokens) else ""
            be = last.lower in {"he", "she", "it", "who", "that", "there"} or following in {
                "in",
                "at",
                "not",
                "now",
                "currently",
            }
            token.tag, token.lower = ("WORD", "is") if be else ("POSS", "'s")
        made.append(token)
    return made


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
    elif lexicon.has("adverb", word) or word in lexicon.by_kind["adverb"] or (word.endswith("ly") and len(word) > 4):
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
        base = base or (nxt in lexicon.reports and lexicon.reports[nxt][1] == "base") or nxt in _OTHER_BASES
        if base and sentence.tag(following) in {"VERB", "BE", "HAVE", "DO"}:
            token.tag = "TO"
    elif word == "that" and token.tag == "DET":
        after = sentence.tokens[index + 1] if index + 1 < len(sentence.tokens) else None
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
        if not _reads_as_verb(sentence, index, before, kinds):
            token.tag = "WORD"
        else:
            token.verbs = forms


_OTHER_BASES = frozenset(
    ["become", "begin", "break", "build", "buy", "choose", "cut", "draw", "feel", "fight", "get", "grow", "hear", "keep", "know", "lose", "read", "rise", "sell", "seek", "teach", "throw", "understand", "win", "write", "ask", "use", "face", "need", "help", "try", "call", "urge", "support", "discuss", "want", "mourn", "condemn", "oppose", "blame"]
)
_NOMINAL = frozenset({"DET", "POSS", "NUM"})


def _reads_as_verb(sentence: Sentence, index: int, before: str, kinds: set[str]) -> bool:
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
        many = before == "WORD" and ((noun.endswith("s") and not noun.endswith(("us", "ss", "is"))) or noun in {"police", "people", "media"})
        return (
            many
            or before in {"TO", "MODAL", "DO", "NEG", "PRON", "PER"}
            or (before == "CONJ" and sentence.tag(index - 2) == "VERB")
            or (before == "PREP" and sentence.lower(_previous(sentence, index)) == "to")
            or (before == "CONJ" and index > 1 and any(sentence.tag(k) in {"TO", "MODAL"} for k in range(index)))
        )
    return before != "PREP"
