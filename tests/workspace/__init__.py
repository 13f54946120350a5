"""Tests of the local stand-in for Slack, and what other tests need to use it."""
