"""Further nodes, windows chosen by name, prices with one end, and what a second tab is told about lists."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from matchmaking.postings.choices import PriceKind
from matchmaking.postings.models import Posting
from reference.models import ChainNode, Unit
from tests.factories.postings import PostingFactory
from web.forms.postings import window_presets
from web.templatetags.formats import whole_days, written_price

pytestmark = pytest.mark.django_db
WHOLE = {
    "title": "Dampers",
    "node": "AUTO.CHASSIS.SUSP",
    "subject": "component",
    "region": "500116",
    "quantity": "3k",
    "unit": "PCS",
    "act": "save",
}
FORK, BEARING = "MOTO.FRAME.FORK", "AUTO.CHASSIS.BEARING"


def send(sender, path="/en/needs/new/", **fields):
    return sender.post(path, {**WHOLE, **fields})


def further():
    return sorted(Posting.objects.get().further_nodes.values_list("code", flat=True))


@pytest.mark.parametrize(
    "words",
    [FORK, FORK.lower(), f"Fork and shock absorber ({FORK})", f"前叉（{FORK}）", "Fork and shock absorber"],
)
def test_further_nodes_are_taken_as_codes_and_names(firm, words):
    assert send(firm, further_nodes=[words, "", BEARING]).status_code == 302
    assert further() == [BEARING, FORK]


def test_further_nodes_stand_in_the_form_again_and_can_be_taken_away(firm):
    path = send(firm, further_nodes=[FORK, BEARING]).url
    page = firm.get(path).content.decode()
    kept = re.findall(r'name="further_nodes" value="([^"]+)"', page)
    assert [re.search(r"\((.+)\)", one)[1] for one in sorted(kept)] == [BEARING, FORK]

    send(firm, path, further_nodes=["", ""], seen_version="1")
    assert further() == []


def test_further_node_that_is_unknown_is_named_and_kept_as_typed(firm):
    answer = send(firm, further_nodes=["nothing-like-this", FORK])

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="further-nodes-error"' in page
    assert 'value="nothing-like-this"' in page
    again = firm.get(f"/en/postings/{Posting.objects.get().number}/edit/").content.decode()
    assert 'value="nothing-like-this"' in again
    assert FORK in again


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (date(2026, 11, 24), ["2026-12-24", "2026-12-31", "2027-01-01", "2027-03-31"]),
        (date(2027, 1, 1), ["2027-01-31", "2027-03-31", "2027-04-01", "2027-06-30"]),
        (date(2027, 7, 31), ["2027-08-30", "2027-09-30", "2027-10-01", "2027-12-31"]),
        (date(2027, 9, 30), ["2027-10-30", "2027-09-30", "2027-10-01", "2027-12-31"]),
    ],
)
def test_windows_by_name_begin_and_end_where_people_mean(day, ends):
    days, quarter, following, always = window_presets(day)

    assert [str(one) for one in (days.end, quarter.end, following.start, following.end)] == ends
    assert (days.start, quarter.start, always.start, always.end) == (day, day, None, None)


@pytest.mark.parametrize("place", range(4))
def test_window_chosen_by_name_is_understood_without_scripts(firm, place):
    preset = window_presets(timezone.localdate())[place]
    answer = send(firm, window_preset=preset.value, window_start="soon", window_end="2001-01-01")

    posting = Posting.objects.get()
    assert (answer.status_code, posting.window_start, posting.window_end) == (302, preset.start, preset.end)
    assert posting.unread_texts == {}


@pytest.mark.parametrize("chosen", ["own", "", "some day"])
def test_own_dates_hold_when_no_window_is_chosen_by_name(firm, chosen):
    answer = send(firm, window_preset=chosen, window_start="2099-1-1", window_end="2099-2-1")

    assert answer.status_code == 302
    assert str(Posting.objects.get().window_end) == "2099-02-01"


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [
        (None, Decimal("95.0000"), "up to 95 CNY per piece"),
        (Decimal(95), None, "from 95 CNY per piece"),
        (Decimal(18), Decimal("30.5"), "18 – 30.5 CNY per piece"),
        (Decimal(18), Decimal(18), "18 CNY per piece"),
        (None, None, "–"),
    ],
)
def test_price_says_which_end_is_given(low, high, written):
    with translation.override("en"):
        assert written_price(low, high, "CNY", "piece") == written


@pytest.mark.parametrize("path", ["/needs/", "/en/needs/"])
def test_price_with_one_end_stands_on_the_page_with_its_unit(firm, editor, path):
    unit = Unit.objects.get(code="PCS")
    posting = PostingFactory(enterprise=editor.enterprise, unit=unit, price_kind=PriceKind.OPEN, price_max=95)

    page = firm.get(f"{path}{posting.number}/").content.decode()
    line = re.search(r"<dd[^>]*>([^<]*95[^<]*CNY[^<]*)</dd>", page)[1]
    assert "–" not in line
    assert (unit.name_en if "/en/" in path else unit.name_zh) in line


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_days_of_a_window_are_never_broken(language):
    with translation.override(language):
        parts = re.findall(r'<span class="nowrap">([^<]+)</span>', whole_days(date(2026, 12, 24), date(2027, 11, 19)))
        assert len(parts) == 2
        assert len(re.findall(r'class="nowrap"', whole_days(None, date(2027, 11, 19)))) == 1


@pytest.mark.parametrize("here", [1, 2, 5])
def test_pager_names_its_neighbours_and_both_ends(client, here):
    PostingFactory.create_batch(165)

    html = client.get(f"/en/needs/?page={here}&subject=component").content.decode()
    pager = html.split('<ul class="pager">')[1].split("</ul>")[0]
    numbers = re.findall(r'Page </span>(\d+)|class="dim">(…)', pager)
    shown = [number or gap for number, gap in numbers]
    assert (
        shown == {1: ["1", "2", "…", "9"], 2: ["1", "2", "3", "…", "9"], 5: ["1", "…", "4", "5", "6", "…", "9"]}[here]
    )
    assert f"page={here + 1}" in pager
    assert "subject=component" in pager


def test_second_tab_is_told_about_lists_too(firm, editor):
    posting = PostingFactory(enterprise=editor.enterprise)
    posting.further_nodes.add(ChainNode.objects.get(code=FORK))
    path = f"/en/postings/{posting.number}/edit/"
    send(firm, path, certificates_must=["ISO9001"], seen_version="1")

    page = send(firm, path, certificates_must=["IATF16949"], further_nodes=[BEARING], seen_version="1")
    told = page.content.decode().split('id="h-both"')[1].split("</section>")[0]
    assert page.status_code == 409
    assert all(one in told for one in ("ISO9001", "IATF16949", BEARING))
