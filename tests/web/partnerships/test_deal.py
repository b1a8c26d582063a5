"""The deal on its pages: quote, agreement, delivery and outcome by their forms, and who reads what of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from matchmaking.partnerships.choices import Act, OutcomeState, Side, State
from matchmaking.partnerships.models import Agreement, Outcome, PartnershipEvent, Quote
from matchmaking.partnerships.queries.events import PAGE
from tests.factories.accounts import PASSWORD, CoordinatorGrantFactory, MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.talks import talks
from web.forms.deals import FORMS

pytestmark = pytest.mark.django_db
PRICE = "12.37"
MOST_QUERIES = 15


@pytest.fixture
def pair():
    return talks()


@pytest.fixture
def page(signed_in, pair):
    def address(suffix=""):
        return f"/en/partnerships/{pair.partnership.key}/{suffix}"

    class Page:
        buyer, seller = signed_in(pair.buyer), signed_in(pair.seller)

        def act(self, who, act, **values):
            return getattr(self, who).post(address(f"deal/{act}/"), values)

        def read(self, who):
            return getattr(self, who).get(address()).content.decode()

    return Page()


def quote_values(**changed):
    return {
        "quantity_amount": "８，０００",
        "unit": "XPCS",
        "period": "month",
        "unit_price": PRICE,
        "is_tax_included": "on",
        "valid_until": (timezone.localdate() + timedelta(days=20)).isoformat(),
        "takes_bank_acceptance": "unknown",
        **changed,
    }


def agreement_values(**changed):
    day = timezone.localdate()
    return {
        "cooperation_type": "industrial-supporting",
        "quantity_amount": "8000",
        "unit": "XPCS",
        "period": "month",
        "starts_on": day.isoformat(),
        "ends_on": (day + timedelta(days=60)).isoformat(),
        "plan": f"{day.isoformat()}, 示例首批, 100\n{day.isoformat()}；示例次批",
        **changed,
    }


def test_from_quote_to_confirmed_outcome_by_the_forms(page, pair):
    assert page.act("seller", "quote", **quote_values()).status_code == 302
    assert "12.37" in page.read("buyer")
    assert page.act("buyer", "propose", **agreement_values()).status_code == 302
    agreement = Agreement.objects.get()
    assert [one.title for one in agreement.milestones.all()] == ["示例首批", "示例次批"]
    for who in ("buyer", "seller"):
        answer = page.act(who, "sign", seen=agreement.digest, secret=PASSWORD)
        assert answer.status_code == 302, answer.content.decode()
    assert pair.now.state == State.AGREED
    for milestone in agreement.milestones.numbered():
        assert page.act("seller", "deliver", milestone=milestone.number).status_code == 302
        assert page.act("buyer", "take_delivery", milestone=milestone.number).status_code == 302
    for who in ("buyer", "seller"):
        assert page.act(who, "state_outcome", answer="yes", delivered_amount="1.6万").status_code == 302
    assert (pair.now.state, Outcome.objects.get().confirmed_amount) == (State.COMPLETED, 16000)
    for who in ("buyer", "seller"):
        assert "Confirmed by both sides" in page.read(who)


def test_nobody_signs_without_their_password(page, pair):
    page.act("buyer", "propose", **agreement_values())
    agreement = Agreement.objects.get()
    answer = page.act("buyer", "sign", seen=agreement.digest, secret="guessed")
    assert answer.status_code == 409
    agreement.refresh_from_db()
    assert agreement.need_signed_at is None


@pytest.mark.parametrize(
    ("act", "values", "field"),
    [
        ("quote", quote_values(unit_price="cheap"), "unit_price"),
        ("quote", quote_values(quantity_amount="-5"), "quantity_amount"),
        ("quote", quote_values(valid_until=""), "valid_until"),
        ("quote", quote_values(unit="nothing"), "unit"),
        ("propose", agreement_values(plan="tomorrow, all"), "plan"),
        ("propose", agreement_values(ends_on="2020-01-01"), "ends_on"),
        ("propose", agreement_values(quantity_amount="9" * 30), "quantity_amount"),
        ("propose", agreement_values(quantity_amount="9" * 100_000), "quantity_amount"),
        ("propose", agreement_values(ends_on="9999-12-31"), "ends_on"),
        ("propose", agreement_values(plan="2027-01-31, all, -5"), "plan"),
        ("quote", quote_values(lead_time_days="30.7"), "lead_time_days"),
    ],
)
def test_what_cannot_be_read_stands_at_its_field_and_the_rest_is_kept(page, act, values, field):
    answer = page.act("seller", act, **values)
    assert answer.status_code == 422
    form = answer.context["forms"][act]
    assert field in form.errors
    text = answer.content.decode()
    assert f'id="{act}_{field}_error"' in text
    assert not Quote.objects.exists()
    assert not Agreement.objects.exists()


def test_a_quote_is_read_by_its_two_firms_only(page, pair, signed_in):
    page.act("seller", "quote", **quote_values())
    rival = talks(PartnershipFactory(introduced=True, need=pair.now.need))
    pair.agree(value=98765)
    coordinator = CoordinatorGrantFactory().user
    address = f"/en/partnerships/{pair.partnership.key}/"
    assert signed_in(rival.seller).get(address).status_code == 404
    read = signed_in(coordinator).get(address)
    assert read.status_code == 200
    assert [told for told in (PRICE, "98,765", "98765") if told in read.content.decode()] == []
    assert PRICE not in signed_in(rival.seller).get(f"/en/partnerships/{rival.partnership.key}/").content.decode()
    assert signed_in(rival.seller).get(f"/en/needs/{pair.now.need.number}/quotes/").status_code == 404


def test_quotes_stand_side_by_side_in_the_needs_unit_and_missing_terms_are_marked(page, pair):
    page.act("seller", "quote", **quote_values(lead_time_days="30"))
    second = talks(PartnershipFactory(introduced=True, need=pair.now.need))
    second.quote(unit_price="11.5")
    answer = page.buyer.get(f"/en/needs/{pair.now.need.number}/quotes/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert [told for told in ("12.37", "11.5", "not said") if told not in text] == []


def test_a_sealed_request_shows_the_buyer_a_count_and_no_price(page, pair):
    address = f"/en/needs/{pair.now.need.number}/quotes/"
    due = (timezone.localdate() + timedelta(days=3)).isoformat()
    assert page.buyer.post(address, {"due_on": due, "is_sealed": "on"}).status_code == 302
    page.act("seller", "quote", **quote_values())
    for text in (page.buyer.get(address).content.decode(), page.read("buyer")):
        assert PRICE not in text
        assert "Sealed until" in text
    assert PRICE in page.read("seller")


@pytest.mark.parametrize("due", ["", "yesterday", "2020-01-01", "2099-01-01"])
def test_a_deadline_has_to_lie_ahead(page, pair, due):
    answer = page.buyer.post(f"/en/needs/{pair.now.need.number}/quotes/", {"due_on": due})
    assert answer.status_code == 422
    assert answer.context["form"].errors


@pytest.mark.parametrize("act", sorted(FORMS))
@pytest.mark.parametrize("trait", [{"suggested": True}, {}, {"failed": True}])
def test_before_the_introduction_and_after_the_end_no_act_of_the_deal_is_taken(signed_in, trait, act):
    pair = talks(PartnershipFactory(**trait))
    before = (Quote.objects.count(), Agreement.objects.count(), PartnershipEvent.objects.count())
    for user in (pair.buyer, pair.seller):
        answer = signed_in(user).post(f"/en/partnerships/{pair.partnership.key}/deal/{act}/", {"secret": PASSWORD})
        assert answer.status_code in (403, 404, 409, 422)
    assert (Quote.objects.count(), Agreement.objects.count(), PartnershipEvent.objects.count()) == before


@pytest.mark.parametrize("act", ["nothing", "complete", "agree", "view_contact"])
def test_acts_of_the_platform_have_no_address(page, act):
    assert page.act("buyer", act).status_code == 404


def test_a_coordinator_suggests_how_to_settle_a_dispute(page, pair, signed_in):
    pair.agree()
    page.act("buyer", "state_outcome", answer="yes", delivered_amount="1000")
    page.act("seller", "state_outcome", answer="yes", delivered_amount="5000")
    assert Outcome.objects.get().state == OutcomeState.DISPUTED
    assert page.act("buyer", "suggest_outcome", amount="2000", note="示例").status_code == 403
    grant = CoordinatorGrantFactory(user__totp=True)
    coordinator = signed_in(grant.user)
    address = f"/en/partnerships/{pair.partnership.key}/deal/suggest_outcome/"
    assert coordinator.post(address, {"amount": "2000", "note": ""}).status_code == 422
    assert coordinator.post(address, {"amount": "2000", "note": "示例：对账 2000 件"}).status_code == 302
    assert "示例：对账 2000 件" in page.read("buyer")


@pytest.mark.parametrize("state", [State.QUOTING, State.AGREED])
@pytest.mark.parametrize("who", ["buyer", "seller"])
def test_five_hundred_events_cost_no_more_queries_than_five(page, pair, who, state):
    pair.quote()
    if state == State.AGREED:
        pair.agree()

    def asked():
        with CaptureQueriesContext(connection) as queries:
            text = page.read(who)
        return len(queries), text.count('<li class="doc">')

    page.read(who)
    few, _shown = asked()
    event = {"from_state": State.AGREED, "to_state": State.AGREED, "side": Side.NEED, "act": Act.VIEW_CONTACT}
    firm = pair.now.need.enterprise
    PartnershipEvent.objects.bulk_create(
        PartnershipEvent(partnership=pair.partnership, enterprise=firm, actor=pair.buyer, **event) for _ in range(500)
    )
    many, shown = asked()
    assert many == few
    assert many <= MOST_QUERIES
    assert shown == PAGE


def test_a_viewer_reads_the_deal_and_is_offered_no_act(pair, signed_in):
    pair.quote()
    viewer = MembershipFactory(enterprise=pair.now.need.enterprise, viewer=True).user
    text = signed_in(viewer).get(f"/en/partnerships/{pair.partnership.key}/").content.decode()
    assert "12.5" in text
    assert "/deal/" not in text


@pytest.mark.parametrize("subject", ["talent", "premises"])
def test_the_first_agreement_of_a_subject_with_terms_of_its_own_can_be_proposed(signed_in, subject):
    pair = talks(need=PostingFactory(subject=subject))
    page = signed_in(pair.buyer).get(f"/en/partnerships/{pair.partnership.key}/")
    assert page.status_code == 200
    assert "Propose an agreement" in page.content.decode()
