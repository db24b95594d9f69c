"""Two questions a machine asks: does the process answer, and does it reach its database, as this version wants it."""

from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    try:
        missing = _migrations() - MigrationRecorder(connection).applied_migrations().keys()
    except DatabaseError:
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    if missing:
        return HttpResponse("the database is not migrated\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """Those that this version comes with."""
    return frozenset(MigrationLoader(None).disk_migrations)
