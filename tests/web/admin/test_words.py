"""Words without a term in the administration: a list with counts, placing on the page, ignoring by an action."""

import pytest
from django.urls import reverse

from matchmaking.matching.choices import WordState
from matchmaking.matching.models import UnplacedWord
from reference.models import GlossaryTerm
from tests.factories.accounts import UserFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
LIST = "admin:matching_unplacedword_changelist"


@pytest.fixture
def word():
    """A word that waits."""
    return UnplacedWord.objects.create(word="蜡染", firms=4, postings=6, sample=PostingFactory())


@pytest.fixture
def platform(signed_in):
    """A client of a platform administrator with a second factor."""
    return signed_in(UserFactory(platform_admin=True, totp=True))


def test_the_list_shows_counts_and_a_sample(platform, word):
    page = platform.get(reverse(LIST)).content.decode()

    assert all(text in page for text in ("蜡染", ">4<", ">6<", str(word.sample)))


def test_a_word_is_placed_at_a_node_on_its_page_and_then_only_read(platform, word):
    address = reverse("admin:matching_unplacedword_change", args=[word.pk])
    without = platform.post(address, {"term": "", "node": "CONS.TEXTILE.DYE", "translation": "", "facet": "process"})
    assert without.status_code == 200

    platform.post(address, {"term": "", "node": "CONS.TEXTILE.DYE", "translation": "batik", "facet": "process"})

    word.refresh_from_db()
    assert (word.state, word.term.term_en) == (WordState.PLACED, "batik")
    assert platform.post(address, {"term": "", "node": "", "translation": "", "facet": "part"}).status_code == 403
    assert platform.get(address).status_code == 200


def test_a_word_becomes_another_name_of_a_term(platform, word):
    term = GlossaryTerm.objects.get(term_zh="印染")

    platform.post(reverse("admin:matching_unplacedword_change", args=[word.pk]), {"term": term.pk, "facet": "part"})

    term.refresh_from_db()
    assert "蜡染" in term.aliases_zh


def test_words_are_ignored_after_a_yes(platform, word):
    data = {"action": "ignore", "_selected_action": word.pk}
    assert platform.post(reverse(LIST), data).status_code == 200
    word.refresh_from_db()
    assert word.state == WordState.WAITING

    platform.post(reverse(LIST), {**data, "confirmed": "yes"})

    word.refresh_from_db()
    assert word.state == WordState.IGNORED


def test_nobody_else_reads_the_list(signed_in, word):
    assert signed_in(UserFactory()).get(reverse(LIST)).status_code in (302, 403, 404)
