"""The command line as scripts run it: each verb a process of its own, held to its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


class Terminal:
    """A terminal whose store is one folder."""

    def __init__(self, home: Path, **variables: str) -> None:
        self.home = home
        self.variables = variables

    def run(self, *arguments: str, status: int = 0, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run one verb and hold it to its exit status."""
        command = [sys.executable, "-m", "bot", "--home", str(self.home), *arguments]
        done = subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            input=stdin,
            env=os.environ | self.variables,
        )
        assert done.returncode == status, done.stderr + done.stdout
        return done

    def ask(self, *arguments: str, status: int = 0) -> Any:
        """Run one verb and return the one JSON value that it prints."""
        return json.loads(self.run(*arguments, "--json", status=status).stdout)
