"""`dateline watch` as scripts run it: a process of its own each time, one JSON value, one clear line where it fails."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.terminals import Terminal
from tests.workspace.fixtures import newsroom
from tests.workspace.loops import run


def test_a_watch_from_the_cradle_to_the_grave(tmp_path: Path) -> None:
    """Set up by the sentence of /watch, listed, changed, paused, resumed, removed; each step in JSON."""
    terminal = Terminal(tmp_path, SLACK_BOT_TOKEN="")
    sentence = "in #syria-desk every 15m from x:@alihashem_tv, rss:https://wire.example/feed budget 500 a day"
    failed = terminal.ask("watch", "add", "Qassem Soleimani", sentence, status=1)
    assert failed["error"]["code"] == "person_unknown"
    added = terminal.ask("watch", "add", "Qassem Soleimani", sentence, "--public-figure")
    [watch] = added["watches"]
    assert added["changed"] == "Qassem Soleimani is watched."
    assert (watch["channel"], watch["private"], watch["workspace"]) == ("#syria-desk", True, "*")
    assert [one["source"] for one in watch["sources"]] == ["x:@alihashem_tv", "rss:https://wire.example/feed"]
    assert watch["schedule"].startswith("every 15 minutes starting ")
    edited = terminal.ask("watch", "edit", "soleimani", "budget", "off")
    assert edited["watches"][0]["budget"] is None
    assert terminal.ask("watch", "pause", watch["id"])["watches"][0]["state"] == "paused"
    assert terminal.ask("watch", "pause", watch["id"], status=1)["error"]["code"] == "watch_state"
    assert terminal.ask("watch", "resume", watch["id"])["watches"][0]["state"] == "active"
    assert [one["id"] for one in terminal.ask("watch", "list")["watches"]] == [watch["id"]]
    told = terminal.run("watch", "list").stdout
    assert "Every 15 minutes from x:@alihashem_tv, rss:https://wire.example/feed." in told
    assert terminal.ask("watch", "remove", watch["id"]) == {
        "watches": [], "changed": "Qassem Soleimani is no longer watched in #syria-desk.",
    }  # fmt: skip
    assert terminal.ask("watch", "remove", watch["id"], status=1)["error"]["code"] == "not_found"


def test_words_that_are_not_understood_fail_in_one_line(tmp_path: Path) -> None:
    """With an example; a channel has to be named, and so has the workspace where there are several."""
    terminal = Terminal(tmp_path, SLACK_BOT_TOKEN="")
    for words, said in ((["@nasa"], "in #syria-desk"), (["@nasa", "in", "#d", "every", "5s"], "every minute")):
        line = terminal.run("watch", "add", *words, status=1).stderr
        assert said in line
        assert len(line.splitlines()) == 1
    for team in ("T1", "T2"):
        terminal.run("watch", "add", "@nasa", "in", "#d", "--workspace", team)
    refused = terminal.ask("watch", "add", "@nasa", "in", "#other", status=1)
    assert refused["error"]["code"] == "workspace_needed"
    assert len(terminal.ask("watch", "list", "--workspace", "T2")["watches"]) == 1
    assert terminal.run("watch", "add", status=2).stderr


def test_a_private_individual_waits_for_an_editor(tmp_path: Path) -> None:
    """The reason is kept; `approve` puts the person on the watch-list."""
    terminal = Terminal(tmp_path, SLACK_BOT_TOKEN="")
    words = "in #d from x:@a reason named by two hospitals in Homs"
    [watch] = terminal.ask("watch", "add", "Petter Dalen", words)["watches"]
    assert (watch["state"], watch["reason"]) == ("pending", "named by two hospitals in Homs")
    assert terminal.ask("people", "list")["people"] == []
    [agreed] = terminal.ask("watch", "approve", watch["id"])["watches"]
    assert (agreed["state"], agreed["approved_by"]) == ("active", "operator")
    assert [one["name"] for one in terminal.ask("people", "list")["people"]] == ["Petter Dalen"]
    assert terminal.ask("watch", "refuse", watch["id"], status=1)["error"]["code"] == "watch_state"


def test_slack_is_asked_for_the_channel_where_it_can_be(tmp_path: Path) -> None:
    """With a token the watch has the channel's id and its team, and is public where the channel is."""

    async def told() -> None:
        async with newsroom() as room:
            slack = {"SLACK_BOT_TOKEN": room.workspace.tokens.bot, "SLACK_API_URL": room.slack.api_url}
            terminal = Terminal(tmp_path, **slack)
            added = await asyncio.to_thread(terminal.ask, "watch", "add", "@nasa", "in", f"#{room.desk.name}")
            [watch] = added["watches"]
            expected = (room.workspace.team, room.desk.id, False)
            assert expected == (watch["workspace"], watch["channel"], watch["private"])
            refused = await asyncio.to_thread(terminal.ask, "watch", "add", "@esa", "in", "#lobby", status=1)
            assert "/invite @dateline" in refused["error"]["message"]

    run(told(), seconds=100.0)


def test_where_slack_does_not_answer_the_name_is_kept(tmp_path: Path) -> None:
    """It is said on standard error, and the watch is kept for the members of the channel alone."""
    terminal = Terminal(tmp_path, SLACK_BOT_TOKEN="xoxb-1", SLACK_API_URL="http://127.0.0.1:9/api/")
    done = terminal.run("watch", "add", "@nasa", "in", "#desk", "--json")
    assert "Slack does not answer" in done.stderr
    assert '"channel": "#desk"' in done.stdout
    assert '"private": true' in done.stdout
