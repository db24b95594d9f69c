"""Who holds an account together: the client's contacts and our people, and when each was last seen in a check-in."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.periods import year_before
from accounts.queries.account_records import AccountRecords, CheckInRecord, ContactRecord, Someone

HALF_YEAR = timedelta(days=182)
"""How far back people count as seen. Source: DOMAIN.md, 7 (ownership)."""


@dataclass(frozen=True)
class ContactRow:
    """One contact of the client. `seen_on` is when they were last in a check-in of the last half-year."""

    external_id: str
    name: str
    role: str
    decision_maker: bool | None
    left_on: date | None
    seen_on: date | None
    access: str = ""
    """Whether they see the client's page, as ContactRecord has it."""


@dataclass(frozen=True)
class ColleagueRow:
    """One of us who was in a check-in of the last half-year, and when last."""

    name: str
    seen_on: date
    id: int = field(default=0, compare=False)


@dataclass(frozen=True)
class People:
    """Both sides at the end of a day.

    `contacts` are those who are still there, the ones seen latest first, then those who have left; `colleagues`
    those of us who were seen. `main_contact` is the one who was in most check-ins of the last year.
    """

    contacts: tuple[ContactRow, ...]
    colleagues: tuple[ColleagueRow, ...]
    check_ins: int
    """Held within the last half-year."""
    main_contact: ContactRow | None

    @property
    def present(self) -> tuple[ContactRow, ...]:
        """Contacts who have not left."""
        return tuple(row for row in self.contacts if row.left_on is None)

    @property
    def theirs_seen(self) -> tuple[str, ...]:
        """Names of the contacts who were seen within the half-year, also of those who have left since."""
        return tuple(row.name for row in self.contacts if row.seen_on is not None)


def people_seen(records: AccountRecords, day: date) -> People:
    """The people of both sides as they stand at the end of that day; no query."""
    held = [row for row in records.check_ins if row.held_on <= day]
    recent = [row for row in held if row.held_on > day - HALF_YEAR]
    theirs = _last_seen((someone, row.held_on) for row in recent for someone in row.contacts)
    ours = _last_seen((someone, row.held_on) for row in recent for someone in row.people)
    rows = {contact.id: _contact(contact, theirs.get(contact.id), day) for contact in records.contacts}
    colleagues = {someone.id: someone.name for row in recent for someone in row.people}
    return People(
        contacts=tuple(
            sorted(rows.values(), key=lambda row: (row.left_on is not None, -_number(row.seen_on), row.name))
        ),
        colleagues=tuple(
            sorted(
                (ColleagueRow(colleagues[number], seen_on, number) for number, seen_on in ours.items()),
                key=lambda row: (-_number(row.seen_on), row.name),
            )
        ),
        check_ins=len(recent),
        main_contact=rows.get(_most_seen([row for row in held if row.held_on > year_before(day)])),
    )


def _last_seen(seen: Iterable[tuple[Someone, date]]) -> dict[int, date]:
    latest: dict[int, date] = {}
    for someone, held_on in seen:
        latest[someone.id] = max(held_on, latest.get(someone.id, held_on))
    return latest


def _contact(contact: ContactRecord, seen_on: date | None, day: date) -> ContactRow:
    left_on = contact.left_on if contact.left_on is not None and contact.left_on <= day else None
    return ContactRow(
        contact.external_id, contact.name, contact.role, contact.decision_maker, left_on, seen_on, contact.access
    )


def _most_seen(held: Iterable[CheckInRecord]) -> int:
    """The contact in most of these check-ins, of several the one seen latest; 0 where nobody was."""
    rows = list(held)
    counts = Counter(someone.id for row in rows for someone in row.contacts)
    latest = _last_seen((someone, row.held_on) for row in rows for someone in row.contacts)
    return max(counts, key=lambda number: (counts[number], latest[number], -number), default=0)


def _number(day: date | None) -> int:
    return 0 if day is None else day.toordinal()
