"""Pages of agreements and of targets: what they cost, and what they say when something is there or nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.keeping import process_cache
from matchmaking.insights.choices import FlowKind
from matchmaking.insights.models import ClusterTarget, Flow
from matchmaking.insights.services.facts import load_facts
from reference.models import ChainNode
from tests.factories.insights import (
    AgreementEntryFactory,
    AgreementPartyFactory,
    CommitmentFactory,
    FrameworkAgreementFactory,
)
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/agreements/", "/agreements/sample/", "/figures/"])
def test_a_page_costs_the_same_few_queries_however_much_stands_on_it(client, address):
    load_facts()
    first = FrameworkAgreementFactory(code="sample")
    counts = []
    for _round in range(2):
        process_cache.clear()
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
        for row in [first, *FrameworkAgreementFactory.create_batch(3)]:
            party = AgreementPartyFactory(agreement=row)
            AgreementPartyFactory(agreement=row, follows=party, since=row.signed_by)
            CommitmentFactory.create_batch(2, agreement=row)
            AgreementEntryFactory.create_batch(2, agreement=row)

    assert counts[0] == counts[1] <= 14


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_without_agreements_the_page_says_so_and_a_code_that_is_none_is_not_found(client, prefix):
    assert client.get(f"{prefix}/agreements/").status_code == 200
    assert client.get(f"{prefix}/agreements/none/").status_code == 404


def test_what_came_of_it_here_stands_beside_each_target_and_adds_up_to_the_flows(client):
    load_facts()
    Flow.objects.create(kind=FlowKind.CONFIRMED, level=2, chain="AUTO", cases=4)
    Flow.objects.create(kind=FlowKind.CONFIRMED, level=1, chain="AUTO", cases=5)
    Flow.objects.create(kind=FlowKind.INTRODUCED, level=1, chain="AUTO", cases=90)

    targets = client.get("/figures/").context["targets"]

    counted = {line["target"].code: {one.chain.code: one.counted.postings for one in line["here"]} for line in targets}
    assert counted["auto-vehicles-2025"] == {"AUTO": 9, "MOTO": 0}
    assert counted["hydrogen-supply-bases"] == {"H2": 0}
    assert set(counted) == set(ClusterTarget.objects.values_list("code", flat=True))
    assert client.get("/insights/flows/?kind=confirmed&chain=AUTO").context["flows"].total == 9


@pytest.mark.parametrize(("direction", "is_shown"), [("need", True), ("capacity", False)])
def test_a_need_of_its_chain_alone_names_the_agreement(client, direction, is_shown):
    process_cache.clear()
    row = FrameworkAgreementFactory()
    other = FrameworkAgreementFactory(cluster="biomedicine")
    posting = PostingFactory(capacity=direction == "capacity", node=ChainNode.objects.get(code="H2.PROD.PEM"))
    address = f"/{'needs' if direction == 'need' else 'capacities'}/{posting.number}/"

    body = client.get(address).content.decode()

    assert (f"/agreements/{row.code}/" in body, f"/agreements/{other.code}/" in body) == (is_shown, False)
