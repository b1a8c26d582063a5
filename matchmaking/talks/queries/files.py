"""Files as firms read them: what they know of, what they may open, who looked, and who has to be told of a revision."""

from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Sum

from accounts.models import Enterprise
from accounts.querysets import Actor
from matchmaking.partnerships.choices import CONSENTED, INTRODUCED, Act, RfqState
from matchmaking.partnerships.models import Partnership, PartnershipEvent, Rfq
from matchmaking.postings.choices import Direction, Subject
from matchmaking.postings.models import Posting
from matchmaking.talks.choices import FileLevel
from matchmaking.talks.models import FileLook, NdaAcceptance, SharedFile

MOST_LOOKS = 200
"""Looks that a page lists; the count tells of all."""


def files_visible_to(user: Actor) -> QuerySet[Any]:
    """Files that ``user`` may know of, with what they are shown at."""
    return SharedFile.objects.visible_to(user).select_related(*RELATED)


def files_openable_by(user: Actor) -> QuerySet[Any]:
    """Files whose content ``user`` may see: what is for after the confidentiality agreement only while it holds."""
    return files_visible_to(user).filter(_opens(_firms_of(user)))


def files_openable_through(enterprise: Enterprise) -> QuerySet[Any]:
    """Files whose content a system of ``enterprise`` may see, by what that firm alone has accepted."""
    return SharedFile.objects.visible_through(enterprise).filter(_opens([enterprise.pk]))


def _firms_of(user: Actor) -> QuerySet[Any, Any]:
    return Enterprise.objects.of_member(user).order_by().values("pk")


def _opens(mine: Any) -> Q:
    """That the firms with these keys may see the content of a file that they know of."""
    held = NdaAcceptance.objects.in_force_between(OuterRef("enterprise"), mine)
    return Q(enterprise__in=mine) | (Q(~Q(level=FileLevel.NDA) | Q(Exists(held))) & ~_waits_for_people(mine))


def _waits_for_people(mine: Any) -> Q:
    """That a file of who offers people may name some who have not agreed yet that one of these firms learns of them."""
    supplied = Q(partnership__capacity__subject=Subject.TALENT, enterprise=F("partnership__capacity__enterprise"))
    offered = Q(posting__subject=Subject.TALENT, posting__direction=Direction.CAPACITY)
    agreed = PartnershipEvent.objects.filter(act=Act.PERSON_AGREED, partnership__need__enterprise__in=mine)
    here = Q(partnership=OuterRef("partnership")) | Q(partnership__capacity=OuterRef("posting"))
    return Q(Q(supplied | offered), ~Exists(agreed.filter(here)))


RELATED = (
    "enterprise",
    "posting__enterprise",
    "rfq",
    "partnership__need__enterprise",
    "partnership__capacity__enterprise",
)


SYSTEM_COLUMNS = (
    *("key", "enterprise", "posting__number", "partnership__key", "rfq__key", "name", "kind", "level", "revision"),
    *("page_count", "size_bytes", "uploaded_at"),
)


def files_of_partnership(*, user: Actor, partnership: Partnership) -> QuerySet[Any]:
    """The newest revision of each file of a partnership, of its two postings and of packages of its need that ``user``
    knows of, the newest first; ``is_openable`` says which they may open.
    """
    at = Q(partnership=partnership) | Q(posting__in=(partnership.need_id, partnership.capacity_id))
    at |= Q(rfq__in=Rfq.objects.filter(lines__need=partnership.need_id).order_by().values("pk"))
    return _listed(SharedFile.objects.visible_to(user).filter(at), _firms_of(user))


def files_of_posting(*, user: Actor, posting: Posting) -> QuerySet[Any]:
    """The newest revision of each file of a posting that ``user`` knows of, the newest first."""
    return _listed(SharedFile.objects.visible_to(user).filter(posting=posting), _firms_of(user))


def files_of_package(*, user: Actor, rfq: Rfq) -> QuerySet[Any]:
    """The newest revision of each file of a package that ``user`` knows of, the newest first."""
    return _listed(SharedFile.objects.visible_to(user).filter(rfq=rfq), _firms_of(user))


def files_through(enterprise: Enterprise | None) -> QuerySet[Any]:
    """The newest revision of each file that a system of ``enterprise`` knows of, with the columns that a list shows;
    none for one of no firm.
    """
    if enterprise is None:
        return SharedFile.objects.none()
    rows = _listed(SharedFile.objects.visible_through(enterprise), [enterprise.pk])
    return rows.select_related(None).select_related("posting", "partnership", "rfq").only(*SYSTEM_COLUMNS)


def file_through(*, enterprise: Enterprise, key: str) -> SharedFile | None:
    """The file with this key, of any revision, that a system of ``enterprise`` knows of, with ``is_openable``."""
    rows = SharedFile.objects.visible_through(enterprise).select_related(*RELATED).filter(key=key)
    opens = ExpressionWrapper(_opens([enterprise.pk]), BooleanField())
    found: SharedFile | None = rows.annotate(is_openable=opens).first()
    return found


def _listed(rows: QuerySet[Any], mine: Any) -> QuerySet[Any]:
    newest = rows.filter(withdrawn_at=None).exclude(Exists(_live_successors()))
    return (
        newest.select_related("enterprise", "posting", "partnership", "rfq")
        .annotate(is_openable=ExpressionWrapper(_opens(mine), BooleanField()))
        .order_by("-pk")
    )


def _live_successors() -> QuerySet[Any]:
    return SharedFile.objects.filter(replaces=OuterRef("pk"), withdrawn_at=None)


def stored_bytes(enterprise: Enterprise) -> int:
    """What the files of ``enterprise`` take up."""
    return int(SharedFile.objects.filter(enterprise=enterprise).aggregate(total=Sum("size_bytes"))["total"] or 0)


def looks_at(file: SharedFile) -> QuerySet[Any]:
    """Every look of others at ``file``, the newest first; for its own firm."""
    return FileLook.objects.filter(file=file).select_related("enterprise", "reader").order_by("-pk")


def partnerships_showing(file: SharedFile) -> list[Partnership]:
    """The partnerships in which ``file`` is shown now, by row number: its own, or all about its posting, or about a
    line of its package.
    """
    rows = Partnership.objects.filter(state__in=CONSENTED).select_related("need__enterprise", "capacity__enterprise")
    if file.partnership_id:
        return list(rows.filter(pk=file.partnership_id))
    if file.rfq is not None:
        lines = file.rfq.lines.order_by().values("need")
        is_draft = file.rfq.state == RfqState.DRAFT
        return [] if is_draft else list(rows.filter(need__in=lines, state__in=INTRODUCED).order_by("pk"))
    return list(rows.filter(Q(need=file.posting_id) | Q(capacity=file.posting_id)).order_by("pk"))


def known_by_name(*, file: SharedFile) -> set[int]:
    """Row numbers of the firms whose names the owner of ``file`` knows: those that were introduced to it."""
    own = file.enterprise_id
    rows = Partnership.objects.filter(Q(need__enterprise=own) | Q(capacity__enterprise=own))
    rows = rows.filter(Q(state__in=CONSENTED) | Q(introduced_at__isnull=False)).order_by()
    pairs = rows.values_list("need__enterprise", "capacity__enterprise")
    return {firm for pair in pairs for firm in pair}
