"""The bot as Slack meets it: signed requests to the real service; the strict stand-in's transcript is the judge."""
