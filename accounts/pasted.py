"""A piece of a spreadsheet as it comes out of the clipboard: rows of cells, and the lines they belong to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_CHARACTERS = 200_000
"""More than a client's KPIs come to; the rest of a larger piece is not looked at."""

_CELL = re.compile(r'"(?P<quoted>(?:[^"]|"")*)"(?=[\t\n]|\Z)|(?P<bare>[^\t\n]*)')


def cells(text: str) -> list[list[str]]:
    """The rows of what was copied: tabs between cells, a line a row, cells with line breaks in quotation marks.

    Every row has its cells as they stand, without spaces at their ends; empty rows at the end are dropped.
    """
    left = text[:MOST_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n")
    rows: list[list[str]] = [[]]
    at = 0
    while True:
        found = _CELL.match(left, at)
        assert found is not None  # the second half matches anything, also nothing
        quoted = found["quoted"]
        rows[-1].append(" ".join((found["bare"] if quoted is None else quoted.replace('""', '"')).split()))
        at = found.end() + 1
        if found.end() >= len(left):
            break
        if left[found.end()] == "\n":
            rows.append([])
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


@dataclass(frozen=True)
class Filling:
    """What a pasted piece puts into a grid of named lines.

    `placed` has the cells by line; `unplaced` are the rows that belong to no line, as they were written.
    """

    placed: Mapping[int, tuple[str, ...]]
    unplaced: tuple[str, ...]


def filling(rows: Sequence[Sequence[str]], names: Sequence[str], headings: Sequence[str] = ()) -> Filling:
    """Which row belongs to which line.

    Where a row's first cell is the name of a line, whatever its case, rows go by their names and the cells
    after it are taken; else by their order, from the first line on. A row of `headings` alone belongs nowhere,
    and is not missed. A name that several lines have stands for them in their order.
    """
    lines: dict[str, list[int]] = {}
    for line, name in enumerate(names):
        lines.setdefault(_folded(name), []).append(line)
    known = {_folded(heading) for heading in headings}
    told = [row for row in rows if not any(row) or not {_folded(cell) for cell in row if cell} <= known]
    by_name = any(row[0] and _folded(row[0]) in lines for row in told)
    placed: dict[int, tuple[str, ...]] = {}
    unplaced: list[str] = []
    for number, row in enumerate(told):
        if not any(row):
            continue
        if not by_name and number < len(names):
            placed[number] = tuple(row)
        elif by_name and lines.get(_folded(row[0])):
            placed[lines[_folded(row[0])].pop(0)] = tuple(row[1:])
        else:
            unplaced.append(" ".join(filter(None, row)))
    return Filling(placed, tuple(unplaced))


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
