"""Plain tuples for those who compute: complete, in a fixed order, one query each."""

from decimal import Decimal

import pytest

from reference.queries import tables
from reference.queries.nodes import chains_in_use, links_of, node_by_code, node_path, node_subtree, nodes_in_use
from tests.factories.reference import ChainNodeFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "count", "row"),
    [
        (tables.node_tuples, 416, ("EQUIP.PROC.DIECAST", "EQUIP.PROC")),
        (tables.node_tuples, 416, ("H2", "")),
        (tables.link_tuples, 665, ("AUTO.BATTERY.CASE", "AUTO.BATTERY.PACK")),
        (tables.glossary_tuples, 2073, ("压铸", "die casting", "EQUIP.PROC.DIECAST")),
        (tables.glossary_tuples, 2073, ("良率", "yield rate", "")),
        (tables.unit_tuples, 57, ("T", "mass", Decimal(1000))),
        (tables.region_tuples, 245, ("500112", 29.85, 106.79, "500157")),
        (tables.parameter_tuples, 56, ("asil", "ge", ("QM", "A", "B", "C", "D"))),
    ],
)
def test_each_table_is_whole_and_asks_once(query, count, row, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = query()

    assert (len(rows), row in rows, rows == sorted(rows, key=lambda entry: entry[:2])) == (count, True, True)


def test_node_terms_hold_names_and_aliases_in_both_languages():
    terms = {code: texts for code, _parent, texts in tables.node_term_tuples()}

    assert {"压铸加工", "压铸", "Die casting service", "die casting"} <= set(terms["EQUIP.PROC.DIECAST"])


def test_a_retired_node_leaves_the_tables_and_the_lists():
    node = ChainNodeFactory(retired_on="2026-01-01")

    assert (node.code, "") not in tables.node_tuples()
    assert node not in nodes_in_use()
    assert node_by_code(node.code) == node


def test_a_subtree_holds_the_node_and_all_below_it_but_no_namesake():
    head = ChainNodeFactory(code="XA")
    leaf = ChainNodeFactory(code="XA.B", parent=head, chain=head.chain)
    ChainNodeFactory(code="XAB")

    assert list(node_subtree("XA").order_by("code")) == [head, leaf]
    assert node_subtree("AUTO").count() == 83


def test_a_path_runs_from_the_head_of_the_chain_down():
    assert [node.code for node in node_path("AUTO.BODY.CAST")] == ["AUTO", "AUTO.BODY", "AUTO.BODY.CAST"]


def test_links_of_a_node_go_both_ways():
    node = node_by_code("AUTO.BATTERY.PACK")
    links = links_of(node)

    assert {link.supplier == node or link.consumer == node for link in links} == {True}
    assert len({link.supplier == node for link in links}) == 2


def test_the_chains_come_in_their_order():
    assert [chain.code for chain in chains_in_use()] == ["AUTO", "EINFO", "H2", "EQUIP", "CONS", "MOTO", "SVC"]
