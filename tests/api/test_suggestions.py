"""Suggestions for partners: what the page's service gives, for one's own postings only."""

import pytest
from django.urls import reverse

from accounts.choices import Role
from accounts.models import Change
from common.reason_texts import text_of
from common.reasons import Reason
from matchmaking.matching.services.snapshots import build_snapshot
from matchmaking.matching.services.suggestions import suggestions_for
from matchmaking.matching.services.vectors import encode_postings
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_suggestions_equal_those_of_the_page_with_reasons_in_the_language_asked_for(partner, market, language):
    encode_postings()
    answer = partner.ask(f"postings/{market['need'].number}/suggestions/", **{"Accept-Language": language})

    page = suggestions_for(posting=market["need"], viewer=partner.owner)
    assert answer.status_code == 200
    told = answer.json()
    assert told["words_only"] is False
    assert [row["posting"]["number"] for row in told["matches"]] == [match.posting.number for match in page.matches]
    assert market["capacity"].number in [row["posting"]["number"] for row in told["matches"]]
    for row, match in zip(told["matches"], page.matches, strict=True):
        assert (row["points"], row["grade"]) == (str(match.points), match.grade)
        assert [(part["factor"], part["points"]) for part in row["parts"]] == [
            (part.factor, str(part.points)) for part in match.parts
        ]
        assert (row["text"], row["words_only"]) == (match.text, False)
        for name in ("reasons", "gaps", "hints"):
            assert [(note["code"], note["text"]) for note in row[name]] == [
                (note.reason.value, text_of(note.reason, language, note.facts)) for note in getattr(match, name)
            ]


def test_suggestions_of_a_text_that_nobody_read_yet_say_so(partner, market):
    told = partner.ask(f"postings/{market['need'].number}/suggestions/").json()
    assert told["words_only"] is True
    assert {(row["text"]["encoder"], row["words_only"]) for row in told["matches"]} == {(None, True)}


def test_suggestions_to_a_system_do_not_depend_on_other_firms_of_the_person_who_made_it(partner, market):
    second = MembershipFactory(user=partner.owner).enterprise
    market["capacity"].hidden_from.add(second)

    told = partner.ask(f"postings/{market['need'].number}/suggestions/").json()

    assert market["capacity"].number in [row["posting"]["number"] for row in told["matches"]]


def test_suggestions_of_another_firms_posting_are_answered_like_a_number_that_is_none(partner, market):
    foreign = partner.ask(f"postings/{market['foreign'].number}/suggestions/")
    missing = partner.ask("postings/0000000000/suggestions/")

    assert (foreign.status_code, foreign.content) == (404, missing.content)


def test_suggestions_of_a_draft_are_refused(partner, market):
    draft = PostingFactory(draft=True, enterprise=partner.enterprise)

    answer = partner.ask(f"postings/{draft.number}/suggestions/")

    assert (answer.status_code, answer.json()["code"]) == (409, Reason.REFUSAL_WRONG_STATE)


def test_suggestions_need_their_own_scope(make_partner):
    narrow = make_partner(scopes=("postings:read",))
    need = PostingFactory(enterprise=narrow.enterprise)

    assert narrow.ask(f"postings/{need.number}/suggestions/").status_code == 403


def test_reading_suggestions_changes_nothing(partner, market):
    before = Change.objects.count()

    partner.ask(f"postings/{market['need'].number}/suggestions/")

    assert Change.objects.count() == before


@pytest.mark.parametrize("fit_only", [False, True])
@pytest.mark.parametrize("role", list(Role))
def test_suggestions_of_several_postings_are_those_that_each_member_sees_on_the_page(
    partner, market, signed_in, role, fit_only
):
    own = [market["need"], *(PostingFactory(enterprise=partner.enterprise, capacity=True) for _ in range(2))]
    PostingFactory.create_batch(3, capacity=True)
    PostingFactory.create_batch(2)
    build_snapshot()
    member = signed_in(MembershipFactory(enterprise=partner.enterprise, role=role).user)

    for posting in own:
        kind = "matches" if posting.is_need else "capacity_matches"
        page = member.get(reverse(f"web:matching:{kind}", args=[posting.number]) + ("?fit_only=1" if fit_only else ""))
        told = partner.ask(f"postings/{posting.number}/suggestions/" + ("?fit_only=true" if fit_only else "")).json()
        panel = page.context["panel"]
        for name, cards in (
            ("matches", panel.cards),
            ("near_misses", panel.near_misses),
            ("neighbours", panel.neighbours),
        ):
            assert [(row["posting"]["number"], row["points"], row["grade"]) for row in told[name]] == [
                (card.match.posting.number, str(card.match.points), card.match.grade) for card in cards
            ], (posting.number, name)
        assert told["matches"]
