"""Partnerships of parks: proposed, confirmed or declined by the other park, changed by notice, never deleted."""

from datetime import date

import pytest
from django.core import mail
from django.utils import translation

from accounts.choices import NoticeKind
from accounts.models import Notice
from accounts.services.mailing import mail_pending
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.parks.choices import PairState
from matchmaking.parks.models import ParkBatch, ParkPartnership
from matchmaking.parks.services.batches import complete_batch
from matchmaking.parks.services.loading import load_parks
from matchmaking.parks.services.partnering import confirm_partnership, decline_partnership, write_partnership
from reference.choices import CooperationType
from tests.factories.accounts import UserFactory
from tests.factories.parks import ParkAdministratorFactory, ParkFactory, ParkPartnershipFactory

pytestmark = pytest.mark.django_db
CHANGED = date(2023, 3, 24)


@pytest.fixture
def grant():
    """Somebody who runs a park."""
    return ParkAdministratorFactory()


@pytest.fixture
def partner():
    """Somebody who runs the park that is asked."""
    return ParkAdministratorFactory()


def propose(grant, partner, actor=None):
    values = {"from_park": grant.park, "to_park": partner.park, "direction": "mutual", "source": "示例通知"}
    return write_partnership(
        partnership=ParkPartnership(),
        values=values | {"cooperation_type": "enclave-economy"},
        actor=actor or grant.user,
    )


@pytest.fixture
def proposed(grant, partner):
    """What the first park proposed to the other."""
    return propose(grant, partner)


def kinds_on(day):
    return list(ParkPartnership.objects.standing_on(day).values_list("cooperation_type", flat=True))


def change_kind(pair, actor, **changes):
    told = {"cooperation_type": CooperationType.RESOURCES, "notice": "示例通知二号"} | changes
    return write_partnership(partnership=pair, values=told, actor=actor, kind_from=CHANGED)


def test_a_proposal_waits_until_the_other_park_confirms(proposed, partner):
    before = proposed.state

    confirmed = confirm_partnership(partnership=proposed, actor=partner.user)

    assert (before, confirmed.state, confirmed.answered_by) == ("proposed", "confirmed", partner.user)


def test_who_proposed_and_others_cannot_confirm(proposed, grant):
    for user in (grant.user, ParkAdministratorFactory().user):
        with pytest.raises(Refused) as refusal:
            confirm_partnership(partnership=proposed, actor=user)
        assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


def test_what_is_confirmed_is_not_answered_again(proposed, partner):
    confirm_partnership(partnership=proposed, actor=partner.user)

    with pytest.raises(Refused) as refusal:
        decline_partnership(partnership=proposed, actor=partner.user, answer="示例")

    assert refusal.value.reason == Reason.REFUSAL_WRONG_STATE


def test_declining_needs_words_and_takes_the_pair_off_the_pages(proposed, partner):
    with pytest.raises(Invalid):
        decline_partnership(partnership=proposed, actor=partner.user, answer=" ")

    declined = decline_partnership(partnership=proposed, actor=partner.user, answer="示例：未签约")

    assert (declined.state, declined.answer) == (PairState.DECLINED, "示例：未签约")
    assert not ParkPartnership.objects.visible_to(partner.user).exists()


@pytest.mark.parametrize("notice", ["", "  ", "示例旧通知"])
def test_changing_a_kind_without_a_new_notice_is_refused(grant, notice):
    pair = ParkPartnershipFactory(from_park=grant.park, notice="示例旧通知")

    with pytest.raises(Refused) as refusal:
        change_kind(pair, grant.user, notice=notice)

    pair.refresh_from_db()
    assert (refusal.value.reason, pair.cooperation_type) == (Reason.REFUSAL_NOTICE_WANTED, CooperationType.SUPPORTING)


def test_a_kind_changed_by_notice_leaves_the_earlier_one_to_earlier_days(grant):
    pair = ParkPartnershipFactory(from_park=grant.park)

    change_kind(pair, UserFactory(platform_admin=True))

    assert [kinds_on(day) for day in (date(2023, 3, 23), CHANGED)] == [
        ["industrial-supporting"],
        ["resource-development"],
    ]


def test_a_declined_change_of_kind_gives_the_earlier_one_back(grant, partner):
    pair = ParkPartnershipFactory(from_park=grant.park, to_park=partner.park)

    follower = change_kind(pair, grant.user)
    decline_partnership(partnership=follower, actor=partner.user, answer="示例")

    assert (follower.state, kinds_on(CHANGED)) == (PairState.PROPOSED, ["industrial-supporting"])


def test_a_pair_is_not_deleted_one_by_one_or_together(proposed):
    for act in (proposed.delete, ParkPartnership.objects.all().delete):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.reason == Reason.REFUSAL_HAS_HISTORY
    assert ParkPartnership.objects.count() == 1


def test_a_batch_is_not_complete_while_names_are_missing():
    load_parks()
    batch, platform = ParkBatch.objects.get(number=1), UserFactory(platform_admin=True)

    with pytest.raises(Refused) as refusal:
        complete_batch(batch=batch, actor=platform)
    for slug in ("first-missing", "second-missing"):
        ParkFactory(slug=slug, batch=1, is_sample=False)

    assert refusal.value.facts == {"named": 18, "size": 20, "missing": 2}
    assert (batch.licensed_on, complete_batch(batch=batch, actor=platform).is_complete) == (date(2021, 5, 8), True)


def told(kind):
    return {(notice.reader, notice.facts["title"]) for notice in Notice.objects.filter(kind=kind)}


def test_everybody_who_runs_the_asked_park_is_told_in_their_language(grant, partner):
    reader = ParkAdministratorFactory(park=partner.park, user__language="en").user
    ParkAdministratorFactory(park=partner.park, ends_on=date(2020, 1, 1))

    pair = propose(grant, partner)

    with translation.override("en"):
        in_english = str(pair)
    assert told(NoticeKind.PAIR_PROPOSED) == {(partner.user, str(pair)), (reader, in_english)}


def test_the_notice_is_mailed_and_leads_to_the_partnership(proposed, partner):
    mail_pending()

    notice = Notice.objects.get(reader=partner.user)
    assert [message.to for message in mail.outbox] == [[partner.user.email]]
    assert (notice.route, notice.thing_key) == ("admin:parks_parkpartnership_change", str(proposed.pk))


@pytest.mark.parametrize(
    ("act", "kind"),
    [(confirm_partnership, NoticeKind.PAIR_CONFIRMED), (decline_partnership, NoticeKind.PAIR_DECLINED)],
)
def test_who_proposed_is_told_the_answer(proposed, grant, partner, act, kind):
    words = {"answer": "示例：未签约"} if act is decline_partnership else {}
    act(partnership=proposed, actor=partner.user, **words)

    assert told(kind) == {(grant.user, str(proposed))}


def test_another_kind_waits_for_the_other_park_which_is_told(grant, partner):
    following = change_kind(ParkPartnershipFactory(from_park=grant.park, to_park=partner.park), grant.user)

    assert told(NoticeKind.PAIR_PROPOSED) == {(partner.user, str(following))}


def test_the_platform_is_told_where_nobody_runs_the_asked_park(grant):
    platform = UserFactory(platform_admin=True)

    pair = propose(grant, ParkAdministratorFactory(ends_on=date(2020, 1, 1)))

    assert (platform, str(pair)) in told(NoticeKind.PAIR_PROPOSED)


def test_what_the_platform_announces_is_told_to_nobody(grant, partner):
    propose(grant, partner, actor=UserFactory(platform_admin=True))

    assert not Notice.objects.exists()
