"""Times in texts, resolved against the time of the post to an interval with its precision and basis."""

from bot.reading.times.finder import default_interval, find

__all__ = ["default_interval", "find"]
