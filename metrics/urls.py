"""The pages that show figures."""

from django.urls import path

from accounts import addresses  # noqa: F401 -- what <external_id:…> is in an address
from metrics.views import decisions
from metrics.views.account import account, account_content, account_freshness
from metrics.views.account_records import account_timeline
from metrics.views.client_view import as_client, client_view, client_view_sections
from metrics.views.computation import computation
from metrics.views.definitions import definition, definitions
from metrics.views.jump import jump, jump_results
from metrics.views.my_accounts import my_accounts
from metrics.views.night import night
from metrics.views.portfolio import portfolio, portfolio_beginning, portfolio_csv, portfolio_table, portfolio_xlsx
from metrics.views.quarter import quarter
from metrics.views.segments import segments_csv, segments_page, segments_xlsx
from metrics.views.settings import setting, setting_change, settings
from metrics.views.your_pulses import your_pulses_page

app_name = "metrics"

urlpatterns = [
    path("my-accounts/", my_accounts, name="my_accounts"),
    path("your-pulses/", your_pulses_page, name="your_pulses"),
    path("jump/", jump, name="jump"),
    path("jump/results/", jump_results, name="jump_results"),
    path("portfolio/beginning/", portfolio_beginning, name="portfolio_beginning"),
    path("figures/", computation, name="computation"),
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
    path("accounts/<external_id:external_id>/client-view/", client_view, name="client_view"),
    path("accounts/<external_id:external_id>/client-view/sections/", client_view_sections, name="client_view_sections"),
    path("accounts/<external_id:external_id>/as-client/", as_client, name="as_client"),
    path("night/", night, name="night"),
    path("segments/", segments_page, name="segments"),
    path("segments/segments.csv", segments_csv, name="segments_csv"),
    path("segments/segments.xlsx", segments_xlsx, name="segments_xlsx"),
    path("quarter/", quarter, name="quarter"),
    path("quarter/<slug:label>/", quarter, name="quarter"),
    path("quarter/<slug:label>/decisions/", decisions.quarter_decisions, name="quarter_decisions"),
    path("quarter/<slug:label>/decisions/new/", decisions.decision_new, name="decision_new"),
    path("quarter/<slug:label>/decisions/new/form/", decisions.decision_new_form, name="decision_new_form"),
    path("quarter/<slug:label>/decisions/<slug:record_id>/", decisions.decision, name="decision"),
    path("quarter/<slug:label>/decisions/<slug:record_id>/form/", decisions.decision_form, name="decision_form"),
    path("quarter/<slug:label>/decisions/<slug:record_id>/state/", decisions.decision_state, name="decision_state"),
    path(
        "quarter/<slug:label>/decisions/<slug:record_id>/state/list/",
        decisions.decision_state_list,
        name="decision_state_list",
    ),
]
