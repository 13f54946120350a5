"""The demo's posts, people and tour, written for this project and labelled as sample in every line a reader sees.

The texts retell, in the project's own words, what was publicly reported in autumn 2015, spring 2019 and summer
2023. Handles are longer than X allows (15 characters), so that none can belong to anybody. The number of each X post
is made from its time, as X makes them. A sample counts as captured a few minutes after it was posted, by the route
`sample`, so that "as known on" a past day has something to show.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sample import pictures
from bot.sample.articles import AIR_STRIKES, COMMANDER_ON_THE_COAST, MINSK_ANSWERS
from bot.sources.base import Captured, Media
from bot.sources.links import normalise, x_link
from storage.records import TimeBasis

X_EPOCH_MS = 1288834974657
"""The zero of X's post numbers, in milliseconds of Unix time: time = (id >> 22) + this."""

ROUTE = "sample"
"""The capture route of everything here."""

POST_LABEL = "[Sample post written for the Dateline demo]"
ARTICLE_LABEL = "This is a sample article, written for the Dateline demo. No news outlet published it."
WIRE = "Sample Wire (sample)"

_CAPTURE_DELAY = timedelta(minutes=9)


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody whom the demo's desk watches."""

    name: str
    aliases: tuple[str, ...]
    role: str


def people() -> tuple[SamplePerson, ...]:
    """The watch-list of the demo."""
    return (
        SamplePerson(
            "Qassem Soleimani",
            ("Soleimani", "Qasem Soleimani", "Suleimani", "قاسم سليماني"),
            "commander of Iran's Quds Force until January 2020",
        ),
        SamplePerson(
            "Hossein Hamedani", ("Hamedani", "حسین همدانی"), "general of Iran's Revolutionary Guards, died 2015"
        ),
        SamplePerson("Juan Guaidó", ("Guaidó", "Guaido"), "president of Venezuela's National Assembly in 2019"),
        SamplePerson("Nicolás Maduro", ("Maduro", "Nicolas Maduro"), "president of Venezuela in 2019"),
        SamplePerson("Yevgeny Prigozhin", ("Prigozhin", "Евгений Пригожин"), "head of the Wagner group, died 2023"),
    )


def x_number(moment: datetime, author: str) -> str:
    """Make the number that an X post of that moment would have.

    The low 22 bits, which X fills with machine and sequence, come from `author`.
    """
    low = int.from_bytes(hashlib.sha256(author.encode()).digest()[:3], "big") & 0x3FFFFF
    return str(((round(moment.timestamp() * 1000) - X_EPOCH_MS) << 22) | low)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _photo(name: str, data: bytes, caption: str = "") -> Media:
    return Media(f"https://sample.example/pictures/{name}.jpg", data, caption=caption)


def _post(posted_at: str, author: str, words: str, *media: Media, lang: str = "en") -> Captured:
    """One X post; the raw bytes are a JSON object that says itself that it is a sample."""
    moment = _at(posted_at)
    link = x_link(x_number(moment, author))
    text = f"{words}\n\n{POST_LABEL}"
    name = author.replace("_", " ").capitalize() + " (sample)"
    raw = {
        "sample": True,
        "id": link.native_id,
        "author": author,
        "name": name,
        "created_at": posted_at,
        "lang": lang,
        "text": text,
        "media": [picture.url for picture in media],
    }
    return Captured(
        post_id=link.post_id,
        platform=link.platform,
        native_id=link.native_id,
        url=link.url,
        raw=json.dumps(raw, ensure_ascii=False).encode(),
        media_type="application/json",
        route=ROUTE,
        captured_at=moment + _CAPTURE_DELAY,
        author=author,
        author_name=name,
        posted_at=moment,
        posted_at_basis=TimeBasis.DECODED_ID,
        text=text,
        lang=lang,
        media=media,
    )


def _article(posted_at: str, path: str, words: str, media: tuple[Media, ...] = ()) -> Captured:
    """One article of the sample wire; its raw bytes are its text."""
    moment = _at(posted_at)
    link = normalise(f"https://sample.example/{path}")
    text = f"{words}\n\n{ARTICLE_LABEL}"
    return Captured(
        post_id=link.post_id,
        platform=link.platform,
        native_id=link.native_id,
        url=link.url,
        raw=text.encode(),
        media_type="text/plain",
        route=ROUTE,
        captured_at=moment + _CAPTURE_DELAY,
        author_name=WIRE,
        publisher=WIRE,
        posted_at=moment,
        posted_at_basis=TimeBasis.STATED,
        text=text,
        lang="en",
        media=media,
    )


def _syria() -> tuple[Captured, ...]:
    """Autumn 2015, and the older picture that comes back in it."""
    reused = _photo("soldiers-square-again", pictures.mirrored_copy("soldiers-square"))
    return (
        _post(
            "2013-06-06T17:21:40+00:00",
            "sample_picture_files",
            "Government soldiers gather on a square in Homs at dusk, 6 June 2013.",
            _photo("soldiers-square", pictures.picture("soldiers-square")),
        ),
        _article(
            "2015-10-01T16:30:00+00:00",
            "2015/10/air-strikes-begin",
            AIR_STRIKES,
            media=(
                _photo(
                    "harbour", pictures.picture("harbour"), "Ships in the harbour of Latakia (drawn sample picture)"
                ),
            ),
        ),
        _post(
            "2015-10-09T08:14:05+00:00",
            "sample_tehran_ticker",
            "General Hossein #Hamedani was killed near #Aleppo on 8 October, Iranian state television reports.",
            _photo("ruined-street", pictures.picture("ruined-street")),
        ),
        _post(
            "2015-10-12T07:31:52+00:00",
            "sample_coast_notes",
            "Suleimani was reportedly seen in #Latakia this morning. We are looking for a second source.",
        ),
        _post(
            "2015-10-13T09:12:18+00:00",
            "sample_front_desk",
            "General Qasem Suleimani has arrived in #Syria to direct a ground offensive, residents claim.",
            _photo("hillside-convoy", pictures.picture("hillside-convoy")),
        ),
        _post("2015-10-13T12:40:09+00:00", "sample_arabic_desk", "قاسم سليماني في اللاذقية اليوم", lang="ar"),
        _post(
            *_TRACED,
            "Qasem #Soleimani in #Latakia this evening, fighters queue for a photo with him",
            reused,
        ),
        _post(
            "2015-10-13T18:03:47+00:00",
            "sample_echo_board",
            "Soleimani is allegedly in Latakia. This picture is being passed around tonight.",
            reused,
        ),
        _post(
            "2015-10-13T19:26:30+00:00",
            "sample_quick_reshare",
            "A street in Idlib after tonight's raid, 13 October 2015.",
            _photo("ruined-street-again", pictures.mirrored_copy("ruined-street", brightness=0.95)),
        ),
        _article(
            "2015-10-13T20:15:00+00:00",
            "2015/10/commander-on-the-coast",
            COMMANDER_ON_THE_COAST,
        ),
        _post(
            "2015-10-29T06:20:11+00:00",
            "sample_rain_record",
            "A road under water in Baghdad after a night of heavy rain, 29 October 2015.",
            _photo("flooded-road", pictures.picture("flooded-road")),
        ),
    )


def _venezuela() -> tuple[Captured, ...]:
    """Spring 2019."""
    crowd = _photo("crowd-flags", pictures.picture("crowd-flags"))
    return (
        _post(
            "2019-02-22T20:41:26+00:00",
            "sample_border_notes",
            "Juan Guaidó arrived in #Cúcuta on Friday despite a court's travel ban, Colombian officials say.",
            crowd,
        ),
        _post(
            "2019-02-22T21:05:02+00:00",
            "sample_plaza_camera",
            "Crowd with flags in Cúcuta, Colombia, this Friday.",
            crowd,
        ),
        _post(
            "2019-03-03T22:30:44+00:00",
            "sample_andes_ticker",
            "Juan Guaidó will return to Caracas on Monday, he says in a video, and calls for marches.",
        ),
        _post(
            "2019-03-04T17:10:15+00:00",
            "sample_airport_log",
            "Juan Guaidó landed in Maiquetía today. Diplomats met him in the arrivals hall.",
            _photo("airport-apron", pictures.picture("airport-apron")),
        ),
        _post(
            *_SCREENSHOT,
            "Flags all over Maracaibo tonight, 30 April. A friend sent me this screenshot.",
            _photo(
                "crowd-flags-screenshot",
                pictures.mirrored_crop_in_a_screenshot(
                    "crowd-flags", ("Flags all over Maracaibo", "tonight! Share this.")
                ),
            ),
        ),
        _post(
            "2019-05-01T02:10:30+00:00",
            "sample_andes_ticker",
            "Nicolás Maduro planned to fly to Havana on Tuesday, US Secretary of State Mike Pompeo claims. "
            "Maduro denied that he wanted to go to Havana.",
        ),
    )


def _belarus() -> tuple[Captured, ...]:
    """Summer 2023."""
    return (
        _post(
            "2023-06-24T08:20:51+00:00",
            "sample_volga_ticker",
            "Yevgeny #Prigozhin is in Rostov-on-Don this morning, he says in a video.",
        ),
        _post(
            "2023-06-27T14:05:37+00:00",
            "sample_minsk_notes",
            "Prigozhin has arrived in Belarus today, President Alexander Lukashenko says.",
        ),
        _article(
            "2023-07-06T13:45:00+00:00",
            "2023/07/minsk-gives-another-answer",
            MINSK_ANSWERS,
        ),
        _post(
            "2023-07-19T15:32:08+00:00",
            "sample_minsk_notes",
            "A blurred video appears to show Prigozhin speaking to fighters in #Belarus.",
            _photo("tent-camp", pictures.picture("tent-camp")),
        ),
    )


def archive() -> tuple[Captured, ...]:
    """What the demo's newsroom holds from before, in the order of posting: two stories of 2019 and 2023."""
    return (*_venezuela(), *_belarus())


def unfolding() -> tuple[Captured, ...]:
    """What comes in while its Syria desk is watching, in the order of posting."""
    return _syria()


def posts() -> tuple[Captured, ...]:
    """Everything the demo takes in, in order of intake."""
    return (*archive(), *unfolding())


_TRACED = ("2015-10-13T16:52:33+00:00", "sample_coast_diary")

TRACE_LINK = x_link(x_number(_at(_TRACED[0]), _TRACED[1])).url
"""The tour's link to trace: a post of 2015 whose picture was posted in 2013, not mirrored, of another place."""

_SCREENSHOT = ("2019-04-30T23:52:18+00:00", "sample_night_repost")

SCREENSHOT_LINK = x_link(x_number(_at(_SCREENSHOT[0]), _SCREENSHOT[1])).url
"""A post whose picture is a screenshot of another post, with a mirrored part of a picture that was posted before."""

WHEREIS_NAME = "Soleimani"
"""The tour's name to ask for."""

CHECK_PICTURE = "soldiers-square"
"""The scene that the tour checks, as a reader might send it in: see `picture_to_check`."""


def picture_to_check() -> bytes:
    """The tour's picture to check: a smaller, recompressed copy (JPEG) that is itself in no post."""
    return pictures.smaller_copy(CHECK_PICTURE)
