"""Words without a term: counted by firms, placed under a term or a node, ignored; decided ones stay decided."""

import pytest
from django.core.management import call_command

from accounts.models import Change
from common.errors import Invalid, Refused
from matchmaking.matching.choices import WordState
from matchmaking.matching.models import UnplacedWord
from matchmaking.matching.services.words import collect_unplaced_words, ignore_word, place_word
from matchmaking.postings.choices import Status
from reference.choices import Facet
from reference.models import ChainNode, GlossaryTerm
from tests.factories.accounts import UserFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def platform():
    """A platform administrator."""
    return UserFactory(platform_admin=True, totp=True)


@pytest.fixture
def said():
    """A word that the postings of three firms use, one of them twice."""
    first = PostingFactory(title="蜡染坊", text="蜡染坊")
    PostingFactory(title="蜡染坊", text="", enterprise=first.enterprise)
    for _ in range(2):
        PostingFactory(title="蜡染坊加工", text="batiking wanted")
    collect_unplaced_words()
    return UnplacedWord.objects.get(word="蜡染")


def test_words_of_three_firms_are_collected_with_counts_and_a_sample(said):
    assert (said.firms, said.postings, said.state) == (3, 4, WordState.WAITING)
    assert "蜡染坊" in said.sample.title
    assert not UnplacedWord.objects.filter(word__in=["加工", "batiking", "wanted"]).exists()


def test_counting_again_changes_counts_and_drops_what_too_few_firms_say(said):
    said.sample.status = Status.CLOSED
    said.sample.save()

    assert collect_unplaced_words() == UnplacedWord.objects.filter(state=WordState.WAITING).count()
    assert not UnplacedWord.objects.filter(word="蜡染").exists()


def test_a_word_placed_under_a_term_is_another_name_of_it_and_does_not_come_back(said, platform):
    term = GlossaryTerm.objects.get(term_zh="印染")

    place_word(row=said, actor=platform, term=term)
    call_command("collect_words")

    said.refresh_from_db()
    term.refresh_from_db()
    assert ("蜡染" in term.aliases_zh, "laran" in term.pinyin_full) == (True, True)
    assert (said.state, said.term, said.decided_by) == (WordState.PLACED, term, platform)
    assert Change.objects.filter(facts__word="蜡染").count() == 1


def test_a_word_placed_at_a_node_becomes_a_term_in_both_languages(said, platform):
    node = ChainNode.objects.get(code="CONS.TEXTILE.DYE")

    term = place_word(row=said, actor=platform, node=node, translation=" batik ", facet=Facet.PROCESS)

    assert (term.term_zh, term.term_en, term.chain.code, term.facet) == ("蜡染", "batik", "CONS", Facet.PROCESS)


def test_a_word_needs_a_term_or_a_node_with_a_translation(said, platform):
    with pytest.raises(Invalid):
        place_word(row=said, actor=platform, node=ChainNode.objects.first())

    said.refresh_from_db()
    assert said.state == WordState.WAITING


def test_an_ignored_word_stays_ignored(said, platform):
    ignore_word(row=said, actor=platform)
    collect_unplaced_words()

    said.refresh_from_db()
    assert said.state == WordState.IGNORED


@pytest.mark.parametrize("act", [place_word, ignore_word])
def test_only_platform_administrators_decide(act, said):
    with pytest.raises(Refused):
        act(row=said, actor=UserFactory())
