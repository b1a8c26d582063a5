"""A firm with one of everything, shared by the pages of accounts."""

import pytest

from tests.factories.accounts import (
    EnterpriseCertificateFactory,
    EnterpriseContactFactory,
    EquipmentFactory,
    InvitationFactory,
    MembershipFactory,
    NoticeFactory,
    SiteFactory,
)
from tests.factories.postings import PostingFactory


@pytest.fixture
def firm():
    """A verified enterprise with one of everything, and its owner."""
    owner = MembershipFactory()
    EnterpriseContactFactory(enterprise=owner.enterprise)
    EquipmentFactory(site=SiteFactory(enterprise=owner.enterprise))
    EnterpriseCertificateFactory(enterprise=owner.enterprise)
    MembershipFactory(enterprise=owner.enterprise, requested=True)
    InvitationFactory(enterprise=owner.enterprise)
    PostingFactory(enterprise=owner.enterprise)
    NoticeFactory(reader=owner.user)
    return owner
