"""A text cut into units (paragraphs with their own default speaker) and sentences, as spans of the archived text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.handles import written
from bot.reading.model import Context
from storage.records import Span, Speaker, SpeakerKind

EMBEDDED = "embedded tweet, author not named"
"""The speaker of a post that an article embeds without naming its author."""

ARTICLE_PLATFORMS = frozenset({"text", "web", "article", "news", ""})

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_SOCIAL = re.compile(r"(?:^|\s)(?:[#@]\w|w/(?=\s)|RT\s@|pic\.twitter\.com/|https?://t\.co/)")
_STRONG_SOCIAL = re.compile(r"pic\.twitter\.com/|https?://t\.co/|(?:^|\s)RT\s@\w|\s[—–-]\s.{1,80}\(@\w+\)")
_SIGNED = re.compile(r"[—–-]\s?[^\n]{1,60}?\((@\w+)\)")
_HASHTAG = re.compile(r"(?:^|[\s\"“(])[#@]\w")
# The look-behind and possessive quantifiers keep a long run of full stops linear.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"”’»')\]]*+(?=\s)|[。؟۔]")
_CLOSED = re.compile(r"[.!?…:;][\"”’»')\]]*$")
_BYLINE = re.compile(
    r"^(?:by\s+[A-Z]\S*(?:\s+(?:and\s+)?[A-Z]\S*){0,6}|posted\s+(?:on|by)\b.{0,80}"
    r"|(?:published|updated|last updated)\b.{0,60}"
    r"|(?:photo(?:graph)?|image|credit|source|getty images)\s*[:/].{0,80})$"
    r"|\bcontributed (?:to (?:this|the)|reporting)\b|^(?:additional )?(?:reporting|writing|editing) by\b"
    r"|^\S[^.!?]{0,40}\s/\s(?:AP|AFP|Reuters|Getty Images|EPA|REUTERS)$",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“#])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Maj|Brig|Adm|Capt|Cmdr|Sgt|Sen|Gov|Rep|Rev|Hon|St|Ste|Mt|Ft|Jr|Sr|vs|No|Jan|Feb"
    r"|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Mon|Tue|Tues|Wed|Thu|Thurs|Fri|approx|dept|est|a\.m|p\.m|i\.e|e\.g|(?:[A-Z]\.)+[A-Z])\.$"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph, headline or embedded post.

    Attributes:
        kind: `body`, `headline`, `tweet` or `byline` (which says nothing about anybody's whereabouts).
        speaker: who speaks where the sentence names nobody.
    """

    span: Span
    kind: str
    speaker: Speaker
    sentences: tuple[Span, ...]


LONGEST_SENTENCE = 2_000
"""Characters: four times the longest sentences of news."""


def sentences(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Cut a stretch of text into sentences, trimmed of surrounding blanks."""
    found: list[Span] = []
    at = start
    for match in _END.finditer(text, start, end):
        stop = match.end()
        before = text[max(at, stop - 24) : stop]
        following = text[stop : stop + 12].lstrip()[:1]
        if (before.endswith(".") and _ABBREVIATION.search(before)) or following.islower():
            continue
        _cut(found, text, at, stop)
        at = stop
    _cut(found, text, at, end)
    return tuple(found)


def _cut(found: list[Span], text: str, start: int, end: int) -> None:
    """Add a sentence, in pieces where it is longer than any sentence: what is read of one grows faster than it does."""
    while end - start > LONGEST_SENTENCE:
        stop = start + LONGEST_SENTENCE
        blank = text.rfind(" ", start + LONGEST_SENTENCE // 2, stop)
        _add(found, text, start, stop if blank < 0 else blank)
        start = stop if blank < 0 else blank
    _add(found, text, start, end)


def _add(found: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    if start < end:
        found.append(Span(start, end))


def default_speaker(context: Context) -> Speaker:
    """Say who speaks in a text as a whole: a post's author, else the outlet, else nobody by name."""
    if context.platform not in ARTICLE_PLATFORMS:
        author = written(context.author, context.platform) or (context.author_name or "").strip()
        return Speaker(author or "post, author not named", SpeakerKind.TWEET)
    if context.publisher:
        return Speaker(context.publisher, SpeakerKind.OUTLET)
    if context.author or context.author_name:
        return Speaker(context.author or context.author_name or "", SpeakerKind.PERSON)
    return Speaker("unnamed", SpeakerKind.UNNAMED)


def units(text: str, context: Context) -> tuple[Unit, ...]:
    """Cut a text into units: a post is one voice; an article is headline, paragraphs and the posts it embeds."""
    speaker = default_speaker(context)
    lines = [_trimmed(text, m.start(), m.end()) for m in _LINE.finditer(text)]
    spans = [span for span in lines if span is not None]
    if context.platform not in ARTICLE_PLATFORMS:
        return tuple(Unit(s, "tweet", speaker, sentences(text, s.start, s.end)) for s in spans)
    body_from = next((i for i, span in enumerate(spans) if _is_body(span.of(text))), len(spans))
    made: list[Unit] = []
    for index, span in enumerate(spans):
        words = span.of(text)
        kind, voice = "body", speaker
        if _BYLINE.search(words):
            kind = "byline"
        elif _is_embedded(words, alone=len(spans) == 1):
            kind, voice = "tweet", _embedded_speaker(words)
        elif index < body_from and len(spans) > 1 and not _CLOSED.search(words.rstrip("?!")):
            kind, voice = "headline", Speaker(speaker.name + " (headline)", speaker.kind)
        made.append(Unit(span, kind, voice, sentences(text, span.start, span.end)))
    return tuple(made)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    found: list[Span] = []
    _add(found, text, start, end)
    return found[0] if found else None


def _is_body(words: str) -> bool:
    return bool(_CLOSED.search(words)) and words.count(" ") >= 7 and not _BYLINE.search(words)


def _is_embedded(words: str, alone: bool) -> bool:
    if not _SOCIAL.search(words) or len(words) > 1000:
        return False
    return (
        bool(_STRONG_SOCIAL.search(words))
        or not _CLOSED.search(words)
        or (not alone and len(_HASHTAG.findall(words)) >= 2)
    )


def _embedded_speaker(words: str) -> Speaker:
    signed = _SIGNED.search(words)
    return Speaker(signed.group(1) if signed else EMBEDDED, SpeakerKind.TWEET)
