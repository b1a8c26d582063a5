"""Plain partnerships: a need's firm has asked a capacity's firm; traits name the other states."""

from datetime import timedelta

from django.utils import timezone
from factory import LazyFunction, SubFactory, Trait
from factory.django import DjangoModelFactory

from matchmaking.partnerships.choices import Act, Side, State
from matchmaking.partnerships.models import Partnership, PartnershipEvent
from tests.factories.postings import PostingFactory


class PartnershipFactory(DjangoModelFactory):
    """An interest of the need's side that waits for its answer for two more days."""

    class Meta:
        model = Partnership

    class Params:
        suggested = Trait(state=State.SUGGESTED, answer_by=None)
        mutual = Trait(state=State.MUTUAL)
        introduced = Trait(state=State.INTRODUCED, introduced_at=LazyFunction(timezone.now))
        failed = Trait(state=State.FAILED, end_reason="end.partnership.price")

    need = SubFactory(PostingFactory)
    capacity = SubFactory(PostingFactory, capacity=True)
    state = State.INTERESTED
    opened_by = Side.NEED
    answer_by = LazyFunction(lambda: timezone.localdate() + timedelta(days=2))


class PartnershipEventFactory(DjangoModelFactory):
    """The step by which the need's side declared its interest."""

    class Meta:
        model = PartnershipEvent

    partnership = SubFactory(PartnershipFactory)
    act = Act.DECLARE_INTEREST
    from_state = State.SUGGESTED
    to_state = State.INTERESTED
    side = Side.NEED
