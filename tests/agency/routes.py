"""Every address of the site, and what it answers to whom: the decisions that tests/agency/test_routes.py holds it to.

A new address is added here, or the suite fails. `who` names the roles for whom it exists; to all others signed in it
is a 404, as an absent page is, and who isn't signed in is led to the sign-in page. Those of the admin site, which are
made of the records that are registered there, are decided kind by kind (ADMIN_SITE and ADMIN_RECORD).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

ADMIN, LEADERSHIP, MANAGER, CONTACT, NOBODY = "admin", "leadership", "manager", "contact", "signed out"
ROLES = (ADMIN, LEADERSHIP, MANAGER, CONTACT, NOBODY)

EVERYBODY = frozenset(ROLES)
SIGNED_IN = EVERYBODY - {NOBODY}
AGENCY = frozenset({ADMIN, LEADERSHIP, MANAGER})
LEADERS = frozenset({ADMIN, LEADERSHIP})
ADMINS = frozenset({ADMIN})
CONTACTS = frozenset({CONTACT})

SAFE = ("GET", "HEAD")
FORM = ("GET", "HEAD", "POST")
ACT = ("POST",)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# What Django's own views by classes do, which allauth's pages are: they take a PUT as a POST, and whoever asks by
# OPTIONS is told which methods there are, whatever there is.
VIEW = ("GET", "HEAD", "OPTIONS")
FORM_VIEW = ("GET", "HEAD", "POST", "PUT", "OPTIONS")

OF_ONESELF = ("own session", "own passkey", "own goal")
"""What stands in an address for a row of whoever asks: one of another's is as absent as one that never was."""

Answer = int | dict[str, int]
"""A status: one for all who may, or by role."""


@dataclass(frozen=True)
class Route:
    """What an address answers."""

    who: frozenset[str]
    methods: tuple[str, ...] = SAFE
    get: Answer = 200
    """The status of a GET by who may."""
    post: Answer = 422
    """The status of a POST that says nothing."""
    values: Mapping[str, object] = field(default_factory=dict)
    """What stands for the parts of the address that are no client's; or the name of a row, of OF_ONESELF even."""
    led_on: bool = False
    """Whether who is signed in is led on to where they belong, whatever they ask for."""
    asks_again: bool = False
    """Whether it first leads to where they show once more who they are, those who have not done so lately."""
    reads: bool = True
    """Of an account: whether it exists for whoever sees the account; otherwise for who may record on it."""
    absent: int = 404
    """The status of a record that is not there, for those who would see it."""
    ways: int = 1
    """How many addresses go by this name."""

    @property
    def whose(self) -> dict[str, str]:
        """The parts of the address that name a row of whoever asks, with the row's kind."""
        return {part: str(value) for part, value in self.values.items() if value in OF_ONESELF}


def _all(names: str, route: Route) -> dict[str, Route]:
    return dict.fromkeys(names.split(), route)


def _recorded(nouns: Iterable[str]) -> dict[str, Route]:
    """A page and a form for a new record, and for one that is there."""
    form = Route(AGENCY, FORM, reads=False)
    kinds = {"_new": form, "_new_form": form, "": form, "_form": form, "_history": Route(AGENCY)}
    return {f"accounts:{noun}{kind}": route for noun in nouns for kind, route in kinds.items()}


QUARTER: Mapping[str, object] = {"label": "2026-Q1"}

ROUTES: dict[str, Route] = {
    # Everybody's
    "healthz": Route(EVERYBODY),
    "readyz": Route(EVERYBODY),
    "status": Route(EVERYBODY),
    "security_txt": Route(EVERYBODY, get=404),
    "account_login": Route(EVERYBODY, FORM_VIEW, post=200, led_on=True),
    "account_logout": Route(EVERYBODY, (*FORM, "OPTIONS"), get={NOBODY: 302}, post=302),
    "account_inactive": Route(EVERYBODY, (*SAFE, "OPTIONS")),
    "accounts:language": Route(EVERYBODY, ACT, post=404),
    "home": Route(SIGNED_IN, get=302),
    # The agency's
    **_all("metrics:my_accounts metrics:jump metrics:jump_results metrics:definitions", Route(AGENCY)),
    "metrics:definition": Route(AGENCY, values={"code": "expansion_rate"}),
    **_all("metrics:portfolio metrics:portfolio_table metrics:portfolio_csv metrics:portfolio_xlsx", Route(AGENCY)),
    "metrics:portfolio_beginning": Route(AGENCY),
    "metrics:computation": Route(AGENCY, ACT, post=303),
    "accounts:client_new": Route(AGENCY, FORM),
    "accounts:pins": Route(AGENCY, ACT, post=404),
    "metrics:your_pulses": Route(AGENCY),
    # Of signing in: for who is signed in already there is nothing to do
    "account_request_login_code": Route(EVERYBODY, FORM_VIEW, post=200, led_on=True),
    "account_confirm_login_code": Route(EVERYBODY, METHODS, get=302, post=302),
    "mfa_authenticate": Route(EVERYBODY, METHODS, get=302, post=302),
    "mfa_login_webauthn": Route(EVERYBODY, FORM_VIEW, get=302, post=302, led_on=True),
    "accounts:invitation": Route(EVERYBODY, FORM, values={"token": "token"}),
    "accounts:agency_logo": Route(EVERYBODY),
    # One's own, and what one signs in with
    **_all("accounts:you mfa_index mfa_list_webauthn usersessions_list", Route(SIGNED_IN)),
    "accounts:you_name": Route(SIGNED_IN, ACT),
    "accounts:other_sessions_end": Route(SIGNED_IN, ACT, post=303),
    "accounts:session_end": Route(SIGNED_IN, ACT, post=303, values={"pk": "own session"}),
    **_all(
        "accounts:you_password account_change_password account_set_password",
        Route(SIGNED_IN, FORM, asks_again=True),
    ),
    # Nobody here has a password or an authenticator, and all have a passkey: the first two lead on to the third.
    **_all("account_reauthenticate mfa_reauthenticate", Route(SIGNED_IN, METHODS, get=302, post=302)),
    "mfa_reauthenticate_webauthn": Route(SIGNED_IN, FORM_VIEW, post=302),
    "mfa_activate_totp": Route(SIGNED_IN, FORM_VIEW, post=200, asks_again=True),
    # Nor has anybody codes to come in by.
    "mfa_deactivate_totp": Route(SIGNED_IN, METHODS, get=404, post=404),
    "mfa_view_recovery_codes": Route(SIGNED_IN, VIEW, get=404),
    "mfa_download_recovery_codes": Route(SIGNED_IN, METHODS, get=404, post=404),
    "mfa_generate_recovery_codes": Route(SIGNED_IN, FORM_VIEW, post=302, asks_again=True),
    "mfa_add_webauthn": Route(SIGNED_IN, FORM_VIEW, post=200, asks_again=True),
    "mfa_edit_webauthn": Route(SIGNED_IN, FORM_VIEW, post=200, asks_again=True, values={"pk": "own passkey"}),
    "mfa_remove_webauthn": Route(
        SIGNED_IN, (*FORM, "DELETE", "OPTIONS"), post=302, asks_again=True, values={"pk": "own passkey"}
    ),
    # Leadership's
    **_all("metrics:night metrics:segments metrics:segments_csv metrics:segments_xlsx", Route(LEADERS)),
    "metrics:quarter": Route(LEADERS, values=QUARTER, ways=2),
    "metrics:quarter_decisions": Route(LEADERS, values=QUARTER),
    **_all("metrics:decision_new metrics:decision_new_form", Route(LEADERS, FORM, post=200, values=QUARTER)),
    **_all(
        "metrics:decision metrics:decision_form",
        Route(LEADERS, FORM, post=200, values={**QUARTER, "record_id": "decided"}),
    ),
    **_all(
        "metrics:decision_state metrics:decision_state_list",
        Route(LEADERS, ACT, post=404, values={**QUARTER, "record_id": "decided"}),
    ),
    "metrics:settings": Route(LEADERS),
    "metrics:setting": Route(LEADERS, FORM, post=200, values={"name": "good_attainment"}),
    "metrics:setting_change": Route(LEADERS, values={"name": "good_attainment"}),
    "accounts:sample": Route(LEADERS, ACT, post=303),
    "accounts:sample_removal": Route(LEADERS, FORM, get=404, post=404),
    **_all("accounts:outbox accounts:outbox_table", Route(LEADERS)),
    **_all("accounts:mail accounts:mail_html", Route(LEADERS, values={"mail_id": "mail"})),
    "accounts:mail_sending": Route(LEADERS, ACT, post=302, values={"mail_id": "mail"}),
    # The administrators'
    **_all("accounts:audit accounts:audit_list accounts:audit_csv accounts:audit_xlsx", Route(ADMINS)),
    "accounts:agency": Route(ADMINS, FORM, asks_again=True),
    "accounts:people": Route(ADMINS, asks_again=True),
    "accounts:invite": Route(ADMINS, FORM, asks_again=True),
    "accounts:person": Route(ADMINS, asks_again=True, values={"pk": "lena"}),
    **_all(
        "accounts:person_role accounts:person_departure",
        Route(ADMINS, ACT, asks_again=True, values={"pk": "lena"}),
    ),
    **_all(
        "accounts:person_factor_removal accounts:person_return accounts:person_sessions_end",
        Route(ADMINS, ACT, post=303, asks_again=True, values={"pk": "lena"}),
    ),
    **_all(
        "accounts:invitation_link accounts:invitation_revocation",
        Route(ADMINS, ACT, post=303, asks_again=True, values={"pk": "invitation"}),
    ),
    # A client's
    **_all("portal:home portal:visits", Route(CONTACTS)),
    "portal:comments": Route(CONTACTS, FORM),
    "portal:goal_agreement": Route(CONTACTS, ACT, post=303, values={"external_id": "own goal"}),
    "portal:pulse": Route(CONTACTS, FORM),
    "portal:pulse_kept": Route(CONTACTS, ACT, post=200),
    # An account's
    "accounts:team": Route(AGENCY, reads=False),
    **_all("accounts:team_joining accounts:team_leaving accounts:handover", Route(AGENCY, ACT, reads=False)),
    "accounts:contact_access": Route(AGENCY, reads=False),
    **_all("accounts:contact_access_end accounts:contact_invitation", Route(AGENCY, ACT, post=303, reads=False)),
    **_all("metrics:client_view metrics:client_view_sections", Route(AGENCY, FORM, post=404)),
    "metrics:as_client": Route(AGENCY),
    **_all(
        "accounts:follow_up accounts:follow_up_form accounts:reply accounts:reply_form"
        " accounts:pulse_request accounts:pulse_request_form",
        Route(AGENCY, FORM, reads=False),
    ),
    "accounts:your_pulse": Route(frozenset({MANAGER}), FORM, reads=False),
    "accounts:your_pulse_kept": Route(frozenset({MANAGER}), ACT, post=200, reads=False),
    **_all("accounts:history accounts:client_history", Route(AGENCY)),
    **_all("metrics:account metrics:account_content metrics:account_freshness metrics:account_timeline", Route(AGENCY)),
    **_all("accounts:client accounts:client_form", Route(AGENCY, FORM, reads=False)),
    **_recorded(
        ["check_in", "recommendation", "goal", "contact", "engagement", "standing", "involvement", "note"],
    ),
    **_all("accounts:scope_change_new accounts:scope_change_new_form", Route(AGENCY, FORM, reads=False)),
    **_all("accounts:scope_change_preview accounts:correction_preview", Route(AGENCY, ACT, post=200, reads=False)),
    **_all("accounts:reversal accounts:reversal_form", Route(AGENCY, FORM, reads=False)),
    **_all("accounts:correction accounts:correction_form", Route(AGENCY, FORM, reads=False)),
    "accounts:readings": Route(AGENCY, FORM, post=303, reads=False),
    "accounts:readings_form": Route(AGENCY, FORM, post=200, reads=False),
}

ADMIN_SITE: dict[str, Route] = {
    **_all("index app_list", Route(ADMINS, METHODS, post=200)),
    # It has no door of its own, and whoever comes back from ours is led on.
    "login": Route(ADMINS, METHODS, get=302, post=302),
    "logout": Route(ADMINS, ("POST", "OPTIONS"), post=200),
    "password_change": Route(ADMINS, FORM_VIEW, post=200),
    "password_change_done": Route(ADMINS, VIEW),
    "autocomplete": Route(ADMINS, VIEW, get=403),
    "jsi18n": Route(ADMINS, VIEW),
    # None of the records has a page of its own that this leads to.
    "view_on_site": Route(ADMINS, METHODS, get=404, post=404),
    # Their password is set on a page of its own.
    "auth_user_password_change": Route(ADMINS, METHODS, post=200, asks_again=True, values={"id": "lena"}),
    # Whatever is not there.
    "(?P<url>.*)$": Route(ADMINS, METHODS, get=404, post=404),
}
"""Of the admin site, what is no record's."""

ADMIN_RECORD: dict[str, Route] = {
    "changelist": Route(ADMINS, METHODS, post=200),
    "add": Route(ADMINS, METHODS, post=200),
    # From what is not there it leads to its beginning, and says so.
    **_all("change delete", Route(ADMINS, METHODS, post=200, absent=302)),
    "history": Route(ADMINS, METHODS, post=200, absent=302),
    # As changes were addressed once: it leads on to where they are.
    "": Route(ADMINS, METHODS, get=302, post=302),
}
"""Of the admin site, the pages of each record that is registered, by the end of their names."""

_NEVER = Route(ADMINS, METHODS, get=403, post=403, absent=403)
_READ_ALONE = Route(ADMINS, METHODS, post=403, absent=302)
ADMIN_REFUSES: dict[str, Route] = {
    # The ledger and the versions of settings stay as they are; nobody answers for another, or rewrites their answer.
    **_all("scopechange_change setting_change pulse_change", _READ_ALONE),
    **_all("scopechange_delete setting_delete pulse_add pulse_delete", _NEVER),
}
"""Of the admin site, what is not done to which record."""
