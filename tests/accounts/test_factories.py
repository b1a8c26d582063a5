"""The factories make rows that pass their own checks."""

import pytest
from allauth.account.models import EmailAddress
from stdnum.cn.uscc import is_valid

from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseCertificateFactory,
    EnterpriseContactFactory,
    EnterpriseFactory,
    EquipmentFactory,
    InvitationFactory,
    MembershipFactory,
    NoticeFactory,
    PassportFactory,
    SiteFactory,
    UserFactory,
)

FACTORIES = [
    CoordinatorGrantFactory,
    EnterpriseCertificateFactory,
    EnterpriseContactFactory,
    EnterpriseFactory,
    EquipmentFactory,
    InvitationFactory,
    MembershipFactory,
    NoticeFactory,
    PassportFactory,
    SiteFactory,
    UserFactory,
]


@pytest.mark.django_db
@pytest.mark.parametrize("factory", FACTORIES)
def test_factory_makes_two_valid_rows(factory):
    rows = [factory(), factory()]

    for row in rows:
        row.full_clean(validate_unique=False)
    assert rows[0].pk != rows[1].pk


@pytest.mark.django_db
def test_enterprise_factory_gives_different_valid_codes():
    codes = {EnterpriseFactory().uscc for _ in range(20)}

    assert (len(codes), all(is_valid(code) for code in codes)) == (20, True)


@pytest.mark.django_db
def test_user_factory_confirms_the_address_unless_told_otherwise():
    assert EmailAddress.objects.get(user=UserFactory()).verified
    assert not EmailAddress.objects.get(user=UserFactory(verified=False)).verified
