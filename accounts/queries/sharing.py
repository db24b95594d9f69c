"""What a client is shown and what its people opened, as the agency reads it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from accounts.models import (
    CheckIn,
    Client,
    Contact,
    Goal,
    Kpi,
    Opportunity,
    PortalVisit,
    Recommendation,
    SharedSection,
)

VISITS_AT_FIRST = 3
RECORDS_AT_FIRST = 6
VISITS_SHOWN = 60

Section = SharedSection.Section
OF_SECTIONS: dict[str, str] = {
    Section.GOALS: "goal",
    Section.RESULTS: "kpi",
    Section.AGREED: "check_in",
    Section.ADVICE: "recommendation",
    Section.PROPOSALS: "opportunity",
}
"""The sections that show records one by one, with their noun."""


@dataclass(frozen=True)
class Visit:
    """One thing that one of the client's people opened or did."""

    who: str
    what: str
    at: datetime


@dataclass(frozen=True)
class ClientSees:
    """What a client is shown, in short: the open sections by their codes, how many of its people can sign in, and
    the latest visits."""

    sections: tuple[str, ...] = ()
    people: int = 0
    visits: tuple[Visit, ...] = ()

    @property
    def open(self) -> tuple[str, ...]:
        """The open sections by name, in their order."""
        return tuple(str(section.label) for section in Section if section.value in self.sections)


@dataclass(frozen=True)
class RecordRow:
    """One record that can be shown: in words, with a day or a word beside it."""

    noun: str
    external_id: str
    words: str
    on: date | None
    aside: str
    shown: bool


@dataclass(frozen=True)
class SectionRow:
    """One section: whether it is open, and its records; those without records of their own have none."""

    code: str
    name: str
    is_open: bool
    records: tuple[RecordRow, ...] = ()

    @property
    def has_records(self) -> bool:
        """Whether it shows records one by one."""
        return self.code in OF_SECTIONS

    @property
    def first(self) -> tuple[RecordRow, ...]:
        """Those one looks for: the latest, and whichever is shown."""
        return tuple(row for place, row in enumerate(self.records) if row.shown or place < RECORDS_AT_FIRST)

    @property
    def others(self) -> tuple[RecordRow, ...]:
        """The rest."""
        return tuple(row for row in self.records if row not in self.first)

    @property
    def shown(self) -> int:
        """How many of its records the client is shown, once it is open."""
        return sum(record.shown for record in self.records)


def in_short() -> dict[str, Any]:
    """What a query of clients asks for `sees_of`: no query of its own."""
    of_client = OuterRef("pk")
    people = Contact.objects.filter(client=of_client, person__is_active=True, left_on__isnull=True)
    return {
        "sees_sections": ArraySubquery(
            SharedSection.objects.filter(client=of_client).order_by("section").values("section")
        ),
        "sees_people": Coalesce(Subquery(people.order_by().values("client").annotate(n=Count("pk")).values("n")), 0),
        "sees_visits": ArraySubquery(_visits(PortalVisit.objects.filter(client=of_client))[:VISITS_AT_FIRST]),
    }


def sees_of(client: Any) -> ClientSees:
    """What was asked for by `in_short`."""
    return ClientSees(tuple(client.sees_sections), client.sees_people, _read_visits(client.sees_visits))


def visits(client_id: int) -> tuple[Visit, ...]:
    """What the client's people opened and did, the latest first. One query."""
    rows = _visits(PortalVisit.objects.filter(client_id=client_id))[:VISITS_SHOWN]
    return _read_visits(row["row"] for row in rows)


def _visits(rows: Any) -> Any:
    who = Coalesce(NullIf("person__name", Value("")), "person__email")
    return rows.order_by("-at", "-id").values(row=JSONObject(who=who, what="what", at="at"))


def _read_visits(rows: Iterable[Mapping[str, Any]]) -> tuple[Visit, ...]:
    return tuple(
        Visit(row["who"], str(PortalVisit.What(row["what"]).label), datetime.fromisoformat(row["at"])) for row in rows
    )


def sections(client_id: int) -> tuple[SectionRow, ...]:
    """All sections in their order, with all that can be shown in them. One query."""
    of_client = OuterRef("pk")
    found: Mapping[str, Any] = (
        Client.objects.filter(pk=client_id)
        .values(
            open=ArraySubquery(SharedSection.objects.filter(client=of_client).order_by("section").values("section")),
            goal=_records(
                Goal.objects.filter(client=of_client).order_by("-set_on", "-id"), "title", "set_on", "status"
            ),
            kpi=_records(Kpi.objects.filter(client=of_client).order_by("name", "id"), "name", None, "unit"),
            check_in=_records(
                CheckIn.objects.filter(client=of_client).order_by("-held_on", "-id"), "summary", "held_on", None
            ),
            recommendation=_records(
                Recommendation.objects.filter(client=of_client).order_by("-made_on", "-id"), "subject", "made_on", None
            ),
            # An idea is nobody's but the agency's: it is not offered here, and shown by no mark.
            opportunity=_records(
                Opportunity.objects.filter(client=of_client, stage=Opportunity.Stage.RAISED).order_by("title", "id"),
                "title",
                "raised_on",
                "service_line",
            ),
        )
        .get()
    )
    return tuple(
        SectionRow(
            section.value,
            str(section.label),
            section.value in found["open"],
            _read_records(OF_SECTIONS[section], found[OF_SECTIONS[section]]) if section in OF_SECTIONS else (),
        )
        for section in Section
    )


def _records(rows: Any, words: str, on: str | None, aside: str | None) -> ArraySubquery:
    return ArraySubquery(
        rows.values(
            row=JSONObject(
                external_id="external_id",
                words=words,
                on=on or Value(None),
                aside=aside or Value(""),
                shown="shared",
            )
        )
    )


def _read_records(noun: str, rows: Sequence[Mapping[str, Any]]) -> tuple[RecordRow, ...]:
    return tuple(
        RecordRow(
            noun=noun,
            external_id=row["external_id"],
            words=row["words"],
            on=None if row["on"] is None else date.fromisoformat(row["on"]),
            aside=row["aside"] if noun != "goal" else _status(row["aside"]),
            shown=row["shown"],
        )
        for row in rows
    )


def _status(code: str) -> str:
    return str(Goal.Status(code).label) if code else ""
