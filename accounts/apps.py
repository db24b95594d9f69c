"""The app that holds the records."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Clients, engagements, the scope ledger and all that people record about them."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to who signs in; there are no models before this moment."""
        from accounts import sign_in_notes

        sign_in_notes.listen()
