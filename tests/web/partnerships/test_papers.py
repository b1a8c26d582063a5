"""The paper of an agreement and the calendar of its deliveries: what they say, to whom, and byte for byte the same."""

from datetime import timedelta
from decimal import Decimal

import pypdfium2
import pytest
from django.utils import timezone
from icalendar import Calendar

from matchmaking.partnerships.queries.deal import Plan
from matchmaking.partnerships.services.agreeing import propose_agreement
from matchmaking.partnerships.services.delivering import accept_delivery, deliver
from matchmaking.postings.choices import Subject
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, UserFactory
from tests.matchmaking.partnerships.talks import agreement_terms, talks

pytestmark = pytest.mark.django_db
VERSION_1 = "agreement/1/paper/"


@pytest.fixture
def pair():
    return talks()


@pytest.fixture
def paper(signed_in, pair):
    """The answer to somebody who asks for a paper of the pair."""

    def ask(user, what=VERSION_1):
        return signed_in(user).get(f"/en/partnerships/{pair.partnership.key}/{what}")

    return ask


def words_of(content):
    """All text of a PDF, without line ends."""
    with pypdfium2.PdfDocument(content) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def test_a_signed_version_is_a_paper_in_both_languages_and_the_same_bytes_each_time(paper, pair):
    pair.buyer.name, pair.seller.name = "示例甲", ""
    pair.buyer.save()
    agreement = pair.agree(value=Decimal("1250000"), terms="示例条款 <b>#panic()</b>")
    first, second = paper(pair.buyer), paper(pair.seller)
    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    text = words_of(first.content)
    assert agreement.digest in text
    for told in (
        agreement.key,
        pair.now.need.enterprise.name,
        pair.now.capacity.enterprise.uscc,
        "What is agreed",
        "约定内容",
        "8,000",
        "1,250,000 CNY",
        "示例条款 <b>#panic()</b>",
        "示例甲",
        "Signatures",
    ):
        assert told in text, (told, text)
    assert pair.buyer.email not in text
    assert pair.seller.email not in text


def test_a_paper_is_handed_out_to_be_kept_and_never_run(paper, pair):
    pair.agree()
    answer = paper(pair.buyer)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="agreement-')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_nobody_but_the_two_sides_gets_a_paper(paper, pair):
    pair.agree()
    coordinator = CoordinatorGrantFactory().user
    for stranger in (MembershipFactory().user, MembershipFactory(user=coordinator).user, admin_of_a_firm()):
        for what in (VERSION_1, "agreement/1/days/"):
            assert paper(stranger, what).status_code in (403, 404, 302), what


def admin_of_a_firm():
    """An administrator of the platform who also belongs to some firm."""
    return MembershipFactory(user=UserFactory(is_staff=True, is_superuser=True)).user


def test_what_is_not_signed_by_both_is_no_paper(paper, pair):
    pair.propose()
    assert paper(pair.buyer).status_code == 404
    assert paper(pair.buyer, "agreement/2/paper/").status_code == 404


def test_each_amendment_is_a_paper_of_its_own_and_the_page_leads_to_both(paper, pair):
    first, second = pair.agree(), pair.agree(quantity_amount=Decimal(9000))
    old, new = words_of(paper(pair.buyer).content), words_of(paper(pair.buyer, "agreement/2/paper/").content)
    assert first.digest in old
    assert "Replaced by a newer version" in old
    assert second.digest in new
    assert "9,000" in new
    page = paper(pair.buyer, "").content.decode()
    for version in (first, second):
        assert f"/agreement/{version.version}/paper/" in page
        assert version.digest in page


def planned(pair):
    """An agreement with two deliveries, told the later one first."""
    day = timezone.localdate()
    plan = [Plan("示例次批", day + timedelta(days=40), Decimal(50)), Plan("示例首批", day + timedelta(days=10))]
    agreement = propose_agreement(
        partnership=pair.now, actor=pair.buyer, terms=agreement_terms(pair.partnership), plan=plan
    )
    pair.sign(agreement)
    return agreement


def test_deliveries_are_numbered_by_day_and_the_paper_says_what_became_of_them(paper, pair):
    agreement = planned(pair)
    assert [(one.number, one.title) for one in agreement.milestones.numbered()] == [(1, "示例首批"), (2, "示例次批")]
    before = paper(pair.buyer).content
    deliver(partnership=pair.now, milestone=1, version=1, actor=pair.seller)
    accept_delivery(partnership=pair.now, milestone=1, actor=pair.buyer)
    after = paper(pair.buyer).content
    today = timezone.localdate().isoformat()
    assert words_of(after).count(today) - words_of(before).count(today) == 2


def test_deliveries_are_days_of_a_calendar(paper, pair):
    planned(pair)
    answer = paper(pair.seller, "agreement/1/days/")
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer.content == paper(pair.buyer, "agreement/1/days/").content
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    day = timezone.localdate()
    assert [one["DTSTART"].dt for one in events] == [day + timedelta(days=10), day + timedelta(days=40)]
    assert all(pair.now.need.title in one["SUMMARY"] for one in events)
    assert len({one["UID"] for one in events}) == 2


@pytest.mark.parametrize(
    ("subject", "terms", "told"),
    [
        (Subject.PREMISES, {"floor_area": 2000, "workers": 100}, ("2000", "100", "Floor area", "Workers", "面积")),
        (Subject.TALENT, {"people": 3, "months": 18, "mode": "示例驻厂"}, ("People", "Months", "18", "示例驻厂")),
    ],
)
def test_a_paper_carries_what_only_its_kind_has(paper, pair, subject, terms, told):
    pair.agree(**terms, **({"opens_on": timezone.localdate()} if subject == Subject.PREMISES else {}))
    text = words_of(paper(pair.buyer).content)
    for one in told:
        assert one in text, (one, text)


def test_a_delivery_of_a_version_that_was_replaced_meanwhile_is_refused(signed_in, pair):
    planned(pair)
    pair.agree(quantity_amount=Decimal(9000))
    client = signed_in(pair.seller)
    address = f"/en/partnerships/{pair.partnership.key}/deal/deliver/"
    assert client.post(address, {"milestone": 1, "version": 1}).status_code == 409
    assert not pair.now.agreements.get(version=2).milestones.filter(delivered_on__isnull=False).exists()
    assert client.post(address, {"milestone": 1, "version": 2}).status_code == 302
