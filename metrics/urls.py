"""The pages that show figures."""

from django.urls import path, register_converter

from metrics.addresses import ExternalId
from metrics.views.account import account
from metrics.views.night import night
from metrics.views.portfolio import portfolio, portfolio_table

app_name = "metrics"

register_converter(ExternalId, "external_id")

urlpatterns = [
    path("portfolio/", portfolio, name="portfolio"),
    path("portfolio/table/", portfolio_table, name="portfolio_table"),
    path("accounts/<external_id:external_id>/", account, name="account"),
    path("night/", night, name="night"),
]
