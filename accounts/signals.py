"""What the records tell the rest of the product."""

from django.dispatch import Signal

# Records of some clients have changed and are committed. Sent with `client_ids`, a tuple of primary
# keys; the sender is the model whose rows changed.
records_changed = Signal()
