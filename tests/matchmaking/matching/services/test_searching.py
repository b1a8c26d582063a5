"""The search box over real rows: two hundred product words, pinyin, slips, and nothing that a reader may not see."""

from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.choices import MembershipStatus
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.searching import Search, found
from matchmaking.matching.services.searching import found_numbers
from matchmaking.matching.services.suggestions import publish_and_suggest
from matchmaking.postings.filters import PostingFilter
from matchmaking.postings.models import Posting
from matchmaking.postings.services.publishing import pause_posting
from reference.models import ChainNode
from tests.factories.accounts import CoordinatorGrantFactory, EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.matching import capacity_row, reference_taxonomy
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db

PRODUCT_WORDS = Path(__file__).with_name("product_words.txt").read_text(encoding="utf-8").split()
"""Words by which firms of the region look for products and services."""


def test_each_of_two_hundred_product_words_finds_every_posting_that_holds_it():
    assert len(set(PRODUCT_WORDS)) == 200
    titles = [f"示例{word}订单" for word in PRODUCT_WORDS]
    rows = [capacity_row(key=f"K{at:09d}", title=title, text=title) for at, title in enumerate(titles)]
    market = build_market(rows, reference_taxonomy())
    for titles_only in (False, True):
        for word in PRODUCT_WORDS:
            holding = {row.key for row in rows if word in row.title}
            assert holding <= set(found(Search(word, titles_only=titles_only), market) or ()), word


@pytest.mark.parametrize("words", ["压铸", "壓鑄", "yazhu", "die casting", "ｄｉｅ ｃａｓｔｉｎｇ", "motor housings"])
def test_a_node_is_found_by_its_names_pinyin_and_script(words):
    node = ChainNode.objects.get(code="EQUIP.PROC.DIECAST")
    posting = PostingFactory(node=node, title="示例")
    PostingFactory(title="示例")
    assert posting.number in (found_numbers(words, titles_only=True) or [])


def test_a_slip_is_forgiven_where_nothing_else_is_found():
    node = ChainNode.objects.get(code="EQUIP.PROC.DIECAST")
    posting = PostingFactory(node=node, title="示例")
    assert posting.number in (found_numbers("die castnig", titles_only=True) or [])


def test_a_posting_is_found_at_once_and_no_more_once_it_is_paused():
    draft = PostingFactory(draft=True, title="罕见词示例")
    assert found_numbers("罕见词", titles_only=True) == []
    owner = MembershipFactory(enterprise=draft.enterprise).user
    publish_and_suggest(posting=draft, actor=owner)
    assert found_numbers("罕见词", titles_only=True) == [draft.number]
    pause_posting(posting=draft, actor=owner)
    assert found_numbers("罕见词", titles_only=True) == []


def readers():
    """One posting of each kind that somebody may not see, and everybody who searches."""
    shown = PostingFactory(title="罕见词示例")
    firm = MembershipFactory()
    hidden = PostingFactory(title="罕见词示例")
    hidden.hidden_from.add(firm.enterprise)
    PostingFactory(title="罕见词示例", draft=True)
    PostingFactory(title="罕见词示例", paused=True)
    PostingFactory(title="罕见词示例", enterprise=EnterpriseFactory(suspended=True))
    PostingFactory(title="另一条", text="罕见词")
    return {
        "visitor": AnonymousUser(),
        "without a firm": UserFactory(),
        "firm hidden from": firm.user,
        "owner": MembershipFactory(enterprise=shown.enterprise).user,
        "viewer": MembershipFactory(enterprise=hidden.enterprise, viewer=True, status=MembershipStatus.ACTIVE).user,
        "coordinator": CoordinatorGrantFactory().user,
        "platform": UserFactory(platform_admin=True),
    }


def test_what_is_found_is_what_the_reader_may_see(rf):
    for name, user in readers().items():
        request = rf.get("/")
        request.user = user
        visible = Posting.objects.visible_to(user).live()
        asked = {"queryset": visible, "request": request}
        by_engine = PostingFilter({"q": "罕见词"}, search=found_numbers, **asked)
        by_texts = PostingFilter({"q": "罕见词"}, **asked)
        assert by_engine.found is None
        assert set(by_engine.qs) == set(by_texts.qs), name
        assert by_engine.found is not None
