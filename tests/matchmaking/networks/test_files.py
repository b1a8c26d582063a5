"""C6: a buyer brings 290 rows: doubles and unknown places told by row, doubts asked once, nothing twice."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import Evidence
from accounts.imports.writing import as_workbook
from accounts.models import ListedFirm, SupplyRelation
from matchmaking.networks.imports.export import export_head, export_rows
from matchmaking.networks.imports.sheet import SupplierSheet
from matchmaking.networks.queries.lists import CHONGQING, ELSEWHERE, SICHUAN, UNKNOWN, network_of_buyer
from matchmaking.networks.services.deciding import decide_sameness
from reference.models import ChainNode
from tests.factories.accounts import EnterpriseFactory, ListedFirmFactory, SupplyRelationFactory
from tests.matchmaking.networks.conftest import HEAD

pytestmark = pytest.mark.django_db
STAMPING, CASTING = "AUTO.BODY.STAMP", "AUTO.BODY.CAST"


def rows_of_c6():
    """270 suppliers, of these 62 in Sichuan and 9 without a place; 20 rows say again what others say."""
    places = ["四川"] * 30 + ["成都市"] * 32 + [""] * 9 + ["重庆市渝北区"] * 150 + ["浙江宁波"] * 49
    firms = [[f"V-{n:03d}", f"示例供应企业{n:03d}有限公司", "", place, STAMPING, ""] for n, place in enumerate(places)]
    return firms + [list(row) for row in firms[:20]]


def state():
    """Everything that a list holds."""
    return (
        list(ListedFirm.objects.order_by("pk").values()),
        list(SupplyRelation.objects.order_by("pk").values()),
    )


def test_doubles_and_unknown_places_are_told_by_row_and_nothing_is_forced_to_add_up(bring, buyer):
    sheet, outcome = bring(rows_of_c6())
    found = sheet.resolved

    assert not ListedFirm.objects.exists()
    assert (outcome.created, outcome.updated, outcome.unchanged) == (270, 0, 0)
    assert [(double.row, double.first) for double in found.doubles] == [(272 + n, 2 + n) for n in range(20)]
    assert found.firms == 270
    assert {place: count for place, count, _others in found.by_place} == {
        SICHUAN: 62,
        CHONGQING: 150,
        ELSEWHERE: 49,
        UNKNOWN: 9,
    }
    assert [row for row, _name, place in found.unknown if not place] == list(range(64, 73))
    assert not found.questions

    bring(rows_of_c6(), takes_in=True)
    network = network_of_buyer(buyer.user, buyer.enterprise)
    assert (network.suppliers, network.distributors) == (270, 0)
    assert {place: count for place, count, _others in network.by_place} == {
        SICHUAN: 62,
        CHONGQING: 150,
        ELSEWHERE: 49,
        UNKNOWN: 9,
    }
    assert set(SupplyRelation.objects.values_list("evidence", flat=True)) == {Evidence.IMPORTED}


def test_a_second_upload_doubles_nothing_and_what_is_taken_away_goes_back_in(bring, buyer):
    bring(rows_of_c6(), takes_in=True)
    before = state()
    _sheet, again = bring(rows_of_c6(), takes_in=True)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 270)
    assert state() == before

    head, rows = export_head(), list(export_rows(buyer.user, buyer.enterprise))
    sheet = SupplierSheet(actor=buyer.user, buyer=buyer.enterprise)
    file = sheet.read(as_workbook(head, rows))
    outcome = sheet.rehearse(file)
    assert (outcome.created, outcome.updated, outcome.unchanged, outcome.problems) == (0, 0, 270, [])


def test_a_doubt_keeps_its_row_out_until_it_is_decided_and_is_asked_once(bring, buyer):
    first = ["V-1", "示例江川电机有限公司", "", "四川", "", ""]
    like = ["", "示例江川电机股份有限公司", "", "", "", ""]
    sheet, outcome = bring([first, like])
    (question,) = sheet.resolved.questions
    assert (question.row, question.other_row, question.name, question.other_name) == (3, 2, like[1], first[1])
    assert outcome.rows_with_problems == {3}

    bring([first, like], takes_in=True)
    assert ListedFirm.objects.count() == 1
    (question,) = bring([first, like])[0].resolved.questions
    assert question.other_row is None  # asked of the firm on the list, by the same marks

    told = {"buyer": buyer.enterprise, "actor": buyer.user, "mark": question.mark, "other": question.other}
    decide_sameness(**told, is_same=True)
    sheet, outcome = bring([first, like], takes_in=True)
    assert (ListedFirm.objects.count(), outcome.created, outcome.unchanged) == (1, 0, 1)
    assert [(double.row, double.first) for double in bring([first, like])[0].resolved.doubles] == [(3, 2)]

    decide_sameness(**told, is_same=False)
    sheet, outcome = bring([first, like], takes_in=True)
    assert (ListedFirm.objects.count(), outcome.created, outcome.unchanged) == (2, 1, 1)
    assert not bring([first, like])[0].resolved.questions


def test_a_firm_that_brings_two_things_stands_once_with_both(bring):
    name = "示例双料供应有限公司"
    _sheet, outcome = bring(
        [["V-1", name, "", "", STAMPING, ""], ["V-1", name, "", "", CASTING, ""], ["V-1", name, "", "", "", ""]],
        takes_in=True,
    )
    assert outcome.created == 2
    assert ListedFirm.objects.count() == 1
    assert set(SupplyRelation.objects.values_list("node__code", flat=True)) == {STAMPING, CASTING}


def test_an_empty_cell_keeps_what_is_told_and_a_later_file_finds_a_renamed_firm_by_its_number(bring):
    bring([["V-1", "示例旧名有限公司", "", "成都市", STAMPING, "IATF16949"]], takes_in=True)
    _sheet, outcome = bring([["v-1", "示例新名有限公司", "", "", "", ""]], takes_in=True)
    assert (outcome.created, outcome.updated) == (0, 1)
    row = ListedFirm.objects.get()
    assert (row.name, row.region.code, row.certification.code) == ("示例新名有限公司", "510100", "IATF16949")


def test_what_is_wrong_is_told_at_its_cell_and_the_good_rows_go_in(bring):
    rows = [
        ["V-1", "示例甲有限公司", "123", "", "", ""],
        ["V-2", "", "", "", "", ""],
        ["V-3", "示例丙有限公司", "", "", "没有这个环节", ""],
        ["V-4", "示例丁有限公司", "", "", "", "没有这张证书"],
        ["V-5", "示例戊有限公司", "", "", STAMPING, ""],
    ]
    _sheet, outcome = bring(rows)
    assert {(problem.row, problem.column) for problem in outcome.problems} == {
        (2, "统一社会信用代码"),
        (3, "登记名称"),
        (4, "产业链环节"),
        (5, "证书"),
    }
    assert all(problem.reason and problem.way_out for problem in outcome.problems if problem.row != 2)
    bring(rows, takes_in=True)
    assert list(ListedFirm.objects.values_list("external_key", flat=True)) == ["V-5"]


def test_a_credit_code_links_the_enterprise_that_is_here_and_what_was_agreed_is_told_under_its_name(bring, buyer):
    here = EnterpriseFactory()
    agreed = SupplyRelation.objects.create(
        buyer=buyer.enterprise, supplier=here, evidence=Evidence.AGREED_HERE, node_id=None
    )
    bring([["V-1", "示例名录叫法有限公司", here.uscc, "", "", ""]], takes_in=True)
    row = ListedFirm.objects.get()
    assert row.firm == here
    (relation,) = SupplyRelation.objects.all()
    assert (relation.listed, relation.supplier, relation.evidence) == (row, None, Evidence.AGREED_HERE)
    assert not SupplyRelation.objects.filter(pk=agreed.pk).exists() or relation.pk == agreed.pk


def test_who_left_by_itself_stays_off_the_list_whatever_a_file_says(bring, buyer):
    left = ListedFirmFactory(buyer=buyer.enterprise, left_on="2026-01-31", left_by_itself=True)
    SupplyRelationFactory(listed=left)
    _sheet, outcome = bring([[left.external_key, left.name, "", "", "", ""]])
    assert not outcome.good or outcome.unchanged
    _sheet, outcome = bring([[left.external_key, left.name, "", "成都市", STAMPING, ""]])
    assert outcome.rows_with_problems == {2}
    left.refresh_from_db()
    assert left.left_on is not None


def test_reading_what_is_known_does_not_grow_with_the_list(bring, buyer):
    def asked(rows):
        for one in range(rows):
            SupplyRelationFactory(listed__buyer=buyer.enterprise, listed__name=f"示例已列企业{one}甲{rows}有限公司")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            bring([["", "示例新来有限公司", "", "", "", ""]])
        return len(queries)

    assert asked(2) == asked(30)


def test_what_stands_beyond_the_head_is_not_read(bring):
    head = HEAD[1:4]
    bring([["示例甲有限公司", "", "四川", "老客户"], ["示例乙有限公司", "", "", "老客户"]], head=head, takes_in=True)
    assert set(ListedFirm.objects.values_list("name", "external_key")) == {
        ("示例甲有限公司", ""),
        ("示例乙有限公司", ""),
    }


def test_a_file_without_roles_makes_no_distributor_a_supplier_and_brings_nothing_back_that_ended(bring, buyer):
    row = ListedFirmFactory(buyer=buyer.enterprise, external_key="V-1")
    node = ChainNode.objects.get(code=STAMPING)
    ended = SupplyRelationFactory(listed=row, node=node, ended_on="2026-01-31")
    running = SupplyRelationFactory(listed=row, role="distributor", node=ChainNode.objects.get(code=CASTING))
    _sheet, outcome = bring([["V-1", row.name, "", "成都市", "", "IATF16949"]], takes_in=True)
    assert (outcome.created, outcome.updated) == (0, 1)
    assert list(row.relations.in_force()) == [running]
    bring([["V-1", row.name, "", "重庆市", STAMPING, ""]], takes_in=True)
    ended.refresh_from_db()
    assert ended.ended_on is not None


def test_two_rows_that_tell_a_firm_otherwise_are_told_and_neither_writes_over_the_other(bring):
    rows = [
        ["V-1", "示例甲有限公司", "", "四川", STAMPING, ""],
        ["V-1", "示例甲有限公司", "", "重庆", CASTING, ""],
        ["V-1", "示例甲有限公司", "", "", CASTING, "IATF16949"],
    ]
    sheet, outcome = bring(rows, takes_in=True)
    assert [(number, value, first) for number, _column, value, first in sheet.resolved.otherwise] == [(3, "重庆", 2)]
    row = ListedFirm.objects.get()
    assert (row.place, row.certification.code, outcome.created) == ("四川", "IATF16949", 2)


def test_a_second_row_that_knows_more_is_no_double(bring):
    rows = [["", "示例甲有限公司", "", "", "", ""], ["", "示例甲有限公司", "", "四川", "", ""]]
    sheet, _outcome = bring(rows, takes_in=True)
    assert not sheet.resolved.doubles
    assert ListedFirm.objects.get().region.code == "510000"
    unreadable = [["", "示例乙有限公司", "", "", "没有这个环节", ""], ["", "示例乙有限公司", "", "", "", ""]]
    bring(unreadable, takes_in=True)
    assert ListedFirm.objects.filter(name="示例乙有限公司").count() == 1


def test_a_row_decided_to_be_the_same_firm_neither_renames_nor_renumbers_it(bring, buyer):
    first = ["V-1", "示例江川电机有限公司", "", "", STAMPING, ""]
    like = ["V-9", "示例江川电机股份有限公司", "", "", CASTING, ""]
    (question,) = bring([first, like])[0].resolved.questions
    told = {"buyer": buyer.enterprise, "actor": buyer.user, "mark": question.mark, "other": question.other}
    decide_sameness(**told, is_same=True)
    bring([first, like], takes_in=True)
    before = state()
    _sheet, outcome = bring([first, like], takes_in=True)
    assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 0, 2)
    assert state() == before
    assert ListedFirm.objects.get().external_key == "V-1"
