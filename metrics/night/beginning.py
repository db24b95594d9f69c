"""Beginning a run: the night's when it is due, and one after an edit when something waits for it."""

from datetime import date, datetime

from metrics.gathering import settings_history
from metrics.models import ChangedQuarter, Horizon, Run
from metrics.night.due import due_on
from metrics.night.horizon import reach
from metrics.night.planning import plan, plan_all, planning, unplanned


def begin_night(now: datetime) -> Run | None:
    """Begins the night of the local date, once, whoever asks how often; None when there is nothing to begin."""
    day = due_on(now, settings_history())
    if day is None or Run.objects.filter(kind=Run.Kind.NIGHTLY, as_of=day).exists():
        return None
    with planning():
        run, is_new = Run.objects.get_or_create(kind=Run.Kind.NIGHTLY, as_of=day)
        if not is_new:
            return None
        plan_all(run, chosen=False, everyone=False)
    return run


def begin_edit(today: date) -> Run | None:
    """Begins a run over what changed and nobody has planned yet; None when there is nothing.

    As of the day the figures are of; `today` only before anything was ever computed.
    """
    with planning():
        waits = bool(unplanned()) or _rates_wait()
        if not waits:
            return None
        horizon = Horizon.objects.first()
        as_of, chosen = (horizon.as_of, horizon.chosen) if horizon else (today, False)
        begun = Run.objects.create(kind=Run.Kind.EDIT, as_of=as_of)
        reach(as_of, chosen)
        plan(begun, unplanned())
    return begun


def waits_for_an_edit() -> bool:
    """Whether records changed and nobody has planned to compute them."""
    return bool(unplanned(limit=1)) or _rates_wait()


def _rates_wait() -> bool:
    """Whether client figures changed and no run is open that would add them up."""
    if not ChangedQuarter.objects.filter(follows=ChangedQuarter.Follows.RATES).exists():
        return False
    # After a run that failed at it, the next night or edit tries again.
    last = Run.objects.order_by("-id").values_list("state", flat=True).first()
    return last != Run.State.FAILED and not Run.objects.filter(state=Run.State.OPEN).exists()
