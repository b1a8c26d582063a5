"""Notices on their page, and how they lead to what they tell of."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import Topic
from tests.factories.accounts import (
    MembershipFactory,
    NoticeFactory,
)

pytestmark = pytest.mark.django_db


def test_a_notice_is_marked_as_read_acts_for_its_firm_and_leads_to_its_page(signed_in, firm):
    second = MembershipFactory(user=firm.user)
    notice = NoticeFactory(reader=firm.user, route="web:accounts:members", facts={"enterprise": second.enterprise.key})
    client = signed_in(firm.user)

    answer = client.get(f"/me/notices/{notice.pk}/")

    notice.refresh_from_db()
    assert answer["Location"] == "/me/members/"
    assert notice.read_at is not None
    assert client.session["acting_enterprise"] == second.enterprise.key


def test_a_notice_whose_page_has_gone_leads_to_the_workbench(signed_in, firm):
    notice = NoticeFactory(reader=firm.user, route="web:gone:page", thing_key="1")

    assert signed_in(firm.user).get(f"/me/notices/{notice.pk}/")["Location"] == "/me/"


def test_all_notices_are_marked_as_read_at_once(signed_in, firm):
    client = signed_in(firm.user)
    client.post("/me/notices/read/")

    assert firm.user.notices.unread().count() == 0


def test_the_count_asks_little_and_answers_only_with_news(signed_in, firm):
    client = signed_in(firm.user)
    NoticeFactory(reader=firm.user)
    count = firm.user.notices.unread().count()

    with CaptureQueriesContext(connection) as captured:
        same = client.get("/me/notices/unread/", {"seen": str(count)})
    other = client.get("/en/me/notices/unread/", {"seen": "0"})

    assert (same.status_code, same.content) == (204, b"")
    assert len(captured) <= 4
    assert (other.status_code, other["HX-Trigger"]) == (200, "notices")
    assert f"seen={count}" in other.content.decode()
    assert Client().get("/me/notices/unread/").status_code == 204


@pytest.mark.parametrize("language", ["", "/en"])
def test_mails_are_chosen_by_topic(signed_in, firm, language):
    client = signed_in(firm.user)
    page = client.get(f"{language}/me/mails/")
    chosen = dict.fromkeys(Topic.values, "daily")

    answer = client.post(f"{language}/me/mails/", chosen)
    wrong = client.post(f"{language}/me/mails/", {**chosen, "deals": "hourly"})

    firm.user.refresh_from_db()
    assert (page.status_code, answer.status_code, wrong.status_code) == (200, 302, 422)
    assert firm.user.mail_paces == chosen
