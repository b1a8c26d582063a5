"""Taking the last change of a row back, as an act that asks first."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import Answer, actor_of
from common.reasons import Reason
from matchmaking.parks.admin.own import OwnParksAdmin
from matchmaking.parks.services.undoing import undo_last_change


class WithUndo(OwnParksAdmin):
    """Rows whose last change can be taken back; both stay in the history."""

    actions: Any = ("undo",)

    @admin.action(description=gettext_lazy("Take the last change of the selected rows back"))
    def undo(self, request: HttpRequest, rows: QuerySet[Any]) -> Answer:
        """What stood before is written as a further version."""

        def act(row: Any, reason: Reason | None, note: str) -> object:
            return undo_last_change(row=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Take the last change of these rows back?"))
