"""A running Soundings on this machine: database, broker, worker, beat and web, until it is interrupted."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import closing
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agency import environment, processes

PATIENCE = 60  # seconds until a web server that does not answer is given up


class Command(BaseCommand):
    help = "Sets up the database and opens a Soundings at 127.0.0.1, until it is interrupted."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="the first port to try, instead of SOUNDINGS_PORT")

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        ending = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: ending.set())
        parent = os.getppid()
        os.environ[environment.DEMO.name] = "on"
        self._run(ending, "migrate", "--verbosity", "0")
        who = self._run(ending, "sample_agency", "--if-new")
        if ending.is_set():
            return
        address = f"127.0.0.1:{_free_port(port or environment.PORT.read())}"
        os.environ[environment.ADDRESS.name] = f"http://{address}"
        logs = environment.data_folder() / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        running: dict[str, subprocess.Popen[bytes]] = {}
        try:
            for process in processes.processes(address):
                log = logs / f"{process.name}.log"
                log.unlink(missing_ok=True)
                running[process.name] = processes.start(process, log)
            self._wait_until_ready(f"http://{address}/readyz", running, ending)
            if not ending.is_set():
                self.stdout.write(f"Soundings is open at http://{address}/ — Ctrl-C closes it. Logs are in {logs}.")
                self.stdout.write(f"Who can sign in:\n{who}")
                self.stdout.flush()
            while not ending.wait(0.2) and os.getppid() == parent:
                for name, child in running.items():
                    if child.poll() is not None:
                        raise CommandError(f"The {name} process ended by itself: {logs / name}.log says why.")
        finally:
            processes.stop(running.values())

    def _run(self, ending: threading.Event, *command: str) -> str:
        """One of our own commands, which chooses its own role in the database; returns what it printed."""
        if ending.is_set():
            return ""
        with subprocess.Popen(
            [sys.executable, str(environment.ROOT / "manage.py"), *command],
            preexec_fn=processes.die_with_parent,
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            while True:
                try:
                    said, _ = child.communicate(timeout=0.2)
                    break
                except subprocess.TimeoutExpired:
                    if ending.is_set():
                        child.terminate()
        if child.returncode and not ending.is_set():
            raise CommandError(f"{command[0]} failed.\n{said}".strip())
        return said

    def _wait_until_ready(self, url: str, running: dict[str, subprocess.Popen[bytes]], ending: threading.Event) -> None:
        until = time.monotonic() + PATIENCE
        while not ending.wait(0.1):
            try:
                with urllib.request.urlopen(url, timeout=5):  # noqa: S310  an address of ours
                    return
            except (urllib.error.URLError, OSError):
                if running["web"].poll() is not None or time.monotonic() > until:
                    log = environment.data_folder() / "logs" / "web.log"
                    raise CommandError(f"The web server did not come up: {log} says why.") from None


def _free_port(first: int) -> int:
    """The first port from here on that nobody listens at."""
    for port in range(first, min(first + 100, 65536)):
        with closing(socket.socket()) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CommandError(f"No port from {first} on is free.")
