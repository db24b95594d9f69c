"""What a run says of how it goes, to whoever watches it."""

from collections.abc import Callable

from metrics.models import Batch, Run
from metrics.night.batches import Worked

Report = Callable[[str], None]


def run_in_words(begun: Run) -> str:
    """How many clients a run still has to compute, and in how many batches."""
    sizes = [len(ids) for ids in begun.batches.filter(state__in=Batch.OPEN).values_list("client_ids", flat=True)]
    if not sizes:
        return "no client changed"
    return f"{sum(sizes)} changed {word(sum(sizes), 'client')} in {len(sizes)} {word(len(sizes), 'batch', 'batches')}"


def batch_in_words(done: Worked) -> str:
    """What became of a batch."""
    text = f"Batch {done.batch_id}: {done.computed} of {done.clients} {word(done.clients, 'client')}, {done.state}"
    return f"{text}, {done.seconds:.2f} s" + (f": {done.error}" if done.error else "")


def word(count: int, one: str, many: str = "") -> str:
    """The word for so many: with an s, where no other is given for many."""
    return one if count == 1 else many or f"{one}s"
