"""What a caption does not claim: datelines, speakers, questions, denials and corrections, old pictures, actors."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.claims.model import EventGroup
from bot.claims.read import LONGEST, claims
from bot.reading.model import PersonMention
from storage.records import Person, Span

POST = datetime(2024, 3, 1, 12, tzinfo=UTC)


def places(text: str) -> list[str]:
    """The places that a caption claims."""
    return [claim.place.name for claim in claims(text, POST).places]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("BEIRUT (Reuters) - Smoke rises over Aleppo", ["Aleppo"]),
        ("BEIRUT, Lebanon (AP) — Rescuers at work", []),
        ("BEIRUT - Smoke rises over Aleppo", ["Aleppo"]),
        ("ALEPPO - Smoke rises", ["Aleppo"]),
        ("МОСКВА, 2 мая. /ТАСС/. Пожар в порту Одессы", ["Odesa"]),
        ("КИЕВ - РИА Новости. Взрывы в Донецке", ["Donetsk"]),
        ("КИЇВ. 2 травня. УНН. Обстріл Херсона", ["Kherson"]),
        ("بيروت - رويترز: دخان فوق حلب", ["Aleppo"]),
        ("تهران - ایرنا - دود بر فراز دمشق", ["Damascus"]),
        ("ANKARA (AA) - Halep'te patlama", ["Aleppo"]),
        ("ביירות (רויטרס) - עשן מעל דמשק", ["Damascus"]),
    ],
)
def test_a_dateline_is_where_its_writer_was(text: str, names: list[str]) -> None:
    """The place before the agency is not the picture's; without an agency it gives way to another place."""
    assert places(text) == names


def test_the_day_of_a_dateline_is_that_of_the_dispatch() -> None:
    """A picture is not claimed to be of the day on which its story was filed."""
    assert claims("BEIRUT, March 1 (Reuters) - Smoke rises over Aleppo", POST).times == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("This is not Aleppo, it is Gaza", ["Gaza"]),
        ("This photo was not taken in Aleppo but in Gaza", ["Gaza"]),
        ("Это не Алеппо, а Газа", ["Gaza"]),
        ("Це не Алеппо, а Газа", ["Gaza"]),
        ("هذه الصورة ليست من حلب، بل من غزة", ["Gaza"]),
        ("این تصویر حلب نیست، غزه است", ["Gaza"]),
        ("Burası Halep değil, Gazze", ["Gaza"]),
        ("זו לא חלב, זו עזה", ["Gaza"]),
        ("Not only in Aleppo", ["Aleppo"]),
        ("Is this Aleppo?", []),
        ("US airstrike in Syria", ["Syria"]),
        ("Syria airstrike", ["Syria"]),
        ("A market in Maarrat al-Numan", []),
        ("Smoke rises in Sevastopol, Russia", ["Sevastopol"]),
        ("Вид на Кремль, Москва", ["Moscow"]),
    ],
)
def test_what_is_denied_asked_or_acting_is_not_claimed(text: str, names: list[str]) -> None:
    """A denial leaves what it says instead, a question nothing, and an actor gives way to a scene."""
    assert places(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("FALSE: Posts claim that this explosion was in Kyiv. The photo was taken in Beirut.", ["Beirut"]),
        ("Fact check: “Fire in Aleppo” is misleading. It is from Mosul.", ["Mosul"]),
        ("Fact check: a viral photo claims to show Kyiv. That is false.", []),
        ("Фейк: утверждается, что это Киев. На самом деле это Бейрут.", ["Beirut"]),
        ("Фейк! Стверджують, що це Київ. Насправді це Бейрут.", ["Beirut"]),
        ("صورة متداولة على أنها من الخرطوم مضللة، والصحيح أنها من صنعاء", ["Sanaa"]),
        ("شایعه: ادعا شده این تهران است. در واقع بیروت است.", ["Beirut"]),
        ("Yalan: Kiev olduğu iddia ediliyor. Aslında Beyrut.", ["Beirut"]),
        ("שקר: טוענים שזו קייב. למעשה זו ביירות.", ["Beirut"]),
    ],
)
def test_a_correction_claims_what_it_puts_right(text: str, names: list[str]) -> None:
    """Whoever tells that a claim is false does not make it; what stands behind the correction is theirs."""
    read = claims(text, POST)
    assert read.corrects
    assert [claim.place.name for claim in read.places] == names


@pytest.mark.parametrize(
    "text",
    [
        "Archive photo: the port of Beirut. Today it is quiet", "#TBT Beirut, and today", "FILE - Beirut. Talks today",
        "Архивное фото. Бейрут, сегодня тихо", "Архівне фото. Бейрут, сьогодні тихо",
        "صورة أرشيفية من بيروت، واليوم هدوء",
        "عکس آرشیوی از بیروت. امروز آرام است", "Arşiv: Beyrut. Bugün sakin", "תמונת ארכיון: ביירות. היום שקט",
    ],
)  # fmt: skip
def test_a_picture_that_is_said_to_be_old_is_not_of_its_day(text: str) -> None:
    """Archive pictures and throwbacks say so themselves, whatever their captions tell of today."""
    read = claims(text, POST)
    assert read.old is not None
    assert read.times == ()
    assert [claim.place.name for claim in read.places] == ["Beirut"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Archive photo, Beirut, 5 May 2016", "2016-05-05"),
        ("On this day in 2016: Beirut", "2016-01-01"),
        ("Архивное фото 2016 года", "2016-01-01"),
    ],
)
def test_an_old_picture_keeps_the_date_beside_that_word(text: str, first: str) -> None:
    """The date that an archive picture is given is a claim like any other."""
    assert [claim.first.isoformat() for claim in claims(text, POST).times] == [first]


@pytest.mark.parametrize(
    ("text", "firsts"),
    [
        ("Aleppo 2016", ["2016-01-01"]), ("حلب ٢٠١٦", ["2016-01-01"]), ("تهران ۱۳۹۶", ["2017-03-21"]),
        ("دمشق، سوريا - ٢٠١٨/٤/١٤", ["2018-04-14"]), ("کرمانشاه ۱۳۹۶/۸/۲۱", ["2017-11-12"]),
        ("Damascus 2018/2/30", []), ("The worst flood since 1998", []), ("Expo 2020", []),
        ("Breaking: fire", ["2024-02-27"]), ("Срочно: пожар", ["2024-02-27"]), ("Щойно: пожежа", ["2024-02-27"]),
        ("عاجل: حريق", ["2024-02-27"]), ("فوری: آتش‌سوزی", ["2024-02-27"]), ("Son dakika: yangın", ["2024-02-27"]),
        ("עכשיו: שריפה", ["2024-02-27"]),
    ],
)  # fmt: skip
def test_the_times_of_the_scene_are_read_in_every_calendar(text: str, firsts: list[str]) -> None:
    """Bare years behind a place, days with the year first, the Persian calendar, and words that mean now."""
    assert [claim.first.isoformat() for claim in claims(text, POST).times] == firsts


def test_without_a_sure_date_of_the_post_nothing_is_of_now() -> None:
    """“Today” in a post whose date nobody knows is no day."""
    assert claims("Explosion in Beirut today, breaking", None).times == ()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Buildings after the earthquake", ["earthquake"]),
        ("It was not an earthquake", []),
        ("Уламки після авіаудару", ["airstrike"]),
        ("Deprem değil, patlama", ["explosion"]),
        ("صورة من لعبة فيديو", ["game"]),
    ],
)
def test_events_are_named_by_their_sort(text: str, kinds: list[str]) -> None:
    """An event that a caption denies is none."""
    assert [claim.kind for claim in claims(text, POST).events] == kinds


def test_a_game_is_staged() -> None:
    """A scene of a game excludes whatever happened."""
    [claim] = claims("Footage of a video game", POST).events
    assert claim.group is EventGroup.STAGED


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Pictured: Ann Njoroge", True), ("Photo of Ann Njoroge", True), ("Fire, says Ann Njoroge", False)],
)
def test_only_who_is_said_to_be_in_the_picture_is_in_it(text: str, shown: bool) -> None:
    """A watched person is claimed where a word says that the picture shows them."""
    start = text.index("Ann")
    named = PersonMention(Span(start, len(text)), Person("p", "Ann Njoroge"), "Ann Njoroge", "full", 1.0)
    assert [claim.person_id for claim in claims(text, POST, people=[named]).people] == (["p"] if shown else [])


def test_what_stands_far_down_in_an_article_is_not_the_picture() -> None:
    """Only the beginning of a long text counts as what it says of its picture."""
    assert places("x " * LONGEST + "in Aleppo") == []


def test_an_area_in_the_caption_tells_which_place_of_a_name_is_meant() -> None:
    """“Tripoli” with Lebanon in the same caption is no town of Libya."""
    [claim] = claims("Tripoli, in the north of Lebanon", POST).places
    assert [spot.place.country for spot in claim.spots] == ["LB"]
