"""The platform decides through services; lists open at a steady price; secrets stay outside."""

from datetime import date

import pytest
from django.contrib.admin import site
from django.urls import reverse

from accounts.choices import CheckState, Verb, Verification
from accounts.models import Change, CoordinatorGrant
from common.reasons import Reason
from matchmaking.parks.models import ParkAdministrator
from matchmaking.postings.choices import PriceKind, Status
from reference.models import Region
from tests.factories.accounts import EnterpriseCertificateFactory, EnterpriseFactory, UserFactory
from tests.factories.parks import (
    ParkAdministratorFactory,
    ParkFactory,
)
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


def page(model, name="changelist", *args, app="parks"):
    return reverse(f"admin:{app}_{model}_{name}", args=args)


def act(client, app, model, row, action, **data):
    read = {f"seen_{row.pk}": getattr(row, "version", "")}
    asked = {"action": action, "_selected_action": row.pk, "confirmed": "yes", **read, **data}
    return client.post(page(model, app=app), asked, follow=True)


@pytest.fixture
def grant():
    """The right to run a park, held by somebody with a second factor."""
    return ParkAdministratorFactory()


@pytest.fixture
def runs(grant, signed_in):
    """A client of that person."""
    return signed_in(grant.user)


@pytest.fixture
def platform(signed_in):
    """A client of a platform administrator with a second factor."""
    return signed_in(UserFactory(platform_admin=True, totp=True))


def test_an_enterprise_is_verified_rejected_with_a_reason_suspended_and_restored(platform):
    firm = EnterpriseFactory(pending=True)
    reason = Reason.END_VERIFICATION_PAPERS_MISSING

    act(platform, "accounts", "enterprise", firm, "reject", reason=reason)
    firm.refresh_from_db()
    without_a_note = firm.verification
    states = []
    for action, data in [
        ("reject", {"reason": reason, "note": "示例"}),
        ("verify", {}),
        ("suspend", {"reason": Reason.FLAG_JUNK, "note": "示例"}),
        ("restore", {}),
    ]:
        act(platform, "accounts", "enterprise", firm, action, **data)
        firm.refresh_from_db()
        states.append((firm.verification, firm.suspended_at is None))

    assert without_a_note == Verification.PENDING
    assert states == [
        (Verification.REJECTED, True),
        (Verification.VERIFIED, True),
        (Verification.VERIFIED, False),
        (Verification.VERIFIED, True),
    ]


def test_a_certificate_is_confirmed(platform):
    paper = EnterpriseCertificateFactory()

    act(platform, "accounts", "enterprisecertificate", paper, "mark_checked")

    paper.refresh_from_db()
    assert paper.state == CheckState.CHECKED


@pytest.mark.parametrize(("action", "state"), [("release", Status.PUBLISHED), ("withhold", Status.DRAFT)])
def test_a_posting_that_waits_is_released_or_given_back(platform, action, state):
    posting = PostingFactory(in_review=True)

    act(platform, "postings", "posting", posting, action, reason=Reason.FLAG_JUNK, note="示例")

    posting.refresh_from_db()
    assert posting.status == state


def test_a_park_is_granted_and_taken_back(platform):
    park, user = ParkFactory(), UserFactory()

    platform.post(page("parkadministrator", "add"), {"park": park.pk, "user": user.pk, "ends_on": ""})
    grant = ParkAdministrator.objects.get()
    user.refresh_from_db()
    was_let_in = user.is_staff
    act(platform, "parks", "parkadministrator", grant, "revoke")

    grant.refresh_from_db()
    user.refresh_from_db()
    assert (grant.park, was_let_in, grant.revoked_at is None, user.is_staff) == (park, True, False, False)


def test_a_coordinator_is_granted_with_a_scope_and_an_end(platform):
    user, region = UserFactory(), Region.objects.get(code="510100")

    platform.post(
        page("coordinatorgrant", "add", app="accounts"),
        {"user": user.pk, "regions": [region.pk], "chains": [], "ends_on": "2099-01-01"},
    )

    grant = CoordinatorGrant.objects.get()
    assert (grant.user, list(grant.regions.all()), grant.ends_on) == (user, [region], date(2099, 1, 1))
    assert Change.objects.get(verb=Verb.GRANTED).facts["regions"] == ["510100"]


def test_a_sealed_price_is_shown_to_nobody(platform):
    posting = PostingFactory(price_kind=PriceKind.SEALED, price_min="7777.1", price_max="8888.1")

    bodies = [platform.get(page("posting", name, posting.pk, app="postings")).content for name in ("change", "history")]

    assert [word for word in (b"7777", b"7,777", b"8888", b"8,888") for body in bodies if word in body] == []


def test_secrets_and_second_factors_are_no_part_of_the_administration():
    labels = {model._meta.app_label for model in site._registry}

    ours = {
        "accounts",
        "postings",
        "matching",
        "partnerships",
        "consortia",
        "parks",
        "hydrogen",
        "insights",
        "desk",
        "days",
        "reference",
    }
    assert labels == ours


@pytest.mark.parametrize("key", ["²", "٣", "9" * 40])
def test_a_history_address_with_a_number_that_is_no_key_is_not_found(key, platform):
    for address in (f"/manage/parks/park/{key}/history/", f"/manage/parks/park/{key}/history/1/"):
        assert platform.get(address).status_code == 404


def test_earlier_versions_of_a_posting_keep_no_price():
    kept = {field.name for field in PostingFactory().history.model._meta.get_fields()}

    assert "title" in kept
    assert not kept & {"price_min", "price_max", "price_currency"}


@pytest.mark.parametrize(
    ("app", "factory"),
    [("accounts", EnterpriseCertificateFactory), ("postings", PostingFactory), ("partnerships", PartnershipFactory)],
)
def test_looks_of_the_platform_into_a_firms_business_are_recorded(app, factory, platform):
    row = factory()
    model = row._meta.model_name

    platform.get(page(model, app=app))
    assert not Change.objects.filter(verb=Verb.SEEN).exists()
    assert platform.get(page(model, "change", row.pk, app=app)).status_code == 200

    assert set(Change.objects.filter(verb=Verb.SEEN).values_list("thing", flat=True)) == {model}
