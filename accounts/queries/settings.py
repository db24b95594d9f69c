"""Settings as a form begins with them."""

from accounts.models import Setting
from accounts.settings_in_force import DEFAULTS


def reporting_currency() -> str:
    """The currency in which the agency adds up: the newest version. One query."""
    newest = Setting.objects.filter(name="reporting_currency").order_by("-effective_on").values_list("value", flat=True)
    return newest.first() or DEFAULTS["reporting_currency"]
