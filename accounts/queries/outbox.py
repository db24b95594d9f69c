"""What the outbox shows: mail by its state and reader, and one mail opened."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q

from accounts.models import Mail

PER_PAGE = 50


@dataclass(frozen=True)
class MailRow:
    """One mail in the list."""

    id: int
    to: str
    subject: str
    state: str
    state_label: str
    posted_at: datetime
    sent_at: datetime | None
    failed_with: str
    client: str
    external_id: str


@dataclass(frozen=True)
class OutboxPage:
    """A page of the list, with how many there are in each state whatever is asked for."""

    rows: tuple[MailRow, ...]
    counts: dict[str, int]
    number: int
    next_number: int | None

    @property
    def total(self) -> int:
        """All mail there is."""
        return sum(self.counts.values())

    @property
    def unsent(self) -> int:
        """What somebody should look at."""
        return self.counts[Mail.State.REFUSED] + self.counts[Mail.State.IN_DOUBT]


@dataclass(frozen=True)
class MailOpened:
    """One mail with its words. They are blank where it lets its reader in, for nobody else to read, or cleared."""

    row: MailRow
    language: str
    text: str
    html: str
    attempts: int
    not_before: datetime
    is_kept_secret: bool
    is_cleared: bool
    may_be_sent_again: bool


def outbox_page(state: str, words: str, number: int) -> OutboxPage:
    """The latest first; blank for all states and all readers."""
    counted = {state: Count("pk", filter=Q(state=state)) for state in Mail.State.values}
    found = Mail.objects.all()
    if state:
        found = found.filter(state=state)
    for word in words.split():
        found = found.filter(Q(to__icontains=word) | Q(subject__icontains=word) | Q(client__name__icontains=word))
    start = (number - 1) * PER_PAGE
    rows = tuple(_row(mail) for mail in found.select_related("client")[start : start + PER_PAGE + 1])
    return OutboxPage(
        rows=rows[:PER_PAGE],
        counts=Mail.objects.aggregate(**counted),
        number=number,
        next_number=number + 1 if len(rows) > PER_PAGE else None,
    )


def mail_opened(mail_id: int) -> MailOpened | None:
    """One mail; None where there is none."""
    mail = Mail.objects.select_related("client").filter(pk=mail_id).first()
    if mail is None:
        return None
    hidden = mail.secret and not settings.DEMO
    return MailOpened(
        row=_row(mail),
        language=mail.language,
        text="" if hidden else mail.text,
        html="" if hidden else mail.html,
        attempts=mail.attempts,
        not_before=mail.not_before,
        is_kept_secret=hidden,
        is_cleared=not mail.text,
        may_be_sent_again=mail.state in (Mail.State.REFUSED, Mail.State.IN_DOUBT) and bool(mail.text),
    )


def _row(mail: Mail) -> MailRow:
    return MailRow(
        id=mail.pk,
        to=mail.to,
        subject=mail.subject,
        state=mail.state,
        state_label=mail.get_state_display(),
        posted_at=mail.posted_at,
        sent_at=mail.sent_at,
        failed_with=mail.failed_with,
        client=mail.client.name if mail.client else "",
        external_id=mail.client.external_id if mail.client else "",
    )
