"""Who says it and when it was said, against who was where and when: attribution, doubt, deadlines and answers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.reading.model import Context
from bot.reading.names.watchlist import WatchList
from bot.reading.reader import read
from storage.records import Person, Sighting

WEDNESDAY = Context(datetime(2025, 3, 12, 9, tzinfo=UTC), "The Herald")
PEOPLE = WatchList([Person(name, name) for name in ("Kwabena Mensah", "Rocío Aldana", "Levan Kobalia")])
UNSAID = (None, "2025-03-12")
"""The time of a claim that names none."""


def found(text: str) -> tuple[Sighting, ...]:
    """Read a text published on Wednesday, 12 March 2025."""
    return read(text, PEOPLE, WEDNESDAY).sightings


def at(text: str, place: str) -> Sighting:
    """Read the one sighting at a place."""
    (sighting,) = [s for s in found(text) if s.place.name == place]
    return sighting


@pytest.mark.parametrize(
    ("text", "place", "speaker", "stance"),
    [
        (
            "Ghana's interior ministry rejected claims that Kwabena Mensah had met smugglers in Bamako, saying the "
            "trader had never left Accra.",
            "Accra", "Ghana's interior ministry", "asserted",
        ),
        (
            "The port authority denied that Rocío Aldana was in Guayaquil, adding that she had sailed to Callao.",
            "Callao", "The port authority", "asserted",
        ),
        (
            "The consul, who met Levan Kobalia in Batumi, denied the story, claiming that the banker was in Yerevan.",
            "Yerevan", "The consul", "alleged",
        ),
        (
            "After gunmen raided the depot, the mayor dismissed reports that Kwabena Mensah was in Lagos, insisting he "
            "was in Tamale.",
            "Tamale", "the mayor", "asserted",
        ),
        (
            "The army denied that Levan Kobalia was in Gori and said he was in Kutaisi.",
            "Kutaisi", "The army", "asserted",
        ),
        (
            '"Levan Kobalia is in Gori," the spokeswoman, Tamar Beridze, told reporters on Tuesday.',
            "Gori", "the spokeswoman", "asserted",
        ),
        (
            "Rocío Aldana flew to Cali on Sunday, her chief of staff, Pilar Núñez, told a radio station.",
            "Cali", "her chief of staff", "asserted",
        ),
        (
            "Kwabena Mensah is in Lagos, the Ghanaian foreign ministry spokesman, Kofi Addo, said.",
            "Lagos", "the Ghanaian foreign ministry spokesman", "asserted",
        ),
        (
            'The embassy called the story "pure fiction" and said that Kwabena Mensah was in Lagos.',
            "Lagos", "The embassy", "asserted",
        ),
        (
            "The governor said neither Rocío Aldana nor her driver was in Pasto.",
            "Pasto", "The governor", "negated",
        ),
        (
            "A clip that spread quickly on Telegram shows Levan Kobalia boarding a ferry in Poti.",
            "Poti", "unnamed Telegram users, via The Herald", "asserted",
        ),
        (
            "Speaking in Tbilisi, the minister, Nino Gelashvili, 58, said Levan Kobalia was in Poti.",
            "Poti", "the minister", "asserted",
        ),
        (
            "Mr. Núñez, in a statement issued in Medellín, said Rocío Aldana was resting in Cali.",
            "Cali", "Mr. Núñez", "asserted",
        ),
        (
            "Levan Kobalia arrived in Gori, the ministry said on Sunday, adding that he would fly to Kutaisi.",
            "Kutaisi", "the ministry", "planned",
        ),
        (
            "Rocío Aldana denied the report, saying she was in Quito.",
            "Quito", "Rocío Aldana", "asserted",
        ),
        (
            "Levan Kobalia met Rocío Aldana in Quito, telling reporters she would travel to Bogotá.",
            "Bogotá", "Levan Kobalia", "planned",
        ),
    ],
)  # fmt: skip
def test_a_participle_is_spoken_by_the_main_clause(text: str, place: str, speaker: str, stance: str) -> None:
    """The words ", saying" and ", adding that" belong to the subject of the main clause, not of a clause within it."""
    sighting = at(text, place)
    assert (speaker, stance) == (sighting.speaker.name, sighting.stance)


@pytest.mark.parametrize(
    "text",
    [
        "The ministry said on Monday that Rocío Aldana had flown to Quito.",
        "The ministry on Monday confirmed that Rocío Aldana had flown to Quito.",
        "On Monday, the ministry said Rocío Aldana had flown to Quito.",
        "Speaking on Monday, the governor said Rocío Aldana had fled to Quito.",
        "Rocío Aldana canceled a planned trip to Quito, her office said on Monday.",
        "Rocío Aldana was arrested in Quito, police said in a statement late on Monday.",
        "Rocío Aldana has been moved to Quito, claimed her lawyers on Monday.",
        "Rocío Aldana left for Quito, her brother told a radio station on Monday.",
        '"Rocío Aldana left for Quito," her brother told the paper on Monday.',
        'The brother told the paper on Monday: "Rocío Aldana is in Quito."',
        "According to a statement released on Monday, Rocío Aldana is in Quito.",
        "A police statement on Monday said Rocío Aldana was in Quito.",
        "Rocío Aldana on Monday denied meeting smugglers in Quito.",
        "Rocío Aldana was reported on Monday to have fled to Quito.",
        "Police on Monday announced the arrest of Rocío Aldana in Quito.",
        "Rocío Aldana arrived in Quito, saying she would stay until Monday.",
    ],
)
def test_the_day_of_the_statement_is_not_the_day_of_the_event(text: str) -> None:
    """A date that hangs on a verb of saying dates the saying only."""
    times = {(s.time.start, s.time.end) for s in found(text)}
    assert times == {UNSAID}


@pytest.mark.parametrize(
    "text",
    [
        "The ministry said Rocío Aldana had flown to Quito on Monday.",
        "The ministry said on Tuesday that Rocío Aldana had flown to Quito on Monday.",
        "The ministry said that on Monday Rocío Aldana flew to Quito.",
        "Rocío Aldana flew to Quito on Monday, the ministry said on Tuesday.",
        "Rocío Aldana flew on Monday to Quito, the ministry said.",
        "Rocío Aldana was in Quito, police said, on Monday.",
        "Rocío Aldana told reporters in Quito on Monday that the talks had failed.",
        "Rocío Aldana said in Quito on Monday that the talks had failed.",
        "Rocío Aldana on Monday visited Quito and told reporters that the talks had failed.",
        '"Rocío Aldana was in Quito on Monday," her brother said on Tuesday.',
        "Rumours of a coup spread; Rocío Aldana was seen in Quito on Monday.",
    ],
)
def test_the_day_of_the_event_stays(text: str) -> None:
    """A date inside the clause that is told, or of words spoken at the place, dates the sighting."""
    assert {(s.time.start, s.time.end) for s in found(text)} == {("2025-03-10", "2025-03-10")}


@pytest.mark.parametrize(
    ("text", "start", "end", "stance"),
    [
        ("Levan Kobalia was expected in Baku by Friday.", None, "2025-03-14", "planned"),
        ("Levan Kobalia is due in Baku by Friday.", None, "2025-03-14", "planned"),
        ("Levan Kobalia must arrive in Baku by April 1.", None, "2025-04-01", "planned"),
        ("Levan Kobalia is expected to reach Baku no later than Saturday.", None, "2025-03-15", "planned"),
        ("Levan Kobalia will arrive in Baku before Friday.", None, "2025-03-13", "planned"),
        ("Levan Kobalia will stay in Baku until Friday.", None, "2025-03-14", "planned"),
        ("Levan Kobalia stayed in Baku until Friday.", None, "2025-03-07", "asserted"),
        ("Levan Kobalia reached Baku by Monday.", None, "2025-03-10", "asserted"),
        ("Levan Kobalia is expected in Baku on Friday.", "2025-03-14", "2025-03-14", "planned"),
        ("Levan Kobalia is expected in Baku.", "2025-03-12", None, "planned"),
    ],
)
def test_a_deadline_ends_the_interval(text: str, start: str | None, end: str | None, stance: str) -> None:
    """With by, before, until and no later than the interval is open at its start; a plan without a date at its end."""
    sighting = at(text, "Baku")
    assert (start, end, stance) == (sighting.time.start, sighting.time.end, sighting.stance)


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Troops had closed the road before Levan Kobalia arrived in Baku.", "asserted"),
        ("The talks did not start until Levan Kobalia arrived in Baku.", "asserted"),
        ("The talks will not start until Levan Kobalia arrives in Baku.", "planned"),
        ("Levan Kobalia was arrested before reaching Baku.", "negated"),
        ("Levan Kobalia was killed before he reached Baku.", "negated"),
        ("Levan Kobalia met envoys in Ganja before flying to Baku.", "asserted"),
        ("Officers had until Friday to bring Levan Kobalia to Baku.", "planned"),
    ],
)
def test_what_comes_before_and_until(text: str, stance: str) -> None:
    """Behind before and until the present is still to come, the past has happened, and an arrest cuts it short."""
    assert stance == at(text, "Baku").stance


def test_a_time_behind_before_belongs_to_the_second_place() -> None:
    """The date of the second leg is not that of the first."""
    text = "Levan Kobalia met envoys in Ganja before flying to Baku on Monday."
    assert (at(text, "Baku").time.start, at(text, "Baku").time.end) == ("2025-03-10", "2025-03-10")
    assert (at(text, "Ganja").time.start, at(text, "Ganja").time.end) == UNSAID


@pytest.mark.parametrize(
    "text",
    [
        "Unconfirmed social media posts placed Kwabena Mensah near Kumasi.",
        "Unverified accounts located Kwabena Mensah in Kumasi.",
        "Purported messages on WhatsApp showed Kwabena Mensah in Kumasi.",
        "Alleged leaked documents put Kwabena Mensah in Kumasi.",
        "Unsubstantiated reports said Kwabena Mensah was in Kumasi.",
        "Rumours put Kwabena Mensah in Kumasi.",
        "So-called eyewitness accounts placed Kwabena Mensah in Kumasi.",
        "Kwabena Mensah was placed in Kumasi by unverified reports.",
        "The army released a video purportedly showing Kwabena Mensah meeting traders in Kumasi.",
        "Kwabena Mensah was seen in Kumasi, according to unverified posts.",
        "Kwabena Mensah was in Kumasi, unconfirmed reports said.",
        "Citing unconfirmed reports, the paper said Kwabena Mensah was in Kumasi.",
        "Purported footage of Kwabena Mensah in Kumasi spread on Facebook.",
    ],
)
def test_a_doubtful_source_lowers_the_stance(text: str) -> None:
    """Unconfirmed, unverified, alleged and purported sources, and rumours, assert nothing, whatever their verb."""
    assert at(text, "Kumasi").stance in {"alleged", "rumored"}


@pytest.mark.parametrize(
    "text",
    [
        "A police report placed Kwabena Mensah in Kumasi.",
        "Photographs show Kwabena Mensah in Kumasi.",
        "Kwabena Mensah denied an alleged fraud in Kumasi and flew to Kumasi.",
        "The ministry confirmed reports that day; Kwabena Mensah is in Kumasi.",
    ],
)
def test_a_plain_source_keeps_it(text: str) -> None:
    """A named issuer, a picture, or a doubt about something else leaves the assertion."""
    assert at(text, "Kumasi").stance == "asserted"


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("State TV aired footage of Rocío Aldana at Lima airport on Sunday 10:30.", "outlet", "State TV"),
        ("Canal 9 aired images of Rocío Aldana at a hotel in Lima.", "outlet", "Canal 9"),
        ("Telesur broadcast a video of Rocío Aldana in Lima.", "outlet", "Telesur"),
        ("Radio Nacional showed Rocío Aldana in Lima.", "outlet", "Radio Nacional"),
        ("The army released photographs of Rocío Aldana at a base in Lima.", "official", "The army"),
        ("Activists shared a clip of Rocío Aldana in Lima.", "crowd", "Activists"),
        ("The network aired a recording of Rocío Aldana in Lima.", "outlet", "The network"),
        ("The mayor showed Rocío Aldana around a factory in Lima.", "outlet", "The Herald"),
        ("State television broadcast pictures of Rocío Aldana touring a school in Lima.", "outlet", "State television"),
        ("The army released a video showing Rocío Aldana greeting soldiers in Lima.", "official", "The army"),
        ("Two residents said by telephone on Sunday they had seen Rocío Aldana in Lima.", "crowd", "Two residents"),
        ("Police said they had found no evidence that Rocío Aldana was in Lima.", "official", "Police"),
        ("Judges placed Rocío Aldana in custody in Lima.", "outlet", "The Herald"),
        ("A video shows Rocío Aldana in Lima.", "outlet", "The Herald"),
    ],
)
def test_who_publishes_a_picture_speaks_for_it(text: str, kind: str, name: str) -> None:
    """The broadcaster is the speaker and the quote the sentence; a picture, a judge and a guide are no speakers."""
    sighting = at(text, "Lima")
    assert (kind, name, text) == (sighting.speaker.kind, sighting.speaker.name, sighting.quote)


@pytest.mark.parametrize(
    "voice",
    [
        "her aide", "an aide", "two aides to the senator", "her adviser", "a presidential adviser", "her spokesman",
        "her spokespeople", "her office", "her press office", "her press team", "her team", "a representative",
        "her aide Marta Ruiz", "her chief of staff", "members of her entourage",
    ],
)  # fmt: skip
def test_whoever_speaks_for_somebody_is_official(voice: str) -> None:
    """Aides, advisers, spokespeople and offices are one kind of voice."""
    assert at(f"Rocío Aldana is in Lima, {voice} said.", "Lima").speaker.kind == "official"


@pytest.mark.parametrize(
    ("voice", "kind"),
    [("her brother", "person"), ("the general's brother", "person"), ("the team", "organisation"), ("fans", "crowd")],
)
def test_relatives_and_teams_are_not(voice: str, kind: str) -> None:
    """Whoever is only near somebody does not speak for them."""
    assert kind == at(f"Rocío Aldana is in Lima, {voice} said.", "Lima").speaker.kind


@pytest.mark.parametrize(
    ("question", "answer", "stance", "speaker"),
    [
        ("Did Levan Kobalia visit Sochi?", "The opposition says so.", "alleged", "The opposition"),
        ("Has Levan Kobalia fled to Sochi?", "So says the opposition.", "alleged", "the opposition"),
        ("Has Levan Kobalia been arrested in Sochi?", "Yes, according to his lawyer.", "alleged", "his lawyer"),
        ("Was Levan Kobalia in Sochi?", "His lawyer says he was.", "alleged", "His lawyer"),
        ("Was Levan Kobalia in Sochi?", "His lawyer confirmed it.", "alleged", "His lawyer"),
        ("Will Levan Kobalia visit Sochi?", "His aides say yes.", "planned", "His aides"),
        ("Was Levan Kobalia in Sochi?", "That is what his brother says.", "alleged", "his brother"),
        ("Was Levan Kobalia in Sochi?", "His lawyer says he wasn't.", "denied", "His lawyer"),
        ("Was Levan Kobalia in Sochi?", "His lawyer denies it.", "denied", "His lawyer"),
        ("Was Levan Kobalia really in Sochi?", '"No," said his lawyer.', "denied", "his lawyer"),
    ],
)
def test_an_answered_question(question: str, answer: str, stance: str, speaker: str) -> None:
    """A yes is only what the one who answers alleges, with question and answer as its quote; a no is a denial."""
    text = f"{question} {answer}"
    sighting = at(text, "Sochi")
    assert (stance, speaker) == (sighting.stance, sighting.speaker.name)
    assert sighting.quote == text[sighting.start : sighting.end]
    assert (stance == "denied") != (sighting.quote == text)


@pytest.mark.parametrize(
    "text",
    [
        "Did Levan Kobalia visit Sochi?",
        "Did Levan Kobalia visit Sochi? The opposition would not say so.",
        "Did Levan Kobalia visit Sochi? Nobody says so.",
        "Did Levan Kobalia visit Sochi? The opposition says the trial will go on.",
        "Was Levan Kobalia in Sochi? The mayor said he was ill.",
        "Is Levan Kobalia in Sochi or in Sukhumi? The opposition says so.",
        "Why did Levan Kobalia visit Sochi? The opposition says so.",
    ],
)
def test_a_question_alone_asserts_nothing(text: str) -> None:
    """Without an answer that somebody gives there is no sighting."""
    assert found(text) == ()


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Rocío Aldana's visit to Cali was not announced.", "unclassified"),
        ("Rocío Aldana's trip to Cali has not been confirmed.", "unclassified"),
        ("Rocío Aldana's visit to Cali was never made public.", "unclassified"),
        ("The ministry did not announce Rocío Aldana's visit to Cali.", "unclassified"),
        ("Officials would not confirm Rocío Aldana's presence in Cali.", "unclassified"),
        ("No visit by Rocío Aldana to Cali has been announced.", "unclassified"),
        ("No visit by Rocío Aldana to Cali took place.", "negated"),
        ("The presidency announced on Tuesday a visit by Rocío Aldana to Cali.", "planned"),
        ("Rocío Aldana's visit to Cali was not announced until she had left.", "asserted"),
        ("Rocío Aldana's visit to Cali was not previously announced.", "asserted"),
        ("Rocío Aldana's visit to Cali, which was not announced, angered the mayor.", "asserted"),
        ("Rocío Aldana made an unannounced visit to Cali.", "asserted"),
        ("Rocío Aldana's unannounced visit to Cali angered the mayor.", "asserted"),
        ("Rocío Aldana's visit to Cali was not a success.", "asserted"),
        ("Rocío Aldana's visit to Cali did not take place.", "negated"),
        ("Rocío Aldana's rumoured visit to Cali was not confirmed.", "rumored"),
    ],
)
def test_a_visit_that_was_not_announced_is_left_open(text: str, stance: str) -> None:
    """Not announced says neither yes nor no, and the words are shown whole; an unannounced visit took place."""
    sighting = at(text, "Cali")
    assert stance == sighting.stance
    assert stance != "unclassified" or text == sighting.quote
