"""One noun a file: the records an agency keeps, each row said in its model's first line."""

from accounts.models.agency import Agency
from accounts.models.audit import AuditEntry
from accounts.models.benchmarks import Benchmark
from accounts.models.check_ins import CheckIn, CheckInContact, CheckInPerson
from accounts.models.clients import Client, Contact, Involvement, Standing
from accounts.models.comments import Comment
from accounts.models.engagements import Engagement
from accounts.models.exchange_rates import ExchangeRate
from accounts.models.follow_ups import FollowUp
from accounts.models.goal_agreements import GoalAgreement
from accounts.models.goals import Goal
from accounts.models.history import History, keep_history
from accounts.models.invitations import Invitation
from accounts.models.kpis import Kpi, KpiReading
from accounts.models.mail import Mail
from accounts.models.notes import Note
from accounts.models.opportunities import Opportunity
from accounts.models.people import Person
from accounts.models.pins import Pin
from accounts.models.portal_visits import PortalVisit
from accounts.models.pulse_requests import PulseRequest
from accounts.models.pulse_sheets import PulseSheet
from accounts.models.pulses import Pulse
from accounts.models.recommendations import Recommendation
from accounts.models.scope_changes import LedgerIsAppendOnly, ScopeChange
from accounts.models.settings import Setting
from accounts.models.sharing import SharedSection
from accounts.models.teams import TeamMember

__all__ = [
    "Agency",
    "AuditEntry",
    "Benchmark",
    "CheckIn",
    "CheckInContact",
    "CheckInPerson",
    "Client",
    "Comment",
    "Contact",
    "Engagement",
    "ExchangeRate",
    "FollowUp",
    "Goal",
    "GoalAgreement",
    "History",
    "Invitation",
    "Involvement",
    "Kpi",
    "KpiReading",
    "LedgerIsAppendOnly",
    "Mail",
    "Note",
    "Opportunity",
    "Person",
    "Pin",
    "PortalVisit",
    "Pulse",
    "PulseRequest",
    "PulseSheet",
    "Recommendation",
    "ScopeChange",
    "Setting",
    "SharedSection",
    "Standing",
    "TeamMember",
    "keep_history",
]
