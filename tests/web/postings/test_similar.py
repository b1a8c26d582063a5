"""Similar postings on a posting's page: filled in where they stand, a page without scripts, each reader's own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


def page(client, posting, **headers):
    return client.get(f"/en/postings/{posting.number}/similar/", headers=headers).content.decode()


def test_a_posting_leads_to_similar_ones_which_stand_there_with_scripts_and_on_a_page_without(client):
    asked, other = PostingFactory(title="Gear blanks"), PostingFactory(title="Gear blanks two")
    shown = client.get(f"/en/needs/{asked.number}/").content.decode()
    assert f'hx-get="/en/postings/{asked.number}/similar/"' in shown
    assert f'<a href="/en/postings/{asked.number}/similar/">' in shown
    whole, part = page(client, asked), page(client, asked, HX_Request="true")
    assert "<h1>Similar needs</h1>" in whole
    assert "<h1" not in part
    for html in (whole, part):
        assert f"/en/needs/{other.number}/" in html


def test_it_says_so_where_nothing_is_similar(client):
    assert "No other firm looks for something like this" in page(client, PostingFactory())
    assert "No other firm offers something like this" in page(client, PostingFactory(capacity=True))


def test_a_reader_finds_nothing_of_their_own_firm_and_nothing_that_is_hidden_from_it(client, signed_in):
    reader = MembershipFactory()
    asked, own, hidden, shown = PostingFactory.create_batch(4, title="Gear blanks")
    own.enterprise = reader.enterprise
    own.save()
    hidden.hidden_from.add(reader.enterprise)
    told = page(signed_in(reader.user), asked)
    assert shown.number in told
    assert own.number not in told
    assert hidden.number not in told
    assert hidden.number in page(client, asked)


def test_a_posting_that_the_reader_may_not_open_has_no_similar_ones(client):
    assert client.get(f"/en/postings/{PostingFactory(draft=True).number}/similar/").status_code == 404


def test_a_visitor_reads_classes_and_prefectures(client, signed_in):
    asked = PostingFactory(title="Gear blanks")
    PostingFactory(title="Gear blanks two", quantity_amount=9413)
    assert "9,413" not in page(client, asked)
    assert "9,413" in page(signed_in(MembershipFactory().user), asked)


def test_more_of_the_same_firm_is_told_as_a_count(client):
    asked, other = PostingFactory(title="Gear blanks"), PostingFactory(title="Gear blanks two")
    PostingFactory.create_batch(2, title="Gear blanks three", enterprise=other.enterprise)
    assert "2 more similar postings of this firm" in page(client, asked)


def test_an_empty_draft_of_ones_own_has_none(signed_in):
    draft = PostingFactory(draft=True, node=None, unit=None, quantity_amount=None)
    member = MembershipFactory(enterprise=draft.enterprise)
    assert "No other firm" in page(signed_in(member.user), draft)


def test_the_database_is_asked_the_same_for_few_and_for_many(client):
    asked = PostingFactory(title="Gear blanks")

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as told:
            page(client, asked)
        return len(told)

    PostingFactory(title="Gear blanks two")
    page(client, asked)
    few = queries()
    PostingFactory.create_batch(12, title="Gear blanks three")
    assert queries() == few <= 6
