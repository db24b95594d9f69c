"""Ids in addresses: any text gets there and back."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse, set_script_prefix
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.addresses import address

ids = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=200)


@given(ids)
@example("acme/north")
@example("a b")
@example("Ærø & Søn – 東京")
@example("50%")
@example("%2e%2e/x")
@example("what?really#yes")
@example("/")
@example("//evil.example/x")
@example("~")
@example("~..")
@example("a/../b/./c")
@example("table")
@example("a\\b")
@example("a\nb")
@example("a/")
def test_an_id_gets_into_an_address_and_back(external_id: str) -> None:
    there = reverse("metrics:account", args=[external_id])
    assert there.isascii()
    assert resolve(unquote(there)).kwargs == {"external_id": external_id}
    # What a browser makes of it: nothing goes up, leaves the site, or becomes a query.
    parts = urlsplit(there)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert not {".", ".."} & {unquote(part) for part in there.split("/")}


@pytest.mark.parametrize("external_id", ["new", "new/form", "a/form", "acme/check-ins/new", "~new", "form"])
@pytest.mark.parametrize("name", ["check_in", "check_in_form", "check_in_new", "check_in_new_form"])
def test_an_id_is_never_taken_for_an_act_on_one(external_id: str, name: str) -> None:
    given = {"external_id": external_id} | ({} if "new" in name else {"record_id": external_id})
    found = resolve(unquote(reverse(f"accounts:{name}", kwargs=given)))
    assert found.view_name == f"accounts:{name}"
    assert {one: found.kwargs[one] for one in given} == given


@pytest.mark.parametrize("external_id", ["content", "acme/content", "/content", "~content", "a/~content", "content/"])
def test_an_id_is_never_taken_for_what_follows_one(external_id: str) -> None:
    for name in ("account", "account_content"):
        found = resolve(unquote(reverse(f"metrics:{name}", args=[external_id])))
        assert (found.url_name, found.kwargs) == (name, {"external_id": external_id})


def test_an_id_with_a_nul_byte_is_no_address() -> None:
    with pytest.raises(Resolver404):
        resolve("/accounts/a\0b/")


def test_what_was_worked_out_once_is_where_the_page_is() -> None:
    for _again in range(2):
        assert address("metrics:account", "acme/north") == reverse("metrics:account", args=["acme/north"])
        with pytest.raises(NoReverseMatch):
            address("metrics:no_such_page", "acme")


def test_a_site_below_a_prefix_keeps_it() -> None:
    at_the_root = address("metrics:account", "acme")
    set_script_prefix("/soundings/")
    try:
        assert address("metrics:account", "acme") == f"/soundings{at_the_root}"
    finally:
        set_script_prefix("/")
