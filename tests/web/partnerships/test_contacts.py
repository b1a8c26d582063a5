"""Contacts on the pages of partnerships: after both agreed, never before."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from accounts.models import Notice, User
from accounts.services.mailing import mail_pending
from matchmaking.partnerships.choices import Act, Side
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.services.interest import accept_interest, declare_interest
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories.postings import PostingContactFactory
from tests.web.partnerships.addresses import CANARIES, address, detail, text

pytestmark = pytest.mark.django_db


HTMX = {"HX-Request": "true"}


def told_everywhere(partnership, readers, signed_in):
    """Every page, answer, notice and mail that these readers get about the partnership."""
    own = {Side.NEED: partnership.need, Side.CAPACITY: partnership.capacity}
    pages = [
        detail(partnership),
        address("list"),
        reverse("web:matching:matches", args=[own[Side.NEED].number]),
        reverse("web:matching:capacity_matches", args=[own[Side.CAPACITY].number]),
        reverse("web:postings:need", args=[own[Side.NEED].number]),
        reverse("web:postings:capacity", args=[own[Side.CAPACITY].number]),
        reverse("web:accounts:workbench"),
        reverse("web:accounts:notices"),
    ]
    asks = address("contact", partnership.key)
    found = []
    for user in readers:
        client = signed_in(user)
        found += [text(client.get(f"{prefix}{page}", follow=True)) for page in pages for prefix in ("", "/en")]
        found.append(text(client.post(asks)))
    translation.activate("zh-hans")
    found += [str(notice.facts) for notice in Notice.objects.all()]
    mail_pending()
    found += [f"{message.subject}\n{message.body}" for message in mail.outbox]
    return found


def test_interest_with_contact_data_in_the_note_is_told(need, capacity, buyer, signed_in):
    sent = {"posting": need.number, "counterpart": capacity.number, "note": "13800001111"}

    assert signed_in(buyer).post(address("interest"), sent).status_code == 422
    assert Partnership.objects.count() == 0


def test_contact_is_shown_after_a_press_and_the_look_is_read_by_its_owner(introduced, buyer, seller, signed_in):
    client = signed_in(buyer)
    before = text(client.get(detail(introduced)))
    shown = client.post(address("contact", introduced.key))

    assert "13900007777" not in before
    assert "13900007777" in text(shown)
    assert "no-store" in shown["Cache-Control"]
    assert introduced.events.filter(act=Act.VIEW_CONTACT).count() == 1
    page = text(signed_in(seller).get(detail(introduced)))
    assert page.count("looked at the contact data") + page.count("查看了联系方式") == 1
    assert introduced.need.enterprise.name in page


def test_contact_answers_htmx_with_the_card(introduced, buyer, signed_in):
    response = signed_in(buyer).post(address("contact", introduced.key), headers=HTMX)

    assert "13900007777" in text(response)
    assert 'id="log"' in text(response)
    assert "<html" not in text(response)


def test_contact_before_mutual_interest_is_refused(asked, buyer, signed_in):
    response = signed_in(buyer).post(address("contact", asked.key))

    assert response.status_code == 409
    assert asked.events.filter(act=Act.VIEW_CONTACT).count() == 0


def test_no_canary_appears_anywhere_before_both_agreed(asked, capacity, buyer, seller, signed_in):
    PostingContactFactory(
        posting=capacity, person="CANARY-PERSON", phone="", email="canary-post@example.com", other="CANARY-OTHER"
    )
    others = [MembershipFactory().user, UserFactory(), CoordinatorGrantFactory().user]
    found = told_everywhere(asked, [buyer, *others], signed_in)

    assert len(mail.outbox) > 0
    assert [(canary, page[:200]) for canary in CANARIES for page in found if canary in page] == []


def test_the_alias_holds_everywhere_until_both_agreed(capacity, buyer, seller, need, signed_in):
    capacity.visibility = "alias"
    capacity.save()
    capacity.enterprise.name = "示例CANARY铸造"
    capacity.enterprise.save()
    partnership = declare_interest(posting=need, counterpart=capacity, actor=buyer)
    before = told_everywhere(partnership, [buyer], signed_in)
    accept_interest(partnership=partnership, actor=seller)
    after = text(signed_in(buyer).get(detail(partnership)))

    assert [page[:200] for page in before if "CANARY" in page] == []
    assert "示例CANARY铸造" in after


def test_the_mail_of_an_introduction_holds_a_link_and_no_contact(introduced):
    mail.outbox.clear()
    mail_pending()

    assert len(mail.outbox) == 3
    for message in mail.outbox:
        assert "/me/notices/" in message.body
        assert [canary for canary in CANARIES if canary in message.body + message.subject] == []


def test_contact_closes_when_the_talks_end(introduced, buyer, seller, signed_in):
    signed_in(seller).post(address("end", introduced.key), {"reason": "end.partnership.quality"})
    client = signed_in(buyer)

    assert client.post(address("contact", introduced.key)).status_code == 409
    assert "13900007777" not in text(client.get(detail(introduced)))


def test_a_coordinator_reads_without_buttons_or_contact(asked, introduced, signed_in):
    html = text(signed_in(CoordinatorGrantFactory().user).get(detail(introduced)))

    assert introduced.capacity.enterprise.name in html
    assert "<form" not in re.search(r"<main.*</main>", html, re.S)[0]


def test_a_look_of_the_other_firm_stands_among_the_looks_of_its_owner_alone(
    introduced, capacity, buyer, seller, signed_in
):
    signed_in(buyer).post(address("contact", introduced.key))

    owner, looker = (text(signed_in(user).get("/en/me/looks/")) for user in (seller, buyer))

    assert ("the firm that you were introduced to" in owner, capacity.title in owner) == (True, True)
    assert str(User.objects.get(pk=buyer.pk)) not in owner.split("<main")[1]
    assert "Nobody has looked yet" in looker
