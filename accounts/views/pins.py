"""Pinning an account to the rail, and taking it off again."""

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import access
from accounts.models import Pin


@require_POST
def pins(request: HttpRequest) -> HttpResponseRedirect:
    """Pins the account named by `client` where `pinned` is `yes`, else takes it off; twice is the same as once."""
    user = request.user
    external_id = request.POST.get("client", "")
    client = access.visible_clients(user).filter(external_id=external_id).first() if "\0" not in external_id else None
    if client is None or not access.is_of_the_agency(user):
        raise Http404
    if request.POST.get("pinned") == "yes":
        Pin.objects.get_or_create(person=user, client=client)
    else:
        Pin.objects.filter(person=user, client=client).delete()
    return HttpResponseRedirect(reverse("metrics:account", args=[client.external_id]), status=303)
