"""Who opens a firm's capability passport, for whom, and what becomes of its link."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.choices import PassportLevel
from accounts.models import Change, Enterprise, Passport
from accounts.passports import new_token
from accounts.permissions import can_open_passport
from accounts.queries import passport_of, passport_with_token
from accounts.services.passports import renew_passport_link, set_passport_level
from common.errors import Invalid, Refused
from common.reasons import Reason
from tests.factories.accounts import EnterpriseFactory, MembershipFactory, PassportFactory, UserFactory

pytestmark = pytest.mark.django_db
OVER, NOT_YOURS = Reason.REFUSAL_LINK_OVER, Reason.REFUSAL_NOT_YOURS


@pytest.fixture
def owner():
    return MembershipFactory()


def set_level(member, level="link"):
    return set_passport_level(enterprise=member.enterprise, actor=member.user, level=level)


def test_without_a_word_of_the_firm_there_is_no_passport(owner):
    assert passport_of(owner.user, owner.enterprise) is None


def test_an_owner_opens_and_closes_it_and_each_change_is_recorded_once(owner):
    for level in ("verified", "verified", "link", "closed"):
        set_level(owner, level)

    told = Change.objects.filter(thing="passport", actor=owner.user, enterprise=owner.enterprise).order_by("seq")
    assert [(one.facts["from"], one.facts["to"]) for one in told] == [
        ("closed", "verified"),
        ("verified", "link"),
        ("link", "closed"),
    ]


def test_a_passport_closed_and_opened_again_keeps_its_link(owner):
    before = set_level(owner).token
    set_level(owner, "closed")

    assert set_level(owner).token == before
    assert Passport.objects.count() == 1


def test_a_renewed_link_leaves_the_one_before_without_a_passport_and_no_change_tells_either(owner):
    before = set_level(owner).token
    after = renew_passport_link(enterprise=owner.enterprise, actor=owner.user).token

    assert passport_with_token(before) is None
    assert passport_with_token(after).level == PassportLevel.LINK
    written = str(list(Change.objects.values()))
    assert [before in written, after in written] == [False, False]
    assert Change.objects.filter(thing="passport", facts={"fields": ["link"]}).count() == 1


def test_links_are_long_and_never_the_same():
    tokens = {new_token() for _ in range(200)}
    assert (len(tokens), {len(one) for one in tokens}) == (200, {22})


@pytest.mark.parametrize("trait", ["editor", "viewer", "former", "requested"])
def test_nobody_but_owners_opens_it_or_renews_its_link(trait):
    member = MembershipFactory(**{trait: True})
    kept = PassportFactory(enterprise=member.enterprise, closed=True)

    for act in (
        lambda: set_level(member),
        lambda: renew_passport_link(enterprise=member.enterprise, actor=member.user),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.reason == NOT_YOURS
    now = Passport.objects.get()
    assert (now.level, now.token) == (PassportLevel.CLOSED, kept.token)


def test_a_firm_that_is_not_verified_may_close_it_and_not_open_it():
    owner = MembershipFactory(enterprise=EnterpriseFactory(unverified=True))
    with pytest.raises(Refused) as refusal:
        set_level(owner)
    assert refusal.value.reason == Reason.REFUSAL_NOT_VERIFIED
    assert set_level(owner, "closed").level == PassportLevel.CLOSED


def test_a_level_that_is_none_is_told_at_its_field(owner):
    with pytest.raises(Invalid) as refusal:
        set_level(owner, "everybody")
    assert refusal.value.fields == {"level": Reason.REFUSAL_UNKNOWN_CODE}


def readers(firm):
    return {
        "visitor": AnonymousUser(),
        "user": UserFactory(),
        "unverified": MembershipFactory(enterprise=EnterpriseFactory(unverified=True)).user,
        "suspended": MembershipFactory(enterprise=EnterpriseFactory(suspended=True)).user,
        "former": MembershipFactory(former=True).user,
        "verified": MembershipFactory(viewer=True).user,
        "own": MembershipFactory(enterprise=firm, viewer=True).user,
        "platform": UserFactory(platform_admin=True),
    }


@pytest.mark.parametrize(
    ("level", "who"),
    [
        ("closed", set()),
        ("verified", {"verified", "own", "platform"}),
        ("link", {"visitor", "user", "unverified", "suspended", "former", "verified", "own", "platform"}),
    ],
)
def test_each_level_lets_in_whom_it_says(level, who):
    passport = PassportFactory(level=level)
    verdicts = {name: can_open_passport(user, passport) for name, user in readers(passport.enterprise).items()}

    assert {name for name, verdict in verdicts.items() if verdict} == who
    refused = {verdict.reason for verdict in verdicts.values() if not verdict}
    assert refused == {"closed": {OVER}, "verified": {NOT_YOURS}, "link": set()}[level]


@pytest.mark.parametrize("trait", ["suspended", "unverified", "pending", "unclaimed"])
def test_the_passport_of_a_firm_out_of_standing_is_over_for_everybody(trait):
    passport = PassportFactory()
    state = EnterpriseFactory.build(region=passport.enterprise.region, **{trait: True})
    columns = ("suspended_at", "verification", "is_unclaimed")
    Enterprise.objects.update(**{name: getattr(state, name) for name in columns})
    passport.refresh_from_db()

    for user in (AnonymousUser(), UserFactory(platform_admin=True)):
        assert can_open_passport(user, passport).reason == OVER
