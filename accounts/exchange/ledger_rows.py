"""Ledger rows on their way in: they are added and never replaced, and an engagement's must make sense together."""

from itertools import groupby
from operator import itemgetter
from typing import Any

from accounts import scope
from accounts.exchange.formats import ENGAGEMENTS, SCOPE_CHANGES
from accounts.exchange.incoming import Database, known
from accounts.exchange.reading import Sheet
from accounts.exchange.report import SHOWN, FileCount, Problem, Problems, quoted
from accounts.scope import Billing, Entry

FILE = SCOPE_CHANGES.file
# The rows of one engagement are judged together, in memory.
MOST_ROWS = 20_000
GIVEN = SCOPE_CHANGES.incoming
_NEW = "NOT EXISTS (SELECT FROM accounts_scopechange stored WHERE stored.external_id = given.external_id)"
_SEEN_BY_THE_RULES = frozenset({"", "external_id", "engagement", "kind", "effective_on", "value_delta", "ends_on"})

_STORED = {
    "engagement": "engagement.external_id",
    "kind": "stored.kind",
    "effective_on": "stored.effective_on",
    "value_delta": "stored.value_delta",
    "ends_on": "stored.ends_on",
    "origin": "nullif(stored.origin, '')",
    "involved_from": "nullif(stored.involved_from, '')",
    "note": "nullif(stored.note, '')",
    "reverses": "undone.external_id",
}
# What may be left blank takes what is stored: the balance, the opposite of the row undone, nothing.
_BLANK_IN_ORDER = (
    "(given.value_delta IS NULL AND (stored.kind = 'renewal'"
    " OR stored.kind = 'end' AND (engagement.billing = 'retainer' OR stored.reverses_id IS NOT NULL)))"
)


def note_changed(database: Database, sheet: Sheet, problems: Problems) -> None:
    """Note every row that is stored with another content: the ledger is never edited."""
    names = [column.name for column in sheet.columns if column.name != "external_id"]
    compared = {name: f"given.{name} IS DISTINCT FROM {_STORED[name]}" for name in names}
    if "value_delta" in compared:
        compared["value_delta"] += f" AND NOT {_BLANK_IN_ORDER}"
    texts = {name: (f"given.{name}::text", f"({_STORED[name]})::text") for name in names}
    if "value_delta" in texts:
        texts["value_delta"] = ("trim_scale(given.value_delta)::text", "trim_scale(stored.value_delta)::text")
    differing = ", ".join(
        f"CASE WHEN {differs} THEN ARRAY[coalesce({texts[name][0]}, ''), coalesce({texts[name][1]}, '')] END"
        for name, differs in compared.items()
    )
    query = f"""
        SELECT given."row", given.external_id, {differing}
        FROM {GIVEN} given
        JOIN accounts_scopechange stored ON stored.external_id = given.external_id
        JOIN accounts_engagement engagement ON engagement.id = stored.engagement_id
        LEFT JOIN accounts_scopechange undone ON undone.id = stored.reverses_id
        WHERE given.kind IS NOT NULL AND ({" OR ".join(f"({differs})" for differs in compared.values())})
        ORDER BY given."row"
    """
    for row, external_id, *cells in database.stream(query):
        if problems.is_refused(FILE, row):
            continue
        for name, cell in zip(names, cells, strict=True):
            if cell is not None:
                problems.note(
                    FILE,
                    row,
                    name,
                    cell[0],
                    f"{quoted(cell[1])}, as stored: ledger rows are never replaced;"
                    f" reverse {external_id} and enter a new row",
                )


def note_broken_rules(database: Database, problems: Problems) -> list[tuple[int, Any]]:
    """Note every new row that breaks a rule of the ledger, its engagement's stored rows considered.

    Returns what the deltas come to that were left blank: (row, amount).
    """
    hidden = _hidden(problems)
    taken: list[tuple[int, Any]] = []
    billing_of = known(database, ENGAGEMENTS, "billing")
    query = f"""
        SELECT entry.engagement, billing_of.billing, entry."row", entry.external_id, entry.kind,
               entry.effective_on, entry.value_delta, entry.ends_on, entry.reverses
        FROM (
            SELECT given.engagement, given."row", given.external_id, given.kind, given.effective_on,
                   trim_scale(given.value_delta) AS value_delta, given.ends_on, given.reverses
            FROM {GIVEN} given WHERE given.engagement IS NOT NULL AND {_NEW}
            UNION ALL
            SELECT engagement.external_id, NULL, stored.external_id, stored.kind, stored.effective_on,
                   trim_scale(stored.value_delta), stored.ends_on, undone.external_id
            FROM accounts_scopechange stored
            JOIN accounts_engagement engagement ON engagement.id = stored.engagement_id
            LEFT JOIN accounts_scopechange undone ON undone.id = stored.reverses_id
            WHERE engagement.external_id IN (SELECT given.engagement FROM {GIVEN} given WHERE {_NEW})
        ) entry
        JOIN ({billing_of}) billing_of ON billing_of.external_id = entry.engagement
        WHERE billing_of.billing IS NOT NULL
        ORDER BY entry.engagement COLLATE "C", entry."row"
    """
    for _, group in groupby(database.stream(query), key=itemgetter(0)):
        rows: dict[str, int | None] = {}
        entries: list[Entry] = []
        billing = Billing.RETAINER
        is_hidden = False
        first_new: int | None = None
        for _, billed, row, external_id, *cells in group:
            billing = Billing(billed)
            if row is not None and (cells[0] is None or cells[1] is None or hidden(row)):
                is_hidden = True
            if first_new is None:
                first_new = row
            if len(entries) > MOST_ROWS:
                continue
            if external_id is not None and external_id not in rows:
                rows[external_id] = row
                entries.append(Entry(external_id, *cells))
        if is_hidden:
            continue
        if len(entries) > MOST_ROWS:
            found = f"the engagement would have more than {MOST_ROWS:,} ledger rows"
            problems.add(Problem(FILE, first_new, "engagement", found, "fewer"))
            continue
        filled = scope.with_balance_taken(billing, entries)
        for before, after in zip(entries, filled, strict=True):
            row = rows[after.external_id]
            # Zero is what a blank is stored as where nothing is said here.
            if before.value_delta is None and after.value_delta and row is not None:
                taken.append((row, after.value_delta))
        for violation in scope.violations(billing, filled):
            _note(problems, rows, violation)
    return taken


def _hidden(problems: Problems) -> Any:
    """Which rows have a bad cell that the rules would look at, so that they can't be asked."""
    if problems.count > SHOWN:
        return lambda row: problems.is_refused(FILE, row)
    bad = {problem.row for problem in problems.shown if problem.file == FILE and problem.column in _SEEN_BY_THE_RULES}
    return bad.__contains__


def _note(problems: Problems, rows: dict[str, int | None], violation: scope.Violation) -> None:
    row = rows[violation.external_id]
    found = violation.found
    if row is None:
        # The row at fault is a stored one: what makes it so is the first that would be added.
        row = min(new for new in rows.values() if new is not None)
        found = f"with it {violation.external_id}, which is stored, would break a rule: {found}"
    elif problems.is_refused(FILE, row):
        return
    problems.add(Problem(FILE, row, violation.column, found, violation.expected))


def write(database: Database, sheet: Sheet, taken: list[tuple[int, Any]]) -> FileCount:
    """Add the new rows, in one statement, as a reversal and its row must come together."""
    database.gather(
        "incoming_ledger",
        f"""
        SELECT nextval(pg_get_serial_sequence('accounts_scopechange', 'id')) AS id, given.*
        FROM (SELECT given.* FROM {GIVEN} given WHERE {_NEW} ORDER BY given."row") given
        """,
    )
    database.run('CREATE TEMPORARY TABLE incoming_balances ("row" integer, value_delta numeric) ON COMMIT DROP')
    database.copy_rows("incoming_balances", taken)
    created = database.run(
        """
        INSERT INTO accounts_scopechange (
            id, external_id, client_id, engagement_id, kind, effective_on, value_delta, ends_on,
            origin, involved_from, note, reverses_id
        )
        SELECT given.id, given.external_id, engagement.client_id, engagement.id, given.kind,
               given.effective_on, coalesce(given.value_delta, balance.value_delta, 0), given.ends_on,
               coalesce(given.origin, ''), coalesce(given.involved_from, ''), coalesce(given.note, ''),
               coalesce(undone_here.id, undone.id)
        FROM incoming_ledger given
        JOIN accounts_engagement engagement ON engagement.external_id = given.engagement
        LEFT JOIN incoming_balances balance ON balance."row" = given."row"
        LEFT JOIN incoming_ledger undone_here ON undone_here.external_id = given.reverses
        LEFT JOIN accounts_scopechange undone ON undone.external_id = given.reverses
        ORDER BY given.id
        """
    )
    database.drop("incoming_ledger", "incoming_balances")
    return FileCount(FILE, created=created, unchanged=sheet.rows - created)
