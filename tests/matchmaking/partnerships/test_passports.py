"""What a capability passport tells: recorded steps under the firm's own name, of enough firms, and checked papers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import CheckState
from matchmaking.partnerships.choices import Act, OutcomeState, Side, State
from matchmaking.partnerships.models import Outcome, PartnershipEvent
from matchmaking.partnerships.queries.passports import (
    MOST_MACHINES,
    NodeOutcomes,
    first_samples_percent,
    outcomes_by_node,
    passport_facts,
)
from matchmaking.postings.models import Posting
from tests.factories.accounts import EnterpriseCertificateFactory, EnterpriseFactory, EquipmentFactory
from tests.factories.partnerships import PartnershipEventFactory, PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.factories.reference import ChainNodeFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def firm():
    return EnterpriseFactory()


def supplied(firm, buyer=None, **traits):
    """A partnership in which ``firm`` supplies ``buyer``, a new firm where none is named."""
    need = PostingFactory(enterprise=buyer) if buyer else PostingFactory()
    return PartnershipFactory(
        introduced=True, need=need, capacity=PostingFactory(capacity=True, enterprise=firm, **traits)
    )


def took(partnership, act, state=State.SAMPLING):
    return PartnershipEventFactory(
        partnership=partnership, act=act, from_state=state, to_state=state, side=Side.PLATFORM
    )


def confirmed(partnership, state=OutcomeState.CONFIRMED):
    Outcome.objects.create(partnership=partnership, state=state, due_on=TODAY, confirmed_amount=1, confirmed_on=TODAY)
    took(partnership, Act.COMPLETE, State.DELIVERING)
    return partnership


def changed(postings, **values):
    """As a form would save them: a version of each is kept."""
    for posting in postings:
        for name, value in values.items():
            setattr(posting, name, value)
        posting.save()


def capacities(firm):
    return list(Posting.objects.filter(enterprise=firm))


def test_a_node_is_told_from_three_other_firms_on_and_no_total_gives_another_away(firm):
    other = ChainNodeFactory(code="XN1")
    buyer = EnterpriseFactory()
    for one in (buyer, buyer, None):
        confirmed(supplied(firm, one))
    for _ in range(2):
        confirmed(supplied(firm, node=other))
    assert outcomes_by_node(firm) == []

    confirmed(supplied(firm))
    assert outcomes_by_node(firm) == [NodeOutcomes("XN0", 4, 3)]
    confirmed(supplied(firm, node=other))
    assert outcomes_by_node(firm) == [NodeOutcomes("XN0", 4, 3), NodeOutcomes("XN1", 3, 3)]


def test_only_what_both_sides_confirmed_of_what_the_firm_supplied_counts(firm):
    for state in (OutcomeState.DISPUTED, OutcomeState.UNCONFIRMED, OutcomeState.FAILED):
        confirmed(supplied(firm), state)
    for _ in range(3):
        confirmed(PartnershipFactory(introduced=True, need=PostingFactory(enterprise=firm)))
    for _ in range(3):
        took(supplied(firm), Act.COMPLETE, State.DELIVERING)

    assert outcomes_by_node(firm) == []


def test_what_was_confirmed_under_an_alias_never_counts_whatever_the_posting_is_called_later(firm):
    for _ in range(3):
        confirmed(supplied(firm, visibility="alias"))
    assert outcomes_by_node(firm) == []
    changed(capacities(firm), visibility="named")
    assert outcomes_by_node(firm) == []

    for _ in range(3):
        confirmed(supplied(firm))
    assert outcomes_by_node(firm) == [NodeOutcomes("XN0", 3, 3)]


def test_a_posting_that_goes_under_an_alias_or_to_another_node_moves_no_figure(firm):
    for _ in range(5):
        took(confirmed(supplied(firm)), Act.PASS_SAMPLE)
    before = passport_facts(enterprise=firm, day=TODAY)
    assert (before.outcomes, before.first_samples_percent) == ([NodeOutcomes("XN0", 5, 5)], 100)

    changed(capacities(firm)[:1], visibility="alias", node=ChainNodeFactory(code="XN1"))
    assert passport_facts(enterprise=firm, day=TODAY) == before


def test_steps_at_a_posting_while_it_is_under_an_alias_move_no_figure(firm):
    for _ in range(5):
        took(confirmed(supplied(firm)), Act.PASS_SAMPLE)
    before = passport_facts(enterprise=firm, day=TODAY)
    late = supplied(firm)
    changed([late.capacity], visibility="alias")
    took(confirmed(late), Act.FAIL_SAMPLE)

    assert passport_facts(enterprise=firm, day=TODAY) == before


def test_the_first_sample_of_each_partnership_counts_and_no_later_one(firm):
    for verdicts in ("P", "P", "FP", "FFP", "PF"):
        row = supplied(firm)
        for one in verdicts:
            took(row, Act.PASS_SAMPLE if one == "P" else Act.FAIL_SAMPLE)
    assert first_samples_percent(firm) == 60

    Posting.history.update(history_date=timezone.now() - timedelta(days=400))
    PartnershipEvent.objects.filter(act=Act.FAIL_SAMPLE).update(happened_at=timezone.now() - timedelta(days=366))
    assert first_samples_percent(firm) is None, "of the first samples of the last year three are left"


def test_a_first_sample_under_alias_does_not_make_the_second_one_the_first(firm):
    for _ in range(4):
        took(supplied(firm), Act.FAIL_SAMPLE)
    late = supplied(firm)
    changed([late.capacity], visibility="alias")
    took(late, Act.FAIL_SAMPLE)
    changed([late.capacity], visibility="named")
    took(late, Act.PASS_SAMPLE)
    assert first_samples_percent(firm) is None, "four cases are too few, and the fifth stood under alias"


def test_first_samples_are_told_of_five_cases_and_three_firms(firm):
    buyers = [EnterpriseFactory(), EnterpriseFactory()]
    for place in range(5):
        took(supplied(firm, buyers[place % 2]), Act.PASS_SAMPLE)
    assert first_samples_percent(firm) is None

    took(supplied(firm), Act.FAIL_SAMPLE)
    assert first_samples_percent(firm) == 83


def test_papers_come_checked_first_expired_ones_too_and_rejected_ones_not(firm):
    claimed = EnterpriseCertificateFactory(enterprise=firm, expires_on=TODAY - timedelta(days=1))
    checked = EnterpriseCertificateFactory(enterprise=firm, state=CheckState.CHECKED)
    EnterpriseCertificateFactory(enterprise=firm, state=CheckState.REJECTED)
    EnterpriseCertificateFactory()

    assert passport_facts(enterprise=firm, day=TODAY).certificates == [checked, claimed]


def test_machines_come_seen_first_and_those_beyond_the_page_are_counted(firm):
    told = EquipmentFactory(site__enterprise=firm)
    seen = EquipmentFactory(site__enterprise=firm, checked_on=TODAY)
    EquipmentFactory()
    assert passport_facts(enterprise=firm, day=TODAY).machines == [seen, told]

    EquipmentFactory.create_batch(MOST_MACHINES, site=seen.site)
    facts = passport_facts(enterprise=firm, day=TODAY)
    assert (facts.machines[0], len(facts.machines), facts.machines_left_out) == (seen, MOST_MACHINES, 2)


def test_rows_whose_words_hold_contact_data_are_withheld(firm):
    EquipmentFactory(site__enterprise=firm, kind="注塑机 电话 13812345678")
    EquipmentFactory(site__enterprise=firm, size="sales@example.com")
    EnterpriseCertificateFactory(enterprise=firm, issuer="微信号: sample_4711")

    facts = passport_facts(enterprise=firm, day=TODAY)
    assert (facts.machines, facts.certificates, facts.withheld) == ([], [], 3)


def test_a_firm_of_any_size_costs_seven_questions(firm):
    for _ in range(2):
        for _ in range(4):
            took(confirmed(supplied(firm)), Act.PASS_SAMPLE)
            EquipmentFactory(site__enterprise=firm)
            EnterpriseCertificateFactory(enterprise=firm)
        with CaptureQueriesContext(connection) as captured:
            passport_facts(enterprise=firm, day=TODAY)
        assert len(captured) == 7
