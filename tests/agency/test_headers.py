"""What every answer says to the browser: pages, files, refusals and failures."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.urls import include, path

from tests import builders
from tests.agency.test_routes import closed

WANTED = {
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
}


def failing(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planted")


urlpatterns = [path("fails/", failing), path("", include("agency.urls"))]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/sign-in/", 200),
        ("/portfolio/", 200),
        ("/audit/audit.csv", 404),
        ("/nowhere/", 404),
        ("/portfolio", 301),
        ("/fails/", 500),
        ("/healthz", 200),
        ("/static/css/tokens.css", 200),
        ("/static/nowhere.css", 404),
    ],
)
def test_every_answer_has_them(settings: Any, address: str, status: int) -> None:
    settings.ROOT_URLCONF = __name__
    browser = Browser(raise_request_exception=False)
    if address != "/sign-in/":
        browser.force_login(builders.omar())
    response = browser.get(address)
    closed(response)
    assert response.status_code == status
    assert response.headers.keys() >= WANTED
    if "/static/css" in address:
        assert "max-age" in response["Cache-Control"]
    else:
        assert "no-store" in response["Cache-Control"]
    assert "unsafe" not in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_host_that_is_not_ours_and_a_method_that_is_not_offered_have_them_too() -> None:
    browser = Browser(raise_request_exception=False)
    browser.force_login(builders.omar())
    for response, status in (
        (browser.get("/portfolio/", headers={"host": "evil.example"}), 400),
        (browser.delete("/portfolio/"), 405),
    ):
        assert response.status_code == status
        assert response.headers.keys() >= WANTED


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_them() -> None:
    response = Browser(enforce_csrf_checks=True).post("/sign-in/", {"login": "a@b.example", "password": "x"})
    assert response.status_code == 403
    assert response.headers.keys() >= WANTED


@pytest.mark.django_db
def test_cookies_are_out_of_reach_of_scripts_and_other_sites() -> None:
    builders.omar(password="harbour-and-pine")
    browser = Browser()
    browser.get("/sign-in/")
    browser.post("/sign-in/", {"login": "omar@agency.example", "password": "harbour-and-pine"})
    assert {"csrf", "session"} <= browser.cookies.keys()
    for name in ("csrf", "session"):
        assert browser.cookies[name]["httponly"]
        assert browser.cookies[name]["samesite"] == "Lax"


@pytest.mark.django_db
def test_where_to_tell_of_a_weakness_is_said_where_somebody_is_to_be_told(settings: Any) -> None:
    assert Browser().get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    response = Browser().get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert lines.keys() == {"Contact", "Expires", "Preferred-Languages", "Canonical"}
    assert lines["Contact"] == "mailto:security@example.org"
