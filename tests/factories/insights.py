"""Plain valid framework agreements and weekly clearings, with their lines."""

from datetime import date

from django.utils import timezone
from factory import LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from matchmaking.insights.choices import EntryKind
from matchmaking.insights.models import (
    AgreementEntry,
    AgreementParty,
    Clearing,
    ClearingLine,
    Commitment,
    FrameworkAgreement,
)
from matchmaking.insights.services.clearing import monday_of
from reference.choices import Cluster
from tests.factories.postings import PostingFactory

SOURCE = "示例来源"


class FrameworkAgreementFactory(DjangoModelFactory):
    """An agreement on hydrogen without a last day."""

    class Meta:
        model = FrameworkAgreement

    code = Sequence(lambda n: f"sample-agreement-{n}")
    name_zh = Sequence(lambda n: f"示例协议 {n}")
    name_en = Sequence(lambda n: f"Sample agreement {n}")
    cluster = Cluster.HYDROGEN
    signed_by = date(2022, 3, 31)
    signed_zh = "2022年一季度"
    signed_en = "first quarter of 2022"
    source = SOURCE


class AgreementPartyFactory(DjangoModelFactory):
    """A side of an agreement from the beginning."""

    class Meta:
        model = AgreementParty

    agreement = SubFactory(FrameworkAgreementFactory)
    name_zh = Sequence(lambda n: f"示例主管部门 {n}")
    name_en = Sequence(lambda n: f"Sample authority {n}")
    source = SOURCE


class CommitmentFactory(DjangoModelFactory):
    """A task of which nothing can be counted here."""

    class Meta:
        model = Commitment

    agreement = SubFactory(FrameworkAgreementFactory)
    name_zh = Sequence(lambda n: f"示例任务 {n}")
    name_en = Sequence(lambda n: f"Sample task {n}")
    source = SOURCE


class AgreementEntryFactory(DjangoModelFactory):
    """A step of an agreement."""

    class Meta:
        model = AgreementEntry

    agreement = SubFactory(FrameworkAgreementFactory)
    kind = EntryKind.STEP
    on = date(2022, 6, 1)
    text_zh = Sequence(lambda n: f"示例进展 {n}")
    text_en = Sequence(lambda n: f"Sample step {n}")
    source = SOURCE


class ClearingFactory(DjangoModelFactory):
    """This week's clearing of the chain of a sample need."""

    class Meta:
        model = Clearing

    chain = LazyFunction(lambda: PostingFactory().node.chain)
    week = LazyFunction(lambda: monday_of(timezone.localdate()))
    as_of = LazyFunction(timezone.now)


class ClearingLineFactory(DjangoModelFactory):
    """A need that stays open as a whole, with nothing near and nobody's."""

    class Meta:
        model = ClearingLine

    need = SubFactory(PostingFactory)
    clearing = SubFactory(ClearingFactory, chain=SelfAttribute("..need.node.chain"))
    amount = SelfAttribute("need.quantity_amount")
    asked = SelfAttribute("need.quantity_amount")
    reason = "gap.node.mismatch"
