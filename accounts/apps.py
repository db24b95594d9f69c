"""The app that holds the records."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Clients, engagements, the scope ledger and all that people record about them."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
