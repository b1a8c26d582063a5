"""The record of changes as a table, to be taken away."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import Verb
from accounts.imports.columns import Choices, Column
from accounts.imports.sheets import Exchange, Sheet
from accounts.models import Change


class ChangeSheet(Sheet):
    """Who did what when."""

    seq = Column("seq", _("number"))
    happened_at = Column("happened_at", _("when"))
    thing = Column("thing", _("thing"))
    thing_key = Column("thing_key", _("key of the thing"))
    verb = Column("verb", _("what happened"), Choices(Verb.choices))
    actor = Column("actor__email", _("who"))
    enterprise = Column("enterprise__name", _("enterprise"))
    reason = Column("reason", _("reason"))
    facts = Column("facts", _("particulars"))

    class Meta(Exchange):
        model = Change
