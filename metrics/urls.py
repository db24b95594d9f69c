"""The pages that show figures."""

from django.urls import path

from accounts import addresses  # noqa: F401 -- what <external_id:…> is in an address
from metrics.views.account import account
from metrics.views.night import night
from metrics.views.portfolio import portfolio, portfolio_csv, portfolio_table, portfolio_xlsx

app_name = "metrics"

urlpatterns = [
    path("portfolio/", portfolio, name="portfolio"),
    path("portfolio/table/", portfolio_table, name="portfolio_table"),
    path("portfolio/accounts.csv", portfolio_csv, name="portfolio_csv"),
    path("portfolio/accounts.xlsx", portfolio_xlsx, name="portfolio_xlsx"),
    path("accounts/<external_id:external_id>/", account, name="account"),
    path("night/", night, name="night"),
]
