"""Places: names found exactly, the right one of several chosen, and words that only look like places left alone."""

from __future__ import annotations

from bot.reading import places


def test_a_hashtag_that_begins_with_a_place_is_found_with_its_hash() -> None:
    """The span of a mention begins with the # of the hashtag, and the place is resolved."""
    text = "Soldiers were filmed in #Latakia."
    (mention,) = places.find(text)
    assert mention.span.of(text) == "#Latakia"
    assert (mention.place.country, mention.place.precision) == ("SY", "city")
