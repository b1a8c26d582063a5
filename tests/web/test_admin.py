"""The administration: park administrators reach their own parks only, the platform decides through services."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.admin import site
from django.urls import reverse
from django.utils import translation

from accounts.choices import CheckState, Verb, Verification
from accounts.models import Change, CoordinatorGrant
from common.reasons import Reason
from matchmaking.parks.models import CooperationProject, ParkAdministrator, ParkIndicator, ParkPartnership
from matchmaking.parks.services.reporting import lock_quarter
from matchmaking.postings.choices import PriceKind, Status
from reference.models import Region
from tests.factories.accounts import EnterpriseCertificateFactory, EnterpriseFactory, UserFactory
from tests.factories.parks import (
    CooperationProjectFactory,
    ParkAdministratorFactory,
    ParkFactory,
    ParkIndicatorFactory,
    ParkPartnershipFactory,
)
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
PARTS = {
    "park": ParkFactory,
    "parkpartnership": ParkPartnershipFactory,
    "cooperationproject": CooperationProjectFactory,
    "parkindicator": ParkIndicatorFactory,
}


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


def page(model, name="changelist", *args, app="parks"):
    return reverse(f"admin:{app}_{model}_{name}", args=args)


def rows(answer):
    return list(answer.context["cl"].result_list)


def part_of(model, park):
    column = {"parkpartnership": "from_park"}.get(model, "park")
    return park if model == "park" else PARTS[model](**{column: park})


@pytest.mark.parametrize("model", PARTS)
def test_a_list_shows_rows_of_ones_own_park_only(model, grant, runs):
    own = part_of(model, grant.park)
    part_of(model, ParkFactory())

    assert rows(runs.get(page(model))) == [own]


@pytest.mark.parametrize("name", ["change", "history", "delete"])
@pytest.mark.parametrize("model", PARTS)
def test_another_parks_address_gives_nothing(model, name, grant, runs):
    foreign = part_of(model, ParkFactory())

    answer = runs.get(page(model, name, foreign.pk))

    assert answer.status_code in (302, 403, 404)
    assert str(foreign).encode() not in answer.content


@pytest.mark.parametrize("model", PARTS)
def test_an_earlier_version_of_another_parks_row_gives_nothing(model, grant, runs):
    foreign = part_of(model, ParkFactory())
    version = foreign.history.first().pk

    assert runs.get(page(model, "simple_history", foreign.pk, version)).status_code == 404


@pytest.mark.parametrize("model", PARTS)
def test_the_pages_of_ones_own_rows_open_with_their_history(model, grant, runs):
    own = part_of(model, grant.park)

    answers = [runs.get(page(model, name, own.pk)).status_code for name in ("change", "history")]
    answers.append(runs.get(page(model, "simple_history", own.pk, own.history.first().pk)).status_code)

    assert answers == [200, 200, 200]


@pytest.mark.parametrize(
    ("app", "model", "field"),
    [("parks", "parkadministrator", "park"), ("parks", "park", "regions"), ("accounts", "coordinatorgrant", "user")],
)
def test_autocomplete_gives_park_administrators_nothing_that_is_not_theirs(app, model, field, grant, runs):
    ParkFactory()

    answer = runs.get(
        reverse("admin:autocomplete"), {"app_label": app, "model_name": model, "field_name": field, "term": ""}
    )

    found = [row["id"] for row in answer.json()["results"]] if answer.status_code == 200 else []
    assert set(found) <= {str(grant.park.pk)}


def test_other_parks_cannot_be_chosen_for_a_figure(grant, runs):
    foreign = ParkFactory()
    data = {"park": foreign.pk, "kind": "jobs", "period_start": "2026-04-01", "value": "5", "source": "示例"}

    answer = runs.post(page("parkindicator", "add"), data)

    assert (answer.status_code, "park" in answer.context["adminform"].errors) == (200, True)
    assert not ParkIndicator.objects.exists()


def test_an_action_on_another_parks_figure_does_nothing(grant, runs):
    foreign = ParkIndicatorFactory()

    runs.post(page("parkindicator"), {"action": "lock", "_selected_action": foreign.pk, "confirmed": "yes"})

    foreign.refresh_from_db()
    assert foreign.is_locked is False


@pytest.mark.parametrize(
    "model", ["user", "enterprise", "coordinatorgrant", "apiclient", "change", "enterprisecertificate"]
)
def test_accounts_are_closed_to_park_administrators(model, runs):
    assert runs.get(page(model, app="accounts")).status_code == 403


def test_first_page_lists_ones_own_area_alone(runs):
    areas = runs.get(reverse("admin:index")).context["app_list"]

    assert [area["app_label"] for area in areas] == ["accounts", "parks"]
    assert "Review" in [model["object_name"] for model in areas[0]["models"]]


@pytest.mark.parametrize("end", [{"revoked_at": "2026-01-01T00:00:00Z"}, {"ends_on": date(2020, 1, 1)}])
def test_a_grant_that_ended_opens_nothing(grant, runs, end):
    ParkAdministrator.objects.filter(pk=grant.pk).update(**end)

    assert runs.get(page("park")).status_code == 403


def test_staff_without_a_second_factor_are_sent_to_set_one_up(signed_in):
    grant = ParkAdministratorFactory(user=UserFactory(staff=True))

    answer = signed_in(grant.user).get(page("park"))

    assert (answer.status_code, answer.url) == (302, reverse("mfa_activate_totp"))


def edit(client, row, **changes):
    data = {"value": row.value, "source": row.source, "seen_version": row.version} | changes
    return client.post(page("parkindicator", "change", row.pk), data)


def test_editing_ones_own_figure_names_the_author_and_adds_a_version(grant, runs):
    row = ParkIndicatorFactory(park=grant.park, value=100)

    answer = edit(runs, row, value="250.5", source="示例季报")

    row.refresh_from_db()
    assert answer.status_code == 302
    assert (row.value, row.source, row.author, row.version) == (Decimal("250.5"), "示例季报", grant.user, 2)
    assert [entry.value for entry in row.history.all()] == [Decimal("250.5"), Decimal("100")]
    assert Change.objects.get().actor == grant.user


def test_a_figure_without_a_source_is_refused(grant, runs):
    row = ParkIndicatorFactory(park=grant.park, value=100)

    answer = edit(runs, row, value="250", source="")

    row.refresh_from_db()
    assert (answer.status_code, "source" in answer.context["adminform"].errors, row.value) == (200, True, 100)


def test_the_second_of_two_editors_is_told_and_nothing_is_lost(grant, runs):
    row = ParkIndicatorFactory(park=grant.park, value=100)
    edit(runs, row, value="200")

    late = edit(runs, row, value="300")

    row.refresh_from_db()
    assert (late.status_code, bool(late.context["adminform"].errors), row.value) == (200, True, 200)


def test_saving_a_figure_of_a_locked_quarter_is_a_correction(grant, runs):
    row = ParkIndicatorFactory(park=grant.park, value=100)
    lock_quarter(park=grant.park, period_start=row.period_start, actor=grant.user)
    row.refresh_from_db()

    edit(runs, row, value="90")

    row.refresh_from_db()
    assert (row.value, row.is_locked, row.version) == (90, True, 3)


def test_a_new_figure_is_reported_by_whoever_adds_it(grant, runs):
    data = {"park": grant.park.pk, "kind": "jobs", "period_start": "2026-04-01", "value": "5", "source": "示例"}

    answer = runs.post(page("parkindicator", "add"), data)

    row = ParkIndicator.objects.get()
    assert (answer.status_code, row.park, row.author, row.value) == (302, grant.park, grant.user, 5)


def test_a_day_that_begins_no_quarter_is_refused(grant, runs):
    data = {"park": grant.park.pk, "kind": "jobs", "period_start": "2026-04-02", "value": "5", "source": "示例"}

    answer = runs.post(page("parkindicator", "add"), data)

    assert (answer.status_code, ParkIndicator.objects.exists()) == (200, False)


def test_locking_asks_first(grant, runs):
    row = ParkIndicatorFactory(park=grant.park)
    act = {"action": "lock", "_selected_action": row.pk}

    asked = runs.post(page("parkindicator"), act)
    row.refresh_from_db()
    before = row.is_locked
    runs.post(page("parkindicator"), act | {"confirmed": "yes"})

    row.refresh_from_db()
    assert (asked.status_code, before, row.is_locked) == (200, False, True)


def test_a_parks_own_words_can_be_changed_and_the_announced_ones_not(grant, runs):
    data = {
        "introduction_zh": "示例介绍",
        "introduction_en": "Sample",
        "clusters": ["materials"],
        "name_en": "Stolen",
        "seen_version": grant.park.version,
    }

    runs.post(page("park", "change", grant.park.pk), data)

    park = type(grant.park).objects.get(pk=grant.park.pk)
    assert (park.introduction_zh, park.clusters, park.version) == ("示例介绍", ["materials"], 2)
    assert park.name_en == grant.park.name_en


def test_a_project_is_begun_for_ones_own_park(grant, runs):
    data = {
        "park": grant.park.pk,
        "name_zh": "示例项目",
        "name_en": "Sample",
        "cooperation_type": "enclave-economy",
        "state": "planned",
        "source": "示例",
    }

    answer = runs.post(page("cooperationproject", "add"), data)

    assert (answer.status_code, CooperationProject.objects.get().park) == (302, grant.park)


@pytest.mark.parametrize("is_own", [True, False])
def test_a_partnership_needs_ones_own_park_on_a_side(grant, runs, is_own):
    first = grant.park if is_own else ParkFactory()
    data = {
        "from_park": first.pk,
        "to_park": ParkFactory().pk,
        "direction": "mutual",
        "cooperation_type": "enclave-economy",
        "type_status": "authored",
        "pair_status": "authored",
        "source": "示例",
    }

    runs.post(page("parkpartnership", "add"), data)

    assert ParkPartnership.objects.exists() is is_own


def act(client, app, model, row, action, **data):
    return client.post(
        page(model, app=app), {"action": action, "_selected_action": row.pk, "confirmed": "yes", **data}, follow=True
    )


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


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("model", sorted(site._registry, key=lambda model: model._meta.label), ids=str)
def test_every_list_opens_is_searched_and_costs_no_query_a_row(
    platform, model, language, django_assert_max_num_queries
):
    with translation.override(language):
        address = page(model._meta.model_name, app=model._meta.app_label)
    PostingFactory.create_batch(3)

    with django_assert_max_num_queries(20):
        assert platform.get(address).status_code == 200
    if site._registry[model].search_fields:
        assert platform.get(address, {"q": "1"}).status_code == 200


@pytest.mark.parametrize("few", [2])
@pytest.mark.parametrize(
    ("app", "model", "factory"),
    [
        ("postings", "posting", PostingFactory),
        ("accounts", "enterprise", EnterpriseFactory),
        ("parks", "parkindicator", lambda: ParkIndicatorFactory()),
    ],
)
def test_a_list_costs_the_same_queries_for_few_and_for_many_rows(
    platform, app, model, factory, few, django_assert_max_num_queries
):
    for _ in range(few):
        factory()
    platform.get(page(model, app=app))
    with django_assert_max_num_queries(15) as first:
        platform.get(page(model, app=app))
    for _ in range(20):
        factory()
    with django_assert_max_num_queries(15) as second:
        platform.get(page(model, app=app))

    assert len(first) == len(second)


def test_secrets_and_second_factors_are_no_part_of_the_administration():
    labels = {model._meta.app_label for model in site._registry}

    assert labels == {"accounts", "postings", "matching", "partnerships", "parks", "insights", "reference"}


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

    assert Change.objects.get(verb=Verb.SEEN).thing == model
