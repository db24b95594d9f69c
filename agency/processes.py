"""The processes that make up a running Soundings: one list, for the demo and for compose."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agency import environment


@dataclass(frozen=True)
class Process:
    """One process: the Python module it runs with its arguments, and the variables that are its own."""

    name: str
    module: str
    arguments: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict)


def processes(address: str) -> tuple[Process, ...]:
    """What runs, with the web server listening at `address` (host:port)."""
    celery = ("--app", "agency.celery")
    return (
        Process(
            "web",
            "gunicorn",
            (
                *("agency.wsgi", "--bind", address, "--workers", "2", "--threads", "4", "--access-logfile", "-"),
                "--no-control-socket",  # it would lie in the home folder of whoever runs it
            ),
            {"SOUNDINGS_POOL": "4", "SOUNDINGS_PROGRAM": "web"},
        ),
        Process(
            "worker",
            "celery",
            (*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
            {"SOUNDINGS_PROGRAM": "worker"},
        ),
        # The timetable is code and what ran is in Postgres: beat has nothing to remember.
        Process(
            "beat",
            "celery",
            (*celery, "beat", "--scheduler", "celery.beat:Scheduler", "--loglevel", "INFO"),
            {"SOUNDINGS_PROGRAM": "beat"},
        ),
    )


def start(process: Process, log: Path) -> subprocess.Popen[bytes]:
    """Start the process in a session of its own; it dies with this one, however this one ends."""
    with open(log, "ab") as written:
        return subprocess.Popen(
            [sys.executable, "-m", process.module, *process.arguments],
            cwd=environment.ROOT,
            env={**os.environ, **process.variables},
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )


def stop(running: Iterable[subprocess.Popen[bytes]], seconds: float = 3) -> None:
    """Ask them to end, and end those that don't, with all their children."""
    running = [child for child in running if child.poll() is None]
    for child in running:
        child.terminate()
    until = time.monotonic() + seconds
    for child in running:
        try:
            child.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def die_with_parent(number: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel to send this process a signal when the one that started it ends."""
    _libc.prctl(1, int(number))  # PR_SET_PDEATHSIG


_libc = ctypes.CDLL(None)  # found before a fork, not after
