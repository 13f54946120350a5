"""Tests of the demo's evidence."""
