"""One process of a measured run: gets ready, says so, waits for the word, and works on the run of that day.

A worker has been running for days when the night comes: so this one gathers and computes two clients first,
which it leaves unwritten.
"""

import os
import sys
from datetime import date

os.environ["DJANGO_SETTINGS_MODULE"] = "agency.settings"

import django

django.setup()

from accounts.models import Client  # noqa: E402
from metrics import nightly  # noqa: E402
from metrics.figures.client import client_figures  # noqa: E402
from metrics.figures.settings import settings_by_quarter  # noqa: E402
from metrics.gathering import calendar, gather, settings_history  # noqa: E402

as_of = date.fromisoformat(sys.argv[1])
history = settings_history()
quarters = calendar(as_of, history)
in_force = settings_by_quarter(quarters, history)
for facts in gather(Client.objects.order_by("id").values_list("id", flat=True)[:2], quarters):
    client_figures(facts, in_force, as_of)
print("ready", flush=True)
sys.stdin.readline()
nightly.run(as_of, report=lambda said: None)
