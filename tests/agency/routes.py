"""Every address of the site, and what it answers to whom: the decisions that tests/agency/test_routes.py holds it to.

A new address is added here, or the suite fails. `who` names the roles for whom it exists; to all others signed in it
is a 404, as an absent page is, and who isn't signed in is led to the sign-in page.
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


@dataclass(frozen=True)
class Route:
    """What an address answers."""

    who: frozenset[str]
    methods: tuple[str, ...] = SAFE
    get: int | dict[str, int] = 200
    """The status of a GET by who may: one for all, or by role."""
    post: int | dict[str, int] = 422
    """The status of a POST that says nothing."""
    values: Mapping[str, object] = field(default_factory=dict)
    """What stands for the parts of the address that are no client's."""
    led_on: bool = False
    """Whether who is signed in is led on to where they belong, whatever they ask for."""
    loose: bool = False
    """Whether the page itself decides what it answers those for whom it is: it asks who they are once more, or allauth
    leads them through several pages. All that is held to then is that it does not fail."""
    reads: bool = True
    """Of an account: whether it exists for whoever sees the account; otherwise for who may record on it."""


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
    "account_login": Route(EVERYBODY, (*FORM, "OPTIONS"), post=200, led_on=True),
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
    # Of signing in, and of what one signs in with
    **_all(
        "account_request_login_code account_confirm_login_code mfa_authenticate mfa_login_webauthn",
        Route(EVERYBODY, METHODS, loose=True),
    ),
    "accounts:invitation": Route(EVERYBODY, METHODS, loose=True, values={"token": "none"}),
    **_all(
        "account_reauthenticate account_change_password account_set_password mfa_reauthenticate"
        " mfa_reauthenticate_webauthn mfa_activate_totp mfa_deactivate_totp mfa_view_recovery_codes"
        " mfa_generate_recovery_codes mfa_download_recovery_codes mfa_add_webauthn mfa_index mfa_list_webauthn"
        " usersessions_list accounts:you accounts:you_name accounts:you_password accounts:other_sessions_end",
        Route(SIGNED_IN, METHODS, loose=True),
    ),
    **_all(
        "mfa_edit_webauthn mfa_remove_webauthn accounts:session_end",
        Route(SIGNED_IN, METHODS, loose=True, values={"pk": 999_999_999}),
    ),
    "accounts:agency_logo": Route(EVERYBODY, loose=True),
    # Leadership's
    **_all("metrics:night metrics:segments metrics:segments_csv metrics:segments_xlsx", Route(LEADERS)),
    "metrics:quarter": Route(LEADERS, values=QUARTER),
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
    **_all("accounts:agency accounts:people accounts:invite", Route(ADMINS, METHODS, loose=True)),
    **_all(
        "accounts:person accounts:person_departure accounts:person_factor_removal accounts:person_return"
        " accounts:person_role accounts:person_sessions_end",
        Route(ADMINS, METHODS, loose=True, values={"pk": "lena"}),
    ),
    **_all(
        "accounts:invitation_link accounts:invitation_revocation",
        Route(ADMINS, METHODS, loose=True, values={"pk": 999_999_999}),
    ),
    # A client's
    **_all("portal:home portal:visits", Route(CONTACTS)),
    **_all("portal:comments portal:goal_agreement", Route(CONTACTS, METHODS, loose=True)),
    "portal:pulse": Route(CONTACTS, FORM),
    "portal:pulse_kept": Route(CONTACTS, ACT, post=200),
    # An account's
    "accounts:team": Route(AGENCY, METHODS, loose=True),
    **_all("accounts:team_joining accounts:handover", Route(AGENCY, METHODS, loose=True, reads=False)),
    "accounts:team_leaving": Route(AGENCY, METHODS, loose=True, reads=False, values={"pk": 999_999_999}),
    **_all(
        "accounts:contact_access accounts:contact_access_end accounts:contact_invitation",
        Route(AGENCY, METHODS, loose=True, reads=False),
    ),
    **_all("metrics:client_view metrics:client_view_sections metrics:as_client", Route(AGENCY, METHODS, loose=True)),
    **_all(
        "accounts:follow_up accounts:follow_up_form accounts:reply accounts:reply_form"
        " accounts:pulse_request accounts:pulse_request_form",
        Route(AGENCY, METHODS, loose=True, reads=False),
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
