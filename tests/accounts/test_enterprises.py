"""Registering, editing and asking to be verified."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as credit_code

from accounts.choices import EnterpriseKind, Role, Verification
from accounts.models import Enterprise, EnterpriseContact, Membership
from accounts.permissions import MOST_ENTERPRISES
from accounts.services.enterprises import edit_enterprise, register_enterprise, request_verification
from accounts.services.names import clean_name, clean_phone, clean_uscc
from common.errors import Invalid, Refused, Stale
from common.reasons import Reason
from tests.factories.accounts import (
    EnterpriseContactFactory,
    EnterpriseFactory,
    MembershipFactory,
    UserFactory,
    sample_uscc,
)
from tests.factories.reference import RegionFactory

CODE = sample_uscc(7_000_001)


def profile(**changed):
    return {
        "name": "示例机械有限公司",
        "kind": EnterpriseKind.MANUFACTURER,
        "region": RegionFactory(code="900101"),
        "contact_person": "示例联系人",
        "contact_phone": "13800000000",
    } | changed


@pytest.mark.django_db
def test_register_enterprise_makes_an_owner_and_an_alias_that_hides_the_name(changes):
    person = UserFactory()

    made = register_enterprise(actor=person, uscc=CODE, **profile())

    assert (made.uscc, made.verification, made.is_unclaimed) == (CODE, Verification.UNVERIFIED, False)
    assert Membership.objects.get(enterprise=made).role == Role.OWNER
    assert made.alias
    assert "示例机械" not in made.alias
    assert EnterpriseContact.objects.get(enterprise=made).phone == "13800000000"
    assert changes() == [("enterprise", "created", "")]


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        f"  {CODE[:8]} {CODE[8:]} ",
        "".join(chr(ord(c) + 0xFEE0) for c in CODE),
        f"{CODE[:6]}\u200b{CODE[6:]}",
    ],
)
def test_clean_uscc_takes_a_code_as_people_type_it(typed):
    assert clean_uscc(typed) == CODE


@given(place=st.integers(0, 17), letter=st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_clean_uscc_refuses_every_change_of_one_character(place, letter):
    if CODE[place] == letter:
        assert clean_uscc(CODE) == CODE
        return
    changed = CODE[:place] + letter + CODE[place + 1 :]
    with pytest.raises(Invalid) as refusal:
        clean_uscc(changed)
    assert refusal.value.fields == {"uscc": Reason.REFUSAL_USCC_INVALID}


@given(st.text(max_size=60))
def test_clean_uscc_never_fails_on_anything_typed(typed):
    with suppress(Invalid):
        assert credit_code.is_valid(clean_uscc(typed))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("重庆（示例）\u202e有限公司", "重庆（示例）有限公司"),
        ("示\u200b例\ufeff公司", "示例公司"),
        ("ＡＢＣ１２３ 示例", "ABC123 示例"),
        ("示例\n\t公司\x00", "示例 公司"),
        ("Müller & Söhne 示例", "Müller & Söhne 示例"),
        ("<b>示例</b>", "<b>示例</b>"),
    ],
)
def test_clean_name_keeps_what_is_seen_and_nothing_else(typed, kept):
    assert clean_name(typed, "name") == kept


@pytest.mark.parametrize("typed", ["Аlfa", "示例ニ厂", "οmega", "ᴀlfa", "示例a\u0301\u0325", "工\u0338厂", "한국"])
def test_clean_name_refuses_look_alikes(typed):
    with pytest.raises(Invalid) as refusal:
        clean_name(typed, "name")
    assert refusal.value.fields == {"name": Reason.REFUSAL_NAME_CHARACTERS}


@pytest.mark.parametrize("typed", ["abc", "1", "138\u000000000x", "电话 13800000000"])
def test_clean_phone_refuses_what_cannot_be_dialled(typed):
    with pytest.raises(Invalid):
        clean_phone(typed)


@pytest.mark.django_db
def test_register_enterprise_refuses_a_code_that_is_taken_and_changes_nothing(changes):
    EnterpriseFactory(uscc=CODE, name="示例原企业")

    with pytest.raises(Refused) as refusal:
        register_enterprise(actor=UserFactory(), uscc=CODE, **profile())

    assert (refusal.value.reason, refusal.value.facts) == (Reason.REFUSAL_ENTERPRISE_EXISTS, {})
    assert Enterprise.objects.get(uscc=CODE).name == "示例原企业"
    assert changes() == []


@pytest.mark.django_db
def test_register_enterprise_claims_one_imported_from_a_catalogue():
    known = EnterpriseFactory(uscc=CODE, unclaimed=True)
    person = UserFactory()

    made = register_enterprise(actor=person, uscc=CODE, **profile())

    assert (made.pk, made.is_unclaimed, made.verification) == (known.pk, False, Verification.UNVERIFIED)


@pytest.mark.django_db
def test_register_enterprise_refuses_an_unconfirmed_address_and_too_many_firms():
    busy = UserFactory()
    MembershipFactory.create_batch(MOST_ENTERPRISES, user=busy)

    for person, reason in [
        (UserFactory(verified=False), Reason.REFUSAL_NOT_YOURS),
        (busy, Reason.REFUSAL_LIMIT_REACHED),
    ]:
        with pytest.raises(Refused) as refusal:
            register_enterprise(actor=person, uscc=CODE, **profile())
        assert refusal.value.reason == reason


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"alias": "x" * 61}, "alias"),
        ({"kind": "castle"}, "kind"),
        ({"introduction": "x" * 4001}, "introduction"),
        ({"contact_person": ""}, "contact_person"),
        ({"contact_phone": "", "contact_email": ""}, "contact_phone"),
        ({"contact_email": "not an address"}, "contact_email"),
    ],
)
def test_register_enterprise_says_which_field_is_wrong(changed, field):
    with pytest.raises(Invalid) as refusal:
        register_enterprise(actor=UserFactory(), uscc=CODE, **profile(**changed))

    assert list(refusal.value.fields) == [field]
    assert Enterprise.objects.count() == 0


@pytest.mark.django_db
def test_register_enterprise_refuses_a_region_that_has_gone_and_names_its_successor():
    today = timezone.localdate()
    gone = RegionFactory(code="900150", valid_to=today - timedelta(days=1), successor=RegionFactory(code="900151"))

    with pytest.raises(Invalid) as refusal:
        register_enterprise(actor=UserFactory(), uscc=CODE, **profile(region=gone))

    assert refusal.value.fields == {"region": Reason.REFUSAL_REGION_CLOSED}
    assert refusal.value.facts["region"] == {"successor": "900151"}


@pytest.mark.django_db
def test_edit_enterprise_adds_one_to_the_version_and_records_what_changed(changes):
    owner = MembershipFactory()
    EnterpriseContactFactory(enterprise=owner.enterprise, phone="13800000000", person="示例联系人", email="")

    edit_enterprise(
        enterprise=owner.enterprise,
        actor=owner.user,
        seen_version=1,
        **profile(name=owner.enterprise.name, alias=owner.enterprise.alias, introduction="新的示例介绍"),
    )

    fresh = Enterprise.objects.get(pk=owner.enterprise.pk)
    assert (fresh.version, fresh.introduction, fresh.verification) == (2, "新的示例介绍", Verification.VERIFIED)
    assert changes() == [("enterprise", "changed", "")]


@pytest.mark.django_db
def test_edit_enterprise_tells_the_second_of_two_that_somebody_was_faster():
    owner = MembershipFactory()
    edit_enterprise(enterprise=owner.enterprise, actor=owner.user, seen_version=1, **profile(introduction="一"))

    with pytest.raises(Stale) as stale:
        edit_enterprise(enterprise=owner.enterprise, actor=owner.user, seen_version=1, **profile(introduction="二"))

    assert (stale.value.seen, stale.value.current) == (1, 2)
    assert Enterprise.objects.get(pk=owner.enterprise.pk).introduction == "一"


@pytest.mark.django_db
def test_edit_enterprise_of_a_verified_firm_with_another_name_has_it_checked_again():
    owner = MembershipFactory()

    edit_enterprise(enterprise=owner.enterprise, actor=owner.user, seen_version=1, **profile(name="示例大厂"))

    fresh = Enterprise.objects.get(pk=owner.enterprise.pk)
    assert (fresh.verification, fresh.verified_at) == (Verification.PENDING, None)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_edit_enterprise_refuses_members_who_are_no_owners(role):
    member = MembershipFactory(role=role)

    with pytest.raises(Refused) as refusal:
        edit_enterprise(enterprise=member.enterprise, actor=member.user, seen_version=1, **profile())

    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


@pytest.mark.django_db
def test_edit_enterprise_refuses_a_suspended_firm():
    owner = MembershipFactory(enterprise__suspended=True)

    with pytest.raises(Refused) as refusal:
        edit_enterprise(enterprise=owner.enterprise, actor=owner.user, seen_version=1, **profile())

    assert refusal.value.reason == Reason.REFUSAL_SUSPENDED


@pytest.mark.django_db
def test_request_verification_tells_the_platform_once(notices):
    admin = UserFactory(platform_admin=True)
    owner = MembershipFactory(enterprise__unverified=True)

    request_verification(enterprise=owner.enterprise, actor=owner.user)
    with pytest.raises(Refused) as refusal:
        request_verification(enterprise=owner.enterprise, actor=owner.user)

    assert refusal.value.reason == Reason.REFUSAL_WRONG_STATE
    assert notices() == [(admin.pk, "verification_asked")]
