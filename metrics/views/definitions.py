"""What each figure means: the cards of all metrics, and the benchmarks they are set beside."""

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access
from metrics import nightly
from metrics.catalogue import BY_CODE, METRICS
from metrics.gathering import settings_history
from metrics.queries.definitions import benchmarks, groups, metric_row, signals


@require_safe
def definitions(request: HttpRequest) -> TemplateResponse:
    """Every metric's card, group by group."""
    if not access.may_read_definitions(request.user):
        raise Http404
    history = settings_history()
    today = nightly.local_time(timezone.now(), history).date()
    return TemplateResponse(
        request,
        "metrics/definitions/page.html",
        {
            "groups": groups(history, today, signals()),
            "metrics": len(METRICS),
            "benchmarks": benchmarks(),
            "may_change_settings": access.may_change_settings(request.user),
        },
    )


@require_safe
def definition(request: HttpRequest, code: str) -> TemplateResponse:
    """One metric's card alone."""
    if not access.may_read_definitions(request.user) or code not in BY_CODE:
        raise Http404
    history = settings_history()
    today = nightly.local_time(timezone.now(), history).date()
    row = metric_row(BY_CODE[code], history, today, signals())
    return TemplateResponse(
        request,
        "metrics/definitions/_card.html",
        {"row": row, "may_change_settings": access.may_change_settings(request.user)},
    )
