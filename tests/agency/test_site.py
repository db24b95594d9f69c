"""Tests in a browser that the site is served, with its style, and within its own Content-Security-Policy."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser


def test_the_sign_in_page_opens_in_a_browser_without_a_violation(live_site: str, page: Any) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Security Policy" in message.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    response = page.goto(f"{live_site}/sign-in/")
    assert response.status == 200
    assert page.locator("input[type=password]").count() == 1
    assert refused == []


def test_the_chart_script_comes_out_of_its_package(live_site: str, page: Any) -> None:
    response = page.request.get(f"{live_site}/static/vendor/plotly.min.js")
    assert response.status == 200
    assert len(response.body()) > 1_000_000
