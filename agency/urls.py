"""Which address belongs to which part."""

from django.contrib import admin
from django.urls import include, path

from agency import health
from metrics.views.health import status

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("status", status, name="status"),
    path("sign-in/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
