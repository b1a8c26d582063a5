"""Pages of a list: what each shows, that nothing is lost when something is wrong, and that outsiders learn nothing."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.choices import Evidence, SupplyRole
from accounts.imports.writing import as_workbook
from accounts.models import ListedFirm, NetworkMembership, SamenessDecision, SupplierInvitation, SupplyRelation
from matchmaking.matching.services.snapshots import build_snapshot
from reference.models import ChainNode, Region
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseFactory,
    ListedFirmFactory,
    MembershipFactory,
    SupplyRelationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
HEAD = ("供应商编号", "供应商", "省份", "环节", "不认识的列")
STAMPING, CASTING = "AUTO.BODY.STAMP", "AUTO.BODY.CAST"
SECRET = "示例机密供应有限公司"


def address(name, *args):
    return reverse(f"web:networks:{name}", args=args)


def workbook(rows, head=HEAD):
    return SimpleUploadedFile("suppliers.xlsx", as_workbook(list(head), rows))


def cells(content):
    """The rows of a workbook that was handed out, head first."""
    return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


@pytest.fixture
def buyer():
    return MembershipFactory(enterprise__region=Region.objects.get(code="510112"))


@pytest.fixture
def client(buyer, signed_in):
    return signed_in(buyer.user)


@pytest.fixture
def listed(buyer):
    """A firm that is here and brings stampings."""
    row = ListedFirmFactory(buyer=buyer.enterprise, name=SECRET, firm=EnterpriseFactory(), place="重庆")
    row.region = Region.objects.get(code="500000")
    row.save()
    SupplyRelationFactory(listed=row, node=ChainNode.objects.get(code=STAMPING))
    return row


def test_an_empty_list_says_how_to_begin(client):
    page = client.get(address("suppliers")).content.decode()
    assert address("file") in page
    assert "名录为空" in page


def test_a_file_is_rehearsed_decided_on_and_taken_in_and_the_rows_left_out_come_back_with_reasons(client, buyer):
    rows = [
        ["V-1", "示例江川电机有限公司", "四川", CASTING, ""],
        ["", "示例江川电机股份有限公司", "", "", ""],
        ["V-3", "示例乙有限公司", "", "没有这个环节", ""],
        ["V-1", "示例江川电机有限公司", "四川", CASTING, ""],
    ]
    shown = client.post(address("file"), {"file": workbook(rows)})
    assert shown.status_code == 200
    assert not ListedFirm.objects.exists()
    assert "不认识的列" in shown.content.decode()
    (question,) = shown.context["questions"]
    assert [double.row for double in shown.context["doubles"]] == [5]

    token = shown.context["token"]
    decided = client.post(address("decide", token), {f"q-{question.key}": "other"})
    assert not decided.context["questions"]
    assert SamenessDecision.objects.get().decided_by == buyer.user
    assert client.get(address("decide", decided.context["token"])).status_code == 200

    token = decided.context["token"]
    assert client.post(address("take_in", token)).url == address("suppliers")
    assert set(ListedFirm.objects.values_list("external_key", flat=True)) == {"V-1", ""}
    left_out = cells(client.get(address("rejected", token)).content)
    assert [row[1] for row in left_out[1:]] == ["示例乙有限公司", "示例江川电机有限公司"]
    assert all(row[-1] for row in left_out[1:])
    assert client.post(address("take_in", token)).status_code == 404  # not twice


def test_a_file_of_another_session_or_firm_is_not_found(client, signed_in):
    token = client.post(address("file"), {"file": workbook([["V-1", "示例甲", "", "", ""]])}).context["token"]
    stranger = signed_in(MembershipFactory().user)
    for who in (stranger, Client()):
        for name in ("take_in", "decide"):
            assert who.post(address(name, token)).status_code in (302, 404)
    assert not ListedFirm.objects.exists()
    assert client.post(address("decide", "no-such-token")).status_code == 404


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "file"),
        (b"PK\x03\x04 broken", "file"),
        (as_workbook(["供应商编号"], [["V-1"]]), "file"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_at_its_field(client, content, told):
    shown = client.post(address("file"), {"file": SimpleUploadedFile("suppliers.xlsx", content)})
    assert shown.status_code == 422
    assert told in shown.context["form"].errors


def test_the_template_and_the_export_have_the_columns_that_come_in(client, listed):
    head = cells(client.get(address("template")).content)[0]
    exported = cells(client.get(address("export", "xlsx")).content)
    assert exported[0][: len(head)] == head
    assert SECRET in exported[1]
    assert client.get(address("export", "pdf")).status_code == 404
    again = client.post(address("file"), {"file": workbook(exported[1:], exported[0])})
    assert (again.context["outcome"].unchanged, again.context["outcome"].created) == (1, 0)


def test_a_firm_is_added_changed_taken_off_and_put_back_by_hand(client):
    typed = {"name": "", "external_key": "V-7", "place": "成都", "role": "supplier", "tier": "1", "node": CASTING}
    refused = client.post(address("new"), typed)
    assert refused.status_code == 422
    assert 'value="V-7"' in refused.content.decode()

    made = client.post(address("new"), {**typed, "name": "示例手工有限公司", "share_percent": "40%"})
    assert made.status_code == 422  # a sign that the field does not take is told, and the rest stays
    made = client.post(address("new"), {**typed, "name": "示例手工有限公司", "share_percent": "40"})
    row = ListedFirm.objects.get()
    assert made.url == address("supplier", row.key)
    assert (row.region.code, row.relations.get().share_percent) == ("510100", 40)
    again = client.post(address("new"), {**typed, "name": "示例另一家有限公司"})
    assert again.status_code == 422
    again = client.post(address("new"), {**typed, "external_key": "", "name": "示例手工有限公司"})
    assert again.status_code == 422

    client.post(address("edit", row.key), {"name": "示例新名有限公司", "place": ""})
    row.refresh_from_db()
    assert (row.name, row.external_key, row.region) == ("示例新名有限公司", "", None)
    client.post(address("unlist", row.key))
    row.refresh_from_db()
    assert row.left_on is not None
    page = client.get(address("suppliers")).content.decode()
    assert "示例新名" not in page
    assert "former" in page  # the list is not empty, it has former firms
    assert "示例新名" in client.get(f"{address('suppliers')}?former=1").content.decode()
    client.post(address("relist", row.key))
    row.refresh_from_db()
    assert row.left_on is None


def test_what_a_firm_brings_is_added_and_ended_on_its_page(client, listed):
    typed = {"role": "supplier", "tier": "9", "node": CASTING}
    refused = client.post(address("add_supply", listed.key), typed)
    assert refused.status_code == 422
    client.post(address("add_supply", listed.key), {**typed, "tier": "2"})
    relation = listed.relations.get(node__code=CASTING)
    assert relation.tier == 2
    client.post(address("end_supply", listed.key, relation.pk))
    relation.refresh_from_db()
    assert relation.ended_on is not None
    other = SupplyRelationFactory()
    assert client.post(address("end_supply", listed.key, other.pk)).status_code == 404


def test_who_it_is_here_an_invitation_and_a_question_into_the_network(client, buyer, listed):
    away = ListedFirmFactory(buyer=buyer.enterprise)
    assert client.post(address("invite", away.key), {"email": "nothing"}).status_code == 422
    client.post(address("invite", away.key), {"email": "sample@example.com"})
    assert SupplierInvitation.objects.get().listed == away
    assert "sample@example.com" in client.get(address("supplier", away.key)).content.decode()
    assert client.post(address("invite", away.key), {"email": "sample@example.com"}).status_code == 422
    assert client.post(address("who", away.key), {"firm": "NOSUCHFIRM"}).status_code == 422
    here = EnterpriseFactory()
    client.post(address("who", away.key), {"firm": here.uscc})
    away.refresh_from_db()
    assert away.firm == here

    assert client.post(address("ask", listed.key)).status_code == 302
    asked = NetworkMembership.objects.get()
    assert (asked.buyer, asked.supplier, asked.role) == (buyer.enterprise, listed.firm, SupplyRole.SUPPLIER)


def test_a_name_that_is_here_is_asked_about_once_and_the_answer_is_used(client, buyer):
    row = ListedFirmFactory(buyer=buyer.enterprise, name="示例同名有限公司")
    SupplyRelationFactory(listed=row)
    here = EnterpriseFactory(name=row.name)
    assert address("decide_here", row.key) in client.get(address("suppliers")).content.decode()
    client.post(address("decide_here", row.key), {"same": "yes"})
    row.refresh_from_db()
    assert row.firm == here
    assert address("decide_here", row.key) not in client.get(address("suppliers")).content.decode()


def test_a_firm_that_is_not_verified_learns_of_nobody_by_the_answer(signed_in):
    young = MembershipFactory(enterprise__unverified=True)
    row = ListedFirmFactory(buyer=young.enterprise, name="示例同名有限公司")
    browser = signed_in(young.user)
    answers = [browser.post(address("decide_here", row.key), {"same": "no"}).status_code]
    EnterpriseFactory(name=row.name)
    answers.append(browser.post(address("decide_here", row.key), {"same": "no"}).status_code)
    assert answers == [409, 409]
    assert not SamenessDecision.objects.exists()


def test_a_node_without_a_second_source_offers_the_matchers_and_a_need(client, listed):
    build_snapshot()
    shown = client.get(address("map")).content.decode()
    assert address("node", STAMPING) in shown
    page = client.get(address("node", STAMPING))
    assert f"{reverse('web:postings:new_need')}?node={STAMPING}" in page.content.decode()
    assert page.context["sources"] is not None
    assert client.get(address("node", STAMPING), {"amount": "-1"}).status_code == 422
    assert client.get(address("node", "NO.SUCH")).status_code == 404
    for kind in ("svg", "csv"):
        assert client.get(address("map_file", kind)).status_code == 200
    assert client.get(address("map_file", "exe")).status_code == 404


def test_figures_lead_to_as_many_rows_as_they_say(client, buyer, listed):
    for place in ("", "浙江"):
        SupplyRelationFactory(listed__buyer=buyer.enterprise, listed__place=place)
    page = client.get(address("suppliers"))
    for _name, code, suppliers, _others in page.context["places"]:
        rows = client.get(address("suppliers"), {"role": "supplier", "place": code})
        assert rows.context["firms"] == suppliers
    assert client.get(address("suppliers"), {"place": "500000"}).context["firms"] == 1
    assert client.get(address("suppliers"), {"here": "yes"}).context["firms"] == page.context["network"].here


@pytest.mark.parametrize("name", ["suppliers", "map", "papers"])
def test_a_page_asks_no_more_for_a_longer_list(client, buyer, name):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(name)).status_code == 200
        return len(queries)

    node = ChainNode.objects.get(code=STAMPING)
    for _first in range(2):
        SupplyRelationFactory(listed__buyer=buyer.enterprise, node=node)
    few = asked()
    for _more in range(15):
        SupplyRelationFactory(listed__buyer=buyer.enterprise, node=node, listed__firm=EnterpriseFactory())
    assert asked() <= few + 1


def test_two_outsiders_and_the_listed_firm_learn_nothing_by_page(client, buyer, listed, signed_in):
    """B12: an outsider cannot learn who is inside; neither can who is listed."""
    pages = [address("suppliers"), address("map"), address("export", "csv"), address("papers")]
    own = [address("supplier", listed.key), address("edit", listed.key)]
    for person in (MembershipFactory(), MembershipFactory(), MembershipFactory(enterprise=listed.firm)):
        other = signed_in(person.user)
        for page in pages:
            assert SECRET not in other.get(page).content.decode("utf-8", "replace")
        for page in own:
            assert other.get(page).status_code == 404
        assert SECRET not in other.get(reverse("web:accounts:enterprise", args=[buyer.enterprise.key])).content.decode()
        assert other.get(address("coordinated")).status_code == 403
        assert other.get(address("coordinated_network", buyer.enterprise.key)).status_code == 403


def test_a_coordinator_reads_the_lists_of_the_scope_and_the_firm_reads_that(buyer, listed, signed_in, client):
    near, far = CoordinatorGrantFactory(), CoordinatorGrantFactory()
    near.regions.set(Region.objects.filter(code="510100"))
    far.regions.set(Region.objects.filter(code="500000"))
    page = signed_in(near.user).get(address("coordinated_network", buyer.enterprise.key))
    assert SECRET in page.content.decode()
    assert address("supplier", listed.key) not in page.content.decode()
    assert buyer.enterprise.name in signed_in(near.user).get(address("coordinated")).content.decode()
    assert signed_in(far.user).get(address("coordinated_network", buyer.enterprise.key)).status_code == 404
    assert buyer.enterprise.name not in signed_in(far.user).get(address("coordinated")).content.decode()
    assert buyer.enterprise.name in client.get(reverse("web:accounts:looks")).content.decode()


def test_released_counts_stand_on_the_public_page_and_no_name(client, buyer):
    for _firm in range(4):
        SupplyRelationFactory(listed=ListedFirmFactory(buyer=buyer.enterprise, name=SECRET + str(_firm)))
    public = reverse("web:accounts:enterprise", args=[buyer.enterprise.key])
    assert "h-released" not in Client().get(public).content.decode()
    client.post(address("release"), {"releases": "yes"})
    page = Client().get(public).content.decode()
    assert "h-released" in page
    assert SECRET not in page
    client.post(address("release"), {"releases": "no"})
    assert "h-released" not in Client().get(public).content.decode()


def test_a_viewer_reads_and_changes_nothing(buyer, listed, signed_in):
    viewer = signed_in(MembershipFactory(enterprise=buyer.enterprise, viewer=True).user)
    page = viewer.get(address("suppliers")).content.decode()
    assert SECRET in page
    assert address("file") not in page
    assert viewer.get(address("file")).status_code == 403
    assert viewer.post(address("unlist", listed.key)).status_code == 403
    assert viewer.post(address("release"), {"releases": "yes"}).status_code == 403


def test_what_was_agreed_here_stands_in_the_list_without_being_listed(client, buyer):
    SupplyRelation.objects.create(
        buyer=buyer.enterprise, supplier=EnterpriseFactory(name="示例签约企业"), evidence=Evidence.AGREED_HERE
    )
    page = client.get(address("suppliers")).content.decode()
    assert "示例签约企业" in page
    assert UserFactory() is not None
