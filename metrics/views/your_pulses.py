"""Your pulses: which accounts somebody still answers for, before the clients' own answers open to them."""

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
from accounts.queries.clock import quarter_in_progress
from metrics.queries.your_pulses import YourPulse, your_pulses


@require_safe
def your_pulses_page(request: HttpRequest) -> TemplateResponse:
    """The accounts this person answers for in the quarter in progress."""
    if not access.is_of_the_agency(request.user):
        raise Http404
    quarter, today = quarter_in_progress(timezone.now())
    pulses = your_pulses(access.answers_for(request.user, quarter.start), request.user, quarter)
    context = {"pulses": pulses, "quarter": quarter, "today": today, "finding": pulses_finding(pulses)}
    return TemplateResponse(request, "metrics/your_pulses/page.html", context)


def pulses_finding(pulses: Sequence[YourPulse]) -> str:
    """How many are still to be answered, or that none is."""
    waiting = [pulse for pulse in pulses if not pulse.is_sent]
    if not pulses:
        return _("You answer for no account this quarter.")
    if not waiting:
        return ngettext(
            "Your pulse of this quarter is sent.", "All of your pulses of this quarter are sent.", len(pulses)
        )
    if len(waiting) == 1:
        return _("%(name)s waits for your pulse.") % {"name": waiting[0].name}
    return capfirst(_("%(count)s accounts wait for your pulse.") % {"count": apnumber(len(waiting))})
