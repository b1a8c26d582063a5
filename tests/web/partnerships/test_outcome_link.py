"""The outcome told from the link of a mail: without signing in, once, by who may, and nothing else."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.services import links
from accounts.services.mailing import mail_pending
from matchmaking.partnerships.choices import OutcomeState, State
from matchmaking.partnerships.models import Outcome, OutcomeStatement
from matchmaking.partnerships.services.outcomes import follow_outcomes
from tests.factories.accounts import MembershipFactory
from tests.matchmaking.partnerships.talks import talks

pytestmark = pytest.mark.django_db
SAID = {"answer": "yes", "delivered_amount": "8000", "value_band": "", "reason": "", "note": ""}


@pytest.fixture
def pair():
    found = talks()
    found.agree()
    return found


def address(pair, user, act=links.OUTCOME):
    token = links.link_token(act=act, key=pair.partnership.key, reader=user.pk)
    return reverse("web:partnerships:outcome_link", args=[token])


def test_the_mail_that_asks_leads_to_it_and_both_sides_complete_the_deal(pair, settings):
    follow_outcomes(on=pair.now.agreements.get().ends_on + timedelta(days=1))
    mail_pending()
    pattern, found = re.compile(rf"{re.escape(settings.SITE_ADDRESS)}(\S*/outcome/\S+)"), {}
    for user in (pair.buyer, pair.seller):
        (found[user],) = [link for one in mail.outbox if one.to == [user.email] for link in pattern.findall(one.body)]
    assert [Client().get(one).status_code for one in found.values()] == [200, 200]
    assert not OutcomeStatement.objects.exists()

    wrong = Client().post(found[pair.buyer], {**SAID, "delivered_amount": "lots"})
    assert (wrong.status_code, "lots" in wrong.content.decode()) == (422, True)
    told = [Client().post(one, SAID).status_code for one in found.values()]

    assert (told, pair.now.state) == ([200, 200], State.COMPLETED)
    assert {one.stated_by for one in OutcomeStatement.objects.all()} == {pair.buyer, pair.seller}
    assert (Outcome.objects.get().state, Outcome.objects.get().confirmed_amount) == (
        OutcomeState.CONFIRMED,
        Decimal(8000),
    )


def test_once_told_it_changes_nothing_unless_the_two_differ(pair):
    link = address(pair, pair.buyer)
    assert Client().post(link, {**SAID, "answer": "not_yet"}).status_code == 200
    assert Client().post(link, SAID).status_code == 200
    assert [Client().get(link).status_code, Client().post(link, SAID).status_code] == [409, 409]
    Client().post(address(pair, pair.seller), {**SAID, "delivered_amount": "300"})
    assert Outcome.objects.get().state == OutcomeState.DISPUTED
    assert Client().post(link, {**SAID, "delivered_amount": "300"}).status_code == 200
    assert pair.now.state == State.COMPLETED


def test_no_other_link_and_nobody_else_tells_it(pair, monkeypatch):
    viewer = MembershipFactory(enterprise=pair.now.need.enterprise, viewer=True).user
    wrong = [
        address(pair, pair.buyer, act="postings.confirm"),
        address(pair, MembershipFactory().user),
        address(pair, viewer),
        address(pair, pair.buyer)[:-2] + "/",
        reverse("web:partnerships:outcome_link", args=["no-such-token"]),
    ]
    good = address(pair, pair.buyer)
    assert [Client().post(one, SAID).status_code for one in wrong] == [409] * len(wrong)
    pages = {Client().get(one).content.decode().count(pair.now.need.title) for one in wrong}
    monkeypatch.setattr(links, "LINK_VALID", timedelta(seconds=-1))
    assert (pages, Client().post(good, SAID).status_code) == ({0}, 409)
    assert not OutcomeStatement.objects.exists()
