"""The plain admin: every record can be looked up and put right here by an administrator.

What the product promises holds here as well: the ledger is only added to, versions of settings stay,
and nobody reads a single pulse. What one signs in with, and where one is signed in, is no record and is not here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any, ClassVar, TypeAlias, TypeVar, cast

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import access, recording, scope_ledger
from accounts.models import (
    Benchmark,
    CheckIn,
    CheckInContact,
    CheckInPerson,
    Client,
    Contact,
    Engagement,
    ExchangeRate,
    Goal,
    Involvement,
    Kpi,
    KpiReading,
    Note,
    Opportunity,
    Person,
    Pulse,
    Recommendation,
    ScopeChange,
    Setting,
    Standing,
)
from accounts.queries.clock import quarter_in_progress
from accounts.scope_ledger import LedgerRefused
from accounts.settings_in_force import DEFAULTS, expected, is_currency, is_valid

M = TypeVar("M", bound=models.Model)
Names: TypeAlias = list[str] | tuple[str, ...]
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Records(admin.AdminSite):
    """The admin site of the records alone: for administrators; for all others who are signed in there is none."""

    site_title = _("Records")
    index_title = _("All records, as they are stored")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether it opens."""
        return access.may_keep_records(request.user)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Each of its pages: as absent to whom it does not open as a page that never was."""
        inner = super().admin_view(view, cacheable)

        def asked(request: HttpRequest, *given: Any, **named: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                raise Http404
            return inner(request, *given, **named)

        return cast(View, update_wrapper(asked, inner))

    def get_urls(self) -> list[Any]:
        """Its addresses. From each of them whoever is not signed in is led to the one door, and by it back."""
        urls = super().get_urls()
        for one in urls:
            vars(getattr(one, "callback", None) or one).pop("login_url", None)
        return urls

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """It has no door of its own, where passwords could be tried without limit."""
        return self.admin_view(lambda _request: redirect("admin:index"))(request)


site = Records()
register = partial(admin.register, site=site)


class OfRecords(admin.ModelAdmin[M]):
    """What holds for people, too, who are no record of a client's."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes along. What holds on to it, or may not go, is not listed: answers among it nobody is told of."""
        going, counts, lacking, holding = super().get_deleted_objects(objs, request)
        if not (lacking or holding):
            return going, counts, lacking, holding
        return [], {}, set(), [_("what was recorded of it")]


class RecordAdmin(OfRecords[M]):
    """What all records have in common: after an edit the rest of the product is told."""

    list_per_page = 50
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: M, form: forms.ModelForm[M], change: bool) -> None:
        """Saves, signed by whoever fills in the form, and tells once it is committed."""
        assert isinstance(request.user, Person)
        recording.sign(request.user)
        super().save_model(request, obj, form, change)
        recording.tell(obj)

    def delete_model(self, request: HttpRequest, obj: M) -> None:
        """Deletes, and tells once it is committed."""
        recording.tell(obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[M]) -> None:
        """Deletes several, and tells once it is committed."""
        for obj in queryset:
            recording.tell(obj)
        super().delete_queryset(request, queryset)


class OfAClient(RecordAdmin[M]):
    """Records of a client: found by its name, and staying with it."""

    autocomplete_fields: ClassVar[Names] = ("client",)
    list_select_related: ClassVar[bool | Names] = ("client",)
    fixed: ClassVar[tuple[str, ...]] = ("client",)
    """What can't be changed once the record is there, as other records hang on it."""

    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> Names:
        """Whatever is fixed, once the record is there."""
        readonly = tuple(super().get_readonly_fields(request, obj))
        return readonly if obj is None else (*readonly, *self.fixed)


class CurrencyForm(forms.ModelForm[Any]):
    """A form with a currency, which has to be one that ISO 4217 knows."""

    def clean_currency(self) -> str:
        """The code in capitals."""
        code = str(self.cleaned_data["currency"]).upper()
        if not is_currency(code):
            raise ValidationError(_("Expected a currency code of ISO 4217, such as USD."))
        return code


# People


class PersonCreationForm(AdminUserCreationForm):
    """A new person; without a password they can't sign in until invited."""

    class Meta:
        model = Person
        fields = ("email", "name", "role")


class PersonChangeForm(UserChangeForm[Person]):
    """A person who is there already; the password has a page of its own."""

    class Meta:
        model = Person
        fields = "__all__"


@register(Person)
class PersonAdmin(OfRecords[Any], UserAdmin[Any]):
    """People of the agency and invited contacts."""

    form = PersonChangeForm
    add_form = PersonCreationForm
    ordering = ("name", "email")
    list_display = ("email", "name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active", "is_superuser")
    search_fields = ("email", "name")
    readonly_fields = ("last_login", "joined_at")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (_("What they may do"), {"fields": ("role", "is_active", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "joined_at")}),
    )
    add_fieldsets = (
        (
            None,
            {"classes": ("wide",), "fields": ("email", "name", "role", "usable_password", "password1", "password2")},
        ),
    )

    def get_urls(self) -> list[Any]:
        """Its pages ask whoever has not shown it lately who it is: they give roles and passwords."""
        urls = super().get_urls()
        for one in urls:
            one.callback = self.admin_site.admin_view(reauthentication_required(one.callback, app="accounts"))
        return urls


# Clients


class ClientForm(CurrencyForm):
    """A client."""

    class Meta:
        model = Client
        fields = ("external_id", "name", "industry", "value_tier", "currency", "account_manager")


@register(Client)
class ClientAdmin(RecordAdmin[Client]):
    """The companies the agency works for."""

    form = ClientForm
    list_display = ("name", "external_id", "industry", "value_tier", "currency", "account_manager")
    list_filter = ("value_tier", "currency", ("account_manager", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("account_manager",)
    search_fields = ("name", "external_id", "industry")
    autocomplete_fields = ("account_manager",)


class ContactForm(forms.ModelForm[Contact]):
    """A contact; the e-mail is kept in lower case."""

    class Meta:
        model = Contact
        fields = ("external_id", "client", "name", "email", "role", "decision_maker", "left_on", "person")

    def clean_email(self) -> str:
        """The e-mail in lower case."""
        return str(self.cleaned_data["email"]).lower()


@register(Contact)
class ContactAdmin(OfAClient[Contact]):
    """The clients' people."""

    form = ContactForm
    list_display = ("name", "client", "email", "role", "decision_maker", "left_on")
    list_filter = ("decision_maker", ("left_on", admin.EmptyFieldListFilter))
    search_fields = ("name", "email", "external_id", "client__name")
    autocomplete_fields = ("client", "person")


@register(Standing)
class StandingAdmin(OfAClient[Standing]):
    """Which place we have on a client's roster, from when on."""

    list_display = ("client", "effective_on", "standing", "exclusive")
    list_filter = ("standing", "exclusive")
    search_fields = ("client__name",)
    date_hierarchy = "effective_on"


@register(Involvement)
class InvolvementAdmin(OfAClient[Involvement]):
    """What clients let us into."""

    list_display = ("client", "kind", "started_on", "ended_on")
    list_filter = ("kind",)
    search_fields = ("client__name",)
    date_hierarchy = "started_on"


# Scope


@register(Engagement)
class EngagementAdmin(OfAClient[Engagement]):
    """Retainers and projects. Billing and client stay as they are once there is a ledger."""

    list_display = ("name", "client", "external_id", "service_line", "billing", "pricing", "notice_days")
    list_filter = ("billing", "pricing", "service_line")
    search_fields = ("name", "external_id", "client__name")

    def get_readonly_fields(self, request: HttpRequest, obj: Engagement | None = None) -> Names:
        """Billing and client, where rows of the ledger hang on them."""
        return ("client", "billing") if obj is not None and obj.scope_changes.exists() else ()


class ScopeChangeForm(forms.ModelForm[ScopeChange]):
    """A new row of the ledger, which has to keep the ledger's rules."""

    value_delta = forms.DecimalField(
        max_digits=20,
        decimal_places=4,
        required=False,
        label=_("Change in value"),
        help_text=_(
            "In the client's currency: per month for a retainer, in total for a project. "
            "Blank on a renewal, and on the end of a retainer, which takes the whole balance."
        ),
    )

    class Meta:
        model = ScopeChange
        fields = (
            "engagement",
            "kind",
            "effective_on",
            "value_delta",
            "ends_on",
            "origin",
            "involved_from",
            "note",
        )

    def clean(self) -> dict[str, Any]:
        """Asks the ledger, and puts each sentence beside the cell it is about."""
        given = self.cleaned_data
        if self.errors:
            return given
        try:
            scope_ledger.check(**given)
        except LedgerRefused as refused:
            for violation in refused.violations:
                if violation.external_id in refused.new_rows:
                    self.add_error(violation.column, f"{violation.found}; expected {violation.expected}.")
                else:
                    self.add_error(None, violation.sentence)
        return given

    def _post_clean(self) -> None:
        """Nothing is left to say: the ledger has been asked, and it fills in what the form leaves blank."""


class ReversalForm(ActionForm):
    """Why rows are reversed, asked beside the action."""

    reason = forms.CharField(required=False, label=_("Reason:"))


@register(ScopeChange)
class ScopeChangeAdmin(RecordAdmin[ScopeChange]):
    """The ledger: rows are added and reversed, never changed and never deleted."""

    form = ScopeChangeForm
    action_form = ReversalForm
    actions = ("reverse_rows",)
    list_display = (
        "external_id",
        "client",
        "engagement",
        "kind",
        "effective_on",
        "value_delta",
        "ends_on",
        "origin",
        "involved_from",
        "reverses",
        "recorded_at",
        "recorded_by",
    )
    list_filter = ("kind", "origin", "involved_from", ("reverses", admin.EmptyFieldListFilter))
    list_select_related = ("client", "engagement", "reverses", "recorded_by")
    search_fields = ("external_id", "engagement__name", "engagement__external_id", "client__name")
    date_hierarchy = "effective_on"
    autocomplete_fields = ("engagement",)

    def get_fields(self, request: HttpRequest, obj: ScopeChange | None = None) -> tuple[str, ...]:
        """All there is to see of a row that is there; what can be given of a new one."""
        if obj is None:
            return ScopeChangeForm.Meta.fields
        return tuple(field.name for field in self.opts.concrete_fields if not field.primary_key)

    def has_change_permission(self, request: HttpRequest, obj: ScopeChange | None = None) -> bool:
        """Rows are never changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ScopeChange | None = None) -> bool:
        """Rows are never deleted."""
        return False

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> ScopeChange:
        """The row as the ledger took it."""
        assert isinstance(request.user, Person)
        return scope_ledger.record(**form.cleaned_data, by=request.user)

    def save_model(self, request: HttpRequest, obj: ScopeChange, form: Any, change: bool) -> None:
        """The ledger has it already, and has told whoever listens."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing hangs on a row."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of a row. Where another writer came between question and answer, it says so."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except LedgerRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    @admin.action(description=_("Reverse the chosen rows"), permissions=["add"])
    def reverse_rows(self, request: HttpRequest, queryset: QuerySet[ScopeChange]) -> None:
        """Undoes rows, the latest first; all or none."""
        assert isinstance(request.user, Person)
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, _("Say why the rows are reversed."), messages.ERROR)
            return
        rows = queryset.order_by("-effective_on", "-id")
        try:
            with transaction.atomic():
                count = len([scope_ledger.reverse(row, reason, request.user) for row in rows])
        except LedgerRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return
        said = ngettext("%d row was reversed.", "%d rows were reversed.", count) % count
        self.message_user(request, said, messages.SUCCESS)


# What was measured, said and advised


@register(Kpi)
class KpiAdmin(OfAClient[Kpi]):
    """What clients measure us by."""

    list_display = ("name", "client", "external_id", "unit", "direction")
    list_filter = ("direction",)
    search_fields = ("name", "external_id", "client__name")


@register(KpiReading)
class KpiReadingAdmin(OfAClient[KpiReading]):
    """Values and targets, month by month."""

    fields = ("kpi", "month", "value", "target")
    fixed = ("kpi",)
    list_display = ("kpi", "client", "month", "value", "target")
    list_select_related = ("kpi", "client")
    search_fields = ("kpi__name", "kpi__external_id", "client__name")
    autocomplete_fields = ("kpi",)
    date_hierarchy = "month"

    def save_model(self, request: HttpRequest, obj: KpiReading, form: Any, change: bool) -> None:
        """A reading is its KPI's client's."""
        obj.client_id = obj.kpi.client_id
        super().save_model(request, obj, form, change)


class ContactsSeenFormSet(forms.BaseInlineFormSet[CheckInContact, CheckIn, forms.ModelForm[CheckInContact]]):
    """Who was seen of the client's side; others have not been in this conversation."""

    def clean(self) -> None:
        """Refuses the contacts of other clients."""
        super().clean()
        for form in self.forms:
            contact = getattr(form, "cleaned_data", {}).get("contact")
            if contact is not None and contact.client_id != self.instance.client_id:
                form.add_error("contact", _("Expected a contact of the check-in's client."))


class ContactsSeen(admin.TabularInline[CheckInContact, CheckIn]):
    """The client's people in a check-in."""

    model = CheckInContact
    formset = ContactsSeenFormSet
    fields = ("contact",)
    autocomplete_fields = ("contact",)
    extra = 0


class ColleaguesSeen(admin.TabularInline[CheckInPerson, CheckIn]):
    """The agency's people in a check-in."""

    model = CheckInPerson
    fields = ("person",)
    autocomplete_fields = ("person",)
    extra = 0


class CheckInForm(forms.ModelForm[CheckIn]):
    """A check-in; signs are ticked."""

    signs = forms.MultipleChoiceField(
        choices=CheckIn.Sign.choices, widget=forms.CheckboxSelectMultiple, required=False, label=_("Signs")
    )

    class Meta:
        model = CheckIn
        fields = ("external_id", "client", "held_on", "initiated_by", "summary", "signs")


@register(CheckIn)
class CheckInAdmin(OfAClient[CheckIn]):
    """Conversations about the relationship."""

    form = CheckInForm
    inlines = (ContactsSeen, ColleaguesSeen)
    list_display = ("held_on", "client", "external_id", "initiated_by", "signs")
    list_filter = ("initiated_by",)
    search_fields = ("external_id", "client__name", "summary")
    date_hierarchy = "held_on"

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Who was seen is written under the check-in's client."""
        for seen in formset.save(commit=False):
            seen.client_id = form.instance.client_id
            seen.save()
        for gone in formset.deleted_objects:
            gone.delete()


@register(Pulse)
class PulseAdmin(RecordAdmin[Pulse]):
    """That there was an answer by name, when, and on which side. What it was is shown to nobody.

    Of a confidential answer not even that: it may wait, and then nobody is to know that it exists (DOMAIN.md, 7).
    """

    fields = ("external_id", "client", "side", "answered_on", "answered_by", "named_comment")
    readonly_fields = ("answered_by", "named_comment")
    list_display = ("answered_on", "client", "side", "answered_by")
    list_filter = ("side",)
    list_select_related = ("client",)
    search_fields = ("client__name", "external_id")
    date_hierarchy = "answered_on"

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Only by what is shown: a filter by an answer, typed into the address, would tell it."""
        shown = lookup.split("__")[0] in ("client", "side", "answered_on", "external_id")
        return shown and super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pulse]:
        """Those by name, and of each whether its comment is closed to whoever looks: blind first."""
        quarter, _today = quarter_in_progress(timezone.now())
        closed = access.are_answers_closed(request.user, "client_id", quarter.start, quarter.end)
        theirs = Q(side=Pulse.Side.CLIENT, answered_on__gte=quarter.start)
        is_closed = models.ExpressionWrapper(theirs & closed, output_field=models.BooleanField())
        return super().get_queryset(request).exclude(confidential=True).annotate(is_closed=is_closed)

    @admin.display(description=_("answered by"))
    def answered_by(self, pulse: Pulse) -> str:
        """The respondent."""
        return pulse.respondent

    @admin.display(description=_("comment"))
    def named_comment(self, pulse: Pulse) -> str:
        """The comment of a named respondent, once it is open to whoever looks."""
        return str(_("Opens once you have sent your pulse")) if vars(pulse)["is_closed"] else pulse.comment

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody answers for another."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Pulse | None = None) -> bool:
        """Nobody rewrites another's answer."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Pulse | None = None) -> bool:
        """Nor takes it out: from the means before and after one could read it."""
        return False


@register(Recommendation)
class RecommendationAdmin(OfAClient[Recommendation]):
    """Advice, and what came of it."""

    list_display = ("subject", "client", "made_on", "reception", "stance", "decision", "outcome")
    list_filter = ("proactive", "reception", "stance", "decision", "outcome")
    search_fields = ("subject", "external_id", "client__name")
    date_hierarchy = "made_on"


@register(Note)
class NoteAdmin(OfAClient[Note]):
    """What people of the agency tell each other about clients."""

    list_display = ("written_on", "client", "written_by")
    list_select_related = ("client", "written_by")
    search_fields = ("text", "client__name", "written_by__name")
    autocomplete_fields = ("client", "written_by")
    date_hierarchy = "written_on"


@register(Goal)
class GoalAdmin(OfAClient[Goal]):
    """Outcomes that clients want."""

    list_display = ("title", "client", "set_on", "agreed_on", "due_on", "status", "closed_on")
    list_filter = ("status", ("agreed_on", admin.EmptyFieldListFilter))
    search_fields = ("title", "external_id", "client__name")
    date_hierarchy = "set_on"


@register(Opportunity)
class OpportunityAdmin(OfAClient[Opportunity]):
    """What more would serve a goal."""

    fields = ("external_id", "goal", "title", "service_line", "stage", "raised_on", "closed_on")
    fixed = ("goal",)
    list_display = ("title", "client", "goal", "service_line", "stage", "raised_on", "closed_on")
    list_filter = ("stage", "service_line")
    list_select_related = ("client", "goal")
    search_fields = ("title", "external_id", "client__name", "goal__title")
    autocomplete_fields = ("goal",)

    def save_model(self, request: HttpRequest, obj: Opportunity, form: Any, change: bool) -> None:
        """An opportunity is its goal's client's."""
        obj.client_id = obj.goal.client_id
        super().save_model(request, obj, form, change)


# Beside the clients


class ExchangeRateForm(CurrencyForm):
    """An exchange rate."""

    class Meta:
        model = ExchangeRate
        fields = ("currency", "effective_on", "rate")


@register(ExchangeRate)
class ExchangeRateAdmin(RecordAdmin[ExchangeRate]):
    """What currencies are worth in the reporting currency."""

    form = ExchangeRateForm
    list_display = ("currency", "effective_on", "rate")
    list_filter = ("currency",)
    search_fields = ("currency",)
    date_hierarchy = "effective_on"


@register(Benchmark)
class BenchmarkAdmin(RecordAdmin[Benchmark]):
    """What others are said to reach."""

    list_display = ("name", "value", "industry", "source", "year", "method_published")
    list_filter = ("industry", "method_published")
    search_fields = ("name", "industry", "source")


class SettingForm(forms.ModelForm[Setting]):
    """A new version of a setting."""

    name = forms.ChoiceField(choices=[(name, name) for name in DEFAULTS], label=_("Name"))

    class Meta:
        model = Setting
        fields = ("name", "effective_on", "value")

    def clean(self) -> dict[str, Any]:
        """Refuses a value that the setting can't have, and says which it can."""
        given = super().clean() or self.cleaned_data
        name, value = given.get("name"), given.get("value")
        if name is not None and value is not None and not is_valid(name, value):
            self.add_error("value", _("Expected %(what)s.") % {"what": expected(name)})
        return given


@register(Setting)
class SettingAdmin(RecordAdmin[Setting]):
    """Settings as versions: rows are added, never replaced."""

    form = SettingForm
    list_display = ("name", "effective_on", "value")
    list_filter = ("name",)
    search_fields = ("name",)

    def has_change_permission(self, request: HttpRequest, obj: Setting | None = None) -> bool:
        """A version stays what it was: quarters name it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Setting | None = None) -> bool:
        """A version stays: quarters name it."""
        return False
