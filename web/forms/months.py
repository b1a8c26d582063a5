"""What a capacity can carry month by month, as its owner types it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.values import plain_amount
from matchmaking.postings.queries.months import MonthAhead
from web.forms.amounts import AmountField
from web.forms.base import ServiceForm


class MonthsForm(ServiceForm):
    """One amount a month, named by the month's first day; empty means what was posted."""

    def __init__(self, *args: Any, months: list[MonthAhead], **kwargs: Any) -> None:
        kwargs["initial"] = {
            one.month.isoformat(): plain_amount(one.planned) for one in months if one.planned is not None
        }
        super().__init__(*args, **kwargs)
        self.months = months
        for one in months:
            label = _("Can carry in %(month)s") % {"month": date_format(one.month, "YEAR_MONTH_FORMAT")}
            self.fields[one.month.isoformat()] = AmountField(label=label)

    def lines(self) -> list[tuple[MonthAhead, Any]]:
        """Each month with its field."""
        return [(one, self[one.month.isoformat()]) for one in self.months]

    @staticmethod
    def plan_of(values: dict[str, Any]) -> dict[date, Decimal | None]:
        """What the service takes, by the month's first day."""
        return {date.fromisoformat(name): amount for name, amount in values.items()}
