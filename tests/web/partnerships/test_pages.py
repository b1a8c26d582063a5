"""Pages of partnerships: list, one of them, each act by its form, and contact data for nobody before both agreed."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from matchmaking.partnerships.choices import Act, Side, State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.services.interest import accept_interest
from matchmaking.postings.choices import Visibility
from matchmaking.postings.models import Posting
from tests.factories.accounts import (
    EnterpriseFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories.partnerships import PartnershipEventFactory, PartnershipFactory
from tests.web.partnerships.addresses import address, detail, text

pytestmark = pytest.mark.django_db


HTMX = {"HX-Request": "true"}


def hidden_versions(page):
    return dict(re.findall(r'name="(need_version|capacity_version)" value="([^"]*)"', page))


def test_interest_by_the_form_leads_to_the_partnership(need, capacity, buyer, signed_in):
    client = signed_in(buyer)
    response = client.post(
        address("interest"), {"posting": need.number, "counterpart": capacity.number, "note": "示例"}
    )

    partnership = Partnership.objects.get()
    assert (partnership.state, partnership.note, response.url) == (State.INTERESTED, "示例", detail(partnership))
    assert client.get(response.url).status_code == 200


def test_interest_answers_htmx_with_the_stage(need, capacity, buyer, signed_in):
    response = signed_in(buyer).post(
        address("interest"), {"posting": need.number, "counterpart": capacity.number}, headers=HTMX
    )

    assert detail(Partnership.objects.get()) in text(response)
    assert "<html" not in text(response)


@pytest.mark.parametrize(
    ("posting", "counterpart", "status"),
    [("own", "NOSUCH0000", 404), ("other", "own", 404), ("", "", 404), ("own", "own", 409), ("x", "x" * 500, 404)],
)
def test_interest_with_wrong_numbers_is_told(need, capacity, buyer, signed_in, posting, counterpart, status):
    numbers = {"own": need.number, "other": capacity.number}
    sent = {"posting": numbers.get(posting, posting), "counterpart": numbers.get(counterpart, counterpart)}

    assert signed_in(buyer).post(address("interest"), sent).status_code == status
    assert Partnership.objects.count() == 0


def test_the_side_that_was_asked_has_two_buttons_and_the_other_waits(asked, buyer, seller, signed_in):
    theirs, ours = text(signed_in(seller).get(detail(asked))), text(signed_in(buyer).get(detail(asked)))
    accept, decline, withdraw = (address(name, asked.key) for name in ("accept", "decline", "withdraw"))

    assert (accept in theirs, decline in theirs, withdraw in theirs) == (True, True, False)
    assert (accept in ours, decline in ours, withdraw in ours) == (False, False, True)
    assert "示例附言" in theirs


def test_accept_by_the_button_introduces(asked, seller, signed_in):
    client = signed_in(seller)
    response = client.post(address("accept", asked.key))

    asked.refresh_from_db()
    assert (asked.state, response.url) == (State.INTRODUCED, detail(asked))
    assert address("contact", asked.key) in text(client.get(response.url))


def test_a_posting_changed_since_the_interest_is_told_and_accepted_once_seen(asked, need, seller, signed_in):
    client = signed_in(seller)
    before = text(client.get(detail(asked)))
    Posting.objects.filter(pk=need.pk).update(version=1234, quantity_amount=1)

    told = client.post(address("accept", asked.key), hidden_versions(before))
    unread = client.post(address("accept", asked.key), {"need_version": "x", "capacity_version": "9" * 99})
    after = text(client.get(detail(asked)))

    note = "Changed since the interest:"
    with translation.override("zh-hans"):
        shown = gettext(note)
    assert (told.status_code, unread.status_code) == (409, 409)
    assert "表达意向后信息有改动" in text(told)
    assert (shown in before, shown in after) == (False, True)
    assert hidden_versions(after)["need_version"] == "1234"
    client.post(address("accept", asked.key), hidden_versions(after))
    asked.refresh_from_db()
    assert asked.state == State.INTRODUCED


def test_accept_twice_tells_that_it_is_done(introduced, seller, signed_in):
    response = signed_in(seller).post(address("accept", introduced.key))

    assert response.status_code == 409
    assert str(State.INTRODUCED.label) in text(response)


def test_a_posting_hidden_from_the_reader_is_shown_without_a_way_to_its_page(need, capacity, buyer, seller, signed_in):
    Posting.objects.filter(pk=capacity.pk).update(visibility=Visibility.ALIAS)
    need.hidden_from.add(capacity.enterprise)
    signed_in(buyer).post(address("interest"), {"posting": need.number, "counterpart": capacity.number})

    page = text(signed_in(seller).get(detail(Partnership.objects.get())))

    assert need.title in page
    assert reverse("web:postings:need", args=[need.number]) not in page
    assert reverse("web:postings:capacity", args=[capacity.number]) in page


def test_decline_takes_a_reason_and_shows_it(asked, seller, buyer, signed_in):
    client = signed_in(seller)
    missing = client.post(address("decline", asked.key), {"note": ""})
    client.post(address("decline", asked.key), {"reason": "end.partnership.price"})

    asked.refresh_from_db()
    assert (missing.status_code, asked.state, asked.end_reason) == (422, State.FAILED, "end.partnership.price")
    assert "error-summary" in text(missing)
    assert "价格" in text(signed_in(buyer).get(detail(asked)))


def test_decline_refuses_a_made_up_reason(asked, seller, signed_in):
    response = signed_in(seller).post(address("decline", asked.key), {"reason": "x" * 9000})

    asked.refresh_from_db()
    assert (response.status_code, asked.state) == (422, State.INTERESTED)


def test_withdraw_and_end_by_their_buttons(asked, introduced, buyer, signed_in):
    waiting = PartnershipFactory(need=asked.need)
    client = signed_in(buyer)
    client.post(address("withdraw", waiting.key))
    client.post(address("end", introduced.key), {"reason": "end.partnership.time"})

    assert list(Partnership.objects.order_by("pk").values_list("state", "end_reason")) == [
        (State.FAILED, "end.partnership.time"),
        (State.FAILED, "end.partnership.withdrawn"),
    ]


def test_a_strangers_partnership_is_not_found(introduced, signed_in, client):
    stranger = signed_in(MembershipFactory().user)
    assert stranger.get(detail(introduced)).status_code == 404
    for name in ("accept", "decline", "withdraw", "end", "contact"):
        assert stranger.post(address(name, introduced.key)).status_code == 404
    assert client.get(detail(introduced)).status_code == 302


def test_the_list_tells_whose_turn_it_is_and_filters(buyer, need, signed_in):
    ours = PartnershipFactory(need=need, opened_by=Side.CAPACITY)
    theirs = PartnershipFactory(need=need)
    ended = PartnershipFactory(need=need, failed=True)
    client = signed_in(buyer)
    shown = {
        choice: [
            row.key
            for row in (ours, theirs, ended)
            if detail(row) in text(client.get(address("list") + f"?show={choice}"))
        ]
        for choice in ("", "ours", "theirs", "ended", "introduced", "nonsense")
    }
    everything = [ours.key, theirs.key, ended.key]
    assert shown == {
        "": everything,
        "ours": [ours.key],
        "theirs": [theirs.key],
        "ended": [ended.key],
        "introduced": [],
        "nonsense": everything,
    }


@pytest.mark.parametrize("key", ["..", "x" * 500, "%E7%A4%BA"])
def test_a_strange_key_is_not_found(buyer, signed_in, key):
    assert signed_in(buyer).get(f"/partnerships/{key}/").status_code == 404


def test_somebody_without_a_firm_sees_an_empty_list(signed_in):
    PartnershipFactory()
    response = signed_in(UserFactory()).get(address("list"))
    assert (response.status_code, Partnership.objects.first().key in text(response)) == (200, False)


def test_pages_cost_the_same_for_many_rows(buyer, need, signed_in):
    client = signed_in(buyer)
    partnership = PartnershipFactory(need=need, introduced=True)

    def counted(page):
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        return len(captured)

    few = (counted(address("list")), counted(detail(partnership)))
    for _ in range(6):
        PartnershipFactory(need=need)
    PartnershipEventFactory.create_batch(500, partnership=partnership, act=Act.VIEW_CONTACT)
    assert (counted(address("list")), counted(detail(partnership))) == few
    assert max(few) <= 12


def test_what_happened_is_read_page_by_page(buyer, need, signed_in):
    client = signed_in(buyer)
    partnership = PartnershipFactory(need=need, introduced=True)
    PartnershipEventFactory(partnership=partnership)
    PartnershipEventFactory.create_batch(
        500, partnership=partnership, act=Act.VIEW_CONTACT, from_state="introduced", to_state="introduced"
    )
    path = detail(partnership)

    def shown(number):
        page = text(client.get(path, {"log": number})).split('id="log"')[1].split("</section>")[0]
        beside = [f"log={int(number) + step}#log" in page for step in (1, -1)]
        return page.count("<li"), *beside

    assert [shown(number) for number in ("1", "2", "21", "22")] == [
        (25, True, False),
        (25, True, True),
        (1, False, True),
        (0, False, True),
    ]
    assert "declared interest" in text(client.get(f"/en{path}", {"log": "21"}))
    for odd in ("0", "x", "99999999999999999999", "-1", "²"):
        assert client.get(path, {"log": odd}).status_code == 200
    assert 'class="step step-done"' in text(client.get(path))


def test_the_stepper_marks_done_next_and_stopped(asked, buyer, seller, signed_in):
    client = signed_in(buyer)

    def marks():
        html = text(client.get(detail(asked)))
        return re.findall(r'<li class="step (step-\w+)"', html), 'aria-current="step"' in html

    assert marks() == (["step-done"] * 2 + ["step-now"] + ["step-todo"] * 3, True)
    accept_interest(partnership=asked, actor=seller)
    assert marks() == (["step-done"] * 4 + ["step-now"] + ["step-todo"], True)


def test_an_overdue_answer_says_so(asked, seller, signed_in):
    Partnership.objects.filter(pk=asked.pk).update(answer_by=timezone.localdate().replace(year=2020))
    assert 'class="late"' in text(signed_in(seller).get(detail(asked)))


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_page_in_both_languages(buyer, need, signed_in, state):
    failed = {"end_reason": "end.partnership.price"} if state == State.FAILED else {}
    partnership = PartnershipFactory(need=need, state=state, **failed)
    client = signed_in(buyer)

    for prefix in ("", "/en"):
        assert client.get(f"{prefix}{detail(partnership)}").status_code == 200


def test_a_member_of_two_firms_acts_for_the_right_one(asked, seller, signed_in):
    MembershipFactory(enterprise=EnterpriseFactory(), user=seller)
    client = signed_in(seller)

    assert address("accept", asked.key) in text(client.get(detail(asked)))
    client.post(address("accept", asked.key))
    asked.refresh_from_db()
    assert asked.state == State.INTRODUCED
