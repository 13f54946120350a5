"""The page in a real browser: what a newcomer does in their first minutes, on a desk and on a phone."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Browser, Page, Route, expect

from tests.workspace.page_bot import Newsroom, newsroom, png
from tests.workspace.test_render import GOLDEN

Found = TypeVar("Found")
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


class Room:
    """A newsroom that runs in a thread of its own, beside the browser's."""

    def __init__(self, room: Newsroom, loop: asyncio.AbstractEventLoop) -> None:
        self.room, self._loop = room, loop

    def run(self, make: Callable[[Newsroom], Awaitable[Found]]) -> Found:
        """Do something in the newsroom's own loop and wait for it."""

        async def call() -> Found:
            return await make(self.room)

        return asyncio.run_coroutine_threadsafe(call(), self._loop).result(10)

    def post(self, text: str) -> None:
        """Let the editor write into the desk's channel."""

        async def write(room: Newsroom) -> None:
            room.server.people.say(room.editor.id, room.desk.id, text)

        self.run(write)


@contextmanager
def running() -> Iterator[Room]:
    """A newsroom for as long as the block runs."""
    ready, stop = threading.Event(), asyncio.Event()
    rooms: list[Room] = []

    async def serve() -> None:
        async with newsroom(patience=2.0) as room:
            rooms.append(Room(room, asyncio.get_running_loop()))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(10), "the newsroom did not start"
    try:
        yield rooms[0]
    finally:
        rooms[0]._loop.call_soon_threadsafe(stop.set)
        thread.join(10)


@contextmanager
def visit(browser: Browser, room: Room, size: dict[str, int]) -> Iterator[Page]:
    """A page of the reporter's, in a window of that size; errors of the page and calls to elsewhere fail the test."""
    context = browser.new_context(viewport={"width": size["width"], "height": size["height"]}, has_touch=size is PHONE)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    own = room.room.workspace.base_url
    page.on("request", lambda asked: None if asked.url.startswith((own, "blob:")) else faults.append(asked.url))
    page.goto(room.room.address)
    yield page
    context.close()
    assert faults == []


def test_a_newcomers_first_minute(browser: Browser) -> None:
    """A command by its list, a live answer, a button, a question, a form refused and accepted: all without a reload."""
    with running() as room, visit(browser, room, DESK) as page:
        box = page.locator("#box-channel")
        box.type("/w")
        expect(page.get_by_role("option").filter(has_text="/whereis")).to_be_visible()
        box.press("Enter")
        expect(box).to_have_value("/whereis ")
        box.type("Soleimani")
        box.press("Enter")
        expect(page.get_by_text("This picture was seen before")).to_have_count(2)
        expect(box).to_have_value("")
        page.get_by_text("Acknowledge").last.click()
        expect(page.get_by_text("Acknowledged by")).to_be_visible()
        page.get_by_text("Dismiss…").first.click()
        expect(page.locator("#confirm")).to_contain_text("This pair never warns again.")
        page.get_by_role("button", name="Yes, dismiss").click()
        form = page.locator("#modal")
        form.get_by_role("button", name="Dismiss").click()
        expect(form.locator(".input-error")).to_have_text("Please complete this required field.")
        form.get_by_label("Why?").fill("bad")
        form.get_by_role("button", name="Dismiss").click()
        expect(form.locator(".input-error")).to_have_text("Say more than that.")
        expect(form.get_by_label("Why?")).to_have_value("bad")
        form.get_by_label("Why?").fill("Another street.")
        form.get_by_role("button", name="Dismiss").click()
        expect(form).to_be_hidden()


def test_a_pressed_button_is_busy_until_the_bot_has_answered(browser: Browser) -> None:
    """While a press is on its way the button says so and cannot be pressed again."""
    held: list[Route] = []
    with running() as room, visit(browser, room, DESK) as page:
        page.route("**/page/act/**", lambda route: held.append(route))
        button = page.get_by_role("button", name="Acknowledge")
        button.click()
        expect(button).to_have_attribute("aria-busy", "true")
        expect(button).to_have_css("pointer-events", "none")
        held[0].continue_()
        expect(page.get_by_text("Acknowledged by")).to_be_visible()


def test_what_others_write_appears_and_nothing_is_lost(browser: Browser) -> None:
    """A new message shows by itself; a draft, the open thread and the place scrolled to stay."""
    with running() as room, visit(browser, room, DESK) as page:
        page.locator("#box-channel").fill("half a thought")
        page.get_by_text("1 reply").click()
        expect(page.locator("#thread")).to_contain_text("On it.")
        for number in range(30):
            room.post(f"line {number}")
        expect(page.get_by_text("line 29")).to_be_in_viewport()
        page.locator("#messages").evaluate("element => { element.scrollTop = 0; }")
        page.wait_for_function("() => document.querySelector('#messages').scrollTop === 0")
        room.post("the last word")
        expect(page.get_by_role("button", name="New messages")).to_be_visible()
        assert page.locator("#messages").evaluate("element => element.scrollTop") == 0
        page.get_by_role("button", name="New messages").click()
        expect(page.get_by_text("the last word")).to_be_in_viewport()
        expect(page.locator("#box-channel")).to_have_value("half a thought")
        page.reload()
        expect(page.locator("#box-channel")).to_have_value("half a thought")
        expect(page.locator("#thread")).to_contain_text("On it.")


def test_a_thread_a_menu_and_home_by_keyboard(browser: Browser) -> None:
    """Replies, the message menu and Home are reached and used without a mouse."""
    with running() as room, visit(browser, room, DESK) as page:
        replies = page.locator("button.replies")
        replies.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#box-thread")).to_be_focused()
        page.keyboard.type("by hand")
        page.keyboard.press("Enter")
        expect(page.locator("#thread")).to_contain_text("by hand")
        page.keyboard.press("Escape")
        expect(page.locator("aside")).to_be_hidden()
        page.locator("#messages summary").first.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#modal")).to_contain_text("Dismiss a warning")
        page.keyboard.press("Escape")
        expect(page.locator("#modal")).to_be_hidden()
        page.get_by_role("link", name="Dateline Home").press("Enter")
        expect(page.locator("#home")).to_contain_text("My desk")


def test_a_picture_is_chosen_shared_and_enlarged(browser: Browser, tmp_path: Path) -> None:
    """A chosen file is shown before it is sent, stands in the channel afterwards and opens large."""
    (tmp_path / "street.png").write_bytes(png())
    with running() as room, visit(browser, room, DESK) as page:
        page.locator("#file-channel").set_input_files(tmp_path / "street.png")
        expect(page.locator(".chosen-file").first).to_contain_text("street.png")
        page.get_by_role("button", name="Send").first.click()
        page.get_by_role("button", name="Enlarge: street.png").click()
        expect(page.locator("#picture img")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#picture")).to_be_hidden()
        expect(page.locator(".chosen-file").first).to_be_hidden()


def test_a_name_is_completed_in_the_middle_of_a_sentence(browser: Browser) -> None:
    """In a thread, where commands do not work, the app is offered as soon as its handle is begun."""
    with running() as room, visit(browser, room, DESK) as page:
        page.get_by_text("1 reply").click()
        box = page.locator("#box-thread")
        box.press_sequentially("please @da")
        expect(page.get_by_role("option").filter(has_text="@dateline")).to_be_visible()
        box.press("Tab")
        expect(box).to_have_value("please @dateline ")
        box.press_sequentially("trace https://x.com/a/status/1")
        expect(page.locator("#commands-thread")).to_be_hidden()
        box.press("Enter")
        expect(page.locator("#thread .mention")).to_have_text("@Dateline")


def test_every_kind_of_element_tells_what_was_chosen(browser: Browser) -> None:
    """Menus, boxes, dates and times in a message each become one action with exactly that choice."""
    elements = json.loads((GOLDEN / "elements.json").read_text(encoding="utf-8"))[0]["elements"]
    shown = [element for element in elements if element["action_id"] not in ("bad", "x")]

    async def post(room: Newsroom) -> None:
        bot = room.workspace.bot
        blocks = [{"type": "actions", "block_id": "all", "elements": shown}]
        room.workspace.post(room.desk.id, bot.id, blocks=blocks, bot_id=bot.bot_id)

    with running() as room, visit(browser, room, DESK) as page:
        room.run(post)
        seen = room.room.bot.seen
        block = page.locator("[data-ts]").last

        def expect_choice(action: str, key: str, value: object) -> None:
            async def arrived(place: Newsroom) -> bool:
                return await place.workspace.transcript.wait_for(
                    lambda: any(one.get("actions", [{}])[0].get("action_id") == action for one in seen)
                )

            assert room.run(arrived)
            found = seen[-1]["actions"][0].get(key)
            assert value == (found["value"] if isinstance(found, dict) else found)

        block.get_by_label("Role").select_option("e")
        expect_choice("role", "selected_option", "e")
        block.get_by_label("Who").select_option(room.room.editor.id)
        expect_choice("who", "selected_user", room.room.editor.id)
        block.locator("details.multi summary").click()
        block.get_by_label("#syria-desk").check()
        page.locator("h1").click()
        expect_choice("where", "selected_channels", [room.room.desk.id])
        expect(block.locator("details.multi summary")).to_have_text("#syria-desk")
        block.get_by_label("Other").check()
        expect_choice("why", "selected_option", "o")
        block.get_by_label("Tell them").uncheck()
        expect_choice("also", "selected_options", [])
        block.locator("input[type=date]").fill("2026-03-04")
        expect_choice("day", "selected_date", "2026-03-04")
        block.locator("input[type=time]").fill("10:11")
        expect_choice("hour", "selected_time", "10:11")
        block.get_by_label("More choices").click()
        block.get_by_role("menuitem", name="Snooze").click()
        expect_choice("more", "selected_option", "s")


def test_a_picture_dropped_into_the_channel_is_ready_to_send(browser: Browser) -> None:
    """A file dropped on the messages stands above the box, can be taken back, and is not sent by itself."""
    drop = """element => {
        const carried = new DataTransfer();
        carried.items.add(new File([new Uint8Array([1, 2, 3])], "dropped.png", { type: "image/png" }));
        element.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: carried }));
    }"""
    with running() as room, visit(browser, room, DESK) as page:
        page.locator("#messages").evaluate(drop)
        chosen = page.locator("main .chosen-file")
        expect(chosen).to_contain_text("dropped.png")
        assert not room.room.workspace.files
        chosen.get_by_role("button", name="Remove").click()
        expect(chosen).to_be_hidden()
        expect(page.get_by_role("button", name="Send").first).to_be_disabled()


def test_another_person_acts(browser: Browser) -> None:
    """The picker changes who one is: private channels and the other's eyes come with it."""
    with running() as room, visit(browser, room, DESK) as page:
        expect(page.get_by_role("link", name="editors")).to_have_count(0)
        page.get_by_label("Act as").select_option(label="Jonas Weber (Editor)")
        page.wait_for_url(f"**/client/{room.room.editor.id}/*")
        expect(page.get_by_role("link", name="editors")).to_be_visible()


def test_the_page_on_a_phone(browser: Browser) -> None:
    """At 390 pixels nothing is wider than the screen; the sidebar folds away and the thread covers the channel."""
    with running() as room, visit(browser, room, PHONE) as page:
        expect(page.get_by_role("link", name="syria-desk")).to_be_hidden()
        page.get_by_role("button", name="Channels").click()
        page.get_by_role("link", name="general").click()
        expect(page.get_by_role("heading", name="#general")).to_be_visible()
        page.goto(room.room.address)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.get_by_text("1 reply").click()
        expect(page.locator("#thread")).to_contain_text("On it.")
        box = page.locator("aside").bounding_box()
        assert box
        assert box["width"] == PHONE["width"]
        page.get_by_role("button", name="Close thread").click()
        page.get_by_label("More choices").first.click()
        page.wait_for_function(
            "() => document.querySelector('details[open] .menu').getBoundingClientRect().right <= innerWidth"
        )
        menu = page.get_by_role("menuitem", name="Snooze a day").bounding_box()
        assert menu
        assert 0 <= menu["x"] <= menu["x"] + menu["width"] <= PHONE["width"]
        page.keyboard.press("Escape")
        page.get_by_text("Acknowledge").first.click()
        expect(page.get_by_text("Acknowledged by")).to_be_visible()


def test_a_workspace_that_does_not_answer_is_said_to_be_gone(browser: Browser) -> None:
    """When no answer comes any more the page says so, and goes on when there is one."""
    with running() as room, visit(browser, room, DESK) as page:
        expect(page.locator("#messages")).to_contain_text("please")
        page.route("**/page/parts/**", lambda route: route.abort())
        room.post("unseen as yet")
        expect(page.locator("#told")).to_contain_text("does not answer", timeout=10_000)
        page.unroute("**/page/parts/**")
        room.post("back again")
        expect(page.get_by_text("back again")).to_be_visible(timeout=15_000)
