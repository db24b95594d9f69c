"""The project as Django sees it: its checks, and the Celery application that tasks belong to."""

from django.apps import AppConfig


class AgencyConfig(AppConfig):
    name = "agency"

    def ready(self) -> None:
        from agency import celery, checks  # noqa: F401  importing them registers them
