"""C1 (7): what the seed says of a car maker's suppliers stands in the ledger as quoted, with its note, and on no page
of matches, where figures come from live postings alone.
"""

import pytest

from matchmaking.insights.services.facts import load_facts
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
SAID = {
    "en": ("More than 270 suppliers", "the base of the figures is unclear"),
    "zh": ("长安汽车有270多家供应商", "数字的范围不明确"),
}


@pytest.mark.parametrize(("prefix", "language"), [("/en", "en"), ("", "zh")])
def test_c01_supplier_figures_of_the_seed_are_quoted_and_never_shown_beside_matches(
    client, signed_in, prefix, language
):
    load_facts()
    need = PostingFactory()
    owner = MembershipFactory(enterprise=need.enterprise).user
    ledger = client.get(f"{prefix}/figures/").content.decode()
    pages = [f"{prefix}/needs/{need.number}/matches/", f"{prefix}/needs/{need.number}/", f"{prefix}/needs/"]
    matches = [signed_in(owner).get(page).content.decode() for page in pages]

    assert [words in ledger for words in SAID[language]] == [True, True]
    assert [words in page for words in SAID[language] for page in matches] == [False] * 6
