"""Files that hold for all lines of a package: read by who may quote for it, at the levels of talks."""

import pytest
from django.urls import reverse

from accounts.choices import NoticeKind
from accounts.models import Notice
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.partnerships.choices import QuoteState, State
from matchmaking.partnerships.models import Partnership, Quote
from matchmaking.partnerships.services.packages import discard_package
from matchmaking.partnerships.services.quoting import close_rfq
from matchmaking.talks.choices import FileLevel
from matchmaking.talks.models import FileLook, SharedFile
from matchmaking.talks.permissions import can_download_file, can_open_file
from matchmaking.talks.queries.files import files_of_package, files_of_partnership, files_visible_to
from matchmaking.talks.queries.nda import nda_digest
from matchmaking.talks.services.files import revise_file, share_at_package, withdraw_file
from matchmaking.talks.services.nda import accept_nda
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.talks import drawn, upload
from tests.matchmaking.partnerships.packages import buyer, supplier
from tests.matchmaking.partnerships.talks import talks

pytestmark = pytest.mark.django_db
INTEREST, NDA, PREVIEW = FileLevel.INTEREST, FileLevel.NDA, FileLevel.PREVIEW
MOST_QUERIES = 12


@pytest.fixture
def made():
    return buyer()


def share(made, level=INTEREST):
    return share_at_package(rfq=made.now, actor=made.user, upload=upload(), level=level)


def rights(user, file):
    known = files_visible_to(user).filter(pk=file.pk).exists()
    return known, bool(can_open_file(user, file)), bool(can_download_file(user, file))


@pytest.mark.parametrize(
    ("level", "seller_may"),
    [(INTEREST, (True, True, True)), (NDA, (True, False, False)), ("signed", (True, True, False))],
)
def test_who_may_quote_reads_it_and_nobody_else(made, level, seller_may):
    file = share(made, NDA if level == "signed" else level)
    one, two, _three = made.lines()
    interested = talks(PartnershipFactory(need=two.need))
    seller = supplier(one.need)
    before = rights(seller.user, file)
    made.publish()
    if level == "signed":
        for actor in (made.user, seller.user):
            accept_nda(partnership=seller.partnership, actor=actor, seen=nda_digest())

    others = (interested.seller, MembershipFactory().user, CoordinatorGrantFactory().user,
              UserFactory(platform_admin=True), UserFactory())  # fmt: skip
    assert before == (False, False, False)
    assert rights(made.user, file) == (True, True, True)
    assert rights(seller.user, file) == seller_may
    assert [rights(user, file) for user in others] == [(False, False, False)] * len(others)
    Partnership.objects.filter(pk=seller.partnership.pk).update(state=State.FAILED, end_reason="end.partnership.price")
    assert rights(seller.user, file) == (False, False, False)


def test_each_firm_is_told_once_and_finds_it_in_its_talks(made):
    made.publish()
    one, two, _three = made.lines()
    seller = supplier(one.need)
    PartnershipFactory(need=two.need, capacity=seller.partnership.capacity, introduced=True)

    file = share(made)

    told = Notice.objects.filter(kind=NoticeKind.FILE_SHARED)
    assert [notice.reader for notice in told] == [seller.user]
    assert list(files_of_partnership(user=seller.user, partnership=seller.partnership)) == [file]
    assert list(files_of_package(user=seller.user, rfq=made.rfq)) == [file]


def test_a_revision_sets_the_open_quotes_of_all_lines_in_doubt(made):
    made.publish()
    one, two, _three = made.lines()
    seller = supplier(one.need)
    seller.quote(made.now, {one.pk: "10", two.pk: "20"})
    file = share(made)
    assert set(Quote.objects.values_list("state", flat=True)) == {QuoteState.OPEN}

    newer = revise_file(file=file, actor=made.user, upload=upload(drawn("PNG"), name="示例.png"))

    assert set(Quote.objects.values_list("state", flat=True)) == {QuoteState.UNSURE}
    assert list(files_of_package(user=seller.user, rfq=made.rfq)) == [newer]
    withdraw_file(file=newer, actor=made.user)
    assert list(files_of_package(user=seller.user, rfq=made.rfq)) == [file]


def test_what_is_refused(made):
    seller = supplier(made.lines()[0].need)
    with pytest.raises(Invalid) as level:
        share(made, PREVIEW)
    made.publish()
    for actor in (seller.user, MembershipFactory().user, MembershipFactory(enterprise=made.firm, viewer=True).user):
        with pytest.raises(Refused) as refusal:
            share_at_package(rfq=made.now, actor=actor, upload=upload(), level=INTEREST)
        assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    close_rfq(rfq=made.now, actor=made.user)
    with pytest.raises(Refused) as closed:
        share(made)

    assert (level.value.fields, closed.value.reason) == (
        {"level": Reason.REFUSAL_UNKNOWN_CODE},
        Reason.REFUSAL_WRONG_STATE,
    )
    assert not SharedFile.objects.exists()


def test_a_draft_that_is_thrown_away_takes_its_files_along(made):
    share(made)
    discard_package(rfq=made.now, actor=made.user)
    assert not SharedFile.objects.exists()


def test_on_its_page_the_owner_adds_and_the_supplier_downloads(signed_in, made, django_assert_max_num_queries):
    page = reverse("web:talks:package", args=[made.rfq.key])
    owner = signed_in(made.user)
    wrong = owner.post(page, {"upload": upload(b"nothing", name="示例.txt"), "level": "interest"})
    added = owner.post(page, {"upload": upload(), "level": "interest"})
    made.publish()
    one, *_rest = made.lines()
    seller = signed_in(supplier(one.need).user)
    file = SharedFile.objects.get()

    assert (wrong.status_code, added.status_code) == (422, 302)
    assert page in owner.get(reverse("web:packages:detail", args=[made.rfq.key])).content.decode()
    with django_assert_max_num_queries(MOST_QUERIES):
        shown = seller.get(page).content.decode()
    assert (file.name in shown, 'id="upload"' in shown) == (True, False)
    assert seller.get(reverse("web:talks:file", args=[file.key])).status_code == 200
    assert seller.get(reverse("web:talks:content", args=[file.key])).status_code == 200
    assert FileLook.objects.filter(file=file).exists()
    assert seller.post(page, {"upload": upload(), "level": "interest"}).status_code == 403
    stranger = signed_in(MembershipFactory().user)
    assert [stranger.get(page).status_code, stranger.post(page).status_code] == [404, 404]
    taken = owner.post(reverse("web:talks:withdraw", args=[file.key]))
    assert (taken.status_code, taken.headers["Location"]) == (302, page)
