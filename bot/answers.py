"""What each question from Slack is answered with: the verb does the work, a card shows its finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Final

import httpx

from bot.desk import Desk, take
from bot.findings import CheckFinding, WhereisFinding
from bot.narrowed import Narrowed
from bot.runner import Answer, Reply
from bot.slack.blocks import Card
from bot.slack.bodies import first_row
from bot.slack.cards.check import check_card
from bot.slack.cards.compare import compare_card
from bot.slack.cards.error import error_message
from bot.slack.cards.help import help_message
from bot.slack.cards.trace import trace_card
from bot.slack.cards.whereis import whereis_card, whereis_more
from bot.slack.faults import FAULTS, sort
from bot.slack.files import download
from bot.slack.ids import Question, Verb
from bot.slack.incoming import FILE
from bot.slack.outbox import Clients
from bot.slack.request import NARROWING, Door, Request, read_alone
from bot.sources import pictures
from bot.sources.base import LinkRefused
from bot.verdict_findings import unnamed
from commands import alerts as alert_verbs
from commands.check import check, examine
from commands.compare import Side, judge, linked
from commands.trace import trace, traced_again
from commands.whereis import whereis
from storage import posts, traced
from storage.database import Transaction
from storage.errors import DatelineError
from storage.records import Certainty, Stance, utc

MOST_INPUTS: Final = 20
"""Pictures and links of one check; a message can hold no more files than ten."""

_NOT_IN: Final = frozenset({"channel_not_found", "not_in_channel"})
"""What Slack says of a channel that the app is not in; of a private one it says nothing more."""

_NOT_ASKED: Final = frozenset({"missing_scope", "unknown_method"})
"""What it says where the app may not ask, or there is nothing to ask: only the attempt to write can tell."""


class NotUnderstood(DatelineError):
    """What was typed is not a question that Dateline knows."""

    code = "not_understood"


class SlackFailed(DatelineError):
    """Slack did not tell what an answer depends on."""

    code = "slack_failed"


class Answers:
    """The answers of one desk, by verb."""

    def __init__(self, desk: Desk, clients: Clients, http: httpx.AsyncClient, evidence: Path) -> None:
        self._desk = desk
        self._clients = clients
        self._http = http
        self._evidence = evidence

    def by_verb(self) -> Mapping[str, Answer]:
        """Return what answers each verb."""
        return {
            "trace": self.trace,
            "whereis": self.whereis,
            "check": self.check,
            "compare": self.compare,
            "keep": self.keep,
            "share": self.share,
            "more": self.more,
            "help": self.help,
            "alerts": self.alerts,
        }

    async def trace(self, request: Request) -> Reply:
        """Archive a post and tell where its pictures appeared before."""
        if not request.subject:
            raise NotUnderstood("No link was given; type /trace and paste the link of a post.")
        try:
            finding = await trace(
                self._desk, request.subject, viewer=request.viewer, to=request.audience, evidence=self._evidence
            )
        except LinkRefused:  # a button of a post without an address carries its id
            if not await self._desk.db.reading(lambda tx: posts.get(tx, request.subject, request.viewer)):
                raise
            finding = await traced_again(self._desk, request.subject, viewer=request.viewer, evidence=self._evidence)
        dated = [entry.at for entry in finding.timeline if entry.at]
        by_channel = request.door is not Door.COMMAND or (request.detail or {}).get("public")

        def note(tx: Transaction) -> None:
            traced.note(
                tx,
                request.workspace,
                request.user,
                finding.post.id,
                utc(self._desk.clock()),
                audience=request.audience.audience,
                message=first_row(request.id) if by_channel else "",
                earliest=min(dated, default=""),
            )

        return Reply(trace_card(finding, named=_alone(request)), settle=note)

    async def whereis(self, request: Request) -> Reply:
        """Tell who says that a person is where."""
        if not request.subject:
            raise NotUnderstood("No name was given; type /whereis and the name of a watched person.")
        question = _question(request, Verb.WHEREIS)
        return Reply(whereis_card(await self._whereabouts(request, question, self._evidence)))

    async def _whereabouts(self, request: Request, question: Question, pictures: Path | None = None) -> WhereisFinding:
        stance = Stance(question.stance) if question.stance else None
        finding = await whereis(
            self._desk,
            question.subject,
            viewer=request.viewer,
            on=question.on,
            known_on=question.known_on,
            patient=False,
            narrowed=Narrowed(question.since, question.place, stance),
            maps=pictures,
            timelines=pictures,
        )
        return finding if _alone(request) else unnamed(finding)

    async def more(self, request: Request) -> Reply:
        """Bring the rest of an answer: what follows its first message, of a name the sightings that come next."""
        question = _question(request, Verb.WHEREIS)
        if question.verb is not Verb.WHEREIS:
            card = (await self._asked(request)).card
            pages = card.thread if card else ()
        else:
            pages = whereis_more(await self._whereabouts(request, question), question.start)
        if not pages:
            return Reply(Card(error_message("There is nothing more to show.", "Ask again for the newest answer.")))
        return Reply(Card(pages[0], pages[1:]), whole=True)

    async def check(self, request: Request) -> Reply:
        """Tell whether pictures were kept before; of dropped pictures only where one was, and that was not silenced."""
        found = await self._checked(request, keep=False)
        sure = (match for one in found for match in one.matches if match.reuse.certainty is Certainty.MATCH)
        if request.door is Door.FILE and all(match.silence for match in sure):
            return Reply()
        return Reply(check_card(found, named=_alone(request)))

    async def compare(self, request: Request) -> Reply:
        """Say why two pictures match or do not."""
        given = [line.strip() for line in request.subject.splitlines() if line.strip()]
        if len(given) == 1:
            given = given[0].split()
        if len(given) != 2:
            raise NotUnderstood(
                "Two pictures are needed; type /dateline compare LINK LINK, or send two with @dateline compare."
            )
        first, second = [await self._side(request, one) for one in given]
        found = await self._desk.work(judge, first, second, folder=self._evidence)
        return Reply(compare_card(found, "\n".join(given)))

    async def _side(self, request: Request, given: str) -> Side:
        """Open one of two pictures: a file of Slack, or a link; never a path, as for a check."""
        file = FILE.search(given)
        if file is None:
            return await linked(self._desk, given, request.viewer)
        data = await download(await self._clients.client(request.workspace), self._http, file[1])
        return Side(((given[: file.start()].strip(), data),))

    async def keep(self, request: Request) -> Reply:
        """Take checked pictures into the archive."""
        found = await self._checked(request, keep=True)
        return Reply(check_card(found, named=_alone(request)))

    async def share(self, request: Request) -> Reply:
        """Show everybody in the channel what one person has asked for."""
        await need_to_be_in(self._clients, request)
        shared = replace(request, detail={**(request.detail or {}), "public": True})
        return replace(await self._asked(shared), public=True)

    async def help(self, request: Request) -> Reply:
        """Tell what can be asked."""
        return Reply(Card(help_message(request.subject)))

    async def alerts(self, request: Request) -> Reply:
        """Warn a channel of reuse from now on, or no more."""
        wanted = request.subject.lower().split()
        if wanted not in (["here"], ["on"], ["off"], ["off", "here"]):
            raise NotUnderstood("That is not understood; type /dateline alerts here, or /dateline alerts off.")
        on = "off" not in wanted
        if on:
            await need_to_be_in(self._clients, request)
        now = utc(self._desk.clock())
        title = "This channel is warned of reused pictures." if on else "This channel is no longer warned."
        step = "To stop: /dateline alerts off" if on else "To be warned again: /dateline alerts here"

        def settle(tx: Transaction) -> Card:
            changed = alert_verbs.subscribe(tx, request.workspace, request.channel, request.user, now, on=on)
            return Card(error_message(title if changed else f"{title} It was so already.", step))

        return Reply(settle=settle)

    async def _asked(self, request: Request) -> Reply:
        """Answer the question that a button carries."""
        question = _question(request, Verb.TRACE)
        again = replace(request, verb=str(question.verb), subject=question.subject)
        return await self.by_verb()[again.verb](again)

    async def _checked(self, request: Request, *, keep: bool) -> list[CheckFinding]:
        inputs = [line.strip() for line in request.subject.splitlines() if line.strip()]
        if len(inputs) == 1 and not FILE.search(inputs[0]):
            inputs = inputs[0].split()
        if not inputs and (request.detail or {}).get("message"):
            raise NotUnderstood(
                "This message holds no picture and no link of a post; for another link there is /check."
            )
        if not inputs:
            raise NotUnderstood("No link was given; type /check and a link, or drop a picture into a direct message.")
        found: list[CheckFinding] = []
        refused: list[DatelineError] = []
        for given in inputs[:MOST_INPUTS]:
            try:
                found.append(await self._checked_one(request, given, keep=keep))
            except DatelineError as failed:
                refused.append(failed)
                found.append(CheckFinding(given, None, None, None, False, str(failed), ()))
        if len(refused) == len(found) == 1:
            raise refused[0]
        return found

    async def _checked_one(self, request: Request, given: str, *, keep: bool) -> CheckFinding:
        file = FILE.search(given)
        if file:
            return await self._checked_file(request, given, file[1], keep=keep)
        if not given.lower().startswith(("http://", "https://")) and "." not in given:
            raise NotUnderstood(f"“{given[:80]}” is not a link; paste the link of a post or of a picture.")
        # never a path: what is on this machine is not for Slack to ask about
        link = given if given.lower().startswith(("http://", "https://")) else f"https://{given}"
        [found] = await check(
            self._desk, [link], viewer=request.viewer, to=request.audience, keep=keep, evidence=self._evidence
        )
        return found

    async def _checked_file(self, request: Request, label: str, file_id: str, *, keep: bool) -> CheckFinding:
        data = await download(await self._clients.client(request.workspace), self._http, file_id)
        found = await self._desk.work(examine, label, data, request.viewer, evidence=self._evidence)
        if not keep:
            return found
        suffix = PurePosixPath(label.removesuffix(f" ({file_id})")).suffix
        captured = pictures.picture_post(data, suffix, self._desk.clock())
        receipt = await self._desk.work(take, captured, request.audience)
        return replace(found, kept_as=receipt.post_id)


async def need_to_be_in(clients: Clients, request: Request) -> None:
    """Make sure that the app may write in the channel, to whoever is there.

    Raises:
        NotUnderstood: it is not a member.
        SlackFailed: Slack does not answer.
    """
    try:
        client = await clients.client(request.workspace)
        info = await client.conversations_info(channel=request.channel)
        is_in = (info.get("channel") or {}).get("is_member", True)
    except FAULTS as error:
        fault = sort(error)
        if fault.problem in _NOT_ASKED:
            return
        if fault.problem not in _NOT_IN:
            raise SlackFailed(f"Slack does not answer ({fault.problem}); try again in a few minutes.") from error
        is_in = False
    if not is_in:
        raise NotUnderstood("Dateline is not in this channel; invite it with /invite @dateline, then ask again.")


def _alone(request: Request) -> bool:
    """Whether only who asks reads the answer; what others read names nobody."""
    return read_alone(request) and not (request.detail or {}).get("public")


def _question(request: Request, otherwise: Verb) -> Question:
    detail = request.detail or {}
    for day in filter(None, map(detail.get, ("on", "known_on", "since"))):
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise NotUnderstood(f"There is no day {day}; type /whereis NAME on a day like 2015-10-13.") from error
    stance = detail.get("stance")
    if stance and stance not in list(Stance):
        raise NotUnderstood(f"There is no stance {stance}; type one of {', '.join(Stance)}.")
    on, known_on, *newer = map(detail.get, NARROWING)
    start = int(detail.get("start", 0))
    return Question(Verb(detail.get("verb", otherwise)), request.subject, on, known_on, start, *newer)
