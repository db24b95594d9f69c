"""What the frame around a page shows, in one statement: how fresh the figures are, and what one person has at hand."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from accounts import access
from accounts.models import Client, Person
from accounts.models.settings import ZONE_AT
from accounts.settings_in_force import SettingHistory, SettingVersion
from metrics.figures.needs import (
    AccountAtHand,
    Advice,
    AskedPulse,
    ContactAtClient,
    Need,
    PatternAt,
    Term,
    Word,
    needs,
)
from metrics.queries.freshness import FRESHNESS, Freshness, told

PINS_SHOWN = 8

# Who is asked for; which day it is where the agency is; which accounts are this person's. Then what the rules of
# figures/needs.py take, an account a row. A row of the ledger counts here from its own day on: whoever records
# today what was asked for is not asked again. DOMAIN.md, 3: annual scope at a day, of which only whether it is
# above zero is wanted. Of the quarter in progress, a client's own answers are closed to whoever has still to answer
# for the agency (DOMAIN.md, 7): so are the comments beside them, and to them alone their own pulse is asked for.
_AT_HAND = """
mine AS MATERIALIZED ({mine}),

today AS MATERIALIZED (
    SELECT clock.day, clock.zone, (
        date_trunc('month', clock.day) - make_interval(months => (extract(month FROM clock.day)::int + 12 - coalesce((
            SELECT setting.value::numeric::int FROM accounts_setting AS setting
            WHERE setting.name = 'fiscal_year_month'
            ORDER BY setting.effective_on DESC
            LIMIT 1
        ), 1)) %% 3)
    )::date AS quarter_start
    FROM (
        SELECT (%(now)s::timestamptz AT TIME ZONE in_force.zone)::date AS day, in_force.zone
        FROM (SELECT {zone} AS zone) AS in_force
    ) AS clock
),

closed AS MATERIALIZED ({closed}),

ledger AS (
    SELECT change.*
    FROM accounts_scopechange AS change
    WHERE
        change.client_id IN (SELECT id FROM mine)
        AND change.reverses_id IS NULL
        AND NOT EXISTS (SELECT FROM accounts_scopechange AS reversal WHERE reversal.reverses_id = change.id)
),

engagement AS (
    SELECT
        ledger.client_id,
        engagement.external_id,
        engagement.name,
        min(ledger.effective_on) FILTER (WHERE ledger.kind = 'start') AS started_on,
        bool_or(ledger.kind = 'end') AS ends,
        (
            array_agg(ledger.ends_on ORDER BY ledger.effective_on DESC, ledger.ends_on DESC)
            FILTER (WHERE ledger.ends_on IS NOT NULL)
        )[1] AS ends_on,
        sum(ledger.value_delta) FILTER (
            WHERE
                ledger.kind <> 'price'
                AND ledger.effective_on <= today.day
                AND (
                    engagement.billing = 'retainer'
                    OR ledger.effective_on >= today.day - interval '1 year'
                    OR ended.effective_on IS NULL
                    OR ended.effective_on > today.day
                )
                AND NOT coalesce(engagement.billing = 'retainer' AND ended.effective_on <= today.day, false)
        ) > 0 AS in_scope
    FROM ledger
    CROSS JOIN today
    JOIN accounts_engagement AS engagement ON engagement.id = ledger.engagement_id
    LEFT JOIN ledger AS ended ON ended.engagement_id = ledger.engagement_id AND ended.kind = 'end'
    GROUP BY ledger.client_id, engagement.id
),

at_hand AS (
    SELECT
        client.external_id,
        client.name,
        client.value_tier,
        (SELECT coalesce(bool_or(engagement.in_scope), false) FROM engagement WHERE client_id = client.id) AS in_scope,
        (SELECT min(engagement.started_on) FROM engagement WHERE client_id = client.id) AS first_start,
        (
            SELECT max(check_in.held_on) FROM accounts_checkin AS check_in
            WHERE check_in.client_id = client.id AND check_in.held_on <= today.day
        ) AS last_check_in,
        (
            SELECT jsonb_agg(jsonb_build_array(engagement.external_id, engagement.name, engagement.ends_on))
            FROM engagement
            WHERE engagement.client_id = client.id AND NOT engagement.ends AND engagement.started_on <= today.day
        ) AS terms,
        (
            SELECT jsonb_agg(jsonb_build_array(contact.name, contact.decision_maker, contact.left_on))
            FROM accounts_contact AS contact
            WHERE contact.client_id = client.id
        ) AS contacts,
        (
            SELECT jsonb_agg(jsonb_build_array(advice.external_id, advice.subject, advice.expected_by))
            FROM accounts_recommendation AS advice
            WHERE advice.client_id = client.id AND advice.outcome = '' AND advice.expected_by <= today.day
        ) AS advice,
        (
            SELECT jsonb_agg(jsonb_build_array(said.kind, said.day, said.who, said.words, said.record))
            FROM (
                SELECT
                    'comment' AS kind,
                    (comment.written_at AT TIME ZONE today.zone)::date AS day,
                    comment.signature AS who,
                    left(comment.body, 200) AS words,
                    comment.external_id AS record
                FROM accounts_comment AS comment
                WHERE
                    comment.client_id = client.id
                    AND comment.side = 'client'
                    AND NOT EXISTS (
                        SELECT FROM accounts_comment AS later
                        WHERE
                            later.client_id = client.id
                            AND later.replies_to_id = coalesce(comment.replies_to_id, comment.id)
                            AND later.written_at > comment.written_at
                    )
                    AND NOT EXISTS (
                        SELECT FROM accounts_checkin AS held
                        WHERE
                            held.client_id = client.id
                            AND held.held_on >= (comment.written_at AT TIME ZONE today.zone)::date
                            AND held.held_on <= today.day
                    )
                UNION ALL
                SELECT
                    'pulse_comment',
                    pulse.answered_on,
                    coalesce((
                        SELECT contact.name FROM accounts_contact AS contact
                        WHERE contact.client_id = client.id AND contact.email = pulse.respondent
                        ORDER BY contact.id
                        LIMIT 1
                    ), pulse.respondent),
                    left(pulse.comment, 200),
                    ''
                FROM accounts_pulse AS pulse
                WHERE
                    pulse.client_id = client.id
                    AND pulse.side = 'client'
                    AND pulse.confidential IS NOT TRUE
                    AND pulse.comment <> ''
                    AND pulse.answered_on <= today.day
                    AND (pulse.answered_on < today.quarter_start OR client.id NOT IN (SELECT id FROM closed))
                    AND NOT EXISTS (
                        SELECT FROM accounts_checkin AS held
                        WHERE
                            held.client_id = client.id
                            AND held.held_on >= pulse.answered_on
                            AND held.held_on <= today.day
                    )
                UNION ALL
                SELECT
                    'follow_up',
                    (wanted.asked_at AT TIME ZONE today.zone)::date,
                    wanted.asked_as,
                    left(wanted.subject, 200),
                    wanted.external_id
                FROM accounts_followup AS wanted
                WHERE wanted.client_id = client.id AND wanted.answered_at IS NULL
                UNION ALL
                SELECT
                    'goal_agreed',
                    agreement.agreed_on,
                    coalesce(contact.name, ''),
                    goal.title,
                    goal.external_id
                FROM accounts_goalagreement AS agreement
                JOIN accounts_goal AS goal ON goal.id = agreement.goal_id
                LEFT JOIN accounts_contact AS contact ON contact.person_id = agreement.agreed_by_id
                WHERE agreement.client_id = client.id AND agreement.agreed_on > today.day - 7
            ) AS said
        ) AS words,
        (
            SELECT jsonb_build_array(
                request.answer_by, CASE WHEN request.asked_by_id = %(person)s THEN '' ELSE request.asked_as END
            )
            FROM accounts_pulserequest AS request
            WHERE
                request.client_id = client.id
                AND request.side = 'agency'
                AND request.person_id = %(person)s
                AND request.starts_on = today.quarter_start
                AND client.id IN (SELECT id FROM closed)
        ) AS pulse,
        (
            SELECT jsonb_agg(jsonb_build_array(latest.quarter, latest.starts_on, latest.ends_on, latest.pattern))
            FROM (
                SELECT stored.quarter, stored.starts_on, stored.ends_on, stored.pattern
                FROM metrics_clientquarter AS stored
                WHERE stored.client_id = client.id AND stored.listed AND NOT stored.in_progress
                ORDER BY stored.starts_on DESC
                LIMIT 2
            ) AS latest
        ) AS patterns
    FROM accounts_client AS client
    CROSS JOIN today
    WHERE client.id IN (SELECT id FROM mine)
)
"""

# An account at hand carries its pattern at the end of the last quarter that has ended.
_FRAME = """
WITH {at_hand}

SELECT
    (SELECT day FROM today),
    (SELECT zone FROM today),
    (SELECT jsonb_agg(to_jsonb(at_hand)) FROM at_hand),
    (
        SELECT jsonb_agg(jsonb_build_array(setting.name, setting.effective_on, setting.value))
        FROM accounts_setting AS setting
        WHERE setting.name LIKE 'interval\\_%%'
    ),
    (
        SELECT jsonb_agg(jsonb_build_array(pinned.external_id, pinned.name, pinned.pattern))
        FROM (
            SELECT client.external_id, client.name, (
                SELECT stored.pattern
                FROM metrics_clientquarter AS stored
                WHERE stored.client_id = client.id AND stored.listed AND NOT stored.in_progress
                ORDER BY stored.starts_on DESC
                LIMIT 1
            ) AS pattern
            FROM accounts_pin AS pin
            JOIN accounts_client AS client ON client.id = pin.client_id
            WHERE pin.person_id = %(person)s AND client.id IN ({visible})
            ORDER BY lower(client.name), client.id
            LIMIT %(pins)s
        ) AS pinned
    ),
    EXISTS (SELECT FROM accounts_pin AS pin WHERE pin.person_id = %(person)s AND pin.client_id = %(client)s),
    EXISTS (SELECT FROM accounts_client AS client WHERE client.sample),
    freshness.*
FROM ({freshness}) AS freshness
"""

_ZONE = ZONE_AT.format(moment="%(now)s::timestamptz")
_SINCE = RawSQL("(SELECT quarter_start FROM today)", ())
_UNTIL = RawSQL("(SELECT (quarter_start + interval '3 months')::date FROM today)", ())
"""When the quarter in progress is, within the statement above."""


@dataclass(frozen=True)
class Pinned:
    """An account that somebody has pinned, with its latest pattern; blank: none yet."""

    external_id: str
    name: str
    pattern: str


@dataclass(frozen=True)
class Framed:
    """What the frame shows one person. `accounts` are their own, by name; `needs` what those ask for today."""

    today: date
    """Where the agency is."""
    zone: ZoneInfo
    """Of its clock."""
    freshness: Freshness
    accounts: tuple[AccountAtHand, ...] = ()
    needs: tuple[Need, ...] = ()
    pinned: tuple[Pinned, ...] = ()
    is_pinned: bool = False
    """Whether the client that was asked for is among this person's pins, shown or not."""
    has_sample: bool = False
    """Whether the sample agency is among the records."""

    @property
    def accounts_in_need(self) -> int:
        """How many of the accounts ask for something."""
        return len({need.external_id for need in self.needs})


def framed(now: datetime, user: access.User, client_id: int | None = None) -> Framed:
    """What the frame shows this person, and with a client how fresh its own figures are. One statement."""
    mine = _ids(access.own_clients(user), "mine")
    closed = _ids(access.own_clients(user).filter(access.are_answers_closed(user, "pk", _SINCE, _UNTIL)), "closed")
    visible = _ids(access.visible_clients(user), "visible")
    at_hand = _AT_HAND.format(mine=mine.text, closed=closed.text, zone=_ZONE)
    statement = _FRAME.format(at_hand=at_hand, visible=visible.text, freshness=FRESHNESS)
    person = user.pk if isinstance(user, Person) else None
    parameters = {"now": now, "client": client_id, "person": person, "pins": PINS_SHOWN}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**parameters, **mine.parameters, **closed.parameters, **visible.parameters})
        today, zone, *documents, is_pinned, has_sample, as_of, chosen, finished_at, waiting, failed = cursor.fetchone()
    accounts, settings, pinned = (json.loads(document) if document else () for document in documents)
    history = _settings(settings)
    found = sorted((_at_hand(row, history, today) for row in accounts), key=lambda one: one.name.casefold())
    return Framed(
        today=today,
        zone=ZoneInfo(zone),
        freshness=told((as_of, chosen, finished_at, waiting, failed), now),
        accounts=tuple(found),
        needs=needs(found, today),
        pinned=tuple(Pinned(external_id, name, pattern or "") for external_id, name, pattern in pinned),
        is_pinned=is_pinned,
        has_sample=has_sample,
    )


@dataclass(frozen=True)
class _Ids:
    """Clients as a part of a statement that takes its parameters by name."""

    text: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


def _ids(clients: QuerySet[Client], word: str) -> _Ids:
    try:
        text, parameters = clients.order_by().values("id").query.sql_with_params()
    except EmptyResultSet:
        return _Ids("SELECT NULL::bigint AS id WHERE false")
    names = [f"{word}_{place}" for place in range(len(parameters))]
    return _Ids(text % tuple(f"%({name})s" for name in names), dict(zip(names, parameters, strict=True)))


def _settings(rows: Iterable[tuple[str, str, str]]) -> SettingHistory:
    return SettingHistory(SettingVersion(name, date.fromisoformat(on), value) for name, on, value in rows)


def _at_hand(row: Mapping[str, Any], history: SettingHistory, today: date) -> AccountAtHand:
    tier = str(row["value_tier"]).lower() or "unset"
    return AccountAtHand(
        external_id=row["external_id"],
        name=row["name"],
        in_scope=row["in_scope"],
        interval=history.whole_at(f"interval_{tier}", today + timedelta(days=1)),
        first_start=_day(row["first_start"]),
        last_check_in=_day(row["last_check_in"]),
        terms=tuple(Term(id_, name, _day(ends_on)) for id_, name, ends_on in row["terms"] or ()),
        contacts=tuple(
            ContactAtClient(name, bool(decides), _day(left_on)) for name, decides, left_on in row["contacts"] or ()
        ),
        advice=tuple(
            Advice(id_, subject, date.fromisoformat(expected)) for id_, subject, expected in row["advice"] or ()
        ),
        patterns=tuple(
            PatternAt(quarter, date.fromisoformat(starts_on), date.fromisoformat(ends_on), pattern)
            for quarter, starts_on, ends_on, pattern in row["patterns"] or ()
        ),
        words=tuple(
            Word(kind, date.fromisoformat(day), who, said, record)
            for kind, day, who, said, record in row["words"] or ()
        ),
        pulse=AskedPulse(date.fromisoformat(row["pulse"][0]), row["pulse"][1]) if row["pulse"] else None,
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
