"""Notices on their page, and how they lead to what they tell of."""

import pytest

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
