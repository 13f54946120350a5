"""What a sweep asks its sources with: each kind of source by the desk, with what the settings say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest

from bot.desk import Desk, Hands
from bot.sources.base import NotConfigured
from bot.sources.batch import Batch, Throttled
from bot.sources.refs import SourceRef, parse_ref
from storage.records import PostStatus
from tests.desks import Clock, open_desk
from tests.loopback import Loopback, Reply
from tests.sources.feedtexts import item, rss
from tests.sources.xapi import NOW, TOKEN, Api, number, post, problem
from tests.sources.xposts import POST_ID, payload, server_with

P = ParamSpec("P")
T = TypeVar("T")


def desk_for(home: Path, *servers: Loopback, **values: Any) -> Desk:
    """A desk that may reach these servers, without a pace."""
    pairs = ",".join(f"{host}:{port}" for host, port in (server.pair for server in servers))
    return open_desk(home, Clock(NOW), **{"DATELINE_ALLOWED_PRIVATE": pairs, "DATELINE_SOURCE_PACE": 0, **values})


def searched(desk: Desk, *refs: SourceRef) -> list[Batch | BaseException]:
    """Ask these sources side by side."""

    async def run() -> list[Batch | BaseException]:
        async with desk.online():
            found = [desk.searcher(ref).search(ref.query, None) for ref in refs]
            return list(await asyncio.gather(*found, return_exceptions=True))

    with desk:
        return asyncio.run(run())


def test_each_kind(tmp_path: Path) -> None:
    """Several kinds of sources are asked side by side, each with the servers and folders of the settings."""
    api, incoming = Api(), tmp_path / "incoming"
    incoming.mkdir()
    api.add(post(number(hours=1)))
    feed = Loopback({"GET /feed": Reply(rss(item("Ferry leaves")), headers={"Content-Type": "application/rss+xml"})})
    with api.served() as x_api, feed, server_with(payload()) as embeds:
        desk = desk_for(
            tmp_path / "store",
            x_api,
            feed,
            embeds,
            X_BEARER_TOKEN=TOKEN,
            X_API_URL=x_api.url,
            X_MEDIA_URL=f"{embeds.url}/pbs",
            X_SYNDICATION_URL=embeds.url,
            DATELINE_FOLDERS=str(incoming),
        )
        written = ["x:@harbourdesk", f"rss:{feed.url}/feed", f"https://x.com/a/status/{POST_ID}", f"folder:{incoming}"]
        batches = searched(desk, *(parse_ref(one) for one in written))
    given = [[one.text[:12] for one in batch] if isinstance(batch, Batch) else batch for batch in batches]
    assert given == [[f"Post {number(hours=1)}"[:12]], ["Ferry leaves"], ["Bread & salt"], []]
    assert [batch.cost for batch in batches if isinstance(batch, Batch)] == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("written", "setting"),
    [
        ("x:@harbourdesk", "X_BEARER_TOKEN"),
        ("folder:/srv/incoming", "DATELINE_FOLDERS"),
        ("https://x.com/a/status/1700000000000000001", "DATELINE_X_ROUTES"),
        ("https://bsky.app/profile/quay.example/post/3abc", "Bluesky"),
    ],
)
def test_not_configured(tmp_path: Path, written: str, setting: str) -> None:
    """A source that lacks a key or a setting says so in a sentence that names it."""
    with open_desk(tmp_path, DATELINE_X_ROUTES="off") as desk, pytest.raises(NotConfigured, match=setting) as refused:
        desk.searcher(parse_ref(written))
    assert "\n" not in str(refused.value)


def test_one_throttle(tmp_path: Path) -> None:
    """All sources of a desk keep to one throttle: what one was told, the others heed."""
    api = Api(instead=[problem(429, "Too Many Requests", "", retry_after="60")] * 8)
    with api.served() as server:
        desk = desk_for(tmp_path, server, X_BEARER_TOKEN=TOKEN, X_API_URL=server.url)
        results = searched(desk, *(parse_ref(f"x:@harbour{number}") for number in range(8)))
    assert len(server.requests) <= 2
    assert all(isinstance(result, Throttled) and (result.retry_after or 0) > 50 for result in results)


@pytest.mark.parametrize(("pace", "asked"), [(0, 9), (60, 1)])
def test_pace(tmp_path: Path, pace: float, asked: int) -> None:
    """The pace of the settings holds between the requests to one host."""

    async def run(desk: Desk, refs: list[SourceRef]) -> None:
        async with desk.online():
            found = [asyncio.ensure_future(desk.searcher(ref).search(ref.query, None)) for ref in refs]
            await asyncio.wait(found, return_when="FIRST_COMPLETED" if pace else "ALL_COMPLETED", timeout=6)
            for task in found:
                task.cancel()
            await asyncio.gather(*found, return_exceptions=True)

    with Loopback(default=Reply(rss(item("Ferry leaves")))) as feed:
        with desk_for(tmp_path, feed, DATELINE_SOURCE_PACE=pace) as desk:
            asyncio.run(run(desk, [parse_ref(f"rss:{feed.url}/{number}") for number in range(9)]))
        assert len(feed.requests) == asked


def test_documents_are_read_elsewhere(tmp_path: Path) -> None:
    """Feeds are read by the desk's hands, where it has some."""
    asked: list[str] = []

    class Other(Hands):
        async def run(self, function: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
            asked.append(function.__name__)
            return function(desk, *args, **kwargs)

    with Loopback({"GET /feed": Reply(rss(item("Ferry leaves")))}) as feed:
        desk = desk_for(tmp_path, feed)
        desk.hands = Other()
        (batch,) = searched(desk, parse_ref(f"rss:{feed.url}/feed"))
    assert isinstance(batch, Batch)
    assert [one.status for one in batch] == [PostStatus.LIVE]
    assert asked == ["read_document"]
