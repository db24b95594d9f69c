"""The runs that computed the figures, for leadership: when, how much, how long, and what went wrong."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum

from accounts.models import Client
from metrics.models import Batch, ClientFault, Run


@dataclass(frozen=True)
class RunRow:
    """One run. Seconds are those of work, not of waiting; None: it has not come that far."""

    id: int
    kind: str
    kind_label: str
    state: str
    state_label: str
    as_of: date
    begun_at: datetime
    finished_at: datetime | None
    clients: int
    failed_clients: int
    batches: int
    open_batches: int
    client_seconds: float
    rated_quarters: int
    rates_seconds: float | None
    signals_seconds: float | None
    error: str

    @property
    def done_batches(self) -> int:
        """Those that nobody has to compute any more."""
        return self.batches - self.open_batches

    @property
    def took(self) -> float | None:
        """Seconds from its beginning to its end, waiting included; None: it has not ended."""
        return None if self.finished_at is None else (self.finished_at - self.begun_at).total_seconds()


@dataclass(frozen=True)
class BatchRow:
    """Some clients of a run, computed in one transaction."""

    id: int
    state: str
    state_label: str
    clients: int
    computed: int
    attempts: int
    seconds: float
    error: str


@dataclass(frozen=True)
class FaultRow:
    """A client whose figures can't be computed from its records as they stand."""

    client_id: int
    client: str
    """Its name; blank when the client is gone."""
    external_id: str
    error: str
    failed_at: datetime


def recent_runs(limit: int = 30, *, with_edits: bool = False) -> tuple[RunRow, ...]:
    """The latest runs, newest first; those after an edit only when asked for."""
    runs = Run.objects.order_by("-id").annotate(
        all_batches=Count("batches"),
        open_batches=Count("batches", filter=Q(batches__state__in=Batch.OPEN)),
        client_seconds=Sum("batches__seconds", default=0.0),
        computed=Sum("batches__computed", default=0),
    )
    if not with_edits:
        runs = runs.exclude(kind=Run.Kind.EDIT)
    return tuple(
        RunRow(
            id=run.id,
            kind=run.kind,
            kind_label=run.get_kind_display(),
            state=run.state,
            state_label=run.get_state_display(),
            as_of=run.as_of,
            begun_at=run.begun_at,
            finished_at=run.finished_at,
            clients=run.computed,
            failed_clients=run.failed_clients,
            batches=run.all_batches,
            open_batches=run.open_batches,
            client_seconds=run.client_seconds,
            rated_quarters=run.rated_quarters,
            rates_seconds=run.rates_seconds if run.rates_at else None,
            signals_seconds=run.signals_seconds if run.signals_at else None,
            error=run.error,
        )
        for run in runs[:limit]
    )


def batches_of(run_id: int) -> tuple[BatchRow, ...]:
    """The batches of one run, in the order they were planned."""
    return tuple(
        BatchRow(
            id=batch.id,
            state=batch.state,
            state_label=batch.get_state_display(),
            clients=len(batch.client_ids),
            computed=batch.computed,
            attempts=batch.attempts,
            seconds=batch.seconds,
            error=batch.error,
        )
        for batch in Batch.objects.filter(run_id=run_id).order_by("id")
    )


def faults() -> tuple[FaultRow, ...]:
    """Clients that can't be computed at present, the latest first. One query."""
    at_fault = Client.objects.filter(id=OuterRef("client_id"))
    found = ClientFault.objects.annotate(
        name=Subquery(at_fault.values("name")), external_id=Subquery(at_fault.values("external_id"))
    ).order_by(F("failed_at").desc(), "client_id")
    return tuple(
        FaultRow(fault.client_id, fault.name or "", fault.external_id or "", fault.error, fault.failed_at)
        for fault in found
    )
