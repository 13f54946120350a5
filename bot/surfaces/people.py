"""`/dateline people`: the watch-list, what was changed on it by whom, and taking a change back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from slack_bolt.app.async_app import AsyncApp

from bot.answers import NotUnderstood
from bot.runner import Answer, Reply, Runner
from bot.slack.cards.people import history_card, people_card
from bot.slack.people_words import PeopleWords, read_people
from bot.slack.request import Request, read_alone
from bot.surfaces.surface import Tools
from bot.surfaces.watch_places import editors_of
from commands import people as verbs

FOR_EDITORS: Final = frozenset({"merge", "rename", "split"})
"""What only editors may do, and undo, where it is set who they are."""
RECENT: Final = 20
"""Changes in a history: more are on the command line."""


class PeopleSurface:
    """The watch-list. Its Undo buttons ask for `people undo NUMBER`, so there is nothing more to listen to."""

    verbs = frozenset({"people"})

    def __init__(self, tools: Tools) -> None:
        self._desk = tools.desk
        self._clients = tools.clients

    def answers(self) -> Mapping[str, Answer]:
        """Return what answers each verb."""
        return {"people": self.people}

    def listen(self, app: AsyncApp, runner: Runner) -> None:
        """Listen to nothing: questions that buttons carry are the app's."""

    async def people(self, request: Request) -> Reply:
        """Show or change the watch-list."""
        asked = read_people(request.subject)
        desk, by = self._desk, verbs.Asker(request.requester, request.id)
        await self._need_editor(request, asked)
        match asked.act:
            case "history":
                found = await verbs.history(desk, asked.name or None, limit=RECENT)
                return Reply(history_card(found, request.workspace, named=read_alone(request)))
            case "add":
                done = await verbs.add(desk, asked.name, asked.aliases, asked.role, by=by)
            case "remove":
                done = await verbs.remove(desk, asked.name, by=by)
            case "merge":
                done = await verbs.merge(desk, asked.name, asked.other, by=by)
            case "rename":
                done = await verbs.rename(desk, asked.name, asked.other, by=by)
            case "split":
                done = await verbs.split(desk, asked.name, asked.other, asked.aliases, by=by)
            case "undo":
                done = await verbs.undo(desk, asked.number, by=by)
            case _:
                done = await verbs.listing(desk)
        return Reply(people_card(done))

    async def _need_editor(self, request: Request, asked: PeopleWords) -> None:
        """Make sure that who makes one person of two, or two of one, may.

        Raises:
            NotUnderstood: only editors may, and they are none.
        """
        editors = self._desk.settings.editors
        if not editors or asked.act not in {*FOR_EDITORS, "undo"}:
            return
        act = asked.act if asked.act != "undo" else await verbs.act_of(self._desk, asked.number)
        if act not in FOR_EDITORS:
            return
        if request.user not in (await editors_of(self._clients, request.workspace, editors) or ()):
            raise NotUnderstood(
                f"Only an editor may {act} people, or undo it; ask one of them (DATELINE_EDITORS names who they are)."
            )
