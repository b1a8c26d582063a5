"""Plain rows of the coordinator's desk."""

from datetime import timedelta

from django.utils import timezone
from factory import LazyFunction, SubFactory
from factory.django import DjangoModelFactory

from matchmaking.desk.models import Case, HandPair, Meeting, MeetingTime
from tests.factories.accounts import UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory


class CaseFactory(DjangoModelFactory):
    """An open case about a posting, due in five days."""

    class Meta:
        model = Case

    posting = SubFactory(PostingFactory)
    subject = "示例受阻"
    department = "示例经信局"
    due_on = LazyFunction(lambda: timezone.localdate() + timedelta(days=5))
    owner = SubFactory(UserFactory)


class MeetingFactory(DjangoModelFactory):
    """A meeting of two introduced firms for which times were proposed."""

    class Meta:
        model = Meeting

    partnership = SubFactory(PartnershipFactory, introduced=True)
    called_by = SubFactory(UserFactory)
    topic = "示例议题"
    place = "示例会议室"


class MeetingTimeFactory(DjangoModelFactory):
    """A time tomorrow that nobody has answered."""

    class Meta:
        model = MeetingTime

    meeting = SubFactory(MeetingFactory)
    begins_at = LazyFunction(lambda: timezone.now() + timedelta(days=1))


class HandPairFactory(DjangoModelFactory):
    """A pair that a coordinator suggested."""

    class Meta:
        model = HandPair

    need = SubFactory(PostingFactory)
    capacity = SubFactory(PostingFactory, capacity=True)
    reason = "示例：同一材料"
    suggested_by = SubFactory(UserFactory)
