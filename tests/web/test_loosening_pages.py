"""Loosen and see: what a change of one's own would gain, in both languages, and what it keeps to itself."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from common.reason_texts import TEXTS
from common.reasons import Reason
from tests.factories.accounts import EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.postings import PostingCertificateFactory, PostingFactory
from tests.factories.reference import CertificationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def need():
    return PostingFactory()


@pytest.fixture
def gains_of(signed_in):
    def fetch(posting, prefix="/en", **headers):
        client = signed_in(MembershipFactory(enterprise=posting.enterprise).user)
        html = client.get(prefix + reverse("web:matching:loosen", args=[posting.number]), headers=headers)
        listed = re.findall(
            r'<li class="row between"><span>(.*?)</span><b class="num">(.*?)</b>', html.content.decode()
        )
        return [(strip_tags(text), gain) for text, gain in listed], html.content.decode()

    return fetch


@pytest.mark.parametrize(
    ("count", "english", "chinese"), [(4, "+4 firms", "+4 "), (2, "+ fewer than 3 firms", "")], ids=["four", "two"]
)
def test_a_need_learns_what_asking_for_less_would_gain(need, gains_of, count, english, chinese):
    paper = PostingCertificateFactory(posting=need)
    PostingFactory.create_batch(count, capacity=True)

    in_chinese, _ = gains_of(need, prefix="")
    listed, page = gains_of(need)

    assert [gain for _text, gain in listed] == [english]
    assert paper.certification.name_en in listed[0][0]
    assert paper.certification.name_zh in in_chinese[0][0]
    assert chinese in in_chinese[0][1]
    assert reverse("web:postings:edit", args=[need.number]) in page


def test_a_capacity_learns_what_would_bring_it_more_needs_and_never_to_tick_it(gains_of):
    capacity = PostingFactory(capacity=True)
    paper = CertificationFactory(code="XC-MORE")
    for need in PostingFactory.create_batch(3):
        PostingCertificateFactory(posting=need, certification=paper)

    listed, page = gains_of(capacity)

    assert [gain for _text, gain in listed] == ["+3 firms"]
    assert listed[0][0].lower().startswith(TEXTS[Reason.HINT_CERTIFICATE_ADD].en.split("{")[0])
    assert listed[0][0].endswith("and record it")
    assert paper.name_en in listed[0][0]
    assert f"{reverse('web:accounts:new_certificate')}?certification=XC-MORE" in page


def test_a_suspended_firm_is_not_even_counted(need, gains_of):
    PostingCertificateFactory(posting=need)
    PostingFactory(capacity=True, enterprise=EnterpriseFactory(suspended=True))

    assert gains_of(need)[0] == []


def test_no_firm_is_named_and_no_total_is_told(need, gains_of):
    PostingCertificateFactory(posting=need)
    others = PostingFactory.create_batch(4, capacity=True)

    _listed, page = gains_of(need)

    for other in others:
        assert other.number not in page
        assert other.enterprise.name not in page
    assert "firms fit" not in page


def test_htmx_gets_the_list_alone_and_the_panel_asks_for_it(need, gains_of, signed_in):
    _listed, fragment = gains_of(need, **{"HX-Request": "true"})
    client = signed_in(MembershipFactory(enterprise=need.enterprise).user)
    page = client.get(reverse("web:matching:matches", args=[need.number])).content.decode()

    assert "<html" not in fragment
    assert f'hx-get="{reverse("web:matching:loosen", args=[need.number])}"' in page


def test_nobody_else_learns_it(need, signed_in):
    address = reverse("web:matching:loosen", args=[need.number])

    assert signed_in(MembershipFactory().user).get(address).status_code == 404
    assert signed_in(UserFactory()).get(address).status_code == 404


def test_a_draft_has_nothing_to_gain_yet(signed_in):
    draft = PostingFactory(draft=True)
    client = signed_in(MembershipFactory(enterprise=draft.enterprise).user)

    assert client.get(reverse("web:matching:loosen", args=[draft.number])).status_code in (302, 409)
