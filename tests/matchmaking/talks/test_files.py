"""Files: who knows of them and opens them at which level, revisions and what they set in doubt, looks, and the NDA."""

import hashlib
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.choices import NoticeKind, Verification
from accounts.models import Notice
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.partnerships.choices import QuoteState, State
from matchmaking.partnerships.models import Partnership, Quote
from matchmaking.partnerships.services.people import record_person_agreed
from matchmaking.postings.choices import Subject
from matchmaking.postings.models import Posting
from matchmaking.talks.choices import NDA_DIGESTS, NDA_HOLDS, NDA_VERSION, FileLevel
from matchmaking.talks.models import FileLook, NdaAcceptance, SharedFile
from matchmaking.talks.permissions import can_download_file, can_open_file
from matchmaking.talks.queries.files import files_of_partnership, files_visible_to
from matchmaking.talks.queries.nda import nda_between, nda_digest, nda_text
from matchmaking.talks.services import files as service
from matchmaking.talks.services.files import (
    download_file,
    look_at_page,
    revise_file,
    share_at_posting,
    share_in_partnership,
    withdraw_file,
)
from matchmaking.talks.services.nda import accept_nda
from tests.factories.accounts import CoordinatorGrantFactory, EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.talks import drawn, pages, upload
from tests.matchmaking.partnerships.talks import talks

pytestmark = pytest.mark.django_db
PREVIEW, INTEREST, NDA = FileLevel.PREVIEW, FileLevel.INTEREST, FileLevel.NDA


@pytest.fixture
def pair():
    return talks()


def share(pair, level=INTEREST, who="buyer", content=None):
    return share_in_partnership(partnership=pair.now, actor=getattr(pair, who), upload=upload(content), level=level)


def at_need(pair, level=INTEREST, content=None):
    return share_at_posting(posting=pair.now.need, actor=pair.buyer, upload=upload(content), level=level)


def agree_to_nda(pair):
    for actor in (pair.buyer, pair.seller):
        accept_nda(partnership=pair.now, actor=actor, seen=nda_digest())


def rights(user, file):
    """Whether somebody knows of a file, opens its pages, and has it whole."""
    known = files_visible_to(user).filter(pk=file.pk).exists()
    return known, bool(can_open_file(user, file)), bool(can_download_file(user, file))


def people(pair):
    waiting = talks(PartnershipFactory(need=pair.now.need))
    return {
        "own": pair.buyer,
        "counterpart": pair.seller,
        "viewer": MembershipFactory(enterprise=pair.now.capacity.enterprise, viewer=True).user,
        "interested": waiting.seller,
        "verified": MembershipFactory().user,
        "unverified": MembershipFactory(enterprise=EnterpriseFactory(verification=Verification.UNVERIFIED)).user,
        "coordinator": CoordinatorGrantFactory().user,
        "platform": UserFactory(platform_admin=True),
        "user": UserFactory(),
        "visitor": AnonymousUser(),
    }


ALL, PAGES, NAME, NOTHING = (True, True, True), (True, True, False), (True, False, False), (False, False, False)
STRANGERS = ("verified", "unverified", "coordinator", "platform", "user", "visitor", "interested")
TABLE = {
    ("posting", PREVIEW): {"counterpart": PAGES, "viewer": PAGES, "verified": PAGES, "interested": PAGES},
    ("posting", INTEREST): {"counterpart": ALL, "viewer": ALL},
    ("posting", NDA): {"counterpart": NAME, "viewer": NAME},
    ("posting", "signed"): {"counterpart": PAGES, "viewer": PAGES},
    ("talk", INTEREST): {"counterpart": ALL, "viewer": ALL},
    ("talk", NDA): {"counterpart": NAME, "viewer": NAME},
    ("talk", "signed"): {"counterpart": PAGES, "viewer": PAGES},
}


@pytest.mark.parametrize(("place", "level"), TABLE)
def test_who_knows_opens_and_keeps_a_file(pair, place, level):
    made = {"posting": at_need, "talk": share}[place](pair, NDA if level == "signed" else level)
    if level == "signed":
        agree_to_nda(pair)
    found = {who: rights(user, made) for who, user in people(pair).items()}
    assert found == {"own": ALL, **dict.fromkeys(("counterpart", "viewer", *STRANGERS), NOTHING), **TABLE[place, level]}


@pytest.mark.parametrize("level", [PREVIEW, INTEREST])
def test_a_file_about_people_opens_once_they_agreed(pair, level):
    Posting.objects.filter(pk=pair.now.capacity.pk).update(subject=Subject.TALENT)
    stranger = MembershipFactory().user
    file = share_at_posting(posting=pair.now.capacity, actor=pair.seller, upload=upload(), level=level)
    talked = share(pair, who="seller")
    own = share(pair)

    assert (can_open_file(pair.buyer, file).reason, can_open_file(pair.buyer, talked).reason) == (
        Reason.REFUSAL_PERSON_NOT_ASKED,
        Reason.REFUSAL_PERSON_NOT_ASKED,
    )
    assert (bool(can_open_file(stranger, file)), rights(pair.seller, own)) == (False, ALL)

    record_person_agreed(partnership=pair.now, actor=pair.seller, agreed=True)

    assert (bool(can_open_file(pair.buyer, file)), rights(pair.buyer, talked)) == (True, ALL)
    assert not can_open_file(stranger, file)


@pytest.mark.parametrize("state", [State.FAILED, State.INTERESTED])
def test_files_close_for_the_other_firm_when_talks_end(pair, state):
    file = share(pair)
    Partnership.objects.filter(pk=pair.partnership.pk).update(state=state, end_reason="end.partnership.price")
    assert (rights(pair.seller, file), rights(pair.buyer, file)) == (NOTHING, ALL)
    with pytest.raises(Refused) as refusal:
        share(pair)
    assert refusal.value.reason == Reason.REFUSAL_WRONG_STATE


def test_a_firm_that_the_posting_is_hidden_from_or_that_is_suspended_sees_no_preview(pair):
    file = at_need(pair, PREVIEW)
    hidden, suspended = MembershipFactory(), MembershipFactory(enterprise=EnterpriseFactory(suspended=True))
    pair.now.need.hidden_from.add(hidden.enterprise)
    assert rights(hidden.user, file) == rights(suspended.user, file) == NOTHING


@pytest.mark.parametrize("level", [PREVIEW, "", "all", "x" * 300])
def test_a_talk_has_no_previews_and_no_other_levels(pair, level):
    with pytest.raises(Invalid) as refusal:
        share(pair, level)
    assert refusal.value.fields == {"level": Reason.REFUSAL_UNKNOWN_CODE}


@pytest.mark.parametrize("who", ["viewer", "stranger"])
def test_who_may_not_write_shows_no_file(pair, who):
    firm = pair.now.need.enterprise
    actor = MembershipFactory(enterprise=firm, viewer=True).user if who == "viewer" else MembershipFactory().user
    for act in (
        lambda: share_in_partnership(partnership=pair.now, actor=actor, upload=upload(), level=NDA),
        lambda: share_at_posting(posting=pair.now.need, actor=actor, upload=upload(), level=NDA),
        lambda: revise_file(file=share(pair), actor=actor, upload=upload(drawn())),
        lambda: withdraw_file(file=share(pair), actor=actor),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


def test_the_other_firm_is_told_that_there_is_a_file_and_not_its_name(pair):
    share(pair)
    notice = Notice.objects.get(kind=NoticeKind.FILE_SHARED)
    assert notice.reader == pair.seller
    assert "示例图纸" not in str(notice.facts)


def test_a_firm_stores_up_to_its_limit(pair, monkeypatch):
    monkeypatch.setattr(service, "MOST_STORED_MEGABYTES", 0)
    with pytest.raises(Refused) as refusal:
        share(pair)
    assert refusal.value.reason == Reason.REFUSAL_LIMIT_REACHED
    assert not SharedFile.objects.exists()


def test_each_look_of_another_firm_is_written_down_and_ones_own_is_not(pair):
    file = share(pair, content=pages(2))
    for actor in (pair.buyer, pair.seller):
        shown = look_at_page(file=file, actor=actor, number=2)
        assert (shown.content[:3], shown.media_type) == (b"\xff\xd8\xff", "image/jpeg")
        download_file(file=file, actor=actor)
    firm = pair.now.capacity.enterprise
    looks = [(look.reader, look.enterprise, look.page) for look in FileLook.objects.order_by("pk")]
    assert looks == [(pair.seller, firm, 2), (pair.seller, firm, 0)]


@pytest.mark.parametrize("number", [0, -1, 2, 10**9])
def test_a_page_that_there_is_not_is_refused_and_no_look(pair, number):
    file = share(pair)
    with pytest.raises(Invalid):
        look_at_page(file=file, actor=pair.seller, number=number)
    assert not FileLook.objects.exists()


def test_a_revision_takes_the_place_tells_its_holders_and_puts_quotes_in_doubt(pair):
    second = talks(PartnershipFactory(introduced=True, need=pair.now.need))
    for one in (pair, second):
        one.quote()
    file = at_need(pair)
    revised = revise_file(file=file, actor=pair.buyer, upload=upload(drawn()))
    assert (revised.revision, revised.level, revised.name[-4:]) == (2, INTEREST, ".png")
    assert {quote.state for quote in Quote.objects.all()} == {QuoteState.UNSURE}
    told = Notice.objects.filter(kind=NoticeKind.FILE_REVISED).values_list("reader", flat=True)
    assert set(told) == {pair.seller.pk, second.seller.pk}
    assert list(files_of_partnership(user=pair.seller, partnership=pair.now)) == [revised]
    assert rights(pair.seller, file) == ALL
    with pytest.raises(Refused) as refusal:
        revise_file(file=SharedFile.objects.get(pk=file.pk), actor=pair.buyer, upload=upload())
    assert refusal.value.reason == Reason.REFUSAL_NOTHING_WAITS


def test_a_revision_in_one_talk_leaves_the_quotes_of_others_and_a_suppliers_leaves_all(pair):
    second = talks(PartnershipFactory(introduced=True, need=pair.now.need))
    for one in (pair, second):
        one.quote()
    revise_file(file=share(second), actor=second.buyer, upload=upload(drawn()))
    revise_file(file=share(pair, who="seller"), actor=pair.seller, upload=upload(drawn()))
    states = dict(Quote.objects.values_list("partnership", "state"))
    assert states == {pair.partnership.pk: QuoteState.OPEN, second.partnership.pk: QuoteState.UNSURE}


def test_who_looked_at_a_preview_is_told_of_its_revision(pair):
    file, onlooker = at_need(pair, PREVIEW), MembershipFactory()
    look_at_page(file=file, actor=onlooker.user, number=1)
    revise_file(file=file, actor=pair.buyer, upload=upload(drawn()))
    assert Notice.objects.filter(kind=NoticeKind.FILE_REVISED, reader=onlooker.user).count() == 1


def test_the_same_bytes_are_no_revision(pair):
    file, content = share(pair), drawn()
    second = revise_file(file=file, actor=pair.buyer, upload=upload(content))
    with pytest.raises(Invalid) as refusal:
        revise_file(file=second, actor=pair.buyer, upload=upload(content))
    assert refusal.value.fields == {"upload": Reason.REFUSAL_ALREADY_THERE}


def test_a_file_that_is_taken_back_opens_for_its_own_firm_only_and_the_one_before_stands_again(pair):
    file = share(pair)
    revised = revise_file(file=file, actor=pair.buyer, upload=upload(drawn()))
    withdraw_file(file=revised, actor=pair.buyer)
    assert (rights(pair.seller, revised), rights(pair.buyer, revised)) == (NOTHING, ALL)
    assert list(files_of_partnership(user=pair.seller, partnership=pair.now)) == [file]


def test_the_agreement_holds_once_owners_of_both_have_accepted_it(pair):
    firms = pair.now.need.enterprise, pair.now.capacity.enterprise
    accept_nda(partnership=pair.now, actor=pair.buyer, seen=nda_digest())
    assert nda_between(*firms).both_until is None
    accept_nda(partnership=pair.now, actor=pair.seller, seen=nda_digest())
    assert nda_between(*firms).both_until == timezone.localdate() + NDA_HOLDS
    assert Notice.objects.filter(kind=NoticeKind.NDA_ACCEPTED).count() == 2
    with pytest.raises(Refused) as refusal:
        accept_nda(partnership=pair.now, actor=pair.buyer, seen=nda_digest())
    assert refusal.value.reason == Reason.REFUSAL_ALREADY_THERE


def test_once_per_pair_holds_in_every_talk_of_the_two_and_in_none_with_others(pair):
    agree_to_nda(pair)
    again = PartnershipFactory(
        introduced=True, need__enterprise=pair.now.need.enterprise, capacity__enterprise=pair.now.capacity.enterprise
    )
    third = talks(PartnershipFactory(introduced=True, need=pair.now.need))
    file = share_in_partnership(partnership=again, actor=pair.buyer, upload=upload(), level=NDA)
    shared = at_need(pair, NDA)
    assert rights(pair.seller, file) == PAGES
    assert rights(third.seller, shared) == NAME


@pytest.mark.parametrize("change", [{"expires_on": timezone.localdate() - timedelta(days=1)}, {"version": 99}])
def test_an_acceptance_that_is_over_or_of_another_version_opens_nothing(pair, change):
    file = share(pair, NDA)
    agree_to_nda(pair)
    NdaAcceptance.objects.filter(enterprise=pair.now.capacity.enterprise).update(**change)
    assert rights(pair.seller, file) == NAME
    with pytest.raises(Refused) as refusal:
        look_at_page(file=file, actor=pair.seller, number=1)
    assert refusal.value.reason == Reason.REFUSAL_NDA_MISSING
    assert not FileLook.objects.exists()


def test_it_can_be_given_anew_shortly_before_its_end(pair):
    agree_to_nda(pair)
    NdaAcceptance.objects.update(expires_on=timezone.localdate() + timedelta(days=20))
    accept_nda(partnership=pair.now, actor=pair.buyer, seen=nda_digest())
    assert NdaAcceptance.objects.count() == 3


@pytest.mark.parametrize("trait", ["editor", "viewer"])
def test_only_owners_accept_and_only_the_text_that_they_read(pair, trait):
    member = MembershipFactory(enterprise=pair.now.need.enterprise, **{trait: True}).user
    for actor, seen, reason in (
        (member, nda_digest(), Reason.REFUSAL_NOT_YOURS),
        (pair.buyer, "another text", Reason.REFUSAL_TERMS_CHANGED),
    ):
        with pytest.raises(Refused) as refusal:
            accept_nda(partnership=pair.now, actor=actor, seen=seen)
        assert refusal.value.reason == reason
    assert not NdaAcceptance.objects.exists()


def test_the_words_of_every_version_stay_as_they_were_accepted(settings):
    for version, digest in NDA_DIGESTS.items():
        folder = settings.FIXTURES / "nda"
        words = b"".join((folder / f"{version}.{language}.txt").read_bytes() for language in ("zh-hans", "en"))
        assert hashlib.sha256(words).hexdigest() == digest
    assert nda_text(NDA_VERSION, "en") != nda_text(NDA_VERSION, "zh-hans") == nda_text(NDA_VERSION, "fr")
