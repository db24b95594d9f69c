"""Takes the pictures in docs/screens: each page of the sample agency, light and dark, wide and narrow.

`make screens`, with the Chromium of the machine and servers of its own, which are gone afterwards.
"""

import os
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from accounts import sample_agency
from agency import embedded, environment, processes
from tests.agency.commands import listening, manage
from tests.browser.pages import ADDRESSES

SCREENS = environment.ROOT / "docs" / "screens"
ACCOUNT = f"/accounts/{sample_agency.STALLING}"
LENAS_PAGES = {
    "my-accounts": "/my-accounts/",
    "your-pulses": "/your-pulses/",
    "your-pulse": f"/your-pulses/{sample_agency.STALLING}/",
    "your-pulse-sent": f"/your-pulses/{sample_agency.DEEPENING}/",
    "you": "/you/",
    "team": f"{ACCOUNT}/team/",
    "client-view": f"{ACCOUNT}/client-view/",
    "as-client": f"{ACCOUNT}/as-client/",
    "pulse-request": f"{ACCOUNT}/pulse-request/",
    "contact-access": f"{ACCOUNT}/contacts/{sample_agency.STALLING}-contact-0/access/",
    "history": f"{ACCOUNT}/history/",
    "facts-history": f"{ACCOUNT}/facts/history/",
}
INES_PAGES = {
    "people": "/people/",
    "person": "/people/1/",
    "invite": "/people/invite/",
    "agency": "/agency/",
    "audit": "/audit/",
    "audit-of-members": "/audit/?what=accounts.teammember",
}
ODAS_PAGES = {
    "portal": "/portal/",
    "portal-pulse": "/portal/pulse/",
    "portal-visits": "/portal/visits/",
}
NILSES_PAGES = {
    "portal-after-the-pulse": "/portal/",
    "portal-pulse-sent": "/portal/pulse/",
    "portal-comments": "/portal/comments/",
}
ADAS_PAGES = {"portal-in-german": "/portal/", "portal-pulse-in-german": "/portal/pulse/"}
ELLAS_PAGES = {"portal-of-nothing": "/portal/"}
PAGES = {
    "jump": "/jump/?q=la",
    "client-new": "/clients/new/",
    "portfolio": "/portfolio/",
    "account": f"/accounts/{sample_agency.STALLING}/",
    "account-growing": f"/accounts/{sample_agency.DEEPENING}/",
    "check-in": f"/accounts/{sample_agency.STALLING}/check-ins/new/",
    "advice": f"/accounts/{sample_agency.STALLING}/advice/new/",
    "engagement": f"/accounts/{sample_agency.STALLING}/engagements/new/",
    "definitions": "/definitions/",
    "settings": "/settings/",
    "setting": "/settings/good_attainment/?effective_on=2026-01-01&value=90",
    "quarter": "/quarter/",
    "segments": "/segments/",
    "scope-change": f"/accounts/{sample_agency.STALLING}/scope-changes/new/?kind=renewal",
    "readings": f"/accounts/{sample_agency.STALLING}/readings/",
    "night": "/night/",
    "outbox": "/outbox/",
}
IN_README = {"portfolio": "readme.png", "account": "readme-account.png"}
WIDTHS = (1440, 390)
THEMES = ("light", "dark")


def main() -> int:
    """Fills a sample agency, opens each page, and writes one PNG for each page, theme and width."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("There is no Chromium on this machine to take pictures with.", file=sys.stderr)
        return 1
    SCREENS.mkdir(parents=True, exist_ok=True)
    for name in ("DATABASE_URL", "DATABASE_ADMIN_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    with (
        tempfile.TemporaryDirectory(prefix="soundings-screens-") as place,
        embedded.servers(Path(place) / "data") as at,
    ):
        variables = {
            "DATABASE_URL": at.database_url,
            "REDIS_URL": at.redis_url,
            "SOUNDINGS_SECRET_KEY": os.environ["SOUNDINGS_SECRET_KEY"],
        }
        more = ["shell", "-c", "from tests.browser.states import fill; fill()"]
        for command in (["migrate"], ["sample_agency"], more):
            done = manage(*command, **variables)
            if done.returncode:
                print(done.stderr, file=sys.stderr)
                return 1
        web, *_others = processes.processes("127.0.0.1:0")
        log = Path(place) / "web.log"
        running = processes.start(replace(web, variables={**web.variables, **variables}), log)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=chromium,
                    args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
                )
                for theme in THEMES:
                    for width in WIDTHS:
                        _take(browser, listening(log), theme, width, sample_agency.LENA, LENAS_PAGES)
                        _take(browser, listening(log), theme, width, sample_agency.OMAR, PAGES)
                        _take(browser, listening(log), theme, width, sample_agency.INES, INES_PAGES)
                        _take(browser, listening(log), theme, width, ADDRESSES["oda"], ODAS_PAGES)
                        _take(browser, listening(log), theme, width, ADDRESSES["nils"], NILSES_PAGES)
                        _take(browser, listening(log), theme, width, ADDRESSES["ada"], ADAS_PAGES)
                        _take(browser, listening(log), theme, width, ADDRESSES["ella"], ELLAS_PAGES)
                browser.close()
        finally:
            processes.stop([running])
    return 0


def _take(browser: Browser, address: str, theme: str, width: int, who: str, pages: dict[str, str]) -> None:
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        locale="en-GB",
    )
    page = context.new_page()
    page.goto("/sign-in/")
    page.screenshot(path=SCREENS / f"sign-in-{theme}-{width}.png")
    page.get_by_label("E-mail").fill(who)
    page.get_by_label("Password").fill(sample_agency.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    for name, path in pages.items():
        page.goto(path)
        for chart in page.locator("plot-figure").all():
            chart.scroll_into_view_if_needed()
        for chart in page.locator("plot-figure").all():
            chart.locator(".main-svg").first.wait_for()
        page.evaluate("() => scrollTo(0, 0)")
        page.screenshot(path=SCREENS / f"{name}-{theme}-{width}.png", full_page=True)
        if name in IN_README and (theme, width) == ("light", 1440):
            page.screenshot(path=SCREENS / IN_README[name], clip={"x": 0, "y": 0, "width": 1440, "height": 960})
    context.close()


if __name__ == "__main__":
    sys.exit(main())
