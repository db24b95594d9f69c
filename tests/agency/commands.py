"""Runs manage.py as a person does: in a process of its own, and with an environment that is written out."""

from __future__ import annotations

import os
import subprocess
import sys

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
