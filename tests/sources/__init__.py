"""Tests of the sources, against real servers on loopback."""
