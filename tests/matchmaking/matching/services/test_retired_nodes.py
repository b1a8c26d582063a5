"""A node that is no longer in use: postings that name it stay, match, and are shown; nobody may choose it anew."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.errors import Invalid
from common.reasons import Reason
from matchmaking.matching.services import snapshots
from matchmaking.matching.services.snapshots import build_snapshot
from matchmaking.matching.services.suggestions import explain_pair, suggestions_for
from matchmaking.postings.services.drafting import save_draft
from reference.models import ChainNode
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """A need and a capacity of one node, which was retired after both were published."""
    need, capacity = PostingFactory(), PostingFactory(capacity=True)
    assert need.node == capacity.node
    ChainNode.objects.filter(pk=need.node_id).update(retired_on=timezone.localdate() - timedelta(days=1))
    return need, capacity


@pytest.fixture
def owner(pair):
    return MembershipFactory(enterprise=pair[0].enterprise).user


@pytest.mark.parametrize("stored", [True, False], ids=["from a snapshot", "from the rows"])
def test_postings_of_a_retired_node_match_each_other_as_before(pair, owner, stored):
    need, capacity = pair
    if stored:
        build_snapshot()
    snapshots._held.clear()
    found = suggestions_for(posting=need, viewer=owner)
    assert [match.posting.number for match in found.matches] == [capacity.number]
    assert found.matches[0].parts[0].points == 26
    told = explain_pair(posting=need, counterpart=capacity, viewer=UserFactory(platform_admin=True))
    assert Reason.GAP_NODE_MISMATCH not in [gap.reason for gap in told.gaps]


def test_a_posting_of_a_node_whose_parent_was_retired_is_found_too(pair, owner):
    ChainNode.objects.update(retired_on=timezone.localdate())
    assert len(suggestions_for(posting=pair[0], viewer=owner).matches) == 1


@pytest.mark.parametrize("name", ["postings:need", "postings:edit"])
def test_the_pages_of_a_posting_name_the_retired_node(pair, owner, signed_in, name):
    answer = signed_in(owner).get(reverse(f"web:{name}", args=[pair[0].number]))
    assert answer.status_code == 200
    assert pair[0].node.name_zh in answer.content.decode()


def test_the_page_of_suggestions_shows_the_match(pair, owner, signed_in):
    answer = signed_in(owner).get(reverse("web:matching:matches", args=[pair[0].number]))
    assert answer.status_code == 200
    assert pair[1].title in answer.content.decode()


def test_a_retired_node_has_no_page_of_its_own_and_is_not_chosen_anew(pair, owner, signed_in):
    need = pair[0]
    page = reverse("web:insights:node", args=[need.node.chain.code, need.node.code])
    assert signed_in(owner).get(page).status_code == 404
    with pytest.raises(Invalid) as problem:
        save_draft(actor=owner, posting=need, values={"node": need.node.code})
    assert problem.value.fields == {"node": Reason.REFUSAL_UNKNOWN_CODE}
    save_draft(actor=owner, posting=need, values={"title": "another title"})
    need.refresh_from_db()
    assert need.title == "another title"
