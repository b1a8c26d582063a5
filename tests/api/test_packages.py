"""Packages by a partner's system: drafted, published, quoted and awarded as on the pages; sealed prices stay sealed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership
from matchmaking.partnerships.models import Agreement, Partnership, Quote, Rfq
from matchmaking.partnerships.queries.packages import MOST_LINES
from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.packages import NODE, buyer, in_days, supplier

pytestmark = pytest.mark.django_db
PRICE = "7654.3211"
MOST_QUERIES = 14
DAY = timedelta(days=1)


@pytest.fixture
def asking(make_partner):
    """The system of a firm with a published package of three lines, and that package."""
    made = buyer()
    made.publish()
    return make_partner(made.firm), made


def body(**changed):
    return {"title": "示例铸件包", "due_at": in_days(7).isoformat(), **changed}


def line(number=1, **changed):
    return {
        "title": f"示例铸件 {number}",
        "node": NODE,
        "quantity": {"amount": str(1000 * number), "unit": "pcs"},
        "external_key": f"HSG-{number}",
        **changed,
    }


def offer(prices, **terms):
    lines = [{"posting": number, "unit_price": price} for number, price in prices.items()]
    return {"valid_until": (timezone.localdate() + 30 * DAY).isoformat(), "lines": lines, **terms}


def award(amounts):
    day = timezone.localdate()
    awards = [{"quote": key, "quantity_amount": amount} for key, amount in amounts.items()]
    return {"starts_on": day.isoformat(), "ends_on": (day + 60 * DAY).isoformat(), "awards": awards}


def send(partner, key, act, told=None):
    return partner.ask(f"packages/{key}/{act}/", "POST", told or {})


def fields(answer):
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


def introduced(made, make_partner, place=0):
    """The system of a supplier in talks about one line."""
    seller = supplier(made.lines()[place].need)
    return make_partner(seller.firm), seller


def test_a_package_runs_from_the_draft_to_the_award(make_partner):
    partner = make_partner()
    live = PostingFactory(enterprise=partner.enterprise, quantity_amount=500)
    made = partner.ask("packages/", "POST", body(certificates=["IATF16949"]))
    assert (made.status_code, made.json()["state"], made.json()["line_count"]) == (201, "draft", 0)
    key = made.json()["key"]
    lines = send(partner, key, "lines", {"lines": [line(1), line(2)]})
    assert (lines.status_code, [one["external_key"] for one in lines.json()["lines"]]) == (201, ["HSG-1", "HSG-2"])
    added = send(partner, key, "needs", {"needs": [live.number.lower()]}).json()["lines"]
    assert [one["number"] for one in added] == [1, 2, 3]
    assert send(partner, key, "needs", {"needs": [live.number]}).status_code == 201
    gone = added[1]["posting"]
    assert partner.ask(f"packages/{key}/lines/{gone}/", "DELETE").status_code == 204
    assert not Posting.objects.filter(number=gone).exists()
    changed = partner.ask(f"packages/{key}/", "PATCH", {"version": 1, "title": "示例新名"}).json()
    assert (changed["title"], changed["version"], changed["line_count"]) == ("示例新名", 2, 2)
    assert partner.ask(f"packages/{key}/", "PATCH", {"version": 1, "title": "示例"}).json()["code"] == "stale"
    assert send(partner, key, "publish", {"version": 1}).json()["code"] == "stale"
    opened = send(partner, key, "publish", {"version": 2}).json()
    assert (opened["state"], opened["takes_quotes"]) == ("open", True)

    first = Posting.objects.get(number=added[0]["posting"])
    assert first.status == "published"
    seller = make_partner(supplier(first).firm)
    shown = seller.ask(f"packages/{key}/quotes/").json()["lines"]
    assert [(one["posting"], one["quote"]) for one in shown] == [(first.number, None), (live.number, None)]
    quoted = send(seller, key, "quotes", offer({first.number: "12.5", live.number: "8"}, tax_rate="13"))
    assert [one["price"] for one in quoted.json()["lines"]] == ["12.5000", "8.0000"]

    read = partner.ask(f"packages/{key}/lines/").json()
    assert [(one["supplier"]["name"], one["lines"], one["asked"]) for one in read["suppliers"]] == [
        (seller.enterprise.name, 2, "16500.00")
    ]
    quote = read["lines"][0]["quotes"][0]
    assert (quote["is_best"], quote["tax_rate"], quote["awarded"]) == (True, "13.00", None)
    done = send(partner, key, "awards", award({quote["quote"]: "600"}))
    assert (done.status_code, done.json()["lines"][0]["state"], done.json()["lines"][0]["awarded"]) == (
        201,
        "proposed",
        "600.000",
    )
    agreement = seller.ask(f"packages/{key}/quotes/").json()["lines"][0]["agreement"]
    assert (agreement["state"], agreement["quantity_amount"]) == ("proposed", "600.000")
    assert send(partner, key, "close").json()["state"] == "closed"
    assert send(seller, key, "quotes", offer({first.number: "11"})).json()["code"] == "refusal.deadline_over"


def test_the_list_holds_ones_own_and_what_one_may_quote_for(asking, make_partner):
    partner, made = asking
    seller, _row = introduced(made, make_partner)
    own = seller.ask("packages/", "POST", body()).json()["key"]

    def listed(asker, query=""):
        return [
            (one["key"], one["is_own"], one["line_count"]) for one in asker.ask(f"packages/{query}").json()["results"]
        ]

    key = made.rfq.key
    assert listed(partner) == [(key, True, 3)]
    assert listed(seller) == [(own, True, 0), (key, False, None)]
    assert listed(seller, "?mine=true") == listed(seller, "?state=draft") == [(own, True, 0)]
    assert listed(seller, "?mine=false") == [(key, False, None)]
    assert listed(make_partner()) == []


def test_another_firms_system_finds_nothing(asking, make_partner):
    partner, made = asking
    draft = partner.ask("packages/", "POST", body()).json()["key"]
    seller, _row = introduced(made, make_partner)
    number = made.lines()[0].need.number
    for asker, keys in ((make_partner(), (made.rfq.key, draft)), (seller, (draft,))):
        for key in keys:
            for path in ("", "lines/", "quotes/"):
                assert asker.ask(f"packages/{key}/{path}").status_code == 404
            assert send(asker, key, "quotes", offer({number: "1"})).status_code == 404
    for act, told in (
        ("publish", {"version": 2}),
        ("close", {}),
        ("needs", {"needs": [number]}),
        ("lines", {"lines": [line()]}),
        ("awards", award({"NOSUCHKEY0": "1"})),
    ):
        assert send(seller, made.rfq.key, act, told).status_code == 404, act
    assert seller.ask(f"packages/{made.rfq.key}/", "DELETE").status_code == 404
    assert seller.ask(f"packages/{made.rfq.key}/lines/").status_code == 404
    assert seller.ask(f"packages/{made.rfq.key}/", "PATCH", {"version": 2, "title": "x"}).status_code == 404
    assert partner.ask(f"packages/{made.rfq.key}/quotes/").status_code == 404


def test_sealed_prices_stand_nowhere_before_the_deadline(make_partner):
    made = buyer(is_sealed=True)
    made.publish()
    partner, key = make_partner(made.firm), made.rfq.key
    (seller, row), (rival, _other) = (introduced(made, make_partner) for _ in range(2))
    number = made.lines()[0].need.number
    send(seller, key, "quotes", offer({number: PRICE}))
    # The person behind the asking system belongs to the supplier too, and still reads nothing through it.
    Membership.objects.create(user=partner.owner, enterprise=seller.enterprise, role="owner")

    def told(asker):
        paths = (f"packages/{key}/", f"packages/{key}/lines/", f"packages/{key}/quotes/", "packages/", "partnerships/")
        talks = f"partnerships/{row.partnership.key}/"
        return "".join(asker.ask(path).content.decode() for path in (*paths, talks))

    assert PRICE in told(seller)
    assert PRICE not in told(partner)
    assert PRICE not in told(rival)
    read = partner.ask(f"packages/{key}/lines/").json()
    assert [(one["state"], one["quote_count"], one["quotes"]) for one in read["lines"]][0] == ("sealed", 1, [])
    assert read["suppliers"] == []
    assert send(partner, key, "close").json()["code"] == "refusal.deadline_ahead"
    quote = Quote.objects.get().key
    assert send(partner, key, "awards", award({quote: "1"})).json()["code"] == "refusal.deadline_ahead"
    Rfq.objects.update(due_at=timezone.now() - DAY)
    assert PRICE in told(partner)
    assert PRICE not in told(rival)


def test_a_system_reads_no_package_of_another_firm_of_its_owner(asking, make_partner):
    partner, made = asking
    other = make_partner()
    Membership.objects.create(user=other.owner, enterprise=made.firm, role="owner")
    assert other.ask(f"packages/{made.rfq.key}/").status_code == 404
    assert other.ask("packages/").json()["results"] == []
    assert send(other, made.rfq.key, "close").status_code == 404
    need = made.lines()[0].need.number
    draft = other.ask("packages/", "POST", body()).json()["key"]
    assert fields(send(other, draft, "needs", {"needs": [need]})) == {"needs": "refusal.unknown_code"}
    assert partner.ask(f"packages/{made.rfq.key}/").json()["state"] == "open"


def test_what_was_quoted_stays_as_it_is_unless_it_changes(asking, make_partner):
    _partner, made = asking
    seller, _row = introduced(made, make_partner)
    number, key = made.lines()[0].need.number, made.rfq.key
    for told in (offer({number: "12.5"}), offer({number: "12.50"}), offer({number: "12.5"}, delivery_place="")):
        assert send(seller, key, "quotes", told).status_code == 200
    assert Quote.objects.get().state == "open"
    send(seller, key, "quotes", offer({number: "12.5"}, takes_bank_acceptance=False))
    assert sorted(Quote.objects.values_list("state", flat=True)) == ["open", "replaced"]


def test_each_problem_is_told_by_its_line_and_nothing_is_kept(asking, make_partner):
    partner, made = asking
    draft = partner.ask("packages/", "POST", body()).json()["key"]
    wrong = [line(1), line(2, node="NOSUCH"), line(3, title="call 13800138000")]
    assert fields(send(partner, draft, "lines", {"lines": wrong})) == {
        "lines.1.node": "refusal.unknown_code",
        "lines.2.title": "refusal.contact_in_text",
    }
    assert partner.ask(f"packages/{draft}/lines/").json()["lines"] == []
    assert send(partner, draft, "lines", {"lines": [line()] * (MOST_LINES + 1)}).status_code == 400
    assert fields(send(partner, draft, "publish", {"version": 1})) == {"lines": "refusal.required"}

    seller, _row = introduced(made, make_partner)
    one, two, _three = (row.need.number for row in made.lines())
    key = made.rfq.key
    told = send(seller, key, "quotes", offer({one: "1", two: "2", "NOSUCHNUMB": "3"}))
    assert fields(told) == {"lines.NOSUCHNUMB.posting": "refusal.unknown_code"}
    over = offer({one: "1", two: "2"})
    over["lines"][1]["quantity_amount"] = "0"
    assert list(fields(send(seller, key, "quotes", over))) == [f"lines.{two}.quantity_amount"]
    assert send(seller, key, "quotes", {**over, "lines": [over["lines"][0]] * 2}).status_code == 400
    foreign = offer({one: "1"}, capacity=PostingFactory(capacity=True).number)
    assert fields(send(seller, key, "quotes", foreign)) == {"capacity": "refusal.unknown_code"}
    assert not Quote.objects.exists()

    send(seller, key, "quotes", offer({one: "1"}))
    quote = Quote.objects.get().key
    assert fields(send(partner, key, "awards", award({quote: "1001"}))) == {f"awards.{quote}": "refusal.limit_reached"}
    unknown = send(partner, key, "awards", award({quote: "1", "NOSUCHKEY0": "1"}))
    assert fields(unknown) == {"awards.NOSUCHKEY0": "refusal.unknown_code"}
    assert not Agreement.objects.exists()


def test_a_draft_is_neither_closed_nor_awarded(make_partner):
    made = buyer(0)
    partner = make_partner(made.firm)
    need = PostingFactory(enterprise=made.firm)
    seller = supplier(need)
    send(partner, made.rfq.key, "needs", {"needs": [need.number]})
    for act, told in (("close", {}), ("awards", award({"NOSUCHKEY0": "1"}))):
        assert send(partner, made.rfq.key, act, told).json()["code"] == "refusal.wrong_state"
    assert make_partner(seller.firm).ask(f"packages/{made.rfq.key}/").status_code == 404


def test_scopes_open_what_they_name(asking, make_partner):
    _partner, made = asking
    reads, writes, none = (
        make_partner(made.firm, scopes=(scope,)) for scope in ("packages:read", "packages:write", "partnerships:read")
    )
    path = f"packages/{made.rfq.key}/"
    assert [one.ask(path).status_code for one in (reads, writes, none)] == [200, 403, 403]
    assert [one.ask("packages/").status_code for one in (reads, writes, none)] == [200, 403, 403]
    assert [send(one, made.rfq.key, "close").status_code for one in (reads, none, writes)] == [403, 403, 200]


def test_what_may_be_done_is_the_same_on_the_page_and_at_the_rest_door(asking, make_partner, signed_in):
    partner, made = asking
    seller, row = introduced(made, make_partner)
    stranger = make_partner()
    key = made.rfq.key
    for asker in (partner, seller, stranger):
        person = signed_in(asker.owner)
        assert person.get(f"/en/packages/{key}/").status_code == asker.ask(f"packages/{key}/").status_code
    Partnership.objects.filter(pk=row.partnership.pk).update(state="failed", end_reason="end.partnership.price")
    assert signed_in(seller.owner).get(f"/en/packages/{key}/").status_code == 404
    assert seller.ask(f"packages/{key}/").status_code == 404


def filled(count):
    """A published package of so many lines, each with a quote of one firm."""
    made = buyer(0)
    needs = [PostingFactory(enterprise=made.firm, draft=True, quantity_amount=100) for _ in range(count)]
    for position, need in enumerate(needs, 1):
        made.rfq.lines.create(need=need, position=position)
    made.publish()
    seller = supplier(needs[0])
    capacity = seller.partnership.capacity
    pairs = [PartnershipFactory(need=need, capacity=capacity, introduced=True) for need in needs[1:]]
    valid = timezone.localdate() + 9 * DAY
    for pair in (seller.partnership, *pairs):
        terms = {"quantity_amount": 100, "unit": pair.need.unit, "unit_price": 5, "valid_until": valid}
        Quote.objects.create(partnership=pair, need_terms="x", **terms)
    return made, seller


def test_reading_costs_no_more_queries_for_more_rows(make_partner):
    def counted(asker, path):
        asker.ask(path)
        with CaptureQueriesContext(connection) as queries:
            answer = asker.ask(path)
        assert answer.status_code == 200
        return len(queries)

    def costs(count):
        made, seller = filled(count)
        partner, supplying = make_partner(made.firm), make_partner(seller.firm)
        for _ in range(count - 1):
            partner.ask("packages/", "POST", body())
        key = made.rfq.key
        own = [counted(partner, path) for path in ("packages/", f"packages/{key}/", f"packages/{key}/lines/")]
        return [*own, counted(supplying, f"packages/{key}/quotes/"), counted(supplying, "packages/")]

    few = costs(1)
    assert costs(12) == few
    assert max(few) <= MOST_QUERIES


def test_a_member_without_the_right_to_write_makes_no_system_that_writes(asking, make_partner):
    partner, made = asking
    Membership.objects.filter(user=partner.owner, enterprise=made.firm).update(role="viewer")
    MembershipFactory(enterprise=made.firm)
    assert send(partner, made.rfq.key, "close").status_code == 401
