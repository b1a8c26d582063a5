"""Many sellers' people sign at the same moment over one capacity: what is left is given out once, and no more.

``SIGNERS`` and ``SIGNING_ROUNDS`` of the environment make it as large as a long run wants.
"""

import os
from decimal import Decimal

import pytest

from common.reasons import Reason
from matchmaking.partnerships.choices import Act, State
from matchmaking.partnerships.models import Agreement, Partnership, PartnershipEvent
from matchmaking.partnerships.services.agreeing import sign_agreement
from matchmaking.postings.choices import Period
from matchmaking.postings.models import Posting
from matchmaking.postings.queries import most_agreed
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.talks import talks
from tests.matchmaking.partnerships.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SIGNERS = int(os.environ.get("SIGNERS", "16"))
ROUNDS = int(os.environ.get("SIGNING_ROUNDS", "1"))
EACH = 1000


@pytest.mark.parametrize("turn", range(ROUNDS))
@pytest.mark.parametrize("period", [Period.ONCE, Period.MONTH])
def test_what_is_left_is_given_out_once_however_many_sign_together(turn, period):
    fitting = SIGNERS * 3 // 4
    capacity = PostingFactory(capacity=True, quantity_amount=Decimal(fitting * EACH), period=period)
    pairs = [talks(PartnershipFactory(introduced=True, capacity=capacity)) for _ in range(SIGNERS)]
    agreements = [pair.propose(quantity_amount=Decimal(EACH), period=period) for pair in pairs]
    for pair, agreement in zip(pairs, agreements, strict=True):
        sign_agreement(partnership=pair.now, actor=pair.buyer, seen=agreement.digest)

    told = at_once(
        *(
            lambda p=pair, a=agreement: sign_agreement(partnership=p.partnership, actor=p.seller, seen=a.digest)
            for pair, agreement in zip(pairs, agreements, strict=True)
        )
    )

    refused = [reason for reason in told if reason is not None]
    assert refused == [Reason.GAP_CAPACITY_BOOKED] * (SIGNERS - fitting)
    keys = [pair.partnership.pk for pair in pairs]
    assert most_agreed(Posting.objects.get(pk=capacity.pk)) == fitting * EACH
    assert Partnership.objects.filter(pk__in=keys, state=State.AGREED).count() == fitting
    assert PartnershipEvent.objects.filter(partnership__in=keys, act=Act.AGREE).count() == fitting
    assert PartnershipEvent.objects.filter(partnership__in=keys, act=Act.SIGN).count() == SIGNERS + fitting
    assert Agreement.objects.filter(partnership__in=keys, capacity_signed_at=None).count() == SIGNERS - fitting
