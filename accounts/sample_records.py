"""The act of filling in the sample agency, and of taking it out again.

It comes in by the importer's own door, into a Soundings without a client. All it adds carries a mark
that the database gives and keeps, so that exactly this goes again, the ledger included, which of
every other client is never deleted (migration 0007).
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from graphlib import TopologicalSorter
from pathlib import Path

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from accounts import audit, sample_agency, sample_portal
from accounts.exchange.loading import load
from accounts.models import Agency, AuditEntry, Client, ExchangeRate, History, Person, ScopeChange, TeamMember
from accounts.periods import Quarter, months_after
from accounts.signals import tell_changed


class SampleRefused(Exception):
    """The sample agency could not be filled in or taken out; nothing was changed. Says why in a sentence."""


def is_there() -> bool:
    """Whether the sample agency has been filled in."""
    return Client.objects.filter(sample=True).exists()


def fill(today: date, *, with_passwords: bool) -> None:
    """Adds the sample agency's records, up to today.

    `with_passwords` lets its people sign in by a password that everybody knows, for a Soundings that is
    open on one's own machine alone; without it they are names. SampleRefused where there is any client.
    """
    with transaction.atomic(), tempfile.TemporaryDirectory(prefix="soundings-sample-") as folder:
        with connection.cursor() as cursor:
            # Of two that fill at once, the second finds the clients of the first.
            cursor.execute("LOCK TABLE accounts_client IN SHARE ROW EXCLUSIVE MODE")
        if Client.objects.exists():
            raise SampleRefused("There are clients here already: the sample agency is for an empty Soundings.")
        known = frozenset(ExchangeRate.objects.values_list("currency", flat=True))
        sample_agency.write(Path(folder), Quarter.containing(today).start, today, without_rates_of=known)
        with _marked_as_sample(), audit.as_one_entry():
            report = load(Path(folder))
        if report.is_refused:
            raise SampleRefused("\n".join(str(problem) for problem in report.problems))
        audit.note(AuditEntry.Kind.SAMPLE, filled=True, clients=Client.objects.count())
        for email, name in sample_agency.PEOPLE.items():
            person, _ = Person.objects.get_or_create(email=email)
            if with_passwords or not person.has_usable_password():
                person.name = name
                person.role = _ROLES.get(email, Person.Role.ACCOUNT_MANAGER)
            if with_passwords:
                person.set_password(sample_agency.PASSWORD)
            person.save()
        if with_passwords:
            Agency.objects.filter(name="").update(name=sample_agency.AGENCY)
        with audit.as_one_entry():
            _put_on_teams(today)
            sample_portal.fill(today, with_passwords=with_passwords)
        tell_changed(Client)


_ROLES = {sample_agency.INES: Person.Role.ADMIN, sample_agency.OMAR: Person.Role.LEADERSHIP}


def _put_on_teams(today: date) -> None:
    """Who works beside those who lead: each other's support, whoever grows the account, and a sponsor of the largest.

    One account has changed hands.
    """
    people = {person.email: person for person in Person.objects.filter(email__in=sample_agency.PEOPLE)}
    omar, lena, sam = (people[email] for email in (sample_agency.OMAR, sample_agency.LENA, sample_agency.SAM))
    members = []
    for number, client in enumerate(Client.objects.filter(sample=True).order_by("external_id")):
        other = sam if client.account_manager_id == lena.pk else lena
        if client.value_tier == Client.Tier.A:
            members.append(TeamMember(client=client, person=omar, role=TeamMember.Role.SPONSOR))
        if number % 3 == 0:
            members.append(TeamMember(client=client, person=other, role=TeamMember.Role.SUPPORT))
        if number % 4 == 1:
            members.append(TeamMember(client=client, person=other, role=TeamMember.Role.GROWTH))
        if client.external_id == sample_agency.STALLING:
            day = months_after(Quarter.containing(today).start, -15)
            led = TeamMember.objects.filter(client=client, role=TeamMember.Role.LEAD)
            led.update(started_on=day, reason="Sam took on Merrow Kitchens.")
            members.append(TeamMember(client=client, person=other, role=TeamMember.Role.LEAD, ended_on=day))
    TeamMember.objects.bulk_create(members)


def remove() -> int:
    """Takes the sample agency out, with all that was recorded of its clients, and returns how many they were.

    Exchange rates that came with it go as well, and its people where they can't sign in and nothing else names
    them. SampleRefused where something that is kept for good hangs on one of its clients.
    """
    try:
        with transaction.atomic(), audit.as_one_entry(), connection.cursor() as cursor:
            of_clients = [person.pk for person in sample_portal.people()]
            for model in _of_clients():
                if model is ScopeChange:
                    cursor.execute("SELECT accounts_scopechange_remove_samples()")
                    continue
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(
                    f"DELETE FROM {table} WHERE client_id IN (SELECT id FROM accounts_client WHERE sample)"  # noqa: S608
                )
            cursor.execute("DELETE FROM accounts_client WHERE sample")
            removed: int = cursor.rowcount
            cursor.execute("DELETE FROM accounts_exchangerate WHERE sample")
            connection.check_constraints()
            _remove_people()
            Person.objects.filter(pk__in=of_clients).delete()
            audit.note(AuditEntry.Kind.SAMPLE, filled=False, clients=removed)
            tell_changed(Client)
    except DatabaseError as error:
        detail = str(error.__cause__ or error).partition("\n")[0]
        raise SampleRefused(f"The sample agency stays, since the database keeps something of it: {detail}") from error
    return removed


@contextmanager
def _marked_as_sample() -> Iterator[None]:
    """What is added within is of the sample agency."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('soundings.sample', 'on', true)")
        yield
        cursor.execute("SELECT set_config('soundings.sample', '', true)")


def _of_clients() -> list[type[models.Model]]:
    """The tables that hold something of a client, those that point at others of them first.

    Figures are not among them: they follow the records, and go when these are gone.
    """
    found = [model for model in apps.get_models() if model is not Client and _is_of_a_client(model)]
    pointing: dict[type[models.Model], set[type[models.Model]]] = {model: set() for model in found}
    for model in found:
        for field in model._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and target in pointing and target is not model:
                pointing[target].add(model)
    return list(TopologicalSorter(pointing).static_order())


def _is_of_a_client(model: type[models.Model]) -> bool:
    # What happened stays, also where it was of the sample.
    return not issubclass(model, History | AuditEntry) and any(
        isinstance(field, models.ForeignKey)
        and field.name == "client"
        and field.related_model is Client
        and (model._meta.app_label == "accounts" or getattr(field, "db_constraint", True))
        for field in model._meta.concrete_fields
    )


def _remove_people() -> None:
    for person in Person.objects.filter(email__in=sample_agency.PEOPLE):
        if person.has_usable_password():
            continue
        try:
            with transaction.atomic():
                person.delete()
                connection.check_constraints()
        except DatabaseError:
            continue  # somebody's records name them: they stay, as anybody would
