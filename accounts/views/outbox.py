"""The outbox, for leadership and admins: what was written to whom, and whether it left."""

from urllib.parse import urlencode

from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import apnumber
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from accounts import access, mailing
from accounts.forms.outbox import asked
from accounts.models import Mail
from accounts.publishing import publish
from accounts.queries.clock import clock
from accounts.queries.outbox import MailOpened, OutboxPage, mail_opened, outbox_page
from accounts.tasks import send_mail

# A link in a mail opens a page of its own; nothing in a mail runs, and nothing is fetched.
ALONE = "allow-popups allow-popups-to-escape-sandbox"


@require_safe
def outbox(request: HttpRequest) -> TemplateResponse:
    """The latest mail, narrowed by state and by words of reader or subject."""
    return TemplateResponse(request, "accounts/outbox/page.html", _listed(request))


@require_safe
def outbox_table(request: HttpRequest) -> TemplateResponse:
    """The list alone, as the filters ask for it."""
    response = TemplateResponse(request, "accounts/outbox/_table.html", _listed(request))
    query = {name: value for name, value in request.GET.items() if value and name in ("state", "q")}
    response["HX-Push-Url"] = reverse("accounts:outbox") + (f"?{urlencode(query)}" if query else "")
    return response


def _listed(request: HttpRequest) -> dict[str, object]:
    if not access.may_see_the_outbox(request.user):
        raise Http404
    state, words, number = asked(request.GET)
    found = outbox_page(state, words, number)
    return {
        "outbox": found,
        "state": state,
        "words": words,
        "states": Mail.State.choices,
        "story": story(found),
        "has_server": bool(settings.SMTP_URL),
        "zone": clock(timezone.now()).tzinfo,
    }


def story(found: OutboxPage) -> str:
    """How the mail stands, in a sentence: what somebody should look at first."""
    if not found.total:
        return _("Nothing has been written yet.")
    if found.unsent:
        unsent = ngettext(
            "%(count)s mail did not reach its reader, or may not have.",
            "%(count)s mails did not reach their readers, or may not have.",
            found.unsent,
        )
        return capfirst(unsent % {"count": apnumber(found.unsent)})
    waiting = found.counts[Mail.State.WAITING] + found.counts[Mail.State.SENDING]
    if waiting and not settings.SMTP_URL:
        return _("No mail server is set up, so mail stays here.")
    if waiting:
        on_its_way = ngettext("%(count)s mail is on its way.", "%(count)s mails are on their way.", waiting)
        return capfirst(on_its_way % {"count": apnumber(waiting)})
    return _("All mail has left.")


@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]  # it is typed for views without arguments
@require_safe
def mail(request: HttpRequest, mail_id: int) -> TemplateResponse:
    """One mail, as most of its readers see it and as plain text."""
    opened = _opened(request, mail_id)
    context = {"mail": opened, "alone": ALONE, "zone": clock(timezone.now()).tzinfo}
    return TemplateResponse(request, "accounts/outbox/mail.html", context)


@csp_replace(  # type: ignore[arg-type]
    {
        **{name: ["'none'"] for name in ("default-src", "script-src", "img-src", "font-src", "connect-src")},
        "style-src": ["'unsafe-inline'"],  # readers of mail know no other
        "frame-ancestors": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "sandbox": ALONE.split(),
    }
)
@xframe_options_sameorigin
@require_safe
def mail_html(request: HttpRequest, mail_id: int) -> HttpResponse:
    """A mail's HTML, for a frame in which nothing runs."""
    opened = _opened(request, mail_id)
    if not opened.html:
        raise Http404
    # In the frame nothing may take the page's place.
    return HttpResponse(opened.html.replace("<head>", '<head>\n    <base target="_blank">', 1))


@require_POST
def mail_sending(request: HttpRequest, mail_id: int) -> HttpResponseRedirect:
    """Has a mail sent again that was refused, or that may not have arrived."""
    if not access.may_see_the_outbox(request.user):
        raise Http404
    if mailing.send_again(get_object_or_404(Mail, pk=mail_id)):
        publish(send_mail)
        messages.success(request, _("It is on its way again."))
    else:
        messages.error(request, _("There is nothing to send: it has left, or it held a code that is cleared by now."))
    return HttpResponseRedirect(reverse("accounts:mail", args=[mail_id]))


def _opened(request: HttpRequest, mail_id: int) -> MailOpened:
    found = mail_opened(mail_id) if access.may_see_the_outbox(request.user) else None
    if found is None:
        raise Http404
    return found
