"""Reading one CSV file: from bytes nobody vouches for to rows whose every cell is what its column asks for.

Most lines of an honest file are plain: a pattern made of the columns' kinds sees in one go that a
whole stretch of lines holds nothing but good cells, and the stretch goes on to the database as it
stands. Only what the pattern does not match is taken apart and looked at cell by cell. Memory is
bounded whatever the file: a block, a row and a cell have limits.
"""

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import BinaryIO

from accounts.exchange.cells import Unexpected
from accounts.exchange.formats import Column, Format
from accounts.exchange.report import Problem, Problems, quoted

BLOCK = 1 << 18
LONGEST_ROW = 1_000_000
# Each takes room in the database until the file is read.
MOST_BLANK_ROWS = 100_000
_REMEMBERED = 20_000
_LONGEST_REMEMBERED = 100

Sink = Callable[[bytes], object]
Progress = Callable[[int], object]

_LINE = re.compile(rb"[^\r\n]*+(\r\n|\r|\n)?")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Unreadable(Exception):
    """The rest of the file can't be read: what was found, and what was expected."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found)
        self.found = found
        self.expected = expected


class BrokenRow(Unreadable):
    """One row can't be read; reading goes on with the next line."""


@dataclass
class Sheet:
    """One file as it was read: which columns it has, in its own order, and how many rows hold anything."""

    format: Format
    columns: tuple[Column, ...]
    rows: int = 0
    blank_rows: int = 0
    sha256: str = ""

    @property
    def present(self) -> frozenset[str]:
        """The names of the columns that the file has."""
        return frozenset(column.name for column in self.columns)


class SheetReader:
    """Reads one file: first `header`, then `rows`.

    `rows` hands lines of CSV to a sink, one for each row of the file in its order, so that the line's
    number tells the row: a blank row is a line of blank cells, and of a row with bad cells only the
    good ones are there. Problems are noted with the row's number, the header being row 1.
    """

    def __init__(
        self, stream: BinaryIO, form: Format, problems: Problems, progress: Progress = lambda size: None
    ) -> None:
        self.form = form
        self._problems = problems
        self._source = _Lines(stream, progress)
        self._reader = csv.reader(self._source, strict=True)
        self._row = 0

    def header(self) -> Sheet | None:
        """Which columns the file has; None, and the problems noted, where they aren't the format's."""
        try:
            names = self._record()
        except Unreadable as unreadable:
            self._note(self._row, "", unreadable.found, unreadable.expected)
            return None
        if names is None:
            self._note(None, "", "an empty file", "a header row")
            return None
        known = {column.name: column for column in self.form.columns}
        columns: dict[str, Column] = {}
        before = self._problems.count
        for place, name in enumerate((cell.strip(" ") for cell in names), start=1):
            if name in columns:
                self._note(1, name, "the column is there twice", "each column once")
            elif name in known:
                columns[name] = known[name]
            elif not name:
                self._note(1, "", f"column {place} has no name", f"columns out of {', '.join(known)}")
            else:
                near = get_close_matches(name[:100], known, 1, 0.5)
                wanted = f"the name of a column, perhaps {near[0]}" if near else f"one of {', '.join(known)}"
                self._note(1, quoted(name)[1:-1], "no such column is known", wanted)
            if self._problems.count - before > len(known):
                break
        for name, column in known.items():
            if column.required and name not in columns:
                self._note(1, name, "the column is missing", "a column of this name, as it is required")
        if self._problems.count > before:
            return None
        return Sheet(self.form, tuple(columns.values()))

    def rows(self, sheet: Sheet, sink: Sink) -> None:
        """Hand every row on to the sink, and note what is wrong."""
        out = _Buffer(sink)
        try:
            self._rows(sheet, out)
        except Unreadable as unreadable:
            self._note(self._row, "", unreadable.found, unreadable.expected)
        out.flush()
        sheet.rows = self._row - 1 - sheet.blank_rows

    def _rows(self, sheet: Sheet, out: "_Buffer") -> None:
        source = self._source
        line_end = source.line_end
        plain = _plain_lines(sheet.columns, line_end)
        cells = _CellReader(self.form.file, sheet.columns, self._problems)
        nothing = b"," * (len(sheet.columns) - 1) + line_end
        while self._has_more():
            if plain is not None and source.is_sound:
                block, start = source.block, source.position
                match = plain.match(block, start)
                if match is not None and (end := match.end()) > start:
                    out.write(block[start:end])
                    self._row += block.count(b"\n", start, end)
                    source.position = end
                    continue
            try:
                record = self._record()
            except BrokenRow as broken:
                self._note(self._row, "", broken.found, broken.expected)
                out.write(nothing)
                continue
            if record is None:
                break
            line = cells.read(self._row, record)
            if line is None:
                sheet.blank_rows += 1
                if sheet.blank_rows > MOST_BLANK_ROWS:
                    raise Unreadable(f"more than {MOST_BLANK_ROWS:,} blank rows", "rows with something in them")
                out.write(nothing)
            else:
                out.write(line + line_end)

    def _has_more(self) -> bool:
        try:
            return self._source.has_more()
        except Unreadable:
            self._row += 1  # the one that would have come
            raise

    def _record(self) -> list[str] | None:
        """The next row, cell by cell; None at the end. Raises Unreadable, or BrokenRow for this one alone."""
        self._source.begin_record()
        self._row += 1
        try:
            return next(self._reader)
        except StopIteration:
            self._row -= 1
            return None
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise Unreadable("a quotation mark that is never closed", "a closing quotation mark") from None
            if "field larger than field limit" in str(error):
                raise Unreadable(
                    f"a cell of more than {csv.field_size_limit():,} characters",
                    "shorter cells; perhaps a closing quotation mark is missing",
                ) from None
            raise BrokenRow(
                "a quotation mark with more text behind it",
                "a cell to end with its closing quotation mark, and quotation marks in it to be doubled",
            ) from None

    def _note(self, row: int | None, column: str, found: str, expected: str) -> None:
        self._problems.add(Problem(self.form.file, row, column, found, expected))


_WHITE = " \t\r\n\f\v"


@dataclass(frozen=True)
class _Bad:
    """A cell that is not what its column asks for, and what would be."""

    found: str
    expected: str


class _CellReader:
    """Reads rows cell by cell, remembering what it has read: most cells of a column are alike."""

    def __init__(self, file: str, columns: tuple[Column, ...], problems: Problems) -> None:
        self._file = file
        self._columns = columns
        self._problems = problems
        self._width = len(columns)
        self._read: list[dict[str, str | _Bad]] = [{} for _ in columns]

    def read(self, row: int, record: list[str]) -> bytes | None:
        """The row's good cells as a line of CSV without its end; None where nothing is in it."""
        if not any(record) or not any(cell.strip(" ") for cell in record):
            return None
        if len(record) != self._width:
            cells = "1 cell" if len(record) == 1 else f"{len(record):,} cells"
            self._problems.add(Problem(self._file, row, "", cells, f"{self._width}, as many as the header has"))
            return b"," * (self._width - 1)
        line = []
        for place, cell in enumerate(record):
            seen = self._read[place].get(cell)
            if seen is None:
                seen = self._look_at(place, cell)
            if isinstance(seen, _Bad):
                self._problems.note(self._file, row, self._columns[place].name, seen.found, seen.expected)
                seen = ""
            line.append(seen)
        return ",".join(line).encode()

    def _look_at(self, place: int, cell: str) -> str | _Bad:
        """The cell as CSV, '' for a blank one, or what is wrong with it."""
        seen = self._seen(self._columns[place], cell.strip(" "))
        if len(cell) <= _LONGEST_REMEMBERED:
            read = self._read[place]
            if len(read) >= _REMEMBERED:
                read.clear()
            read[cell] = seen
        return seen

    def _seen(self, column: Column, stripped: str) -> str | _Bad:
        if column.required and not stripped.strip(_WHITE):
            return _Bad(stripped, f"{column.kind.expected}, as it is required")
        if not stripped:
            return ""
        try:
            good = column.kind.read(stripped)
        except Unexpected as unexpected:
            return _Bad(stripped, str(unexpected))
        if good and column.kind.sql == "text":
            return '"' + good.replace('"', '""') + '"'
        return good


def _plain_lines(columns: tuple[Column, ...], line_end: bytes) -> re.Pattern[bytes] | None:
    """What matches as many plain lines as follow one another; None where every cell must be read.

    Only a set of characters is repeated possessively: before Python 3.11.5, groups that are and that hold a choice
    match what they should not.
    """
    cells = []
    for column in columns:
        if column.kind.plain is None:
            return None
        cells.append(column.kind.plain if column.required else f"(?:{column.kind.plain})?")
    return re.compile(b"(?:" + ",".join(cells).encode() + line_end + b")*")


class _Buffer:
    """Gathers lines before they are handed on."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._lines: list[bytes] = []
        self._size = 0

    def write(self, line: bytes) -> None:
        """Take lines in."""
        self._lines.append(line)
        self._size += len(line)
        if self._size >= BLOCK:
            self.flush()

    def flush(self) -> None:
        """Hand on what is there."""
        if self._lines:
            self._sink(b"".join(self._lines))
            self._lines.clear()
            self._size = 0


class _Lines(Iterator[str]):
    """The lines of a file, block by block, as UTF-8 whatever it was; a row can't be longer than a limit.

    `block` from `position` on is what comes next; `is_sound` says that it is UTF-8 throughout.
    Bytes that are not reach the cells as surrogates, which every kind of cell refuses.
    """

    def __init__(self, stream: BinaryIO, progress: Progress) -> None:
        self._blocks = _blocks(_utf8(stream, progress))
        self._left = LONGEST_ROW
        self._line_end: bytes | None = None
        self.block = b""
        self.position = 0
        self.is_sound = True

    @property
    def line_end(self) -> bytes:
        """How the file's first line ends; a lone carriage return is read, never written."""
        return b"\r\n" if self._line_end == b"\r\n" else b"\n"

    def has_more(self) -> bool:
        """Whether anything comes next; loads the next block where this one is used up."""
        if self.position < len(self.block):
            return True
        self.block = next(self._blocks, b"")
        self.position = 0
        self.is_sound = self.block.isascii() or _is_utf8(self.block)
        return bool(self.block)

    def begin_record(self) -> None:
        """A new row begins: its length counts from here."""
        self._left = LONGEST_ROW

    def __next__(self) -> str:
        if not self.has_more():
            raise StopIteration
        match = _LINE.match(self.block, self.position)
        assert match is not None
        self.position = match.end()
        self._left -= match.end() - match.start()
        if self._line_end is None:
            self._line_end = match[1]
        if self._left < 0:
            raise Unreadable(f"a row of more than {LONGEST_ROW:,} bytes", "shorter rows")
        return match[0].decode("utf-8", "surrogateescape")


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


def _utf8(stream: BinaryIO, progress: Progress) -> Iterator[bytes]:
    """The file's bytes in UTF-8, without its byte order mark."""
    chunk = stream.read(BLOCK)
    progress(len(chunk))
    encoding = "utf-8"
    for mark, marked in _MARKS:
        if chunk.startswith(mark):
            encoding = marked
            break
    if encoding == "utf-8":
        chunk = chunk.removeprefix(codecs.BOM_UTF8)
        while chunk:
            yield chunk
            chunk = stream.read(BLOCK)
            progress(len(chunk))
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk:
            yield decoder.decode(chunk).encode()
            chunk = stream.read(BLOCK)
            progress(len(chunk))
        decoder.decode(b"", final=True)
    except UnicodeError:
        name = encoding.upper()
        raise Unreadable(f"text that is not {name}", f"{name}, as its first bytes promise, or UTF-8") from None


def _blocks(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks that end where a line does."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        cut = rest.rfind(b"\n") + 1
        if not cut:
            # Lines may end in a carriage return alone; one at the very end may be half of a pair.
            cut = rest.rfind(b"\r", 0, len(rest) - 1) + 1
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > LONGEST_ROW:
            raise Unreadable(f"a row of more than {LONGEST_ROW:,} bytes", "shorter rows")
    if rest:
        # The last line often has no end.
        yield rest if rest.endswith((b"\n", b"\r")) else rest + b"\n"
