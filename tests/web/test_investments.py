"""The page that asks what an investment would fill: its form, its answer, and who may ask."""

import re

import pytest
from django.test import Client

from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingCertificateFactory, PostingFactory

pytestmark = pytest.mark.django_db
PAGE = "/en/insights/weak-links/what-if/"


@pytest.fixture
def member(client):
    client.force_login(MembershipFactory().user)
    return client


def asked(posting, **changed):
    return {
        "node": posting.node.code,
        "region": posting.region.code,
        "amount": "12,000",
        "unit": posting.unit.code,
        "period": posting.period,
    } | changed


def test_who_is_not_signed_in_is_asked_to(client):
    assert client.get(PAGE).status_code == 302


def test_a_node_that_the_table_leads_to_is_chosen_already_and_nothing_is_judged(member):
    node = PostingFactory().node
    answer = member.get(PAGE, {"node": node.code})
    html = answer.content.decode()
    assert (answer.status_code, "form" in answer.context, "found" in answer.context) == (200, True, False)
    assert re.search(rf'<option value="{node.code}" selected>', html)


def test_it_says_what_would_be_met_what_is_missed_and_why(member):
    posting = PostingFactory(title="示例能满足的需求")
    strict = PostingCertificateFactory(posting=PostingFactory(title="示例要证书的需求"))
    html = re.sub(r"\s+", " ", member.get(PAGE, asked(posting)).content.decode())
    assert "It would meet needs of 1 firm" in html
    assert html.index("示例能满足的需求") < html.index("Almost: one or two conditions are not met")
    assert html.index("示例要证书的需求") > html.index("Almost: one or two conditions are not met")
    assert "a required certificate is missing" in html.lower()
    with_it = member.get(PAGE, asked(posting, certificates=strict.certification.code)).content.decode()
    assert "It would meet needs of 2 firms" in with_it


def test_where_nothing_fits_the_page_says_what_to_try(member):
    posting = PostingFactory()
    html = member.get(PAGE, asked(posting, amount="1")).content.decode()
    assert "It would meet no need that is open today" in html


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"amount": ""}, "Fill in: Amount"),
        ({"amount": "many"}, "number"),
        ({"amount": "-5"}, "above zero"),
        ({"node": "NOT.A.NODE"}, "NOT.A.NODE is not one of the available choices"),
        ({"node": ""}, "Choose: Node"),
        ({"region": "999999"}, "999999 is not one of the available choices"),
        ({"unit": ""}, "Choose: Unit"),
        ({"certificates": "NOTHING"}, "NOTHING"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field_and_the_rest_is_kept(member, changed, told):
    posting = PostingFactory()
    answer = member.get(PAGE, asked(posting, **changed))
    html = answer.content.decode()
    assert (answer.status_code, told in html) == (422, True), re.findall(r'id="id_\w+_error".*', html)
    assert f'value="{posting.period}" selected' in html
    assert "found" not in answer.context


def test_full_width_digits_are_read(member):
    assert "found" in member.get(PAGE, asked(PostingFactory(), amount="１２０００")).context


def test_the_table_leads_here_only_who_is_signed_in(member):
    page = "/en/insights/weak-links/"
    assert [PAGE in reader.get(page).content.decode() for reader in (Client(), member)] == [False, True]
