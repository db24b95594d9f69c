"""What a client and its agency have written to each other: comments, follow-ups, and what can be spoken of."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts.models import Comment, FollowUp, Goal, Kpi, Recommendation, SharedSection

Section = SharedSection.Section


@dataclass(frozen=True)
class Said:
    """One comment or reply. `is_ours`: by the agency."""

    external_id: str
    signature: str
    body: str
    written_at: datetime
    is_ours: bool


@dataclass(frozen=True)
class Thread:
    """A comment, what it is about, blank for the work as a whole, and the replies to it."""

    first: Said
    about: str
    replies: tuple[Said, ...]


@dataclass(frozen=True)
class Asked:
    """One follow-up; `answer` is blank as long as there is none."""

    external_id: str
    subject: str
    asked_as: str
    asked_at: datetime
    answer: str
    answered_as: str
    answered_at: datetime | None


@dataclass(frozen=True)
class Subject:
    """Something the client is shown, of which one can speak: how a form names it, its row, and its words."""

    code: str
    column: str
    id: int
    words: str


def threads(client_id: int) -> tuple[Thread, ...]:
    """The threads, the one that was begun last first. One query."""
    rows = Comment.objects.filter(client_id=client_id).order_by("written_at", "id")
    columns = ("id", "external_id", "signature", "body", "written_at", "side", "replies_to_id")
    about = ("goal__title", "recommendation__subject", "kpi__name")
    found: dict[int, tuple[Said, str, list[Said]]] = {}
    for id_, external_id, signature, body, written_at, side, replies_to, goal, advice, kpi in rows.values_list(
        *columns, *about
    ):
        one = Said(external_id, signature, body, written_at, is_ours=side == "agency")
        if replies_to is None:
            found[id_] = (one, goal or advice or kpi or "", [])
        elif replies_to in found:
            found[replies_to][2].append(one)
    return tuple(Thread(first, about, tuple(replies)) for first, about, replies in reversed(found.values()))


def follow_ups(client_id: int) -> tuple[Asked, ...]:
    """What was asked for, the latest first. One query."""
    columns = ("external_id", "subject", "asked_as", "asked_at", "answer", "answered_as", "answered_at")
    rows = FollowUp.objects.filter(client_id=client_id).order_by("-asked_at", "-id")
    return tuple(Asked(*row) for row in rows.values_list(*columns))


def subjects(client_id: int) -> tuple[Subject, ...]:
    """What the client is shown and can speak of. Three queries."""

    def is_open(section: str) -> Exists:
        return Exists(SharedSection.objects.filter(client_id=OuterRef("client_id"), section=section))

    found: list[Subject] = []
    for word, column, rows in (
        ("goal", "goal_id", Goal.objects.filter(is_open(Section.GOALS)).values_list("id", "external_id", "title")),
        ("kpi", "kpi_id", Kpi.objects.filter(is_open(Section.RESULTS)).values_list("id", "external_id", "name")),
        (
            "advice",
            "recommendation_id",
            Recommendation.objects.filter(is_open(Section.ADVICE)).values_list("id", "external_id", "subject"),
        ),
    ):
        shown = rows.filter(client_id=client_id, shared=True).order_by("id")
        found.extend(Subject(f"{word}-{name}", column, id_, words) for id_, name, words in shown)
    return tuple(found)
