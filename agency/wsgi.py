"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from agency.checks import start_below_the_walls

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings")

start_below_the_walls()
application = get_wsgi_application()
