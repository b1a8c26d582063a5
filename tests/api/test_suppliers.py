"""A firm's list of suppliers by its own system: synced by its own numbers, and nobody else's to read."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Evidence
from accounts.models import Change, ListedFirm, SupplyRelation
from reference.models import ChainNode
from tests.factories.accounts import EnterpriseFactory, ListedFirmFactory, SupplyRelationFactory

pytestmark = pytest.mark.django_db
STAMPING, CASTING = "AUTO.BODY.STAMP", "AUTO.BODY.CAST"
BODY = {
    "name": "示例同步供应有限公司",
    "place": "四川省成都市",
    "certification": "IATF16949",
    "certificate_expires_on": "2027-06-30",
    "supplies": [{"node": STAMPING, "share_percent": 40}, {"node": CASTING, "tier": 2}],
}


@pytest.fixture
def partner(make_partner):
    return make_partner(EnterpriseFactory())


def path(number):
    return f"network/suppliers/{quote(number, safe='')}/"


def put(partner, number, **changed):
    return partner.ask(path(number), "PUT", {**BODY, **changed})


def brought(answer):
    """What runs and what is over, by node."""
    return {one["node"]: one["ended_on"] is None for one in answer.json()["supplies"]}


def keys(partner, query=""):
    return [row["key"] for row in partner.ask(f"network/suppliers/{query}").json()["results"]]


def test_a_firm_is_put_on_the_list_by_its_own_number_and_the_same_again_changes_nothing(partner):
    made = put(partner, "V-1")
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["external_key"], told["region"], told["certification"]) == ("V-1", "510100", "IATF16949")
    assert {(one["node"], one["tier"], one["share_percent"], one["evidence"]) for one in told["supplies"]} == {
        (STAMPING, 1, 40, "imported"),
        (CASTING, 2, None, "imported"),
    }
    before, row = Change.objects.count(), ListedFirm.objects.get()
    again = put(partner, "V-1")
    assert (again.status_code, again.json()) == (200, told)
    assert (Change.objects.count(), ListedFirm.objects.get().changed_at) == (before, row.changed_at)
    assert partner.ask(path("V-1")).json() == told


@pytest.mark.parametrize("written", ["v-1", " V-1 ", "V -1", "\uff36-\uff11", "V\u200b-1"])
def test_a_number_is_the_same_however_it_is_written_and_stays_as_it_was_first(partner, written):
    told = put(partner, "V-1").json()
    before = Change.objects.count()
    again = put(partner, written)
    assert (again.status_code, again.json(), Change.objects.count()) == (200, told, before)
    assert partner.ask(path(written)).json() == told
    assert keys(partner, f"?external_key={quote(written)}") == [told["key"]]
    assert partner.ask(path(written), "DELETE").status_code == 204


@pytest.mark.parametrize("number", [" ", "\u200b"])
def test_no_number_is_refused_and_touches_no_firm_without_one(partner, number):
    row = ListedFirmFactory(buyer=partner.enterprise, external_key="")
    told = put(partner, number)
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "external_key")
    assert [partner.ask(path(number), method).status_code for method in ("GET", "DELETE")] == [404, 404]
    assert list(ListedFirm.objects.values_list("pk", "name", "left_on")) == [(row.pk, row.name, None)]


@pytest.mark.parametrize("number", ["%", "..", "A?b#c", "示例 7", "x" * 64])
def test_a_number_holds_any_characters_but_a_slash(partner, number):
    assert put(partner, number).json()["external_key"] == number
    assert partner.ask(path(number)).status_code == 200


def test_what_is_written_otherwise_but_kept_alike_is_no_change(partner):
    code = EnterpriseFactory.build().uscc
    odd = {"name": " 示例  同步供应ＡＢ有限公司", "uscc": f"{code[:8]}-{code[8:].lower()}", "place": " 成都 "}
    told = put(partner, "V-1", **odd).json()
    assert (told["name"], told["uscc"], told["place"]) == ("示例 同步供应AB有限公司", code, "成都")
    before = Change.objects.count()
    assert put(partner, "V-1", **odd).json() == told
    assert Change.objects.count() == before


def test_what_a_firm_brings_is_told_whole(partner):
    put(partner, "V-1", supplies=[{"node": STAMPING, "share_percent": 40, "since": "2024-03-01", "tier": 3}])
    before = Change.objects.count()
    answer = put(partner, "V-1", supplies=[{"node": STAMPING}])
    (one,) = answer.json()["supplies"]
    assert (one["tier"], one["share_percent"], one["since"]) == (1, None, None)
    assert list(Change.objects.order_by("seq").values_list("thing", "verb")[before:]) == [("listedfirm", "changed")]
    both = put(partner, "V-1", supplies=[{"node": STAMPING}, {}, {"node": STAMPING, "role": "distributor"}])
    assert [(one["node"], one["role"]) for one in both.json()["supplies"]] == [
        (STAMPING, "supplier"),
        (None, "supplier"),
        (STAMPING, "distributor"),
    ]


def test_without_supplies_a_new_firm_is_a_plain_supplier_and_what_a_known_one_brings_stays(partner):
    plain = {name: value for name, value in BODY.items() if name != "supplies"}
    made = partner.ask(path("V-1"), "PUT", plain)
    (one,) = made.json()["supplies"]
    assert (one["role"], one["tier"], one["node"], one["evidence"]) == ("supplier", 1, None, "imported")
    assert put(partner, "V-2", supplies=[]).status_code == 400
    assert brought(put(partner, "V-1")) == {None: False, STAMPING: True, CASTING: True}
    assert brought(partner.ask(path("V-1"), "PUT", plain)) == {None: False, STAMPING: True, CASTING: True}


def test_a_night_of_thirty_rows_sent_twice_changes_nothing_the_second_time(partner):
    first = [put(partner, f"V-{n}", name=f"示例夜间供应{n}号有限公司").status_code for n in range(30)]
    before, rows = Change.objects.count(), list(SupplyRelation.objects.order_by("pk").values())
    second = [put(partner, f"V-{n}", name=f"示例夜间供应{n}号有限公司").status_code for n in range(30)]
    assert (set(first), set(second)) == ({201}, {200})
    assert (Change.objects.count(), list(SupplyRelation.objects.order_by("pk").values())) == (before, rows)


def test_what_the_body_no_longer_names_is_emptied_or_ends_but_not_what_was_agreed_here(partner):
    put(partner, "V-1")
    row = ListedFirm.objects.get()
    agreed = SupplyRelationFactory(
        listed=row,
        node=ChainNode.objects.get(code="AUTO.CHASSIS.SUSP"),
        evidence=Evidence.AGREED_HERE,
        since=timezone.localdate(),
    )
    told = put(partner, "V-1", supplies=[{"node": CASTING}], place="", certification=None).json()
    ended = {one["node"]: one["ended_on"] for one in told["supplies"]}
    assert ended == {STAMPING: str(timezone.localdate()), CASTING: None, "AUTO.CHASSIS.SUSP": None}
    assert (told["place"], told["region"], told["certification"]) == ("", None, None)
    assert told["name"] == BODY["name"]
    put(partner, "V-1", supplies=[{"node": "AUTO.CHASSIS.SUSP", "share_percent": 30}])
    agreed.refresh_from_db()
    assert (agreed.evidence, agreed.since, agreed.share_percent) == (Evidence.AGREED_HERE, timezone.localdate(), 30)
    put(partner, "V-1", supplies=[{"node": CASTING}])
    assert {one.node.code for one in row.relations.in_force()} == {CASTING, "AUTO.CHASSIS.SUSP"}


def test_what_was_declared_by_hand_stays_declared_and_ends_as_well(partner):
    row = ListedFirmFactory(buyer=partner.enterprise, external_key="V-1")
    SupplyRelationFactory(listed=row, node=ChainNode.objects.get(code=STAMPING))
    assert {one["node"]: one["evidence"] for one in put(partner, "V-1").json()["supplies"]} == {
        STAMPING: "declared",
        CASTING: "imported",
    }
    assert brought(put(partner, "V-1", supplies=[{"node": CASTING}])) == {STAMPING: False, CASTING: True}


@pytest.mark.parametrize("is_new", [True, False])
def test_a_code_tells_who_the_firm_is_here_and_what_was_agreed_before_comes_under_its_name(partner, is_new):
    here, node = EnterpriseFactory(), ChainNode.objects.get(code=STAMPING)
    SupplyRelation.objects.create(buyer=partner.enterprise, supplier=here, node=node, evidence=Evidence.AGREED_HERE)
    if not is_new:
        put(partner, "V-1", supplies=[{"node": STAMPING}])
    told = put(partner, "V-1", uscc=here.uscc, supplies=[{"node": STAMPING}])
    assert (told.status_code, told.json()["firm"]) == (201 if is_new else 200, here.key)
    relation = SupplyRelation.objects.get()
    assert (relation.listed, relation.supplier, relation.node) == (ListedFirm.objects.get(), None, node)
    assert relation.evidence == Evidence.AGREED_HERE


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"name": ""}, 400, "name"),
        ({"uscc": "123"}, 422, "uscc"),
        ({"certification": "NO.SUCH"}, 422, "certification"),
        ({"supplies": [{"node": CASTING}, {"node": "NO.SUCH"}]}, 422, "supplies.1.node"),
        ({"supplies": [{"tier": 9}]}, 400, "supplies.0.tier"),
        ({"supplies": [{"since": "2999-01-01"}]}, 422, "supplies.0.since"),
        ({"supplies": [{"node": CASTING}, {"node": CASTING, "tier": 2}]}, 400, "supplies"),
        ({"supplies": [{}] * 51}, 400, "supplies"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_nothing_is_kept(partner, changed, status, field):
    told = put(partner, "V-1", **changed)
    assert (told.status_code, told.json()["errors"][0]["field"]) == (status, field), told.content
    assert not ListedFirm.objects.exists()
    assert put(partner, "x" * 65).status_code == 422


def test_who_left_by_itself_stays_off_and_a_code_stands_for_one_firm(partner):
    code = EnterpriseFactory.build().uscc
    assert put(partner, "V-1", uscc=code).status_code == 201
    assert put(partner, "V-2", uscc=code).json()["code"] == "refusal.already_there"
    ListedFirm.objects.update(left_on=timezone.localdate(), left_by_itself=True)
    told = put(partner, "V-1", uscc=code)
    assert (told.status_code, told.json()["code"]) == (409, "refusal.left_network")


def test_a_firm_listed_by_name_alone_is_no_second_firm_when_its_number_comes(partner):
    ListedFirmFactory(buyer=partner.enterprise, external_key="", name=BODY["name"])
    assert put(partner, "V-1").status_code == 200
    assert ListedFirm.objects.get().external_key == "V-1"


def test_a_firm_listed_without_a_number_gets_it_by_its_code(partner):
    code = EnterpriseFactory.build().uscc
    row = ListedFirmFactory(buyer=partner.enterprise, external_key="", uscc=code)
    assert put(partner, "V-1", uscc=code).status_code == 200
    row.refresh_from_db()
    assert (row.external_key, ListedFirm.objects.count()) == ("V-1", 1)


def test_taken_off_it_is_put_back_by_writing_it_again(partner):
    key = put(partner, "A 1:x").json()["key"]
    gone = partner.ask(path("A 1:x"), "DELETE")
    assert (gone.status_code, gone.content) == (204, b"")
    assert partner.ask(path("A 1:x")).json()["left_on"] == str(timezone.localdate())
    assert partner.ask(path("A 1:x"), "DELETE").json()["code"] == "refusal.wrong_state"
    assert [keys(partner, query) for query in ("", "?former=false", "?former=true")] == [[], [], [key]]
    before = Change.objects.count()
    back = put(partner, "A 1:x").json()
    assert (back["left_on"], back["key"]) == (None, key)
    assert list(Change.objects.order_by("seq").values_list("thing", "verb")[before:]) == [("listedfirm", "restored")]
    assert partner.ask(path("none"), "DELETE").status_code == 404


def test_the_list_is_narrowed_and_comes_in_pages(partner):
    here = ListedFirmFactory(buyer=partner.enterprise, firm=EnterpriseFactory())
    SupplyRelationFactory(listed=here, role="distributor")
    SupplyRelationFactory(listed=here, role="distributor", node=ChainNode.objects.get(code=CASTING))
    over = SupplyRelationFactory(
        listed__buyer=partner.enterprise, role="distributor", ended_on=timezone.localdate()
    ).listed
    newest = [SupplyRelationFactory(listed__buyer=partner.enterprise).listed for _more in range(3)][::-1]
    others = [*(row.key for row in newest), over.key]
    assert keys(partner) == [*others, here.key]
    assert keys(partner, "?role=distributor") == keys(partner, "?here=true") == [here.key]
    assert keys(partner, "?here=false") == others
    assert keys(partner, f"?external_key={here.external_key.lower()}") == [here.key]
    assert keys(partner, "?external_key=none") == []
    assert partner.ask("network/suppliers/?role=friend").status_code == 400
    page = partner.ask("network/suppliers/?page_size=3").json()
    rest = partner.ask(page["next"].removeprefix("http://testserver")).json()
    assert [row["key"] for row in page["results"] + rest["results"]] == [*others, here.key]
    assert rest["next"] is None


def test_more_rows_cost_no_more_queries(partner):
    nodes = [*ChainNode.objects.filter(is_leaf=True).order_by("pk")[:20]]

    def cost(asked):
        with CaptureQueriesContext(connection) as queries:
            assert asked().status_code == 200
        return len(queries)

    def costs(count):
        body = {"supplies": [{"node": node.code} for node in nodes[:count]]}
        put(partner, "V-1", **body)
        return cost(lambda: partner.ask("network/suppliers/?page_size=100")), cost(lambda: put(partner, "V-1", **body))

    few = costs(2)
    for node in nodes:
        SupplyRelationFactory(listed__buyer=partner.enterprise, listed__firm=EnterpriseFactory(), node=node)
    assert costs(20) == few


def test_no_other_system_reads_the_list_and_scopes_open_what_they_name(partner, make_partner):
    """B12: two outsiders, one of them on the list, ask by the API."""
    here = EnterpriseFactory()
    row = ListedFirmFactory(buyer=partner.enterprise, firm=here, external_key="V-1")
    SupplyRelationFactory(listed=row)
    for outsider in (make_partner(EnterpriseFactory()), make_partner(here)):
        assert outsider.ask("network/suppliers/").json()["results"] == []
        for method in ("GET", "DELETE"):
            assert outsider.ask("network/suppliers/V-1/", method).status_code == 404
    reads, writes, other = (
        make_partner(partner.enterprise, scopes=(scope,))
        for scope in ("network:read", "network:write", "postings:write")
    )
    assert [one.ask("network/suppliers/").status_code for one in (reads, writes, other)] == [200, 403, 403]
    assert [put(one, "V-2").status_code for one in (reads, other, writes)] == [403, 403, 201]


def test_a_system_whose_owner_became_a_viewer_writes_nothing(partner):
    partner.enterprise.memberships.update(role="viewer")
    assert put(partner, "V-1").status_code == 401  # the owner's consent no longer holds
    assert not ListedFirm.objects.exists()
