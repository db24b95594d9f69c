"""Every page there is, for the tests that look at each of them: a new page is one more line here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from accounts import sample_agency
from accounts.periods import Quarter

ADDRESSES = {
    "omar": sample_agency.OMAR,
    "lena": sample_agency.LENA,
    "ines": sample_agency.INES,
    "oda": "oda.hale@larkfield.example",
    "nils": "nils.lund@merrow.example",
    "ada": "ada.brandt@merrow.example",
    "ella": "ella.frost@aldwater.example",
}
"""Who looks, by e-mail. Of clients: Oda has begun her pulse, Nils has sent his and writes in French, Ada reads German,
and Ella is shown nothing (states.py)."""

INVITED_COLLEAGUE = "a-colleague-who-was-invited-and-has-not-come"
INVITED_CONTACT = "a-contact-who-was-invited-and-has-not-come-0"
"""The links of two invitations that let in."""

IN_PROGRESS = Quarter.containing(datetime.now(UTC).date())
LAST_ENDED = IN_PROGRESS.shifted(-1)
"""The quarters of the sample agency as its pages name them."""


@dataclass(frozen=True)
class Page:
    """One page: what it is called here, its address, who looks at it (None: nobody signed in), and its charts."""

    name: str
    path: str
    who: str | None = "lena"
    charts: int = 0
    status: int = 200


PAGES = (
    Page("sign-in", "/sign-in/", who=None),
    Page("sign-in-by-code", "/sign-in/code/", who=None),
    Page("invitation-over", "/invitation/a-link-that-never-was/", who=None, status=404),
    Page("invitation-of-a-colleague", f"/invitation/{INVITED_COLLEAGUE}/", who=None),
    Page("invitation-of-a-contact", f"/invitation/{INVITED_CONTACT}/", who=None),
    Page("sign-out", "/sign-in/out/"),
    Page("you", "/you/"),
    Page("you-asked-for-a-second-factor", "/you/", who="omar"),
    Page("password", "/you/password/"),
    Page("authenticator", "/you/authenticator/"),
    Page("passkey-new", "/you/passkeys/new/"),
    Page("recovery-codes-new", "/you/recovery-codes/new/"),
    Page("people", "/people/", who="ines"),
    Page("person", "/people/1/", who="ines"),
    Page("invite", "/people/invite/", who="ines"),
    Page("agency", "/agency/", who="ines"),
    Page("records", "/admin/", who="ines"),
    Page("audit", "/audit/", who="ines"),
    Page("audit-of-members", "/audit/?what=accounts.teammember", who="ines"),
    Page("audit-of-nothing", "/audit/?account=no+such+account", who="ines"),
    Page("team", f"/accounts/{sample_agency.STALLING}/team/"),
    Page("contact-access", f"/accounts/{sample_agency.STALLING}/contacts/{sample_agency.STALLING}-contact-0/access/"),
    Page("not-found", "/nothing/here/", status=404),
    Page("night", "/night/", who="omar"),
    Page("outbox", "/outbox/", who="omar"),
    Page("outbox-of-nothing", "/outbox/?q=no+such+mail", who="omar"),
    Page("my-accounts", "/my-accounts/"),
    Page("my-accounts-of-nobody", "/my-accounts/?page=9"),
    Page("your-pulses", "/your-pulses/"),
    Page("your-pulse", f"/your-pulses/{sample_agency.STALLING}/"),
    Page("your-pulse-sent", f"/your-pulses/{sample_agency.DEEPENING}/"),
    Page("pulse-request", f"/accounts/{sample_agency.STALLING}/pulse-request/"),
    Page("jump", "/jump/?q=a"),
    Page("jump-to-nothing", "/jump/?q=no+such+name"),
    Page("client-new", "/clients/new/"),
    Page("sample-removal", "/sample-agency/removal/", who="omar"),
    Page("quarter", "/quarter/", who="omar"),
    Page("quarter-in-progress", f"/quarter/{IN_PROGRESS.label}/", who="omar"),
    Page("decision-new", f"/quarter/{LAST_ENDED.label}/decisions/new/", who="omar"),
    Page("segments", "/segments/", who="omar"),
    Page("segments-of-the-quarter", "/segments/?window=quarter", who="omar"),
    Page("portfolio", "/portfolio/", charts=4),
    Page("portfolio-of-nothing", "/portfolio/?q=no+such+account", charts=4),
    Page("definitions", "/definitions/"),
    Page("settings", "/settings/", who="omar"),
    Page("setting", "/settings/good_attainment/", who="omar"),
    Page("setting-foreseen", "/settings/good_attainment/?effective_on=2026-01-01&value=90", who="omar"),
    Page("setting-in-another-currency", "/settings/reporting_currency/?effective_on=2026-01-01&value=EUR", who="omar"),
    Page("setting-refused", "/settings/weight.trust/?effective_on=2026-01-01&value=1", who="omar"),
    Page("account", f"/accounts/{sample_agency.STALLING}/", charts=2),
    Page("account-deepening", f"/accounts/{sample_agency.DEEPENING}/", charts=2),
    Page("check-in", f"/accounts/{sample_agency.STALLING}/check-ins/new/"),
    Page("advice", f"/accounts/{sample_agency.STALLING}/advice/new/"),
    Page("goal", f"/accounts/{sample_agency.STALLING}/goals/new/"),
    Page("contact", f"/accounts/{sample_agency.STALLING}/contacts/new/"),
    Page("engagement", f"/accounts/{sample_agency.STALLING}/engagements/new/"),
    Page("standing", f"/accounts/{sample_agency.STALLING}/standings/new/"),
    Page("involvement", f"/accounts/{sample_agency.STALLING}/involvements/new/"),
    Page("note", f"/accounts/{sample_agency.STALLING}/notes/new/"),
    Page("facts", f"/accounts/{sample_agency.STALLING}/facts/"),
    Page("account-check-ins", f"/accounts/{sample_agency.STALLING}/?show=check-ins", charts=2),
    Page("account-too-early", "/accounts/aldwater/", charts=2),
    Page("scope-change", f"/accounts/{sample_agency.STALLING}/scope-changes/new/"),
    Page("renewal", f"/accounts/{sample_agency.STALLING}/scope-changes/new/?kind=renewal"),
    Page("history", f"/accounts/{sample_agency.STALLING}/history/"),
    Page("facts-history", f"/accounts/{sample_agency.STALLING}/facts/history/"),
    Page("client-view", f"/accounts/{sample_agency.STALLING}/client-view/"),
    Page("as-client", f"/accounts/{sample_agency.STALLING}/as-client/", charts=1),
    Page("as-client-of-nobody", "/accounts/aldwater/as-client/"),
    Page("portal", "/portal/", who="oda", charts=1),
    Page("portal-in-progress", f"/portal/?quarter={IN_PROGRESS.label}", who="oda", charts=1),
    Page("portal-of-nothing", "/portal/", who="ella"),
    Page("portal-after-the-pulse-in-french", "/portal/", who="nils", charts=1),
    Page("portal-in-german", "/portal/", who="ada", charts=1),
    Page("portal-pulse-begun", "/portal/pulse/", who="oda"),
    Page("portal-pulse-sent-in-french", "/portal/pulse/", who="nils"),
    Page("portal-pulse-in-german", "/portal/pulse/", who="ada"),
    Page("portal-comments-of-nothing", "/portal/comments/", who="oda"),
    Page("portal-comments-in-french", "/portal/comments/", who="nils"),
    Page("portal-comments-in-german", "/portal/comments/", who="ada"),
    Page("portal-visits", "/portal/visits/", who="oda"),
    Page("portal-visits-in-french", "/portal/visits/", who="nils"),
    Page("portal-visits-in-german", "/portal/visits/", who="ada"),
    Page("portal-you-in-german", "/you/", who="ada"),
    Page("readings", f"/accounts/{sample_agency.STALLING}/readings/"),
)
