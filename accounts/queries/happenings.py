"""What happened, as one reads it: the rows of all histories and the audit's entries, brought together, in words."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import cache
from itertools import groupby
from typing import Any, cast

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from accounts.models import AuditEntry, CheckIn, Client, Contact, Goal, History, Person
from accounts.models.history import ADDED, CHANGED, REMOVED
from accounts.reader_locale import day_text

ENTRIES = "entry"
"""The kind under which the audit's own entries stand."""

NAMED_BY: Mapping[type[models.Model], str] = {
    Person: "coalesce(nullif(name, ''), email)",
    Client: "name",
    Contact: "name",
    Goal: "title",
    CheckIn: "held_on::text",
}
"""What a record that others point at is called, in SQL."""
CALLED = ("title", "subject", "name", "text", "summary", "email", "currency", "held_on", "effective_on", "started_on")
"""The fields by which a record is called, the first that it has."""
REFUSALS = (AuditEntry.Kind.REFUSED, AuditEntry.Kind.SIGN_IN_FAILED, AuditEntry.Kind.LOAD_REFUSED)
LONGEST_NAME = 80
ON_A_LEAF = 50


@dataclass(frozen=True)
class FieldChange:
    """One field, and what it was and is; blank where nothing is there."""

    words: str
    before: str
    after: str


@dataclass(frozen=True)
class Happening:
    """One thing that happened."""

    at: datetime
    kind: str
    what: str
    """Such as `Goal changed`."""
    name: str
    """What it happened to, as it was called then."""
    who: str
    client: str
    client_id: str
    """The id in addresses; blank where there is none any more."""
    changes: tuple[FieldChange, ...]
    said: str
    """What else there is to say of it."""
    why: str
    address: str
    path: str
    is_refusal: bool
    place: str
    """Where it stands among the others, for whoever goes on after it."""

    @property
    def day(self) -> date:
        """The day on the clock in force."""
        return timezone.localtime(self.at).date()


@dataclass(frozen=True)
class Place:
    """One happening among the others: they are in the order of these three, the latest first."""

    at: datetime
    kind: str
    id: int

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """The place that `str` wrote; None for anything else."""
        at, _bar, rest = text.partition("|")
        kind, _bar, number = rest.partition("|")
        try:
            moment = parse_datetime(at)
        except ValueError:
            return None
        if moment is None or timezone.is_naive(moment) or kind not in sources():
            return None
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            return None
        return cls(moment, kind, int(number))

    def __str__(self) -> str:
        return f"{self.at.isoformat()}|{self.kind}|{self.id}"


@dataclass(frozen=True)
class Wanted:
    """What one looks for. Blank and None: everything."""

    kinds: frozenset[str] = frozenset()
    """Of `sources()`, or of AuditEntry.Kind."""
    who: str = ""
    account: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """The moment before which it happened."""
    after: Place | None = None
    """Where to go on."""
    records: tuple[tuple[str, str, int], ...] = ()
    """Of these records alone: the kind, the column that names them, and their id."""
    on_client: int | None = None


@dataclass(frozen=True)
class Counts:
    """How much of it there is."""

    changes: int
    people: int
    sign_ins: int
    failed: int
    refused: int


@dataclass(frozen=True)
class _Row:
    kind: str
    id: int
    at: datetime
    label: str
    client_id: int | None
    by: int | None
    context: Mapping[str, Any]
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@cache
def sources() -> Mapping[str, type[models.Model]]:
    """All that is told from, by kind: each history by what it is of, and the entries."""
    histories = sorted((one for one in apps.get_models() if issubclass(one, History)), key=lambda one: one._meta.label)
    return {**{tracked(one)._meta.label_lower: one for one in histories}, ENTRIES: AuditEntry}


def tracked(history: type[models.Model]) -> type[models.Model]:
    """What a history is of."""
    return cast(type[models.Model], history.pgh_tracked_model)  # type: ignore[attr-defined]


def happenings(wanted: Wanted, most: int) -> tuple[Happening, ...]:
    """The latest that one looks for, at most so many. Two queries."""
    with connection.cursor() as cursor:
        query, parameters = _query(wanted, most)
        cursor.execute(query, parameters)
        rows = [_row(*found) for found in cursor.fetchall()]
    return _in_words(rows)


@dataclass(frozen=True)
class Leaf:
    """One page of what happened: its days, the latest first, and the place to go on at; None where that is all."""

    days: tuple[tuple[date, tuple[Happening, ...]], ...]
    older: str | None


def leaf(wanted: Wanted, zone: tzinfo | None) -> Leaf:
    """The latest that one looks for, by days on that clock. Two queries."""
    with timezone.override(zone):
        found = happenings(wanted, ON_A_LEAF + 1)
        shown = found[:ON_A_LEAF]
        days = tuple((day, tuple(rows)) for day, rows in groupby(shown, key=lambda one: one.day))
    return Leaf(days, shown[-1].place if len(found) > ON_A_LEAF else None)


def all_happenings(wanted: Wanted, at_once: int = 1000) -> Iterator[Happening]:
    """All that one looks for, however many, some at a time."""
    after = wanted.after
    while True:
        found = happenings(_going_on(wanted, after), at_once)
        yield from found
        if len(found) < at_once:
            return
        after = Place.read(found[-1].place)


def counts(wanted: Wanted) -> Counts:
    """How much there is of what one looks for. One query."""
    branches, parameters = [], []
    for kind in _branches(wanted):
        conditions, values = _conditions(wanted, kind)
        columns = "kind, person_id AS by" if kind == ENTRIES else "'' AS kind, pgh_by_id AS by"
        branches.append(f"SELECT {columns} FROM {_table(kind)} WHERE {conditions}")
        parameters += values
    if not branches:
        return Counts(0, 0, 0, 0, 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE kind = ''), count(DISTINCT by) FILTER (WHERE kind = ''),"
            " count(*) FILTER (WHERE kind = 'signed_in'), count(*) FILTER (WHERE kind = 'sign_in_failed'),"
            f" count(*) FILTER (WHERE kind = 'refused') FROM ({' UNION ALL '.join(branches)}) happened",
            parameters,
        )
        return Counts(*cursor.fetchone())


def _going_on(wanted: Wanted, after: Place | None) -> Wanted:
    return Wanted(**{**vars(wanted), "after": after})


# Asking


def _branches(wanted: Wanted) -> list[str]:
    """The sources that what one looks for can be in."""
    if wanted.records:
        return [kind for kind in sources() if any(kind == one for one, _column, _id in wanted.records)]
    if not wanted.kinds:
        return list(sources())
    entries = {str(kind) for kind in AuditEntry.Kind} & wanted.kinds
    return [kind for kind in sources() if kind in wanted.kinds or (kind == ENTRIES and entries)]


def _table(kind: str) -> str:
    return connection.ops.quote_name(sources()[kind]._meta.db_table)


def _query(wanted: Wanted, most: int) -> tuple[str, list[Any]]:
    """The latest of each source, and of those the latest: however much there is, so many rows of each are read."""
    branches: list[str] = []
    parameters: list[Any] = []
    for kind in _branches(wanted):
        conditions, values = _conditions(wanted, kind)
        if kind == ENTRIES:
            columns = (
                "id, happened_at AS at, kind AS label, client_id, person_id AS by, context,"
                " NULL::jsonb AS before, details AS after"
            )
            order = "happened_at DESC, id DESC"
        else:
            client = "client_id" if _has_client(kind) else "NULL::bigint AS client_id"
            columns = (
                f"pgh_id AS id, pgh_created_at AS at, pgh_label AS label, {client}, pgh_by_id AS by,"
                " pgh_context AS context, pgh_before AS before, to_jsonb(happened) AS after"
            )
            order = "pgh_created_at DESC, pgh_id DESC"
        branches.append(
            f"(SELECT %s AS source, {columns} FROM {_table(kind)} happened"
            f" WHERE {conditions} ORDER BY {order} LIMIT {int(most)})"
        )
        parameters += [kind, *values]
    if not branches:
        return "SELECT 1 WHERE false", []
    return (
        f"SELECT * FROM ({' UNION ALL '.join(branches)}) happened"
        f' ORDER BY at DESC, source COLLATE "C" DESC, id DESC LIMIT {int(most)}',
        parameters,
    )


def _conditions(wanted: Wanted, kind: str) -> tuple[str, list[Any]]:
    """What a row of this source has to be. Names come from the models, values are parameters."""
    is_entry = kind == ENTRIES
    at, number, by = ("happened_at", "id", "person_id") if is_entry else ("pgh_created_at", "pgh_id", "pgh_by_id")
    conditions: list[str] = ["true"]
    values: list[Any] = []

    def must(condition: str, *given: Any) -> None:
        conditions.append(condition)
        values.extend(given)

    if wanted.since:
        must(f"{at} >= %s", wanted.since)
    if wanted.until:
        must(f"{at} < %s", wanted.until)
    if wanted.after:
        place = wanted.after
        if kind == place.kind:
            must(f"({at}, {number}) < (%s, %s)", place.at, place.id)
        else:
            must(f"{at} {'<=' if kind < place.kind else '<'} %s", place.at)
    if is_entry and wanted.kinds and ENTRIES not in wanted.kinds:
        must("kind = ANY (%s)", sorted(wanted.kinds))
    if wanted.who:
        like = f"%{_plain(wanted.who)}%"
        must(f"{by} IN (SELECT id FROM accounts_person WHERE name ILIKE %s OR email ILIKE %s)", like, like)
    if wanted.account:
        if is_entry or _has_client(kind):
            like = f"%{_plain(wanted.account)}%"
            must(
                "client_id IN (SELECT id FROM accounts_client WHERE name ILIKE %s OR external_id = %s)",
                like,
                wanted.account,
            )
        else:
            must("false")
    if wanted.on_client is not None:
        must("client_id = %s", wanted.on_client) if is_entry or _has_client(kind) else must("false")
    if wanted.records:
        of = [(column, record) for one, column, record in wanted.records if one == kind]
        must(f"({' OR '.join(f'{column} = %s' for column, _record in of)})", *(record for _column, record in of))
    return " AND ".join(conditions), values


def _plain(text: str) -> str:
    """The text as LIKE takes it by its letters."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _has_client(kind: str) -> bool:
    return any(one.name == "client" for one in sources()[kind]._meta.fields)


def _row(
    kind: str,
    number: int,
    at: datetime,
    label: str,
    client_id: int | None,
    by: int | None,
    context: str | None,
    before: str | None,
    after: str,
) -> _Row:
    read = [json.loads(text, parse_float=str) if text else {} for text in (context, before, after)]
    return _Row(kind, number, at, label, client_id, by, *read)


# Saying


@dataclass
class _Names:
    """What the records that are pointed at are called now."""

    called: dict[tuple[type[models.Model], int], str] = field(default_factory=dict)
    addresses: dict[int, str] = field(default_factory=dict)

    def of(self, model: type[models.Model], number: object) -> str:
        """Its name; its number where it is gone."""
        if number is None:
            return ""
        return self.called.get((model, int(str(number))), _("no. %(number)s, no longer there") % {"number": number})


def _in_words(rows: Sequence[_Row]) -> tuple[Happening, ...]:
    names = _names(rows)
    return tuple(_said_of_entry(row, names) if row.kind == ENTRIES else _said_of_change(row, names) for row in rows)


def _names(rows: Sequence[_Row]) -> _Names:
    """What all that the rows point at is called, in one query."""
    wanted: dict[type[models.Model], set[int]] = {Person: set(), Client: set()}
    for row in rows:
        if row.by:
            wanted[Person].add(row.by)
        if row.client_id:
            wanted[Client].add(row.client_id)
        for one in _kept(row.kind):
            target: Any = one.related_model
            if isinstance(one, models.ForeignKey) and target in NAMED_BY:
                pointed = (row.before.get(one.column), row.after.get(one.column))
                wanted.setdefault(target, set()).update(int(number) for number in pointed if number)
    branches: list[str] = []
    parameters: list[Any] = []
    for model, numbers in wanted.items():
        if numbers:
            address = "external_id" if model is Client else "''"
            branches.append(
                f"SELECT %s, id, {NAMED_BY[model]}, {address} FROM {connection.ops.quote_name(model._meta.db_table)}"
                " WHERE id = ANY (%s)"
            )
            parameters += [model._meta.label, sorted(numbers)]
    names = _Names()
    if branches:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(branches), parameters)
            for label, number, called, address in cursor.fetchall():
                model = apps.get_model(label)
                names.called[model, number] = day_text(date.fromisoformat(called)) if model is CheckIn else called
                if model is Client:
                    names.addresses[number] = address
    return names


@cache
def _kept(kind: str) -> tuple[models.Field[Any, Any], ...]:
    """The fields of a record whose changes are told."""
    if kind == ENTRIES:
        return ()
    history = sources()[kind]
    names: tuple[str, ...] = history.pgh_fields  # type: ignore[attr-defined]
    return tuple(cast(Any, tracked(history)._meta.get_field(name)) for name in names if name != "external_id")


def _said_of_change(row: _Row, names: _Names) -> Happening:
    model = tracked(sources()[row.kind])
    changes = []
    for one in _kept(row.kind):
        # Whose it is is said above it.
        if one.name == "client" and model is not Client:
            continue
        after = row.after.get(one.column) if row.label != REMOVED else None
        before = row.before.get(one.column) if row.label == CHANGED else row.after.get(one.column)
        if row.label == ADDED:
            before = None
        said = value_in_words(one, before, names), value_in_words(one, after, names)
        # Where something begins or ends, what it was not goes without saying.
        is_told = any(said) if row.label == CHANGED else bool(before or after)
        if before != after and is_told:
            changes.append(FieldChange(str(capfirst(str(one.verbose_name))), *said))
    record = str(capfirst(str(model._meta.verbose_name)))
    what = {
        ADDED: pgettext("audit", "%(record)s added"),
        CHANGED: pgettext("audit", "%(record)s changed"),
        REMOVED: pgettext("audit", "%(record)s removed"),
    }[row.label] % {"record": record}
    return _happening(row, names, what=what, name=_called(row, model, names), changes=tuple(changes))


def _called(row: _Row, model: type[models.Model], names: _Names) -> str:
    """What the record was called: by its own words, or by whom or what it points at."""
    kept = {one.name: one for one in _kept(row.kind)}
    if model is Client:
        return str(row.after.get("name", ""))
    if "person" in kept and "title" not in kept and "name" not in kept:
        return value_in_words(kept["person"], row.after.get("person_id"), names)
    for name in ("contact", "kind", "standing", "section"):
        if name in kept and "name" not in kept:
            return value_in_words(kept[name], row.after.get(kept[name].column), names)
    for name in CALLED:
        if name in kept and (text := value_in_words(kept[name], row.after.get(name), names)):
            return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1].rstrip() + "…"
    return ""


def value_in_words(of: models.Field[Any, Any], value: Any, names: _Names | None = None) -> str:
    """A field's value as one reads it; blank where there is none."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(of, models.ForeignKey):
        return (names or _Names()).of(cast(type[models.Model], of.related_model), value)
    if isinstance(of, ArrayField):
        return ", ".join(value_in_words(of.base_field, one, names) for one in value)
    if of.choices:
        return str(dict(of.flatchoices).get(value, value))
    if isinstance(of, models.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(of, models.DateTimeField):
        moment = parse_datetime(str(value))
        return f"{day_text(timezone.localtime(moment).date())}, {timezone.localtime(moment):%H:%M}" if moment else ""
    if isinstance(of, models.DateField):
        return day_text(date.fromisoformat(str(value)))
    return str(value)


def _happening(
    row: _Row,
    names: _Names,
    *,
    what: str,
    name: str = "",
    changes: tuple[FieldChange, ...] = (),
    said: str = "",
) -> Happening:
    is_of_client = row.client_id is not None
    return Happening(
        at=row.at,
        kind=row.kind,
        what=what,
        name=name,
        who=_who(row, names),
        client=names.of(Client, row.client_id) if is_of_client else "",
        client_id=names.addresses.get(row.client_id, "") if row.client_id else "",
        changes=changes,
        said=said,
        why=str(row.context.get("why") or ""),
        address=str(row.context.get("address") or ""),
        path=str(row.context.get("path") or ""),
        is_refusal=row.label in REFUSALS,
        place=str(Place(row.at, row.kind, row.id)),
    )


def _who(row: _Row, names: _Names) -> str:
    """Who it was: a person, a program, or somebody who was not signed in."""
    if row.context.get("name"):
        return str(row.context["name"])
    if row.by:
        return names.of(Person, row.by)
    program = row.context.get("program")
    if not program:
        return _("Somebody in the database itself")
    if program == "web":
        return _("Somebody who was not signed in")
    return _("The program, %(name)s") % {"name": program}


# The audit's own entries

_WAYS = {
    "password": gettext_lazy("by password"),
    "code": gettext_lazy("by a code sent by mail"),
    "invitation": gettext_lazy("by an invitation"),
    "mfa": gettext_lazy("with a second factor"),
    "totp": gettext_lazy("with an authenticator"),
    "webauthn": gettext_lazy("with a passkey"),
    "recovery_codes": gettext_lazy("with a recovery code"),
}


def _said_of_entry(row: _Row, names: _Names) -> Happening:
    kind = AuditEntry.Kind(row.label)
    details = row.after
    said = ""
    changes: tuple[FieldChange, ...] = ()
    if kind == AuditEntry.Kind.SIGNED_IN:
        said = ", ".join(str(_WAYS.get(way, way)) for way in details.get("ways", ()))
    elif kind == AuditEntry.Kind.SIGN_IN_FAILED:
        said = _failure(details)
    elif kind == AuditEntry.Kind.SESSIONS_ENDED:
        count = int(details.get("sessions", 0))
        said = ngettext("%(count)s session", "%(count)s sessions", count) % {"count": count}
    elif kind == AuditEntry.Kind.REFUSED:
        said = _refusal(details)
    elif kind == AuditEntry.Kind.LOADED:
        said, changes = _load(details)
    elif kind == AuditEntry.Kind.LOAD_REFUSED:
        said, changes = _refused_load(details)
    elif kind == AuditEntry.Kind.SAMPLE:
        count = int(details.get("clients", 0))
        if details.get("filled"):
            said = ngettext("filled in, %(count)s client", "filled in, %(count)s clients", count) % {"count": count}
        else:
            said = ngettext("taken out, %(count)s client", "taken out, %(count)s clients", count) % {"count": count}
    elif kind == AuditEntry.Kind.ACCESS:
        said = " · ".join(filter(None, (str(details.get("change", "")), str(details.get("way", "")))))
    elif kind == AuditEntry.Kind.TAKEN_ALONG:
        said = str(details.get("what", ""))
    name = str(details.get("of", ""))
    return _happening(row, names, what=str(kind.label), name=name, changes=changes, said=said)


def _failure(details: Mapping[str, Any]) -> str:
    """Why somebody did not come in."""
    if details.get("shut"):
        said = _("too many tries")
    elif details.get("passkey"):
        said = _("a passkey that is nobody’s here")
    elif not details.get("known", True):
        said = _("an e-mail that nobody here has")
    else:
        said = _("a wrong code") if details.get("code") else _("a wrong password")
    return _in_one_go(said, details)


def _refusal(details: Mapping[str, Any]) -> str:
    said = {
        403: _("not allowed"),
        404: _("a page that is not there for them"),
        429: _("too many tries"),
    }.get(int(details.get("status", 0)), "")
    if details.get("of_another"):
        said = _("an account that is not theirs to see")
    return _in_one_go(said, details)


def _in_one_go(said: str, details: Mapping[str, Any]) -> str:
    times = int(details.get("times", 1))
    return said if times == 1 else _("%(said)s; %(times)s times in a row") % {"said": said, "times": f"{times:,}"}


def _load(details: Mapping[str, Any]) -> tuple[str, tuple[FieldChange, ...]]:
    files: Iterable[Mapping[str, Any]] = details.get("files", ())
    changes = tuple(
        FieldChange(
            str(one["file"]),
            "",
            _("%(created)s created, %(updated)s updated, %(unchanged)s unchanged; SHA-256 %(hash)s")
            % {
                "created": f"{one['created']:,}",
                "updated": f"{one['updated']:,}",
                "unchanged": f"{one['unchanged']:,}",
                "hash": one["sha256"],
            },
        )
        for one in files
    )
    count = len(changes)
    return ngettext("%(count)s file", "%(count)s files", count) % {"count": count}, changes


def _refused_load(details: Mapping[str, Any]) -> tuple[str, tuple[FieldChange, ...]]:
    files: Iterable[Mapping[str, Any]] = details.get("files", ())
    changes = tuple(
        FieldChange(
            str(one["file"]),
            "",
            ngettext(
                "%(count)s row refused; SHA-256 %(hash)s", "%(count)s rows refused; SHA-256 %(hash)s", one["refused"]
            )
            % {"count": f"{one['refused']:,}", "hash": one["sha256"] or "—"},
        )
        for one in files
    )
    count = int(details.get("problems", 0))
    said = ngettext("nothing was written: %(count)s problem", "nothing was written: %(count)s problems", count)
    return said % {"count": f"{count:,}"}, changes
