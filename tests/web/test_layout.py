"""Top and foot of pages: kept HTML holds nobody's token or address, and each reader sees their own menu."""

import re

import pytest
from django.template import Context
from django.utils.translation import override

from accounts.choices import Role
from matchmaking.postings.services.publishing import publish_posting
from tests.factories.accounts import MembershipFactory, NoticeFactory
from tests.factories.postings import PostingFactory
from web.templatetags.layout import CSRF, HERE, OTHER_LANGUAGE, Reader, app_bar, foot

pytestmark = pytest.mark.django_db


def drawn(**told):
    context = Context({"reader": Reader, "theme": "auto", "csrf_token": "", **told})
    return str(app_bar(context)) + str(foot(context))


def test_each_page_gets_its_own_token_and_addresses():
    first = drawn(csrf_token="one-token", here="/needs/?q=<b>", other_language_address="/en/needs/?q=<b>")
    second = drawn(csrf_token="two-token", here="/parks/", other_language_address="/en/parks/")
    assert "one-token" in first
    assert "one-token" not in second
    assert "/needs/?q=&lt;b&gt;" in first
    assert "<b>" not in first
    assert '"/en/parks/"' in second
    assert not re.search(f"{CSRF}|{HERE}|{OTHER_LANGUAGE}", first + second)


def test_the_page_of_an_error_without_a_request_has_a_bar_and_no_form():
    context = Context({})
    assert "/accounts/login/" in app_bar(context)
    assert "<form" not in foot(context)


def test_the_language_of_the_page_is_that_of_the_bar():
    with override("en"):
        english = drawn()
    assert "Workbench" not in english
    assert ">Needs<" in english
    assert ">Needs<" not in drawn()


def test_a_menu_follows_its_reader(signed_in):
    first, second = MembershipFactory(role=Role.OWNER), MembershipFactory(role=Role.VIEWER)
    NoticeFactory(reader=second.user)
    for member, other in ((first, second), (second, first)):
        page = signed_in(member.user).get("/help/").content.decode()
        assert member.enterprise.name in page
        assert other.enterprise.name not in page
        assert ('class="count"' in page) is (member is second)


def test_a_home_page_shows_what_was_published_a_moment_ago_and_not_what_is_hidden_from_the_reader(client, signed_in):
    reader = MembershipFactory()
    member = signed_in(reader.user)
    member.get("/")
    hidden = PostingFactory(title="Hidden from one", draft=True)
    hidden.hidden_from.add(reader.enterprise)
    for posting in (hidden, PostingFactory(title="Shown to everybody", draft=True)):
        publish_posting(posting=posting, actor=MembershipFactory(enterprise=posting.enterprise).user)
    page = member.get("/").content.decode()
    assert "Shown to everybody" in page
    assert "Hidden from one" not in page
    assert "Hidden from one" in client.get("/").content.decode()
