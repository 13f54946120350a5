"""Tests of maps and timelines."""
