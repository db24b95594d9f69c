"""The audit, for administrators: who changed what, when and why, who came in, and who was refused."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib.humanize.templatetags.humanize import apnumber
from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts import access
from accounts.audited_requests import note_download
from accounts.downloads import csv_download, xlsx_download
from accounts.forms.audit import Asked, asked, kinds
from accounts.queries.clock import clock
from accounts.queries.happenings import Counts, Happening, all_happenings, counts, leaf

FILE_COLUMNS = (
    *("when", "what", "record", "account_id", "account", "who", "field", "before", "after"),
    *("said", "why", "address", "path"),
)

FEWEST_IN_DIGITS = 10


@require_safe
def audit_page(request: HttpRequest) -> TemplateResponse:
    """The whole page."""
    return TemplateResponse(request, "accounts/audit/page.html", _context(request))


@require_safe
def audit_list(request: HttpRequest) -> TemplateResponse:
    """What the filters leave, alone; the page's own address goes into the bar."""
    context = _context(request)
    response = TemplateResponse(request, "accounts/audit/_list.html", context)
    response["HX-Push-Url"] = context["page_url"]
    return response


@require_safe
def audit_csv(request: HttpRequest) -> StreamingHttpResponse:
    """All that the filters leave, as a CSV file with a row for each field that changed."""
    return csv_download("audit.csv", FILE_COLUMNS, _file(request, "CSV"))


@require_safe
def audit_xlsx(request: HttpRequest) -> FileResponse:
    """The same as a workbook."""
    return xlsx_download("audit.xlsx", _("Audit"), FILE_COLUMNS, _file(request, "XLSX"))


def _asked(request: HttpRequest) -> tuple[Asked, Any]:
    if not access.may_see_audit(request.user):
        raise Http404
    now = clock(timezone.now())
    return asked(request.GET, now.date()), now.tzinfo


def _context(request: HttpRequest) -> dict[str, Any]:
    filters, zone = _asked(request)
    wanted = filters.wanted(zone)
    found = leaf(wanted, zone)
    query = f"?{filters.query}" if filters.query else ""
    page = reverse("accounts:audit")
    older = urlencode({"after": found.older}) if found.older else ""
    return {
        "filters": filters,
        "kinds": [(kind, words, kind == filters.what) for kind, words in kinds()],
        "zone": zone,
        "days": found.days,
        "story": story(counts(wanted), filters),
        "page_url": page + query,
        "older": f"{page}?{'&'.join(filter(None, (filters.query, older)))}" if older else "",
        "is_first": filters.after is None,
        "downloads": [
            ("CSV", reverse("accounts:audit_csv") + query),
            ("XLSX", reverse("accounts:audit_xlsx") + query),
        ],
    }


def story(found: Counts, filters: Asked) -> str:
    """How much there was of what, in a sentence or two."""
    sentences = []
    if found.changes:
        text = ngettext(
            "%(count)s change was made to what is recorded",
            "%(count)s changes were made to what is recorded",
            found.changes,
        ) % {"count": _number(found.changes)}
        if found.people:
            by = ngettext(", by %(count)s person.", ", by %(count)s people.", found.people)
            text += by % {"count": _number(found.people)}
        else:
            text += "."
        sentences.append(text)
    if found.refused:
        text = ngettext("%(count)s request was refused.", "%(count)s requests were refused.", found.refused)
        sentences.append(text % {"count": _number(found.refused)})
    if found.failed:
        text = ngettext("%(count)s sign-in failed.", "%(count)s sign-ins failed.", found.failed)
        sentences.append(text % {"count": _number(found.failed)})
    if not sentences and found.sign_ins:
        text = ngettext("%(count)s sign-in, and no change.", "%(count)s sign-ins, and no change.", found.sign_ins)
        sentences.append(text % {"count": _number(found.sign_ins)})
    if not sentences:
        return _("Nothing of the kind happened.") if filters.is_narrowed else _("Nothing happened in these days.")
    return " ".join(capfirst(sentence) for sentence in sentences)


def _number(count: int) -> str:
    """A count as a word up to nine, in digits from ten."""
    return str(apnumber(count)) if count < FEWEST_IN_DIGITS else f"{count:,}"


def _file(request: HttpRequest, form: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a file, which is itself an entry: who took the audit along, and what of it."""
    filters, zone = _asked(request)
    note_download(request, f"{_('Audit')}, {form}", filters.query)
    return _rows(filters, zone)


def _rows(filters: Asked, zone: Any) -> Iterator[tuple[Any, ...]]:
    for one in all_happenings(filters.wanted(zone)):
        at = one.at.astimezone(zone).isoformat(timespec="seconds")
        for words, before, after in [(c.words, c.before, c.after) for c in one.changes] or [("", "", "")]:
            yield _row(one, at, words, before, after)


def _row(one: Happening, at: str, words: str, before: str, after: str) -> tuple[Any, ...]:
    return (
        *(at, one.what, one.name, one.client_id, one.client, one.who, words, before, after),
        *(one.said, one.why, one.address, one.path),
    )
