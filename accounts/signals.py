"""What the records tell the rest of the product."""

from django.db import models, transaction
from django.dispatch import Signal

# Records have changed and are committed. Sent with `client_ids`, a tuple of primary keys, which is
# empty for records that belong to no client; the sender is the model whose rows changed.
records_changed = Signal()


def tell_changed(model: type[models.Model], *client_ids: int) -> None:
    """Tells, once it is committed, that rows of this model changed; of no client: they belong to none.

    They have changed whether or not those who are told can do anything about it now.
    """

    def tell() -> None:
        records_changed.send(sender=model, client_ids=client_ids)

    transaction.on_commit(tell, robust=True)
