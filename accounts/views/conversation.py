"""What a client's people write to the agency in the portal, and the agency's answers."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access, conversation
from accounts.forms.conversation import FollowUpForm, ReplyForm, WordsForm
from accounts.models import Client, Comment, FollowUp, Pulse
from accounts.queries.clock import clock, today
from accounts.queries.conversation import follow_ups, subjects, threads
from accounts.views.recording import Makes, Place, client_to_record_on, fragment, page

# In the portal


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest) -> HttpResponse:
    """What was written on either side, and a form to write more."""
    speaker = _speaker(request)
    spoken_of = subjects(speaker.client.pk)
    sent = request.POST if request.method == "POST" else None
    form = WordsForm(sent, subjects=spoken_of, about=request.GET.get("about", ""))
    if sent is not None and form.is_valid():
        form.save(speaker)
        messages.success(request, _("It is sent. An answer comes to this page, and to you by mail."))
        return _see_other(reverse("portal:comments"))
    context = {
        "form": form,
        "threads": threads(speaker.client.pk),
        "asked": follow_ups(speaker.client.pk),
        "zone": clock(timezone.now()).tzinfo,
    }
    return TemplateResponse(request, "portal/comments/page.html", context, status=200 if sent is None else 422)


@require_POST
def goal_agreement(request: HttpRequest, external_id: str) -> HttpResponse:
    """Agrees to a goal that the client is shown."""
    speaker = _speaker(request)
    goal = next((one for one in subjects(speaker.client.pk) if one.code == f"goal-{external_id}"), None)
    if goal is None:
        raise Http404
    if conversation.agree(speaker, goal.id, goal.words, today(timezone.now())):
        messages.success(request, _("Thank you: you have agreed to this goal."))
    return _see_other(f"{reverse('portal:home')}#goals")


def _speaker(request: HttpRequest) -> conversation.Speaker:
    contact = access.own_contact(request.user)
    if contact is None or not access.is_contact(request.user):
        raise Http404
    return conversation.Speaker(contact.client, request.user, contact.name)


def _see_other(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


# On the account


def reply(request: HttpRequest, external_id: str, record_id: str) -> HttpResponse:
    """The page of a reply to a comment."""
    return page(request, *_replying(request, external_id, record_id))


def reply_form(request: HttpRequest, external_id: str, record_id: str) -> HttpResponse:
    """The form alone."""
    return fragment(request, *_replying(request, external_id, record_id))


def follow_up(request: HttpRequest, external_id: str, record_id: str) -> HttpResponse:
    """The page of an answer to a follow-up."""
    return page(request, *_following(request, external_id, record_id))


def follow_up_form(request: HttpRequest, external_id: str, record_id: str) -> HttpResponse:
    """The form alone."""
    return fragment(request, *_following(request, external_id, record_id))


def _replying(request: HttpRequest, external_id: str, record_id: str) -> tuple[Place, Makes]:
    client = client_to_record_on(request, external_id)
    of_client = Comment.objects.filter(client=client, side=Pulse.Side.CLIENT, external_id=record_id)
    found = of_client.select_related("written_by", "client").first()
    if found is None or not access.is_of_the_agency(request.user):
        raise Http404
    by = request.user
    return _place(client, "reply", record_id), lambda data: ReplyForm(data, by=by, comment=found)


def _following(request: HttpRequest, external_id: str, record_id: str) -> tuple[Place, Makes]:
    client = client_to_record_on(request, external_id)
    found = FollowUp.objects.filter(client=client, external_id=record_id).select_related("asked_by", "client").first()
    if found is None or not access.is_of_the_agency(request.user):
        raise Http404
    by = request.user
    return _place(client, "follow_up", record_id), lambda data: FollowUpForm(data, by=by, follow_up=found)


def _place(client: Client, name: str, record_id: str) -> Place:
    names = [client.external_id, record_id]
    return Place(client, reverse(f"accounts:{name}", args=names), reverse(f"accounts:{name}_form", args=names))
