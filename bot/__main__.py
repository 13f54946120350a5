"""Run the command line: `python -m bot VERB` is `dateline VERB`."""

from bot.cli import main

main()
