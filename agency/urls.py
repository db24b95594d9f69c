"""Which address belongs to which part."""

from django.urls import include, path

from accounts.admin import site
from agency import health
from agency.security_txt import security_txt
from metrics.views.health import status
from metrics.views.home import home

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("status", status, name="status"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("admin/", site.urls),
    path("", home, name="home"),
    path("", include("accounts.urls")),
    path("portal/", include("metrics.portal.urls")),
    path("", include("accounts.sign_in_urls")),
    path("", include("metrics.urls")),
]
