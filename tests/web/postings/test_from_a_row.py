"""A form filled in from a row of the firm's own spreadsheet: read as people write it, and nothing typed is lost."""

import pytest

from matchmaking.postings.models import Posting

pytestmark = pytest.mark.django_db
NODE, NAME = "MOTO.FRAME.FORK", "前叉与减震器"
HEADLESS = (f"示例减震器\t{NODE}\t３，０００\t件/月\t\t2099/1/1\t2099年12月31日\t江津区\t\t镀铬", "{}")
FILLED = {
    "title": "示例减震器",
    "node": NODE,
    "quantity": "3000",
    "unit": "PCS",
    "period": "month",
    "window_start": "2099-01-01",
    "window_end": "2099-12-31",
    "region": "500116",
    "subject": "component",
    "text": "镀铬",
}
ROWS = {
    "headless, tabs": HEADLESS[0],
    "Chinese heads": (
        "品名\t节点\t需求数量\t单位\t计量方式\t开始日期\t交货日期\t交货地\t备注\n"
        f"示例减震器\t{NODE}\t3000\t个\t月\t2099.1.1\t20991231\t500116\t镀铬"
    ),
    "English heads, semicolons": (
        "remarks;unit;qty;counted;product;node;from;until;region\n"
        f"镀铬;PCS;3,000;per month;示例减震器;{NODE.lower()};2099-1-1;2099-12-31;500116"
    ),
    "all in the quantity": f"名称；节点；数量；截止日期；交货地；备注；起始日期\n"
    f"示例减震器；{NODE}；0.3万件/月；2099-12-31；500116；镀铬；2099-01-01",
}


def fill(firm, row, path="/needs/new/", **typed):
    return firm.post(path, {"act": "fill", "row": row, "period": "once", **typed})


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
@pytest.mark.parametrize("path", ["/needs/new/", "/en/needs/new/"])
def test_a_row_fills_the_form_in(firm, row, path):
    answer = fill(firm, row, path, contact_person="示例李敏", window_preset="always")

    form = answer.context["form"]
    assert answer.status_code == 200, (answer.context["row"], form.errors)
    assert {name: form[name].value() for name in FILLED} == FILLED
    assert form.chosen_preset == "own"
    assert form["contact_person"].value() == "示例李敏"
    assert form.given["row"] == ""
    assert Posting.objects.count() == 0


def test_what_cannot_be_read_is_named_with_a_way_out_and_stays(firm):
    row = "title\tnode\tquantity\tunit\tuntil\tregion\tcolour\n示例轴承\t不存在的环节\tmany\t箩筐\tsoon\t火星\tred"
    answer = fill(firm, row, "/en/needs/new/", text="typed before")

    page = answer.content.decode()
    form, told = answer.context["form"], answer.context["row"]
    assert answer.status_code == 422
    assert [one.value for one in told.problems] == ["不存在的环节", "many", "箩筐", "soon", "火星"]
    assert all(one.reason and one.way_out for one in told.problems)
    assert {one.way_out for one in told.problems if one.way_out not in page} <= {
        one.way_out for one in told.problems if "m²" in one.way_out or "'" in one.way_out
    }
    assert told.ignored == ["colour"]
    assert "The form has no place for: colour" in page
    assert (form["title"].value(), form["text"].value()) == ("示例轴承", "typed before")
    assert (form["node_words"].value(), form["quantity"].value()) == ("不存在的环节", "many")
    assert form.given["row"] == row


def test_words_of_several_nodes_are_offered_to_choose_from(firm):
    answer = fill(firm, "示例减震器\t轴\t3000\t件")

    assert len(answer.context["form"].candidates) > 1
    assert 'id="node-candidates"' in answer.content.decode()


@pytest.mark.parametrize(
    "row",
    [
        "",
        "  \n ",
        "title\tnode",
        "a\tb\nc\td\ne\tf",
        "title\ttitle\na\tb",
        "x" * 5000,
        'a\t"b"c',
    ],
)
def test_what_is_no_single_row_is_told_at_the_field_and_kept(firm, row):
    answer = fill(firm, row, title="示例")

    assert answer.status_code == 422
    assert answer.context["row_refused"]
    assert answer.context["form"]["title"].value() == "示例"
    assert 'id="row-told"' in answer.content.decode()


def test_formulas_and_html_are_not_taken(firm):
    answer = fill(firm, "title\tdescription\n=HYPERLINK(1)\t<script>alert(1)</script>", "/en/needs/new/")

    assert [one.value for one in answer.context["row"].problems] == ["=HYPERLINK(1)"]
    assert "<script>alert" not in answer.content.decode()


def test_enter_in_a_field_still_posts_and_a_published_posting_has_no_row(firm):
    page = firm.get("/needs/new/").content.decode()
    form = page[page.index('id="posting-form"') :]

    assert form.index('value="publish" hidden') < form.index('value="fill"')
    assert '<details class="card" id="from-row">' in form
