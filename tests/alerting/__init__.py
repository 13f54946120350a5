"""Tests of bot/alerting."""
