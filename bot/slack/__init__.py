"""Findings as Slack messages."""
