"""Partnerships of parks in the administration: proposed, answered by the asked park alone, changed by notice."""

import pytest
from django.urls import reverse

from accounts.models import Notice
from matchmaking.parks.models import ParkPartnership
from matchmaking.parks.services.batches import complete_batch
from matchmaking.parks.services.partnering import write_partnership
from tests.factories.accounts import UserFactory
from tests.factories.parks import ParkAdministratorFactory, ParkBatchFactory, ParkFactory, ParkPartnershipFactory

pytestmark = pytest.mark.django_db
LIST = "admin:parks_parkpartnership_changelist"


@pytest.fixture
def grants():
    """People who run two parks, one each."""
    return ParkAdministratorFactory(), ParkAdministratorFactory()


@pytest.fixture
def proposed(grants):
    """What the first park proposed to the second."""
    ours, theirs = (grant.park for grant in grants)
    values = {"from_park": ours, "to_park": theirs, "direction": "mutual", "source": "示例通知"}
    return write_partnership(
        partnership=ParkPartnership(), values=values | {"cooperation_type": "enclave-economy"}, actor=grants[0].user
    )


def act(client, pair, action, **more):
    data = {"action": action, "_selected_action": pair.pk, "confirmed": "yes"} | more
    return client.post(reverse(LIST), data, follow=True)


def change(client, pair, **changes):
    data = {
        "direction": pair.direction,
        "cooperation_type": pair.cooperation_type,
        "agreed_on": pair.agreed_on,
        "source": pair.source,
        "seen_version": pair.version,
    }
    return client.post(reverse("admin:parks_parkpartnership_change", args=[pair.pk]), data | changes)


def test_a_partnership_added_here_waits_for_the_other_park(grants, signed_in):
    ours, theirs = grants
    data = {"from_park": ours.park.pk, "to_park": theirs.park.pk, "direction": "mutual", "source": "示例通知"}

    signed_in(ours.user).post(
        reverse("admin:parks_parkpartnership_add"), data | {"cooperation_type": "enclave-economy"}
    )

    pair = ParkPartnership.objects.get()
    assert (pair.state, pair.proposed_by) == ("proposed", ours.park)
    waiting = [
        list(signed_in(one.user).get(reverse(LIST), {"waits": "me"}).context["cl"].result_list) for one in grants
    ]
    assert waiting == [[], [pair]]


@pytest.mark.parametrize(("asked", "state"), [(0, "proposed"), (1, "confirmed")])
def test_the_asked_park_alone_confirms(grants, proposed, signed_in, asked, state):
    act(signed_in(grants[asked].user), proposed, "confirm")

    proposed.refresh_from_db()
    assert proposed.state == state


def test_declining_asks_for_words(grants, proposed, signed_in):
    client = signed_in(grants[1].user)
    act(client, proposed, "decline")
    proposed.refresh_from_db()
    before = proposed.state

    act(client, proposed, "decline", note="示例：未签约")

    proposed.refresh_from_db()
    assert (before, proposed.state, proposed.answer) == ("proposed", "declined", "示例：未签约")


def test_a_third_park_cannot_answer(proposed, signed_in):
    act(signed_in(ParkAdministratorFactory().user), proposed, "confirm")

    proposed.refresh_from_db()
    assert proposed.state == "proposed"


@pytest.mark.parametrize(("more", "count"), [({}, 1), ({"notice": "示例通知二号", "kind_from": "2023-03-24"}, 2)])
def test_another_kind_is_taken_with_a_notice_and_a_day_only(grants, signed_in, more, count):
    pair = ParkPartnershipFactory(from_park=grants[0].park)

    change(signed_in(grants[0].user), pair, cooperation_type="resource-development", **more)

    pair.refresh_from_db()
    assert (pair.cooperation_type, ParkPartnership.objects.count()) == ("industrial-supporting", count)


@pytest.mark.parametrize("language", ["", "/en"])
def test_an_unconfirmed_partnership_is_marked_on_the_parks_page(client, grants, proposed, language):
    body = client.get(f"{language}/parks/{grants[0].park.slug}/").content.decode()

    assert 'class="tag tag-warn"' in body


def test_a_partnership_is_not_deleted_here(grants, proposed, signed_in):
    answer = signed_in(grants[0].user).post(
        reverse("admin:parks_parkpartnership_delete", args=[proposed.pk]), {"post": "yes"}
    )

    assert (answer.status_code, ParkPartnership.objects.count()) == (403, 1)


def test_the_history_of_batches_is_the_platforms(grants, signed_in):
    batch = ParkBatchFactory(size=1)
    ParkFactory(is_sample=False)
    platform = UserFactory(platform_admin=True, totp=True)
    complete_batch(batch=batch, actor=platform)
    address = reverse("admin:parks_parkbatch_history", args=[batch.pk])

    assert [signed_in(user).get(address).status_code for user in (grants[0].user, platform)] == [403, 200]


def test_the_notice_of_a_proposal_is_in_the_app_and_opens_the_partnership(grants, proposed, signed_in):
    client, notice = signed_in(grants[1].user), Notice.objects.get(reader=grants[1].user)

    listed = client.get(reverse("web:accounts:notices")).content.decode()
    opened = client.get(reverse("web:accounts:notice", args=[notice.pk]), follow=True)

    assert str(proposed) in listed
    assert opened.context["original"] == proposed
