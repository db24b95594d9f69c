"""The files of the exchange format: each file's columns, declared once. Source: DATA.md.

Reading, loading, writing and every sentence about what was expected follow from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.exchange import cells
from accounts.exchange.cells import Kind
from accounts.models.check_ins import CheckIn
from accounts.models.clients import Client, Involvement, Standing
from accounts.models.engagements import Engagement
from accounts.models.goals import Goal
from accounts.models.kpis import Kpi
from accounts.models.opportunities import Opportunity
from accounts.models.pulses import STATEMENTS, Pulse
from accounts.models.recommendations import Recommendation
from accounts.models.scope_changes import ScopeChange
from accounts.settings_in_force import ATTRIBUTES


@dataclass(frozen=True)
class Column:
    """One column of a file.

    `refers` is the file whose rows it names by external_id, or "people" where it names one of the
    agency by e-mail. `stored` is the table's column, None where the values have a table of their own.
    """

    name: str
    kind: Kind
    required: bool = False
    refers: str | None = None
    stored: str | None = None

    @property
    def is_text(self) -> bool:
        """Whether blank is stored as '' rather than NULL."""
        return self.refers is None and self.kind.sql == "text"


@dataclass(frozen=True)
class RowRule:
    """What must hold between the cells of one row.

    `broken` is SQL over the row as `given`, true where the rule is broken.
    """

    column: str
    broken: str
    expected: str


@dataclass(frozen=True)
class Anchor:
    """A column that can't change any more once other rows depend on it.

    `held` is SQL over the stored row as `stored`, true where something holds it; `because` says what.
    """

    column: str
    held: str
    because: str


@dataclass(frozen=True)
class Format:
    """One file: where its rows are stored, its columns, and what names a row.

    `derived` are columns of the table that follow from a reference: SQL by name. `lists` are
    columns of the table that hold several values. `versions` says that a stored row is never replaced.
    `signed` is the column that says who wrote a row: what a file changes was written by nobody.
    """

    file: str
    table: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("external_id",)
    derived: Mapping[str, str] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    rules: tuple[RowRule, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    versions: bool = False
    signed: str = ""

    @property
    def incoming(self) -> str:
        """The temporary table its rows go through."""
        return f"incoming_{self.file.removesuffix('.csv')}"

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _column(name: str, kind: Kind, *, required: bool = False) -> Column:
    return Column(name, kind, required=required, stored=name)


_NOUNS = {
    "clients.csv": "a client",
    "engagements.csv": "an engagement",
    "scope_changes.csv": "a ledger row",
    "kpis.csv": "a KPI",
    "goals.csv": "a goal",
}


def _reference(name: str, file: str, *, required: bool = True) -> Column:
    kind = cells.reference(_NOUNS[file], file)
    return Column(name, kind, required=required, refers=file, stored=f"{name}_id")


_EXTERNAL_ID = _column("external_id", cells.KEY, required=True)
_CLIENT = _reference("client", "clients.csv")

CLIENTS = Format(
    "clients.csv",
    "accounts_client",
    (
        _EXTERNAL_ID,
        _column("name", cells.text(300), required=True),
        _column("industry", cells.text(200)),
        _column("value_tier", cells.choice(*Client.Tier.values)),
        _column("currency", cells.CURRENCY, required=True),
        Column("account_manager", cells.EMAIL, refers="people", stored="account_manager_id"),
    ),
)

CONTACTS = Format(
    "contacts.csv",
    "accounts_contact",
    (
        _column("external_id", cells.LISTED_KEY, required=True),
        _CLIENT,
        _column("name", cells.text(300), required=True),
        _column("email", cells.EMAIL),
        _column("role", cells.text(200)),
        _column("decision_maker", cells.YES_NO),
        _column("left_on", cells.DAY),
    ),
    anchors=(
        Anchor(
            "client",
            "EXISTS (SELECT FROM accounts_checkincontact seen WHERE seen.contact_id = stored.id)",
            "the contact was seen in its check-ins",
        ),
        Anchor("client", "stored.person_id IS NOT NULL", "the contact was invited"),
    ),
)

_IN_THE_LEDGER = "EXISTS (SELECT FROM accounts_scopechange row WHERE row.engagement_id = stored.id)"

ENGAGEMENTS = Format(
    "engagements.csv",
    "accounts_engagement",
    (
        _EXTERNAL_ID,
        _CLIENT,
        _column("name", cells.text(300), required=True),
        _column("service_line", cells.text(200)),
        _column("billing", cells.choice(*Engagement.Billing.values), required=True),
        _column("pricing", cells.choice(*Engagement.Pricing.values)),
        _column("notice_days", cells.whole(2**31 - 1)),
    ),
    anchors=(
        Anchor("client", _IN_THE_LEDGER, "the ledger has rows of this engagement"),
        Anchor("billing", _IN_THE_LEDGER, "the ledger has rows of this engagement"),
    ),
)

SCOPE_CHANGES = Format(
    "scope_changes.csv",
    "accounts_scopechange",
    (
        _EXTERNAL_ID,
        _reference("engagement", "engagements.csv"),
        _column("kind", cells.choice(*ScopeChange.Kind.values), required=True),
        _column("effective_on", cells.DAY, required=True),
        _column("value_delta", cells.amount(20, 4)),
        _column("ends_on", cells.DAY),
        _column("origin", cells.choice(*ScopeChange.Origin.values)),
        _column("involved_from", cells.choice(*ScopeChange.InvolvedFrom.values)),
        _column("note", cells.text()),
        _reference("reverses", "scope_changes.csv", required=False),
    ),
    derived={"client_id": "engagement.client_id"},
)

STANDINGS = Format(
    "standings.csv",
    "accounts_standing",
    (
        _CLIENT,
        _column("effective_on", cells.DAY, required=True),
        _column("standing", cells.choice(*Standing.Place.values), required=True),
        _column("exclusive", cells.YES_NO),
    ),
    key=("client", "effective_on"),
)

INVOLVEMENTS = Format(
    "involvements.csv",
    "accounts_involvement",
    (
        _CLIENT,
        _column("kind", cells.choice(*Involvement.Kind.values), required=True),
        _column("started_on", cells.DAY, required=True),
        _column("ended_on", cells.DAY),
    ),
    key=("client", "kind", "started_on"),
    rules=(RowRule("ended_on", "given.ended_on < given.started_on", "a day that is not before started_on"),),
)

KPIS = Format(
    "kpis.csv",
    "accounts_kpi",
    (
        _EXTERNAL_ID,
        _CLIENT,
        _column("name", cells.text(300), required=True),
        _column("unit", cells.text(50)),
        _column("direction", cells.choice(*Kpi.Direction.values), required=True),
    ),
    anchors=(
        Anchor(
            "client",
            "EXISTS (SELECT FROM accounts_kpireading reading"
            " WHERE reading.kpi_id = stored.id AND reading.client_id = stored.client_id)",
            "the KPI has readings",
        ),
    ),
)

KPI_READINGS = Format(
    "kpi_readings.csv",
    "accounts_kpireading",
    (
        _reference("kpi", "kpis.csv"),
        _column("month", cells.MONTH, required=True),
        _column("value", cells.amount(30, 10), required=True),
        _column("target", cells.amount(30, 10)),
    ),
    key=("kpi", "month"),
    derived={"client_id": "kpi.client_id"},
    signed="recorded_by_id",
)

CHECK_INS = Format(
    "check_ins.csv",
    "accounts_checkin",
    (
        _EXTERNAL_ID,
        _CLIENT,
        _column("held_on", cells.DAY, required=True),
        _column("initiated_by", cells.choice(*CheckIn.Side.values)),
        Column("client_contacts", cells.several(cells.KEY, "external_ids of contacts of the client")),
        Column("agency_people", cells.several(cells.EMAIL, "e-mails of people of the agency")),
        _column("summary", cells.text()),
        _column("signs", cells.several(cells.choice(*CheckIn.Sign.values), "signs")),
    ),
    lists=frozenset({"signs"}),
    anchors=(
        Anchor(
            "client",
            "EXISTS (SELECT FROM accounts_checkincontact seen WHERE seen.check_in_id = stored.id)"
            " OR EXISTS (SELECT FROM accounts_checkinperson seen WHERE seen.check_in_id = stored.id)",
            "the check-in says who was there",
        ),
    ),
)

PULSES = Format(
    "pulses.csv",
    "accounts_pulse",
    (
        _EXTERNAL_ID,
        _CLIENT,
        _column("side", cells.choice(*Pulse.Side.values), required=True),
        _column("respondent", cells.EMAIL, required=True),
        _column("answered_on", cells.DAY, required=True),
        *(_column(name, cells.PLACED) for name in ATTRIBUTES),
        _column("comment", cells.text()),
        _column("confidential", cells.YES_NO),
        *(_column(name, cells.PLACED) for name in STATEMENTS),
    ),
    rules=tuple(
        RowRule(
            name,
            f"given.side = 'agency' AND given.{name} IS NOT NULL",
            "blank: only the client's side is asked this",
        )
        for name in STATEMENTS
    ),
)

_DECIDED = "stored.decision NOT IN ('', 'pending')"

RECOMMENDATIONS = Format(
    "recommendations.csv",
    "accounts_recommendation",
    (
        _EXTERNAL_ID,
        _CLIENT,
        _column("made_on", cells.DAY, required=True),
        _column("subject", cells.text(500), required=True),
        _column("proactive", cells.YES_NO),
        _column("reception", cells.choice(*Recommendation.Reception.values)),
        _column("stance", cells.choice(*Recommendation.Stance.values)),
        _column("decision", cells.choice(*Recommendation.Decision.values)),
        _column("outcome", cells.choice(*Recommendation.Outcome.values)),
        _column("outcome_on", cells.DAY),
        _column("expected", cells.text()),
        _column("expected_by", cells.DAY),
    ),
    rules=(
        RowRule(
            "decision",
            "coalesce(given.decision, '') IN ('', 'pending') AND EXISTS (SELECT FROM accounts_recommendation stored"
            f" WHERE stored.external_id = given.external_id AND {_DECIDED}"
            " AND (stored.expected <> '' OR stored.expected_by IS NOT NULL))",
            "adopted, partly or declined: the client has decided, and what was expected holds",
        ),
    ),
    anchors=(
        Anchor("expected", _DECIDED, "the client has decided"),
        Anchor("expected_by", _DECIDED, "the client has decided"),
    ),
)

GOALS = Format(
    "goals.csv",
    "accounts_goal",
    (
        _EXTERNAL_ID,
        _CLIENT,
        _column("title", cells.text(500), required=True),
        _column("set_on", cells.DAY, required=True),
        _column("agreed_on", cells.DAY),
        _column("due_on", cells.DAY),
        _column("status", cells.choice(*Goal.Status.values)),
        _column("closed_on", cells.DAY),
    ),
    anchors=(
        Anchor(
            "client",
            "EXISTS (SELECT FROM accounts_opportunity served WHERE served.goal_id = stored.id)",
            "opportunities serve the goal",
        ),
    ),
)

OPPORTUNITIES = Format(
    "opportunities.csv",
    "accounts_opportunity",
    (
        _EXTERNAL_ID,
        _CLIENT,
        _reference("goal", "goals.csv"),
        _column("title", cells.text(500), required=True),
        _column("service_line", cells.text(200)),
        _column("stage", cells.choice(*Opportunity.Stage.values)),
        _column("raised_on", cells.DAY),
        _column("closed_on", cells.DAY),
    ),
)

EXCHANGE_RATES = Format(
    "exchange_rates.csv",
    "accounts_exchangerate",
    (
        _column("currency", cells.CURRENCY, required=True),
        _column("effective_on", cells.DAY, required=True),
        _column("rate", cells.amount(24, 12, above_zero=True), required=True),
    ),
    key=("currency", "effective_on"),
)

BENCHMARKS = Format(
    "benchmarks.csv",
    "accounts_benchmark",
    (
        _column("name", cells.KEY, required=True),
        _column("value", cells.amount(12, 4), required=True),
        _column("industry", cells.text(200)),
        _column("source", cells.text(500), required=True),
        _column("year", cells.whole(2**15 - 1)),
        _column("method_published", cells.YES_NO),
    ),
    key=("name",),
)

SETTINGS = Format(
    "settings.csv",
    "accounts_setting",
    (
        _column("name", cells.text(100), required=True),
        _column("effective_on", cells.DAY, required=True),
        _column("value", cells.text(100), required=True),
    ),
    key=("name", "effective_on"),
    versions=True,
)

# In an order in which what is referred to comes first.
FORMATS = (
    CLIENTS,
    CONTACTS,
    ENGAGEMENTS,
    SCOPE_CHANGES,
    STANDINGS,
    INVOLVEMENTS,
    KPIS,
    KPI_READINGS,
    CHECK_INS,
    PULSES,
    RECOMMENDATIONS,
    GOALS,
    OPPORTUNITIES,
    EXCHANGE_RATES,
    BENCHMARKS,
    SETTINGS,
)
BY_FILE = {known.file: known for known in FORMATS}

# Written by `manage.py export` beside the records, and left alone by `load`.
FIGURES = frozenset(
    {
        "client_quarters.csv",
        "partnership_attributes.csv",
        "expansion_rates.csv",
        "signals.csv",
        "candour.csv",
    }
)
