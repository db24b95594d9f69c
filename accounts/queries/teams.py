"""The team of one account: who is on it, and who was."""

from dataclasses import dataclass
from datetime import date

from accounts.models import TeamMember

_ORDER = {role: number for number, role in enumerate(TeamMember.Role.values)}


@dataclass(frozen=True)
class MemberRow:
    """One spell of one person on the team."""

    id: int
    person_id: int
    name: str
    role: str
    role_name: str
    started_on: date | None
    """None: since the account was recorded."""
    ended_on: date | None
    reason: str
    recorded_by: str


@dataclass(frozen=True)
class Team:
    """Who is on it, the lead first, and the spells that are over, the latest first."""

    now: tuple[MemberRow, ...]
    before: tuple[MemberRow, ...]

    @property
    def lead(self) -> MemberRow | None:
        """Whoever leads the account."""
        return next((row for row in self.now if row.role == TeamMember.Role.LEAD), None)


def team(client_id: int) -> Team:
    """The team of an account; one query."""
    spells = TeamMember.objects.filter(client=client_id).select_related("person", "recorded_by")
    rows = [
        MemberRow(
            id=spell.pk,
            person_id=spell.person_id,
            name=str(spell.person),
            role=spell.role,
            role_name=spell.get_role_display(),
            started_on=spell.started_on,
            ended_on=spell.ended_on,
            reason=spell.reason,
            recorded_by=str(spell.recorded_by or ""),
        )
        for spell in spells
    ]
    return Team(
        now=tuple(sorted((row for row in rows if row.ended_on is None), key=lambda row: (_ORDER[row.role], row.name))),
        before=tuple(
            sorted((row for row in rows if row.ended_on), key=lambda row: row.ended_on or date.min, reverse=True)
        ),
    )
