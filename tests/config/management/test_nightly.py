"""The nightly round ends, asks and mails once, whatever one step meets."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from config.management.commands import nightly
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory, days_from_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def unconfirmed() -> Posting:
    """A posting whose owner is to be asked tonight."""
    posting = PostingFactory(confirmed_on=days_from_today(-31))
    MembershipFactory(enterprise=posting.enterprise)
    return posting


def run() -> str:
    out = StringIO()
    call_command("nightly", stdout=out, stderr=out)
    return out.getvalue()


def test_nightly_ends_what_is_over_and_asks_and_mails_once(unconfirmed):
    over = PostingFactory(window_start=days_from_today(-9), window_end=days_from_today(-1))

    first, second = run(), run()

    over.refresh_from_db()
    assert over.status == Status.EXPIRED
    assert "expired 1, opened 0, asked 1" in first
    assert "expired 0, opened 0, asked 0" in second
    assert len(mail.outbox) == 1


def test_nightly_goes_on_after_a_step_that_fails(unconfirmed, monkeypatch):
    monkeypatch.setattr(nightly, "STEPS", ("no_such_step", *nightly.STEPS))

    with pytest.raises(CommandError, match="no_such_step"):
        run()

    assert len(mail.outbox) == 1
