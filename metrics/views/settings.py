"""The settings of the figures: what is in force, and a new version of one, with what it would do beforehand."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access, setting_versions
from accounts.forms.setting import SettingVersionForm
from accounts.models import Person
from accounts.setting_words import SETTING_WORDS, described
from accounts.settings_in_force import DEFAULTS
from metrics.foreseeing import CLIENTS_AT_MOST, Foreseen, foresee
from metrics.night.due import local_time
from metrics.queries.freshness import figures_as_of
from metrics.queries.settings import RecordedSettings, recorded_settings


@require_safe
def settings(request: HttpRequest) -> TemplateResponse:
    """Every setting in force, with its history."""
    if not access.may_change_settings(request.user):
        raise Http404
    recorded = recorded_settings()
    today = _today(recorded)
    context = {"groups": recorded.groups(today), "today": today}
    return TemplateResponse(request, "metrics/settings/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def setting(request: HttpRequest, name: str) -> HttpResponse:
    """One setting and the form for a new version; asked with a version, what it would do; posted, it is recorded."""
    if not access.may_change_settings(request.user) or name not in DEFAULTS:
        raise Http404
    if request.method == "POST":
        raise_if_reauthentication_required(request, app="accounts")
    recorded = recorded_settings()
    if request.method != "POST":
        return TemplateResponse(request, "metrics/settings/setting.html", _asked(request, name, recorded))
    form = SettingVersionForm(request.POST, name=name, history=recorded.history)
    if form.is_valid() and _record(request, form, by=request.user):
        return HttpResponseRedirect(f"{reverse('metrics:settings')}#setting-{name}", status=303)
    return TemplateResponse(request, "metrics/settings/setting.html", _context(name, recorded, form))


@require_safe
def setting_change(request: HttpRequest, name: str) -> TemplateResponse:
    """The form alone with what the version asked for would do; the page's own address goes into the bar."""
    if not access.may_change_settings(request.user) or name not in DEFAULTS:
        raise Http404
    response = TemplateResponse(request, "metrics/settings/_change.html", _asked(request, name, recorded_settings()))
    kept = {key: request.GET[key] for key in ("effective_on", "value") if key in request.GET}
    response["HX-Push-Url"] = reverse("metrics:setting", args=[name]) + (f"?{urlencode(kept)}" if kept else "")
    return response


def _today(recorded: RecordedSettings) -> date:
    """The agency's day."""
    return local_time(timezone.now(), recorded.history).date()


def _asked(request: HttpRequest, name: str, recorded: RecordedSettings) -> dict[str, Any]:
    """The form as asked for, and what its version would do; without a question, as things are today."""
    if "value" not in request.GET and "effective_on" not in request.GET:
        today = _today(recorded)
        initial = {"effective_on": today, "value": recorded.history.on(name, today)}
        return _context(name, recorded, SettingVersionForm(name=name, history=recorded.history, initial=initial))
    form = SettingVersionForm(request.GET, name=name, history=recorded.history)
    if not form.is_valid():
        return _context(name, recorded, form)
    return _context(name, recorded, form) | {"version": form.version, "foreseen": _foreseen(request, form, recorded)}


def _foreseen(request: HttpRequest, form: SettingVersionForm, recorded: RecordedSettings) -> Foreseen | None:
    """None before anything was computed."""
    as_of = figures_as_of()
    if as_of is None:
        return None
    return foresee(form.version, recorded.plain, access.visible_clients(request.user), as_of)


def _context(name: str, recorded: RecordedSettings, form: SettingVersionForm) -> dict[str, Any]:
    today = _today(recorded)
    return {
        "state": recorded.state(name, today),
        "group": SETTING_WORDS[name].group,
        "form": form,
        "today": today,
        "at_most": CLIENTS_AT_MOST,
    }


def _record(request: HttpRequest, form: SettingVersionForm, *, by: Person) -> bool:
    """Records the version, and says so; where somebody was faster with that day, the form says that."""
    version = form.version
    try:
        setting_versions.record(version, by=by)
    except IntegrityError:
        form.add_error("effective_on", _("Somebody recorded a version from this day meanwhile: choose another day."))
        return False
    messages.success(
        request,
        _("%(setting)s is recorded: %(value)s.")
        % {"setting": SETTING_WORDS[version.name].name, "value": described(version.name, version.value)},
    )
    return True
