"""What each figure means: the cards of all metrics, and the benchmarks they are set beside."""

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
from metrics.catalogue import BY_CODE, METRICS
from metrics.gathering import settings_history
from metrics.night.due import local_time
from metrics.printing import number_text
from metrics.queries.benchmarks import benchmarks
from metrics.queries.definitions import groups, metric_row
from metrics.queries.signals import signals

FEWEST_JUDGED = 2
"""Indicators with enough cases, below which nothing is said of them together."""


@require_safe
def definitions(request: HttpRequest) -> TemplateResponse:
    """Every metric's card, group by group."""
    if not access.may_read_definitions(request.user):
        raise Http404
    history = settings_history()
    today = local_time(timezone.now(), history).date()
    verdicts = signals()
    return TemplateResponse(
        request,
        "metrics/definitions/page.html",
        {
            "story": story([row.verdict for row in verdicts.values()]),
            "groups": groups(history, today, verdicts),
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
    today = local_time(timezone.now(), history).date()
    row = metric_row(BY_CODE[code], history, today, signals())
    return TemplateResponse(
        request,
        "metrics/definitions/_card.html",
        {"row": row, "may_change_settings": access.may_change_settings(request.user)},
    )


def story(verdicts: Sequence[str]) -> str:
    """How many indicators foretell growth here, in a sentence; what can't be said yet is said to be so."""
    judged = [verdict for verdict in verdicts if verdict != "too_few"]
    if len(judged) < FEWEST_JUDGED:
        return _("Whether any figure foretells growth here can’t be said yet: there are too few cases.")
    telling, misleading = judged.count("tells"), judged.count("misleads")
    words = ngettext(
        "Of %(judged)s indicators with enough cases, %(telling)s foretells growth here.",
        "Of %(judged)s indicators with enough cases, %(telling)s foretell growth here.",
        telling,
    ) % {"judged": _in_words(len(judged)), "telling": _in_words(telling) if telling else _("none")}
    if not misleading:
        return words
    more = ngettext("%(count)s misleads.", "%(count)s mislead.", misleading) % {"count": _in_words(misleading)}
    return f"{words} {capfirst(more)}"


def _in_words(count: int) -> str:
    """As findings say it: words up to nine."""
    return str(apnumber(count)) if count < 10 else number_text(count)
