"""What a reader asked of the portfolio. Whatever an address holds, something sensible is shown."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Client
from metrics.queries.portfolio import PATTERNS, SORTS, UNSET, Choice, Filters

LARGEST_ID = 2**63 - 1
LAST_PAGE = 1_000_000
DEFAULT = Filters()


class PortfolioForm(forms.Form):
    """The filters as fields, and what comes with them unseen: quarter, order and page.

    A part that can't be read is left out, the others hold: links grow old, and none of them is a mistake
    that a reader could mend beside a field.
    """

    q = forms.CharField(required=False, max_length=200, label=_("Account"))
    manager = forms.CharField(required=False, max_length=20, label=_("Manager"))
    industry = forms.CharField(required=False, max_length=200, label=_("Industry"))
    tier = forms.ChoiceField(required=False, choices=[(tier, tier) for tier in (*Client.Tier.values, UNSET)])
    pattern = forms.ChoiceField(required=False, choices=[(code, code) for code in PATTERNS])
    sort = forms.ChoiceField(required=False, choices=[(sign + sort, sort) for sort in SORTS for sign in ("", "-")])
    page = forms.IntegerField(required=False, min_value=1, max_value=LAST_PAGE)
    quarter = forms.CharField(required=False, max_length=7)

    def clean_manager(self) -> str:
        """A person's id, or UNSET."""
        text: str = self.cleaned_data["manager"]
        if text in ("", UNSET) or (text.isascii() and text.isdigit() and int(text) <= LARGEST_ID):
            return text
        raise forms.ValidationError(_("There is no such manager."))


def asked(query: Mapping[str, Any]) -> tuple[Filters, str]:
    """What an address asks for: the filters, and the label of a quarter, blank where it names none."""
    form = PortfolioForm(query)
    form.is_valid()
    found = form.cleaned_data
    sort = found.get("sort") or ""
    return (
        Filters(
            name=found.get("q") or "",
            manager=found.get("manager") or "",
            industry=found.get("industry") or "",
            tier=found.get("tier") or "",
            pattern=found.get("pattern") or "",
            sort=sort.removeprefix("-") or DEFAULT.sort,
            descending=sort.startswith("-") if sort else DEFAULT.descending,
            page=found.get("page") or 1,
        ),
        found.get("quarter") or "",
    )


def parameters(filters: Filters, quarter: str = "", **changes: Any) -> dict[str, str]:
    """What an address says to ask for this, without what goes without saying; `changes` replace parts."""
    sort = f"-{filters.sort}" if filters.descending else filters.sort
    said = {
        "quarter": quarter,
        "q": filters.name,
        "manager": filters.manager,
        "industry": filters.industry,
        "tier": filters.tier,
        "pattern": filters.pattern,
        "sort": "" if (filters.sort, filters.descending) == (DEFAULT.sort, DEFAULT.descending) else sort,
        "page": str(filters.page) if filters.page > 1 else "",
    } | changes
    return {name: str(value) for name, value in said.items() if value != "" and (name, value) != ("page", 1)}


def query_string(filters: Filters, quarter: str = "", **changes: Any) -> str:
    """The same as the end of an address: `?…`, or nothing."""
    said = urlencode(parameters(filters, quarter, **changes))
    return f"?{said}" if said else ""


def options(choices: Iterable[Choice], chosen: str, unset: str, unknown: str) -> list[tuple[str, str, bool]]:
    """The values of a select with what they are called and whether it is the chosen one.

    `unset` is what UNSET is called. A chosen value that no account has is in it too, as `unknown`.
    """
    found = [(choice.value, choice.label or unset, choice.value == chosen) for choice in choices]
    if chosen and not any(is_chosen for *_rest, is_chosen in found):
        found.append((chosen, unknown, True))
    return found
