"""The web server is killed as soon as what a client's person wrote is committed: the account manager is told of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import Comment, Mail
from agency.environment import ROOT
from tests import builders
from tests.conftest import Database

SENDER = """
import django, sys
from django.conf import settings
django.setup()
settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.accounts.test_conversation_killed.killed_once_committed"]
settings.ALLOWED_HOSTS = ["testserver"]
from accounts.models import Person
from django.test import Client
browser = Client()
browser.force_login(Person.objects.get(email="dana@northwind.example"))
browser.post(sys.argv[1], {"kind": "comment", "body": "We moved the launch"})
"""


def killed_once_committed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Below the wall: what this asks for is done before anything else that waits for the commit of the page."""

    def respond(request: HttpRequest) -> HttpResponse:
        transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
        return get_response(request)

    return respond


def test_a_comment_and_the_mail_of_it_are_committed_together(
    fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    northwind = builders.client(account_manager=builders.lena())
    builders.signs_in(builders.contact(northwind, "Dana", email="dana@northwind.example"))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "agency.settings")
    killed = subprocess.run([sys.executable, "-c", SENDER, reverse("portal:comments")], cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    assert Comment.objects.get().body == "We moved the launch"
    assert list(Mail.objects.values_list("to", "kind", "state")) == [("lena@agency.example", "from_client", "waiting")]
