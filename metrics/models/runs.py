"""The bookkeeping of the night: what waits to be computed, which runs computed it, and what went wrong."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ChangedClient(models.Model):
    """One mark: something recorded about a client is not yet in its figures.

    Written by database triggers, so that no writer can forget (migration 0002_marks). Rows are only
    inserted and deleted, never updated, and any number may speak of one client: a mark by one person
    never waits for another's. No foreign key, since a client that is gone has figures to be removed.
    """

    client_id = models.BigIntegerField(db_index=True)
    every_rate = models.BooleanField(db_default=False)
    """What changed can move the rates of any quarter, whether or not the client's own figures move."""
    marked_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.client_id}"


class ChangedQuarter(models.Model):
    """One mark: client figures of a quarter changed, and the portfolio's figures have not followed yet.

    Inserted by the transaction that changed them, deleted by the one that added them up.
    """

    class Follows(models.TextChoices):
        """What has to follow."""

        RATES = "rates", _("Expansion rates")
        SIGNALS = "signals", _("Signals")

    follows = models.CharField(max_length=7, choices=Follows.choices)
    starts_on = models.DateField(null=True)
    """The quarter's first day; None: all of them, as signals always are."""

    class Meta:
        indexes = (models.Index(fields=["follows", "starts_on"], name="changed_quarter_follows"),)

    def __str__(self) -> str:
        return f"{self.follows} {self.starts_on}"


class Horizon(models.Model):
    """How far the figures reach: the as-of date in force and the quarters it gives. Exactly one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    as_of = models.DateField()
    chosen = models.BooleanField()
    """Whether somebody asked for this date; else it was the day of the computation."""
    fiscal_month = models.PositiveSmallIntegerField()
    first_starts_on = models.DateField(null=True)
    """The first quarter's first day; None: there are no quarters."""
    last_starts_on = models.DateField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="horizon_is_one_row"),)

    def __str__(self) -> str:
        return f"{self.as_of}"


class Heartbeat(models.Model):
    """When the timetable last reached a worker, and the worker the database. At most one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    beaten_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="heartbeat_is_one_row"),)

    def __str__(self) -> str:
        return f"{self.beaten_at}"


class Run(models.Model):
    """One computation of what changed: the night's, one asked for by hand, or one after an edit."""

    class Kind(models.TextChoices):
        """What began it."""

        NIGHTLY = "nightly", _("Night")
        MANUAL = "manual", _("By hand")
        EDIT = "edit", _("After an edit")

    class State(models.TextChoices):
        """How far it has come."""

        OPEN = "open", _("Running")
        FINISHED = "finished", _("Finished")
        SUPERSEDED = "superseded", _("Taken over by a later run")
        FAILED = "failed", _("Client figures done, portfolio figures failed")

    kind = models.CharField(max_length=7, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    as_of = models.DateField()
    begun_at = models.DateTimeField(db_default=Now())
    rates_at = models.DateTimeField(null=True)
    """When the portfolio's rates followed; None: not yet."""
    rated_quarters = models.IntegerField(default=0)
    rates_seconds = models.FloatField(default=0)
    signals_at = models.DateTimeField(null=True)
    """When the signals followed; None: not yet, and never after an edit."""
    signals_seconds = models.FloatField(default=0)
    finished_at = models.DateTimeField(null=True)
    clients = models.IntegerField(default=0)
    """Clients computed, counted when the run ends."""
    failed_clients = models.IntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    """How often somebody set out to finish it."""
    error = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["as_of"],
                condition=models.Q(kind="nightly"),
                name="run_one_night_a_local_date",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=["nightly", "manual", "edit"]), name="run_kind"),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "finished", "superseded", "failed"]),
                name="run_state",
            ),
        )
        indexes = (
            models.Index(fields=["-finished_at"], name="run_finished"),
            models.Index(fields=["state"], condition=models.Q(state="open"), name="run_open"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.as_of}"


class Batch(models.Model):
    """Some clients of a run, computed in one transaction."""

    class State(models.TextChoices):
        """How far it has come. A running one that nobody holds locked has lost its worker."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        SPLIT = "split", _("Split into smaller ones")
        FAILED = "failed", _("Failed")
        SUPERSEDED = "superseded", _("Taken over by a later run")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="batches")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    client_ids = ArrayField(models.BigIntegerField())
    computed = models.IntegerField(default=0)
    """Clients whose marks were still there: the rest had been computed by somebody else meanwhile."""
    attempts = models.PositiveSmallIntegerField(default=0)
    """How often somebody began it."""
    excused = models.PositiveSmallIntegerField(default=0)
    """How many of those the database or network ended, for no fault of a client."""
    seconds = models.FloatField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True)
    """When a worker was last told of it; None: nobody was."""
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    OPEN: ClassVar[tuple[str, ...]] = (State.WAITING, State.RUNNING)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "split", "failed", "superseded"]),
                name="batch_state",
            ),
        )
        indexes = (
            models.Index(
                fields=["run"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="batch_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.run_id}: {len(self.client_ids)} clients, {self.state}"


class ClientFault(models.Model):
    """One client whose figures can't be computed from its records as they stand.

    It keeps its older figures and its marks; a later change of its records, or the next night, tries again.
    """

    client_id = models.BigIntegerField(unique=True)
    error = models.TextField()
    newest_mark = models.BigIntegerField()
    """The newest mark that was there when it failed: a later one means that its records changed since."""
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="faults")
    failed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.client_id}: {self.error}"
