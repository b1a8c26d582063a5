"""Figures of talent: by chain and side of the border, and what came of it; small groups are not told apart."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from common.keeping import process_cache
from matchmaking.insights.choices import Place
from matchmaking.insights.queries.talent import read_figures, talent_figures, talent_listed
from matchmaking.partnerships.choices import OutcomeState, State
from matchmaking.partnerships.models import Outcome
from matchmaking.postings.choices import Subject
from reference.models import ChainNode, Region
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


def people(region, node="SVC.TALENT.ENGINEER", further=(), **traits):
    posting = PostingFactory(
        subject=Subject.TALENT,
        region=Region.objects.get(code=region),
        node=ChainNode.objects.get(code=node),
        **traits,
    )
    posting.further_nodes.set(ChainNode.objects.filter(code__in=further))
    return posting


def line(figures, chain):
    found = next(one for one in figures.lines if one.chain.code == chain)
    return {place: (pair.capacities.shown, pair.needs.shown) for place, pair in found.pairs}


def test_a_posting_counts_for_each_chain_that_it_names_and_on_its_side():
    for _ in range(3):
        people("510600", further=["EQUIP.PROC.HEAT", "EQUIP.PROC.FORGE"], capacity=True)
        people("500116")
    people("500116", capacity=True)
    PostingFactory(capacity=True)

    figures = read_figures()

    assert line(figures, "EQUIP") == {Place.SICHUAN: (3, 0), Place.CHONGQING: (0, 0)}
    assert line(figures, "SVC") == {Place.SICHUAN: (3, 0), Place.CHONGQING: (None, 3)}


def test_what_came_of_it_is_told_by_direction_from_three_firms_on_each_side_on():
    def pair(**traits):
        supply, need = people("510600", capacity=True), people("500116")
        return PartnershipFactory(introduced=True, need=need, capacity=supply, **traits)

    for _ in range(3):
        pair()
    day = timezone.localdate()
    told = {"state": OutcomeState.CONFIRMED, "due_on": day, "confirmed_on": day, "confirmed_amount": 4}
    Outcome.objects.create(partnership=pair(state=State.COMPLETED), **told)
    PartnershipFactory(introduced=True)

    dealt = {(one.supply, one.need): (one.introduced, one.confirmed) for one in read_figures().dealt}

    assert dealt[Place.SICHUAN, Place.CHONGQING] == (4, None)
    assert dealt[Place.CHONGQING, Place.SICHUAN] == (0, 0)


def test_figures_cost_the_same_however_many_postings_there_are(django_assert_max_num_queries):
    for _ in range(4):
        people("510600", further=["EQUIP.PROC.HEAT"], capacity=True)
    process_cache.clear()

    with django_assert_max_num_queries(4):
        figures = talent_figures()

    assert line(figures, "SVC")[Place.SICHUAN] == (4, 0)


def test_the_list_is_narrowed_by_direction_and_province():
    offered, sought = people("510600", capacity=True), people("500116")
    people("510600", capacity=True, draft=True)
    reader = AnonymousUser()

    assert list(talent_listed(user=reader)) == [sought, offered]
    assert list(talent_listed(user=reader, direction="capacity", province="510000")) == [offered]
    assert list(talent_listed(user=reader, direction="capacity", province="500000")) == []
