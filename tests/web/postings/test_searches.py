"""The page of kept searches: what each told, and its switch."""

import pytest
from django.utils import timezone

from matchmaking.matching.models import SearchNews
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.postings import PostingFactory, SavedSearchFactory

pytestmark = pytest.mark.django_db


def told(search, posting):
    return SearchNews.objects.create(search=search, posting=posting, told_at=timezone.now())


def test_each_search_shows_what_it_told_as_far_as_it_may_still_be_seen(signed_in):
    member = MembershipFactory()
    search = SavedSearchFactory(user=member.user, tells_since=timezone.now())
    shown, hidden, gone = (
        PostingFactory(title="Shown"),
        PostingFactory(title="Hidden"),
        PostingFactory(title="Gone", paused=True),
    )
    hidden.hidden_from.add(member.enterprise)
    for posting in (shown, hidden, gone):
        told(search, posting)
    told(SavedSearchFactory(user=UserFactory()), PostingFactory(title="Of another"))
    html = signed_in(member.user).get("/en/me/searches/").content.decode()
    assert "Shown" in html
    assert not {"Hidden", "Gone", "Of another"} & {word for word in ("Hidden", "Gone", "Of another") if word in html}


def test_a_search_is_switched_on_and_off_where_it_is_kept(signed_in):
    search = SavedSearchFactory(user=UserFactory())
    browser = signed_in(search.user)
    for tells, words in (("1", "Tell me no more"), ("0", "Tell me of new postings<")):
        assert browser.post(f"/en/searches/{search.pk}/switch/", {"tells": tells}).status_code == 302
        search.refresh_from_db()
        assert (search.tells_since is not None) == (tells == "1")
        assert words in browser.get("/en/me/searches/").content.decode()


def test_searches_of_others_cannot_be_switched(signed_in):
    search = SavedSearchFactory(user=UserFactory())
    assert signed_in(UserFactory()).post(f"/en/searches/{search.pk}/switch/", {"tells": "1"}).status_code == 404


def test_without_searches_the_page_says_how_to_keep_one(signed_in):
    assert "You keep no searches" in signed_in(UserFactory()).get("/en/me/searches/").content.decode()


def test_a_kept_search_tells_where_its_box_is_ticked(signed_in):
    user = UserFactory()
    browser = signed_in(user)
    browser.post("/searches/", {"direction": "need", "name": "a", "filters": "q=a", "tells": "1"})
    browser.post("/searches/", {"direction": "need", "name": "b", "filters": "q=b"})
    assert dict(user.saved_searches.values_list("name", "tells_since__year")) == {"a": timezone.now().year, "b": None}
