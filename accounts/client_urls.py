"""Clients as such: added, pinned, and those of the sample agency filled in and taken out."""

from django.urls import path

from accounts.views.clients import client_new
from accounts.views.pins import pins
from accounts.views.sample import sample, sample_removal

urlpatterns = [
    path("clients/new/", client_new, name="client_new"),
    path("pins/", pins, name="pins"),
    path("sample-agency/", sample, name="sample"),
    path("sample-agency/removal/", sample_removal, name="sample_removal"),
]
