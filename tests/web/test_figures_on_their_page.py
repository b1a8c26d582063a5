"""Figures whose list stands on the same page, or in a part of another, lead to it."""

import re

import pytest

from tests.factories.accounts import MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from web.views.accounts.workbench import MOST_TODOS

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="([^"]*#h-todo)"')


def rows(html):
    return html.split('id="h-todo"')[1].split("</section>")[0].count("<li")


def test_what_waits_is_counted_by_a_link_that_shows_all_of_it(signed_in):
    owner = MembershipFactory()
    for _each in range(MOST_TODOS + 2):
        PartnershipFactory(need=PostingFactory(enterprise=owner.enterprise), opened_by="capacity")
    client = signed_in(owner.user)
    html = client.get("/en/me/").content.decode()
    address = LINK.search(html)[1]
    assert (address, rows(html)) == ("?waiting=all#h-todo", MOST_TODOS)
    whole = client.get("/en/me/?waiting=all").content.decode()
    assert rows(whole) > MOST_TODOS
    assert f"<b>{rows(whole)}</b>" in whole
    assert LINK.search(whole)[1] == "#h-todo"
