"""The sample agency, served as in an installation, and people who look at it in a browser.

One site serves all tests of a worker: they read, and record nothing that another would notice.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from accounts.sample_agency import PASSWORD
from agency import embedded, processes
from tests.agency.commands import listening, manage
from tests.browser.pages import ADDRESSES
from tests.conftest import copied

LATELY = 8 * 60
"""Seconds for which a browser's cookies are used again."""


@pytest.fixture(scope="session")
def sample_site(
    template: str, addresses: embedded.Addresses, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a web server with the sample agency, its figures computed, and what states.py adds."""
    name = f"{template}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_sample"
    with copied(template, name, addresses) as database:
        variables = {
            "DATABASE_URL": database.url,
            "REDIS_URL": addresses.redis_url,
            "SOUNDINGS_SECRET_KEY": "a-key-for-as-long-as-the-browser-looks-0123456789",
        }
        for command in (["sample_agency"], ["shell", "-c", "from tests.browser.states import fill; fill()"]):
            filled = manage(*command, **variables)
            assert filled.returncode == 0, filled.stderr
        web, *_others = processes.processes("127.0.0.1:0")
        log = tmp_path_factory.mktemp("site") / "web.log"
        running = processes.start(replace(web, variables={**web.variables, **variables}), log)
        try:
            yield listening(log)
        finally:
            processes.stop([running])


@pytest.fixture(scope="session")
def signed_in(sample_site: str, browser: Any) -> Callable[[str], Any]:
    """Gives the cookies of a person of the sample agency, who signs in by the form, once."""
    states: dict[str, Any] = {}
    since: dict[str, float] = {}

    def state(email: str) -> Any:
        # Some pages ask whoever signed in a while ago to show once more who they are.
        if time.monotonic() - since.get(email, -math.inf) > LATELY:
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{sample_site}/sign-in/")
            page.get_by_label("E-mail").fill(email)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.locator("a.skip").wait_for(state="attached")  # which pages of signing in have not
            states[email] = context.storage_state()
            since[email] = time.monotonic()
            context.close()
        return states[email]

    return state


Opens = Callable[..., Any]


@pytest.fixture
def opens(sample_site: str, browser: Any, signed_in: Callable[[str], Any]) -> Iterator[Opens]:
    """Gives an empty page of somebody's, in a theme and a width; its console and its violations are kept."""
    with ExitStack() as leaving:

        def opened(who: str | None, *, theme: str = "light", width: int = 1440, **more: Any) -> Any:
            context = browser.new_context(
                base_url=sample_site,
                viewport={"width": width, "height": 900},
                color_scheme=theme,
                locale="en-GB",
                timezone_id="UTC",
                storage_state=signed_in(ADDRESSES[who]) if who else None,
                **more,
            )
            leaving.callback(context.close)
            page = context.new_page()
            page.said = []
            page.asked_for = []
            page.on("console", lambda message: page.said.append(f"{message.type}: {message.text}"))
            page.on("pageerror", lambda error: page.said.append(f"error: {error}"))
            page.on("request", lambda request: page.asked_for.append(request.url))
            page.add_init_script(
                "window.violations = [];"
                "document.addEventListener('securitypolicyviolation', (event) =>"
                " violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"
            )
            return page

        yield opened


@pytest.fixture(scope="session")
def axe_script() -> str:
    """The rules of accessibility, as a script."""
    from axe_playwright_python.base import AXE_SCRIPT

    return str(AXE_SCRIPT)
