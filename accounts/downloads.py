"""Tables that people take away, as CSV and as XLSX: text is guarded against being read as a formula.

A row at a time is in memory, however many there are. Columns and cells are the caller's; how a cell is written is
decided here, alike in both.
"""

import csv
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import islice
from typing import IO, Any, cast

from django.http import FileResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

Row = Sequence[Any]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLACES = Decimal("0.0001")
"""Figures have four places, as in the files of `manage.py export`."""
CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)
"""More digits than any stored figure has, so that rounding never runs out of them."""
ROWS_AT_ONCE = 500
LONGEST_CELL = 32_767
"""Letters that a spreadsheet takes into one cell."""
LONGEST_TITLE = 31
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By which spreadsheets know that a CSV file is UTF-8."""
_BEGINS_A_FORMULA = frozenset("=+-@\t\r\n")


def guarded(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet could take it for a formula.

    Also where spaces or letters without a width come first, and for the full-width forms of the signs.
    Source: TRUST.md, Files in and out.
    """
    for letter in text:
        if letter in _BEGINS_A_FORMULA:
            return f"'{text}"
        if letter.isspace() or unicodedata.category(letter) in ("Cf", "Cc"):
            continue
        return f"'{text}" if unicodedata.normalize("NFKC", letter)[0] in _BEGINS_A_FORMULA else text
    return text


def csv_download(name: str, columns: Sequence[str], rows: Iterable[Row]) -> StreamingHttpResponse:
    """A CSV file of that name, sent as its rows are read."""
    return StreamingHttpResponse(
        csv_text(columns, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def xlsx_download(name: str, title: str, columns: Sequence[str], rows: Iterable[Row]) -> FileResponse:
    """An XLSX file of that name with one sheet; it is written to the disk before it is sent."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by the response
    write_xlsx(cast(IO[bytes], file), title, columns, rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


class _Line:
    """What a writer of CSV writes to: it gives each line back."""

    def write(self, line: str) -> str:
        return line


def csv_text(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """The lines of a CSV file, some hundred at a time."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield BYTE_ORDER_MARK + writer.writerow(columns)
    left = iter(rows)
    while lines := [writer.writerow([_in_csv(cell) for cell in row]) for row in islice(left, ROWS_AT_ONCE)]:
        yield "".join(lines)


def write_xlsx(file: IO[bytes], title: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """A workbook with one sheet, whose first row names the columns and stays in view."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:LONGEST_TITLE])
    sheet.freeze_panes = "A2"

    def cell(value: Any) -> Any:
        shown = _in_xlsx(value)
        if not isinstance(shown, str):
            return shown
        # Typed as text once it holds its value: given a value, it would take what begins with = for a formula.
        text = WriteOnlyCell(sheet, value=shown)
        text.data_type = "s"
        return text

    sheet.append([cell(name) for name in columns])
    for row in rows:
        sheet.append([cell(value) for value in row])
    book.save(file)


def _in_csv(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{_rounded(value):f}"
    if isinstance(value, date):
        return value.isoformat()
    return guarded(value) if isinstance(value, str) else str(value)


def _in_xlsx(value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return float(_rounded(value))
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        return guarded(ILLEGAL_CHARACTERS_RE.sub("", value))[:LONGEST_CELL]
    return value


def _rounded(number: Decimal) -> Decimal:
    """Half away from zero; never minus zero."""
    rounded = number.quantize(PLACES, context=CONTEXT)
    return rounded if rounded else Decimal("0.0000")
