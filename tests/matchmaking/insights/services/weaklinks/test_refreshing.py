"""However postings come, move and go: what is counted from the changes equals what is counted from scratch."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.choices import Verb
from accounts.services.changes import record_change, unit_of_work
from matchmaking.insights.models import CountedPosting, WeakLink, WeakLinkRun, WeakLinkWeek
from matchmaking.insights.services.weaklinks import refreshing
from matchmaking.insights.services.weaklinks.refreshing import FIGURES, refresh_weak_links
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.choices import Direction, Period, Status, Visibility
from matchmaking.postings.models import Posting
from reference.models import ChainNode
from tests.factories.accounts import EnterpriseFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory, days_from_today
from tests.factories.reference import ChainLinkFactory, ChainNodeFactory, RegionFactory, UnitFactory

pytestmark = pytest.mark.django_db

CODES = ("XW", "XW.A", "XW.A.1", "XW.A.1.A", "XW.A.2", "XW.B", "XW.B.1", "XV.C")


@pytest.fixture
def nodes():
    """Two chains and no other; XW.A.1 is supplied by XW.B.1, and that by XV.C."""
    ChainNode.objects.update(retired_on=days_from_today(-1))
    made = {}
    for code in ("XV", *CODES):
        made[code] = ChainNodeFactory(code=code, parent=made.get(code.rpartition(".")[0]))
    ChainLinkFactory(supplier=made["XW.B.1"], consumer=made["XW.A.1"])
    ChainLinkFactory(supplier=made["XV.C"], consumer=made["XW.B.1"])
    return made


@unit_of_work
def tell(thing, enterprise=None):
    """A change of ``thing``, as a service records it."""
    record_change(thing=thing, verb=Verb.CHANGED, actor=None, enterprise=enterprise)


@contextmanager
def undone():
    """Whatever one example writes is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows():
    return {
        (row.node.code, row.place): {name: getattr(row, name) for name in FIGURES}
        for row in WeakLink.objects.select_related("node")
    }


def postings():
    return {row.number: (row.nodes, row.blocks) for row in CountedPosting.objects.all()}


def row(code, place=""):
    return WeakLink.objects.get(node__code=code, place=place)


acts = st.one_of(
    st.fixed_dictionaries(
        {
            "act": st.just("post"),
            "need": st.booleans(),
            "node": st.sampled_from(CODES),
            "further": st.lists(st.sampled_from(CODES), max_size=2, unique=True),
            "region": st.sampled_from(("510104", "500112", "900101")),
            "amount": st.sampled_from((1, 40, 5000)),
            "unit": st.sampled_from(("XPCS", "XKG")),
            "period": st.sampled_from(Period.values),
            "days": st.sampled_from((None, 10, 400)),
            "firm": st.integers(0, 4),
            "alias": st.booleans(),
            "early": st.booleans(),
            "stale": st.booleans(),
        }
    ),
    st.tuples(
        st.sampled_from(("close", "pause", "move", "grow", "further", "suspend", "restore", "answer", "delete")),
        st.integers(0, 30),
        st.sampled_from(CODES),
    ),
)


def act_out(act, firms, nodes):
    """One thing that people do, told as the services tell it."""
    if isinstance(act, dict):
        posted(act, firms, nodes)
        return
    name, at, code = act
    made = list(Posting.objects.order_by("pk"))
    if name in ("suspend", "restore"):
        firm = firms[at % len(firms)]
        firm.suspended_at = timezone.now() if name == "suspend" else None
        firm.save()
        tell(firm, firm)
    elif made:
        changed(name, made[at % len(made)], made, nodes[code])


def posted(act, firms, nodes):
    posting = PostingFactory(
        direction=Direction.NEED if act["need"] else Direction.CAPACITY,
        enterprise=firms[act["firm"]],
        node=nodes[act["node"]],
        region=RegionFactory(code=act["region"]),
        quantity_amount=Decimal(act["amount"]),
        unit=UnitFactory(code=act["unit"]),
        period=act["period"],
        window_end=act["days"] and days_from_today(act["days"]),
        visibility=Visibility.ALIAS if act["alias"] else Visibility.NAMED,
        opens_on=days_from_today(3) if act["early"] else None,
        stale=act["stale"],
        published_at=timezone.now() - timedelta(days=act["amount"] % 7),
    )
    posting.further_nodes.set([nodes[code] for code in act["further"]])
    tell(posting, posting.enterprise)


def changed(name, posting, made, node):
    if name == "delete":
        Partnership.objects.filter(Q(need=posting) | Q(capacity=posting)).delete()
        tell(posting, posting.enterprise)
        posting.delete()
        return
    if name == "answer":
        others = [one for one in made if one.is_need != posting.is_need and one.enterprise != posting.enterprise]
        if not others:
            return
        need, capacity = (posting, others[0]) if posting.is_need else (others[0], posting)
        if Partnership.objects.filter(need=need, capacity=capacity).exists():
            return
        tell(PartnershipFactory(need=need, capacity=capacity, opened_by="capacity"), capacity.enterprise)
        return
    if name in ("close", "pause"):
        posting.status = Status.CLOSED if name == "close" else Status.PAUSED
        posting.end_reason = "end.need.withdrawn" if name == "close" else ""
    if name == "move":
        posting.node = node
    if name == "grow":
        posting.quantity_amount = 3 * posting.quantity_amount
    posting.save()
    if name == "further":
        posting.further_nodes.set([node])
    tell(posting, posting.enterprise)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a failing one takes longer than to read it
)
@given(st.lists(st.lists(acts, min_size=1, max_size=5), min_size=1, max_size=4))
def test_counted_by_changes_equals_counted_from_scratch(nodes, rounds):
    with undone():
        firms = [EnterpriseFactory() for _ in range(5)]
        refresh_weak_links()
        for acts_of_round in rounds:
            for act in acts_of_round:
                act_out(act, firms, nodes)
            refresh_weak_links()
        by_changes = rows(), postings()

        refresh_weak_links(whole=True)

        assert by_changes == (rows(), postings())


@pytest.fixture
def node(nodes):
    return nodes["XW.A.1"]


def here(node, region="510104", **fields):
    return PostingFactory(node=node, region=RegionFactory(code=region), **fields)


def test_coverage_tells_missing_thin_one_side_and_both(node):
    found = []
    for region in ("", "510104", "510104", "510104", "500112"):
        if region:
            here(node, region, capacity=True)
        refresh_weak_links(whole=True)
        found.append(row(node.code).coverage)

    assert found == ["missing", "thin", "thin", "one_side", "both_sides"]
    assert (row(node.code, "500000").coverage, row(node.code, "510000").coverage) == ("thin", "one_side")


def test_withdrawing_the_only_offer_turns_the_node_uncovered(node):
    offer = here(node, capacity=True)
    refresh_weak_links()
    before = row(node.code).score
    offer.status, offer.end_reason = Status.CLOSED, "end.need.withdrawn"
    offer.save()
    tell(offer, offer.enterprise)

    refresh_weak_links()

    assert row(node.code).coverage == "missing"
    assert row(node.code).score > before


def test_open_needs_raise_an_uncovered_node_and_are_told_with_their_reason(node):
    refresh_weak_links()
    before = row(node.code).score
    for _ in range(3):
        tell(here(node))

    refresh_weak_links()

    found = row(node.code)
    assert found.score > before
    assert (found.unmet, found.unmet_firms) == (3, 3)
    assert found.blocks == [{"reason": "gap.node.mismatch", "needs": 3, "firms": 3}]


def test_only_what_is_public_is_counted(node):
    closed = {"draft": True}, {"paused": True}, {"opens_on": days_from_today(2)}
    for fields in closed:
        here(node, **fields)
        here(node, capacity=True, **fields)
    here(node, enterprise=EnterpriseFactory(suspended_at=timezone.now()))
    here(node, window_start=days_from_today(-9), window_end=days_from_today(-1))

    refresh_weak_links(whole=True)

    assert (row(node.code).needs, row(node.code).capacities) == (0, 0)


def test_a_posting_that_opens_is_counted_on_its_day_without_any_change(node, monkeypatch):
    here(node, opens_on=days_from_today(1))
    refresh_weak_links()
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)

    refresh_weak_links()

    assert row(node.code).needs == 1


def test_from_whom_a_posting_is_hidden_moves_no_figure(node):
    need, offer = here(node), here(node, capacity=True)
    refresh_weak_links(whole=True)
    before = rows()
    need.hidden_from.add(offer.enterprise)

    refresh_weak_links(whole=True)

    assert row(node.code).unmet == 0
    assert rows() == before


def test_an_alias_is_a_firm_of_its_own(node):
    firm = EnterpriseFactory()
    for shown in (Visibility.NAMED, Visibility.ALIAS, Visibility.ALIAS):
        here(node, capacity=True, enterprise=firm, visibility=shown)

    refresh_weak_links(whole=True)

    assert row(node.code).suppliers == 2


def test_sealed_prices_and_amounts_inside_a_class_move_no_figure(node):
    need, offer = here(node, price_kind="sealed", price_max=Decimal(1)), here(node, capacity=True)
    refresh_weak_links(whole=True)
    before = rows()
    Posting.objects.filter(pk=offer.pk).update(
        price_kind="sealed", price_min=Decimal(9), quantity_amount=Decimal(29000)
    )
    Posting.objects.filter(pk=need.pk).update(quantity_amount=Decimal(4000))

    refresh_weak_links(whole=True)

    assert rows() == before


def test_needs_two_steps_down_the_chain_hang_on_a_thin_node(nodes):
    here(nodes["XW.A.1"])
    here(nodes["XW.B.1"])
    here(nodes["XV.C"], capacity=True)

    refresh_weak_links(whole=True)

    assert (row("XV.C").hanging, row("XW.B.1").hanging, row("XW.A.1").hanging) == (2, 2, 1)
    assert row("XV.C").parts["hanging"] == 2


def test_an_answer_is_counted_and_only_for_the_need_that_it_was_given_to(node):
    first, second = here(node), here(node)
    refresh_weak_links()
    tell(PartnershipFactory(need=first, capacity=here(node, capacity=True), opened_by="capacity"))

    refresh_weak_links()

    assert row(node.code).unanswered == 1
    assert second.number in postings()


def test_a_round_that_another_overtook_is_done_again(node, monkeypatch):
    refresh_weak_links()
    keep = refreshing.keep

    def overtaken(found, **told):
        monkeypatch.setattr(refreshing, "keep", keep)
        WeakLinkRun.objects.update(cursor=0)
        return keep(found, **told)

    tell(here(node))
    monkeypatch.setattr(refreshing, "keep", overtaken)

    refresh_weak_links()

    assert row(node.code).needs == 1


def test_the_first_round_of_a_week_keeps_its_rows_once(node):
    refresh_weak_links()
    kept = WeakLinkWeek.objects.count()
    here(node)
    refresh_weak_links(whole=True)

    assert kept == WeakLink.objects.count() == WeakLinkWeek.objects.count()
    assert WeakLinkWeek.objects.get(node=node, place="").score != row(node.code).score
