"""Watched people in texts and in what is typed: names compared across spellings and scripts."""

from bot.reading.names.compare import POSSIBLE, THRESHOLD, similarity
from bot.reading.names.watchlist import Ranked, WatchList

__all__ = ["POSSIBLE", "THRESHOLD", "Ranked", "WatchList", "similarity"]
