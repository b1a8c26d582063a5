"""Filters of the lists of postings, the same for the pages and for the REST door."""

import hashlib
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.keeping import kept_for, process_cache
from common.reason_texts import text_of
from common.reasons import Reason
from common.values import BAND_EDGES, normalise_text, parse_amount, parse_day
from matchmaking.postings.choices import Direction, Subject
from matchmaking.postings.models import Posting, PostingCertificate
from matchmaking.postings.queries.postings import holders_of, reads_details, region_known
from matchmaking.postings.querysets import PostingQuerySet
from reference.models import Certification, ChainNode, IndustryChain, Region, Unit
from reference.queries.measures import certifications_in_use, units_in_use
from reference.queries.nodes import chains_in_use, node_subtree
from reference.queries.picker import FUZZY, nodes_matching
from reference.queries.regions import provinces, regions_below, tiles

LONGEST_QUERY = 60
MOST_ALONE, MOST_FOUND = 1_500, 20_000
"""Postings found by words that are looked at: more than a list turns to where nothing else narrows them, else these."""
Searcher = Callable[[str, bool], list[str] | None]
"""Numbers of live postings that words find, best first, by titles alone or not; None where it cannot tell."""
PLACES_KEPT_SECONDS = 60
NAMES = ("code", "name_zh", "name_en")
PLACE_COLUMNS = (*NAMES, "short_zh", "short_en", "level", "parent__code", "parent__level")
MOST_WORDS = 5
NEWEST, ENDING, LARGEST = "newest", "ending", "largest"
SORTS = [(NEWEST, _("Newest")), (ENDING, _("Ending soon")), (LARGEST, _("Largest"))]


def refused(reason: Reason, **facts: object) -> ValidationError:
    """The text of ``reason`` in the reader's language as an error of a filter."""
    return ValidationError(text_of(reason, get_language() or "zh-hans", facts))


class AmountField(django_filters.NumberFilter.field_class):
    """A number as people type it."""

    def to_python(self, value: object) -> Decimal | None:
        """The amount, None where nothing is typed."""
        if value in self.empty_values:
            return None
        try:
            return parse_amount(str(value))
        except ValueError as error:
            raise refused(Reason.REFUSAL_NOT_A_NUMBER) from error


class DayField(django_filters.DateFilter.field_class):
    """A day as people type it."""

    def to_python(self, value: object) -> date | None:
        """The day, None where nothing is typed."""
        if value in self.empty_values:
            return None
        try:
            return parse_day(str(value))
        except ValueError as error:
            raise refused(Reason.REFUSAL_NOT_A_DAY) from error


class WordsField(django_filters.CharFilter.field_class):
    """Words to look for, without signs that cannot be seen."""

    def to_python(self, value: object) -> str:
        """The words in half-width form."""
        words = " ".join(unicodedata.normalize("NFKC", normalise_text(str(value or ""))).split())
        if len(words) > LONGEST_QUERY:
            raise refused(Reason.REFUSAL_TOO_LONG, limit=LONGEST_QUERY)
        return words


class AmountFilter(django_filters.NumberFilter):
    """Takes 8000, 8,000 and amounts with a Chinese multiplier."""

    field_class = AmountField


class DayFilter(django_filters.DateFilter):
    """Takes the ways in which days are usually written."""

    field_class = DayField


class WordsFilter(django_filters.CharFilter):
    """Takes words in Chinese, pinyin or English."""

    field_class = WordsField


class KeptField(django_filters.fields.ModelMultipleChoiceField):
    """Reference rows by their codes, of all that may be chosen, kept for a minute under ``kept_as``."""

    def __init__(self, *args: Any, kept_as: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_as = kept_as

    def clean(self, value: Any) -> Any:
        """The rows of the codes given; an empty one, as a form sends it where nothing is chosen, names none."""
        return super().clean([code for code in value or () if str(code).strip()])

    def _check_values(self, value: Any) -> Any:
        known = kept_for(PLACES_KEPT_SECONDS, self.kept_as, self._keep)
        for code in value:
            if code not in known:
                raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": code})
        return [process_cache.get(known[code]) or self.queryset.get(code=code) for code in dict.fromkeys(value)]

    def _keep(self) -> dict[str, str]:
        """Keep each row by itself, for taking up all of them costs more than a list; gives where each is kept."""
        rows = {f"{self.kept_as}.{row.code}": row for row in self.queryset}
        process_cache.set_many(rows, 2 * PLACES_KEPT_SECONDS)  # still there while anybody knows where
        return {row.code: key for key, row in rows.items()}


class KeptFilter(django_filters.ModelMultipleChoiceFilter):
    """Takes codes of reference rows without asking the database each time."""

    field_class = KeptField


class PostingFilter(django_filters.FilterSet):
    """What a list of postings can be narrowed by; needs the request, for a reader filters only by what they may see.

    Who may not see exact quantities filters them by band (1, 3, 10, 30, …), and counties by their prefecture.
    """

    direction = django_filters.ChoiceFilter(choices=Direction.choices)
    q = WordsFilter(method="filter_words")
    chain = KeptFilter(
        queryset=lambda request: chains_in_use().only(*NAMES),
        to_field_name="code",
        method="filter_chains",
        kept_as="postings.choices.chains",
    )
    node = django_filters.ModelChoiceFilter(
        queryset=ChainNode.objects.select_related("chain"), to_field_name="code", method="filter_node"
    )
    region = KeptFilter(
        queryset=Region.objects.select_related("parent").only(*PLACE_COLUMNS),
        to_field_name="code",
        method="filter_regions",
        kept_as="postings.choices.regions",
    )
    subject = django_filters.MultipleChoiceFilter(choices=Subject.choices, distinct=False)
    certificates = django_filters.ModelMultipleChoiceFilter(
        queryset=lambda request: certifications_in_use(), to_field_name="code", method="filter_certificates"
    )
    window_from = DayFilter(method="filter_window_from")
    window_to = DayFilter(method="filter_window_to")
    quantity_min = AmountFilter(method="filter_quantity_min")
    quantity_max = AmountFilter(method="filter_quantity_max")
    unit = django_filters.ModelChoiceFilter(
        queryset=lambda request: units_in_use(), to_field_name="code", method="filter_unit"
    )
    sort = django_filters.ChoiceFilter(choices=SORTS, method="filter_sort")

    most_alone = MOST_ALONE

    class Meta:
        model = Posting
        fields: list[str] = []

    base_filters: dict[str, Any]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *args: Any,
        reads: bool | None = None,
        search: Searcher | None = None,
        **kwargs: Any,
    ) -> None:
        """``search`` looks words up over live postings; without it, or where it cannot, the texts are read."""
        # Of the fields that were given alone: making all of them costs more than the list.
        self.base_filters = {name: one for name, one in self.base_filters.items() if name in (data or ())}
        super().__init__(data, *args, **kwargs)
        self.search = search
        self.found: list[str] | None = None
        user = getattr(self.request, "user", None)
        self.reads_details = user is not None and reads_details(user) if reads is None else reads

    def filter_queryset(self, queryset: PostingQuerySet) -> PostingQuerySet:
        """Only the filters that say something."""
        for name, value in self.form.cleaned_data.items():
            if value is not None and value != "" and len_of(value):
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    @property
    def applied(self) -> Mapping[str, Any]:
        """The filters in use with their values, order and direction apart."""
        self.is_valid()
        given = self.form.cleaned_data
        return {
            name: value
            for name, value in given.items()
            if name not in ("sort", "direction") and value is not None and value != "" and len_of(value)
        }

    def filter_words(self, rows: PostingQuerySet, name: str, words: str) -> PostingQuerySet:
        """Every word in the title or, for those who may read it, in the text; or the words name its node.

        Of very many that words alone find, the best are enough: no list goes further.
        """
        if self.search and self.found is None:
            self.found = self.search(words, not self.reads_details)
        if self.found is not None:
            is_alone = not (self.applied.keys() - {"q"} or self.form.cleaned_data.get("sort"))
            return rows.filter(number__in=self.found[: self.most_alone if is_alone else MOST_FOUND])
        each = Q()
        for word in words.split()[:MOST_WORDS]:
            each &= (
                (Q(title__icontains=word) | Q(text__icontains=word)) if self.reads_details else Q(title__icontains=word)
            )
        nodes = nodes_named(words)
        return rows.filter(each | Q(node__in=nodes)) if nodes else rows.filter(each)

    def filter_chains(self, rows: PostingQuerySet, name: str, chains: list[IndustryChain]) -> PostingQuerySet:
        """In any of the chains."""
        return rows.filter(node__in=node_keys([chain.code for chain in chains])) if chains else rows

    def filter_node(self, rows: PostingQuerySet, name: str, node: ChainNode) -> PostingQuerySet:
        """At the node or below it, also as a further node."""
        keys = node_keys([node.code])
        also = Posting.further_nodes.through.objects.filter(
            chainnode__in=keys, posting__in=Posting.objects.live().order_by().values("pk")
        )
        there = Q(node__in=keys)
        # Asked for first, for the database would otherwise test each row of a list where none names it further.
        return rows.filter(there | Q(pk__in=also.values("posting")) if also.exists() else there)

    def filter_regions(self, rows: PostingQuerySet, name: str, regions: list[Region]) -> PostingQuerySet:
        """In any of the regions or below it; whoever sees prefectures only filters by them."""
        keys = {key for region in regions for key in region_keys(region_known(region, self.reads_details))}
        return rows.filter(region__in=sorted(keys)) if regions else rows

    def filter_certificates(self, rows: PostingQuerySet, name: str, papers: list[Certification]) -> PostingQuerySet:
        """Needs that ask for all of them; capacities of enterprises that hold all of them, checked, today.

        Who may not read details filters needs only: the papers of a firm would tell who stands behind an alias.
        """
        if not papers:
            return rows
        capacities = Q(direction=Direction.CAPACITY)
        if self.reads_details:
            capacities &= Q(enterprise__in=holders_of([paper.code for paper in papers]))
        needs = Q(direction=Direction.NEED)
        for paper in papers:
            needs &= Q(pk__in=PostingCertificate.objects.filter(certification=paper).values("posting"))
        return rows.filter(capacities | needs)

    def filter_window_from(self, rows: PostingQuerySet, name: str, day: date) -> PostingQuerySet:
        """Those that are not over before the day."""
        return rows.filter(Q(window_end=None) | Q(window_end__gte=day))

    def filter_window_to(self, rows: PostingQuerySet, name: str, day: date) -> PostingQuerySet:
        """Those that have begun by the day."""
        return rows.filter(Q(window_start=None) | Q(window_start__lte=day))

    def filter_quantity_min(self, rows: PostingQuerySet, name: str, amount: Decimal) -> PostingQuerySet:
        """At least so much, in the unit of the filter where one is chosen."""
        return rows.filter(self.amount_condition("gte", amount))

    def filter_quantity_max(self, rows: PostingQuerySet, name: str, amount: Decimal) -> PostingQuerySet:
        """At most so much, in the unit of the filter where one is chosen."""
        return rows.filter(self.amount_condition("lte", amount))

    def filter_unit(self, rows: PostingQuerySet, name: str, unit: Unit) -> PostingQuerySet:
        """Counted in a unit of the same dimension."""
        return rows.filter(unit__in=[row.pk for row in units_in_use() if row.dimension == unit.dimension])

    def amount_condition(self, comparison: str, amount: Decimal) -> Q:
        """The condition on what the reader may know: the amount itself, or the floor of its band."""
        unit = self.form.cleaned_data.get("unit")
        if unit is None:
            return self.one_unit(comparison, amount)
        condition = Q(pk__in=[])
        for row in units_in_use():
            if row.dimension == unit.dimension:
                converted = amount * unit.factor_to_base / row.factor_to_base
                condition |= Q(unit=row.pk) & self.one_unit(comparison, converted)
        return condition

    def one_unit(self, comparison: str, amount: Decimal) -> Q:
        """The condition for postings in one unit."""
        if self.reads_details:
            return Q(**{f"quantity_amount__{comparison}": amount})
        below = sum(1 for edge in BAND_EDGES if (edge < amount if comparison == "gte" else edge <= amount))
        return Q(quantity_band__gt=below) if comparison == "gte" else Q(quantity_band__lte=below)

    def filter_sort(self, rows: PostingQuerySet, name: str, order: str) -> PostingQuerySet:
        """In the order asked for; by quantity means by its band, so that the order tells no exact figure."""
        if order == ENDING:
            return rows.filter(window_end__isnull=False).order_by("window_end", "-pk")
        return rows.order_by("-quantity_band", "-pk") if order == LARGEST else rows


def len_of(value: object) -> bool:
    """Whether a filter's value holds anything: an empty list or row set does not."""
    if isinstance(value, QuerySet) and value.query.is_empty():
        return False
    return bool(list(value)) if hasattr(value, "__iter__") and not isinstance(value, str) else True


def node_keys(codes: list[str]) -> list[int]:
    """Row keys of the nodes and of all below them, kept for a minute."""

    def read() -> list[int]:
        wanted = node_subtree(codes[0])
        for code in codes[1:]:
            wanted = wanted | node_subtree(code)
        return list(wanted.order_by().values_list("pk", flat=True))

    named = hashlib.sha256(" ".join(codes).encode()).hexdigest()
    return kept_for(PLACES_KEPT_SECONDS, f"postings.nodes.{named}", read)


def region_keys(region: Region) -> list[int]:
    """Row keys of the region, of all below it and of those that it took over, kept for a minute."""

    def read() -> list[int]:
        return list(regions_below(region).order_by().values_list("pk", flat=True))

    return kept_for(PLACES_KEPT_SECONDS, f"postings.regions.{region.code}", read)


def nodes_named(words: str) -> list[int]:
    """Row keys of nodes that the words name outright, and of all below them; slips of the keyboard do not count."""
    codes = [match.code for match in nodes_matching(words) if match.rank < FUZZY]
    return node_keys(codes) if codes else []


Choice = tuple[str, str, str]
"""Code, Chinese name, English name."""


def filter_choices() -> dict[str, list[Choice]]:
    """What the panel of a list offers: chains, regions by province (places of the map only), certificates, units.

    Kept for five minutes, for reference rows hardly ever change.
    """
    kept: dict[str, list[Choice]] | None = process_cache.get(CHOICES_KEPT_UNDER)
    if kept is None:
        places = tiles(timezone.localdate()).order_by("code")
        names = ("code", "name_zh", "name_en")
        kept = {
            "chain": list(chains_in_use().values_list(*names)),
            "province": list(provinces(timezone.localdate()).values_list(*names)),
            "region": list(places.values_list("code", "short_zh", "short_en")),
            "certificates": list(certifications_in_use().values_list(*names)),
            "unit": list(units_in_use().values_list(*names)),
        }
        process_cache.set(CHOICES_KEPT_UNDER, kept, CHOICES_KEPT_SECONDS)
    return kept


CHOICES_KEPT_UNDER, CHOICES_KEPT_SECONDS = "postings.filter_choices", 300
