"""Plain valid people and enterprises, every one of them marked as a sample."""

import hashlib
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa import app_settings
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from factory import LazyAttribute, LazyFunction, Sequence, SubFactory, Trait, post_generation
from factory.django import DjangoModelFactory, ImageField
from stdnum.cn.uscc import calc_check_digit

from accounts.choices import (
    MembershipStatus,
    NetworkState,
    NoticeKind,
    PassportLevel,
    ReviewKind,
    ReviewOutcome,
    Role,
    Verification,
)
from accounts.models import (
    CoordinatorGrant,
    Enterprise,
    EnterpriseCertificate,
    EnterpriseContact,
    Equipment,
    Invitation,
    ListedFirm,
    Membership,
    NetworkMembership,
    Notice,
    Passport,
    Review,
    Site,
    SupplyRelation,
    User,
)
from tests.factories.reference import CertificationFactory, RegionFactory

PASSWORD = "sample-password-4711"
PASSWORD_HASH = make_password(PASSWORD)
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def sample_uscc(number: int) -> str:
    """A well-formed unified social credit code for each ``number``, with its check digit."""
    stem = f"91510100MA{number % 10_000_000:07d}"
    return stem + calc_check_digit(stem)


def token_hash_of(token: str) -> str:
    """What an invitation keeps of its token."""
    return hashlib.sha256(token.encode()).hexdigest()


class UserFactory(DjangoModelFactory):
    """A person with a confirmed mail address who signs in with ``PASSWORD``."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        english = Trait(language="en")
        staff = Trait(is_staff=True)
        platform_admin = Trait(is_staff=True, is_superuser=True)

    email = Sequence(lambda n: f"sample-{n}@example.com")
    name = Sequence(lambda n: f"示例人员 {n}")
    password = PASSWORD_HASH

    @post_generation
    def verified(self: Any, create: bool, extracted: bool | None, **_: Any) -> None:
        """Say ``verified=False`` for a person who has not opened the confirmation mail."""
        if create:
            EmailAddress.objects.create(user=self, email=self.email, primary=True, verified=extracted is not False)

    @post_generation
    def totp(self: Any, create: bool, extracted: bool | None, **_: Any) -> None:
        """Say ``totp=True`` for a person with a second factor (``TOTP_SECRET``) and recovery codes."""
        if create and extracted:
            TOTP.activate(self, TOTP_SECRET)
            RecoveryCodes.activate(self)


class EnterpriseFactory(DjangoModelFactory):
    """A verified manufacturer in a sample region."""

    class Meta:
        model = Enterprise

    class Params:
        unverified = Trait(verification=Verification.UNVERIFIED, verified_at=None)
        pending = Trait(verification=Verification.PENDING, verified_at=None)
        suspended = Trait(suspended_at=LazyFunction(timezone.now))
        unclaimed = Trait(is_unclaimed=True, verification=Verification.UNVERIFIED, verified_at=None, source="示例目录")

    uscc = Sequence(sample_uscc)
    name = Sequence(lambda n: f"示例企业 {n}")
    alias = Sequence(lambda n: f"示例化名 {n}")
    region = SubFactory(RegionFactory, code="900101")
    address = "示例路 1 号"
    introduction = "示例介绍"
    verification = Verification.VERIFIED
    verified_at = LazyFunction(timezone.now)
    is_sample = True


class MembershipFactory(DjangoModelFactory):
    """The owner of an enterprise; traits name lesser roles."""

    class Meta:
        model = Membership

    class Params:
        editor = Trait(role=Role.EDITOR)
        viewer = Trait(role=Role.VIEWER)
        requested = Trait(role=Role.VIEWER, status=MembershipStatus.REQUESTED)
        former = Trait(status=MembershipStatus.FORMER)

    enterprise = SubFactory(EnterpriseFactory)
    user = SubFactory(UserFactory)
    role = Role.OWNER


class EnterpriseContactFactory(DjangoModelFactory):
    """Whom to reach, by phone and mail."""

    class Meta:
        model = EnterpriseContact

    enterprise = SubFactory(EnterpriseFactory)
    person = "示例联系人"
    phone = Sequence(lambda n: f"138{n:08d}")
    email = Sequence(lambda n: f"contact-{n}@example.com")


class SiteFactory(DjangoModelFactory):
    """A plant in a sample region."""

    class Meta:
        model = Site

    enterprise = SubFactory(EnterpriseFactory)
    name = Sequence(lambda n: f"示例厂区 {n}")
    region = SubFactory(RegionFactory, code="900101")
    floor_area_m2 = 2000
    workers = 100


class EquipmentFactory(DjangoModelFactory):
    """Two machines at a plant."""

    class Meta:
        model = Equipment

    site = SubFactory(SiteFactory)
    kind = "示例注塑机"
    size = "800 t"
    count = 2

    class Params:
        """A photo that storage keeps."""

        with_photo = Trait(photo=ImageField(filename="sample.png", format="PNG"))


class EnterpriseCertificateFactory(DjangoModelFactory):
    """A claimed certificate that holds for another year."""

    class Meta:
        model = EnterpriseCertificate

    enterprise = SubFactory(EnterpriseFactory)
    certification = SubFactory(CertificationFactory, code="XC0")
    number = Sequence(lambda n: f"SAMPLE-{n:06d}")
    issuer = "示例认证机构"

    issued_on = LazyFunction(lambda: timezone.localdate() - timedelta(days=365))
    expires_on = LazyFunction(lambda: timezone.localdate() + timedelta(days=365))


class PassportFactory(DjangoModelFactory):
    """The passport of a firm, open to everybody who has the link."""

    class Meta:
        model = Passport

    class Params:
        closed = Trait(level=PassportLevel.CLOSED)
        verified = Trait(level=PassportLevel.VERIFIED)

    enterprise = SubFactory(EnterpriseFactory)
    level = PassportLevel.LINK


class InvitationFactory(DjangoModelFactory):
    """An open invitation whose link carries ``token`` (a parameter, not a column)."""

    class Meta:
        model = Invitation

    class Params:
        token = Sequence(lambda n: f"sample-token-{n}")
        over = Trait(expires_at=LazyFunction(lambda: timezone.now() - timedelta(seconds=1)))

    enterprise = SubFactory(EnterpriseFactory)
    email = Sequence(lambda n: f"invited-{n}@example.com")
    role = Role.EDITOR
    token_hash = LazyAttribute(lambda invitation: token_hash_of(invitation.token))
    invited_by = SubFactory(UserFactory)

    expires_at = LazyFunction(lambda: timezone.now() + timedelta(days=7))


class CoordinatorGrantFactory(DjangoModelFactory):
    """The right to coordinate everywhere, of a person with a second factor; add regions or chains to narrow it."""

    class Meta:
        model = CoordinatorGrant

    user = SubFactory(UserFactory, totp=True)
    granted_by = SubFactory(UserFactory, platform_admin=True)


class NoticeFactory(DjangoModelFactory):
    """An unread notice that leads to the workbench."""

    class Meta:
        model = Notice

    reader = SubFactory(UserFactory)
    kind = NoticeKind.ENTERPRISE_VERIFIED
    key = Sequence(lambda n: f"sample-{n}")
    route = "web:accounts:workbench"


class ReviewFactory(DjangoModelFactory):
    """An enterprise that waits to be verified; ``rejected`` for a decision against it."""

    class Meta:
        model = Review

    class Params:
        rejected = Trait(
            outcome=ReviewOutcome.REJECTED,
            reason="end.verification.papers_missing",
            note="示例说明",
            decided_at=LazyFunction(timezone.now),
            decided_by=SubFactory(UserFactory, platform_admin=True),
        )

    kind = ReviewKind.ENTERPRISE
    enterprise = SubFactory(EnterpriseFactory, pending=True)
    thing_key = LazyAttribute(lambda review: review.enterprise.key)
    title = LazyAttribute(lambda review: review.enterprise.name)
    region = LazyAttribute(lambda review: review.enterprise.region)


def totp_code(at: float) -> str:
    """The six digits that an authenticator with ``TOTP_SECRET`` shows at that moment (seconds since 1970)."""
    return format_hotp_value(hotp_value(TOTP_SECRET, int(at) // app_settings.TOTP_PERIOD))


class NetworkMembershipFactory(DjangoModelFactory):
    """A supplier that both sides agreed is in the buyer's network; traits name what is not, or not yet."""

    class Meta:
        model = NetworkMembership

    class Params:
        asked = Trait(state=NetworkState.ASKED, since=None)
        ended = Trait(state=NetworkState.ENDED, ended_on=LazyFunction(timezone.localdate), ended_by_buyer=False)

    buyer = SubFactory(EnterpriseFactory)
    supplier = SubFactory(EnterpriseFactory)
    state = NetworkState.MEMBER
    since = LazyFunction(timezone.localdate)


class ListedFirmFactory(DjangoModelFactory):
    """A firm of a buyer's list under the buyer's own number, not known to be here."""

    class Meta:
        model = ListedFirm

    buyer = SubFactory(EnterpriseFactory)
    external_key = Sequence(lambda n: f"V-{n:05d}")
    name = Sequence(lambda n: f"示例名录企业 {n}")


class SupplyRelationFactory(DjangoModelFactory):
    """What a listed firm brings its buyer."""

    class Meta:
        model = SupplyRelation

    listed = SubFactory(ListedFirmFactory)
    buyer = LazyAttribute(lambda made: made.listed.buyer)
