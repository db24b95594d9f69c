"""Which processes belong to a data folder: for tests that must leave none."""

from __future__ import annotations

import os
import time
from pathlib import Path


def processes_of(data: Path) -> dict[int, str]:
    """The running processes that name the folder in their command or stand in it, by their ids."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            place = os.readlink(entry / "cwd")
            environment = (entry / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if command and (str(data) in command or place.startswith(str(data)) or f"SOUNDINGS_DATA={data}" in environment):
            found[int(entry.name)] = command
    return found


def wait_for_none(data: Path, seconds: float = 5) -> None:
    """Fail unless everything that belongs to the folder has ended within so many seconds."""
    until = time.monotonic() + seconds
    while found := processes_of(data):
        assert time.monotonic() < until, f"still running after {seconds} seconds: {found}"
        time.sleep(0.05)
