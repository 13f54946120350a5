"""What a person does in the workspace, as the page and the tests call it."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import replace

from bot.workspace.errors import NotPossible, Refused
from bot.workspace.events import link_shared, own_links
from bot.workspace.interactions import Interactions, Outcome, outcome
from bot.workspace.manifest import BUILT_IN
from bot.workspace.notation import as_kept
from bot.workspace.respond import respond
from bot.workspace.sending import Parcel
from bot.workspace.tickets import Hook
from bot.workspace.values import SLACKBOT, Channel, File, Json, Message, User


class Acts(Interactions):
    """People acting. Ids of users and channels are given; raises `NotPossible` for what Slack does not let them do."""

    # Messages

    def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Post what was typed; events follow by themselves."""
        self._may_write(user, channel)
        if not text.strip():
            raise NotPossible("There is nothing to send.")
        return self._workspace.post(
            channel, user, as_kept(self._workspace, text), thread_ts=self._thread(channel, thread_ts)
        )

    def drop_file(
        self,
        user: str,
        channel: str,
        name: str,
        content: bytes,
        text: str = "",
        thread_ts: str | None = None,
        alt_text: str = "",
    ) -> Message:
        """Share a file with a text; at once ready, as a finished upload is."""
        return self.drop_files(user, channel, [(name, content)], text, thread_ts, alt_text)

    def drop_files(
        self,
        user: str,
        channel: str,
        named: Sequence[tuple[str, bytes]],
        text: str = "",
        thread_ts: str | None = None,
        alt_text: str = "",
    ) -> Message:
        """Share files in one message."""
        self._may_write(user, channel)
        if not all(content for _, content in named):
            raise NotPossible("That file is empty.")
        workspace = self._workspace
        now = workspace.clock() - workspace.timing.file_seconds
        numbers = []
        for name, content in named:
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            number = workspace.new_id("F")
            workspace.files[number] = File(
                number, name, name, user, len(content), kind, alt_text, content, now, channels=(channel,)
            )
            numbers.append(number)
        thread = self._thread(channel, thread_ts)
        kept = as_kept(workspace, text)
        return workspace.post(channel, user, kept, files=tuple(numbers), subtype="file_share", thread_ts=thread)

    def edit(self, user: str, ts: str, text: str) -> Message:
        """Change one's own message."""
        if self._workspace.messages[ts].user != user:
            raise NotPossible("Only your own messages can be edited.")
        kept = as_kept(self._workspace, text)
        return self._workspace.update(ts, text=kept, edited=self._workspace.next_ts())

    def take_back(self, user: str, ts: str) -> None:
        """Delete one's own message."""
        if self._workspace.messages[ts].user != user:
            raise NotPossible("Only your own messages can be deleted.")
        self._workspace.delete(ts)

    def react(self, user: str, ts: str, name: str) -> None:
        """Add a reaction to a message."""
        message = self._workspace.messages[ts]
        users = message.reactions.get(name, ())
        changed = replace(message, reactions={**message.reactions, name: (*users, user)})
        self._workspace.messages[ts] = changed
        self._workspace.transcript.change("reacted", channel=message.channel, user=user, message=changed, detail=name)

    def share_link(self, user: str, channel: str, link: str, *, composer: bool = False) -> Message | None:
        """Post a link; with `composer` only type it, so that the app may preview it before it is sent."""
        if not composer:
            return self.say(user, channel, link)
        self._may_write(user, channel)
        workspace = self._workspace
        typed = Message(channel, workspace.next_ts(), user, as_kept(workspace, link))
        if links := own_links(typed.text, workspace.manifest.unfurl_domains):
            unfurl_id = workspace.new_id("", 36)
            self._deliveries.event("link_shared", link_shared(workspace, typed, links, "composer", unfurl_id))
        return None

    # Commands

    async def command(self, user: str, channel: str, line: str, thread_ts: str | None = None) -> Outcome:
        """Type a slash command and wait until the bot has acknowledged it; what it answers at once is shown."""
        workspace = self._workspace
        place = self._may_write(user, channel)
        name, _, text = line.strip().partition(" ")
        name = name.lower()
        if thread_ts:
            raise NotPossible(f"{name} is not supported in threads. Sorry!")
        if name.removeprefix("/") in BUILT_IN:
            raise NotPossible(f"{name} is a command of Slack's own; this stand-in does not have it.")
        if name not in workspace.manifest.commands or not workspace.installed:
            raise NotPossible(f"{name} is not a valid command.")
        text = text.strip()
        if workspace.manifest.commands[name]:
            text = as_kept(workspace, text)
        hook = workspace.hooks.issue(channel, user)
        payload = {
            **self.origin(place),
            "user_id": user,
            "user_name": workspace.users[user].name,
            "command": name,
            "text": text,
            "api_app_id": workspace.app,
            "is_enterprise_install": "false",
            "response_url": f"{workspace.base_url}/hooks/{hook}",
            "trigger_id": workspace.triggers.issue(user),
        }
        went = outcome(await self._deliveries.interaction(Parcel("command", name, payload)))
        if went.ok and went.answer:
            went = self._show_answer(Hook(channel, user, "", "", 0.0, 1), went)
        if not went.ok:
            self.tell(user, channel, f'{name} failed with the error "{went.problem}"')
        return went

    def origin(self, channel: Channel) -> Json:
        """Where a command was typed, in a command's flat fields."""
        workspace = self._workspace
        names = {"dm": "directmessage", "private": "privategroup", "public": channel.name}
        return {
            "token": workspace.tokens.verification,
            "team_id": workspace.team,
            "team_domain": workspace.domain,
            "channel_id": channel.id,
            "channel_name": names[channel.kind],
        }

    def _show_answer(self, hook: Hook, went: Outcome) -> Outcome:
        answer = {"text": went.answer} if isinstance(went.answer, str) else went.answer
        try:
            if not isinstance(answer, dict):
                raise Refused("invalid_command_response")
            respond(self._workspace, hook, answer, "answer")
        except Refused:
            return Outcome("invalid_command_response", went.answer)
        return went

    # Places and people

    def join(self, user: str, channel: str) -> None:
        """Join a public channel."""
        if self._workspace.channels[channel].kind != "public":
            raise NotPossible("A private channel is joined by invitation only.")
        self._workspace.join(channel, user)

    def invite_bot(self, channel: str) -> None:
        """Add the bot to a channel."""
        self._workspace.join(channel, self._workspace.bot.id)

    def kick_bot(self, channel: str) -> None:
        """Remove the bot from a channel."""
        self._workspace.leave(channel, self._workspace.bot.id)

    def archive(self, channel: str, user: str = SLACKBOT) -> None:
        """Archive a channel: nobody writes there any more."""
        self._workspace.channels[channel].archived = True
        self._workspace.transcript.change("archived", channel=channel, user=user)

    def rename(self, user: str, name: str, real_name: str = "") -> User:
        """Give a user another handle and name."""
        before = self._workspace.users[user]
        changed = self._workspace.users[user] = replace(before, name=name, real_name=real_name or before.real_name)
        self._workspace.transcript.change("renamed", user=user, detail=name)
        return changed

    def uninstall(self) -> None:
        """Remove the app: its tokens die, `app_uninstalled` and `tokens_revoked` are the last it hears."""
        self._workspace.installed = False
        self._workspace.tokens.deactivate()
        self._workspace.transcript.change("uninstalled")

    def _may_write(self, user: str, channel: str) -> Channel:
        place = self._workspace.channels[channel]
        if place.archived:
            raise NotPossible("This channel is archived.")
        if user not in place.members:
            raise NotPossible("You are not in this channel.")
        if place.kind == "dm" and not self._workspace.manifest.messages_tab:
            raise NotPossible("Sending messages to this app has been turned off.")
        return place

    def _thread(self, channel: str, thread_ts: str | None) -> str:
        if not thread_ts:
            return ""
        thread = self._workspace.thread_of(channel, thread_ts)
        if not thread:
            raise NotPossible("That thread is not here.")
        return thread
