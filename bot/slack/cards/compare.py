"""Why two pictures match, or why they do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot import evidence, wording
from bot.compare_findings import Compared, CompareFinding
from bot.slack.blocks import ALT, Card, Picture, actions, button, context, header, image, line, message, packed, words
from bot.slack.cards import parts
from bot.slack.ids import Action, Question, Verb
from bot.slack.words import fit
from storage.records import Certainty, Polygon

NO_PROOF: Final = (
    "That is no proof that they are two: a part that is small, or was changed much, may not be recognised."
)


def compare_card(finding: CompareFinding, asked: str) -> Card:
    """Show the verdict on two pictures: relation, what was changed, where each lies in the other, how surely.

    `asked` is what was asked about, a line each, so that it can be asked again for everybody.
    """
    pictures = [picture] if (picture := _side_by_side(finding)) else []
    told = list(_sentences(finding))
    return Card(
        message(
            [
                header(_title(finding)),
                *packed((line(words(sentence)),) for sentence in told),
                *map(image, pictures),
                *([context(NO_PROOF)] if finding.reuse is None else []),
                *actions(button("Share in channel", Action.SHARE, Question(Verb.COMPARE, asked))),
            ],
            [f"{_title(finding)}.", *told],
            pictures,
        )
    )


def _title(finding: CompareFinding) -> str:
    if finding.reuse is None:
        return "Not found to be one picture"
    sure = finding.reuse.certainty is Certainty.MATCH
    return "They are found to be one picture" if sure else "Perhaps one picture: possible, not confirmed"


def _sentences(finding: CompareFinding) -> Iterator[str]:
    for name, one in (("First", finding.first), ("Second", finding.second)):
        yield f"{name}: {parts.short(one.input, 300)} ({one.width}×{one.height} pixels)"
    reuse = finding.reuse
    if reuse is None:
        yield f"Why not: {parts.short(finding.reason, parts.SENTENCE)}."
    else:
        yield f"{parts.short(wording.why(reuse), parts.SENTENCE)}."
        shares = zip(("first", "second"), (finding.first, finding.second), (reuse.region_query, reuse.region_match),
                     strict=True)  # fmt: skip
        covered = [f"{share(region, one)} of the {name}" for name, one, region in shares if region]
        if covered:
            yield f"The part that both show is {' and '.join(covered)}."
    if finding.distance is not None:
        yield f"Their fingerprints differ in {finding.distance} of 256 bits."


def share(region: Polygon, of: Compared) -> str:
    """Say how much of a picture a region covers."""
    ring = zip(region, (*region[1:], region[0]), strict=True)
    area = abs(sum(x * down - across * y for (x, y), (across, down) in ring)) / 2
    part = area / (of.width * of.height)
    if part > 0.985:
        return "all"
    return "less than 1 %" if part < 0.01 else f"{min(part, 0.99):.0%}".replace("%", " %")


def _side_by_side(finding: CompareFinding) -> Picture | None:
    if finding.reuse is None or finding.evidence is None:
        return None
    alt = evidence.told(finding.reuse, parts.short(finding.first.input), parts.short(finding.second.input))
    key = f"{finding.first.sha256[:16]}-{finding.second.sha256[:16]}"
    return Picture(key, finding.evidence, "Side by side: the first and the second", fit(alt, ALT))
