"""The parts of the Slack app by topic: each listens to its own clicks, commands and modals, and answers them."""
