"""Postings in the administration, to be read; those that wait for a check stand in the queue of moderators too."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import Answer, LooksRecorded, Read, WithHistory, actor_of
from accounts.admin.exchange import WithExport
from accounts.admin.lists import LongList
from common.reasons import Reason
from matchmaking.postings.admin.moderation import words_of
from matchmaking.postings.choices import PriceKind
from matchmaking.postings.imports import PostingSheet
from matchmaking.postings.models import Posting, PostingCertificate, PostingParameter
from matchmaking.postings.services.publishing import REJECTIONS, release_posting, withhold_posting

NOT_SHOWN = ("hidden_from", "unread_texts", "reserved_amount", "further_nodes", "regions_allowed", "created_by")
PRICES = ("price_min", "price_max", "price_currency")


class ReadOnlyInline(admin.TabularInline[Any, Posting]):
    """Parts of a posting, to be read."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: owners write."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: owners write."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may open the posting."""
        return True


class CertificateInline(ReadOnlyInline):
    """Certificates asked for."""

    model = PostingCertificate
    verbose_name_plural = gettext_lazy("required certificates")


class ParameterInline(ReadOnlyInline):
    """Technical requirements."""

    model = PostingParameter
    verbose_name_plural = gettext_lazy("technical requirements")


class NetworkFirstFilter(admin.SimpleListFilter):
    """Postings that are not open to everybody yet, and those that were not at first."""

    title = gettext_lazy("own network first")
    parameter_name = "network_first"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The two of them."""
        return [("waits", _("Not open to everybody yet")), ("opened", _("Open since its day"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Asks the day on which they open."""
        today = timezone.localdate()
        wanted = {"waits": Q(opens_on__gt=today), "opened": Q(opens_on__lte=today)}
        return queryset.filter(wanted.get(self.value() or "", Q()))


@admin.register(Posting)
class PostingAdmin(LongList, WithExport, WithHistory, LooksRecorded):
    """Moderators' view: filter by "Waiting for a check"; rows change through services only."""

    sheet = PostingSheet
    list_display = ("number", "title", "direction", "subject", "status", "hold_reason", "enterprise", "changed_at")
    list_filter = ("status", "direction", "subject", NetworkFirstFilter)
    list_select_related = ("enterprise",)
    search_fields = ("=number", "title", "enterprise__name")
    ordering = ("-pk",)
    inlines = (CertificateInline, ParameterInline)
    actions = ("release", "withhold")

    def get_exclude(self, request: HttpRequest, obj: Posting | None = None) -> tuple[str, ...]:
        """A sealed price band is shown to nobody."""
        sealed = obj is not None and obj.price_kind == PriceKind.SEALED
        return (*NOT_SHOWN, *PRICES) if sealed else NOT_SHOWN

    def has_view_history_permission(self, request: HttpRequest, obj: Posting | None = None) -> bool:
        """Whoever may open the posting, unless earlier versions would tell a sealed price."""
        return self.has_view_permission(request, obj) and not (obj and obj.price_kind == PriceKind.SEALED)

    def to_be_read(self, rows: Iterable[Posting]) -> Mapping[int, Read]:
        """Their words, as many queries as for one."""
        keys = [row.pk for row in rows]
        found = Posting.objects.filter(pk__in=keys).select_related("node", "region", "unit")
        return {row.pk: Read(row.version, words_of(row)) for row in found}

    @admin.action(description=gettext_lazy("Release the selected postings"))
    def release(self, request: HttpRequest, rows: QuerySet[Posting]) -> Answer:
        """They are shown now."""

        def act(row: Posting, reason: Reason | None, note: str) -> object:
            return release_posting(
                posting=row, actor=actor_of(request), note=note, seen_version=self.version_read(request, row)
            )

        return self.confirmed(request, rows, act, title=_("Release these postings?"))

    @admin.action(description=gettext_lazy("Give the selected postings back to their owners"))
    def withhold(self, request: HttpRequest, rows: QuerySet[Posting]) -> Answer:
        """They go back to their owners as drafts, with a reason."""

        def act(row: Posting, reason: Reason | None, note: str) -> object:
            assert reason is not None
            seen = self.version_read(request, row)
            return withhold_posting(posting=row, actor=actor_of(request), reason=reason, note=note, seen_version=seen)

        title = _("Give these postings back?")
        return self.confirmed(request, rows, act, title=title, reasons=REJECTIONS, note_required=True)
