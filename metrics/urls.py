"""The pages that show figures."""

from django.urls import path

from accounts import addresses  # noqa: F401 -- what <external_id:…> is in an address
from metrics.views.account import account
from metrics.views.night import night
from metrics.views.portfolio import portfolio, portfolio_table

app_name = "metrics"

urlpatterns = [
    path("portfolio/", portfolio, name="portfolio"),
    path("portfolio/table/", portfolio_table, name="portfolio_table"),
    path("accounts/<external_id:external_id>/", account, name="account"),
    path("night/", night, name="night"),
]
