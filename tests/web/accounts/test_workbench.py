"""The workbench: first run, what waits, and as many queries for much as for little."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.services.invitations import invite_member
from matchmaking.days.choices import DayState, GuestState
from matchmaking.days.models import MatchDay
from matchmaking.partnerships.choices import Act, Side, State
from matchmaking.partnerships.models import Partnership, Rfq
from matchmaking.partnerships.services.agreeing import sign_agreement
from matchmaking.partnerships.services.delivering import accept_delivery, deliver
from matchmaking.partnerships.services.outcomes import state_outcome
from matchmaking.partnerships.services.quoting import ask_for_quotes
from matchmaking.partnerships.services.sampling import move_sample
from tests.conftest import LOGIN_BACKEND
from tests.factories.accounts import EnterpriseCertificateFactory, MembershipFactory, NoticeFactory, UserFactory
from tests.factories.consortia import together
from tests.factories.days import GuestFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.talks import talks

pytestmark = pytest.mark.django_db


def interest_in(need, **values):
    capacity = PostingFactory(capacity=True, **values)
    return Partnership.objects.create(
        need=need,
        capacity=capacity,
        state=State.INTERESTED,
        opened_by=Side.CAPACITY,
        answer_by=timezone.localdate() + timedelta(days=2),
    )


def fill(owner, times):
    for _ in range(times):
        need = PostingFactory(enterprise=owner.enterprise)
        PostingFactory(enterprise=owner.enterprise, draft=True)
        interest_in(need)
        NoticeFactory(reader=owner.user)
        MembershipFactory(enterprise=owner.enterprise, requested=True)
        EnterpriseCertificateFactory(enterprise=owner.enterprise, expires_on=timezone.localdate() + timedelta(days=9))


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "address", ["/me/", "/me/notices/", "/me/members/", "/me/sites/", "/me/certificates/", "/enterprises/{key}/"]
)
def test_a_page_asks_as_often_for_ten_rows_as_for_one(address, signed_in):
    counts = []
    for times in (1, 10):
        owner = MembershipFactory()
        fill(owner, times)
        counts.append(queries_of(signed_in(owner.user), address.format(key=owner.enterprise.key)))

    assert counts[0] == counts[1]
    assert counts[0] <= 12


def test_without_a_firm_it_shows_the_three_things_to_do(signed_in):
    page = signed_in(UserFactory()).get("/me/").content.decode()

    assert "/enterprises/new/" in page
    assert "/enterprises/join/" in page


def test_with_a_firm_and_no_posting_it_leads_to_the_first_one(signed_in):
    page = signed_in(MembershipFactory().user).get("/me/").content.decode()

    assert "/needs/new/" in page
    assert "/capacities/new/" in page


def test_it_names_what_waits_with_what_is_overdue_on_top(signed_in):
    owner = MembershipFactory()
    need = PostingFactory(enterprise=owner.enterprise, title="示例自己的需求")
    draft = PostingFactory(enterprise=owner.enterprise, draft=True, title="示例未完草稿")
    stale = PostingFactory(enterprise=owner.enterprise, stale=True, title="示例待确认需求")
    interest = interest_in(need, visibility="alias", enterprise__name="示例匿名供方")
    expired = EnterpriseCertificateFactory(
        enterprise=owner.enterprise, expires_on=timezone.localdate() - timedelta(days=1)
    )

    answer = signed_in(owner.user).get("/me/")

    page = answer.content.decode()
    todos = answer.context["todos"]
    assert todos[0].address == f"/me/certificates/{expired.pk}/"
    assert todos[0].is_late
    assert {todo.address for todo in todos[1:]} == {
        f"/partnerships/{interest.key}/",
        f"/needs/{draft.number}/",
        f"/needs/{stale.number}/",
    }
    assert interest.capacity.enterprise.alias in page
    assert "示例匿名供方" not in page


def test_interests_under_way_count_until_they_end_and_name_ones_own_posting(signed_in):
    owner = MembershipFactory()
    need = PostingFactory(enterprise=owner.enterprise, title="示例自己的需求")
    PostingFactory(enterprise=owner.enterprise, paused=True)
    for state, reason in ((State.INTERESTED, ""), (State.INTRODUCED, ""), (State.FAILED, "end.partnership.price")):
        Partnership.objects.filter(pk=interest_in(need).pk).update(state=state, end_reason=reason)
    client = signed_in(owner.user)

    answer = client.get("/en/me/")
    assert [row.interests for row in answer.context["postings"] if row.pk == need.pk] == [2]
    assert "For your 示例自己的需求" in answer.context["todos"][0].detail
    assert ">of 2 needs<" in answer.content.decode()
    own_page = client.get(f"/en/needs/{need.number}/").content.decode()
    assert f'data-figure="2" href="/en/partnerships/?show=open&amp;posting={need.number}">2</a></dd>' in own_page


def test_requests_to_join_wait_for_owners_only(signed_in):
    owner = MembershipFactory()
    editor = MembershipFactory(enterprise=owner.enterprise, editor=True)
    asked = MembershipFactory(enterprise=owner.enterprise, requested=True)

    assert asked.user.email in signed_in(owner.user).get("/me/").content.decode()
    assert asked.user.email not in signed_in(editor.user).get("/me/").content.decode()


def test_a_suspended_firm_is_told_so(signed_in):
    owner = MembershipFactory(enterprise__suspended=True)

    answer = signed_in(owner.user).get("/me/", follow=True)

    assert answer.redirect_chain == [("/me/suspended/", 302)]
    assert owner.enterprise.name in answer.content.decode()


def test_without_a_firm_it_shows_invitations_to_confirmed_addresses_only(signed_in):
    owner = MembershipFactory()
    for address in ("mine@example.com", "other@example.com"):
        invite_member(enterprise=owner.enterprise, actor=owner.user, email=address, role=Role.EDITOR)
    mine, unconfirmed = UserFactory(email="mine@example.com"), UserFactory(email="other@example.com", verified=False)

    page = signed_in(mine).get("/me/").content.decode()

    assert page.count("/invitations/") == 1
    assert signed_in(mine).get(re.search(r"/invitations/[0-9a-f]+/", page)[0]).status_code == 200
    assert "/invitations/" not in signed_in(unconfirmed).get("/me/").content.decode()


def deal_of(owner, **row):
    """A partnership of the owner's need after the introduction, with a colleague of each side."""
    return talks(PartnershipFactory(introduced=True, need=PostingFactory(enterprise=owner.enterprise), **row))


def waiting_parts(client):
    return [todo.address.partition("#")[2] for todo in client.get("/en/me/").context["todos"]]


def test_the_steps_of_a_deal_wait_for_the_side_that_is_asked():
    owner = MembershipFactory()
    pair = deal_of(owner)
    mine, theirs = Client(), Client()
    for client, user in ((mine, owner.user), (theirs, pair.seller)):
        client.force_login(user, backend=LOGIN_BACKEND)
    assert waiting_parts(mine) == waiting_parts(theirs) == []

    pair.quote()
    assert (waiting_parts(mine), waiting_parts(theirs)) == (["quotes"], [])
    agreement = pair.propose()
    assert waiting_parts(mine) == waiting_parts(theirs) == ["agreement"]
    sign_agreement(partnership=pair.now, actor=owner.user, seen=agreement.digest)
    assert (waiting_parts(mine), waiting_parts(theirs)) == ([], ["agreement"])
    sign_agreement(partnership=pair.now, actor=pair.seller, seen=agreement.digest)
    assert waiting_parts(mine) == waiting_parts(theirs) == []

    deliver(partnership=pair.now, actor=pair.seller, milestone=1)
    assert (waiting_parts(mine), waiting_parts(theirs)) == (["agreement"], [])
    state_outcome(partnership=pair.now, actor=pair.seller, answer="yes", delivered_amount=9000)
    assert (waiting_parts(mine), waiting_parts(theirs)) == (["agreement"], [])
    accept_delivery(partnership=pair.now, actor=owner.user, milestone=1)
    assert (waiting_parts(mine), waiting_parts(theirs)) == (["outcome"], [])
    state_outcome(partnership=pair.now, actor=owner.user, answer="yes", delivered_amount=100)
    assert waiting_parts(mine) == waiting_parts(theirs) == ["outcome"]
    state_outcome(partnership=pair.now, actor=owner.user, answer="yes", delivered_amount=9000)
    assert waiting_parts(mine) == waiting_parts(theirs) == []


def test_an_invitation_to_a_matchmaking_day_waits_until_it_is_answered_or_wishes_end(signed_in):
    owner = MembershipFactory()
    guest = GuestFactory(enterprise=owner.enterprise, state=GuestState.ASKED)
    GuestFactory(state=GuestState.ASKED)
    GuestFactory(enterprise=owner.enterprise, state=GuestState.ACCEPTED)
    GuestFactory(enterprise=owner.enterprise, state=GuestState.ASKED, day__state=DayState.CANCELLED)
    client = signed_in(owner.user)

    page = client.get("/en/me/")
    assert [todo.address for todo in page.context["todos"]] == [f"/en/days/{guest.day.key}/"]
    assert guest.day.title_en in page.content.decode()
    MatchDay.objects.filter(pk=guest.day.pk).update(marks_until=timezone.localdate() - timedelta(days=1))
    assert client.get("/en/me/").context["todos"] == []


def test_a_share_waits_for_its_supplier_where_both_know_each_other_already(signed_in):
    world = together(9000, 4000)
    PartnershipFactory(introduced=True, need=world.need, capacity=world.capacities[1], answer_by=None)
    consortium = world.form(9000, 4000, own=2000)

    found = [[todo.address for todo in signed_in(user).get("/me/").context["todos"]] for user in world.suppliers]
    assert found[0] == [f"/partnerships/{world.member(consortium, 0).partnership.key}/"]
    assert found[1] == [f"/consortia/{consortium.key}/"]


def test_a_quote_waits_for_its_buyer_once_it_may_be_read(signed_in):
    owner = MembershipFactory()
    pair = deal_of(owner)
    due = timezone.now() + timedelta(days=3)
    ask_for_quotes(needs=[pair.partnership.need], actor=owner.user, due_at=due, is_sealed=True)
    pair.quote()
    client = signed_in(owner.user)
    assert waiting_parts(client) == []

    Rfq.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert waiting_parts(client) == ["quotes"]


def test_the_steps_of_a_sample_wait_for_whose_turn_it_is():
    owner = MembershipFactory()
    pair = deal_of(owner)
    pair.quote()
    mine, theirs = Client(), Client()
    for client, user in ((mine, owner.user), (theirs, pair.seller)):
        client.force_login(user, backend=LOGIN_BACKEND)
    steps = (
        (Act.ASK_SAMPLE, owner.user, ["quotes"], ["sample"]),
        (Act.SEND_SAMPLE, pair.seller, ["sample"], []),
        (Act.RECEIVE_SAMPLE, owner.user, ["sample"], []),
        (Act.FAIL_SAMPLE, owner.user, ["quotes"], []),
        (Act.ASK_SAMPLE, owner.user, ["quotes"], ["sample"]),
    )
    for act, actor, ours, other in steps:
        move_sample(partnership=pair.now, actor=actor, act=act, note="示例 A1")
        assert (waiting_parts(mine), waiting_parts(theirs)) == (ours, other), act
    titles = [todo.title for todo in theirs.get("/en/me/").context["todos"]]
    assert titles == [f"{owner.enterprise.name} waits for a sample from you"]


def test_each_figure_says_what_it_means_and_leads_somewhere(signed_in):
    page = signed_in(MembershipFactory().user).get("/me/").content.decode()

    figures = page[page.index('<dl class="kpis">') : page.index("</dl>")].split('<div class="kpi">')[1:]
    assert len(figures) == 5
    assert [one for one in figures if '<dt title="' not in one or "<a " not in one] == []
