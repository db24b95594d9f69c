"""Records out again, in the formats they came in: what is written here, `load` takes back."""

from pathlib import Path

from django.db import connection, transaction

from accounts.exchange.formats import BY_FILE, CHECK_INS, FORMATS, SCOPE_CHANGES, Column, Format

# Who was there, whose rows are in tables of their own.
_SEEN = {
    "client_contacts": (
        "SELECT string_agg(seen.external_id, ';' ORDER BY seen.external_id)"
        " FROM accounts_checkincontact link JOIN accounts_contact seen ON seen.id = link.contact_id"
        " WHERE link.check_in_id = stored.id"
    ),
    "agency_people": (
        "SELECT string_agg(seen.email, ';' ORDER BY seen.email COLLATE \"C\")"
        " FROM accounts_checkinperson link JOIN accounts_person seen ON seen.id = link.person_id"
        " WHERE link.check_in_id = stored.id"
    ),
}


def write_records(folder: Path) -> dict[str, int]:
    """Write all records into an existing folder, over files of the same name.

    Returns how many rows each file has, by its name; a file without rows is its header. Text is
    written verbatim, numbers as plain decimals, rows in the order of their keys by code point. All
    files tell of one moment, unless the caller's transaction sees several. What `load` makes of
    them in an empty database is what is written here, but for when a ledger row was recorded and
    what people are called. OSError where a file can't be written. Source: DATA.md.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return {form.file: _write(folder / form.file, form) for form in FORMATS}


def _write(path: Path, form: Format) -> int:
    statement = f"COPY ({_query(form)}) TO STDOUT (FORMAT csv)"
    with path.open("wb") as file, connection.cursor() as cursor:
        file.write(",".join(column.name for column in form.columns).encode() + b"\n")
        with connection.wrap_database_errors, cursor.copy(statement) as copy:
            for block in copy:
                file.write(block)
        return int(cursor.rowcount)


def _query(form: Format) -> str:
    cells = {column.name: _cell(form, column) for column in form.columns}
    joins = []
    for column in form.columns:
        if column.refers is not None:
            table = "accounts_person" if column.refers == "people" else BY_FILE[column.refers].table
            join = "JOIN" if column.required else "LEFT JOIN"
            joins.append(f"{join} {table} {column.name} ON {column.name}.id = stored.{column.stored}")
    order = ", ".join(f'({cells[name]}) COLLATE "C"' for name in form.key)
    return f"SELECT {', '.join(cells.values())} FROM {form.table} stored {' '.join(joins)} ORDER BY {order}"


def _cell(form: Format, column: Column) -> str:
    """SQL for a stored value as text; NULL where the cell is blank."""
    if form is CHECK_INS and column.name in _SEEN:
        return f"({_SEEN[column.name]})"
    if column.refers is not None:
        return f"{column.name}.{'email' if column.refers == 'people' else 'external_id'}"
    stored = f'stored."{column.stored}"'
    if column.name in form.lists:
        return f"nullif(array_to_string({stored}, ';'), '')"
    if column.is_text:
        return f"nullif({stored}, '')"
    if column.kind.sql == "boolean":
        return f"CASE WHEN {stored} THEN 'yes' WHEN NOT {stored} THEN 'no' END"
    if form is SCOPE_CHANGES and column.name == "value_delta":
        return f"CASE WHEN stored.kind <> 'renewal' THEN trim_scale({stored})::text END"
    if column.kind.sql.startswith("numeric"):
        return f"trim_scale({stored})::text"
    return f"{stored}::text"
