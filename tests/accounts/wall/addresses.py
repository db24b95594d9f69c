"""Addresses for tests of the wall alone: pages that narrow nothing, fail, or are sent in parts; and the site's own."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import include, path

from accounts.models import Client, PortalVisit
from agency.urls import urlpatterns as of_the_site
from tests.accounts.wall.catalogue import RIGHTS

READ = sorted(table for table, rights in RIGHTS.items() if "client_id" in rights.get("SELECT", "").split())


def whose() -> dict[str, object]:
    """The role of this connection, and by table the clients whose rows it sees."""
    seen: dict[str, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
        for table in READ:
            cursor.execute(f"SELECT DISTINCT client_id FROM {table} ORDER BY 1")
            seen[table] = [row[0] for row in cursor.fetchall()]
    return {"role": role, "seen": seen}


def everything(request: HttpRequest) -> HttpResponse:
    """All that is seen, narrowed by nothing."""
    return JsonResponse(whose())


def fails(request: HttpRequest) -> HttpResponse:
    """Writes, and raises."""
    PortalVisit.objects.create(client_id=whose_own(), person=request.user, what="pulse")  # type: ignore[misc]
    raise RuntimeError("planted")


def whose_own() -> int:
    return Client.objects.values_list("pk", flat=True).get()


def streams(request: HttpRequest) -> StreamingHttpResponse:
    """The same as everything, in parts that are made while they are sent."""

    def parts() -> Iterator[str]:
        yield ""
        yield json.dumps(whose())

    return StreamingHttpResponse(parts(), content_type="application/json")


PAGES = [path(f"{view.__name__}/", view, name=view.__name__) for view in (everything, fails, streams)]
urlpatterns = [path("portal/", include((PAGES, "portal"))), path("staff/everything/", everything), *of_the_site]
