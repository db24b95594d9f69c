"""Loading a folder of records: all of it or nothing, and twice is the same as once.

The one importer behind every door. Each file's cells are read in Python and copied into a temporary
table; from there on the work is set-based: what refers to nothing is listed, and only rows that are
new or differ are written. Rows that stay as they are are not even locked, so that a load that takes
long blocks no edit of them.
"""

import os
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from pathlib import Path

from django.db import DataError, IntegrityError, InternalError, OperationalError, connection, transaction

from accounts import audit
from accounts.exchange import ledger_rows
from accounts.exchange.formats import (
    BY_FILE,
    CHECK_INS,
    CLIENTS,
    CONTACTS,
    FIGURES,
    FORMATS,
    GOALS,
    OPPORTUNITIES,
    PULSES,
    SCOPE_CHANGES,
    SETTINGS,
    Column,
    Format,
)
from accounts.exchange.incoming import Database, known, sha256_of
from accounts.exchange.reading import Sheet
from accounts.exchange.report import FileCount, Problem, Problems, Report, quoted
from accounts.models import AuditEntry
from accounts.models.people import Person
from accounts.settings_in_force import DEFAULTS, expected, is_valid

# What is being done, how far it has come, and out of how much (bytes of the files, counted twice:
# when read and when written).
Progress = Callable[[str, int, int], object]

# Loads come one after the other; edits through the site don't wait for this lock.
_ONE_LOAD_AT_A_TIME = 7_302_015_100
# An edit that comes between a check and a write is met by beginning again.
_ATTEMPTS = 3


def load(folder: Path, *, dry_run: bool = False, progress: Progress = lambda doing, done, total: None) -> Report:
    """Take a folder of records in, all or nothing; a dry run finds out what would happen.

    Any subset of the files of DATA.md may be there. What was wrong is in the report, not raised.
    """
    paths: dict[str, Path] = {}
    try:
        paths = {form.file: folder / form.file for form in FORMATS if os.path.lexists(folder / form.file)}
        left_alone = _left_alone(folder)
        if not paths:
            return _unreadable(str(folder), "none of the files", f"at least one of {', '.join(BY_FILE)}", dry_run)
        run, files = _attempts(paths, dry_run, progress)
    except OSError as error:
        # A folder that is closed to us, a disk that fails half-way.
        place = Path(error.filename or folder).name
        report = _unreadable(place, error.strerror or str(error), "files that can be read", dry_run)
        _note_refused(report, paths)
        return report
    report = Report(
        files,
        tuple(run.problems.shown),
        run.problems.count,
        people=run.people,
        contacts=run.contacts,
        left_alone=left_alone,
        dry_run=dry_run,
    )
    _note_refused(report, paths)
    return report


def _note_refused(report: Report, paths: dict[str, Path]) -> None:
    """Notes which files somebody tried in vain, and how many rows of each were refused; of what is in them, nothing.

    After the load's own transaction, which took back all it wrote. A dry run is a question, and no try.
    """
    if not report.is_refused or report.dry_run:
        return
    refused = {count.file: count.refused for count in report.files}
    audit.note(
        AuditEntry.Kind.LOAD_REFUSED,
        problems=report.problem_count,
        files=[
            {"file": file, "sha256": _sha256(path), "refused": refused.get(file, 0)} for file, path in paths.items()
        ],
    )


def _sha256(path: Path) -> str:
    """The hash of a file; blank where it can't be read, or is none."""
    try:
        if not path.is_file():
            return ""
        return sha256_of(path)
    except OSError:
        return ""


def _unreadable(place: str, found: str, wanted: str, dry_run: bool) -> Report:
    return Report((), (Problem(place, None, "", found, wanted),), 1, dry_run=dry_run)


def _attempts(paths: dict[str, Path], dry_run: bool, progress: Progress) -> "tuple[_Load, tuple[FileCount, ...]]":
    """Load, and again where an edit came between or a trusting attempt was disappointed."""
    for attempt in range(1, _ATTEMPTS + 1):
        run = _Load(paths, progress, trusting=attempt == 1)
        try:
            with transaction.atomic(), audit.as_one_entry():
                files = run.through()
                run.note(files)
                if run.problems or dry_run:
                    transaction.set_rollback(True)
            return run, files
        except (IntegrityError, InternalError, DataError) as refusal:
            if attempt == _ATTEMPTS:
                return run, run.refused_by_database(refusal)
        except OperationalError as error:
            if attempt == _ATTEMPTS or not _is_passing(error):
                raise
    raise AssertionError("the last attempt either ends or raises")


def _is_passing(error: OperationalError) -> bool:
    """Whether it was a dead-lock or the like, that doesn't come again."""
    return getattr(error.__cause__, "sqlstate", None) in ("40P01", "40001")


def _left_alone(folder: Path) -> tuple[tuple[str, str], ...]:
    """CSV files of other names, each with the name it may have been meant to have."""
    if not folder.is_dir():
        return ()
    names = sorted(path.name for path in folder.iterdir() if path.name.lower().endswith(".csv"))
    strange = [name for name in names if name not in BY_FILE and name not in FIGURES][:100]
    return tuple((name, (get_close_matches(name.lower(), BY_FILE, 1, 0.7) or [""])[0]) for name in strange)


class _Doubted(IntegrityError):
    """Fewer rows could be written than were given."""


class _Load:
    """One attempt at one folder, inside one transaction.

    A trusting attempt leaves two questions about new rows to the writing of them, which answers at
    no cost: whether two have one key, and whether what they must refer to exists. Where the answer
    is bad, the next attempt says which rows.
    """

    def __init__(self, paths: dict[str, Path], progress: Progress, *, trusting: bool) -> None:
        self.problems = Problems()
        self.people = 0
        self.contacts = 0
        self._paths = paths
        self._trusting = trusting
        self._stored: dict[str, int] = {}
        self._sizes = {file: path.stat().st_size if path.is_file() else 0 for file, path in paths.items()}
        self._done = 0
        self._progress = progress
        self._doing = ""
        self._database = Database()

    def through(self) -> tuple[FileCount, ...]:
        """Read, check and, where nothing is wrong, write."""
        database = self._database
        database.run("SET LOCAL work_mem = '128MB'")
        database.run("SET LOCAL jit = off")
        # Set against set, whatever was last known of a table's size: vacuumed while a large load is under way it
        # counts as empty, and going through two large sets one by one takes the square of their rows.
        database.run("SET LOCAL enable_nestloop = off")
        if not database.one(f"SELECT pg_try_advisory_xact_lock({_ONE_LOAD_AT_A_TIME})"):
            self._say("waiting for another load to end")
            database.one(f"SELECT pg_advisory_xact_lock({_ONE_LOAD_AT_A_TIME})::text")
        forms = [form for form in FORMATS if form.file in self._paths]
        for form in forms:
            self._say(f"reading {form.file}")
            database.stage(self._paths[form.file], form, self.problems, self._advance)
        staged = [form for form in forms if form.file in database.staged]
        for form in staged:
            self._say(f"checking {form.file}")
            self._check(form)
        taken = []
        if SCOPE_CHANGES in staged:
            ledger_rows.note_changed(database, database.staged[SCOPE_CHANGES.file], self.problems)
            taken = ledger_rows.note_broken_rules(database, self.problems)
        if self.problems:
            for form in filter(self._trusts, staged):
                self._check_new_rows(form)
            return self._nothing_written()
        counts = []
        self._say("writing people")
        self.people = self._write_people()
        for form in staged:
            self._say(f"writing {form.file}")
            sheet = database.staged[form.file]
            if form is SCOPE_CHANGES:
                all_stored = self._stored[form.file] == sheet.rows
                counts.append(
                    FileCount(form.file, unchanged=sheet.rows)
                    if all_stored
                    else ledger_rows.write(database, sheet, taken)
                )
            elif form is CHECK_INS:
                counts.append(self._write_check_ins(sheet))
            else:
                counts.append(self._write(form, sheet))
            if form is PULSES:
                self.contacts = self._write_contacts_of_pulses()
            self._advance(self._sizes[form.file])
        # What the database checks at the end it checks here, where it can still be told.
        connection.check_constraints()
        database.drop(*(form.incoming for form in forms))
        return tuple(counts)

    def note(self, files: tuple[FileCount, ...]) -> None:
        """Notes the load as the one entry that the audit has of it: counts, and which files they were."""
        if self.problems:
            return
        sheets = self._database.staged
        audit.note(
            AuditEntry.Kind.LOADED,
            people=self.people,
            contacts=self.contacts,
            files=[
                {
                    "file": count.file,
                    "sha256": sheets[count.file].sha256,
                    "created": count.created,
                    "updated": count.updated,
                    "unchanged": count.unchanged,
                }
                for count in files
            ],
        )

    def refused_by_database(self, refusal: Exception) -> tuple[FileCount, ...]:
        """What is said where the database refuses what no check of ours has seen."""
        detail = str(refusal.__cause__ or refusal).partition("\n")[0]
        file = self._doing.rpartition(" ")[2]
        place = file if file in self._paths else "the folder"
        self.problems.add(Problem(place, None, "", f"the database refuses it: {detail}", "rows it accepts"))
        return self._nothing_written()

    def _nothing_written(self) -> tuple[FileCount, ...]:
        order = list(BY_FILE)
        self.problems.shown.sort(
            key=lambda problem: (
                order.index(problem.file) if problem.file in BY_FILE else -1,
                problem.row or 0,
            )
        )
        return tuple(FileCount(file, refused=self.problems.refused(file)) for file in self._paths)

    def _say(self, doing: str) -> None:
        self._doing = doing
        self._advance(0)

    def _advance(self, size: int) -> None:
        self._done += size
        self._progress(self._doing, self._done, 2 * sum(self._sizes.values()))

    # What is wrong

    def _note(self, form: Format, row: int, column: str, cell: str | None, wanted: str) -> None:
        self.problems.note(form.file, row, column, cell, wanted)

    def _check(self, form: Format) -> None:
        """Note what is wrong with the rows of one file beyond single cells."""
        self._stored[form.file] = self._count_stored(form)
        if not self._trusts(form):
            self._check_new_rows(form)
        present = self._database.staged[form.file].present
        for column in form.columns:
            if column.name in present and column.refers not in (None, "people") and not column.required:
                self._check_reference(form, column)
        for rule in form.rules:
            if rule.column in present:
                query = (
                    f'SELECT given."row", given.{rule.column}::text FROM {form.incoming} given'
                    f' WHERE {rule.broken} ORDER BY given."row"'
                )
                for row, cell in self._database.stream(query):
                    self._note(form, row, rule.column, cell, rule.expected)
        self._check_anchors(form)
        if form is CLIENTS or form is CHECK_INS or form is PULSES:
            self._check_people(form)
        if form is CHECK_INS and "client_contacts" in present:
            self._check_contacts_seen()
        if form is OPPORTUNITIES:
            self._check_goals_served()
        if form is SETTINGS:
            self._check_settings()

    def _trusts(self, form: Format) -> bool:
        """Whether the file's rows are all new, and writing them will tell what is wrong with their keys."""
        return self._trusting and not self._stored[form.file] and form is not SCOPE_CHANGES

    def _check_new_rows(self, form: Format) -> None:
        self._check_keys(form)
        for column in form.columns:
            if column.required and column.refers is not None:
                self._check_reference(form, column)

    def _count_stored(self, form: Format) -> int:
        """How many of the file's rows are stored already."""
        if not self._database.one(f"SELECT EXISTS (SELECT FROM {form.table})"):
            return 0
        return int(
            self._database.one(
                f"SELECT count(*) FROM {form.incoming} given {_joins(form, of_key=True)}"
                f" JOIN {form.table} stored ON {_same_key(form)}"
            )
        )

    def _check_keys(self, form: Format) -> None:
        keys = ", ".join(f'given."{name}"' for name in form.key)
        source = f"FROM {form.incoming} given WHERE num_nulls({keys}) = 0"
        if not self._database.one(f"SELECT EXISTS (SELECT {source} GROUP BY {keys} HAVING count(*) > 1)"):
            return
        texts = ", ".join(f'given."{name}"::text' for name in form.key)
        query = f"""
            SELECT "row", first, cells FROM (
                SELECT given."row", min(given."row") OVER (PARTITION BY {keys}) AS first, ARRAY[{texts}] AS cells
                {source}
            ) numbered WHERE "row" > first ORDER BY "row"
        """
        for row, first, cells in self._database.stream(query):
            self._note(form, row, " and ".join(form.key), " ".join(cells), f"another key than row {first} has")

    def _check_reference(self, form: Format, column: Column) -> None:
        assert column.refers is not None
        target = BY_FILE[column.refers]
        if target.file in self._paths and target.file not in self._database.staged:
            # That file can't be read, which is said; what it would have held is not known.
            return
        name = column.name
        given = ""
        if target.file in self._database.staged:
            given = f"AND NOT EXISTS (SELECT FROM {target.incoming} there WHERE there.external_id = given.{name})"
        query = f"""
            SELECT given."row", given.{name} FROM {form.incoming} given
            WHERE given.{name} IS NOT NULL {given}
              AND NOT EXISTS (SELECT FROM {target.table} there WHERE there.external_id = given.{name})
            ORDER BY given."row"
        """
        for row, cell in self._database.stream(query):
            self._note(form, row, name, cell, column.kind.expected)

    def _check_anchors(self, form: Format) -> None:
        present = self._database.staged[form.file].present
        for anchor in form.anchors:
            if anchor.column not in present:
                continue
            column = form.column(anchor.column)
            given = f"coalesce(given.{column.name}, '')" if column.is_text else f"given.{column.name}"
            there = f"stored.{column.stored}"
            join = ""
            filled = f"given.{column.name} IS NOT NULL AND" if column.required else ""
            if column.refers is not None:
                there = "target.external_id"
                join = f"JOIN {BY_FILE[column.refers].table} target ON target.id = stored.{column.stored}"
            query = f"""
                SELECT given."row", given.{column.name}::text, ({there})::text
                FROM {form.incoming} given
                JOIN {form.table} stored ON stored.external_id = given.external_id {join}
                WHERE {filled} {given} IS DISTINCT FROM {there} AND ({anchor.held})
                ORDER BY given."row"
            """
            for row, cell, stored in self._database.stream(query):
                wanted = f"{quoted(stored or '')}, as stored, because {anchor.because}"
                self._note(form, row, column.name, cell, wanted)

    def _agency_emails(self, form: Format) -> str | None:
        """SQL for the e-mails that a file has of people of the agency: (row, email)."""
        sheet = self._database.staged.get(form.file)
        if sheet is None:
            return None
        if form is CLIENTS and "account_manager" in sheet.present:
            return f'SELECT "row", account_manager AS email FROM {form.incoming} WHERE account_manager IS NOT NULL'
        if form is CHECK_INS and "agency_people" in sheet.present:
            return (
                f"SELECT \"row\", unnest(string_to_array(agency_people, ';')) AS email FROM {form.incoming}"
                " WHERE agency_people IS NOT NULL"
            )
        if form is PULSES:
            return f"SELECT \"row\", respondent AS email FROM {form.incoming} WHERE side = 'agency'"
        return None

    def _check_people(self, form: Format) -> None:
        emails = self._agency_emails(form)
        if emails is None:
            return
        column = {CLIENTS.file: "account_manager", CHECK_INS.file: "agency_people"}.get(form.file, "respondent")
        query = f"""
            SELECT given."row", given.email FROM ({emails}) given
            JOIN accounts_person person ON person.email = given.email
            WHERE person.role = '{Person.Role.CONTACT.value}' ORDER BY given."row"
        """
        for row, email in self._database.stream(query):
            self._note(form, row, column, email, "someone of the agency; a client's contact was invited by this e-mail")

    def _check_contacts_seen(self) -> None:
        if CONTACTS.file in self._paths and CONTACTS.file not in self._database.staged:
            return
        query = f"""
            SELECT given."row", seen.external_id, contact.client
            FROM {CHECK_INS.incoming} given
            CROSS JOIN LATERAL unnest(string_to_array(given.client_contacts, ';')) seen (external_id)
            LEFT JOIN ({known(self._database, CONTACTS, "client")}) contact
              ON contact.external_id = seen.external_id
            WHERE given.client IS NOT NULL
              AND (contact.external_id IS NULL OR contact.client <> given.client)
            ORDER BY given."row"
        """
        for row, contact, client in self._database.stream(query):
            wanted = "external_ids of contacts of the client, in contacts.csv or stored"
            if client is not None:
                wanted = f"{wanted}; this one is of {client}"
            self._note(CHECK_INS, row, "client_contacts", contact, wanted)

    def _check_goals_served(self) -> None:
        if GOALS.file in self._paths and GOALS.file not in self._database.staged:
            return
        query = f"""
            SELECT given."row", given.goal, goal.client
            FROM {OPPORTUNITIES.incoming} given
            JOIN ({known(self._database, GOALS, "client")}) goal ON goal.external_id = given.goal
            WHERE goal.client <> given.client
            ORDER BY given."row"
        """
        for row, goal, client in self._database.stream(query):
            self._note(OPPORTUNITIES, row, "goal", goal, f"a goal of the same client; this one is of {client}")

    def _check_settings(self) -> None:
        rows = self._database.stream(f'SELECT "row", name, value FROM {SETTINGS.incoming} ORDER BY "row"')
        for row, name, value in rows:
            if name is None:
                continue
            if name not in DEFAULTS:
                near = get_close_matches(name, DEFAULTS, 1, 0.5)
                wanted = f"the name of a setting, perhaps {near[0]}" if near else f"one of {', '.join(DEFAULTS)}"
                self._note(SETTINGS, row, "name", name, wanted)
            elif value is not None and not is_valid(name, value):
                self._note(SETTINGS, row, "value", value, expected(name))
        query = f"""
            SELECT given."row", given.value, stored.value
            FROM {SETTINGS.incoming} given
            JOIN {SETTINGS.table} stored ON stored.name = given.name AND stored.effective_on = given.effective_on
            WHERE stored.value <> given.value ORDER BY given."row"
        """
        for row, value, stored in self._database.stream(query):
            self._note(
                SETTINGS,
                row,
                "value",
                value,
                f"{quoted(stored)}, as stored: versions are added, never replaced; "
                "give the new one a later effective_on",
            )

    # Writing

    def _write(self, form: Format, sheet: Sheet) -> FileCount:
        """Change the stored rows that differ and add the new ones."""
        updated = 0
        if self._stored[form.file]:
            change = _update(form, sheet)
            if change is not None and not form.versions:
                updated = self._database.run(change)
        created = self._insert(form, sheet)
        return FileCount(form.file, created, updated, sheet.rows - created - updated)

    def _insert(self, form: Format, sheet: Sheet) -> int:
        """Add the rows whose key is not stored.

        Which ones they are is settled before the first is added: a plan made for a table that was
        empty would go through all that was added so far again for every row.
        """
        stored = self._stored[form.file]
        if stored == sheet.rows:
            return 0
        if stored:
            self._database.gather(
                "incoming_new",
                f"SELECT given.* FROM {form.incoming} given {_joins(form, of_key=True)}"
                f" WHERE NOT EXISTS (SELECT FROM {form.table} stored WHERE {_same_key(form)})",
            )
        columns = {column: value for _, column, value in _stored_columns(form)} | dict(form.derived)
        names = ", ".join(f'"{column}"' for column in columns)
        source = "incoming_new" if stored else form.incoming
        created = self._database.run(
            f"INSERT INTO {form.table} ({names}) SELECT {', '.join(columns.values())} "
            f"FROM {source} given {_joins(form)}"
        )
        if created != sheet.rows - stored:
            raise _Doubted(f"{sheet.rows - stored - created:,} rows refer to what is no longer there")
        self._database.drop("incoming_new")
        return created

    def _write_people(self) -> int:
        """E-mails of the agency's side that nobody is known by become people who can't sign in yet."""
        sources = [emails for form in (CLIENTS, CHECK_INS, PULSES) if (emails := self._agency_emails(form))]
        if not sources:
            return 0
        self._database.gather(
            "incoming_people",
            f"""
            SELECT given.email FROM ({" UNION ".join(emails.replace('"row", ', "") for emails in sources)}) given
            WHERE NOT EXISTS (SELECT FROM accounts_person person WHERE person.email = given.email)
            ORDER BY given.email
            """,
        )
        # "!" and what nobody knows, as Django marks a password that can't be used.
        added = self._database.run(
            f"""
            INSERT INTO accounts_person (password, is_superuser, email, name, role, is_active, joined_at)
            SELECT '!' || translate(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''),
                   false, given.email, '', '{Person.Role.ACCOUNT_MANAGER.value}', true, now()
            FROM incoming_people given
            ON CONFLICT (email) DO NOTHING
            """
        )
        self._database.drop("incoming_people")
        return added

    def _write_contacts_of_pulses(self) -> int:
        """E-mails of the client's side that the client has no contact with become contacts of it.

        Set against set: gone through one by one, as a plan made before they came would, thousands of contacts
        of one client take the square of their number.
        """
        self._database.gather(
            "incoming_respondents",
            f"""
            SELECT client.id AS client_id, given.respondent AS email
            FROM {PULSES.incoming} given
            JOIN accounts_client client ON client.external_id = given.client
            WHERE given.side = 'client'
            EXCEPT
            SELECT contact.client_id, contact.email FROM accounts_contact contact
            ORDER BY client_id, email
            """,
        )
        added = self._database.run(
            """
            INSERT INTO accounts_contact (external_id, client_id, name, email, role)
            SELECT left(gen_random_uuid()::text, 8) || right(gen_random_uuid()::text, 8),
                   given.client_id, split_part(given.email, '@', 1), given.email, ''
            FROM incoming_respondents given
            """
        )
        self._database.drop("incoming_respondents")
        return added

    def _write_check_ins(self, sheet: Sheet) -> FileCount:
        """Check-ins, and who was there: one that only other people attended has changed as well."""
        database = self._database
        database.gather(
            "incoming_known",
            f"SELECT stored.id FROM {CHECK_INS.incoming} given"
            f" JOIN {CHECK_INS.table} stored ON stored.external_id = given.external_id",
        )
        database.run("CREATE TEMPORARY TABLE incoming_changed (id bigint) ON COMMIT DROP")
        change = _update(CHECK_INS, sheet)
        assert change is not None
        if self._stored[CHECK_INS.file]:
            self._note_changed(f"{change} RETURNING stored.id")
        created = self._insert(CHECK_INS, sheet)
        for column, links, other, table, name in (
            ("client_contacts", "accounts_checkincontact", "contact_id", "accounts_contact", "external_id"),
            ("agency_people", "accounts_checkinperson", "person_id", "accounts_person", "email"),
        ):
            if column in sheet.present:
                self._write_links(column, links, other, table, name)
        updated = int(
            database.one("SELECT count(DISTINCT id) FROM incoming_changed WHERE id IN (SELECT id FROM incoming_known)")
        )
        database.drop("incoming_known", "incoming_changed")
        return FileCount(CHECK_INS.file, created, updated, sheet.rows - created - updated)

    def _note_changed(self, statement: str) -> None:
        self._database.run(f"WITH changed AS ({statement}) INSERT INTO incoming_changed SELECT * FROM changed")

    def _write_links(self, column: str, links: str, other: str, table: str, name: str) -> None:
        """Make those seen in the check-ins of the file the ones its column lists."""
        database = self._database
        database.gather(
            "incoming_links",
            f"""
            SELECT check_in.id AS check_in_id, check_in.client_id, seen.id AS {other}
            FROM {CHECK_INS.incoming} given
            JOIN {CHECK_INS.table} check_in ON check_in.external_id = given.external_id
            CROSS JOIN LATERAL unnest(string_to_array(given.{column}, ';')) named (name)
            JOIN {table} seen ON seen.{name} = named.name
            """,
        )
        if self._stored[CHECK_INS.file]:
            same = f"given.check_in_id = link.check_in_id AND given.{other} = link.{other}"
            self._note_changed(
                f"""
                DELETE FROM {links} link USING incoming_known known
                WHERE link.check_in_id = known.id AND NOT EXISTS (SELECT FROM incoming_links given WHERE {same})
                RETURNING link.check_in_id
                """
            )
            database.run(f"DELETE FROM incoming_links given USING {links} link WHERE {same}")
        self._note_changed(
            f"""
            INSERT INTO {links} (check_in_id, client_id, {other})
            SELECT given.check_in_id, given.client_id, given.{other} FROM incoming_links given
            RETURNING check_in_id
            """
        )
        database.drop("incoming_links")


def _stored_columns(form: Format) -> Iterator[tuple[str, str, str]]:
    """Each stored column: its name in the file, in the table, and SQL for what it is given."""
    for column in form.columns:
        if column.stored is None:
            continue
        if column.refers is not None:
            value = f"{column.name}.id"
        elif column.name in form.lists:
            value = f"coalesce(string_to_array(given.{column.name}, ';'), '{{}}')::varchar[]"
        elif column.is_text:
            value = f"coalesce(given.\"{column.name}\", '')"
        else:
            value = f'given."{column.name}"'
        yield column.name, column.stored, value


def _joins(form: Format, *, of_key: bool = False) -> str:
    """SQL that joins what the rows refer to, or what their key refers to alone."""
    joins = []
    for column in form.columns:
        if column.refers is not None and (column.name in form.key or not of_key):
            table, key = (
                ("accounts_person", "email")
                if column.refers == "people"
                else (BY_FILE[column.refers].table, "external_id")
            )
            join = "JOIN" if column.required else "LEFT JOIN"
            joins.append(f"{join} {table} {column.name} ON {column.name}.{key} = given.{column.name}")
    return " ".join(joins)


def _same_key(form: Format) -> str:
    """SQL for: this stored row has the key of the row as given."""
    same = []
    for name in form.key:
        column = form.column(name)
        value = f'given."{name}"' if column.refers is None else f"{name}.id"
        same.append(f'stored."{column.stored}" = {value}')
    if form.key != ("external_id",):
        # What follows from the key is in the table's unique index, too.
        same += [f'stored."{stored}" = {value}' for stored, value in form.derived.items()]
    return " AND ".join(same)


def _update(form: Format, sheet: Sheet) -> str | None:
    """SQL that changes the stored rows that differ in a column that the file has; None without any but the key."""
    given = {
        stored: value for name, stored, value in _stored_columns(form) if name in sheet.present and name not in form.key
    }
    if not given:
        return None
    changed = given | ({form.signed: "NULL"} if form.signed else {})
    changes = ", ".join(f'"{stored}" = {value}' for stored, value in changed.items())
    there = ", ".join(f'stored."{stored}"' for stored in given)
    return (
        f"UPDATE {form.table} stored SET {changes} FROM {form.incoming} given {_joins(form)}"
        f" WHERE {_same_key(form)} AND ({there}) IS DISTINCT FROM ({', '.join(given.values())})"
    )
