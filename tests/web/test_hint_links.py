"""Hints lead to where the firm follows them, filled in, and back; only for who may, and for one's own side."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from common.reasons import Reason
from matchmaking.engine.types.results import Note
from reference.models import Certification
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingCertificateFactory, PostingFactory, days_from_today
from web.templatetags.hints import PLACES, hint_address
from web.templatetags.matching import change_chips

pytestmark = pytest.mark.django_db
ELSEWHERE = {Reason.HINT_CERTIFICATE_ADD, Reason.HINT_CERTIFICATE_RENEW, Reason.HINT_CAPACITY_CONFIRM}
FACTS = {
    "amount": "1200",
    "km": "80",
    "start": "2027-02-01",
    "end": "2027-05-31",
    "days": "31",
    "region": "510100",
    "certificates": "IATF16949",
    "parameters": "workers >= 100",
    "unit": "PCS",
}
SHOWN_AS = {
    "quantity": r'name="quantity"[^>]*value="1200"',
    "minimum_order": r'name="minimum_order"[^>]*value="1200"',
    "price_min": r'name="price_min"[^>]*value="1200"',
    "price_max": r'name="price_max"[^>]*value="1200"',
    "window_start": r'name="window_start"[^>]*value="2027-02-01"',
    "window_end": r'name="window_end"[^>]*value="2027-05-31"',
    "radius_km": r'name="radius_km"[^>]*value="80"',
    "regions_allowed": r'name="regions_allowed" value="510100" checked',
    "consortium_allowed": r'name="consortium_allowed"[^>]*checked',
}
BACK = "/en/needs/X/matches/#match-Y"


def test_every_hint_of_the_register_has_a_place():
    assert set(PLACES) | ELSEWHERE == {reason for reason in Reason if reason.kind == "hint"}


@pytest.fixture
def owned():
    """A need and a capacity of one firm, and its owner."""
    need = PostingFactory()
    PostingCertificateFactory(posting=need, certification=Certification.objects.get(code="IATF16949"))
    capacity = PostingFactory(capacity=True, enterprise=need.enterprise)
    return need, capacity, MembershipFactory(enterprise=need.enterprise).user


@pytest.mark.parametrize("reason", PLACES, ids=str)
def test_a_hint_opens_the_form_filled_in_at_its_field_with_the_way_back(owned, signed_in, reason):
    need, capacity, owner = owned
    ours = (
        need
        if any(word in reason.value for word in ("split", "wish", "relax", "raise", "allow", "widen"))
        else capacity
    )
    address = hint_address(ours.number, Note(reason, FACTS), BACK)
    page = signed_in(owner).get(f"/en{address.removeprefix('/en')}")
    html = page.content.decode()
    parts = urlsplit(address)
    assert page.status_code == 200
    assert f'id="{parts.fragment}"' in html
    for name in set(parse_qs(parts.query)) & set(SHOWN_AS):
        assert re.search(SHOWN_AS[name], html), name
    assert f'<input type="hidden" name="back" value="{BACK}">' in html
    assert f'<a href="{BACK}">Back without saving</a>' in html


def test_a_certificate_asked_for_as_a_must_is_offered_as_a_wish(owned, signed_in):
    need, _capacity, owner = owned
    note = Note(Reason.HINT_CERTIFICATE_WISH, FACTS)
    html = signed_in(owner).get(hint_address(need.number, note, BACK)).content.decode()
    boxes = re.findall(r'<input[^>]*name="certificates_(must|wish)"[^>]*value="IATF16949"([^>]*)>', html)
    assert {kind: "checked" in rest for kind, rest in boxes} == {"must": False, "wish": True}


def test_nothing_is_changed_before_it_is_saved_and_saving_leads_back(owned, signed_in):
    need, _capacity, owner = owned
    browser = signed_in(owner)
    address = hint_address(need.number, Note(Reason.HINT_QUANTITY_LOWER, FACTS), "/needs/")
    html = browser.get(address).content.decode()
    need.refresh_from_db()
    assert need.quantity_amount == 8000
    fields = dict(re.findall(r'<input[^>]*name="(seen_version|number|form_key|back)" value="([^"]*)"', html))
    filled = {
        "title": need.title, "node": "XN0", "node_words": "XN0", "subject": "component", "quantity": "1200",
        "unit": "XPCS", "period": "month", "window_start": str(need.window_start),
        "window_end": str(days_from_today(365)), "region": "900101", "region_preference": "any", "price_kind": "none",
        "visibility": "named", "answer_within_working_days": "2", "text": "t",
    }  # fmt: skip
    answer = browser.post(f"/postings/{need.number}/edit/", fields | filled)
    assert (answer.status_code, answer.url) == (302, "/needs/"), answer.content.decode()[:3000]
    need.refresh_from_db()
    assert need.quantity_amount == 1200


def test_the_way_back_never_leaves_the_site(owned, signed_in):
    need, _capacity, owner = owned
    for back in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        html = signed_in(owner).get(f"/en/postings/{need.number}/edit/", {"back": back}).content.decode()
        assert 'name="back"' not in html
        assert 'id="from-hint"' not in html


def test_a_certificate_is_recorded_on_its_page_with_the_paper_chosen_and_leads_back(owned, signed_in):
    _need, capacity, owner = owned
    address = hint_address(capacity.number, Note(Reason.HINT_CERTIFICATE_ADD, FACTS), "/capacities/")
    browser = signed_in(owner)
    html = browser.get(address).content.decode()
    assert (
        'value="IATF16949" selected' in html
        or 'value="IATF16949"' in re.search(r"<[^>]*certification[^>]*>", html).group()
    )
    given = {
        "certification": "IATF16949",
        "number": "S-1",
        "issuer": "示例",
        "issued_on": "2026-01-01",
        "expires_on": "2029-01-01",
    }
    answer = browser.post(address.split("#")[0], given)
    assert (answer.status_code, answer.url) == (302, "/capacities/"), answer.content.decode()[:2000]


class Told:
    """A match with these hints, as cards read it."""

    gaps = reasons = parts = ()

    def __init__(self, *hints):
        self.hints = hints


def links(drawn):
    return [unescape(one) for one in re.findall(r'href="([^"]+)"', drawn)]


def test_only_ones_own_side_has_links_and_only_who_may_act():
    own = Note(Reason.HINT_QUANTITY_LOWER, {"side": "need", **FACTS})
    theirs = Note(Reason.HINT_CERTIFICATE_ADD, {"side": "capacity", **FACTS})
    match = Told(own, theirs)
    assert len(links(change_chips(match, "need", "NUMBER0000", BACK))) == 1
    assert links(change_chips(match, "need")) == []
    assert "certificates/new" in links(change_chips(match, "capacity", "NUMBER0000", BACK))[0]
