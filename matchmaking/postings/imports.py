"""Postings as a table, to be taken away: no price, and nothing that its owner keeps to itself."""

from django.utils.translation import gettext_lazy as _

from accounts.imports.columns import Amounts, Choices, Column, Days, Named
from accounts.imports.sheets import Exchange, Sheet
from matchmaking.postings.choices import Direction, Status, Subject
from matchmaking.postings.models import Posting
from reference.models import ChainNode, Region, Unit


class PostingSheet(Sheet):
    """Needs and capacities."""

    number = Column("number", _("number"))
    direction = Column("direction", _("direction"), Choices(Direction.choices))
    subject = Column("subject", _("subject"), Choices(Subject.choices))
    title = Column("title", _("title"))
    status = Column("status", _("status"), Choices(Status.choices))
    enterprise = Column("enterprise__name", _("enterprise"))
    node = Column("node", _("node"), Named(lambda actor: ChainNode.objects.all()))
    region = Column("region", _("region"), Named(lambda actor: Region.objects.all()))
    quantity_amount = Column("quantity_amount", _("quantity"), Amounts())
    unit = Column("unit", _("unit"), Named(lambda actor: Unit.objects.all()))
    window_start = Column("window_start", _("first day"), Days())
    window_end = Column("window_end", _("last day"), Days())
    created_at = Column("created_at", _("made at"))
    changed_at = Column("changed_at", _("changed at"))

    class Meta(Exchange):
        model = Posting
