"""The pages and fragments on which people record. What stands at /accounts/…/ itself shows figures: metrics has it."""

from accounts import addresses  # noqa: F401 -- what <external_id:…> is in an address
from accounts.forms.check_in import CheckInForm
from accounts.views.recording import Noun

app_name = "accounts"

NOUNS = (Noun("check_in", "check-ins", CheckInForm),)

urlpatterns = [address for noun in NOUNS for address in noun.addresses()]
