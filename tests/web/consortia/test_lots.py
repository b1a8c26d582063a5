"""Lots with days of their own on the pages: proposed, asked with one press, read by each side, agreed on."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from matchmaking.consortia.models import Consortium, ConsortiumMember
from matchmaking.partnerships.choices import Act
from matchmaking.partnerships.queries.deal import Deal
from tests.factories.consortia import month, one_after_the_other
from web.forms.consortia import Asked, SharesForm
from web.templatetags.formats import written_day
from web.views.partnerships.shown import unsent_forms

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


@pytest.fixture
def world():
    return one_after_the_other()


@pytest.fixture
def asked(world, signed_in):
    """The set as the page proposes it, asked for by one press."""
    address = f"/en/needs/{world.need.number}/suppliers/"
    page = signed_in(world.owner).get(address)
    (proposal,) = page.context["proposals"]
    html = page.content.decode()
    assert "each has days of its own" in html
    assert f'value="{month(4).isoformat()}"' in html
    assert "On every day the lots add up to 1,000" in html
    values = {name: str(value) for name, value in proposal["form"].initial.items()}
    response = signed_in(world.owner).post(address, values, follow=True)
    assert response.status_code == 200
    return Consortium.objects.get(), response.content.decode()


def test_each_side_reads_the_days_of_its_lots(world, asked, signed_in):
    consortium, html = asked
    with translation.override("en"):
        second_begins = written_day(month(4))
    assert second_begins in html
    assert "remainder 0" in html
    supplier = signed_in(world.suppliers[1]).get(f"/en/consortia/{consortium.key}/").content.decode()
    assert second_begins in supplier
    first = signed_in(world.suppliers[0]).get(f"/en/consortia/{consortium.key}/").content.decode()
    assert second_begins not in first


def test_the_agreement_begins_with_the_days_of_the_lot(world, asked):
    member = ConsortiumMember.objects.get(partnership__capacity=world.capacities[1])
    pair = member.partnership
    forms = unsent_forms(pair, Deal(pair), None, {Act.PROPOSE.value}, member)
    assert forms[Act.PROPOSE].initial["starts_on"] == month(4).isoformat()


def test_days_that_cannot_be_read_stay_on_the_form(world, signed_in):
    days = (month(1), month(4))
    form = SharesForm([Asked(one.number, "示例", 1000, days) for one in world.capacities], name="sent")
    values = {name: str(value) for name, value in form.initial.items()}
    spoilt = values | {f"until_{world.capacities[0].number}": "soon"}
    response = signed_in(world.owner).post(f"/en/needs/{world.need.number}/suppliers/", spoilt)
    assert response.status_code == 422
    assert 'value="soon"' in response.content.decode()


def test_the_page_asks_a_fixed_few_queries(world, signed_in):
    client, address = signed_in(world.owner), f"/en/needs/{world.need.number}/suppliers/"
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).context["proposals"]
    assert len(queries) <= MOST_QUERIES, len(queries)
