"""Similar postings and counts beside filters at the REST door: what the pages show, for a system of the same firm."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from accounts.models import User
from matchmaking.matching.services.facets import facets_of
from matchmaking.matching.services.searching import found_numbers
from matchmaking.postings.filters import PostingFilter
from matchmaking.postings.queries.postings import listed_postings
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


def test_similar_postings_of_other_firms_one_each(partner):
    asked, other, hidden = PostingFactory.create_batch(3, title="Gear blanks")
    PostingFactory(title="Gear blanks", enterprise=other.enterprise)
    PostingFactory(title="Gear blanks", enterprise=partner.enterprise)
    hidden.hidden_from.add(partner.enterprise)
    answer = partner.ask(f"postings/{asked.number}/similar/")
    assert answer.status_code == 200
    told = [(row["posting"]["enterprise"]["key"], row["more_from_firm"]) for row in answer.json()["results"]]
    assert told == [(other.enterprise.key, 1)]


@pytest.mark.parametrize("traits", [{"draft": True}, {"paused": True}])
def test_a_posting_that_is_not_shown_has_no_similar_ones(partner, traits):
    assert partner.ask(f"postings/{PostingFactory(**traits).number}/similar/").status_code == 404
    assert partner.ask("postings/NOSUCH0000/similar/").status_code == 404


@pytest.mark.parametrize(
    "query", ["", "&q=Gear", "&chain=AUTO", "&region=510000&subject=component", "&quantity_min=5000"]
)
def test_counts_are_those_of_the_page(partner, rf, query):
    PostingFactory.create_batch(3, title="Gear blanks")
    hidden = PostingFactory(title="Gear blanks")
    hidden.hidden_from.add(partner.enterprise)
    PostingFactory(capacity=True)
    for reader, enterprise in ((partner.owner, partner.enterprise), (AnonymousUser(), None)):
        partner.system.client.enterprise = enterprise
        partner.system.client.save()
        User.objects.filter(pk=partner.owner.pk).update(is_superuser=enterprise is None)
        request = rf.get("/")
        request.user = reader
        filters = PostingFilter(
            QueryDict(query),
            queryset=listed_postings(user=reader, direction="need"),
            request=request,
            reads=enterprise is not None,
            search=found_numbers,
        )
        page = facets_of(filters=filters, viewer=reader, direction="need")
        answer = partner.ask(f"postings/counts/?direction=need{query}")
        assert answer.status_code == 200, answer.content
        told = answer.json()
        assert told["total"] == page.total
        for name in ("chain", "node", "region", "subject", "certificates"):
            assert told[name] == [
                {"code": one.code, "count": one.count, "shown": one.shown} for one in getattr(page, name)
            ]


@pytest.mark.parametrize(
    ("query", "code"),
    [("", "required"), ("direction=sideways", "required"), ("direction=need&colour=red", "unknown_parameter"),
     ("direction=need&sort=newest", "unknown_parameter"), ("direction=need&region=999999", "invalid_choice")],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused(partner, query, code):
    answer = partner.ask(f"postings/counts/?{query}")
    assert answer.status_code == 400
    assert code in {error["code"] for error in answer.json()["errors"]}, answer.json()
