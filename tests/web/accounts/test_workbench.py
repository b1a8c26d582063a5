"""The workbench: first run, what waits, and as many queries for much as for little."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.services.invitations import invite_member
from matchmaking.partnerships.choices import Side, State
from matchmaking.partnerships.models import Partnership
from tests.factories.accounts import EnterpriseCertificateFactory, MembershipFactory, NoticeFactory, UserFactory
from tests.factories.postings import PostingFactory

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
    assert '<dt>Interests under way</dt><dd class="num">2</dd>' in own_page


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
