"""The words that records are filed under, for whoever is about to type one of them again."""

from accounts.models import Client, Engagement


def industries() -> tuple[str, ...]:
    """Those of all clients, in order. One query."""
    return tuple(Client.objects.exclude(industry="").order_by("industry").values_list("industry", flat=True).distinct())


def service_lines() -> tuple[str, ...]:
    """Those of all engagements, in order. One query."""
    rows = Engagement.objects.exclude(service_line="").order_by("service_line")
    return tuple(rows.values_list("service_line", flat=True).distinct())
