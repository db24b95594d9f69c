"""The act of keeping what a client's people open and do on their pages."""

from django.db import connection

from accounts.models import PortalVisit

APART_MINUTES = 30
"""The same thing opened again within so many minutes is one visit."""


def keep(client_id: int, person_id: int, what: PortalVisit.What) -> None:
    """Keeps that this person did this, unless the same was kept a moment ago. One statement.

    Behind the wall, where one adds visits in one's own name and reads no others. Never for an answer given
    confidentially: of that not even its day is told (DOMAIN.md, 7).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_portalvisit (client_id, person_id, what)"
            " SELECT %(client)s, %(person)s, %(what)s WHERE NOT EXISTS ("
            " SELECT FROM accounts_portalvisit AS visit WHERE visit.client_id = %(client)s"
            " AND visit.person_id = %(person)s AND visit.what = %(what)s"
            " AND visit.at > statement_timestamp() - make_interval(mins => %(apart)s))",
            {"client": client_id, "person": person_id, "what": str(what), "apart": APART_MINUTES},
        )
