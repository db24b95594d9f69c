"""The faults that can be planted: a sign, a comparison, a window's end, a filter, a weight."""

import ast
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """One change to one place of one file: `text[start:end]` becomes `planted`."""

    path: str
    line: int
    start: int
    end: int
    was: str
    planted: str
    kind: str

    def plant(self, root: Path) -> None:
        """Writes the fault into the copy of the tree under `root`."""
        file = root / self.path
        text = file.read_text(encoding="utf-8")
        if text[self.start : self.end] != self.was:
            raise ValueError(f"{self.path}:{self.line} no longer reads {self.was!r}")
        file.write_text(text[: self.start] + self.planted + text[self.end :], encoding="utf-8")

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.kind}: {self.was!r} becomes {self.planted!r}"


_PYTHON = {
    "comparison": (
        (r"(?<![<>=!])<=(?!=)", "<"),
        (r"(?<![<>=!-])>=(?!=)", ">"),
        (r"(?<= )<(?= )", "<="),
        (r"(?<= )>(?= )", ">="),
        (r"(?<= )==(?= )", "!="),
    ),
    "sign": ((r"(?<= )\+(?= )", "-"), (r"(?<= )-(?= )", "+")),
    "factor": ((r"(?<= )\*(?= )", "+"),),
    "number": (
        (r"\b12\b", "11"),
        (r"\b100\b", "50"),
        (r"\b25\b", "24"),
        (r"\b30\.4375\b", "30"),
        (r"\b3\b", "4"),
        (r"\b6\b", "5"),
        (r"\b10\b", "11"),
        (r"\b20\b", "21"),
        (r"\b8\b", "7"),
        (r"\b75\b", "70"),
        (r"\b40\b", "45"),
    ),
    "window": ((r"\b182\b", "181"),),
    "price": ((r'!= "price"', '!= "none"'), (r'== "price"', '== "none"')),
    "weight": (
        (r"\bweights\.(sources|attributes)\b", r"weights.\1[::-1]"),
        (r'(?<=pulse": )"0\.4"', '"0.2"'),
        (r'(?<=evidence": )"0\.4"', '"0.2"'),
        (r'(?<=pulse": )"0\.2"', '"0.1"'),
    ),
    "swap": ((r"\bshare\((\w+), (\w+)\)", r"share(\2, \1)"),),
    "choice": ((r"\bmax\(", "min("), (r"\bmin\(", "max("), (r"\bany\(", "all(")),
    "logic": ((r" and ", " or "), (r" or ", " and "), (r"\bnot ", "")),
}
_SQL = {
    "comparison": (
        (r"(?<![<>=!])<=(?!=)", "<"),
        (r"(?<![<>=!-])>=(?!=)", ">"),
        (r"(?<= )<(?= )", "<="),
        (r"(?<= )>(?= )", ">="),
    ),
    "sign": ((r"(?<= )\+(?= )", "-"), (r"(?<= )-(?= )", "+")),
    "number": ((r"\b12\b", "11"),),
    "window": ((r"\b182\b", "181"), (r"\.ends_on\b", ".starts_on")),
    "price": ((r"(?<=WHEN 'price' THEN )0", "change.value_delta"),),
    "swap": (
        (r"\bstored\.(\w+),\n( +)stored\.(\w+)(?=,)", r"stored.\3,\n\2stored.\1"),
        (r"(?<=\n    )(\w+),\n    (\w+)(?=,)", r"\2,\n    \1"),
        (r"ORDER BY ([\w.\"]+), ([\w.\"]+)", r"ORDER BY \2, \1"),
    ),
    "filter": (
        (r"\bWHERE stored\.listed\b", "WHERE true"),
        (r"'expansion'", "'none'"),
        (r"'renewal'", "'none'"),
        (r"'joint'", "'none'"),
        (r"'shared_risk'", "'none'"),
        (r"'plan'", "'none'"),
        (r"'resisted'", "'none'"),
    ),
    "choice": (
        (r"\bgreatest\(", "least("),
        (r"\bmax\(", "min("),
        (r"\bmin\(", "max("),
        (r"\bDESC\b", "ASC"),
        (r"\bIS NOT NULL\b", "IS NULL"),
    ),
    "logic": ((r"\bNOT EXISTS\b", "EXISTS"), (r"\bAND\b", "OR")),
}


_ONLY = {"accounts/settings_in_force.py": ("weight",)}
"""Of these files, which kinds: the rest of them is no figure."""


def _silent_spans(text: str, suffix: str) -> list[tuple[int, int]]:
    """Spans where a change would change nothing: comments, docstrings, annotations."""
    if suffix == ".sql":
        return [match.span() for match in re.finditer(r"--[^\n]*|/\*.*?\*/", text, re.S)]
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def span(node: ast.AST) -> tuple[int, int]:
        # Columns count bytes, so they are turned into characters line by line.
        lines = text.splitlines(keepends=True)
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1  # type: ignore[attr-defined]
        begin = len(lines[first].encode()[: node.col_offset].decode())  # type: ignore[attr-defined]
        finish = len(lines[last].encode()[: node.end_col_offset].decode())  # type: ignore[attr-defined]
        return starts[first] + begin, starts[last] + finish

    found = [match.span() for match in re.finditer(r"#[^\n]*", text)]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr | ast.JoinedStr) and (
            isinstance(node, ast.JoinedStr)
            or (isinstance(node.value, ast.Constant) and isinstance(node.value.value, str))
        ):
            found.append(span(node))
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.append(span(node))
        if isinstance(node, ast.AnnAssign):
            found.append(span(node.annotation))
        if isinstance(node, ast.FunctionDef):
            if node.returns is not None:
                found.append(span(node.returns))
            found.extend(
                span(argument.annotation)
                for argument in (*node.args.args, *node.args.kwonlyargs)
                if argument.annotation is not None
            )
    return found


def faults(root: Path, path: str) -> Iterator[Fault]:
    """Every fault that can be planted in one file."""
    text = (root / path).read_text(encoding="utf-8")
    suffix = Path(path).suffix
    silent = _silent_spans(text, suffix)
    for kind, rules in (_SQL if suffix == ".sql" else _PYTHON).items():
        if kind not in _ONLY.get(path, (kind,)):
            continue
        for pattern, planted in rules:
            for match in re.finditer(pattern, text):
                if any(start <= match.start() < end for start, end in silent):
                    continue
                yield Fault(
                    path,
                    text.count("\n", 0, match.start()) + 1,
                    match.start(),
                    match.end(),
                    match.group(),
                    match.expand(planted),
                    kind,
                )


def sample(root: Path, paths: list[str], count: int, seed: int) -> list[Fault]:
    """That many faults: one of each kind, then file after file in turn, so that each file and kind gets its share."""
    rng = random.Random(seed)
    by_file = {path: list(faults(root, path)) for path in paths}
    for found in by_file.values():
        rng.shuffle(found)
        # One of each kind first: kinds that are rare in a file would else hardly be drawn.
        seen: dict[str, int] = {}
        ranks = {}
        for fault in found:
            seen[fault.kind] = ranks[fault] = seen.get(fault.kind, 0) + 1
        found.sort(key=lambda fault: ranks[fault], reverse=True)
    chosen: list[Fault] = []
    for kind in dict.fromkeys((*_PYTHON, *_SQL)):
        one = rng.choice([fault for found in by_file.values() for fault in found if fault.kind == kind])
        by_file[one.path].remove(one)
        chosen.append(one)
    while len(chosen) < count and any(by_file.values()):
        for found in by_file.values():
            if found and len(chosen) < count:
                chosen.append(found.pop())
    return chosen
