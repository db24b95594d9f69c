"""The outbox: mail is posted here by a key of its own, in the transaction of what it tells of, and sent by a worker.

What was not committed is not sent; what is posted twice is one mail. How it leaves is said in `accounts.mailing`.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import validate_email
from django.db import connection, transaction
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from accounts.models import Agency, Client
from accounts.publishing import publish
from accounts.reader_locale import in_locale
from accounts.tasks import send_mail

LONGEST_SUBJECT = 500
LET_IN = frozenset({"invitation", "sign_in_code"})
"""The templates whose mail holds a code or a link that lets its reader in."""

_POST = """
INSERT INTO accounts_mail (key, kind, "to", language, subject, text, html, secret, client_id, good_until)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""


def post(
    key: str,
    template: str,
    to: str,
    language: str,
    context: Mapping[str, object],
    client: Client | None = None,
    good_until: datetime | None = None,
) -> bool:
    """Puts a mail into the outbox, written in that language, and returns whether it is new.

    `key` says what it tells whom, such as `pulse-request:81:invite`: a second mail by a key that was used is none.
    `template` names three files, templates/mail/<template>.subject.txt, .txt and .html. Blank as a language is
    English. A mail that has not left by `good_until` never does. ValidationError for an address that can't be one.
    """
    validate_email(to)
    subject, text, html = written(template, language, {"to": to, **context})
    of = client.pk if client else None
    with connection.cursor() as cursor:
        # Without naming what may conflict, which a client's people, who may post, have no right to look at.
        cursor.execute(
            _POST, [key, template, to, language or "en", subject, text, html, template in LET_IN, of, good_until]
        )
        is_new: bool = cursor.rowcount == 1
    if is_new:
        transaction.on_commit(_have_it_sent, robust=True)
    return is_new


def post_to_team(key: str, template: str, context: Mapping[str, object], client: Client) -> None:
    """Puts a mail into the outbox for whoever leads the account, or else for everybody on its team.

    For a client's people, behind the wall, and for nobody else: they have no right to read the agency's addresses. It
    is posted to nobody, and the database puts a mail to each in its place, by `key` and the number of the person.
    """
    subject, text, html = written(template, "en", {"to": f"the team of {client.name}", **context})
    with connection.cursor() as cursor:
        cursor.execute(_POST, [key, template, "", "en", subject, text, html, False, client.pk, None])
    transaction.on_commit(_have_it_sent, robust=True)


def _have_it_sent() -> None:
    publish(send_mail)


def written(template: str, language: str, context: Mapping[str, object]) -> tuple[str, str, str]:
    """A mail's subject, plain text and HTML, with words, numbers and days as that language has them.

    Beside what is given, its templates know `site`, which their links begin with, `agency`, its name, and `to`.
    """
    agency = Agency.objects.filter(pk=Agency.ONLY).values_list("name", flat=True).get()
    given = {"site": settings.SITE_ADDRESS, "agency": agency, **context}
    with translation.override(language or "en"), in_locale(""):
        subject = " ".join(_rendered(f"mail/{template}.subject.txt", given, as_html=False).split())[:LONGEST_SUBJECT]
        text = re.sub(r"\n\s*\n+", "\n\n", _rendered(f"mail/{template}.txt", given, as_html=False)).strip() + "\n"
        html = _rendered(f"mail/{template}.html", given, as_html=True).strip() + "\n"
    return subject, text, html


def _rendered(name: str, context: dict[str, Any], *, as_html: bool) -> str:
    """A template of a mail; in plain text an ampersand is an ampersand."""
    found: Any = get_template(name)
    return str(found.template.render(Context(context, autoescape=as_html)))
