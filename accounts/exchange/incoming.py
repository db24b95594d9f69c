"""The database as a load uses it: temporary tables of rows as given, and statements over them."""

from collections.abc import Iterable, Iterator
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.db import connection

from accounts.exchange.formats import BY_FILE, Format
from accounts.exchange.reading import Progress, Sheet, SheetReader
from accounts.exchange.report import Problem, Problems


class Database:
    """Runs a load's statements. Names in them come from the formats, never from a file."""

    def __init__(self) -> None:
        self.staged: dict[str, Sheet] = {}

    def run(self, statement: str, params: Iterable[Any] = ()) -> int:
        """Run a statement; how many rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(statement, tuple(params) or None)
            return int(cursor.rowcount)

    def one(self, query: str) -> Any:
        """The only value of a query's only row."""
        with connection.cursor() as cursor:
            cursor.execute(query)
            (value,) = cursor.fetchone()
            return value

    def stream(self, query: str) -> Iterator[tuple[Any, ...]]:
        """A query's rows one by one, however many there are. Nothing else can be run meanwhile."""
        with connection.cursor() as cursor, connection.wrap_database_errors:
            yield from cursor.stream(query)

    def gather(self, table: str, query: str) -> None:
        """Put a query's rows into a temporary table of that name."""
        self.drop(table)
        self.run(f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS {query}")
        self.run(f"ANALYZE {table}")

    def copy_rows(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Put rows into a table of ours."""
        with (
            connection.cursor() as cursor,
            connection.wrap_database_errors,
            cursor.copy(f"COPY {table} FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def drop(self, *tables: str) -> None:
        """Remove tables of ours, where they are."""
        for table in tables:
            self.run(f"DROP TABLE IF EXISTS pg_temp.{table}")

    def stage(self, path: Path, form: Format, problems: Problems, progress: Progress) -> Sheet | None:
        """Read a file into its temporary table; None, and the problem noted, where there are no rows to be had.

        The table has all columns of the format, and `row`: the row's number in the file.
        """
        if not path.is_file():
            problems.add(Problem(form.file, None, "", "something that is no file", "a CSV file"))
            return None
        columns = ", ".join(f'"{column.name}" {column.kind.sql}' for column in form.columns)
        self.drop(form.incoming)
        self.run(
            f'CREATE TEMPORARY TABLE {form.incoming} ("row" integer GENERATED ALWAYS AS IDENTITY'
            f" (START WITH 2 CACHE 1000), {columns}) ON COMMIT DROP"
        )
        try:
            stream = path.open("rb")
        except OSError as error:
            problems.add(Problem(form.file, None, "", str(error.strerror), "a file that can be read"))
            return None
        with stream:
            reader = SheetReader(stream, form, problems, progress)
            sheet = reader.header()
            if sheet is None:
                return None
            given = ", ".join(f'"{column.name}"' for column in sheet.columns)
            with (
                connection.cursor() as cursor,
                connection.wrap_database_errors,
                cursor.copy(f"COPY {form.incoming} ({given}) FROM STDIN (FORMAT csv)") as copy,
            ):
                reader.rows(sheet, copy.write)
        sheet.sha256 = sha256_of(path)
        if sheet.blank_rows:
            self.run(f"DELETE FROM {form.incoming} WHERE num_nonnulls({given}) = 0")
        joined = ", ".join(
            f'"{column.name}"' for column in form.columns if column.name in form.key or column.refers is not None
        )
        self.run(f"ANALYZE {form.incoming} ({joined})")
        self.staged[form.file] = sheet
        return sheet


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes, by which the audit names it. OSError where it can't be read."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def known(database: Database, form: Format, column: str) -> str:
    """SQL for what a column of a file with external_ids will hold after the load: (external_id, column).

    What is given goes before what is stored.
    """
    stored = _stored(form, column)
    if form.file not in database.staged or column not in database.staged[form.file].present:
        return stored
    return (
        f"SELECT given.external_id, given.{column} FROM {form.incoming} given"
        f" WHERE given.external_id IS NOT NULL UNION ALL {stored}"
        f" WHERE NOT EXISTS (SELECT FROM {form.incoming} given WHERE given.external_id = stored.external_id)"
    )


def _stored(form: Format, name: str) -> str:
    column = form.column(name)
    if column.refers is None:
        return f"SELECT stored.external_id, stored.{column.stored} AS {name} FROM {form.table} stored"
    target = BY_FILE[column.refers]
    return (
        f"SELECT stored.external_id, {name}.external_id AS {name} FROM {form.table} stored"
        f" JOIN {target.table} {name} ON {name}.id = stored.{column.stored}"
    )
