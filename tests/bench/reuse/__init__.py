"""The benchmark of picture reuse: `make bench-reuse`."""

import bot.images  # noqa: F401 - it settles how numpy works before anything else here imports numpy
