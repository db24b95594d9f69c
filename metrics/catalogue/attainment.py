"""Attainment: how many targets were met."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric, in_file
from metrics.figures.attainment import attainment

METRIC = Metric(
    code="attainment",
    name=_("KPI attainment"),
    group="numbers",
    unit=_("percent of targets"),
    figure=attainment,
    line=_("How many of the targets that were set were met."),
    indicator="attainment",
    columns=in_file("client_quarters.csv", "kpi_readings kpi_met attainment"),
    card=Card(
        what_it_is=_(
            "The surface of the account: of all the targets set for a client’s KPIs in the quarter, the share that was"
            " met."
        ),
        what_it_tells=_(
            "Whether we do what we said we would. It says nothing of whether the client would miss us, which is why it"
            " never stands alone here."
        ),
        how_it_is_measured=_(
            "Each reading counts in the quarter that holds its month’s first day, against the target that was set for"
            " that very month. Meeting it exactly is meeting it; by how far it was missed plays no part. Readings count"
            " whether or not the client had scope then."
        ),
        formula=_(
            "100 × readings that met their target / readings that have one. Where higher is better, at or above; where"
            " lower is better, at or below. No figure without a target."
        ),
        trend=_(
            "One quarter is three months of a few KPIs, so a single missed reading can be ten points. Look at the mean"
            " of four quarters, which is also what the pattern does, and at the swing."
        ),
        questions=(
            _("Were the targets agreed with the client, or set by us so as to be met?"),
            _("Which KPI is missed again and again, and does the client still care about it?"),
            _("When every target is met, when were they last raised?"),
        ),
        what_to_do=(
            _("Retire KPIs that nobody asks about, and agree on one that the client’s own board looks at."),
            _("When it drops, say so first and with a reason; trust is tested in such quarters, not in good ones."),
        ),
        how_to_show_it=_(
            "As a line on one fixed scale from 0 to 100 for every client, with the good range drawn behind it."
        ),
        beware=_(
            "It is the easiest figure to make look good: set the target low. And 100 % of three readings is not the"
            " same as 95 % of forty, so the count belongs beside it."
        ),
        fed_by=_("KPI readings by month with the target of that month, and each KPI’s direction."),
        goes_to=_("Account pages, the portfolio’s table and map, the pattern, readiness and the signal test."),
        moves=_("The pattern’s first half, whether the moment is right to raise something, and evidence on trust."),
    ),
)
