"""The demo: complete, plainly a sample, safe to load again, and never in the way of what people entered."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.idp.oidc.models import Client as PartnerClient
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import ApiClient, Change, CoordinatorGrant, Enterprise, EnterpriseCertificate, Notice, User
from config.demo.past import KEY
from config.demo.people import CLIENT_SECRET, current_code, demo_sign_ins
from config.demo.seeding import load_demo
from matchmaking.days.choices import DayState
from matchmaking.days.models import MatchDay
from matchmaking.matching.services.suggestions import suggestions_for
from matchmaking.parks.models import ParkAdministrator, ParkIndicator
from matchmaking.partnerships.choices import State
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.choices import Status, Subject
from matchmaking.postings.models import Posting, SavedSearch
from matchmaking.postings.services.contacts import has_contact
from reference.models import IndustryChain
from reference.queries.picker import nodes_matching
from tests.factories.accounts import UserFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


def posting(key):
    return Posting.objects.select_related("enterprise").get(external_key=f"demo-{key}")


def test_a_second_run_changes_nothing(demo):
    changes = Change.objects.count()
    rows = list(Posting.objects.order_by("pk").values_list())
    assert (demo.firms, demo.postings, demo.people) == (158, 207, 43)
    assert load_demo(day=timezone.localdate()).changes == 0
    assert (Change.objects.count(), list(Posting.objects.order_by("pk").values_list())) == (changes, rows)


def test_there_is_enough_of_everything_in_both_provinces_and_all_chains(demo):
    live = Posting.objects.live()
    assert (Enterprise.objects.count() >= 60, live.needs().count() >= 60, live.capacities().count() >= 90) == (
        True,
    ) * 3
    for rows in (live.needs(), live.capacities()):
        assert set(rows.values_list("node__chain__code", flat=True)) == set(
            IndustryChain.objects.values_list("code", flat=True)
        )
        assert {code[:2] for code in rows.values_list("region__code", flat=True)} == {"50", "51"}
    assert set(live.values_list("subject", flat=True)) == set(Subject.values)


def test_every_firm_is_plainly_a_sample_and_every_row_is_valid(demo):
    for row in (*Enterprise.objects.all(), *Posting.objects.all(), *EnterpriseCertificate.objects.all()):
        row.full_clean()
    firms = Enterprise.objects.select_related("contact")
    assert [firm.name for firm in firms if not (firm.name.startswith("示例") and firm.is_sample)] == []
    assert [firm.name for firm in firms if not firm.contact.email.endswith("@example.com")] == []
    assert not Posting.objects.filter(is_sample=False).exists()
    assert not ParkIndicator.objects.filter(is_sample=False).exists()


def test_days_move_with_the_calendar_and_what_people_changed_stays(demo):
    edited, confirmed, plain = posting("rc-edrive-n1"), posting("rc-edrive-n2"), posting("rc-edrive-n4")
    own = PostingFactory(title="自己的需求")
    Posting.objects.filter(pk=edited.pk).update(version=2, title="改过的标题")
    later = timezone.localdate() + timedelta(days=40)
    Posting.objects.filter(pk=confirmed.pk).update(confirmed_on=later)
    before = {row.pk: row.window_end for row in (edited, confirmed, plain, own)}

    figures = load_demo(day=later)

    after = {row.pk: row for row in Posting.objects.filter(pk__in=before)}
    assert after[edited.pk].title == "改过的标题"
    assert [(after[key].window_end - before[key]).days for key in before] == [0, 40, 40, 0]
    assert (after[confirmed.pk].confirmed_on, after[own.pk].title) == (later, "自己的需求")
    assert figures.moved > 200
    assert (figures.firms, figures.postings, figures.people, figures.interests) == (0, 0, 0, 0)
    assert load_demo(day=later).changes == 0


def test_every_sign_in_that_is_shown_works(demo):
    lines = demo_sign_ins()
    people = [line for line in lines if "@" in line.address]
    assert len(people) == 7
    for line in people:
        user = authenticate(request=None, email=line.address, password=line.password)
        assert user is not None
        assert user.email == line.address
    partner = next(line for line in lines if "@" not in line.address)
    assert ApiClient.objects.get(client_id=partner.address).owner.email == "buyer@example.com"
    assert PartnerClient.objects.get(pk=partner.address).check_secret(partner.password)
    assert partner.password == CLIENT_SECRET


def test_staff_and_coordinators_have_a_second_factor_whose_code_is_told_for_them_alone(demo):
    staff = User.objects.filter(is_staff=True)
    assert sorted(staff.values_list("email", flat=True)) == ["admin@example.com", "park@example.com"]
    for user in [*staff, User.objects.get(email="coordinator@example.com")]:
        code = current_code(user.email)
        assert Authenticator.objects.get(user=user).wrap().validate_code(code)
    said = StringIO()
    call_command("demo_code", "park@example.com", stdout=said)
    assert len(said.getvalue().strip()) == 6
    UserFactory(email="someone@example.org", staff=True, totp=True)
    for address in ("someone@example.org", "buyer@example.com"):
        with pytest.raises(CommandError):
            call_command("demo_code", address)


def test_offices_are_given(demo):
    assert ParkAdministrator.objects.get(user__email="park@example.com").park.slug == "rongchang-hi-tech"
    assert CoordinatorGrant.objects.get(user__email="coordinator@example.com").regions.count() == 4
    assert User.objects.get(email="admin@example.com").is_superuser


def test_the_longchang_toy_maker_finds_its_workshop_in_anfu(demo):
    viewer = User.objects.get(email="toys@example.com")
    need = posting("S01-N")
    assert need.enterprise.name == "示例隆昌童车"
    assert (need.quantity_amount, need.unit.code, need.parameters.get().number) == (2000, "M2", 100)
    first = suggestions_for(posting=need, viewer=viewer).matches[0].posting
    assert (first.enterprise.name, first.region.code) == ("示例安富缝制", "500153")


def test_a_clerk_in_rongchang_finds_three_suppliers_of_die_cast_motor_housings(demo):
    assert "EQUIP.PROC.DIECAST" in [node.code for node in nodes_matching("压铸")]
    buyer = User.objects.get(email="buyer@example.com")
    named = Posting.objects.live().capacities().filter(title__contains="压铸电机壳")
    matches = suggestions_for(posting=posting("rc-edrive-n1"), viewer=buyer).matches
    found = [match.posting for match in matches]
    assert {row.number for row in named} <= {row.number for row in found}
    assert len(named) == 3


def test_something_waits_already(demo):
    fresh = Partnership.objects.exclude(need__external_key__startswith=KEY)
    states = sorted(fresh.values_list("state", flat=True))
    assert states == [State.FAILED, *[State.INTERESTED] * 2, *[State.INTRODUCED] * 3]
    waiting = Partnership.objects.filter(state=State.INTERESTED)
    assert {row.capacity.enterprise.name for row in waiting.filter(opened_by="need")} == {"示例安富缝制"}
    assert {row.need.enterprise.name for row in waiting.filter(opened_by="capacity")} == {"示例荣昌电驱"}
    for address in ("buyer@example.com", "supplier@example.com"):
        assert Notice.objects.filter(reader__email=address).exists()
        assert SavedSearch.objects.filter(user__email=address).exists()
    assert ParkIndicator.objects.filter(park__slug="rongchang-hi-tech").count() == 6


def test_expired_and_paused_sample_postings_are_left_as_they_are(demo):
    Posting.objects.filter(pk=posting("rc-edrive-n2").pk).update(status=Status.PAUSED)
    assert load_demo(day=timezone.localdate()).changes == 0
    assert posting("rc-edrive-n2").status == Status.PAUSED


def test_no_text_of_the_demo_holds_contact_data(demo):
    assert [row.title for row in Posting.objects.all() if has_contact(row.title, row.text)] == []


def test_one_matchmaking_day_is_open_and_one_has_its_schedule(demo):
    waiting, published = MatchDay.objects.order_by("state")
    assert (waiting.state, published.state) == (DayState.OPEN, DayState.PUBLISHED)
    assert all(day.is_sample and day.title_zh.startswith("示例") for day in (waiting, published))
    assert waiting.guests.filter(enterprise__memberships__user__email="buyer@example.com", state="asked").exists()
    plan = published.plans.get()
    assert plan.is_best
    assert plan.meetings.count() >= 4
    assert plan.left
