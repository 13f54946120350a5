"""`dateline digest`: what a channel would be told, sent on request, and which channels get one."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from bot.cli import cli
from bot.schedules.digest_words import parse_digest
from commands.digest import plan_for
from storage import outbox
from tests.desks import NOW, open_desk
from tests.newsmakers import DESK, TEAM, say


def asked(home: Path, *words: str) -> Result:
    """Type the verb."""
    return CliRunner().invoke(cli, ["--home", str(home), "digest", *words])


def test_a_digest_is_shown_and_sent_once(tmp_path: Path) -> None:
    """Shown as often as asked; sent it waits in the outbox, and a second time nothing is new."""
    with open_desk(tmp_path) as desk, desk.db.write() as tx:
        plan_for(tx, TEAM, DESK, parse_digest("at 08:30 daily", "UTC").schedule, owner="U1", now=NOW)
        say(tx, 1)
    for _ in range(2):
        value = json.loads(asked(tmp_path, DESK, "--json").stdout)
        assert (value["totals"]["sightings"], value["news"]) == (1, {"first": 1, "last": 1})
    assert asked(tmp_path, f"{TEAM}/{DESK}", "--now").exit_code == 0
    with open_desk(tmp_path) as desk, desk.db.read() as tx:
        assert outbox.unfinished(tx)
    again = asked(tmp_path, DESK, "--now", "--json")
    assert again.exit_code == 1
    assert json.loads(again.stdout)["error"]["code"] == "nothing_new"


def test_without_a_channel_the_digests_are_listed(tmp_path: Path) -> None:
    """Which channels get one and when; to send one, a channel has to be named."""
    with open_desk(tmp_path) as desk, desk.db.write() as tx:
        plan_for(tx, TEAM, DESK, parse_digest("at 08:30 daily", "UTC").schedule, owner="U1", now=NOW)
    assert f"{TEAM}/{DESK}: daily at 08:30 UTC; next 2 Jan 2026 08:30 UTC;" in asked(tmp_path).stdout
    assert json.loads(asked(tmp_path, "--json").stdout)["digests"][0]["channel"] == DESK
    assert asked(tmp_path, "--now").exit_code == 2
