"""A site that is written to: Northwind in a database of the test's own, and people who open its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client as Signing

from accounts.models import Person

Opens = Callable[..., Any]


@contextmanager
def opening(live_site: str, browser: Any, by: Person) -> Iterator[Opens]:
    """Gives somebody's empty page, with scripts or without; what the browser refuses or says is kept."""
    contexts: list[Any] = []

    def opened(who: Person = by, *, width: int = 1440, **more: Any) -> Any:
        signing = Signing()
        signing.force_login(who)
        context = browser.new_context(
            base_url=live_site, viewport={"width": width, "height": 900}, locale="en-GB", timezone_id="UTC", **more
        )
        contexts.append(context)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": signing.cookies[name].value, "url": live_site}])
        page = context.new_page()
        page.said = []
        page.on("pageerror", lambda error: page.said.append(f"error: {error}"))
        page.add_init_script(
            "window.violations = [];"
            "document.addEventListener('securitypolicyviolation', (event) =>"
            " violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"
        )
        return page

    try:
        yield opened
    finally:
        for context in contexts:
            context.close()
