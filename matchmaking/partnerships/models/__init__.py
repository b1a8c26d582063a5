"""Partnerships and what belongs to them: steps, notes, quotes, agreements and outcomes."""

from matchmaking.partnerships.models import agreement, outcome, partnership, quote

__all__ = ["agreement", "outcome", "partnership", "quote"]
