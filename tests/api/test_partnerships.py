"""A deal by a partner's system: the acts of the page by the same rights, and only for the firm it acts for."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Membership
from common.reasons import Reason
from matchmaking.partnerships.choices import Act, State
from matchmaking.partnerships.models import Partnership, PartnershipEvent, Rfq, RfqLine
from tests.factories.accounts import EnterpriseContactFactory, MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.talks import Talks

pytestmark = pytest.mark.django_db
READ_ONLY = ("partnerships:read",)


@pytest.fixture
def buyer(make_partner):
    return make_partner()


@pytest.fixture
def seller(make_partner):
    return make_partner()


def pair_of(buyer, seller, **traits):
    need = PostingFactory(enterprise=buyer.enterprise)
    capacity = PostingFactory(capacity=True, enterprise=seller.enterprise, period="once")
    return PartnershipFactory(need=need, capacity=capacity, **traits)


def send(partner, row, act, body=None):
    return partner.ask(f"partnerships/{row.key}/{act}/", "POST", body or {})


def quote_body(row):
    return {
        "quantity_amount": "8000",
        "unit": row.need.unit.code,
        "unit_price": "12.5",
        "valid_until": (timezone.localdate() + timedelta(days=30)).isoformat(),
    }


def test_a_deal_runs_from_interest_to_a_confirmed_outcome(buyer, seller):
    need = PostingFactory(enterprise=buyer.enterprise)
    capacity = PostingFactory(capacity=True, enterprise=seller.enterprise, period="once")
    made = buyer.ask("partnerships/", "POST", {"posting": need.number, "counterpart": capacity.number})
    assert (made.status_code, made.json()["state"]) == (201, "interested")
    row = Partnership.objects.get(key=made.json()["key"])
    assert made.json()["allowed_acts"] == ["withdraw"]
    assert sorted(seller.ask(f"partnerships/{row.key}/").json()["allowed_acts"]) == ["accept", "decline", "snooze"]

    read = seller.ask(f"partnerships/{row.key}/").json()
    versions = {name: read[name] for name in ("need_version", "capacity_version")}
    assert send(seller, row, "accept", versions).json()["state"] == "introduced"
    assert send(seller, row, "quote", quote_body(row)).json()["quotes"][0]["unit_price"] == "12.5000"
    day = timezone.localdate()
    terms = {
        "quantity_amount": "8000", "unit": need.unit.code, "starts_on": day.isoformat(),
        "ends_on": (day + timedelta(days=90)).isoformat(),
        "plan": [{"title": "first lot", "planned_on": day.isoformat(), "quantity_amount": "8000"}],
    }  # fmt: skip
    proposed = send(buyer, row, "propose", terms).json()
    assert [one["state"] for one in proposed["agreements"]] == ["proposed"]
    assert "sign" not in proposed["allowed_acts"]
    pair = Talks(row, buyer.owner, seller.owner)
    pair.sign(pair.now.agreements.get())

    read = seller.ask(f"partnerships/{row.key}/").json()
    assert (read["state"], read["deliveries"][0]["title"]) == ("agreed", "first lot")
    number = {"number": read["deliveries"][0]["number"]}
    assert send(seller, row, "deliver", number).json()["state"] == "delivering"
    assert send(buyer, row, "take_delivery", number).json()["deliveries"][0]["accepted_on"] == day.isoformat()
    said = {"answer": "yes", "delivered_amount": "8000"}
    send(buyer, row, "state_outcome", said)
    done = send(seller, row, "state_outcome", said).json()
    assert (done["state"], done["outcome"]["state"], done["outcome"]["confirmed_amount"]) == (
        "completed",
        "confirmed",
        "8000.000",
    )
    acts = list(PartnershipEvent.objects.filter(partnership=row).values_list("act", flat=True))
    assert [one["act"] for one in done["events"]] == acts


def test_the_list_holds_ones_own_alone_by_state_and_posting(buyer, seller, make_partner):
    row = pair_of(buyer, seller, introduced=True)
    other = pair_of(buyer, make_partner())
    stranger = make_partner()

    told = {one["key"]: one["side"] for one in buyer.ask("partnerships/").json()["results"]}
    assert told == {row.key: "need", other.key: "need"}
    for path in ("partnerships/?state=introduced", f"partnerships/?posting={row.capacity.number}"):
        assert [one["key"] for one in buyer.ask(path).json()["results"]] == [row.key]
    assert stranger.ask("partnerships/").json()["results"] == []
    assert stranger.ask(f"partnerships/{row.key}/").status_code == 404
    assert send(stranger, row, "withdraw").status_code == 404


def test_before_both_agreed_an_alias_stays_one_and_contacts_are_refused(buyer, seller):
    EnterpriseContactFactory(enterprise=seller.enterprise, phone="023-60001234")
    row = pair_of(buyer, seller)
    row.capacity.visibility = "alias"
    row.capacity.save()

    told = buyer.ask(f"partnerships/{row.key}/")
    assert seller.enterprise.name not in told.content.decode()
    assert told.json()["other_name"] == seller.enterprise.alias
    assert send(buyer, row, "contact").status_code == 409

    send(seller, row, "accept", {"need_version": row.need.version, "capacity_version": row.capacity.version})
    assert send(buyer, row, "contact").json()["phone"] == "023-60001234"
    assert PartnershipEvent.objects.filter(partnership=row, act=Act.VIEW_CONTACT, enterprise=buyer.enterprise).exists()


def test_an_owner_of_both_firms_acts_by_each_system_for_its_own_firm_alone(make_partner, seller):
    buyer = make_partner()
    Membership.objects.filter(user=buyer.owner).exclude(enterprise=buyer.enterprise).delete()
    MembershipFactory(user=buyer.owner, enterprise=seller.enterprise, role=Role.OWNER)
    row = pair_of(buyer, seller)

    versions = {"need_version": row.need.version, "capacity_version": row.capacity.version}
    answer = send(buyer, row, "accept", versions)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, Reason.REFUSAL_OTHER_SIDE)
    assert buyer.ask(f"partnerships/{row.key}/").json()["allowed_acts"] == ["withdraw"]
    assert Partnership.objects.get(pk=row.pk).state == State.INTERESTED


def test_sealed_quotes_are_not_read_by_the_buyers_system_before_the_deadline(buyer, seller):
    row = pair_of(buyer, seller, introduced=True)
    rfq = Rfq.objects.create(
        enterprise=buyer.enterprise, title="示例", is_sealed=True, due_at=timezone.now() + timedelta(days=1)
    )
    RfqLine.objects.create(rfq=rfq, need=row.need)
    assert send(seller, row, "quote", quote_body(row)).json()["quotes"][0]["quantity_amount"] == "8000.000"

    told = buyer.ask(f"partnerships/{row.key}/")
    assert told.json()["quotes"] == []
    assert "12.5" not in told.content.decode()


@pytest.mark.parametrize(
    ("act", "body", "status"),
    [
        ("quote", {}, 400),
        ("quote", {"quantity_amount": "-1", "unit": "XPCS", "unit_price": "1", "valid_until": "2099-01-01"}, 400),
        ("quote", {"quantity_amount": "1", "unit": "NOPE", "unit_price": "1", "valid_until": "2099-01-01"}, 400),
        ("quote", {"quantity_amount": "1", "unit": "XPCS", "unit_price": "1", "valid_until": "2020-01-01"}, 422),
        ("end", {"reason": "end.need.withdrawn"}, 422),
        ("accept", {"need_version": 1, "capacity_version": 1}, 409),
        ("deliver", {"number": 1}, 409),
        ("sign", {}, 404),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(buyer, seller, act, body, status):
    row = pair_of(buyer, seller, introduced=True)
    before = PartnershipEvent.objects.count()
    assert send(seller, row, act, body).status_code == status
    assert PartnershipEvent.objects.count() == before


def test_reading_scopes_write_nothing_and_show_no_contacts(make_partner, buyer):
    seller = make_partner(scopes=READ_ONLY)
    row = pair_of(buyer, seller, introduced=True)
    assert seller.ask(f"partnerships/{row.key}/").status_code == 200
    for act in ("withdraw", "quote", "contact"):
        assert send(seller, row, act).status_code == 403


def test_the_number_of_queries_does_not_grow(buyer, seller, make_partner, django_assert_max_num_queries):
    for _ in range(6):
        pair_of(buyer, seller, introduced=True)
    with django_assert_max_num_queries(8):
        assert len(buyer.ask("partnerships/").json()["results"]) == 6
    row = Partnership.objects.first()
    Talks(row, buyer.owner, seller.owner).agree(quantity_amount=Decimal(1))
    with django_assert_max_num_queries(15):
        buyer.ask(f"partnerships/{row.key}/")
