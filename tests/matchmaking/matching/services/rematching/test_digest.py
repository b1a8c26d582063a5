"""Owners on both sides read of new good matches once, in one notice and one mail each."""

import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from accounts.choices import NoticeKind
from accounts.models import Notice
from accounts.services.mailing import mail_pending
from matchmaking.matching.choices import GOOD, Channel, RematchScope
from matchmaking.matching.models import Dismissal, RematchRun, Suggestion
from matchmaking.matching.services.rematching import digest
from matchmaking.matching.services.rematching.digest import Told, tell_firm, tell_news
from matchmaking.matching.services.rematching.jobs import work
from matchmaking.matching.services.rematching.planning import open_run
from matchmaking.matching.services.suggestions import record_shown, suggestions_for
from matchmaking.postings.models import Posting
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, UserFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u3400-\u9fff]")


def owned(user=None, **fields):
    """A posting and the owner of its firm."""
    posting = PostingFactory(**fields)
    user = user or UserFactory()
    MembershipFactory(enterprise=posting.enterprise, user=user)
    return posting, user


@pytest.fixture
def pair():
    """A need and a capacity that fit well, with their owners."""
    return (*owned(), *owned(capacity=True))


def rematch(scope=RematchScope.CHANGED):
    run = open_run(scope=scope)
    work(run=run, owner="test")
    return tell_news(run=run)


def again():
    """A rematch that asks everything again."""
    RematchRun.objects.all().delete()
    return rematch()


def told_to(user):
    notice = user.notices.filter(kind=NoticeKind.NEW_MATCHES).last()
    return notice.facts["matches"] if notice else 0


def test_both_owners_are_told_once_and_never_again(pair):
    need, buyer, capacity, seller = pair
    assert rematch() == Told(matches=2, firms=2)
    assert (told_to(buyer), told_to(seller)) == (1, 1)
    sent = Suggestion.objects.filter(channel=Channel.MAIL)
    assert set(sent.values_list("posting", "counterpart")) == {(need.pk, capacity.pk), (capacity.pk, need.pk)}
    assert (again(), rematch(RematchScope.ALL)) == (Told(0, 0), Told(0, 0))
    assert Notice.objects.count() == 2


def test_telling_that_was_stopped_goes_on_without_telling_twice(pair, monkeypatch):
    calls = []

    def die_at_second(**asked):
        calls.append(asked["firm"])
        if len(calls) == 2:
            raise KeyboardInterrupt
        return tell_firm(**asked)

    run = open_run(scope=RematchScope.CHANGED)
    work(run=run, owner="test")
    with monkeypatch.context() as patch:
        patch.setattr(digest, "tell_firm", die_at_second)
        with pytest.raises(KeyboardInterrupt):
            tell_news(run=run)
    assert Notice.objects.count() == 1

    same = open_run(scope=RematchScope.CHANGED)
    assert same == run
    assert tell_news(run=same) == Told(1, 1)
    assert Notice.objects.count() == 2
    run.refresh_from_db()
    assert run.finished_at is not None


@pytest.mark.parametrize(("above", "told"), [(0, 2), (1, 0)])
def test_a_match_below_the_grade_that_counts_as_good_is_not_told(pair, monkeypatch, above, told):
    need, buyer, _capacity, _seller = pair
    grade = suggestions_for(posting=need, viewer=buyer).matches[0].grade
    assert grade >= GOOD
    monkeypatch.setattr(digest, "GOOD", grade + above)
    assert rematch().matches == told


@pytest.mark.parametrize("side", ["need", "capacity"])
def test_a_pair_that_either_side_put_aside_is_told_to_neither(pair, side):
    need, _buyer, capacity, _seller = pair
    posting, counterpart = (need, capacity) if side == "need" else (capacity, need)
    Dismissal.objects.create(posting=posting, counterpart=counterpart, reason="end.suggestion.other")
    assert rematch() == Told(0, 0)


def test_ones_own_firms_are_never_told_of(pair):
    need, buyer, capacity, seller = pair
    PostingFactory(capacity=True, enterprise=need.enterprise)
    MembershipFactory(enterprise=capacity.enterprise, user=buyer)
    rematch()
    assert (told_to(buyer), told_to(seller)) == (0, 1)


def test_what_is_hidden_from_a_firm_is_not_told_to_it_nor_its_own_match_to_the_one_that_hides(pair):
    need, buyer, capacity, seller = pair
    capacity.hidden_from.add(need.enterprise)
    rematch()
    assert (told_to(buyer), told_to(seller)) == (0, 0)


def test_what_is_hidden_from_another_firm_of_a_reader_is_told_to_colleagues_only(pair):
    need, buyer, capacity, seller = pair
    need.hidden_from.add(MembershipFactory(user=seller).enterprise)
    colleague = MembershipFactory(enterprise=capacity.enterprise, editor=True).user
    rematch()
    assert (told_to(buyer), told_to(seller), told_to(colleague)) == (1, 0, 1)


def test_what_the_owner_saw_on_a_page_is_no_news_but_a_coordinators_look_changes_nothing(pair):
    need, buyer, capacity, seller = pair
    record_shown(posting=need, shown=suggestions_for(posting=need, viewer=buyer).shown, viewer=buyer)
    looker = CoordinatorGrantFactory().user
    record_shown(posting=capacity, shown=suggestions_for(posting=capacity, viewer=seller).shown, viewer=looker)
    assert rematch() == Told(1, 1)
    assert (told_to(buyer), told_to(seller)) == (0, 1)


def test_viewers_and_former_members_are_not_told(pair):
    need = pair[0]
    viewer = MembershipFactory(enterprise=need.enterprise, viewer=True).user
    former = MembershipFactory(enterprise=need.enterprise, former=True).user
    rematch()
    assert (told_to(viewer), told_to(former)) == (0, 0)


def test_who_acts_for_two_firms_reads_one_notice_with_both(pair):
    _need, buyer, capacity, _seller = pair
    owned(user=buyer)
    rematch()
    assert told_to(buyer) == 2
    assert buyer.notices.filter(kind=NoticeKind.NEW_MATCHES).count() == 1
    mail_pending()
    assert [message.to for message in mail.outbox].count([buyer.email]) == 1


@pytest.mark.parametrize(("language", "subject"), [("zh-hans", ""), ("en", "New good matches for your postings")])
def test_the_mail_is_in_the_readers_language_names_nothing_and_leads_to_the_page(pair, signed_in, language, subject):
    _need, buyer, capacity, _seller = pair
    buyer.language = language
    buyer.save()
    call_command("rematch", stdout=StringIO())
    mail_pending()
    message = next(message for message in mail.outbox if message.to == [buyer.email])
    assert capacity.title not in message.body
    shared = re.compile("shared terms: .*")
    assert not subject or (message.subject == subject and not CHINESE.search(shared.sub("", message.body)))
    client, address = signed_in(buyer), re.search(r"http://[^/]+(/\S+)", message.body)[1]
    page = client.get(address, follow=True)
    assert page.redirect_chain[-1][0].endswith("/me/new-matches/")
    assert capacity.title in page.content.decode()


def test_the_page_leaves_out_what_was_put_aside_or_ended_since(pair, signed_in):
    need, buyer, capacity, _seller = pair
    rematch()
    client, address = signed_in(buyer), reverse("web:matching:news")
    assert capacity.title in client.get(address).content.decode()
    Dismissal.objects.create(posting=need, counterpart=capacity, reason="end.suggestion.other")
    assert capacity.title not in client.get(address).content.decode()
    Dismissal.objects.all().delete()
    Posting.objects.filter(pk=capacity.pk).update(status="paused")
    assert capacity.title not in client.get(address).content.decode()


def test_the_page_is_nobody_elses(pair, signed_in):
    rematch()
    _need, _buyer, capacity, _seller = pair
    assert capacity.title not in signed_in(MembershipFactory().user).get(reverse("web:matching:news")).content.decode()
