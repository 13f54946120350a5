"""Tests of reading: names, places, times, sightings, in each language."""
