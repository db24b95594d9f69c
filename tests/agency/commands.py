"""Runs manage.py as a person does: in a process of its own, and with an environment that is written out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from agency import environment


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The finished command. It sees only the given ones of the variables that Soundings or Django reads."""
    return subprocess.run(
        [sys.executable, str(environment.ROOT / "manage.py"), *arguments],
        env=bare_environment() | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def bare_environment() -> dict[str, str]:
    # Django's too: the browser of the tests sets one that an installation must not have.
    return {
        name: value
        for name, value in os.environ.items()
        if name not in environment.VARIABLES and not name.startswith("DJANGO_")
    }


def listening(log: Path, patience: float = 60) -> str:
    """Where a web server listens whose port the system chose: its log tells. AssertionError when it stays away."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if log.exists() and (found := re.search(r"Listening at: (http://127\.0\.0\.1:\d+)", log.read_text())):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"The web server did not come up: {log.read_text() if log.exists() else 'no log'}")
