"""Words of the sample catalogue find every posting that holds them, on either database: recall 1.0 (acceptance B18)."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
import rjieba
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from matchmaking.matching.services.searching import found_numbers
from matchmaking.postings.filters import PostingFilter
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.postings import live_postings
from reference.models import ChainNode
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db

PRODUCT_WORDS = Path(__file__).with_name("product_words.txt").read_text(encoding="utf-8").split()
NAMED = ("轴承", "玩具", "代工")
HAN = re.compile(r"[\u3400-\u9fff]+")
COMMON = 12
"""A word in more postings than these says nothing of a product."""


def catalogue():
    rows = []
    for name in ("capacities", "needs"):
        told = json.loads((settings.FIXTURES / "demo" / f"{name}.json").read_text(encoding="utf-8"))
        rows += [{**row, "direction": "need" if name == "needs" else "capacity"} for row in told]
    return rows


def words_of(rows):
    """Words of the catalogue that stand for products and processes: in few postings, no units; and our own list's."""
    used = Counter()
    for row in rows:
        text = f"{row['title']} {row['text']}"
        used.update({word for run in HAN.findall(text) for word in rjieba.cut(run) if len(word) > 1})
    texts = " ".join(f"{row['title']} {row['text']}" for row in rows)
    own = {word for word, count in used.items() if count <= COMMON and not re.search(rf"\d兆?{word}", texts)}
    return sorted(own | {word for word in (*PRODUCT_WORDS, *NAMED) if any(word in row["title"] for row in rows)})


def test_each_of_two_hundred_words_of_the_catalogue_finds_all_that_hold_it(rf):
    rows, firm, node = catalogue(), EnterpriseFactory(), ChainNode.objects.get(code="SVC.TEST")
    for row in rows:
        PostingFactory(direction=row["direction"], title=row["title"], text=row["text"], node=node, enterprise=firm)
    words = words_of(rows)
    assert len(words) >= 200
    assert sum(len(word) == 2 for word in words) >= 150
    assert set(NAMED) <= {*words, *PRODUCT_WORDS}
    missed, held = [], 0
    for user, titles_only in ((MembershipFactory().user, False), (AnonymousUser(), True)):
        request = rf.get("/")
        request.user = user
        numbers = dict(Posting.objects.values_list("number", "title"))
        texts = dict(Posting.objects.values_list("number", "text"))
        for word in words:
            holding = {
                number
                for number, title in numbers.items()
                if word in title or (not titles_only and word in texts[number])
            }
            held += len(holding)
            rows_found = PostingFilter(
                {"q": word}, queryset=live_postings(user=user), request=request, search=found_numbers
            ).qs
            found = set(rows_found.order_by().values_list("number", flat=True))
            missed += [(word, numbers[number]) for number in holding - found]
    assert missed == []
    assert held > 400


@pytest.mark.parametrize("word", NAMED)
def test_the_words_of_two_characters_that_were_promised_are_found(rf, word):
    user = AnonymousUser()
    request = rf.get("/")
    request.user = user
    holding = PostingFactory(title=f"精密{word}订单")
    PostingFactory(title="另一条")
    filters = PostingFilter({"q": word}, queryset=live_postings(user=user), request=request, search=found_numbers)
    assert list(filters.qs.values_list("number", flat=True)) == [holding.number]
    assert filters.found is not None


def test_a_word_at_the_end_of_the_longest_description_is_found(rf):
    request = rf.get("/")
    request.user = MembershipFactory().user
    holding = PostingFactory(text=f"{'示例文字。' * 1_599}轴承")
    rows = live_postings(user=request.user)
    filters = PostingFilter({"q": "轴承"}, queryset=rows, request=request, search=found_numbers)
    assert list(filters.qs.values_list("number", flat=True)) == [holding.number]
