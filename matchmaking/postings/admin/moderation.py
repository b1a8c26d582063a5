"""The queue of moderators: flagged postings, enterprises to be verified, certificates and appeals, the oldest first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.admin.base import Answer, Moderated, Read, WithHistory, actor_of
from accounts.admin.lists import LongList
from accounts.choices import ReviewKind
from accounts.models import EnterpriseCertificate, Review
from accounts.queries import age_in_words, next_step_of
from accounts.services.reviews import give_back_review, take_review
from common.reason_texts import text_of
from common.reasons import Reason
from matchmaking.postings.models import Posting
from matchmaking.postings.services.moderation import answer_appeal, pass_review, reasons_for, refuse_review

A_DAY = timedelta(days=1)


def words_of(posting: Posting) -> list[str]:
    """What a moderator reads of a posting, line by line: what it says, where it stands, how much."""
    amount = f"{posting.quantity_amount} {posting.unit.name}" if posting.unit else ""
    place = " · ".join(str(part.name) for part in (posting.node, posting.region) if part is not None)
    return [line for line in (posting.title, *posting.text.splitlines(), place, amount) if line]


def paper_of(paper: EnterpriseCertificate) -> str:
    """What a moderator compares with the issuer's register; each look at the evidence is recorded."""
    told = " · ".join(str(part) for part in (paper.number, paper.issuer, paper.issued_on, paper.expires_on) if part)
    if not paper.evidence:
        return told
    address = reverse("web:accounts:certificate_evidence", args=[paper.pk])
    return format_html('{} <a href="{}">{}</a>', told, address, _("Open the evidence"))


class WaitingFilter(admin.SimpleListFilter):
    """What waits, unless what was decided is asked for."""

    title, parameter_name = gettext_lazy("state"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Waiting is the list without a choice."""
        return [("late", _("Waiting for more than a day")), ("decided", _("Decided")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        """Names the list without a choice."""
        for number, choice in enumerate(super().choices(changelist)):
            yield choice | {"display": _("Waiting")} if number == 0 else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> QuerySet[Review]:
        """Those in the state chosen."""
        if self.value() == "decided":
            return queryset.exclude(decided_at=None)
        if self.value() == "late":
            return queryset.filter(decided_at=None, created_at__lt=timezone.now() - A_DAY)
        return queryset if self.value() == "all" else queryset.filter(decided_at=None)


class OwnerFilter(admin.SimpleListFilter):
    """Whose it is."""

    title, parameter_name = gettext_lazy("owner"), "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The reader, and nobody."""
        return [("me", _("Mine")), ("nobody", _("Nobody's"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> QuerySet[Review]:
        """Those of the owner chosen."""
        if self.value() == "me":
            return queryset.filter(owner=actor_of(request))
        return queryset.filter(owner=None) if self.value() == "nobody" else queryset


@admin.register(Review)
class ReviewAdmin(LongList, WithHistory, Moderated):
    """What moderators decide, each within their reach; rows are taken, given back and decided by confirmed actions."""

    list_display = ("title", "kind", "enterprise", "why", "age", "owner", "next_step")
    list_filter = (WaitingFilter, OwnerFilter, "kind")
    list_select_related = ("enterprise", "owner", "against", "decided_by")
    search_fields = ("title", "=thing_key", "enterprise__name")
    search_help_text = gettext_lazy("Title, number of a posting, or enterprise")
    ordering = ("pk",)
    fields = readonly_fields = (
        "title",
        "kind",
        "enterprise",
        "content",
        "why",
        "text",
        "earlier",
        "age",
        "owner",
        "taken_at",
        "next_step",
        "outcome",
        "decision",
        "note",
        "decided_by",
        "decided_at",
    )
    actions = ("take", "give_back", "let_pass", "refuse", "grant", "uphold")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        """What the reader may decide, and what was decided there."""
        rows: QuerySet[Review] = Review.objects.reviewable_by(request.user)
        return rows.select_related(*self.list_select_related)

    @admin.display(description=gettext_lazy("why it waits"))
    def why(self, row: Review) -> str:
        """The rule or the decision, and the words that were found."""
        told = text_of(Reason(row.flag), get_language() or "zh-hans") if row.flag else ""
        quotes = " · ".join(f"\N{LEFT DOUBLE QUOTATION MARK}{q}\N{RIGHT DOUBLE QUOTATION MARK}" for q in row.quotes)
        return ": ".join(part for part in (told, quotes) if part) or _("asked for by the firm")

    @admin.display(description=gettext_lazy("age"), ordering="pk")
    def age(self, row: Review) -> str:
        """Days and hours since it came, or what it took."""
        return age_in_words((row.decided_at or timezone.now()) - row.created_at)

    @admin.display(description=gettext_lazy("next step"))
    def next_step(self, row: Review) -> str:
        """Who does what now."""
        return next_step_of(row)

    @admin.display(description=gettext_lazy("decision"))
    def decision(self, row: Review) -> str:
        """The reason of the register."""
        return text_of(Reason(row.reason), get_language() or "zh-hans") if row.reason else "-"

    @admin.display(description=gettext_lazy("earlier decision"))
    def earlier(self, row: Review) -> str:
        """What an appeal is against: who decided, why, in which words."""
        if row.against is None:
            return "-"
        parts = (str(row.against.decided_by or "-"), self.decision(row.against), row.against.note)
        return " · ".join(part for part in parts if part)

    @admin.display(description=gettext_lazy("to be looked at"))
    def content(self, row: Review) -> str:
        """The posting's words, the enterprise's page, or the paper with its evidence."""
        subject = row.against or row
        if subject.kind == ReviewKind.POSTING:
            posting = Posting.objects.filter(number=subject.thing_key).select_related("node", "region", "unit").first()
            return (
                "-" if posting is None else format_html_join("", "<p>{}</p>", ((line,) for line in words_of(posting)))
            )
        if subject.kind == ReviewKind.CERTIFICATE:
            paper = EnterpriseCertificate.objects.filter(pk=int(subject.thing_key)).first()
            return "-" if paper is None else paper_of(paper)
        address = reverse("web:accounts:enterprise", args=[row.enterprise.key])
        return format_html('<a href="{}">{}</a> {}', address, row.enterprise.name, row.enterprise.uscc)

    def to_be_read(self, rows: Iterable[Review]) -> Mapping[int, Read]:
        """The words of postings, as many queries as for one."""
        keys = {row.thing_key: row.pk for row in rows if row.kind == ReviewKind.POSTING}
        postings = Posting.objects.filter(number__in=keys).select_related("node", "region", "unit")
        return {keys[posting.number]: Read(posting.version, words_of(posting)) for posting in postings}

    @admin.action(description=gettext_lazy("Take the selected rows"))
    def take(self, request: HttpRequest, rows: QuerySet[Review]) -> Answer:
        """The reader looks at them; others leave them alone."""

        def act(row: Review, reason: Reason | None, note: str) -> object:
            return take_review(review=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Take these rows?"))

    @admin.action(description=gettext_lazy("Give the selected rows back to the queue"))
    def give_back(self, request: HttpRequest, rows: QuerySet[Review]) -> Answer:
        """Anybody may take them again."""

        def act(row: Review, reason: Reason | None, note: str) -> object:
            return give_back_review(review=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Give these rows back?"))

    @admin.action(description=gettext_lazy("Release or confirm the selected rows"))
    def let_pass(self, request: HttpRequest, rows: QuerySet[Review]) -> Answer:
        """Postings are shown, enterprises verified, certificates confirmed."""

        def act(row: Review, reason: Reason | None, note: str) -> object:
            seen = self.version_read(request, row) if row.kind == ReviewKind.POSTING else None
            return pass_review(review=row, actor=actor_of(request), note=note, seen_version=seen)

        return self.confirmed(request, rows, act, title=_("Release or confirm these?"))

    @admin.action(description=gettext_lazy("Reject the selected rows"))
    def refuse(self, request: HttpRequest, rows: QuerySet[Review]) -> Answer:
        """Their firms get the reason, the note and a way to appeal."""

        def act(row: Review, reason: Reason | None, note: str) -> object:
            assert reason is not None
            seen = self.version_read(request, row) if row.kind == ReviewKind.POSTING else None
            return refuse_review(review=row, actor=actor_of(request), reason=reason, note=note, seen_version=seen)

        kinds = dict.fromkeys(rows.values_list("kind", flat=True).order_by("kind"))
        reasons: Sequence[Reason] = [reason for kind in kinds for reason in reasons_for(kind)]
        if not reasons:
            return self.answered(request, rows, granted=False)
        return self.confirmed(request, rows, act, title=_("Reject these?"), reasons=reasons, note_required=True)

    @admin.action(description=gettext_lazy("Grant the selected appeals"))
    def grant(self, request: HttpRequest, rows: QuerySet[Review]) -> Answer:
        """The decisions are undone at once."""
        return self.answered(request, rows, granted=True)

    @admin.action(description=gettext_lazy("Uphold the decisions that the selected appeals are against"))
    def uphold(self, request: HttpRequest, rows: QuerySet[Review]) -> Answer:
        """The decisions stand; the firms are told why."""
        return self.answered(request, rows, granted=False)

    def answered(self, request: HttpRequest, rows: QuerySet[Review], *, granted: bool) -> Answer:
        """Asks for the text that the firm reads, then answers each appeal."""

        def act(row: Review, reason: Reason | None, note: str) -> object:
            return answer_appeal(review=row, actor=actor_of(request), granted=granted, note=note)

        title = _("Grant these appeals?") if granted else _("Uphold these decisions?")
        return self.confirmed(request, rows, act, title=title, note_required=True)
