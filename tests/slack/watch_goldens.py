"""The cards of watches that are held letter by letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.findings import NameMatch
from bot.slack.blocks import Card, Message
from bot.slack.cards import watch as cards
from bot.slack.cards.watch_modal import edit_view, new_view
from bot.slack.watch_refs import WatchDraft
from bot.watch_findings import PersonUnknown, WatchesFinding, WatchLine
from storage.runs import Run, RunState
from storage.watches import SourceState, Watch, WatchKind, WatchState
from tests.slack import findings as made

HERE = "C0DESK0000"
FEED = "rss:https://wire.example/feed"
WATCH = Watch(
    id="amina-njorog-3f2a91", workspace="T1", channel=HERE, private=False, kind=WatchKind.PERSON,
    subject="amina-njoroge", label="Amina Njoroge", sources=("x:@alihashem_tv", FEED),
    schedule="every 15 minutes starting 2026-03-01 09:31 UTC", zone="Europe/Oslo", owner="U0RANA",
    since="2026-03-01T09:30:59.999Z", quiet="22:00 to 07:00 weekdays Europe/Oslo",
    budget=500, next_due="2026-03-01T09:46:00.000Z",
)  # fmt: skip
LAST = Run(WATCH.id, "2026-03-01T09:31:00.000Z", "2026-03-01T09:31:00.400Z", state=RunState.DONE, late=True, missed=3,
           posts=12, fresh=4, alerts=1)  # fmt: skip
FARES = WatchLine(
    WATCH,
    (SourceState("x:@alihashem_tv"), SourceState(FEED, failing_since="2026-03-01T08:00:00.000Z", failures=4,
                                                 problem="It answered 503.")),
    LAST, 120, 3_400,
)  # fmt: skip
PRIVATE = replace(
    WATCH, id="njoroga-0c11aa", subject="njoroga", label="Njoroga", state=WatchState.PENDING, next_due=None,
    budget=None, quiet="", reason="named by two hospitals as the driver",
)  # fmt: skip
PAUSED = replace(WATCH, id="nasa-470c84", channel="C0PRESS000", kind=WatchKind.ACCOUNT, subject="x:@nasa",
                 label="@nasa", sources=("x:@nasa",), state=WatchState.PAUSED, next_due=None, quiet="",
                 budget=None)  # fmt: skip
SUBJECTS = ("picture https://x.com/i/status/1", "account x:@nasa", "link https://x.com/i/status/1")


def watch_cards() -> Mapping[str, Card | Message | dict[str, Any]]:
    """Every golden card of a watch by the name of its file."""
    lines = (FARES, WatchLine(PRIVATE), WatchLine(PAUSED))
    unknown = PersonUnknown.called("Njoroga", (NameMatch(made.PERSON, "Njoroge", 0.8),))
    return {
        "watch": cards.watch_card(FARES, "Watching Amina Njoroge", HERE),
        "watch-gone": cards.gone_card(WATCH),
        "watch-list": cards.watches_card(WatchesFinding(lines), HERE).first,
        "watch-list-for-all": cards.watches_card(WatchesFinding(lines[:2]), HERE, alone=False),
        "watch-list-empty": cards.watches_card(WatchesFinding(()), HERE),
        "watch-help": cards.help_card(),
        "watch-unknown": cards.unknown_card(unknown, {"channel": HERE, "sources": FEED}),
        "watch-asked": cards.approval_card(PRIVATE),
        "watch-agreed": cards.approval_card(replace(PRIVATE, state=WatchState.ACTIVE), "U0RANA", made.AT),
        "watch-refused": cards.approval_card(replace(PRIVATE, state=WatchState.REFUSED), "U0RANA", made.AT),
        "watch-told": cards.decided_card(replace(PRIVATE, state=WatchState.ACTIVE), "U0RANA"),
        "watch-modal": new_view(WatchDraft(SUBJECTS), HERE),
        "watch-modal-edit": edit_view(WATCH, HERE),
    }
