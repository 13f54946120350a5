"""Searches of X's API through real sockets: what is asked, in what order posts come, what it costs, and refusals."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.base import CaptureFailed, NotConfigured
from bot.sources.batch import Batch, Throttled
from bot.sources.http import Fetcher
from bot.sources.throttle import Throttle
from bot.sources.x_pictures import XPictures
from bot.sources.x_search import XSearch, asked_of_x
from tests.loopback import Loopback, Reply
from tests.sources.xapi import NOW, PICTURE, TOKEN, UNHURRIED, Api, as_json, number, numbers, post, problem, search


def test_asked() -> None:
    """An account is asked for by its name without reposts, the key in the header alone, and what is known left out."""
    api = Api()
    with api.served() as server:
        batch = search(server, number(hours=3))
        search(server)
    first, second = server.requests
    assert first.path == "/2/tweets/search/recent"
    assert first.headers["authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in first.query
    assert first.params["query"] == "from:harbourdesk -is:retweet"
    assert first.params["since_id"] == number(hours=3)
    assert (first.params["max_results"], first.params["sort_order"]) == ("100", "recency")
    assert "note_tweet" in first.params["tweet.fields"]
    assert "alt_text" in first.params["media.fields"]
    assert "referenced_tweets.id.attachments.media_keys" in first.params["expansions"]
    assert "since_id" not in second.params
    assert (len(batch), batch.more, batch.cost, batch.notes) == (0, False, 0, ())


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("@harbour", "from:harbour -is:retweet"),
        ('"bread salt" lang:en', '"bread salt" lang:en -is:retweet'),
        ("bread OR salt", "(bread OR salt) -is:retweet"),
        ('"this OR that"', '"this OR that" -is:retweet'),
        ("bread is:retweet", "bread is:retweet"),
        ("bread -IS:retweet", "bread -IS:retweet"),
        ('"is:retweet"', '"is:retweet" -is:retweet'),
    ],
)
def test_queries(query: str, asked: str) -> None:
    """Reposts are left out of the whole query, unless it speaks of them itself."""
    assert asked_of_x(query) == asked


def test_posts_and_pictures() -> None:
    """Posts come oldest first with their pictures, best size first, and with the page that they were cut from."""
    api = Api(includes={"media": [{"media_key": "3_1", "type": "photo", "url": "https://pbs.twimg.com/media/A.jpg"}]})
    api.add(post(number(hours=2)), post(number(hours=1), attachments={"media_keys": ["3_1"]}))
    with api.served() as server:
        batch = search(server)
        again = search(server, batch.cursor)
    assert numbers([batch]) == [int(number(hours=2)), int(number(hours=1))]
    assert [one.data for one in batch[1].media] == [PICTURE]
    assert server.requests[1].params == {"format": "jpg", "name": "orig"}
    assert batch.document is not None
    assert json.loads(batch.document.data)["meta"]["result_count"] == 2
    assert batch.cost == 2
    assert (batch[0].author, batch[0].route, batch[0].captured_at) == ("harbourdesk", "api", NOW)
    assert (len(again), again.cost) == (0, 0)


def test_cost_counts_what_came_along() -> None:
    """What X bills is every post it returned, once: those found, those quoted, and those that are no news to us."""
    quoted = post("1690000000000000002")
    api = Api(includes={"tweets": [quoted, quoted, {"text": "without a number"}]})
    api.add(*(post(number(minutes=minute)) for minute in (1, 2, 3)))
    with api.served() as server:
        assert search(server).cost == 5


def test_pages() -> None:
    """A backlog of several pages is given oldest first at once, and the cursor is its newest post."""
    api = Api(page=2)
    api.add(*(post(number(minutes=minute)) for minute in range(1, 7)))
    with api.served() as server:
        batch = search(server)
        api.add(post(number(minutes=0)))
        again = search(server, batch.cursor)
    assert numbers([batch]) == sorted(api.posts)[:-1]
    assert [request.params.get("next_token") for request in server.requests] == [None, "t2", "t4", None]
    assert (batch.more, batch.cost) == (False, 6)
    assert batch.document is not None
    assert batch.document.media_type == "application/x-ndjson"
    assert len(batch.document.data.splitlines()) == 3
    assert numbers([again]) == [int(number(minutes=0))]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 9000), max_size=14), min_size=1, max_size=3),
    st.integers(1, 4),
    st.integers(1, 3),
    st.booleans(),
    st.data(),
)
def test_nothing_lost_nothing_twice(
    arrivals: list[list[int]], page: int, pages: int, crowded: bool, data: st.DataObject
) -> None:
    """However many posts come between searches and wherever X breaks off, each comes once.

    Each is paid for once, too, unless pictures fill the memory before all that was found is given.
    """
    api = Api(
        page=page, includes={"media": [{"media_key": "3", "type": "photo", "url": "https://pbs.twimg.com/media/A"}]}
    )
    shown = {"attachments": {"media_keys": ["3"]}} if crowded else {}
    batches: list[Batch] = []
    cursor: str | None = None
    with api.served() as server:
        for turn, seconds in enumerate(arrivals):
            base = (len(arrivals) - turn) * 10_000
            api.add(*(post(number(seconds=base - second), **shown) for second in seconds))
            for _ in range(40):
                api.instead = [None, problem(503, "Overloaded", "Later")] if data.draw(st.booleans()) else []
                batches.append(search(server, cursor, pages=pages, batch_bytes=1))
                cursor = batches[-1].cursor
                api.instead = []
                if not batches[-1].more:
                    break
            assert sorted(numbers(batches)) == sorted(api.posts)
    assert all(numbers([batch]) == sorted(numbers([batch])) for batch in batches)
    assert crowded or sum(batch.cost for batch in batches) == len(api.posts)


def searched_to_the_end(server: Loopback, cursor: str, **options: Any) -> list[Batch]:
    """Search on until there is no more."""
    batches: list[Batch] = []
    while not batches or batches[-1].more:
        batches.append(search(server, batches[-1].cursor if batches else cursor, **options))
        assert len(batches) < 30
    return batches


def test_many_pictures() -> None:
    """Where pictures fill the memory meant for them, the oldest posts are given and the others come next."""
    api = Api(includes={"media": [{"media_key": "3_1", "type": "photo", "url": "https://pbs.twimg.com/media/A.jpg"}]})
    api.add(*(post(number(minutes=minute), attachments={"media_keys": ["3_1"]}) for minute in range(1, 21)))
    with api.served() as server:
        batches = searched_to_the_end(server, number(hours=1), batch_bytes=1)
    assert [len(batch) for batch in batches] == [8, 8, 4]
    assert numbers(batches) == sorted(api.posts)
    assert [batch.cost for batch in batches] == [20, 12, 4]


def test_many_pictures_of_a_backlog() -> None:
    """What memory and pages leave over of one search are several spans, and all are read before it is done."""
    api = Api(
        page=10, includes={"media": [{"media_key": "3", "type": "photo", "url": "https://pbs.twimg.com/media/A"}]}
    )
    api.add(*(post(number(minutes=minute), attachments={"media_keys": ["3"]}) for minute in range(1, 31)))
    with api.served() as server:
        batches = searched_to_the_end(server, number(hours=1), pages=1, batch_bytes=1)
    assert sorted(numbers(batches)) == sorted(api.posts)


def test_an_empty_span() -> None:
    """A span in which nothing is found any more is done with, and the newest one is read next."""
    with Api().served() as server:
        first = search(server, f"{number(hours=9)}-{number(hours=6)},{number(hours=3)}")
        second = search(server, first.cursor)
    assert (first.cursor, first.more) == (number(hours=3), True)
    assert (second.cursor.partition("@")[0], second.more) == (number(hours=3), False)


def test_a_batch_that_was_not_kept_comes_again() -> None:
    """The cursor alone says where a search goes on: asked with the old one, the same posts come."""
    api = Api(page=2)
    api.add(*(post(number(minutes=minute)) for minute in range(1, 6)))
    with api.served() as server:
        first = search(server, pages=1)
        once, again = search(server, first.cursor), search(server, first.cursor)
    assert numbers([once]) == numbers([again]) == sorted(api.posts)[:3]


def test_older_than_the_window() -> None:
    """A cursor from before the seven days that X lets be searched is said once, and is not sent to X."""
    api = Api()
    with api.served() as server:
        late = search(server, number(days=9))
        assert "since_id" not in server.requests[0].params
        quiet = search(server, late.cursor)
    assert ["seven days" in note for note in late.notes] == [True]
    assert "2026-10-23T12:00" in late.notes[0]
    assert quiet.notes == ()


def test_left_over_too_long() -> None:
    """What was left over of a backlog and has fallen out of the window is told, not asked for."""
    cursor = f"{number(days=12)}-{number(days=10)},{number(days=1)}@1000000000"
    api = Api()
    api.add(post(number(hours=1)))
    with api.served() as server:
        batch = search(server, cursor)
    assert "until_id" not in server.requests[0].params
    assert numbers([batch]) == [int(number(hours=1))]
    assert any("seven days" in note for note in batch.notes)


def test_from_a_time() -> None:
    """A watch may begin at a time; what cannot be read as a cursor starts over, and says so."""
    api = Api()
    api.add(post(number(hours=3)), post(number(hours=1)))
    with api.served() as server:
        assert numbers([search(server, "2026-11-01T12:00:00+02:00")]) == [int(number(hours=1))]
        broken = search(server, "yesterday")
    assert len(broken) == 2
    assert "cannot be read" in broken.notes[0]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (problem(400, "Invalid Request", "Reference to invalid operator 'min_faves'."), "min_faves"),
        (problem(401, "Unauthorized", "Unauthorized"), "X_BEARER_TOKEN"),
        (problem(402, "CreditsDepleted", "Your enrolled account does not have any credits."), "add credits"),
        (problem(403, "Client Forbidden", "When authenticating requests use keys of a Project."), "keys of a Project"),
        (problem(404, "Not Found", ""), "X_API_URL"),
        (problem(503, "Service Unavailable", "Over capacity"), "503 (“Over capacity”)"),
        (as_json({"errors": [{"message": "max_results is too small"}], "title": "Invalid Request"}, 400), "too small"),
        (as_json({"errors": [{"title": "Not Found Error", "detail": "Could not find user."}]}), "Could not find user"),
        (as_json([]), "without posts"),
        (as_json({}), "without posts"),
        (Reply(b'{"data": [', 200), "without posts"),
        (Reply(b"<!doctype html>", 200, {"Content-Type": "text/html"}), "without posts"),
        (Reply(b"<!doctype html>", 500), "answered 500"),
        (Reply(status=302, headers={"Location": "https://x.example/"}), "answered 302"),
    ],
)
def test_refusals(answer: Reply, words: str) -> None:
    """Each refusal is one sentence with X's own words and the next step, and never holds the key."""
    api = Api(instead=[answer])
    with api.served() as server, pytest.raises(CaptureFailed) as refused:
        search(server)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
    assert TOKEN not in str(refused.value)


def test_no_answer() -> None:
    """A server that cannot be reached is a failure in words."""
    with Api().served() as server:
        pass
    with pytest.raises(CaptureFailed, match="could not be reached"):
        search(server)


def test_throttled() -> None:
    """A 429 tells when X may be asked again, by its own header; until then it is not asked at all."""
    reset = str(int(NOW.timestamp()) + 90)
    api = Api(instead=[problem(429, "Too Many Requests", "Too Many Requests", x_rate_limit_reset=reset)])
    throttle = Throttle(default=UNHURRIED, clock=lambda: 0.0)
    with api.served() as server:
        with pytest.raises(Throttled, match="in 90 s") as busy:
            search(server, throttle=throttle)
        assert busy.value.retry_after == 90.0
        with pytest.raises(Throttled, match="left alone"):
            search(server, throttle=throttle)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("headers", "wait"), [({"x_rate_limit_reset": "12"}, 1.0), ({"Retry_After": "30"}, 30.0), ({}, None)]
)
def test_odd_waits(headers: dict[str, str], wait: float | None) -> None:
    """A time that has passed is a moment's wait, Retry-After counts where X's own header is missing, none is none."""
    api = Api(instead=[problem(429, "UsageCapExceeded", "Monthly product cap", **headers)])
    with api.served() as server, pytest.raises(Throttled, match=r"used up .*Monthly product cap") as busy:
        search(server)
    assert busy.value.retry_after == wait


def test_broken_off() -> None:
    """Where a later page cannot be had, what was paid for is given, the reason is told, and the rest comes next."""
    api = Api(page=2, instead=[None, problem(429, "Too Many Requests", "Too Many Requests")])
    api.add(*(post(number(minutes=minute)) for minute in range(1, 6)))
    with api.served() as server:
        batch = search(server)
        rest = search(server, batch.cursor)
    assert numbers([batch]) == sorted(api.posts)[3:]
    assert (batch.more, batch.cost) == (True, 2)
    assert "broke off after 1 pages" in batch.notes[0]
    assert numbers([rest]) == sorted(api.posts)[:3]


def test_other_posts_than_asked() -> None:
    """A server that answers with what was not asked for ends the search; nothing is taken, the cost is told."""
    stale = as_json({"data": [post(number(hours=5))], "meta": {"result_count": 1, "next_token": "t1"}})
    api = Api(instead=[stale] * 9)
    with api.served() as server:
        known = search(server, number(hours=3))
        assert len(server.requests) == 1
        left = f"{number(hours=9)}-{number(hours=6)},{number(hours=3)}"
        before = search(server, left)
    assert (len(known), known.more, known.cost) == (0, False, 1)
    assert (len(before), before.more, before.cost, before.cursor) == (0, False, 1, left)
    assert "other posts" in before.notes[0]


def test_posts_without_a_number() -> None:
    """A post that has no number is told as refused, and the rest is taken."""
    api = Api(instead=[as_json({"data": [{"text": "lost"}, post(number(hours=1)), 5]})])
    with api.served() as server:
        batch = search(server)
    assert numbers([batch]) == [int(number(hours=1))]
    assert [where for where, _ in batch.refused] == ["post 1 of X's answer"]
    assert batch.cost == 2


@pytest.mark.parametrize("token", ["", "two words", "schlüssel", "line\nend"])
def test_bad_key(token: str) -> None:
    """What cannot be a key is refused before anything is sent, without telling it."""
    fetcher = Fetcher()
    with pytest.raises(NotConfigured, match="X_BEARER_TOKEN") as refused:
        XSearch(fetcher, lambda: NOW, token, XPictures(fetcher))
    assert not token or token not in str(refused.value)
