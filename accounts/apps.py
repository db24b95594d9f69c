"""The app that holds the records."""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Clients, engagements, the scope ledger and all that people record about them."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to who signs in, and to migrations; there are no models before this moment."""
        from accounts import factor_secrets, sign_in_notes

        def migrated(apps: Any = installed, **told: Any) -> None:
            # Where it was migrated only so far that there are no authenticators yet, there is nothing to write.
            if "authenticator" in apps.all_models["mfa"]:
                factor_secrets.write_anew()

        sign_in_notes.listen()
        post_migrate.connect(migrated, installed.get_app_config("mfa"), weak=False, dispatch_uid="second factors")
