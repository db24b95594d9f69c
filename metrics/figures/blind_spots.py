"""The four pitfalls, as what an agency does not see about its clients on a given day."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from metrics.figures.readiness import is_check_in_overdue

BlindSpot = Literal["no_value_tier", "no_industry", "check_in_overdue", "no_client_pulse", "comment_unanswered"]

PULSE_DAYS = 182
COMMENT_DAYS = 14


@dataclass(frozen=True, slots=True)
class ClientInSight:
    """What is known of one client on a day. Dates lie before that day; None: there was none."""

    value_tier: str
    industry: str
    in_scope: bool
    """Whether the client has scope on the day."""
    first_start: date | None
    last_check_in: date | None
    last_client_pulse: date | None
    """When somebody on the client's side last answered a pulse."""
    comment_waiting_since: date | None
    """The earliest client's comment after which neither reply nor check-in was recorded."""


def blind_spots(client: ClientInSight, interval: int, day: date) -> tuple[BlindSpot, ...]:
    """What we do not see about a client.

    `interval` between check-ins in days, by value tier. A client without scope on the day is asked
    nothing any more, so only what is missing from its description counts. Source: DOMAIN.md, 11:
    "clients without a value tier or industry; clients with an overdue check-in; clients with no
    client-side pulse in 182 days, or a client's comment unanswered for 14 days".
    """
    found: list[BlindSpot] = []
    if not client.value_tier:
        found.append("no_value_tier")
    if not client.industry:
        found.append("no_industry")
    if not client.in_scope:
        return tuple(found)
    if is_check_in_overdue(day, interval, client.last_check_in, client.first_start):
        found.append("check_in_overdue")
    if is_pulse_missing(day, client.last_client_pulse):
        found.append("no_client_pulse")
    if is_comment_unanswered(day, client.comment_waiting_since):
        found.append("comment_unanswered")
    return tuple(found)


def is_pulse_missing(day: date, last_answered: date | None) -> bool:
    """Whether nobody at the client has said how we are doing for half a year.

    Source: DOMAIN.md, 11: "no client-side pulse in 182 days": none in [day − 182 days, day).
    """
    return last_answered is None or last_answered < day - timedelta(days=PULSE_DAYS)


def is_comment_unanswered(day: date, waiting_since: date | None) -> bool:
    """Whether a client's comment has stood there for two weeks and nobody answered.

    Source: DOMAIN.md, 11: "a client's comment unanswered for 14 days (no reply and no check-in
    recorded after it)"; from the fourteenth day after it on.
    """
    return waiting_since is not None and (day - waiting_since).days >= COMMENT_DAYS


def is_chasing_new_business(brought_by_new: Decimal, grown_by_existing: Decimal) -> bool:
    """Whether new clients brought more in a quarter than the ones we had grew.

    Annual scope in the reporting currency: S(e) of the new clients, and S(e) − S(s) of the
    expanding ones. Source: DOMAIN.md, 11: "quarters in which new clients brought more annual value
    than existing ones grew".
    """
    return brought_by_new > grown_by_existing
