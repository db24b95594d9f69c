"""Whatever address a client's person or a stranger opens, it comes out in their language: no string is left in English.

The catalogues' own test (test_catalogues) knows the files it looks into. This one knows none: it listens to what is
asked of the translation of a language while pages are made, and keeps what it had no words for.
"""

from __future__ import annotations

import gettext
import html
import re

import pytest
from django.test import Client as Browser
from django.urls import get_resolver
from django.utils.translation import trans_real

from accounts.models import Agency
from tests.accounts.test_sign_in import routes
from tests.metrics.portal import shown

pytestmark = pytest.mark.django_db

OF_MACHINES = ("healthz", "readyz", "status", ".well-known/")
THE_SAME_IN_EVERY_LANGUAGE = {"", "Soundings", "English", "Français", "Deutsch"}


class Unheard(gettext.NullTranslations):
    """Stands where English would stand in, and keeps what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: set[str] = set()

    def gettext(self, message: str) -> str:
        self.strings.add(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.strings.add(msgid1)
        return msgid1 if n == 1 else msgid2


@pytest.fixture(params=["fr", "de"])
def language(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    Agency.objects.update(name="Harbour & Pine", language=found)
    return found


@pytest.fixture
def unheard(language: str, monkeypatch: pytest.MonkeyPatch) -> Unheard:
    listening = Unheard()
    monkeypatch.setattr(trans_real.translation(language), "_fallback", listening)
    return listening


def addresses() -> list[str]:
    """Every address there is, with 1 for whatever it takes."""
    found = [path for path, _pattern in routes(get_resolver().url_patterns) if not path.startswith(OF_MACHINES)]
    return ["/" + re.sub(r"<[^>]+>|\(\?P?[^)]*\)", "1", path).replace("^", "").replace("$", "") for path in found]


def spoken(browser: Browser, unheard: Unheard) -> dict[str, list[str]]:
    """What each address had no words for, and says in English. A page may ask for words that it then does not say."""
    found: dict[str, list[str]] = {}
    for address in addresses():
        unheard.strings.clear()
        answer = browser.get(address)
        assert answer.status_code < 500, address
        text = "" if answer.streaming else html.unescape(answer.content.decode(errors="replace"))
        left = [string for string in unheard.strings - THE_SAME_IN_EVERY_LANGUAGE if longest_part(string) in text]
        if left:
            found[f"{answer.status_code} {address}"] = sorted(left)
    return found


def longest_part(string: str) -> str:
    """What of a string stands on a page as it is."""
    return max(re.split(r"%\(\w+\)s|%s|<[^>]+>", string), key=len).strip()


def test_a_stranger_finds_every_page_in_their_language(client: Browser, unheard: Unheard) -> None:
    assert spoken(client, unheard) == {}


def test_a_client_s_person_finds_every_page_in_their_language(client: Browser, unheard: Unheard) -> None:
    northwind = shown.northwind()
    shown.compute()
    client.force_login(northwind.person)
    assert spoken(client, unheard) == {}
    unheard.strings.clear()
    for quarter in ("2026-Q3", "2026-Q1"):
        client.get("/portal/", {"quarter": quarter})
    assert unheard.strings - THE_SAME_IN_EVERY_LANGUAGE == set()


def test_what_has_no_words_is_heard(language: str, unheard: Unheard) -> None:
    from django.utils import translation

    with translation.override(language):
        translation.gettext("Nobody ever translates this.")
        translation.ngettext("One such", "Many such", 3)
        translation.gettext("Sign in")
    assert unheard.strings == {"Nobody ever translates this.", "One such"}
