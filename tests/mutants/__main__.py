"""Plants faults one at a time in a copy of the tree, runs the figures' tests on it, and lists survivors.

`python -m tests.mutants [--count 80] [--seed 1] [--jobs 2] [--kinds price weight]`: exit 1 when a fault survives.
First the same tests run without a fault: a tree that fails anyway would catch everything.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

from tests.mutants.faults import Fault, faults, sample

ROOT = Path(__file__).resolve().parents[2]
PATHS = ("metrics/figures/*.py", "metrics/sql/*.sql", "accounts/scope.py", "accounts/settings_in_force.py")
TESTS = (
    ("tests/metrics/figures",),
    ("tests/accounts/test_scope.py", "tests/metrics/test_gathering.py", "tests/metrics/test_rolling_up.py"),
    ("tests/metrics/test_oracle_agreement.py",),
)


def _copy(target: Path) -> None:
    names = ("accounts", "metrics", "agency", "tests", "templates", "static")
    for name in names:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("manage.py", "pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, target / name)


def _failure(tree: Path) -> str:
    """What the first test that fails in this tree says; blank when all pass."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    for tests in TESTS:
        try:
            run = subprocess.run(
                [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", *tests],
                cwd=tree,
                env=environment,
                capture_output=True,
                text=True,
                timeout=900,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"{' '.join(tests)} took longer than 15 minutes."
        if run.returncode:
            return run.stdout + run.stderr
    return ""


def _survives(fault: Fault, tree: Path) -> bool:
    """Whether every test passes with the fault in place."""
    before = (tree / fault.path).read_text(encoding="utf-8")
    fault.plant(tree)
    try:
        return not _failure(tree)
    finally:
        (tree / fault.path).write_text(before, encoding="utf-8")


def main() -> int:
    """Runs the sample and prints a line per fault; the number of survivors decides the exit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=80)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--kinds", nargs="+", help="of these kinds alone, all there are")
    options = parser.parse_args()
    paths = sorted(
        str(path.relative_to(ROOT)) for pattern in PATHS for path in ROOT.glob(pattern) if path.name != "__init__.py"
    )
    chosen = sample(ROOT, paths, options.count, options.seed)
    if options.kinds:
        chosen = [fault for path in paths for fault in faults(ROOT, path) if fault.kind in options.kinds]
    survivors: list[Fault] = []
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soundings-mutants-") as folder:
        trees: Queue[Path] = Queue()
        for job in range(options.jobs):
            tree = Path(folder) / str(job)
            tree.mkdir()
            _copy(tree)
            trees.put(tree)
        if failure := _failure(Path(folder) / "0"):
            print(f"Without any fault the tests fail already:\n{failure}")
            return 1

        def judge(fault: Fault) -> None:
            tree = trees.get()
            try:
                survived = _survives(fault, tree)
            finally:
                trees.put(tree)
            if survived:
                survivors.append(fault)
            print("SURVIVED" if survived else "caught  ", fault, flush=True)

        with ThreadPoolExecutor(options.jobs) as pool:
            list(pool.map(judge, chosen))
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} faults caught in {time.monotonic() - began:.0f} s")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
