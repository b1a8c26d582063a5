"""Partnerships as a table, to be taken away: states and numbers, no contact, no note, no price."""

from django.utils.translation import gettext_lazy as _

from accounts.imports.columns import Choices, Column, Days
from accounts.imports.sheets import Exchange, Sheet
from matchmaking.partnerships.choices import Side, State
from matchmaking.partnerships.models import Partnership


class PartnershipSheet(Sheet):
    """What joins which postings, and where it stands."""

    key = Column("key", _("key"))
    need = Column("need__number", _("need"))
    capacity = Column("capacity__number", _("capacity"))
    state = Column("state", _("state"), Choices(State.choices))
    opened_by = Column("opened_by", _("opened by"), Choices(Side.choices))
    answer_by = Column("answer_by", _("answer by"), Days())
    end_reason = Column("end_reason", _("why it ended"))
    created_at = Column("created_at", _("made at"))
    changed_at = Column("changed_at", _("changed at"))

    class Meta(Exchange):
        model = Partnership
