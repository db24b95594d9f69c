"""What the settings are called, counted in and good for, group by group."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.dates import MONTHS
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.attributes import ATTRIBUTE_WORDS
from accounts.settings_in_force import ATTRIBUTES, DEFAULTS, SOURCES

Words = str | Promise


@dataclass(frozen=True)
class SettingWords:
    """One setting: its name, how its value is written, and what it decides, in a sentence."""

    name: Words
    written: Words
    says: Words
    group: str


GROUPS: dict[str, Words] = {
    "thresholds": _("Thresholds"),
    "rhythm": _("Check-in rhythm"),
    "sources": _("Weights of the sources"),
    "attributes": _("Weights of the attributes"),
    "calendar": _("Calendar and money"),
    "night": _("The night"),
}
"""What the settings are about, in the order in which they are shown."""

_BARE = "{value}"
_PERCENT = _("{value} %")

_SOURCES: dict[str, Words] = {
    "client_pulse": _("Client pulse"),
    "evidence": _("Evidence"),
    "agency_pulse": _("Agency pulse"),
}
_TIERS: dict[str, Words] = {
    "a": _("Tier A"),
    "b": _("Tier B"),
    "c": _("Tier C"),
    "unset": _("No tier"),
}

SETTING_WORDS: dict[str, SettingWords] = {
    "good_attainment": SettingWords(
        _("Good numbers"),
        _PERCENT,
        _("From this mean attainment on, the numbers of a pattern are good."),
        "thresholds",
    ),
    "ready_attainment": SettingWords(
        _("Ready: attainment"),
        _PERCENT,
        _("From this attainment on, a client is doing well enough for an opportunity to be raised."),
        "thresholds",
    ),
    "ready_partnership": SettingWords(
        _("Ready: partnership score"),
        _("{value} of 100"),
        _("From this score on, or where none is known, the relationship carries an opportunity."),
        "thresholds",
    ),
    **{
        f"interval_{tier}": SettingWords(
            name,
            _("{value} days"),
            _("So many days from one check-in to the next; later than that, one is overdue."),
            "rhythm",
        )
        for tier, name in _TIERS.items()
    },
    **{
        f"weight.{source}": SettingWords(
            _SOURCES[source],
            _BARE,
            _("How much this source weighs in each attribute, against the other two."),
            "sources",
        )
        for source in SOURCES
    },
    **{
        f"weight.{attribute}": SettingWords(
            ATTRIBUTE_WORDS[attribute].name,
            _BARE,
            _("How much this attribute weighs in the partnership score, against the other nine."),
            "attributes",
        )
        for attribute in ATTRIBUTES
    },
    "fiscal_year_month": SettingWords(
        _("First month of the fiscal year"),
        _BARE,
        _("Where quarters begin and what they are called. The newest version counts for all quarters."),
        "calendar",
    ),
    "reporting_currency": SettingWords(
        _("Reporting currency"),
        _BARE,
        _("The currency in which the agency adds up. The newest version counts for all quarters."),
        "calendar",
    ),
    "time_zone": SettingWords(
        _("Time zone"), _BARE, _("The agency’s clock: which day is today, and when a night is."), "night"
    ),
    "night_hour": SettingWords(
        _("Hour of the night"), _("{value}:00"), _("From this hour on, figures are computed, once a day."), "night"
    ),
}
"""By name; every setting has its words."""


def described(name: str, value: str) -> Words:
    """A value as it is written: `80 %`, `14 days`, `April`, `0.4`."""
    written = MONTHS[int(Decimal(value))] if name == "fiscal_year_month" else value
    return format_lazy(SETTING_WORDS[name].written, value=written)


if missing := DEFAULTS.keys() ^ SETTING_WORDS.keys():
    raise RuntimeError(f"Words and settings differ: {', '.join(sorted(missing))}")
