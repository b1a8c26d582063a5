"""What the system of one member of a set learns of another member through the API: nothing."""

import pytest

from matchmaking.partnerships.services.quoting import make_quote
from tests.factories.consortia import together
from tests.matchmaking.partnerships.talks import Talks, quote_terms

pytestmark = pytest.mark.django_db
PRICE = "777.77"
LISTS = ("partnerships/", "messages/", "files/")


def test_a_members_system_reads_no_other_members_price_share_or_partnership(make_partner):
    world = together(9000, 6000)
    consortium = world.form(9000, 6000)
    for place in range(2):
        world.consent(consortium, place)
    other = world.member(consortium, 0).partnership
    make_quote(
        partnership=Talks(other, world.owner, world.suppliers[0]).now,
        actor=world.suppliers[0],
        terms=quote_terms(other, unit_price=PRICE, quantity_amount=9000, period="once"),
    )
    system = make_partner(world.capacities[1].enterprise)
    told = "".join(system.ask(path).content.decode() for path in LISTS)
    assert world.member(consortium, 1).partnership.key in told
    assert [word for word in (PRICE, other.key, world.capacities[0].title) if word in told] == []
    assert system.ask(f"partnerships/{other.key}/").status_code == 404
    assert PRICE in make_partner(world.capacities[0].enterprise).ask(f"partnerships/{other.key}/").content.decode()
