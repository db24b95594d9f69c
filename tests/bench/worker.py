"""One process of a measured run: gets ready, says so, waits for the word, and works on the run of that day."""

import os
import sys
from datetime import date

os.environ["DJANGO_SETTINGS_MODULE"] = "agency.settings"

import django

django.setup()

from django.db import connection  # noqa: E402

from metrics import nightly  # noqa: E402

connection.ensure_connection()
print("ready", flush=True)
sys.stdin.readline()
nightly.run(date.fromisoformat(sys.argv[1]), report=lambda said: None)
