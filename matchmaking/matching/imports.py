"""Suggestions as a table, to be taken away: exposure is looked into from it."""

from django.utils.translation import gettext_lazy as _

from accounts.imports.columns import Choices, Column
from accounts.imports.sheets import Exchange, Sheet
from matchmaking.matching.choices import Channel, Grade
from matchmaking.matching.models import Suggestion


class SuggestionSheet(Sheet):
    """What was shown for which posting, and how often."""

    posting = Column("posting__number", _("posting"))
    counterpart = Column("counterpart__number", _("counterpart"))
    channel = Column("channel", _("channel"), Choices(Channel.choices))
    position = Column("position", _("position"))
    grade = Column("grade", _("grade"), Choices(Grade.choices))
    shown_count = Column("shown_count", _("times shown"))
    shown_at = Column("shown_at", _("last shown at"))

    class Meta(Exchange):
        model = Suggestion
