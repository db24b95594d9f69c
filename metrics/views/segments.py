"""Segments, for leadership: the expansion rate of each industry, tier, manager and service line, with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts import access
from accounts.audited_requests import note_download
from accounts.downloads import csv_download, xlsx_download
from metrics.findings_quarter import SegmentFacts, segments_heading, thinness
from metrics.forms.segments import asked
from metrics.queries.calendar import calendar
from metrics.queries.segments import KINDS, WINDOWS, SegmentRow, segments
from metrics.templatetags.intervals import top_of

KIND_WORDS: dict[str, str | Promise] = {
    "industry": _("By industry"),
    "tier": _("By value tier"),
    "manager": _("By account manager"),
    "service": _("By service line"),
}


@dataclass(frozen=True)
class Kind:
    """One way to tell accounts apart: its segments by name, and what the rules say of them."""

    code: str
    words: str
    rows: tuple[SegmentRow, ...]
    heading: str
    thin: str


@require_safe
def segments_page(request: HttpRequest) -> TemplateResponse:
    """The whole page."""
    if not access.may_review(request.user):
        raise Http404
    label, window = asked(request.GET)
    shown = calendar(label)
    if shown.shown is None:
        return TemplateResponse(request, "metrics/segments/empty.html", {"calendar": shown})
    found = segments(shown.shown, window)
    whole = _facts(found.whole) if found.whole else None

    kept = "" if shown.shown == shown.opens_on else shown.shown.label
    return TemplateResponse(
        request,
        "metrics/segments/page.html",
        {
            "calendar": shown,
            "window": window,
            "downloads": [
                ("CSV", _address(window, kept, "metrics:segments_csv")),
                ("XLSX", _address(window, kept, "metrics:segments_xlsx")),
            ],
            "windows": [(one, _address(one, kept)) for one in WINDOWS],
            "whole": found.whole,
            "kinds": [_kind(code, found.kinds[code], whole, so_far=shown.in_progress) for code in KINDS],
            "top": top_of(row.high for row in found.rows),
            "last_day": shown.shown.end - timedelta(days=1),
        },
    )


FILE_COLUMNS = (
    "quarter",
    "window",
    "kind",
    "segment",
    "existing",
    "expanding",
    "rate",
    "low",
    "high",
    "band",
    "settled",
    "benchmark",
)


@require_safe
def segments_csv(request: HttpRequest) -> StreamingHttpResponse:
    """All segments of the window asked for, as a CSV file."""
    name, rows = _file(request)
    note_download(request, gettext("Segments, %(form)s") % {"form": "CSV"}, request.GET.urlencode())
    return csv_download(f"{name}.csv", FILE_COLUMNS, rows)


@require_safe
def segments_xlsx(request: HttpRequest) -> FileResponse:
    """The same as a workbook."""
    name, rows = _file(request)
    note_download(request, gettext("Segments, %(form)s") % {"form": "XLSX"}, request.GET.urlencode())
    return xlsx_download(f"{name}.xlsx", gettext("Segments"), FILE_COLUMNS, rows)


def _file(request: HttpRequest) -> tuple[str, list[tuple[Any, ...]]]:
    """What a file of the segments asked for is called, and its rows: all accounts first, then each kind by name."""
    if not access.may_review(request.user):
        raise Http404
    label, window = asked(request.GET)
    shown = calendar(label)
    if shown.shown is None:
        raise Http404
    found = segments(shown.shown, window)
    quarter = shown.shown.label

    def row(kind: str, of: SegmentRow) -> tuple[Any, ...]:
        return (
            *(quarter, window, kind, of.name, of.existing, of.expanding),
            *(of.rate, of.low, of.high, of.band, of.settled, of.benchmark),
        )

    whole = [row("all", found.whole)] if found.whole else []
    parts = [row(kind, of) for kind in KINDS for of in found.kinds[kind]]
    return f"segments-{window}-{quarter}", [*whole, *parts]


def _address(window: str, quarter: str, page: str = "metrics:segments") -> str:
    """The page, or a file of it, in a window, without what goes without saying."""
    said = {"window": "" if window == WINDOWS[0] else window, "quarter": quarter}
    query = urlencode({name: value for name, value in said.items() if value})
    return reverse(page) + (f"?{query}" if query else "")


def _kind(code: str, rows: Sequence[SegmentRow], whole: SegmentFacts | None, *, so_far: bool) -> Kind:
    """No finding is made from a quarter in progress."""
    facts = [_facts(row) for row in rows]
    return Kind(
        code=code,
        words=str(KIND_WORDS[code]),
        rows=tuple(rows),
        heading="" if so_far else segments_heading(str(KIND_WORDS[code]), facts, whole),
        thin=thinness(facts),
    )


def _facts(row: SegmentRow) -> SegmentFacts:
    return SegmentFacts(row.name, row.existing, row.low, row.high)
