"""The demo's first load: what it refuses, what it leaves alone, and all of it or nothing."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Change, Enterprise, User
from config.demo import past
from config.demo.people import PASSWORD, demo_sign_ins
from config.demo.seeding import load_demo
from matchmaking.partnerships.models import Partnership
from reference.models import ChainNode
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_people_keep_their_passwords_and_a_stranger_with_a_demo_address_is_left_alone():
    call_command("load_parks", stdout=StringIO())
    stranger = UserFactory(email="editor@example.com")
    load_demo(day=timezone.localdate())
    stranger.refresh_from_db()
    assert (stranger.check_password(PASSWORD), stranger.memberships.count()) == (False, 0)
    buyer = User.objects.get(email="buyer@example.com")
    buyer.set_password("another-sample-4711")
    buyer.save()
    load_demo(day=timezone.localdate())
    buyer.refresh_from_db()
    assert buyer.check_password("another-sample-4711")


def test_no_sign_ins_are_shown_without_the_demo():
    assert demo_sign_ins() == []


def test_behind_tls_the_demo_is_refused_unless_forced(settings):
    settings.BEHIND_TLS = True
    call_command("load_parks", stdout=StringIO())
    with pytest.raises(CommandError, match="TLS"):
        call_command("seed_demo")
    assert not User.objects.exists()
    said = StringIO()
    call_command("seed_demo", force=True, stdout=said)
    assert "158 firms" in said.getvalue()
    assert PASSWORD in said.getvalue()


def test_without_parks_or_reference_rows_it_says_what_to_run():
    with pytest.raises(CommandError, match="load_all"):
        call_command("seed_demo")
    assert not Enterprise.objects.exists()
    assert ChainNode.objects.exists()


def test_where_somebody_has_a_demo_address_nothing_is_played():
    call_command("load_parks", stdout=StringIO())
    UserFactory(email="lc-plush-owner@example.com")
    assert load_demo(day=timezone.localdate()).deals == 0
    assert not Partnership.objects.exists()
    assert Enterprise.objects.filter(created_at__lt=timezone.now() - timedelta(days=1)).count() == 0


def test_a_step_that_is_refused_leaves_nothing_and_gives_the_clock_back(monkeypatch):
    def refuse(**told):
        raise RuntimeError("no")

    call_command("load_parks", stdout=StringIO())
    before, changes = timezone.now, Change.objects.count()
    monkeypatch.setattr(past, "close_posting", refuse)
    with pytest.raises(RuntimeError):
        load_demo(day=timezone.localdate())
    assert timezone.now is before
    assert (Enterprise.objects.count(), User.objects.count(), Change.objects.count()) == (0, 0, changes)
