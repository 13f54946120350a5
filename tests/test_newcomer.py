"""The newcomer's first minute, in a real browser on the demo as it is: bot, workers, stand-in and page."""

from __future__ import annotations

import asyncio
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.demo import Demo, running
from bot.sample import posts as sample
from bot.sample.articles import COMMANDER_ON_THE_COAST

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 15_000
"""Milliseconds to wait for an answer on a busy machine; a warm one answers within a second."""

WHEREIS = f"/whereis {sample.WHEREIS_NAME}"
TRACE = f"/trace {sample.TRACE_LINK}"


class _Outside:
    """What this process reaches beyond loopback while a demo runs."""

    watching = False
    reached: list[str] = []  # noqa: RUF012 - one interpreter has one audit hook, which cannot be taken off again

    @classmethod
    def hear(cls, event: str, details: tuple[Any, ...]) -> None:
        """Note a name that is looked up, or an address that is connected to, outside loopback."""
        if not cls.watching or event not in {"socket.connect", "socket.getaddrinfo"}:
            return
        address = details[1] if event == "socket.connect" else details
        host = address[0] if isinstance(address, tuple) else ""
        if host and not _is_loopback(str(host)):
            cls.reached.append(f"{event} {host}")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


sys.addaudithook(_Outside.hear)


@pytest.fixture(scope="module", name="demo")
def fixture_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, seeded, for as long as these tests run; it has reached nobody and was refused nothing when it ends."""
    store: Path = tmp_path_factory.mktemp("demo") / "store"
    ready, shown = threading.Event(), []
    stop: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        async with running(store, 0) as demo:
            shown.append(demo)
            ended = asyncio.Event()
            stop.append((asyncio.get_running_loop(), ended))
            ready.set()
            await ended.wait()

    _Outside.watching = True
    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(60), "the demo did not start"
    yield shown[0]
    loop, ended = stop[0]
    loop.call_soon_threadsafe(ended.set)
    thread.join(30)
    _Outside.watching = False
    assert _Outside.reached == []
    assert [call for call in shown[0].server.workspace.transcript.calls() if not call.ok] == []


@contextmanager
def visit(
    browser: Browser, demo: Demo, size: dict[str, int] = DESK, person: str = "Rana Haddad (Reporter)"
) -> Iterator[Page]:
    """The page as somebody sees it; an error on it, or a call to elsewhere, fails the test."""
    phone = size is PHONE
    context = browser.new_context(viewport={"width": size["width"], "height": size["height"]}, has_touch=phone)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    page.on("request", lambda asked: None if asked.url.startswith((demo.url, "blob:")) else faults.append(asked.url))
    page.goto(demo.url)
    act_as(page, person, phone=phone)
    yield page
    context.close()
    assert faults == []


def act_as(page: Page, person: str, *, phone: bool = False) -> None:
    """Become somebody else, in the channel of the desk."""
    if phone:
        page.get_by_role("button", name="Channels").click()
    page.get_by_label("Act as").select_option(label=person)
    page.wait_for_function("name => document.querySelector('#act-as').selectedOptions[0].text === name", arg=person)
    page.wait_for_load_state()
    if phone:
        page.get_by_role("button", name="Channels").click()
    page.get_by_role("link", name="syria-desk").click()


def ask(page: Page, typed: str) -> Locator:
    """Type something, and return the answer to the one who asked."""
    answers = page.locator("#messages article.ephemeral").filter(has=page.locator("h3"))
    before = answers.count()
    box = page.locator("#box-channel")
    box.fill(typed)
    box.press("Enter")
    return answers.nth(before)


def eventually(found: Locator) -> Locator:
    """Wait until something is on the page."""
    found.wait_for()
    return found


def warnings(page: Page) -> Locator:
    """The warnings that the bot has posted by itself."""
    return page.locator("#messages article:not(.ephemeral)").filter(has_text="Warning: A picture was seen before")


def is_on_screen(page: Page, found: Locator) -> bool:
    """Whether something can be seen without scrolling, above the box that one types into."""
    box, frame = found.bounding_box(), page.locator("#messages").bounding_box()
    assert box
    assert frame
    return frame["y"] <= box["y"] and box["y"] + box["height"] <= frame["y"] + frame["height"]


def test_the_page_says_what_it_is_and_what_to_type(browser: Browser, demo: Demo) -> None:
    """A newcomer sees that this is a stand-in with sample data, what to type, and where, without scrolling."""
    with visit(browser, demo) as page:
        assert "local stand-in for Slack" in page.locator(".notice").inner_text()
        for command in (WHEREIS, TRACE, sample.SCREENSHOT_LINK, "/dateline help"):
            assert is_on_screen(page, eventually(page.locator("#messages code", has_text=command)))
        assert "/ for commands" in str(page.locator("#box-channel").get_attribute("placeholder"))
        assert is_on_screen(page, page.get_by_role("button", name=re.compile("1 reply")).last)


def test_whereis_says_who_says_so_and_who_denies_it(browser: Browser, demo: Demo) -> None:
    """Places, speakers, stances and exact quotes; the rumour of Moscow beside the Kremlin's denial, on one screen."""
    with visit(browser, demo) as page:
        answer = eventually(ask(page, WHEREIS))
        title = answer.get_by_role("heading", name="Who says where: Qassem Soleimani")
        assert is_on_screen(page, title)
        told = answer.inner_text()
        for place in ("Latakia, SY (city)", "Syria (country)", "Moscow, RU (city)", "Tikrit, IQ (city)"):
            assert place in told
        for said in ("alleged by residents", "asserted by @sample_coast_diary", "rumored by", "denied by the Kremlin"):
            assert said in told
        quotes = [quote.strip("“”\u2068\u2069") for quote in answer.locator("blockquote").all_inner_texts()]
        rumour, denial = quotes[:2]
        assert (rumour, denial) == (
            "Soleimani was also rumoured to have flown to Moscow in July",
            "the Kremlin denied that such a trip took place",
        )
        archived = [COMMANDER_ON_THE_COAST, *(post.text or "" for post in sample.posts())]
        assert all(any(quote in text for text in archived) for quote in quotes)
        assert all(is_on_screen(page, answer.locator("blockquote").nth(number)) for number in (0, 1))


def test_whereis_shows_a_map_and_a_timeline(browser: Browser, demo: Demo) -> None:
    """Both pictures of an answer are shown on a telephone, as wide as the message, and told in sentences."""
    with visit(browser, demo, PHONE) as page:
        answer = eventually(ask(page, WHEREIS))
        for name, told in (("A map of 4 places", "denied by the Kremlin"), ("A timeline of 7", "posted 13 Oct 2015")):
            picture = eventually(answer.get_by_role("img", name=re.compile(name)))
            words = str(picture.get_attribute("alt"))
            assert told in words or words.endswith("The message tells the rest.")
            picture.scroll_into_view_if_needed()  # it is loaded when it is about to be seen
            assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1000
            shown = picture.bounding_box()
            assert shown
            assert 280 <= shown["width"] <= PHONE["width"]


def test_a_trace_shows_where_the_picture_appeared_before(browser: Browser, demo: Demo) -> None:
    """The older post, mirrored, with another caption and place; the two pictures side by side, told in words too."""
    with visit(browser, demo) as page:
        answer = eventually(ask(page, TRACE))
        assert is_on_screen(page, answer.get_by_role("heading", name=re.compile("Seen before")))
        told = answer.inner_text()
        assert "Earliest we hold: posted 6 Jun 2013 17:21 UTC, decoded from the id" in told
        assert "Mirrored left to right" in told
        assert re.search(r"In conflict \(place\): One picture, two places: .* says Latakia; .* says Homs", told)
        picture = answer.get_by_role("img", name=re.compile("Two pictures side by side.*Homs.*Mirrored"))
        assert eventually(picture).evaluate("image => image.decode().then(() => image.naturalWidth)") > 400
        for pillar in ("Provenance", "Source", "Date", "Location", "Motivation"):
            assert pillar in told


def test_a_mirrored_part_in_a_screenshot_is_found(browser: Browser, demo: Demo) -> None:
    """A post shows a screenshot of a post: the older picture in it is named, and the evidence picture is legible."""
    with visit(browser, demo, person="Erik Lund (Editor)") as page:
        answer = eventually(ask(page, f"/trace {sample.SCREENSHOT_LINK}"))
        assert is_on_screen(page, answer.get_by_role("heading", name=re.compile("Seen before")))
        told = answer.inner_text()
        assert "Earliest we hold: posted 22 Feb 2019 20:41 UTC, decoded from the id" in told
        assert "Screenshot: mirrored left to right" in told
        assert re.search(r"In conflict \(place\): One picture, two places: .* says Maracaibo; .* says Cúcuta", told)
        picture = eventually(answer.get_by_role("img", name=re.compile("side by side.*match.*Mirrored.*outlined")))
        picture.evaluate("image => image.decode()")
        shown = picture.bounding_box()
        assert shown
        assert shown["width"] >= 360


def test_a_warning_is_acknowledged_in_the_sight_of_everybody(browser: Browser, demo: Demo) -> None:
    """The bot has warned by itself; what one person decides, another sees."""
    with visit(browser, demo, person="Erik Lund (Editor)") as page:
        warning = warnings(page).first
        assert "mirrored left to right" in warning.inner_text()
        assert warning.get_by_role("img", name=re.compile("side by side")).count() == 1
        warning.get_by_role("button", name="Acknowledge").click()
        eventually(warning.get_by_text("Acknowledged by"))
        act_as(page, "Oda Mensah (On-call)")
        seen = eventually(warnings(page).first.get_by_text("Acknowledged by"))
        assert "Erik Lund" in warnings(page).first.inner_text()
        assert seen.count() == 1
        assert warnings(page).first.get_by_role("button", name="Acknowledge").count() == 0


def test_a_warning_is_dismissed_with_a_reason(browser: Browser, demo: Demo) -> None:
    """A modal asks why; the reason stands under the warning, and Undo opens it again."""
    with visit(browser, demo, person="Oda Mensah (On-call)") as page:
        warning = warnings(page).last
        warning.get_by_role("button", name="Undo").click()
        eventually(warning.get_by_text("Opened again by"))
        warning.get_by_role("button", name="Dismiss…").click()
        form = eventually(page.locator("#modal form"))
        form.get_by_label("The same event, rightly shown again").check()
        form.get_by_role("button", name="Dismiss", exact=True).click()
        form.wait_for(state="hidden")
        eventually(warning.get_by_text("This pair will not warn again."))
        assert "The same event, rightly shown again" in warning.inner_text()
        warning.get_by_role("button", name="Undo").click()
        eventually(warning.get_by_text("Opened again by").nth(1))
        eventually(warning.get_by_role("button", name="Acknowledge"))


def test_the_digest_is_one_click_away(browser: Browser, demo: Demo) -> None:
    """What changed for the channel stands in it, what is in conflict first; the rest in its thread."""
    with visit(browser, demo) as page:
        digest = page.locator("#messages article").filter(has=page.get_by_role("heading", name=re.compile("^Digest:")))
        told = digest.inner_text()
        assert told.index("Conflicts and denials") < told.index("New sightings") < told.index("Snoozed meanwhile")
        assert "One picture, two places" in told
        digest.get_by_role("button", name=re.compile("1 reply")).click()
        eventually(page.locator("#thread article").filter(has_text="Qassem Soleimani").first)


def test_of_two_people_at_once_the_first_decides(browser: Browser, demo: Demo) -> None:
    """Oda and Erik clicked on one warning at once: everybody sees who was first, and the other one was told."""
    with visit(browser, demo) as page:
        warning = eventually(warnings(page).filter(has_text="sample_quick_reshare"))
        eventually(warning.get_by_text(re.compile("Acknowledged by|Opened again by")).first)
        told = page.locator("#messages article.ephemeral").filter(has_text="Somebody was first")
        seen = [told.count()]
        for person in ("Erik Lund (Editor)", "Oda Mensah (On-call)"):
            act_as(page, person)
            eventually(warnings(page).first)
            seen.append(told.count())
        assert sorted(seen) == [0, 0, 1]


def test_a_watch_has_fired_and_a_snooze_is_listed(browser: Browser, demo: Demo) -> None:
    """The watch of another channel has told of a sighting by a feed, with its speaker; the snooze can be ended."""
    with visit(browser, demo) as page:
        page.get_by_role("link", name="minsk-desk").click()
        told = eventually(page.locator("#messages article").filter(has_text="Prigozhin").first).inner_text()
        assert "asserted by US Senator Mark Warner" in told
        assert "Whether it is so is not said here." in told
        page.get_by_role("link", name="syria-desk").click()
        listed = page.locator("#messages article.ephemeral").filter(has_text="@sample_echo_board").last
        box = page.locator("#box-channel")
        box.fill("/dateline snoozes")
        box.press("Enter")
        eventually(listed.get_by_role("button", name="End now"))


def test_home_holds_traces_and_open_warnings(browser: Browser, demo: Demo) -> None:
    """What one person has traced, and what nobody has decided yet."""
    with visit(browser, demo) as page:
        eventually(ask(page, TRACE))
        page.get_by_role("link", name="Dateline Home").click()
        home = page.locator("#home")
        eventually(home.get_by_role("heading", name=re.compile(r"^Open warnings: [1-9]")))
        eventually(home.get_by_role("heading", name=re.compile("My traces: 1")))
        face = page.locator("#head .avatar").bounding_box()
        assert face
        assert face["width"] == face["height"]


def test_a_dropped_picture_that_was_kept_before_is_spoken_of(browser: Browser, demo: Demo, tmp_path: Path) -> None:
    """A reader's copy of a held picture, dropped into the channel: the bot answers in its thread by itself."""
    (tmp_path / "from-a-reader.jpg").write_bytes(sample.picture_to_check())
    with visit(browser, demo, person="Erik Lund (Editor)") as page:
        page.locator("#file-channel").set_input_files(tmp_path / "from-a-reader.jpg")
        page.get_by_role("button", name="Send", exact=True).first.click()
        dropped = page.locator("#messages article").filter(has_text="from-a-reader.jpg").last
        eventually(dropped.get_by_role("button", name=re.compile("repl(y|ies)"))).click()
        answer = eventually(page.locator("#thread article").filter(has_text="seen before"))
        assert "6 Jun 2013" in answer.inner_text()
        assert is_on_screen(page, page.locator("#thread article").first.get_by_text("from-a-reader.jpg"))


def test_an_answer_is_shared_with_the_channel(browser: Browser, demo: Demo) -> None:
    """What one person asked stands for nobody else, until it is shared."""
    question = "/whereis Hamedani"
    with visit(browser, demo) as page:
        answer = eventually(ask(page, question))
        assert "Only visible to you" in answer.inner_text()
        shared = page.locator("#messages article:not(.ephemeral)").filter(has_text="Who says where: Hossein Hamedani")
        assert shared.count() == 0
        answer.get_by_role("button", name="Share in channel").click()
        eventually(shared)
        act_as(page, "Erik Lund (Editor)")
        eventually(shared)
        assert page.locator("#messages article.ephemeral").filter(has_text="Hamedani").count() == 0


def test_the_same_on_a_phone(browser: Browser, demo: Demo) -> None:
    """At 390 pixels nothing is wider than the screen, an answer begins at its top, and the denial is on its screen."""
    with visit(browser, demo, PHONE, "Oda Mensah (On-call)") as page:
        eventually(page.locator("#messages code", has_text=WHEREIS))
        answer = eventually(ask(page, WHEREIS))
        assert is_on_screen(page, answer.get_by_role("heading", name="Who says where: Qassem Soleimani"))
        assert is_on_screen(page, answer.get_by_role("heading", name="Said, and denied"))
        answer = eventually(ask(page, TRACE))
        assert is_on_screen(page, answer.get_by_role("heading", name=re.compile("Seen before")))
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        for picture in page.locator("#messages img").all():
            box = picture.bounding_box()
            assert box
            assert box["x"] + box["width"] <= PHONE["width"]
        page.get_by_role("button", name="Channels").click()
        page.get_by_role("link", name="Dateline", exact=True).click()
        tabs = eventually(page.locator("#head .tabs")).bounding_box()
        assert tabs
        assert tabs["x"] + tabs["width"] <= PHONE["width"]
