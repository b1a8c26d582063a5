"""News of kept searches: what fits is told once to who may see it, at a cost that does not grow with postings."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import Notice
from accounts.services.mailing import mail_pending
from matchmaking.matching.models import SearchNews
from matchmaking.matching.services import alerts, snapshots
from matchmaking.matching.services.alerts import Told, tell_searches
from matchmaking.postings.models import SavedSearch
from matchmaking.postings.services.publishing import pause_posting, resume_posting
from matchmaking.postings.services.searches import save_search, switch_search
from reference.models import ChainNode, Region
from tests.factories.accounts import EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.postings import PostingFactory, SavedSearchFactory

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u3400-\u9fff]")
A_DAY = timedelta(days=1)


def run():
    """A run over the market as it stands: what factories write leaves no numbered change."""
    snapshots._held.clear()
    return tell_searches()


def search_of(user, filters="q=gear", direction="need", since=None):
    return SavedSearchFactory(
        user=user, filters=filters, direction=direction, tells_since=since or timezone.now() - A_DAY
    )


def numbers_told(search):
    return set(search.news.values_list("posting__number", flat=True))


@pytest.fixture
def reader():
    return MembershipFactory().user


def test_what_fits_is_told_once_in_one_notice_and_one_mail(reader):
    first, second = search_of(reader), search_of(reader, "subject=component")
    fits = PostingFactory(title="Gear blanks")
    assert run() == Told(postings=1, people=1)
    assert numbers_told(first) == numbers_told(second) == {fits.number}
    assert run() == Told(0, 0)
    assert mail_pending().sent == 1
    assert Notice.objects.get().facts["postings"] == 1


FITTING = {
    "q=gear": {"title": "Gear blanks"},
    "q=%E8%BD%B4%E6%89%BF": {"title": "精密轴承"},
    "node=AUTO.BODY": {"node": "AUTO.BODY.CAST"},
    "chain=AUTO&subject=processing": {"node": "AUTO.BODY.CAST", "subject": "processing"},
    "region=510000": {"region": "510100"},
    "quantity_min=9000&unit=XPCS": {"quantity_amount": 9500},
    "window_from=2030-01-01": {"window_end": None},
}
"""Filters, and a posting that they find beside one that they do not."""


def posting(**fields):
    for name, model in (("node", ChainNode), ("region", Region)):
        if name in fields:
            fields[name] = model.objects.get(code=fields[name])
    return PostingFactory(**fields)


@pytest.mark.parametrize("filters", FITTING)
def test_a_search_tells_of_what_its_list_shows(reader, filters):
    search, fits = search_of(reader, filters), posting(**FITTING[filters])
    PostingFactory(title="Other")
    PostingFactory(capacity=True, title="Gear")
    run()
    assert numbers_told(search) == {fits.number}


def test_nothing_is_told_that_its_owner_may_not_see(reader):
    firm = reader.memberships.get().enterprise
    search = search_of(reader)
    PostingFactory(title="Gear own", enterprise=firm)
    PostingFactory(title="Gear hidden").hidden_from.add(firm)
    PostingFactory(title="Gear suspended", enterprise=EnterpriseFactory(suspended_at=timezone.now()))
    for state in ("draft", "in_review", "paused", "closed", "expired"):
        PostingFactory(title="Gear", **{state: True})
    shown = PostingFactory(title="Gear shown")
    run()
    assert numbers_told(search) == {shown.number}


def test_what_becomes_hidden_between_finding_and_telling_is_not_told(reader, monkeypatch):
    search_of(reader)
    late = PostingFactory(title="Gear")
    found = alerts.listed_keys

    def then_hidden(*args):
        keys = found(*args)
        late.hidden_from.add(reader.memberships.get().enterprise)
        return keys

    monkeypatch.setattr(alerts, "listed_keys", then_hidden)
    assert run() == Told(0, 0)
    assert SearchNews.objects.count() == 0


def test_a_reader_without_a_firm_is_told_by_titles_alone():
    search = search_of(UserFactory())
    PostingFactory(title="Other", text="gear in the text")
    titled = PostingFactory(title="Gear blanks")
    run()
    assert numbers_told(search) == {titled.number}


def test_what_was_there_before_it_was_switched_on_is_not_news(reader):
    PostingFactory(title="Gear old", published_at=timezone.now() - 2 * A_DAY)
    search = save_search(actor=reader, direction="need", name="gear", filters="q=gear", tells=True)
    assert run() == Told(0, 0)
    fresh = PostingFactory(title="Gear new")
    switch_search(search=search, actor=reader, tells=False)
    assert run() == Told(0, 0)
    switch_search(search=search, actor=reader, tells=True)
    assert run() == Told(0, 0)
    assert SearchNews.objects.filter(posting=fresh).count() == 0


def test_a_search_that_does_not_tell_and_people_who_left_are_told_nothing(reader):
    SavedSearchFactory(user=reader, filters="q=gear")
    search_of(UserFactory(is_active=False))
    PostingFactory(title="Gear")
    assert run() == Told(0, 0)


def test_a_posting_that_was_paused_and_shown_again_is_told_once(reader):
    search_of(reader)
    gear = PostingFactory(title="Gear")
    owner = MembershipFactory(enterprise=gear.enterprise).user
    assert run().postings == 1
    pause_posting(posting=gear, actor=owner)
    resume_posting(posting=gear, actor=owner)
    assert run() == Told(0, 0)


def test_telling_that_was_stopped_goes_on_with_the_others(reader, monkeypatch):
    other = MembershipFactory().user
    search_of(reader)
    search_of(other)
    PostingFactory(title="Gear")
    notify = alerts.notify_user

    def killed(**fields):
        if fields["user"] == other:
            raise KeyboardInterrupt
        return notify(**fields)

    with monkeypatch.context() as stopped:
        stopped.setattr(alerts, "notify_user", killed)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert run() == Told(1, 1)
    assert sorted(Notice.objects.values_list("reader", flat=True)) == sorted([reader.pk, other.pk])


def test_filters_that_cannot_be_read_tell_nothing_and_stop_nobody(reader):
    search_of(reader, "region=999999&q=gear")
    fine = search_of(reader, "q=gear")
    PostingFactory(title="Gear")
    assert run().postings == 1
    assert fine.news.count() == 1


def queries():
    snapshots._held.clear()
    snapshots.current_market()
    with CaptureQueriesContext(connection) as told:
        tell_searches()
    return len(told)


def test_the_database_is_asked_by_person_and_search_and_never_by_posting(reader):
    search_of(reader)
    PostingFactory.create_batch(2, title="Gear")
    run()
    PostingFactory.create_batch(2, title="Gear")
    few = queries()
    PostingFactory.create_batch(25, title="Gear")
    assert queries() == few
    assert SearchNews.objects.count() == 29
    for _ in range(9):
        search_of(reader, "q=gear&subject=component")
    PostingFactory.create_batch(5, title="Gear")
    assert queries() <= few + 9


def test_the_mail_names_nothing_and_its_link_stops_all_without_signing_in(reader):
    for language in ("en", "zh-hans"):
        person = MembershipFactory(user__language=language).user
        search = search_of(person)
        PostingFactory(title="Gear secretword")
        run()
        mail.outbox.clear()
        mail_pending()
        sent = next(one for one in mail.outbox if one.to == [person.email])
        assert "secretword" not in sent.subject + sent.body
        assert bool(CHINESE.search(sent.subject)) == (language == "zh-hans")
        address = re.search(r"http\S+/searches/stop/\S+", sent.body).group()
        assert sent.extra_headers["List-Unsubscribe"] == f"<{address}>"
        assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        path = re.sub(r"^https?://[^/]+", "", address)
        stranger = Client(enforce_csrf_checks=True)
        assert stranger.get(path).status_code == 200
        search.refresh_from_db()
        assert search.tells_since is not None
        assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert stranger.post(path).status_code == 200
        search.refresh_from_db()
        assert search.tells_since is None
        assert stranger.get(path.rstrip("/")[:-2] + "xx/").status_code == 409


def test_the_command_prints_one_line(reader):
    search_of(reader)
    PostingFactory(title="Gear")
    told = StringIO()
    call_command("tell_searches", stdout=told)
    assert told.getvalue() == "1 postings told to 1 people\n"
    assert Notice.objects.get().kind == NoticeKind.SEARCH_NEWS
    assert SavedSearch.objects.count() == 1
