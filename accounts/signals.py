"""What the records tell the rest of the product."""

from django.dispatch import Signal

# Records have changed and are committed. Sent with `client_ids`, a tuple of primary keys, which is
# empty for records that belong to no client; the sender is the model whose rows changed.
records_changed = Signal()
