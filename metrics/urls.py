"""The pages that show figures."""

from django.urls import path

from accounts import addresses  # noqa: F401 -- what <external_id:…> is in an address
from metrics.views.account import account, account_content, account_freshness
from metrics.views.account_records import account_timeline
from metrics.views.definitions import definition, definitions
from metrics.views.night import night
from metrics.views.portfolio import portfolio, portfolio_csv, portfolio_table, portfolio_xlsx
from metrics.views.settings import setting, setting_change, settings

app_name = "metrics"

urlpatterns = [
    path("portfolio/", portfolio, name="portfolio"),
    path("portfolio/table/", portfolio_table, name="portfolio_table"),
    path("portfolio/accounts.csv", portfolio_csv, name="portfolio_csv"),
    path("portfolio/accounts.xlsx", portfolio_xlsx, name="portfolio_xlsx"),
    path("accounts/<external_id:external_id>/", account, name="account"),
    path("definitions/", definitions, name="definitions"),
    path("definitions/<slug:code>/", definition, name="definition"),
    path("settings/", settings, name="settings"),
    path("settings/<str:name>/", setting, name="setting"),
    path("settings/<str:name>/change/", setting_change, name="setting_change"),
    path("accounts/<external_id:external_id>/content/", account_content, name="account_content"),
    path("accounts/<external_id:external_id>/freshness/", account_freshness, name="account_freshness"),
    path("accounts/<external_id:external_id>/timeline/", account_timeline, name="account_timeline"),
    path("night/", night, name="night"),
]
