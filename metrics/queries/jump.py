"""Accounts and people by name, as one types it: beginnings of names first, then of words, then what is within."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from accounts.models import Client

MOST = 8
"""Of each kind, how many are found."""


@dataclass(frozen=True)
class AccountFound:
    """An account, with its figures of the last quarter that has ended. `pattern` blank, else None: no figure."""

    external_id: str
    name: str
    currency: str
    pattern: str
    attainment: Decimal | None
    annual_scope: Decimal | None
    begins: bool
    """Whether the name or one of its words begins with what was typed."""


@dataclass(frozen=True)
class PersonFound:
    """Somebody of the agency who leads accounts, with their number, or a contact, with the client and its id."""

    name: str
    person_id: int | None
    accounts: int
    external_id: str
    client: str
    role: str
    left_on: date | None


def folded(text: str) -> str:
    """Without accents and case, as `_FOLDED` has it in SQL."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in plain if not "\u0300" <= letter <= "\u036f").replace("ς", "σ")


_FOLDED = r"replace(regexp_replace(normalize(lower({name}), NFKD), '[\u0300-\u036f]', '', 'g'), 'ς', 'σ')"
_RANKED = """
SELECT {columns}, CASE
    WHEN %(words)s = '' THEN 2
    WHEN starts_with(words, %(words)s) THEN 0
    WHEN strpos(' ' || words, ' ' || %(words)s) > 0 THEN 1
    ELSE 2
END AS place
FROM (
    SELECT named.*, btrim(regexp_replace(folded, '[^[:alnum:]]+', ' ', 'g')) AS words
    FROM ({named}) AS named
) AS worded
WHERE strpos(folded, %(text)s) > 0 OR (%(words)s <> '' AND strpos(words, %(words)s) > 0)
ORDER BY place, folded, id
LIMIT %(most)s
"""

_ACCOUNTS = f"""
SELECT found.external_id, found.name, found.currency, coalesce(stored.pattern, ''), stored.attainment,
    stored.scope_end, found.place < 2
FROM (
    {
    _RANKED.format(
        columns="id, external_id, name, currency, folded",
        named=f'''
            SELECT id, external_id, name, currency, {_FOLDED.format(name="name")} AS folded
            FROM accounts_client WHERE id IN ({{visible}})
        ''',
    )
}
) AS found
LEFT JOIN LATERAL (
    SELECT pattern, attainment, scope_end
    FROM metrics_clientquarter AS quarter
    WHERE quarter.client_id = found.id AND quarter.listed AND NOT quarter.in_progress
    ORDER BY quarter.starts_on DESC
    LIMIT 1
) AS stored ON true
ORDER BY found.place, found.folded, found.id
"""  # noqa: S608  nothing in it was typed by anyone

_PEOPLE = _RANKED.format(
    columns="name, person_id, accounts, external_id, client, role, left_on",
    named=f"""
        SELECT person.id, person.name, person.id AS person_id, count(*) AS accounts, '' AS external_id, '' AS client,
            '' AS role, NULL::date AS left_on, {_FOLDED.format(name="person.name")} AS folded
        FROM (
            SELECT id, coalesce(nullif(name, ''), email) AS name FROM accounts_person
            WHERE is_active AND role <> 'contact'
        ) AS person
        JOIN accounts_client AS client ON client.account_manager_id = person.id AND client.id IN ({{visible}})
        GROUP BY person.id, person.name
        UNION ALL
        SELECT contact.id, contact.name, NULL, 0, client.external_id, client.name, contact.role, contact.left_on,
            {_FOLDED.format(name="contact.name")}
        FROM accounts_contact AS contact
        JOIN accounts_client AS client ON client.id = contact.client_id
        WHERE client.id IN ({{visible}})
    """,  # noqa: S608  nor in it
)


def accounts_called(clients: QuerySet[Client], text: str) -> tuple[AccountFound, ...]:
    """Those of the clients whose names go with the text, at most eight; none for a blank text. One query."""
    return tuple(AccountFound(*row) for row in _found(_ACCOUNTS, clients, text))


def people_called(clients: QuerySet[Client], text: str) -> tuple[PersonFound, ...]:
    """People who lead some of the clients, and contacts of them, likewise. One query."""
    return tuple(PersonFound(*row[:-1]) for row in _found(_PEOPLE, clients, text))


def _found(statement: str, clients: QuerySet[Client], text: str) -> list[tuple[Any, ...]]:
    plain = folded(text.strip())
    if not plain:
        return []
    try:
        visible, parameters = clients.order_by().values("id").query.sql_with_params()
    except EmptyResultSet:
        return []
    names = {f"visible_{place}": value for place, value in enumerate(parameters)}
    words = re.sub(r"[\W_]+", " ", plain).strip()
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(visible=visible % tuple(f"%({name})s" for name in names)),
            {"text": plain, "words": words, "most": MOST, **names},
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
