"""The page of suggestions: cards whose points add up, what is missing, what is put aside, and who may look."""

import re
from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags

from common.reason_texts import TEXTS
from common.reasons import Reason
from matchmaking.matching.models import Suggestion
from matchmaking.matching.services.vectors import encode_postings
from matchmaking.partnerships.services.panels import match_panel
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseCertificateFactory,
    EnterpriseFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingCertificateFactory, PostingFactory
from tests.factories.reference import CertificationFactory

pytestmark = pytest.mark.django_db

TOGETHER = "All conditions have to be met together: one change for each."


@pytest.fixture
def need():
    return PostingFactory()


@pytest.fixture
def owner(need):
    return MembershipFactory(enterprise=need.enterprise).user


@pytest.fixture
def page_of(signed_in, owner):
    client = signed_in(owner)

    def fetch(posting, query="", prefix="", **headers):
        name = "matches" if posting.is_need else "capacity_matches"
        address = prefix + reverse(f"web:matching:{name}", args=[posting.number])
        return client.get(f"{address}{query}", headers=headers)

    return fetch


def text(response):
    return response.content.decode()


def test_a_page_says_what_the_description_gave_and_whether_it_was_read_for_its_meaning(need, page_of):
    PostingFactory(capacity=True, title=need.title, text=need.text)
    with translation.override("en"):
        unread = text(page_of(need))
        encode_postings()
        read = text(page_of(need))
    assert 'id="words-only"' in unread
    assert "shared words " in unread
    assert "words and terms only" in unread
    assert "similar meaning" not in unread
    assert re.search(r"similar meaning (99|100)%", read)
    assert 'id="words-only"' not in read
    assert "words and terms only" not in read


def test_the_points_of_each_factor_add_up_to_the_total_shown(need, page_of):
    for _ in range(3):
        PostingFactory(capacity=True)
    html = text(page_of(need))

    cards = re.findall(r'<article class="card match".*?</article>', html, re.S)
    assert len(cards) == 3
    for card in cards:
        ring = re.search(r'class="ring-t"[^>]*>(\d+)<', card)[1]
        rows = [Decimal(value) for value in re.findall(r'<td class="n">(-?[\d.]+)', card)]
        assert sum(rows[:-1]) == rows[-1]
        assert abs(rows[-1] - int(ring)) <= Decimal("0.5")


def test_every_code_on_the_page_has_both_texts_and_is_written_in_the_pages_language(need, owner, page_of):
    PostingFactory(capacity=True)
    PostingFactory(capacity=True, quantity_amount=5)
    panel = match_panel(posting=need, viewer=owner)
    codes = {
        note.reason
        for card in (*panel.cards, *panel.near_misses)
        for note in (*card.match.reasons, *card.match.gaps, *card.match.hints)
    }
    chinese, english = text(page_of(need)), text(page_of(need, prefix="/en"))

    assert codes
    for code in codes:
        assert TEXTS[code].zh.strip()
        assert TEXTS[code].en.strip()
        assert TEXTS[code].zh.split("{")[0] in chinese
        assert TEXTS[code].en.split("{")[0].lower() in english.lower()
        assert code.value not in chinese


def test_a_capacity_finds_its_needs(need):
    capacity = PostingFactory(capacity=True)
    seller = MembershipFactory(enterprise=capacity.enterprise).user

    assert [card.posting for card in match_panel(posting=capacity, viewer=seller).cards] == [need]


def test_a_firm_behind_an_alias_shows_only_the_papers_that_were_asked_for(need, owner):
    asked = PostingCertificateFactory(posting=need).certification
    more = CertificationFactory(code="XC-MORE")
    for visibility in ("alias", "named"):
        other = PostingFactory(capacity=True, visibility=visibility)
        for paper in (asked, more):
            EnterpriseCertificateFactory(enterprise=other.enterprise, certification=paper, state="checked")

    shown = {
        card.posting.visibility: {paper.code for paper in card.certificates}
        for card in match_panel(posting=need, viewer=owner).cards
    }

    assert shown == {"alias": {asked.code}, "named": {asked.code, more.code}}


def test_a_near_miss_shows_what_is_missing_and_what_would_change_it(need, page_of):
    paper = PostingCertificateFactory(posting=need)
    other = PostingFactory(capacity=True)
    html = text(page_of(need))

    card = re.search(rf'id="match-{other.number}".*?</article>', html, re.S)[0]
    assert TEXTS[Reason.GAP_CERTIFICATE_MISSING].zh.split("{")[0] in card
    assert "chip-if" in card
    assert paper.certification.name_zh in card
    assert TOGETHER not in card
    assert TOGETHER not in text(page_of(need, prefix="/en"))


def test_a_near_miss_of_two_conditions_says_that_a_change_for_each_is_needed(need, page_of):
    PostingCertificateFactory(posting=need)
    other = PostingFactory(capacity=True, window_start=need.window_start + timedelta(days=20))
    card = re.search(rf'id="match-{other.number}".*?</article>', text(page_of(need, prefix="/en")), re.S)[0]

    assert TOGETHER in card
    assert card.count("chip-if") >= 2


@pytest.fixture
def many(need):
    """A capacity that begins too late, beside ten that fit."""
    PostingFactory.create_batch(10, capacity=True)
    return PostingFactory(capacity=True, window_start=need.window_start + timedelta(days=20))


def test_where_many_match_who_almost_fits_is_fetched_once_it_is_scrolled_to(need, many, page_of, signed_in, owner):
    page = text(page_of(need))
    address = reverse("web:matching:others", args=[need.number])

    assert f'id="match-{many.number}"' not in page
    assert f'hx-get="{address}"' in page
    assert f'hx-get="{address}?fit_only=1"' in text(page_of(need, "?fit_only=1"))
    alone = text(signed_in(owner).get(address, headers={"HX-Request": "true"}))
    assert re.findall(r'id="match-(\w+)"', alone) == [many.number]
    assert "<html" not in alone


def test_without_scripts_who_almost_fits_has_a_page_and_a_change_leads_back_to_it(need, many, signed_in, owner):
    address = reverse("web:matching:others", args=[need.number])
    page = text(signed_in(owner).get(address))

    assert "<html" in page
    assert f'id="match-{many.number}"' in page
    assert f"back={quote(f'{address}#match-{many.number}', safe='')}" in page


def test_a_page_of_others_says_where_there_are_none(need, signed_in, owner):
    page = text(signed_in(owner).get("/en" + reverse("web:matching:others", args=[need.number])))

    assert "Nobody almost fits" in page


def test_others_are_hidden_from_whoever_may_not_read_the_suggestions(need, signed_in):
    stranger = signed_in(MembershipFactory().user)

    assert stranger.get(reverse("web:matching:others", args=[need.number])).status_code == 404


def test_an_empty_page_tells_which_conditions_keep_firms_out(need, page_of):
    paper = PostingCertificateFactory(posting=need)
    for _ in range(3):
        PostingFactory(capacity=True)
    PostingFactory(capacity=True, quantity_amount=5)
    html = text(page_of(need, prefix="/en"))

    assert paper.certification.name_en in html
    listed = re.findall(r'<li class="row between"><span>(.*?)</span><b class="num">(.*?)</b>', html)
    assert [count for _text, count in listed] == ["4 firms", "fewer than 3 firms"]
    assert listed[0][0].lower() == TEXTS[Reason.GAP_CERTIFICATE_MISSING].en.split(": {")[0]
    assert listed[1][0].lower() == TEXTS[Reason.GAP_QUANTITY_SHORT].en


def test_an_empty_page_names_no_other_product(need, page_of):
    PostingFactory(capacity=True, quantity_amount=1000)

    assert TEXTS[Reason.GAP_NODE_MISMATCH].en not in text(page_of(need, prefix="/en")).lower()


def test_a_name_under_alias_stays_hidden(need, page_of):
    other = PostingFactory(capacity=True, visibility="alias", enterprise__name="示例秘密铸造")
    html = text(page_of(need))

    assert other.enterprise.alias in html
    assert "示例秘密铸造" not in html
    assert reverse("web:accounts:enterprise", args=[other.enterprise.key]) not in html


@pytest.mark.parametrize(("taken", "word"), [(0, "plenty free"), (6000, "partly free"), (11000, "little left")])
def test_members_read_the_posted_quantity_and_a_word_for_what_is_left(need, page_of, taken, word):
    other = PostingFactory(capacity=True, quantity_amount=12345, reserved_amount=taken, title="示例压铸")
    html = text(page_of(need, prefix="/en"))

    card = re.search(rf'id="match-{other.number}".*?</article>', html, re.S)[0]
    assert "12,345" in card
    assert f'<span class="tag">{word}</span>' in card
    assert str(12345 - taken) not in card.replace(",", "") or not taken


def test_every_factor_is_told_and_lost_points_name_what_would_change_them(need, page_of):
    other = PostingFactory(capacity=True, text="示例另一种说法", confirmed_on=timezone.localdate() - timedelta(days=20))
    html = text(page_of(need, prefix="/en"))

    card = re.search(rf'id="match-{other.number}".*?</article>', html, re.S)[0]
    told = re.findall(r'<td class="x dim">(.*?)</td>', card)
    assert all(told[:-1])
    assert "Confirmed 20 days ago" in told
    assert any(strip_tags(one).startswith("Shared terms: 示例") for one in told)
    assert "chip-if" in card
    assert re.search(r"up to \+\d", card)


def test_the_order_by_fit_alone_is_kept_in_the_address(need, page_of):
    PostingFactory(capacity=True, busy_level=2)
    with_load, by_fit = text(page_of(need)), text(page_of(need, "?fit_only=1"))

    assert TEXTS[Reason.GAP_BUSY].zh in with_load
    assert TEXTS[Reason.GAP_BUSY].zh not in by_fit
    assert "fit_only=1" in with_load


def test_what_was_shown_is_handed_to_the_worker(need, page_of, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    other = PostingFactory(capacity=True)
    page_of(need)

    assert list(Suggestion.objects.values_list("posting", "counterpart")) == [(need.pk, other.pk)]


def test_the_next_cards_come_alone_for_htmx(need, page_of):
    for _ in range(22):
        PostingFactory(capacity=True)
    first, rest = text(page_of(need)), text(page_of(need, "?offset=20", **{"HX-Request": "true"}))

    assert (first.count("<article"), rest.count("<article")) == (20, 2)
    assert "offset=20" in first
    assert "<html" not in rest
    assert "offset=40" not in rest


@pytest.mark.parametrize("offset", ["-5", "abc", "99999999999999999999", "２０", ""])
def test_a_strange_offset_is_no_error(need, page_of, offset):
    PostingFactory(capacity=True)
    assert page_of(need, f"?offset={offset}").status_code == 200


def test_a_wrong_direction_leads_to_the_right_address(signed_in):
    capacity = PostingFactory(capacity=True)
    client = signed_in(MembershipFactory(enterprise=capacity.enterprise).user)

    response = client.get(reverse("web:matching:matches", args=[capacity.number]) + "?fit_only=1")

    assert response.status_code == 302
    assert response.url == reverse("web:matching:capacity_matches", args=[capacity.number]) + "?fit_only=1"


def test_only_its_own_side_and_who_looks_after_it_reads_the_suggestions(need, owner, signed_in):
    address = reverse("web:matching:matches", args=[need.number])
    statuses = {
        name: signed_in(user).get(address).status_code
        for name, user in {
            "owner": owner,
            "viewer": MembershipFactory(enterprise=need.enterprise, viewer=True).user,
            "other": MembershipFactory().user,
            "nobody": UserFactory(),
            "coordinator": CoordinatorGrantFactory().user,
        }.items()
    }
    assert statuses == {"owner": 200, "viewer": 200, "other": 404, "nobody": 404, "coordinator": 200}


def test_a_viewer_has_no_buttons(need, signed_in):
    PostingFactory(capacity=True)
    client = signed_in(MembershipFactory(enterprise=need.enterprise, viewer=True).user)

    html = text(client.get(reverse("web:matching:matches", args=[need.number])))

    assert reverse("web:partnerships:interest") not in html
    assert "/dismiss/" not in html


def test_a_visitor_is_asked_to_sign_in(need, client):
    assert client.get(reverse("web:matching:matches", args=[need.number])).status_code == 302


def test_a_card_shows_the_partnership_instead_of_the_button(need, page_of):
    other = PostingFactory(capacity=True)
    partnership = PartnershipFactory(need=need, capacity=other, opened_by="capacity")
    html = text(page_of(need))

    assert reverse("web:partnerships:detail", args=[partnership.key]) in html
    assert f'name="counterpart" value="{other.number}"' not in html


def test_the_page_costs_the_same_for_many_rows(need, page_of):
    PostingFactory(capacity=True)
    page_of(need)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert page_of(need).status_code == 200
        counts.append(len(captured))
        for _more in range(8):
            PostingFactory(capacity=True)
    assert counts[0] == counts[1]
    assert counts[0] <= 12


def test_no_card_names_a_third_firm(need, page_of):
    third = EnterpriseFactory(name="示例第三方")
    PostingFactory(enterprise=third)
    PostingFactory(capacity=True)

    assert "示例第三方" not in text(page_of(need))


@pytest.mark.parametrize("count", [1, 15])
def test_the_page_asks_at_most_twelve_times_whatever_it_shows(need, page_of, count, django_assert_max_num_queries):
    for _ in range(count):
        PostingFactory(capacity=True)
    page_of(need)

    with django_assert_max_num_queries(12):
        answer = page_of(need)
    assert answer.status_code == 200


def test_bars_and_maximums_tell_the_points(need, page_of):
    PostingFactory(capacity=True)
    html = text(page_of(need))

    widths = [Decimal(width) for width in re.findall(r'class="bar-(?:full|fg|low)" width="([\d.]+)"', html)]
    rows = re.findall(r'<td class="n">(-?[\d.]+)<span class="faint"> / ([\d.]+)</span>', html)
    shares = [Decimal(given) / Decimal(most) * 100 for given, most in rows[:-1]]
    assert widths == [share.quantize(Decimal("0.1")) for share in shares]
    assert rows[-1][1] == "100"
