"""A strict local stand-in for Slack, used by `dateline demo` and by the tests. The bot itself imports nothing of it.

It speaks the Web API on a loopback port, signs its requests to the bot (or sends envelopes through Socket Mode),
refuses what Slack refuses, and keeps a transcript of everything. How a test uses it (`tests/workspace/fixtures.py` has
more):

    workspace = Workspace(manifest)                        # a dict, as slack-manifest.yaml holds it
    rana = workspace.add_user("rana", "Rana Haddad", "reporter")
    desk = workspace.add_channel("syria-desk", members=[rana.id, workspace.bot.id])
    async with WorkspaceServer(workspace) as slack:
        bot = make_bot(token=workspace.tokens.bot, signing_secret=workspace.tokens.signing_secret, api=slack.api_url)
        slack.request_url = bot.url + "/slack/events"      # or Socket Mode with workspace.tokens.app
        outcome = await slack.people.command(rana.id, desk.id, "/trace https://x.com/a/status/1")
        posted = await workspace.transcript.wait_for(lambda: workspace.transcript.changes("posted", desk.id))
        await slack.people.click(rana.id, posted[-1].message, "dismiss")
        assert not [call for call in workspace.transcript.calls() if not call.ok]

`slack.people` acts (`acts.py`, `interactions.py`), `slack.faults` and `slack.down()` break things (`faults.py`),
`workspace.transcript` tells (`transcript.py`), `Timing` shortens Slack's times (`state.py`).

What is known of Slack, and how:

- **Measured** (with the libraries, against this stand-in's forms): what slack_sdk sends (GET for reads, JSON texts
  in forms, uploads as a bare body), what Bolt answers, the signature, Socket Mode's envelopes and acknowledgements.
- **Documented**: the block and view limits, three seconds to acknowledge, three retries and their headers, five
  uses of a `response_url` in thirty minutes, rate tiers, scopes of methods, single-use refresh tokens and twelve
  hours for access tokens, error names, what `chat.update` keeps, `link_shared` in the composer, no app commands in
  threads.
- **Met by users of the libraries, not documented**: `msg_blocks_too_long` at 13,200 characters; `msg_too_long` at
  4,000 characters of text in `chat.update` (40,000 in a new message); a `slack_file` that cannot be shown until
  Slack has processed it; `alert` blocks in modals only; a picture on a private address fails the whole message.
- **Assumed**: a trigger lives three seconds; bursts of three messages; tiers are hard limits; an unknown
  `thread_ts` posts to the channel; lengths count code points as sent; a refused `response_url` is answered 400, and
  410 in an archived channel; the wording of problems (their form with a JSON pointer is Slack's); which blocks a
  container takes; the list of reserved commands; a mention in a channel without the bot is not delivered; command
  texts without `should_escape` arrive as typed.

Left out: several workspaces in one server, Enterprise Grid, group direct messages, scheduled messages, search, user
tokens, rich text in what people type.
"""
