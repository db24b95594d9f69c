"""Signing in and out, at /sign-in/. Of allauth's pages only those that mean something here have an address."""

from allauth.account import views
from django.urls import path

urlpatterns = [
    path("", views.login, name="account_login"),
    path("out/", views.logout, name="account_logout"),
    path("closed/", views.account_inactive, name="account_inactive"),
]
