"""What park administrators change goes through services: figures, words, projects, partnerships."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Change
from common.reason_texts import text_of
from common.reasons import Reason
from matchmaking.parks.models import CooperationProject, ParkIndicator, ParkPartnership
from matchmaking.parks.services.reporting import lock_quarter
from tests.factories.accounts import UserFactory
from tests.factories.parks import (
    ParkAdministratorFactory,
    ParkFactory,
    ParkIndicatorFactory,
)

pytestmark = pytest.mark.django_db


def page(model, name="changelist", *args, app="parks"):
    return reverse(f"admin:{app}_{model}_{name}", args=args)


def edit(client, row, **changes):
    data = {"value": row.value, "source": row.source, "seen_version": row.version} | changes
    return client.post(page("parkindicator", "change", row.pk), data)


def act(client, app, model, row, action, **data):
    return client.post(
        page(model, app=app), {"action": action, "_selected_action": row.pk, "confirmed": "yes", **data}, follow=True
    )


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


def test_staff_without_a_second_factor_are_sent_to_set_one_up(signed_in):
    grant = ParkAdministratorFactory(user=UserFactory(staff=True))

    answer = signed_in(grant.user).get(page("park"))

    assert (answer.status_code, answer.url) == (302, reverse("mfa_activate_totp"))


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


def test_the_form_of_a_new_figure_asks_for_what_is_written_and_has_the_only_park_chosen(grant, runs):
    address = page("parkindicator", "add")
    form = runs.get(address).context["adminform"].form
    shown = runs.get(address).content.decode()

    assert [*form.fields] == ["park", "kind", "period_start", "value", "words", "source", "seen_version"]
    assert [str(value) for value, _label in form.fields["park"].choices] == [str(grant.park.pk)]
    assert f'<option value="{grant.park.pk}" selected>' in shown
    assert [word for word in ("field-author", "field-is_locked", "field-version") if word in shown] == []

    ParkAdministratorFactory(user=grant.user)
    chosen = runs.get(address).context["adminform"].form
    assert len(chosen.fields["park"].choices) == 3
    assert chosen["park"].value() is None


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
        "milestones-TOTAL_FORMS": 0,
        "milestones-INITIAL_FORMS": 0,
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

    answer = runs.post(page("parkpartnership", "add"), data)

    assert ParkPartnership.objects.exists() is is_own
    if not is_own:
        form = answer.context["adminform"].form
        assert (form.non_field_errors(), form["source"].value()) == (
            [text_of(Reason.REFUSAL_NOT_YOURS, "zh-hans")],
            "示例",
        )
