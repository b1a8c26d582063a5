"""Packages: drafted, published in one transaction, quoted by line, awarded by line; sealed amounts stay sealed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Change, Notice
from common.errors import Invalid, Refused, Stale
from common.reasons import Reason
from matchmaking.partnerships.choices import AgreementState, LineState, QuoteState, RfqState, State
from matchmaking.partnerships.models import Agreement, Partnership, Quote, Rfq
from matchmaking.partnerships.queries.packages import MOST_LINES, offered_lines, package_lines, supplier_totals
from matchmaking.partnerships.services.interest import declare_interest, decline_interest
from matchmaking.partnerships.services.lines import award_lines
from matchmaking.partnerships.services.packages import (
    add_line,
    add_needs,
    begin_package,
    change_package,
    discard_package,
    publish_package,
    remove_line,
)
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.packages import buyer, in_days, line_values, supplier

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def published(lines=3, **values):
    made = buyer(lines, **values)
    made.publish()
    return made


def states(made):
    return [line.state for line in package_lines(user=made.user, rfq=made.now)]


def test_a_draft_holds_needs_that_nobody_else_sees():
    made = buyer()
    stranger = MembershipFactory().user
    assert made.rfq.state == RfqState.DRAFT
    assert [line.need.status for line in made.lines()] == [Status.DRAFT] * 3
    assert not Rfq.objects.visible_to(stranger).exists()
    assert not Posting.objects.visible_to(stranger).filter(rfq_lines__rfq=made.rfq).exists()


def test_publishing_puts_what_is_shared_into_each_line_and_tells_each_supplier_once():
    first = timezone.localdate()
    made = buyer(window_start=first, window_end=first + 90 * DAY, certificates=["IATF16949"])
    live = PostingFactory(enterprise=made.firm, window_end=first + 10 * DAY)
    other = PostingFactory(enterprise=made.firm)
    add_needs(rfq=made.now, actor=made.user, needs=[live, other])
    seller = supplier(live)
    PartnershipFactory(need=other, capacity=seller.partnership.capacity, introduced=True)
    before = Notice.objects.count()
    rfq = made.publish()
    assert rfq.state == RfqState.OPEN
    for line in made.lines():
        need = line.need
        assert need.status == Status.PUBLISHED
        assert need.window_end == first + 90 * DAY
        assert list(need.required_certificates.values_list("certification__code", "is_must")) == [("IATF16949", True)]
    told = Notice.objects.filter(kind="quote_asked", reader=seller.user)
    assert [(one.route, one.thing_key) for one in told] == [("web:packages:detail", rfq.key)]
    assert Notice.objects.count() == before + 1


def test_publishing_is_all_or_nothing_and_names_each_problem_by_line():
    made = buyer(2)
    first, second = made.lines()
    Posting.objects.filter(pk=second.need_id).update(node=None, title="")
    with pytest.raises(Invalid) as problem:
        made.publish()
    assert problem.value.fields == {"2.title": Reason.REFUSAL_REQUIRED, "2.node": Reason.REFUSAL_REQUIRED}
    first.need.refresh_from_db()
    assert (first.need.status, made.now.state) == (Status.DRAFT, RfqState.DRAFT)


def test_a_need_stands_in_one_open_request():
    made = published(1)
    again = begin_package(
        enterprise=made.firm, actor=made.user, values={"title": "示例", "due_at": in_days(3), "is_sealed": False}
    )
    with pytest.raises(Refused) as refusal:
        add_needs(rfq=again, actor=made.user, needs=[made.lines()[0].need])
    assert refusal.value.reason == Reason.REFUSAL_IN_REQUEST


def test_two_drafts_with_one_need_cannot_both_be_published():
    made, need = buyer(0), None
    need = PostingFactory(enterprise=made.firm)
    values = {"title": "示例", "due_at": in_days(3), "is_sealed": False}
    again = begin_package(enterprise=made.firm, actor=made.user, values=values)
    for rfq in (made.now, again):
        add_needs(rfq=rfq, actor=made.user, needs=[need])
    made.publish()
    with pytest.raises(Invalid) as problem:
        publish_package(rfq=again, actor=made.user)
    assert problem.value.fields == {"1.": Reason.REFUSAL_IN_REQUEST}


def test_more_lines_than_a_package_takes_are_refused():
    made = buyer(0)
    needs = [PostingFactory(enterprise=made.firm, draft=True) for _ in range(MOST_LINES)]
    add_needs(rfq=made.now, actor=made.user, needs=needs)
    with pytest.raises(Invalid) as problem:
        add_line(rfq=made.now, actor=made.user, values=line_values())
    assert problem.value.fields == {"lines": Reason.REFUSAL_LIMIT_REACHED}


@pytest.mark.parametrize("text", ["请致电 13800001111", "mail to someone@example.com"])
def test_contact_data_in_a_line_is_refused_at_once(text):
    made = buyer(0)
    with pytest.raises(Invalid) as problem:
        add_line(rfq=made.now, actor=made.user, values=line_values(text=text))
    assert problem.value.fields == {"text": Reason.REFUSAL_CONTACT_IN_TEXT}


def test_others_needs_and_others_packages_are_refused():
    made, stranger = buyer(1), MembershipFactory()
    with pytest.raises(Refused):
        add_needs(rfq=made.now, actor=made.user, needs=[PostingFactory(enterprise=stranger.enterprise)])
    for act in (
        lambda: publish_package(rfq=made.now, actor=stranger.user),
        lambda: discard_package(rfq=made.now, actor=stranger.user),
        lambda: add_line(rfq=made.now, actor=stranger.user, values=line_values()),
        lambda: remove_line(rfq=made.now, line=made.lines()[0], actor=stranger.user),
        lambda: change_package(rfq=made.now, actor=stranger.user, values={"title": "示例"}),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


def test_who_was_slower_is_told():
    made = buyer(1)
    seen = made.now.version
    change_package(rfq=made.now, actor=made.user, values={"title": "示例二"}, seen_version=seen)
    with pytest.raises(Stale):
        change_package(rfq=made.now, actor=made.user, values={"title": "示例三"}, seen_version=seen)
    with pytest.raises(Stale):
        publish_package(rfq=made.now, actor=made.user, seen_version=seen)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"due_at": None}, "due_at"),
        ({"due_at": timezone.now() - DAY}, "due_at"),
        ({"due_at": timezone.now() + 200 * DAY}, "due_at"),
        ({"window_start": timezone.localdate() + 9 * DAY, "window_end": timezone.localdate() + DAY}, "window_end"),
        ({"window_end": timezone.localdate() - DAY}, "window_end"),
        ({"certificates": ["NO-SUCH"]}, "certificates"),
        ({"answer_within_working_days": 31}, "answer_within_working_days"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(values, field):
    made = buyer(0)
    with pytest.raises(Invalid) as problem:
        change_package(rfq=made.now, actor=made.user, values=values)
    assert list(problem.value.fields) == [field]


def test_what_was_made_for_a_draft_goes_with_it_and_other_needs_stay():
    made = buyer(2)
    own = PostingFactory(enterprise=made.firm)
    add_needs(rfq=made.now, actor=made.user, needs=[own])
    remove_line(rfq=made.now, line=made.lines()[0], actor=made.user)
    assert Posting.objects.filter(enterprise=made.firm).count() == 2
    discard_package(rfq=made.now, actor=made.user)
    assert list(Posting.objects.filter(enterprise=made.firm)) == [own]
    assert not Rfq.objects.exists()


def test_a_supplier_quotes_several_lines_at_once_and_the_owner_is_told_once():
    made = published()
    one, two, three = made.lines()
    seller = supplier(one.need)
    quotes = seller.quote(made.now, {one.pk: "12.5", three.pk: ("11", "2000")})
    told = {(quote.unit_price, quote.quantity_amount) for quote in quotes}
    assert told == {(Decimal("12.5"), Decimal(1000)), (Decimal(11), Decimal(2000))}
    assert {quote.partnership.need_id for quote in quotes} == {one.need_id, three.need_id}
    assert Notice.objects.filter(kind="quote_received", reader=made.user).count() == 1
    assert not Notice.objects.filter(kind="introduced").exists()
    joined = Partnership.objects.get(need=three.need)
    assert (joined.state, joined.opened_by) == (State.QUOTING, "capacity")
    assert list(joined.events.values_list("act", flat=True)) == [
        "declare_interest",
        "accept_ahead",
        "introduce",
        "quote",
    ]
    assert states(made) == [LineState.QUOTED, LineState.UNQUOTED, LineState.QUOTED]
    assert not Partnership.objects.filter(need=two.need).exists()


def test_lines_are_quoted_all_or_none_and_each_problem_stands_at_its_line():
    made = published()
    one, two, _three = made.lines()
    seller = supplier(one.need)
    with pytest.raises(Invalid) as problem:
        seller.quote(made.now, {one.pk: "12.5", two.pk: "-1"}, valid_until=None)
    assert set(problem.value.fields) == {"valid_until", f"{two.pk}.unit_price"}
    assert not Quote.objects.exists()
    assert not Partnership.objects.filter(need=two.need).exists()


def test_who_is_in_no_talks_cannot_read_or_quote():
    made = published()
    seller = supplier(PostingFactory())
    with pytest.raises(Refused) as refusal:
        seller.quote(made.now, {made.lines()[0].pk: "1"})
    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    assert not Rfq.objects.visible_to(seller.user).exists()


def test_a_line_hidden_from_a_firm_is_no_line_for_it():
    made = buyer()
    one, two, three = made.lines()
    seller = supplier(one.need)
    two.need.hidden_from.add(seller.firm)
    made.publish()
    seen = offered_lines(user=seller.user, rfq=made.now, enterprise=seller.firm)
    assert [(row.number, row.line.pk) for row in seen] == [(1, one.pk), (2, three.pk)]
    with pytest.raises(Invalid) as problem:
        seller.quote(made.now, {two.pk: "1"})
    with pytest.raises(Invalid) as unknown:
        seller.quote(made.now, {10**6: "1"})
    assert list(problem.value.fields.values()) == list(unknown.value.fields.values())


def test_after_the_deadline_and_after_the_end_of_talks_nobody_quotes():
    made = published()
    one = made.lines()[0]
    seller = supplier(one.need)
    Rfq.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused) as refusal:
        seller.quote(made.now, {one.pk: "1"})
    assert refusal.value.reason == Reason.REFUSAL_DEADLINE_OVER
    Partnership.objects.update(state=State.FAILED, end_reason="end.partnership.price")
    assert not Rfq.objects.visible_to(seller.user).exists()


def test_suppliers_never_read_one_another():
    made = published()
    one, two, _three = made.lines()
    cheap, dear = supplier(one.need), supplier(one.need)
    cheap.quote(made.now, {one.pk: "7.77", two.pk: "8.88"})
    dear.quote(made.now, {one.pk: "9.99"})
    rows = offered_lines(user=dear.user, rfq=made.now, enterprise=dear.firm)
    assert [row.price for row in rows] == [Decimal("9.99"), None, None]
    assert all(row.partnership is None or row.partnership.capacity.enterprise == dear.firm for row in rows)


def test_sealed_quotes_are_counted_and_nobody_reads_them_before_the_deadline():
    made = published(is_sealed=True)
    one, two, _three = made.lines()
    seller = supplier(one.need)
    seller.quote(made.now, {one.pk: "7.77", two.pk: "8.88"})
    lines = package_lines(user=made.user, rfq=made.now)
    assert [(line.offers, line.quote_count, line.state) for line in lines] == [
        ((), 1, LineState.SEALED),
        ((), 1, LineState.SEALED),
        ((), 0, LineState.UNQUOTED),
    ]
    assert supplier_totals(lines) == []
    told = repr(list(Change.objects.values("facts", "reason"))) + repr(list(Notice.objects.values("facts")))
    assert "7.77" not in told
    assert "8.88" not in told
    key = Quote.objects.first().key
    with pytest.raises(Refused) as refusal:
        award_lines(rfq=made.now, actor=made.user, awards={key: Decimal(1)}, starts_on=None, ends_on=None)
    assert refusal.value.reason == Reason.REFUSAL_DEADLINE_AHEAD
    Rfq.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert [len(line.offers) for line in package_lines(user=made.user, rfq=made.now)] == [1, 1, 0]


def awarded(made, awards):
    return award_lines(
        rfq=made.now,
        actor=made.user,
        awards={quote.key: Decimal(amount) for quote, amount in awards.items()},
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + 60 * DAY,
    )


def test_lines_are_awarded_in_whole_and_split_and_each_supplier_is_told_once():
    made = published()
    one, two, _three = made.lines()
    cheap, dear = supplier(one.need), supplier(one.need)
    a1, a2 = cheap.quote(made.now, {one.pk: "7", two.pk: "8"})
    b1 = dear.quote(made.now, {one.pk: "9"})[0]
    made_agreements = awarded(made, {a1: 600, b1: 400, a2: 2000})
    assert {(one.quantity_amount, one.value) for one in made_agreements} == {(600, 4200), (400, 3600), (2000, 16000)}
    assert {one.state for one in made_agreements} == {AgreementState.PROPOSED}
    assert [Notice.objects.filter(kind="agreement_proposed", reader=one.user).count() for one in (cheap, dear)] == [
        1,
        1,
    ]
    assert states(made)[:2] == [LineState.PROPOSED, LineState.PROPOSED]
    totals = supplier_totals(package_lines(user=made.user, rfq=made.now))
    assert [(total.supplier, total.lines, total.best, total.asked, total.awarded) for total in totals] == [
        (cheap.firm, 2, 2, Decimal(23000), Decimal(20200)),
        (dear.firm, 1, 0, Decimal(9000), Decimal(3600)),
    ]


def test_no_line_is_awarded_beyond_what_it_asks_for_or_a_quote_offers():
    made = published()
    one = made.lines()[0]
    cheap, dear = supplier(one.need), supplier(one.need)
    quote = cheap.quote(made.now, {one.pk: ("7", "500")})[0]
    other = dear.quote(made.now, {one.pk: "9"})[0]
    for awards, key in (({quote: 501}, quote.key), ({quote: 500, other: 501}, other.key), ({quote: 0}, quote.key)):
        with pytest.raises(Invalid) as problem:
            awarded(made, awards)
        assert list(problem.value.fields) == [key]
    assert not Agreement.objects.exists()


def test_a_quote_made_for_other_terms_is_not_awarded():
    made = published()
    one = made.lines()[0]
    quote = supplier(one.need).quote(made.now, {one.pk: "7"})[0]
    Posting.objects.filter(pk=one.need_id).update(quantity_amount=1500)
    with pytest.raises(Invalid) as problem:
        awarded(made, {quote: 100})
    assert problem.value.fields == {quote.key: Reason.REFUSAL_QUOTE_UNSURE}


def test_quoting_again_replaces_and_a_stranger_awards_nothing():
    made = published()
    one = made.lines()[0]
    seller = supplier(one.need)
    first = seller.quote(made.now, {one.pk: "7"})[0]
    second = seller.quote(made.now, {one.pk: "6"})[0]
    first.refresh_from_db()
    assert first.state == QuoteState.REPLACED
    with pytest.raises(Refused) as refusal:
        award_lines(rfq=made.now, actor=seller.user, awards={second.key: Decimal(1)}, starts_on=None, ends_on=None)
    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


def test_a_pair_that_was_declined_is_not_joined_again():
    made = published()
    one, two, _three = made.lines()
    seller = supplier(one.need)
    asked = declare_interest(posting=seller.partnership.capacity, counterpart=two.need, actor=seller.user)
    decline_interest(partnership=asked, actor=made.user, reason="end.partnership.price")
    with pytest.raises(Invalid) as problem:
        seller.quote(made.now, {one.pk: "7", two.pk: "8"})
    assert problem.value.fields == {f"{two.pk}.": Reason.REFUSAL_DECLINED_BEFORE}
