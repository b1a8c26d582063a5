"""Partnerships and what belongs to them: steps, notes, quotes, agreements and outcomes."""

from matchmaking.partnerships.models.agreement import Agreement, Milestone
from matchmaking.partnerships.models.outcome import Outcome, OutcomeStatement
from matchmaking.partnerships.models.partnership import CoordinationNote, Partnership, PartnershipEvent
from matchmaking.partnerships.models.quote import Quote, Rfq, RfqLine

__all__ = [
    "Agreement",
    "CoordinationNote",
    "Milestone",
    "Outcome",
    "OutcomeStatement",
    "Partnership",
    "PartnershipEvent",
    "Quote",
    "Rfq",
    "RfqLine",
]
