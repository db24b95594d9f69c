"""The acts of a team: somebody joins, leaves, or is handed an account. What was stays, with its days."""

from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import recording
from accounts.models import Client, Person, TeamMember
from accounts.reader_locale import day_text
from accounts.signals import tell_changed


class TeamRefused(Exception):
    """The team stays as it is; says why in a sentence."""


@transaction.atomic
def join(client: Client, person: Person, role: str, on: date, *, by: Person) -> None:
    """Puts somebody on the team from that day on. Whoever is to lead is handed the account."""
    if role == TeamMember.Role.LEAD:
        hand_over(client, person, on, by=by)
        return
    _lock(client)
    there = TeamMember.objects.filter(client=client, person=person, role=role)
    if there.filter(ended_on=None).exists():
        raise TeamRefused(_("%(name)s is on the team in that role already.") % {"name": person})
    latest = max((spell.ended_on for spell in there if spell.ended_on), default=None)
    if latest is not None and on < latest:
        raise TeamRefused(_("%(name)s was in that role until %(day)s.") % {"name": person, "day": day_text(latest)})
    recording.sign(by)
    TeamMember.objects.create(client=client, person=person, role=role, started_on=on, recorded_by=by)


@transaction.atomic
def leave(member: TeamMember, on: date, *, by: Person) -> None:
    """Ends a spell on that day; one that would have no day is taken back. A lead who leaves hands over to nobody."""
    if member.role == TeamMember.Role.LEAD:
        hand_over(member.client, None, on, by=by)
        return
    recording.sign(by)
    spell = TeamMember.objects.select_for_update().filter(pk=member.pk, ended_on=None).first()
    if spell is None:
        raise TeamRefused(_("%(name)s has left the team already.") % {"name": member.person})
    if spell.started_on is not None and on <= spell.started_on:
        if on < spell.started_on:
            raise TeamRefused(
                _("%(name)s joined on %(day)s.") % {"name": member.person, "day": day_text(spell.started_on)}
            )
        spell.delete()
        return
    TeamMember.objects.filter(pk=spell.pk).update(ended_on=on)


@transaction.atomic
def hand_over(client: Client, to: Person | None, on: date, *, by: Person, reason: str = "") -> None:
    """Hands the account to another lead from that day on, or to nobody. Who led it before stays in its history."""
    _lock(client)
    lead = TeamMember.objects.filter(client=client, role=TeamMember.Role.LEAD, ended_on=None).first()
    if to is not None and lead is not None and lead.person_id == to.pk:
        raise TeamRefused(_("%(name)s leads the account already.") % {"name": to})
    spells = TeamMember.objects.filter(client=client, role=TeamMember.Role.LEAD)
    latest = max((day for spell in spells for day in (spell.started_on, spell.ended_on) if day), default=None)
    if latest is not None and on < latest:
        raise TeamRefused(
            _("The account changed hands on %(day)s: choose that day or a later one.") % {"day": day_text(latest)}
        )
    recording.sign(by)
    with connection.cursor() as cursor:
        # The database ends one spell and begins the other, as it does whatever gives a client another lead.
        cursor.execute(
            "SELECT set_config('soundings.on', %s, true), set_config('soundings.reason', %s, true)",
            [on.isoformat(), reason.strip()[:500]],
        )
        Client.objects.filter(pk=client.pk).update(account_manager=to)
        cursor.execute("SELECT set_config('soundings.on', '', true), set_config('soundings.reason', '', true)")
    tell_changed(Client, client.pk)


def _lock(client: Client) -> None:
    """One change of a team at a time."""
    Client.objects.select_for_update().only("pk").get(pk=client.pk)
