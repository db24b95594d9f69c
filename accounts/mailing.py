"""Mail leaves the outbox: each once, or not at all, and whichever it was can be read.

A mail server can't be asked whether it took a message, so one of two mistakes is possible when a worker or the line
dies at the wrong moment: to send twice, or not at all. This sends at most once. A mail is claimed, and that is
committed, before anything is said to a server; and again before its words are handed over. Whoever finds a claim whose
worker is gone sends it when it was never handed over, and says that it is in doubt when it was: people may then have it
sent again. Its Message-ID is made of its key, so that servers and readers can tell that the second is the first.

What a server refuses for good (5xx) is not tried again. What it refuses for now (4xx), and a server that is not
there, is tried for a day, at growing intervals.
"""

from __future__ import annotations

import hashlib
import logging
import smtplib
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import format_datetime, parseaddr
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import SafeMIMEMultipart, SafeMIMEText, sanitize_address
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Mail

logger = logging.getLogger(__name__)

ATTEMPTS = 30
"""How often a mail is tried before it is given up: for about a day, by the intervals below."""
LONGEST_INTERVAL = timedelta(hours=1)
CLAIM_LASTS = timedelta(minutes=2)
"""After this a claim whose mail was not handed over is anybody's: several times longer than a server is waited for."""
DOUBT_AFTER = timedelta(minutes=10)
"""After this a mail that was handed over and heard no answer is in doubt: as long as a worker's task may take."""
WORDS_KEPT = timedelta(days=90)
"""How long the words of a mail are kept that has left, or can't any more."""
SERVER_SECONDS = 20.0
AT_ONCE_SECONDS = 60.0
"""How long one call sends before it leaves the rest to the next."""
_REFUSED_FOR_NOW, _REFUSED_FOR_GOOD = 400, 500

_CLAIM = """
UPDATE accounts_mail SET state = 'sending', claimed_at = now(), handed_at = NULL, attempts = attempts + 1
WHERE id = (
    SELECT id FROM accounts_mail WHERE state = 'waiting' AND not_before <= now()
    ORDER BY not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING *
"""


class NotNow(Exception):
    """The server can't be reached, or refused for now: worth another try."""


class Refused(Exception):
    """The server refused for good."""


class InDoubt(Exception):
    """The words were handed over, and no answer came."""


class ClaimLost(Exception):
    """Another worker took the mail: this one was away for longer than its claim lasts."""


def send_due() -> bool:
    """Sends what is due, for a while; returns whether more may be waiting."""
    tidy_up()
    if not settings.SMTP_URL:
        return False
    until = time.monotonic() + AT_ONCE_SECONDS
    with Line(settings.SMTP_URL) as line:
        while time.monotonic() < until:
            mail = claim()
            if mail is None:
                return False
            send(mail, line)
    return True


def tidy_up() -> None:
    """Ends what has become of no use, and what a worker that is gone has left open."""
    now = timezone.now()
    left = Mail.objects.filter(state=Mail.State.SENDING)
    not_handed_over = left.filter(handed_at=None, claimed_at__lt=now - CLAIM_LASTS)
    _end(not_handed_over.filter(attempts__gte=ATTEMPTS), Mail.State.REFUSED, "Whoever was to send it ended each time.")
    not_handed_over.update(state=Mail.State.WAITING)
    _end(
        left.filter(handed_at__lt=now - DOUBT_AFTER),
        Mail.State.IN_DOUBT,
        "Whoever was sending it ended before the mail server had answered.",
    )
    _end(Mail.objects.filter(state=Mail.State.WAITING, good_until__lt=now), Mail.State.LATE)


def send_again(mail: Mail) -> bool:
    """Lets a mail leave that was refused or is in doubt; whoever asks knows that it may come twice.

    False where there is nothing to send: it is under way, was sent, or its words are cleared.
    """
    ended = Mail.objects.filter(pk=mail.pk, state__in=[Mail.State.REFUSED, Mail.State.IN_DOUBT]).exclude(text="")
    return bool(ended.update(state=Mail.State.WAITING, attempts=0, not_before=Now(), claimed_at=None, handed_at=None))


def forget_words(now: datetime) -> int:
    """Clears the words of what ended long ago; says of how many. That they were written to, and of what, stays.

    So does the key: whatever is posted by it again is no new mail.
    """
    ended = Mail.objects.exclude(state__in=[Mail.State.WAITING, Mail.State.SENDING])
    return ended.filter(posted_at__lt=now - WORDS_KEPT).exclude(text="", html="").update(text="", html="")


def claim() -> Mail | None:
    """The mail that is due longest and that nobody else has; it is ours, and that is committed."""
    return next(iter(Mail.objects.raw(_CLAIM)), None)


def send(mail: Mail, line: Line) -> None:
    """Sends a claimed mail, and notes what came of it."""
    ours = Mail.objects.filter(pk=mail.pk, state=Mail.State.SENDING, attempts=mail.attempts)
    try:
        line.send(mail, about_to_hand_over=lambda: bool(ours.update(handed_at=Now())))
    except NotNow as error:
        _try_later(ours, mail, str(error))
    except Refused as error:
        _end(ours, Mail.State.REFUSED, str(error))
    except InDoubt as error:
        _end(ours, Mail.State.IN_DOUBT, str(error))
    except ClaimLost:
        logger.warning("Mail %s was taken by another worker.", mail.pk)
    else:
        # An answer that came late still counts: nobody else may have sent it meanwhile.
        heard = Mail.objects.filter(pk=mail.pk, state__in=[Mail.State.SENDING, Mail.State.IN_DOUBT])
        _end(heard.filter(attempts=mail.attempts), Mail.State.SENT)


def _try_later(ours: QuerySet[Mail], mail: Mail, why: str) -> None:
    if mail.attempts >= ATTEMPTS:
        _end(ours, Mail.State.REFUSED, why)
        return
    interval = min(timedelta(minutes=2 ** min(mail.attempts - 1, 10)), LONGEST_INTERVAL)
    ours.update(state=Mail.State.WAITING, not_before=timezone.now() + interval, handed_at=None, failed_with=why)


def _end(mails: QuerySet[Mail], state: Mail.State, why: str = "") -> None:
    """Nothing more happens to them; what let a reader in is cleared, except where nothing is a secret."""
    if not settings.DEMO:
        mails.filter(secret=True).update(text="", html="")
    sent_at = Now() if state == Mail.State.SENT else None
    mails.update(state=state, failed_with=why, sent_at=sent_at)


class Line:
    """The line to a mail server: opened with the first mail, kept for the next ones."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._hang_up()

    def send(self, mail: Mail, about_to_hand_over: Callable[[], bool]) -> None:
        """Sends one mail. NotNow, Refused or InDoubt; ClaimLost where the mail is not ours any more."""
        try:
            recipient = sanitize_address(("", mail.to), "utf-8")
            sender = sanitize_address(("", parseaddr(settings.DEFAULT_FROM_EMAIL)[1]), "utf-8")
            words = as_message(mail).as_bytes(linesep="\r\n")
        except Exception as error:
            # Whatever it is, the mails behind this one can do nothing about it.
            raise Refused(_said(error)) from error
        try:
            server = self._server = self._server or opened(self._url)
            _accepted(server.mail(sender))
            _accepted(server.rcpt(recipient))
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise _as_ours(error) from error
        except (NotNow, Refused):
            self._forget_mail()
            raise
        if not about_to_hand_over():
            self._forget_mail()
            raise ClaimLost
        try:
            _accepted(server.data(words))
        except smtplib.SMTPDataError as error:
            self._forget_mail()
            raise _as_ours(error) from error
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise InDoubt(_said(error)) from error
        except (NotNow, Refused):
            self._forget_mail()
            raise

    def _forget_mail(self) -> None:
        """Let the server forget the mail under way; the line may serve the next one."""
        try:
            if self._server is not None:
                self._server.rset()
        except (OSError, smtplib.SMTPException):
            self._hang_up()

    def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()


def opened(url: str) -> smtplib.SMTP:
    """A line to the server, encrypted and signed in as its address says.

    A password is never said in the clear. Without one, a server that offers TLS gets it, `?tls=off` excepted.
    """
    parts = urlsplit(url)
    host, tls = parts.hostname or "localhost", parse_qs(parts.query).get("tls", ["on"])[0] != "off"
    trust = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=SERVER_SECONDS, context=trust)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=SERVER_SECONDS)
    try:
        server.ehlo_or_helo_if_needed()
        if parts.scheme == "smtp" and (parts.username or (tls and server.has_extn("starttls"))):
            server.starttls(context=trust)
            server.ehlo()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def as_message(mail: Mail) -> SafeMIMEText | SafeMIMEMultipart:
    """The mail as servers pass it on: plain text, and the same as HTML."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    composed = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        settings.DEFAULT_FROM_EMAIL,
        [mail.to],
        headers={
            "Message-ID": f"<{hashlib.sha256(mail.key.encode()).hexdigest()[:40]}@{domain}>",
            "Date": format_datetime(mail.posted_at),
            "Content-Language": mail.language,
            # No answer from a machine is wanted: someone who is away needn't tell it.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    if mail.html:
        composed.attach_alternative(mail.html, "text/html")
    message: SafeMIMEText | SafeMIMEMultipart = composed.message()
    return message


def _accepted(answer: tuple[int, bytes]) -> None:
    code, said = answer
    if code < _REFUSED_FOR_NOW:
        return
    raise (NotNow if code < _REFUSED_FOR_GOOD else Refused)(_answer(code, said))


def _as_ours(error: Exception) -> NotNow | Refused:
    """What an error of the line means for the mail, which was not handed over."""
    if isinstance(error, smtplib.SMTPResponseException):
        # Whoever can't sign in, or is greeted with a refusal, is set up wrongly: that may be mended within the day.
        is_of_the_mail = isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= _REFUSED_FOR_GOOD
        return (Refused if is_of_the_mail else NotNow)(_answer(error.smtp_code, error.smtp_error))
    return NotNow(_said(error))


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
