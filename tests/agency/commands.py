"""Runs manage.py as a person does: in a process of its own, and with an environment that is written out."""

from __future__ import annotations

import os
import subprocess
import sys

from agency import environment


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The finished command. Of this process's variables it sees none that Soundings reads, only those given."""
    return subprocess.run(
        [sys.executable, str(environment.ROOT / "manage.py"), *arguments],
        env=bare_environment() | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def bare_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in environment.VARIABLES}
