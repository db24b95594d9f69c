"""Who fills in forms, on which account, and how."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import Client
from tests import builders

Fills = Callable[..., Any]


@pytest.fixture
def northwind(cast: builders.Cast) -> Client:
    return cast.northwind


@pytest.fixture
def browser(cast: builders.Cast) -> Browser:
    """Lena's."""
    found = Browser()
    found.force_login(cast.lena)
    return found


def sent(form: Any) -> dict[str, Any]:
    """What a browser sends of a form that is left as it is shown."""
    values: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if value not in (None, "", False, []) and not bound.field.disabled:
            values[bound.html_name] = bound.field.prepare_value(value)
    if form.version:
        values["version"] = str(form.version)
    if form.new_id:
        values["id"] = form.new_id
    return values


@pytest.fixture
def fills(browser: Browser, northwind: Client) -> Fills:
    """Opens a form by its name, fills in what is given over what it begins with, and sends it; None leaves it out."""

    def filled(noun: str, /, *record: object, form: bool = True, by: Browser = browser, **given: object) -> Any:
        address = reverse(f"accounts:{noun}{'_form' if form else ''}", args=[northwind.external_id, *record])
        shown = by.get(address)
        assert shown.status_code == 200
        values = sent(shown.context["form"]) | given
        return by.post(address, {name: value for name, value in values.items() if value is not None})

    return filled


def errors(answer: Any) -> dict[str, list[str]]:
    """What the form says beside its fields."""
    assert answer.status_code == 422
    return {name: list(said) for name, said in answer.context["form"].errors.items()}


def plain(answer: Any) -> str:
    """The words of an answer, as one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
