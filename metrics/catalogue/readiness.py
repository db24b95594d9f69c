"""Readiness: whether the moment is right to raise something."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric
from metrics.figures.readiness import unmet_conditions

METRIC = Metric(
    code="readiness",
    name=_("Readiness"),
    group="together",
    unit=_("ready, or what speaks against it"),
    figure=unmet_conditions,
    line=_("What speaks against raising an opportunity now; empty when the client is ready for it."),
    settings=("ready_attainment", "ready_partnership", "interval_a", "interval_b", "interval_c", "interval_unset"),
    card=Card(
        what_it_is=_(
            "A list of what stands in the way of talking about more work. Empty means that the client is succeeding and"
            " has been heard, which is when an offer helps rather than pushes."
        ),
        what_it_tells=_(
            "When, not what. The same proposal is welcome in one quarter and an imposition in another; this keeps us"
            " from selling into a relationship that first needs attention."
        ),
        how_it_is_measured=_(
            "At the last quarter that has ended, never in one that is under way. Four conditions, each shown in words"
            " when unmet. A client that was lost in the quarter counts as contracting; where no score is known, none is"
            " asked."
        ),
        formula=_(
            "Ready when all hold: attainment at the threshold set or a goal achieved within the year; partnership score"
            " at its threshold or not known; no overdue check-in; not contracting in the quarter."
        ),
        trend=_(
            "Follow the conditions rather than the count of the ready: an overdue check-in is mended in a day, a low"
            " score in a year. The same condition unmet three quarters in a row is the account’s real work."
        ),
        questions=(
            _("Which accounts miss only one condition, and is it in our hands?"),
            _("What was raised although the client was not ready, and what became of it?"),
        ),
        what_to_do=(
            _("Hold the overdue check-in first; half of what is unready becomes ready by talking."),
            _("Where you raise something all the same, write down why: the reason is kept with it."),
        ),
        how_to_show_it=_("As “ready”, or as the unmet conditions in words. Lists go by it, never by amount."),
        beware=_(
            "It is a courtesy, not a forecast. Nobody should be measured by how many are ready, or the conditions will"
            " be met on paper."
        ),
        fed_by=_("Attainment, goals achieved, the partnership score, check-ins, and the quarter’s movement."),
        goes_to=_("Opportunities when they are raised, and the preview of a changed setting."),
        moves=_("The pulled share: what is offered at the right moment was half asked for already."),
    ),
)
