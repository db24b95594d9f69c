"""Tests of the demo with real processes: it opens, it closes, and it leaves nothing running however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from agency import environment
from tests.agency.commands import bare_environment
from tests.agency.remains import processes_of, wait_for_none


class Demo:
    """A demo that is open, with its data in a folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, str(environment.ROOT / "manage.py"), "demo", "--port", "18000"],
            env=bare_environment() | {"SOUNDINGS_DATA": str(data)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        if "http://" not in self.said:
            raise AssertionError(self.said + self.process.communicate()[1])
        self.address = next(word for word in self.said.split() if word.startswith("http://"))

    def id_of(self, what: str) -> int:
        """The first process of this kind: the one that the demo started."""
        return min(process for process, command in processes_of(self.data).items() if what in command)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "a data folder"


@pytest.fixture(autouse=True)
def nothing_left(data: Path) -> Iterator[None]:
    yield
    for process in processes_of(data):
        os.kill(process, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_answers_and_closes_when_asked(data: Path, number: signal.Signals) -> None:
    demo = Demo(data)
    with urllib.request.urlopen(demo.address + "sign-in/") as response:
        assert response.status == 200
    demo.process.send_signal(number)
    _, complaint = demo.process.communicate(timeout=20)
    assert (demo.process.returncode, complaint) == (0, "")
    assert processes_of(data) == {}


def test_two_demos_take_two_ports_and_share_the_servers(data: Path) -> None:
    first, second = Demo(data), Demo(data)
    assert first.address != second.address
    first.process.terminate()
    first.process.communicate(timeout=20)
    with urllib.request.urlopen(second.address + "readyz") as response:
        assert response.status == 200
    second.process.terminate()
    second.process.communicate(timeout=20)
    assert processes_of(data) == {}


def test_nothing_runs_on_when_the_demo_is_killed(data: Path) -> None:
    demo = Demo(data)
    demo.process.kill()
    demo.process.communicate()
    wait_for_none(data)


@pytest.mark.parametrize(
    ("what", "name"), [("agency.wsgi", "web"), ("celery worker", "worker"), ("celery beat", "beat")]
)
def test_the_demo_closes_and_says_so_when_a_process_of_it_is_killed(data: Path, what: str, name: str) -> None:
    demo = Demo(data)
    os.kill(demo.id_of(what), signal.SIGKILL)
    _, complaint = demo.process.communicate(timeout=20)
    assert demo.process.returncode == 1
    assert complaint == f"CommandError: The {name} process ended by itself: {data}/logs/{name}.log says why.\n"
    wait_for_none(data)
