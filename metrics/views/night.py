"""The night, for leadership: which runs computed the figures, how long they took, and what went wrong."""

from collections.abc import Sequence

from django.contrib.humanize.templatetags.humanize import apnumber
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts import access
from metrics.forms.night import asked
from metrics.gathering import settings_history
from metrics.models import Run
from metrics.night.due import local_time
from metrics.printing import number_text, seconds_text
from metrics.queries.runs import FaultRow, RunRow, batches_of, faults, recent_runs
from metrics.queries.status import Status, status


@require_safe
def night(request: HttpRequest) -> TemplateResponse:
    """The latest runs, one of them opened, the clients that could not be computed, and what waits."""
    if not access.may_see_the_night(request.user):
        raise Http404
    now = timezone.now()
    run_id, with_edits = asked(request.GET)
    runs = recent_runs(with_edits=with_edits)
    opened = next((run for run in runs if run.id == run_id), runs[0] if runs else None)
    found, at_fault = status(now), faults()
    return TemplateResponse(
        request,
        "metrics/night/page.html",
        {
            "runs": runs,
            "opened": opened,
            "batches": batches_of(opened.id) if opened else (),
            "faults": at_fault,
            "status": found,
            "latest": _latest(runs),
            "story": story(_latest(runs), at_fault, found),
            "with_edits": with_edits,
            "zone": local_time(now, settings_history()).tzinfo,
        },
    )


def _latest(runs: Sequence[RunRow]) -> RunRow | None:
    """The latest run over everything."""
    return next((run for run in runs if run.kind != Run.Kind.EDIT), None)


def story(latest: RunRow | None, at_fault: Sequence[FaultRow], found: Status) -> str:
    """How the night went, in a sentence: what went wrong first, then what is under way, then what was done."""
    if latest is None:
        return _("No night has run yet.")
    if at_fault:
        return capfirst(
            ngettext(
                "%(count)s client could not be computed. The others were.",
                "%(count)s clients could not be computed. The others were.",
                len(at_fault),
            )
            % {"count": _in_words(len(at_fault))}
        )
    if latest.state == Run.State.FAILED:
        return _("The clients were computed, but the portfolio's figures were not.")
    if latest.state == Run.State.OPEN:
        return ngettext(
            "A run is under way: %(done)s of %(count)s chunk is done.",
            "A run is under way: %(done)s of %(count)s chunks are done.",
            latest.batches,
        ) % {"done": number_text(latest.done_batches), "count": number_text(latest.batches)}
    return f"{_what_was_done(latest)} {_what_waits(found)}"


def _what_was_done(latest: RunRow) -> str:
    if not latest.clients:
        return _("The last run found nothing that had changed.")
    return ngettext(
        "The last run computed %(count)s client in %(seconds)s.",
        "The last run computed %(count)s clients in %(seconds)s.",
        latest.clients,
    ) % {"count": _in_words(latest.clients), "seconds": seconds_text(latest.took or 0.0)}


def _what_waits(found: Status) -> str:
    if not found.clients_waiting:
        return _("Nothing waits.")
    return capfirst(
        ngettext("%(count)s client has changed since.", "%(count)s clients have changed since.", found.clients_waiting)
        % {"count": _in_words(found.clients_waiting)}
    )


def _in_words(count: int) -> str:
    """As findings say it: words up to nine."""
    return str(apnumber(count)) if count < 10 else number_text(count)
