"""The app that holds the figures."""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    """Facts gathered from the records, figures computed from facts, pages that show figures."""

    name = "metrics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the records; there are no models before this moment."""
        from metrics import receivers  # noqa: F401  importing it connects it
