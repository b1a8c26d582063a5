"""A published package on the pages: quoted line by line, compared, awarded, taken away; privacy on each of them."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from matchmaking.partnerships.models import Agreement, Quote, Rfq
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.packages import buyer, supplier

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
CANARY = "7654.3211"


def address(name, *args):
    return reverse(f"web:packages:{name}", args=args)


def opened(lines=3, **values):
    made = buyer(lines, **values)
    made.publish()
    return made


def terms(prices, **changed):
    """The form of a supplier: prices by row number."""
    told = {"valid_until": (timezone.localdate() + timedelta(days=20)).isoformat(), "takes_bank_acceptance": "unknown"}
    return told | {f"price_{key}": price for key, price in prices.items()} | changed


def text(response):
    return response.content.decode()


def test_a_supplier_quotes_lines_on_one_page_and_nothing_typed_is_lost(signed_in):
    made = opened()
    one, two, three = made.lines()
    seller = supplier(one.need)
    client = signed_in(seller.user)
    page = client.get(address("detail", made.rfq.key))
    assert [row.line.pk for row in page.context["rows"]] == [one.pk, two.pk, three.pk]
    sent = terms({one.pk: "12.5", two.pk: "abc", three.pk: ""}, delivery_place="示例仓库")
    answer = client.post(address("quote", made.rfq.key), sent)
    assert answer.status_code == 422
    for typed in ("12.5", "abc", "示例仓库"):
        assert typed in text(answer)
    assert not Quote.objects.exists()
    answer = client.post(address("quote", made.rfq.key), sent | {f"price_{two.pk}": "8"})
    assert answer.status_code == 302
    assert set(Quote.objects.values_list("partnership__need", "unit_price", "delivery_place")) == {
        (one.need_id, Decimal("12.5"), "示例仓库"),
        (two.need_id, Decimal(8), "示例仓库"),
    }


def test_what_was_quoted_stays_as_it_is_unless_it_changes(signed_in):
    made = opened()
    one, two, _three = made.lines()
    seller = supplier(one.need)
    client = signed_in(seller.user)
    sent = terms({one.pk: "12.5"})
    client.post(address("quote", made.rfq.key), sent)
    kept = Quote.objects.get()
    page = client.get(address("detail", made.rfq.key)).context["form"]
    again = {name: page[name].value() or "" for name in page.fields} | {f"price_{two.pk}": "3"}
    again["takes_bank_acceptance"] = "unknown"
    if not page["is_tax_included"].value():
        again.pop("is_tax_included")
    assert client.post(address("quote", made.rfq.key), again).status_code == 302
    kept.refresh_from_db()
    assert kept.state == "open"
    assert Quote.objects.count() == 2


def test_the_owner_compares_narrows_and_awards(signed_in):
    made = opened()
    one, two, _three = made.lines()
    cheap, dear = supplier(one.need), supplier(one.need)
    first = cheap.quote(made.now, {one.pk: "7", two.pk: "8"})
    other = dear.quote(made.now, {one.pk: "9"})[0]
    client = signed_in(made.user)
    page = client.get(address("detail", made.rfq.key))
    assert [len(line.offers) for line in page.context["page"].object_list] == [2, 1, 0]
    assert [(total.supplier, total.lines) for total in page.context["totals"]] == [(cheap.firm, 2), (dear.firm, 1)]
    assert page.context["best_total"] == (2, Decimal(23000))
    narrowed = client.get(address("detail", made.rfq.key), {"state": "unquoted"})
    assert [line.line.position for line in narrowed.context["page"].object_list] == [3]
    assert [
        line.line.position
        for line in client.get(address("detail", made.rfq.key), {"supplier": dear.firm.key}).context["page"].object_list
    ] == [1]
    days = {
        "starts_on": timezone.localdate().isoformat(),
        "ends_on": (timezone.localdate() + timedelta(30)).isoformat(),
    }
    sent = days | {f"award_{first[0].key}": "700", f"award_{other.key}": "400"}
    answer = client.post(address("award", made.rfq.key), sent)
    assert answer.status_code == 422
    assert 'value="400"' in text(answer)
    assert not Agreement.objects.exists()
    answer = client.post(address("award", made.rfq.key), sent | {f"award_{other.key}": "300"})
    assert answer.status_code == 302
    assert sorted(Agreement.objects.values_list("quantity_amount", flat=True)) == [300, 700]
    states = [line.state for line in client.get(address("detail", made.rfq.key)).context["page"].object_list]
    assert states == ["proposed", "quoted", "unquoted"]


def test_the_comparison_is_taken_away_and_nothing_in_it_computes(signed_in):
    made = opened()
    one = made.lines()[0]
    supplier(one.need).quote(made.now, {one.pk: "7"}, note="=1+1", delivery_place="@示例")
    client = signed_in(made.user)
    answer = client.get(address("export", made.rfq.key, "xlsx"))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert len(rows) == 4
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
    assert "'=1+1" in client.get(address("export", made.rfq.key, "csv")).content.decode()
    assert client.get(address("export", made.rfq.key, "exe")).status_code == 404


@pytest.mark.parametrize("is_sealed", [True, False])
def test_sealed_amounts_stand_nowhere_before_the_deadline(signed_in, is_sealed):
    made = opened(is_sealed=is_sealed)
    one = made.lines()[0]
    seller = supplier(one.need)
    seller.quote(made.now, {one.pk: CANARY})
    rival, coordinator = supplier(one.need), CoordinatorGrantFactory().user
    partnership = seller.partnership.key
    pages = [
        address("detail", made.rfq.key),
        address("export", made.rfq.key, "csv"),
        address("export", made.rfq.key, "xlsx"),
        reverse("web:partnerships:quotes", args=[one.need.number]),
        reverse("web:partnerships:detail", args=[partnership]),
        reverse("web:accounts:notices"),
        reverse("web:accounts:workbench"),
    ]
    admin = UserFactory(platform_admin=True, totp=True)
    MembershipFactory(user=admin)
    shown: dict[str, set[str]] = {}
    for reader in (made.user, rival.user, coordinator, admin):
        for page in pages:
            answer = signed_in(reader).get(page, follow=True)
            held = b"".join(answer.streaming_content) if answer.streaming else answer.content
            if b"7654.32" in held or b"7,654.32" in held:
                shown.setdefault(reader.email, set()).add(page)
    assert rival.user.email not in shown
    assert coordinator.email not in shown
    if is_sealed:
        assert shown == {}
        Rfq.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    page = text(signed_in(made.user).get(pages[0]))
    assert "7,654.32" in page or "7654.32" in page


def test_nobody_else_reads_a_package(signed_in, client):
    made = opened()
    stranger = signed_in(MembershipFactory().user)
    for name, args in (("detail", ()), ("export", ("csv",))):
        assert stranger.get(address(name, made.rfq.key, *args)).status_code == 404
    seller = signed_in(supplier(made.lines()[0].need).user)
    assert seller.get(address("export", made.rfq.key, "csv")).status_code == 404
    for name in ("award", "close", "publish", "discard"):
        assert seller.post(address(name, made.rfq.key)).status_code == 404
    assert stranger.post(address("quote", made.rfq.key), {}).status_code == 404
    assert client.get(address("detail", made.rfq.key)).status_code == 302


def filled(count):
    """A package of so many lines, each with a quote of one firm and a tenth with another's."""
    made = buyer(0)
    needs = [PostingFactory(enterprise=made.firm, draft=True, quantity_amount=Decimal(100)) for _ in range(count)]
    for position, need in enumerate(needs, 1):
        made.rfq.lines.create(need=need, position=position)
    made.publish()
    seller = supplier(needs[0])
    pairs = [seller.partnership]
    for need in needs[1:]:
        pairs.append(PartnershipFactory(need=need, capacity=seller.partnership.capacity, introduced=True))
    Quote.objects.bulk_create(
        Quote(
            partnership=pair,
            quantity_amount=100,
            unit=pair.need.unit,
            unit_price=5,
            valid_until=timezone.localdate() + timedelta(days=9),
            need_terms="x",
        )
        for pair in pairs
    )
    return made, seller


@pytest.mark.parametrize("count", [10, 200])
def test_pages_cost_the_same_for_ten_lines_and_for_two_hundred(signed_in, django_assert_max_num_queries, count):
    made, seller = filled(count)
    owner, supplying = signed_in(made.user), signed_in(seller.user)
    for client in (owner, supplying):
        client.get(address("detail", made.rfq.key))
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(address("detail", made.rfq.key)).status_code == 200
    with django_assert_max_num_queries(MOST_QUERIES):
        owner.get(address("export", made.rfq.key, "xlsx"))
    with django_assert_max_num_queries(MOST_QUERIES):
        owner.get(address("list"))
    draft = buyer(0)
    for position in range(1, count + 1):
        draft.rfq.lines.create(need=PostingFactory(enterprise=draft.firm, draft=True), position=position)
    client = signed_in(draft.user)
    client.get(address("detail", draft.rfq.key))
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(address("detail", draft.rfq.key))
