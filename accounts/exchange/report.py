"""What a load found and did: the bad cells in words, and the counts of each file."""

from dataclasses import dataclass, field

SHOWN = 1_000
_LONGEST_QUOTE = 80


def quoted(cell: str) -> str:
    """A cell as it is shown in a sentence: shortened, and what doesn't print made visible."""
    if not cell:
        return "blank"
    cut = cell[:_LONGEST_QUOTE]
    visible = "".join(
        letter
        if letter.isprintable()
        else letter.encode("utf-8", "surrogateescape").decode("latin-1").encode("unicode_escape").decode()
        if "\udc80" <= letter <= "\udcff"
        else letter.encode("unicode_escape").decode()
        for letter in cut
    )
    return f'"{visible}{"…" if len(cell) > len(cut) else ""}"'


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what stands there, and what was expected.

    `row` is the number a spreadsheet shows, the header being row 1, a cell with line breaks being
    one row still; None for the file as a whole. `column` is '' for the row as a whole.
    """

    file: str
    row: int | None
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place = f"{place}, row {self.row}"
        if self.column:
            place = f"{place}, column {self.column}"
        return f"{place}: {self.found}; expected {self.expected}"


class Rows:
    """A set of row numbers that stays small however many there are."""

    def __init__(self) -> None:
        self._bits = bytearray()
        self.count = 0

    def add(self, row: int) -> None:
        """Take the row in."""
        place, bit = row >> 3, 1 << (row & 7)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1024 - len(self._bits)))
        if not self._bits[place] & bit:
            self._bits[place] |= bit
            self.count += 1

    def __contains__(self, row: int) -> bool:
        place = row >> 3
        return place < len(self._bits) and bool(self._bits[place] & 1 << (row & 7))


class Problems:
    """All that is wrong with a folder: the first thousand in full, then a count."""

    def __init__(self) -> None:
        self.shown: list[Problem] = []
        self.count = 0
        self._rows: dict[str, Rows] = {}

    def add(self, problem: Problem) -> None:
        """Take one in."""
        self.count += 1
        if self.count <= SHOWN:
            self.shown.append(problem)
        if problem.row is not None:
            self._refuse(problem.file, problem.row)

    def note(self, file: str, row: int, column: str, cell: str | None, expected: str) -> None:
        """Take in a cell that is not what was expected; None is blank."""
        if self.count < SHOWN:
            self.add(Problem(file, row, column, quoted(cell or ""), expected))
        else:
            # Nobody will read it, and there may be millions.
            self.count += 1
            self._refuse(file, row)

    def _refuse(self, file: str, row: int) -> None:
        rows = self._rows.get(file)
        if rows is None:
            rows = self._rows[file] = Rows()
        rows.add(row)

    def __bool__(self) -> bool:
        return self.count > 0

    def is_refused(self, file: str, row: int) -> bool:
        """Whether something is wrong with that row."""
        return file in self._rows and row in self._rows[file]

    def refused(self, file: str) -> int:
        """How many rows of the file have something wrong with them."""
        return self._rows[file].count if file in self._rows else 0


@dataclass(frozen=True)
class FileCount:
    """What came of one file's rows. Where anything was refused nothing was written, of any file."""

    file: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0

    def __str__(self) -> str:
        return (
            f"{self.file}: {self.created:,} created, {self.updated:,} updated, "
            f"{self.unchanged:,} unchanged, {self.refused:,} refused"
        )


@dataclass(frozen=True)
class Report:
    """What came of a folder.

    `problems` are the first thousand, by file and row, `problem_count` is how many there are.
    `left_alone` are files that were not read, each with what it may have been meant to be or ''.
    `people` are e-mails that became people who can't sign in yet, `contacts` e-mails that became
    contacts of the client they answered for.
    """

    files: tuple[FileCount, ...]
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    people: int = 0
    contacts: int = 0
    left_alone: tuple[tuple[str, str], ...] = field(default=())
    dry_run: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether anything was wrong, so that nothing was written."""
        return self.problem_count > 0
