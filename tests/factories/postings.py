"""Plain valid postings: a published need that holds today; traits name the deviations."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from factory import LazyAttribute, LazyFunction, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from matchmaking.postings.choices import Direction, Operator, Period, Status, Subject
from matchmaking.postings.models import Posting, PostingCertificate, PostingContact, PostingParameter, SavedSearch
from tests.factories.accounts import EnterpriseFactory
from tests.factories.reference import (
    CertificationFactory,
    ChainNodeFactory,
    ParameterFactory,
    RegionFactory,
    UnitFactory,
)

A_YEAR = timedelta(days=365)


def days_from_today(days: int) -> date:
    """The day so many days from today where the platform stands."""
    return timezone.localdate() + timedelta(days=days)


class PostingFactory(DjangoModelFactory):
    """A published need for 8,000 a month of the sample node, its window from today for a year."""

    class Meta:
        model = Posting
        skip_postgeneration_save = True

    class Params:
        capacity = Trait(
            direction=Direction.CAPACITY, title=Sequence(lambda n: f"示例产能 {n}"), quantity_amount=Decimal(12000)
        )
        draft = Trait(status=Status.DRAFT, published_at=None, confirmed_on=None)
        in_review = Trait(status=Status.IN_REVIEW, published_at=None, hold_reason="flag.new_firm_quota")
        paused = Trait(status=Status.PAUSED)
        closed = Trait(status=Status.CLOSED, end_reason="end.need.withdrawn")
        expired = Trait(
            status=Status.EXPIRED,
            window_start=LazyFunction(lambda: days_from_today(-400)),
            window_end=LazyFunction(lambda: days_from_today(-1)),
        )
        stale = Trait(confirmed_on=LazyFunction(lambda: days_from_today(-61)))

    direction = Direction.NEED
    subject = Subject.COMPONENT
    title = Sequence(lambda n: f"示例需求 {n}")
    text = "示例说明"
    enterprise = SubFactory(EnterpriseFactory)
    node = SubFactory(ChainNodeFactory, code="XN0")
    region = SubFactory(RegionFactory, code="900101")
    unit = SubFactory(UnitFactory, code="XPCS")
    quantity_amount = Decimal(8000)
    period = Period.MONTH
    window_start = LazyFunction(timezone.localdate)
    window_end = LazyAttribute(lambda posting: posting.window_start and posting.window_start + A_YEAR)
    status = Status.PUBLISHED
    published_at = LazyFunction(timezone.now)
    confirmed_on = LazyFunction(timezone.localdate)
    is_sample = True


class PostingCertificateFactory(DjangoModelFactory):
    """A certificate that a posting must have; ``is_must=False`` makes it a wish."""

    class Meta:
        model = PostingCertificate

    posting = SubFactory(PostingFactory)
    certification = SubFactory(CertificationFactory)
    is_must = True


class PostingParameterFactory(DjangoModelFactory):
    """A technical parameter of at least 100."""

    class Meta:
        model = PostingParameter

    posting = SubFactory(PostingFactory)
    parameter = SubFactory(ParameterFactory)
    operator = Operator.AT_LEAST
    number = Decimal(100)
    is_must = True


class PostingContactFactory(DjangoModelFactory):
    """Contact data kept apart from the text of a posting."""

    class Meta:
        model = PostingContact

    posting = SubFactory(PostingFactory)
    person = "示例联系人"
    phone = "023-00000000"
    email = LazyAttribute(lambda contact: f"{contact.posting.number.lower()}@example.com")


class SavedSearchFactory(DjangoModelFactory):
    """A kept search for needs by a word."""

    class Meta:
        model = SavedSearch

    direction = Direction.NEED
    name = Sequence(lambda n: f"示例搜索 {n}")
    filters = "q=gear"
