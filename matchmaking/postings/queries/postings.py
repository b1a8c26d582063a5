"""Postings as people read them: lists, one page, one's own, and what a reader may know of each."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.choices import CheckState
from accounts.models import Enterprise, EnterpriseCertificate, Membership, User
from accounts.querysets import Actor, held_firms, is_platform_admin
from matchmaking.postings.choices import Direction, Status
from matchmaking.postings.models import Posting, PostingCertificate, PostingContact, PostingParameter, SavedSearch
from matchmaking.postings.querysets import PostingQuerySet, SavedSearchQuerySet
from reference.choices import RegionLevel
from reference.queries.measures import units_for_node

CONFIRM_AFTER = timedelta(days=30)
"""Age from which the owner is asked whether a posting still holds."""
STALE_AFTER = timedelta(days=60)
"""Age from which an unconfirmed posting is no longer matched."""
LISTED_COLUMNS = (
    "number",
    "title",
    "language",
    "quantity_amount",
    "period",
    "window_start",
    "window_end",
    "visibility",
    "published_at",
    "confirmed_on",
    "busy_level",
    "is_sample",
    "enterprise__name",
    "enterprise__alias",
    "enterprise__verification",
    "node__name_zh",
    "node__name_en",
    "region__short_zh",
    "region__short_en",
    "region__parent__level",
    "region__parent__short_zh",
    "region__parent__short_en",
    "unit__name_zh",
    "unit__name_en",
    "opens_on",
    "enterprise",
)
"""What a row of a list is made from, as plain values: twenty rows with their relations are dear to build as objects."""


class ListedPosting(NamedTuple):
    """A row of a list as plain values, in the order of ``LISTED_COLUMNS``."""

    number: str
    title: str
    language: str
    quantity_amount: Decimal
    period: str
    window_start: date | None
    window_end: date | None
    visibility: str
    published_at: datetime | None
    confirmed_on: date | None
    busy_level: int
    is_sample: bool
    enterprise_name: str
    enterprise_alias: str
    enterprise_verification: str
    node_name_zh: str
    node_name_en: str
    region_short_zh: str
    region_short_en: str
    region_parent_level: str
    region_parent_short_zh: str
    region_parent_short_en: str
    unit_name_zh: str
    unit_name_en: str
    opens_on: date | None
    enterprise: int


CARD_COLUMNS = (
    "number",
    "direction",
    "subject",
    "title",
    "status",
    "visibility",
    "quantity_amount",
    "period",
    "window_start",
    "window_end",
    "busy_level",
    "published_at",
    "confirmed_on",
    "is_sample",
    "enterprise__key",
    "enterprise__name",
    "enterprise__alias",
    "enterprise__verification",
)
SYSTEM_COLUMNS = (
    *CARD_COLUMNS,
    "node__code",
    "node__name_zh",
    "node__name_en",
    "region__code",
    "region__name_zh",
    "region__name_en",
    "region__parent__level",
    "region__parent__code",
    "region__parent__name_zh",
    "region__parent__name_en",
    "unit__code",
    "unit__name_zh",
    "unit__name_en",
)
"""What a suggested counterpart is made from; whole rows have three times as many columns."""
ASKER_COLUMNS = (
    *CARD_COLUMNS,
    *("node__code", "region__code", "unit__code", "unit__name_zh", "unit__name_en"),
    *("reserved_amount", "unit__factor_to_base", "consortium_allowed", "enterprise__suspended_at"),
)
"""What the page of a posting's suggestions tells of the posting itself."""
ALSO_SUGGESTED = ("opens_on", "reserved_amount", "accepts_ahead_at", "busy_until")
ROW_RELATIONS = ("enterprise", "node", "region__parent", "unit")
PAGE_RELATIONS = ("enterprise", "node__chain", "region__parent", "unit", "site")


def busy_until(posting: Posting) -> date | None:
    """The last day on which the posting takes no new requests, None where it takes some today."""
    return posting.busy_until if posting.busy_until and posting.busy_until >= timezone.localdate() else None


def reads_details(user: Actor) -> bool:
    """Whether ``user`` sees texts and exact quantities of others' postings: a member of an enterprise in good standing.

    Everybody else, also who is signed in without an enterprise, sees what a visitor sees.
    """
    if user.is_anonymous:
        return False
    if is_platform_admin(user):
        return True
    known = held_firms(user)
    if known is not None:
        return any(known.values())
    return Membership.objects.active().filter(user=user, enterprise__suspended_at=None).exists()


def listed_postings(*, user: Actor, direction: Direction) -> PostingQuerySet:
    """Live postings of one direction that ``user`` may see, newest first."""
    return Posting.objects.visible_to(user).live().filter(direction=direction).order_by("-published_at", "-id")


def listed_values(postings: Iterable[Any]) -> list[ListedPosting]:
    """A page of ``listed_postings`` as the plain values that its rows are made from, in one query."""
    rows: Any = postings
    return [ListedPosting(*values) for values in rows.values_list(*LISTED_COLUMNS)]


def live_postings(*, user: Actor, system_of: Enterprise | None = None) -> PostingQuerySet:
    """Live postings of both directions that ``user`` may see, whole rows, newest first.

    For a partner system of ``system_of`` what that firm may see, whoever made the system.
    """
    related = ("enterprise", "node__chain", "region__parent", "unit")
    return _live(user, system_of).select_related(*related).order_by("-published_at", "-id")


def _live(user: Actor, system_of: Enterprise | None) -> PostingQuerySet:
    rows = Posting.objects.visible_through(system_of) if system_of else Posting.objects.visible_to(user)
    return rows.live()


def suggested_postings(
    *, user: Actor, system_of: Enterprise | None, numbers: Sequence[str], as_cards: bool = False
) -> PostingQuerySet:
    """Those of ``live_postings`` with these numbers, in no order, with the columns that a card or a list shows.

    ``as_cards`` they hold ``region_code`` and ``unit_code`` in place of the rows of node, region and unit.
    """
    rows = _live(user, system_of).filter(number__in=numbers).order_by()
    if as_cards:
        rows = rows.select_related("enterprise").only(*CARD_COLUMNS, *ALSO_SUGGESTED)
        return rows.annotate(region_code=F("region__code"), unit_code=F("unit__code"))
    return rows.select_related(*ROW_RELATIONS).only(*SYSTEM_COLUMNS, *ALSO_SUGGESTED)


def postings_visible_to(*, user: Actor) -> PostingQuerySet:
    """Every posting that ``user`` may open, with what its page shows; one's own in any state."""
    return Posting.objects.visible_to(user).select_related(*PAGE_RELATIONS)


def postings_to_match(*, user: Actor) -> PostingQuerySet:
    """Every posting that ``user`` may open, with the columns that the page of its suggestions shows."""
    return Posting.objects.visible_to(user).select_related("enterprise", "node", "region", "unit").only(*ASKER_COLUMNS)


def postings_for_system(*, enterprise: Enterprise | None) -> PostingQuerySet:
    """Postings that a partner system of ``enterprise`` may see, its own in any state, newest first."""
    return Posting.objects.visible_through(enterprise).order_by("-pk")


def system_posting(*, enterprise: Enterprise | None, number: str, with_parts: bool = True) -> Posting | None:
    """The posting with this number as a partner system of ``enterprise`` may open it, with all its parts if wanted."""
    rows = Posting.objects.visible_through(enterprise).select_related(*PAGE_RELATIONS)
    if with_parts:
        rows = rows.prefetch_related("further_nodes", "required_certificates__certification", "parameters__parameter")
    found: Posting | None = rows.filter(number=number).first()
    return found


def postings_for_page(*, user: Actor) -> PostingQuerySet:
    """Every posting that ``user`` may open, telling which parts it has, so that a page reads only those."""
    of_this = {"posting": OuterRef("pk")}
    return postings_visible_to(user=user).annotate(
        has_certificates=Exists(PostingCertificate.objects.filter(**of_this)),
        has_parameters=Exists(PostingParameter.objects.filter(**of_this)),
        has_further_nodes=Exists(Posting.further_nodes.through.objects.filter(**of_this)),
        has_listed_regions=Exists(Posting.regions_allowed.through.objects.filter(**of_this)),
        has_hidden_from=Exists(Posting.hidden_from.through.objects.filter(**of_this)),
        has_contact=Exists(PostingContact.objects.filter(**of_this)),
    )


def postings_of_member(*, user: Actor) -> PostingQuerySet:
    """Postings of the enterprises that ``user`` belongs to, in any state, last changed first."""
    return Posting.objects.of_member(user).select_related(*PAGE_RELATIONS).order_by("-changed_at", "-id")


def postings_of_enterprise(*, enterprise: Enterprise, direction: Direction | None = None) -> PostingQuerySet:
    """All postings of the reader's own enterprise, last changed first; the caller knows that it is the reader's."""
    rows = Posting.objects.filter(enterprise=enterprise).select_related("enterprise", "node", "region", "unit")
    rows = rows.filter(direction=direction) if direction else rows
    return rows.order_by("-changed_at", "-id")


def postings_to_do(*, enterprise: Enterprise) -> PostingQuerySet:
    """Postings of the reader's own enterprise that wait for somebody: unconfirmed ones, then drafts, oldest first."""
    due = Q(status=Status.PUBLISHED, confirmed_on__lte=timezone.localdate() - CONFIRM_AFTER)
    rows = Posting.objects.filter(due | Q(status=Status.DRAFT), enterprise=enterprise)
    return rows.select_related("enterprise", "node", "region", "unit").order_by("-status", "changed_at", "pk")


def own_counterparts(*, enterprise: Enterprise, posting: Posting) -> PostingQuerySet:
    """The enterprise's published postings that could meet ``posting``: the other direction, same node first."""
    other = Direction.CAPACITY if posting.is_need else Direction.NEED
    rows = postings_of_enterprise(enterprise=enterprise, direction=other).filter(status=Status.PUBLISHED)
    return rows.order_by("-pk")


def saved_searches(*, user: Actor, direction: Direction | None = None) -> SavedSearchQuerySet:
    """Searches that ``user`` keeps, by name."""
    rows = SavedSearch.objects.visible_to(user)
    return rows.filter(direction=direction) if direction else rows


def contact_of(*, user: Actor, posting: Posting) -> PostingContact | None:
    """The contact data lifted out of the posting's text, for its own side only."""
    return PostingContact.objects.visible_to(user).filter(posting=posting).first()


def capped_count(postings: PostingQuerySet, cap: int) -> int:
    """How many rows there are, at most ``cap``: reading stops there, so that a long list costs no more than a short."""
    return postings.order_by().values("pk")[:cap].count()


def region_shown(posting: Any, with_details: bool) -> Any:
    """The region as the reader may know it: the prefecture where the posting, a row or its plain values, stands in a
    part of one.
    """
    return None if posting.region is None else region_known(posting.region, with_details)


def region_known(region: Any, with_details: bool) -> Any:
    """The region as far as the reader tells regions apart: a part of a prefecture is the prefecture to who reads no
    details.
    """
    above = region.parent
    return region if with_details or above is None or above.level != RegionLevel.PREFECTURE else above


def is_unit_unusual(posting: Posting) -> bool:
    """Whether the node's postings are usually counted in another dimension; told as a warning, never refused."""
    if posting.node is None or posting.unit is None:
        return False
    return posting.unit.dimension not in {unit.dimension for unit in units_for_node(posting.node)}


def days_unconfirmed(posting: Posting) -> int:
    """Days since the owner last said that the posting holds; 0 for one that was never published."""
    return (timezone.localdate() - posting.confirmed_on).days if posting.confirmed_on else 0


def is_confirmation_due(posting: Posting) -> bool:
    """Whether the owner should say again that a published posting holds."""
    return posting.status == Status.PUBLISHED and days_unconfirmed(posting) >= CONFIRM_AFTER.days


def holders_of(certification_codes: list[str]) -> list[int]:
    """Keys of enterprises that hold every one of these certificates today, checked ones only."""
    today = timezone.localdate()
    valid = EnterpriseCertificate.objects.filter(state=CheckState.CHECKED).exclude(expires_on__lt=today)
    holders: set[int] | None = None
    for code in certification_codes:
        having = set(valid.filter(certification__code=code).values_list("enterprise", flat=True))
        holders = having if holders is None else holders & having
    return sorted(holders or set())


def user_by_key(key: int) -> User | None:
    """The active user with this row number, as a signed link names them."""
    return User.objects.filter(pk=key, is_active=True).first()


def required_certificates(posting: Posting) -> list[PostingCertificate]:
    """The certificates that a posting asks for, musts first."""
    return list(posting.required_certificates.select_related("certification").order_by("-is_must", "pk"))


def technical_parameters(posting: Posting) -> list[PostingParameter]:
    """The technical parameters that a posting asks for or offers, musts first."""
    return list(posting.parameters.select_related("parameter__unit").order_by("-is_must", "pk"))
