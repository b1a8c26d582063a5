"""Sheets of quoted facts and targets."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.imports.columns import Choices, Column, Counts, Days
from accounts.imports.sheets import Exchange, Sheet
from matchmaking.insights.models import ClusterTarget, QuotedFact
from matchmaking.insights.services.facts import record_actual_value, write_fact
from reference.choices import Cluster


class FactSheet(Sheet):
    """The ledger: values as text, each with its source."""

    code = Column("code", _("code"), is_code=True, is_required=True)
    subject_zh = Column("subject_zh", _("subject in Chinese"), is_required=True)
    subject_en = Column("subject_en", _("subject in English"), is_required=True)
    claim_zh = Column("claim_zh", _("claim in Chinese"), is_required=True)
    claim_en = Column("claim_en", _("claim in English"), is_required=True)
    value = Column("value", _("value"), way_out=_("As it was printed."))
    unit_zh = Column("unit_zh", _("unit in Chinese"))
    unit_en = Column("unit_en", _("unit in English"))
    period_zh = Column("period_zh", _("period in Chinese"))
    period_en = Column("period_en", _("period in English"))
    source = Column("source", _("source"), is_required=True)
    note_zh = Column("note_zh", _("note in Chinese"))
    note_en = Column("note_en", _("note in English"))

    class Meta(Exchange):
        model = QuotedFact
        import_id_fields = ("code",)

    def write(self, row: Any, values: dict[str, Any], *, is_new: bool) -> None:
        """Enter the fact."""
        write_fact(fact=row, values=values, actor=self.actor)


class TargetSheet(Sheet):
    """Targets as announced; what came of them may come in, with a source of its own."""

    may_create = False

    code = Column("code", _("code"), is_code=True, is_required=True)
    cluster = Column("cluster", _("cluster"), Choices(Cluster.choices), is_for_reading=True)
    claim_zh = Column("claim_zh", _("claim in Chinese"), is_for_reading=True)
    claim_en = Column("claim_en", _("claim in English"), is_for_reading=True)
    due_year = Column("due_year", _("due year"), Counts(), is_for_reading=True)
    value = Column("value", _("value"), is_for_reading=True)
    source = Column("source", _("source"), is_for_reading=True)
    actual_value = Column("actual_value", _("actual value"))
    actual_source = Column(
        "actual_source", _("source of the actual value"), way_out=_("An actual value needs a source of its own.")
    )
    actual_on = Column("actual_on", _("day of the actual value"), Days())
    are_definitions_same = Column(
        "are_definitions_same", _("both figures count the same"), Choices([(True, _("yes")), (False, _("no"))])
    )
    definitions = Column("definitions", _("why they count the same"))

    class Meta(Exchange):
        model = ClusterTarget
        import_id_fields = ("code",)

    def write(self, row: Any, values: dict[str, Any], *, is_new: bool) -> None:
        """Record the actual value."""
        record_actual_value(
            target=row,
            value=values["actual_value"],
            source=values["actual_source"],
            on=values["actual_on"],
            are_definitions_same=bool(values["are_definitions_same"]),
            definitions=values["definitions"],
            actor=self.actor,
        )
