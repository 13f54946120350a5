"""`/watch` and `/dateline watch`: watches set up, listed, changed, and agreed to by an editor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from slack_bolt.app.async_app import AsyncApp

from bot.answers import NotUnderstood
from bot.runner import Answer, Reply, Runner
from bot.slack.blocks import Card, Message
from bot.slack.bodies import body_of
from bot.slack.cards.watch import (
    approval_card,
    decided_card,
    gone_card,
    help_card,
    unknown_card,
    watch_card,
    watches_card,
)
from bot.slack.request import Request, read_alone
from bot.slack.zones import zone_of
from bot.surfaces.surface import Tools
from bot.surfaces.watch_listening import WatchListening
from bot.surfaces.watch_places import editors_of, place_of
from bot.watch_findings import PersonUnknown
from bot.watch_parts import WatchRefused, read_parts
from bot.watch_words import WatchWords, parse_changes, split
from commands import watch as verbs
from commands.watch_asked import prepare
from storage import outbox
from storage.database import Transaction
from storage.errors import NotFound
from storage.outbox import Kind, Lane
from storage.outbox import Message as Row
from storage.records import utc
from storage.watches import Watch, WatchState

_UNCHANGED: Final = "Nothing was changed. Edit… changes it, or for example: /watch edit NAME every 30m"
_SAID: Final = {
    "pause": "{} is paused",
    "resume": "{} goes on",
    "approve": "{} is watched",
    "refuse": "{} is not watched",
}


class WatchSurface:
    """Everything about watches in Slack."""

    verbs = frozenset({"watch"})

    def __init__(self, tools: Tools) -> None:
        self._desk = tools.desk
        self._clients = tools.clients

    def answers(self) -> Mapping[str, Answer]:
        """Return what answers each verb."""
        return {"watch": self.watch}

    def listen(self, app: AsyncApp, runner: Runner) -> None:
        """Listen to the command, the buttons and the modal."""
        WatchListening(self._desk, self._clients, runner).register(app)

    async def watch(self, request: Request) -> Reply:
        """Do what the words after `/watch` say: a verb and a watch's name, or else what is to be watched."""
        verb, _, rest = request.subject.partition(" ")
        rest = rest.strip()
        match verb.lower():
            case "" | "list":
                return await self._listed(request, rest)
            case "help" | "new":
                return Reply(Card(help_card()))
            case "pause" | "resume" | "remove" | "delete" if rest:
                return self._changed(request, verb.lower(), rest)
            case "edit" if rest:
                return await self._edited(request, rest)
            case "approve" | "refuse" if rest:
                return await self._decided(request, verb.lower(), rest)
            case "pause" | "resume" | "remove" | "delete" | "edit" | "approve" | "refuse":
                raise NotUnderstood(
                    f"Which watch? Type /watch {verb.lower()} and its name; /watch list shows the names."
                )
            case "add":
                return await self._added(request, rest)
        return await self._added(request, request.subject)

    async def _listed(self, request: Request, where: str) -> Reply:
        """List the watches that may be seen here: all of them, or those that are told in one channel."""
        channel = ""
        if where.lower() not in {"", "all"}:
            channel = await self._channel(request, where)
        found = await self._desk.db.reading(lambda tx: verbs.listing(tx, _reach(request), self._desk.clock()))
        if channel:
            found = replace(found, watches=tuple(one for one in found.watches if one.watch.channel == channel))
        return Reply(watches_card(found, request.channel, alone=read_alone(request)), whole=True)

    async def _channel(self, request: Request, written: str) -> str:
        try:
            named = str(read_parts({"channel": written}, "UTC")["channel"])
        except WatchRefused as refused:
            raise NotUnderstood(
                f"“{written[:80]}” is no channel; type /watch list, /watch list here or /watch list #channel."
            ) from refused
        place = await place_of(self._clients, request, named)
        if place.private and place.channel != request.channel:
            raise NotUnderstood("What is watched in a private channel is listed there alone; type /watch list in it.")
        return place.channel

    async def _added(self, request: Request, typed: str) -> Reply:
        detail = request.detail or {}
        said = dict(detail.get("parts") or {}) or split(typed, has_subject=True)
        zone = await self._zone(request)
        asked = WatchWords(**read_parts(said, zone))
        place = await place_of(self._clients, request, asked.channel)
        try:
            made = await prepare(self._desk, asked, place, public=bool(detail.get("public")))
        except PersonUnknown as unknown:
            rest = {name: text for name, text in said.items() if name != "subject"} | {"channel": place.channel}
            return Reply(Card(unknown_card(unknown, rest)))
        now = self._desk.clock()

        def settle(tx: Transaction) -> Card:
            try:
                kept = verbs.add(tx, made, place.actor, utc(now))
            except verbs.WatchedAlready as same:
                where = "here" if same.watch.channel == request.channel else "there"
                return self._card(tx, same.watch, f"{{}} is watched {where} already", request, _UNCHANGED)
            if kept.state is WatchState.PENDING:
                outbox.put(tx, _row(kept, _asked_id(kept), approval_card(kept)), utc(now))
                return self._card(tx, kept, "{}: an editor has to agree first", request)
            return self._card(tx, kept, "Watching {}", request)

        return Reply(settle=settle)

    def _changed(self, request: Request, verb: str, name: str) -> Reply:
        now, actor = self._desk.clock(), request.requester

        def settle(tx: Transaction) -> Card | None:
            held = verbs.find(tx, _reach(request), name)
            match verb:
                case "pause":
                    return self._told(tx, verbs.pause(tx, held, actor, utc(now)), _SAID[verb], request)
                case "resume":
                    return self._told(tx, verbs.resume(tx, held, actor, now), _SAID[verb], request)
                case _:
                    verbs.remove(tx, held, actor, utc(now))
                    return Card(gone_card(held)) if request.channel else None

        return Reply(settle=settle)

    async def _edited(self, request: Request, typed: str) -> Reply:
        """Change what is named, in the words behind the watch's name or in the parts that the modal gave."""
        named = split(typed, has_subject=True)
        name = named.pop("subject")
        reach, now = _reach(request), self._desk.clock()
        held = await self._desk.db.reading(lambda tx: _meant(tx, reach, name))
        said = dict((request.detail or {}).get("parts") or {}) or named
        if not said:
            found = await self._desk.db.reading(lambda tx: verbs.line_of(tx, held, now))
            return Reply(Card(watch_card(found, held.label, request.channel, named=read_alone(request))))
        changes = read_parts(said, held.zone)
        if "zone" not in said:
            del changes["zone"]
        elsewhere = changes.get("channel") and changes["channel"] != held.channel
        place = await place_of(self._clients, request, changes["channel"]) if elsewhere else None

        def settle(tx: Transaction) -> Card | None:
            changed = verbs.edit(tx, verbs.find(tx, reach, held.id), changes, request.requester, now, place)
            return self._told(tx, changed, "{} is changed", request)

        return Reply(settle=settle)

    async def _decided(self, request: Request, verb: str, name: str) -> Reply:
        """Agree to the watch of a private individual, or refuse it, as an editor."""
        now, actor, reach = self._desk.clock(), request.requester, _reach(request)
        held = await self._desk.db.reading(lambda tx: verbs.find(tx, reach, name))
        editors = await editors_of(self._clients, request.workspace, self._desk.settings.editors)
        verbs.need_approver(held, request.user, editors)
        agree = await verbs.approve(self._desk, held, actor) if verb == "approve" else None

        def settle(tx: Transaction) -> Card:
            decided = agree(tx) if agree else verbs.refuse(tx, verbs.find(tx, reach, held.id), actor, utc(now))
            asked, shown = _asked_id(held), approval_card(decided, request.user, utc(now))
            if outbox.get(tx, asked) is not None:
                outbox.put(tx, replace(_row(held, f"{asked}:decided", shown), kind=Kind.UPDATE, root=asked), utc(now))
            if held.owner != "operator":
                told = _row(held, f"{asked}:told", decided_card(decided, request.user))
                outbox.put(tx, replace(told, channel=held.owner), utc(now))
            return self._card(tx, decided, _SAID[verb], request)

        return Reply(settle=settle)

    def _card(self, tx: Transaction, watch: Watch, title: str, request: Request, note: str = "") -> Card:
        found = verbs.line_of(tx, watch, self._desk.clock())
        said = title.format(watch.label[:100])
        return Card(watch_card(found, said, request.channel, note=note, named=read_alone(request)))

    def _told(self, tx: Transaction, watch: Watch, title: str, request: Request) -> Card | None:
        """Tell of a change; where it was made in Home, Home shows it."""
        return self._card(tx, watch, title, request) if request.channel else None

    async def _zone(self, request: Request) -> str:
        return await zone_of(self._clients, request.workspace, request.user) or "UTC"


def _meant(tx: Transaction, reach: verbs.Reach, typed: str) -> Watch:
    """Find a watch by all of the words, or by the first of them: then the rest is said not to be understood."""
    try:
        return verbs.find(tx, reach, typed)
    except NotFound:
        name, _, rest = typed.partition(" ")
        held = verbs.find(tx, reach, name) if rest else None
        if held is None:
            raise
    parse_changes(rest, held.zone)  # refuses them, since no part begins with the first of them
    raise NotUnderstood(f"“{rest[:80]}” is not understood; type /watch edit {held.id} and what is to change.")


def _reach(request: Request) -> verbs.Reach:
    return verbs.Reach(request.workspace, request.channel, request.user)


def _asked_id(watch: Watch) -> str:
    """Name the message by which editors are asked, this time."""
    return f"watch:{watch.id}:{watch.since}"


def _row(watch: Watch, row_id: str, shown: Message) -> Row:
    return Row(row_id, Kind.MESSAGE, Lane.ANSWER, watch.workspace, watch.channel, body_of(shown))
