"""Own network first on the pages and at the REST door: set, told, opened; to all others it is not there."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Verb
from accounts.services.changes import record_change, unit_of_work
from common.errors import Refused
from common.keeping import process_cache
from common.reasons import Reason
from matchmaking.desk.services.pairs import suggest_pair
from matchmaking.matching.models import SearchNews
from matchmaking.matching.services.alerts import tell_searches
from matchmaking.partnerships.services.interest import declare_interest
from matchmaking.postings.models import Posting
from matchmaking.postings.services.life import expire_postings
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, NetworkMembershipFactory
from tests.factories.postings import PostingFactory, SavedSearchFactory, days_from_today

pytestmark = pytest.mark.django_db
CLOCK = re.compile(rb"\b\d\d:\d\d\b")
CHANGING = re.compile(rb'(name="csrfmiddlewaretoken" value="|nonce[=-]"?|<meta name="csrf[^>]*content=")[^"\' ]+')


@pytest.fixture
def buyer():
    return MembershipFactory()


@pytest.fixture
def member(buyer):
    """A firm in the buyer's network, with a posting of each direction that fits."""
    made = MembershipFactory()
    NetworkMembershipFactory(buyer=buyer.enterprise, supplier=made.enterprise)
    return made


WHOLE = {
    "title": "Dampers for tricycles",
    "node": "AUTO.CHASSIS.SUSP",
    "subject": "component",
    "region": "500116",
    "quantity": "3k",
    "unit": "PCS",
    "period": "month",
    "visibility": "named",
}


def fields(**told):
    return {**WHOLE, "number": "", "form_key": "ABCDEFGHJK", "seen_version": "", **told}


@unit_of_work
def waiting(buyer, **told):
    """A posting that opens in five days, which the market reads at its next question."""
    row = PostingFactory(
        enterprise=buyer.enterprise, title="Canary blanks", opens_on=days_from_today(5), network_first_days=5, **told
    )
    record_change(thing=row, verb=Verb.PUBLISHED, actor=None, enterprise=buyer.enterprise)
    return row


def bodies(client, addresses):
    process_cache.clear()
    told = {address: CHANGING.sub(b"", client.get(address).content) for address in addresses}
    return {address: CLOCK.sub(b"", page) for address, page in told.items()}


def test_to_an_outsider_every_page_is_the_same_with_and_without_it(signed_in, buyer, member):
    """Compares bytes, counts and hints included, of two databases that differ in postings that are not open alone."""
    outsider = MembershipFactory()
    own = [PostingFactory(enterprise=outsider.enterprise, capacity=capacity) for capacity in (False, True)]
    other = PostingFactory(title="Canary shafts")
    addresses = [
        "/en/", "/en/needs/", "/en/capacities/", "/en/needs/?q=Canary", "/en/needs/?q=Canary+blanks",
        "/en/needs/?q=Cnary",
        f"/en/enterprises/{buyer.enterprise.key}/", f"/en/needs/{own[0].number}/", f"/en/capacities/{own[1].number}/",
        f"/en/needs/{other.number}/", f"/en/postings/{other.number}/similar/", "/en/chains/", "/en/parks/",
        "/en/insights/", "/en/hydrogen/", "/en/chains/XC/", "/en/needs/?region=910000",
        "/en/network/",
    ]  # fmt: skip
    readers = [signed_in(outsider.user), Client()]

    before = [bodies(client, addresses) for client in readers]
    rows = [waiting(buyer), waiting(buyer, capacity=True)]
    after = [bodies(client, addresses) for client in readers]

    differing = [
        address
        for was, is_now in zip(before, after, strict=True)
        for address in addresses
        if was[address] != is_now[address]
    ]
    assert differing == []
    seen = bodies(signed_in(member.user), addresses)
    assert [rows[0].number.encode() in seen["/en/needs/?q=Canary"], b"Canary blanks" in seen["/en/needs/"]] == [
        True,
        True,
    ]


@pytest.mark.parametrize("path", ["needs/{}/", "postings/{}/", "postings/{}/similar/", "postings/{}/preview/"])
def test_its_addresses_answer_an_outsider_as_those_of_nothing_do(signed_in, buyer, member, path):
    row = waiting(buyer)
    for client in (signed_in(MembershipFactory().user), Client()):
        answers = [client.get(f"/en/{path.format(number)}") for number in (row.number, "NOSUCH0000")]
        assert answers[0].status_code == answers[1].status_code != 200


def test_the_member_reads_until_when_it_is_asked_first_and_the_owner_opens_it(signed_in, buyer, member):
    row, owner, theirs = waiting(buyer), signed_in(buyer.user), signed_in(member.user)
    page = f"/en/needs/{row.number}/"

    told = [client.get(page).content.decode() for client in (owner, theirs)]
    refused = theirs.post(f"/en/postings/{row.number}/open/").status_code
    owner.post(f"/en/postings/{row.number}/open/")

    assert ["it opens to everybody on" in told[0], "Open it to everybody now" in told[0]] == [True, True]
    assert ["You are asked first" in told[1], "Open it to everybody now" in told[1]] == [True, False]
    assert refused == 404
    after = [client.get(page).content.decode() for client in (owner, theirs, Client())]
    assert [word in one for one in after for word in ("asked first", "Own network first", "own network first")] == [
        False
    ] * 9


def test_the_form_sets_the_days_and_says_where_members_are_invited(signed_in, buyer):
    client = signed_in(buyer.user)
    alone = client.post("/en/needs/new/", fields(act="publish", network_first_days="5"))
    NetworkMembershipFactory(buyer=buyer.enterprise)
    number = Posting.objects.get().number

    client.post(f"/en/postings/{number}/edit/", fields(act="publish", network_first_days="5", seen_version="99"))
    client.post(f"/en/postings/{number}/edit/", fields(act="publish", network_first_days="5"))

    assert (alone.status_code, "your network has no member yet" in alone.content.decode()) == (422, True)
    row = Posting.objects.get()
    assert (row.status, row.network_first_days, row.opens_on) == ("published", 5, days_from_today(5))


@pytest.mark.parametrize("typed", ["0", "31", "2.5", "five"])
def test_the_form_takes_one_to_thirty_whole_days(signed_in, buyer, member, typed):
    answer = signed_in(buyer.user).post("/en/needs/new/", fields(act="publish", network_first_days=typed))

    assert (answer.status_code, Posting.objects.get().opens_on) == (422, None)
    assert f'value="{typed}"' in answer.content.decode()


def test_once_published_the_days_stay_whatever_the_form_sends(signed_in, buyer, member):
    row = waiting(buyer)
    page = f"/en/postings/{row.number}/edit/"
    sent = fields(act="save", title="Canary", seen_version=str(row.version))

    refused = signed_in(buyer.user).post(page, sent | {"network_first_days": "9"})
    kept = signed_in(buyer.user).post(page, sent | {"network_first_days": "5"})

    row.refresh_from_db()
    assert (refused.status_code, kept.status_code) == (422, 302)
    assert (row.title, row.network_first_days, row.opens_on) == ("Canary", 5, days_from_today(5))


def test_a_kept_search_tells_members_at_once_and_others_when_it_opens(buyer, member):
    outsider = MembershipFactory()
    since = timezone.now() - timedelta(hours=1)
    searches = [SavedSearchFactory(user=one.user, filters="q=Canary", tells_since=since) for one in (member, outsider)]

    def told():
        tell_searches()
        return [SearchNews.objects.filter(search=one).count() for one in searches]

    row = waiting(buyer)
    before = told()
    Posting.objects.filter(pk=row.pk).update(
        opens_on=timezone.localdate(), published_at=timezone.now() - timedelta(days=5)
    )
    expire_postings()

    assert (before, told()) == ([1, 0], [1, 1])


def test_an_interest_from_a_firm_that_is_not_asked_is_refused_also_for_who_sees_it_for_another(
    signed_in, buyer, member
):
    row, second = waiting(buyer), MembershipFactory(user=member.user)
    own = PostingFactory(enterprise=second.enterprise, capacity=True)

    with pytest.raises(Refused) as refusal:
        declare_interest(actor=member.user, posting=own, counterpart=row)

    assert refusal.value.reason == Reason.REFUSAL_NETWORK_FIRST
    fitting = PostingFactory(enterprise=member.enterprise, capacity=True)
    assert declare_interest(actor=member.user, posting=fitting, counterpart=row).need == row


def test_its_owner_brings_it_to_named_members_alone_and_learns_nothing_of_an_alias(buyer, member):
    row = waiting(buyer)
    others = [
        PostingFactory(enterprise=firm, capacity=True, visibility=shown)
        for firm, shown in ((MembershipFactory().enterprise, "named"), (MembershipFactory().enterprise, "alias"),
                            (member.enterprise, "alias"), (member.enterprise, "named"))
    ]  # fmt: skip
    told = []
    for other in others:
        try:
            told.append(declare_interest(actor=buyer.user, posting=row, counterpart=other).state)
        except Refused as refusal:
            told.append(refusal.reason)

    assert told == [Reason.REFUSAL_NETWORK_FIRST] * 3 + ["interested"]
    with pytest.raises(Refused) as by_hand:
        suggest_pair(actor=CoordinatorGrantFactory().user, need=row, capacity=others[3], reason="示例")
    assert by_hand.value.reason == Reason.REFUSAL_NETWORK_FIRST
