"""Writes an index of two closed ranges and kills its own process at the N-th change of a file; there are four.

Python tells of each file that is opened to be written, and of each renaming and removal, just before it happens.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from bot.images.local import SMALL, LocalIndex
from tests.images.rows import Rows, some_points


def main() -> None:
    """Write until the granted change."""
    folder, granted = Path(sys.argv[1]), int(sys.argv[2])
    rows = Rows([(seq, f"{seq:064x}", some_points(seq)) for seq in range(1, 2 * SMALL + 2)])
    done = 0

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal done
        ours = bool(arguments) and str(arguments[0]).startswith(str(folder))
        if ours and (event in {"os.rename", "os.remove"} or (event == "open" and arguments[2] & os.O_WRONLY)):
            done += 1
            if done == granted:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(audit)
    LocalIndex(folder).refresh(rows)


if __name__ == "__main__":
    main()
