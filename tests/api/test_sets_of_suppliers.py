"""Sets of suppliers by partners' systems: proposed, asked, consented to, left; no supplier reads of another's share."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from matchmaking.consortia.models import Consortium
from matchmaking.matching.services.snapshots import build_snapshot
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.services.quoting import make_quote
from tests.factories.consortia import month, one_after_the_other, together
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.talks import Talks, quote_terms

pytestmark = pytest.mark.django_db
PRICE = "777.77"
SHARE = "9321"
MOST_QUERIES = 14


@pytest.fixture
def world():
    """A need of 15,000 that two suppliers carry, and a third that could carry a part."""
    made = together(9400, 6000, 6000)
    build_snapshot()
    return made


def asked(world, *amounts, own="0"):
    shares = [
        {"capacity": one.number, "quantity_amount": str(amount)}
        for one, amount in zip(world.capacities, amounts, strict=False)
    ]
    return {"need": world.need.number, "own_amount": own, "shares": shares}


def fields(answer):
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


def formed(world, make_partner, *amounts):
    """The systems of the need's firm and of each supplier, and the key of the set that was asked for."""
    buyer = make_partner(world.need.enterprise)
    made = buyer.ask("consortia/", "POST", asked(world, *amounts))
    assert made.status_code == 201, made.content
    sellers = [make_partner(one.enterprise) for one, _amount in zip(world.capacities, amounts, strict=False)]
    return buyer, sellers, made.json()["key"]


def consent(seller, key):
    share = seller.ask(f"consortia/{key}/").json()["own_share"]
    versions = {name: share[name] for name in ("need_version", "capacity_version")}
    return seller.ask(f"consortia/{key}/consent/", "POST", versions)


def test_from_the_proposal_to_the_complete_set(world, make_partner):
    buyer = make_partner(world.need.enterprise)
    told = buyer.ask(f"postings/{world.need.number}/supplier-sets/").json()
    assert (told["quantity_amount"], told["singles"], told["unit"]) == ("15000.000", [], world.need.unit.code)
    sums = [sum(Decimal(share["quantity_amount"]) for share in one["shares"]) for one in told["sets"]]
    assert sums
    assert set(sums) == {Decimal(15_000)}
    part = buyer.ask(f"postings/{world.need.number}/supplier-sets/?own_amount=6000").json()
    assert (part["quantity_amount"], len(part["singles"])) == ("9000.000", 1)

    buyer, (first, second), key = formed(world, make_partner, 9000, 6000)
    read = buyer.ask(f"consortia/{key}/").json()
    assert (read["side"], read["allowed_acts"], read["own_share"]) == ("need", ["dissolve"], None)
    assert [share["quantity_amount"] for share in read["whole"]["shares"]] == ["9000.000", "6000.000"]
    assert consent(first, key).json()["own_share"]["other_suppliers"] == []
    done = consent(second, key).json()
    assert (done["state"], done["own_share"]["other_suppliers"]) == ("complete", [first.enterprise.name])
    assert consent(second, key).json()["code"] == "refusal.already_there"
    assert buyer.ask(f"consortia/?need={world.need.number}").json()["results"][0]["state"] == "complete"


def test_a_supplier_reads_neither_share_nor_price_nor_number_of_another(world, make_partner):
    buyer, (first, second), key = formed(world, make_partner, SHARE, 5679)
    for seller in (first, second):
        consent(seller, key)
    other = Partnership.objects.get(need=world.need, capacity=world.capacities[0])
    make_quote(
        partnership=Talks(other, world.owner, world.suppliers[0]).now,
        actor=world.suppliers[0],
        terms=quote_terms(other, unit_price=PRICE, quantity_amount=9000, period="once"),
    )
    paths = (f"consortia/{key}/", "consortia/", "partnerships/", "packages/", "messages/", "files/")
    told = "".join(second.ask(path).content.decode() for path in paths)
    secrets = (PRICE, SHARE, other.key, world.capacities[0].number, "15000.000")
    assert [word for word in secrets if word in told] == []
    assert SHARE in buyer.ask(f"consortia/{key}/").content.decode()
    for path in ("shares/", "dissolve/"):
        told = asked(world, 1, 2)
        told.pop("need"), told.pop("own_amount")
        assert second.ask(f"consortia/{key}/{path}", "POST", told if path == "shares/" else {}).status_code == 404
    assert second.ask(f"consortia/{key}/replacements/").status_code == 404


def test_another_firms_system_finds_nothing(world, make_partner):
    buyer, (first, _second), key = formed(world, make_partner, 9000, 6000)
    stranger = make_partner()
    # Its owner belongs to the need's firm too: a system still acts for one firm alone.
    Membership.objects.create(user=stranger.owner, enterprise=world.need.enterprise, role="owner")
    versions = {"need_version": 1, "capacity_version": 1}
    assert stranger.ask("consortia/").json()["results"] == []
    assert stranger.ask(f"consortia/{key}/").status_code == 404
    for act, told in (
        ("consent", versions),
        ("leave", {"reason": "end.partnership.price"}),
        ("shares", {"shares": asked(world, 1)["shares"]}),
        ("dissolve", {}),
    ):
        assert stranger.ask(f"consortia/{key}/{act}/", "POST", told).status_code == 404, act
    assert first.ask(f"postings/{world.need.number}/supplier-sets/").status_code == 404
    assert buyer.ask(f"consortia/{key}/consent/", "POST", versions).status_code == 404
    assert fields(first.ask("consortia/", "POST", asked(world, 9000, 6000))) == {"need": "refusal.unknown_code"}


def test_who_leaves_sees_the_set_no_more_and_the_part_is_asked_of_another(world, make_partner):
    buyer, (first, second), key = formed(world, make_partner, 9000, 6000)
    for seller in (first, second):
        consent(seller, key)
    assert buyer.ask(f"consortia/{key}/replacements/").json()["code"] == "refusal.wrong_state"
    wrong = second.ask(f"consortia/{key}/leave/", "POST", {"reason": "no.such"})
    assert fields(wrong) == {"reason": "refusal.unknown_code"}
    assert second.ask(f"consortia/{key}/leave/", "POST", {"reason": "end.partnership.price"}).status_code == 204
    assert second.ask(f"consortia/{key}/").status_code == 404
    assert second.ask("consortia/").json()["results"] == []
    read = buyer.ask(f"consortia/{key}/").json()
    assert (read["state"], read["whole"]["open_amount"], read["allowed_acts"]) == (
        "short",
        "6000.000",
        ["add", "dissolve"],
    )
    assert first.ask(f"consortia/{key}/").json()["own_share"]["other_suppliers"] == []
    open_part = buyer.ask(f"consortia/{key}/replacements/").json()["sets"][0]["shares"]
    assert [one["posting"]["number"] for one in open_part] == [world.capacities[2].number]
    shares = [{"capacity": world.capacities[2].number, "quantity_amount": "6000"}]
    again = buyer.ask(f"consortia/{key}/shares/", "POST", {"shares": shares})
    assert (again.status_code, again.json()["state"], again.json()["supplier_count"]) == (201, "forming", 2)
    assert buyer.ask(f"consortia/{key}/dissolve/", "POST", {}).json()["state"] == "dissolved"


def test_the_firm_makes_the_open_part_itself(world, make_partner):
    buyer, (first, second), key = formed(world, make_partner, 9000, 6000)
    consent(first, key)
    second.ask(f"consortia/{key}/leave/", "POST", {"reason": "end.partnership.price"})
    short = buyer.ask(f"consortia/{key}/shares/", "POST", {"shares": [], "own_amount": "5000"})
    assert list(fields(short)) == ["shares"]
    done = buyer.ask(f"consortia/{key}/shares/", "POST", {"shares": [], "own_amount": "6000"})
    assert (done.status_code, done.json()["whole"]["open_amount"], done.json()["whole"]["own_amount"]) == (
        201,
        "0.000",
        "6000.000",
    )


def test_what_does_not_fit_is_named_and_nobody_is_asked(world, make_partner):
    buyer = make_partner(world.need.enterprise)
    hidden = PostingFactory(capacity=True, draft=True)
    first, second = (one.number for one in world.capacities[:2])

    def refused(body):
        answer = buyer.ask("consortia/", "POST", body)
        assert answer.status_code == 422, answer.content
        return fields(answer)

    assert refused(asked(world, 9000, 5000)) == {"shares": "refusal.shares_sum"}
    assert refused(asked(world, 14_000, 1000)) == {
        f"shares.{first}.quantity_amount": "refusal.share_large",
        f"shares.{second}.quantity_amount": "refusal.share_small",
    }
    assert refused(asked(world, 9000, 6000, own="15000")) == {"own_amount": "refusal.no_gap"}
    foreign = asked(world, 9000)
    foreign["shares"].append({"capacity": hidden.number, "quantity_amount": "6000"})
    assert refused(foreign) == {f"shares.{hidden.number}.capacity": "refusal.unknown_code"}
    path = f"postings/{world.need.number}/supplier-sets/"
    assert fields(buyer.ask(f"{path}?own_amount=15000")) == {"own_amount": "refusal.no_gap"}
    assert buyer.ask(f"{path}?own_amount=-1").status_code == buyer.ask(f"{path}?own_amount=x").status_code == 400
    assert not Consortium.objects.exists()
    assert not Partnership.objects.exists()


def test_scopes_open_what_they_name(world, make_partner):
    _buyer, _sellers, key = formed(world, make_partner, 9000, 6000)
    firm = world.need.enterprise
    reads, writes, none = (
        make_partner(firm, scopes=(scope,)) for scope in ("consortia:read", "consortia:write", "partnerships:write")
    )
    for path in ("consortia/", f"consortia/{key}/"):
        assert [one.ask(path).status_code for one in (reads, writes, none)] == [200, 403, 403]
    ends = [one.ask(f"consortia/{key}/dissolve/", "POST", {}).status_code for one in (reads, none, writes)]
    assert ends == [403, 403, 200]


def test_a_set_opens_for_a_system_where_its_page_opens_for_a_member(world, make_partner, signed_in):
    buyer, sellers, key = formed(world, make_partner, 9000, 6000)
    sellers[0].ask(f"consortia/{key}/leave/", "POST", {"reason": "end.partnership.price"})
    opened = {}
    for asker in (buyer, *sellers, make_partner()):
        page = signed_in(asker.owner).get(f"/en/consortia/{key}/").status_code
        assert asker.ask(f"consortia/{key}/").status_code == page
        opened[asker.enterprise.pk] = page
    assert sorted(opened.values()) == [200, 200, 404, 404]


def test_reading_costs_no_more_queries_for_more_suppliers_and_more_sets(make_partner):
    def counted(asker, path):
        asker.ask(path)
        with CaptureQueriesContext(connection) as queries:
            assert asker.ask(path).status_code == 200
        return len(queries)

    costs = []
    for amounts in ((9000, 6000), (4000, 4000, 4000, 3000)):
        world = together(*amounts)
        keys = [world.form(*amounts).key]
        for _ in range(len(amounts)):
            other = together(9000, 6000, enterprise=world.need.enterprise)
            keys.append(other.form(9000, 6000).key)
        buyer, seller = make_partner(world.need.enterprise), make_partner(world.capacities[0].enterprise)
        pairs = ((buyer, "consortia/"), (buyer, f"consortia/{keys[0]}/"), (seller, f"consortia/{keys[0]}/"))
        costs.append([counted(asker, path) for asker, path in pairs])
    assert costs[0] == costs[1]
    assert max(costs[0]) <= MOST_QUERIES


def test_lots_with_days_of_their_own(make_partner):
    """They are proposed with their days, asked for with them, and each supplier reads its own."""
    world = one_after_the_other()
    build_snapshot()
    buyer = make_partner(world.need.enterprise)
    (proposed,) = buyer.ask(f"postings/{world.need.number}/supplier-sets/").json()["sets"]
    shares = [
        {name: one[name] for name in ("quantity_amount", "starts_on", "ends_on")}
        | {"capacity": one["posting"]["number"]}
        for one in proposed["shares"]
    ]
    assert {one["starts_on"] for one in shares} == {month(1).isoformat(), month(4).isoformat()}
    half = [shares[0] | {"ends_on": None}, shares[1]]
    assert buyer.ask("consortia/", "POST", {"need": world.need.number, "shares": half}).status_code == 400
    made = buyer.ask("consortia/", "POST", {"need": world.need.number, "shares": shares})
    assert made.status_code == 201, made.content
    assert float(made.json()["whole"]["open_amount"]) == 0
    seller = make_partner(world.capacities[1].enterprise)
    own = seller.ask(f"consortia/{made.json()['key']}/").json()["own_share"]
    assert own["starts_on"] == month(4).isoformat()
