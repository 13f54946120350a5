"""How the posts of a search are taken in: as work that another process can do."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bot.desk import Desk
from bot.intake import Audience
from bot.sources.base import Captured
from storage.errors import DatelineError

log = logging.getLogger("dateline.sweeps")

Taken = tuple[int, int, tuple[tuple[str, str], ...]]
"""How many posts are new, how many alerts they raised; and which could not be taken in, and why."""


def take_in(desk: Desk, posts: Sequence[Captured], to: Audience) -> Taken:
    """Take in posts.

    One that breaks the pipeline stops no other: it is left out, and said to be. Where none can be taken in, the fault
    may be ours, and they come again.
    """
    refused = []
    try:
        receipts = desk.intake.take_all(posts, to)
    except DatelineError:
        raise
    except Exception:
        receipts = []
        for one in posts:
            try:
                receipts.append(desk.intake.take(one, to))
            except DatelineError:
                raise
            except Exception:
                log.exception("post %s", one.post_id)
                refused.append((one.post_id, "it was not understood; the log says why"))
        if not receipts:
            raise
    return sum(receipt.new for receipt in receipts), sum(receipt.alerts for receipt in receipts), tuple(refused)
