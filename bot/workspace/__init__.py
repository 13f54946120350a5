"""A strict local stand-in for Slack: a Web API that refuses what Slack refuses, people who act, and a transcript."""
