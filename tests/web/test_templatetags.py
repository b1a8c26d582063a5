"""How amounts, days, reasons, names and addresses are written, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from common.keeping import process_cache
from common.reasons import Reason
from tests.factories.reference import ParameterFactory
from web.charts.tiles import Tile, limits_for, step_of, steps_written
from web.templatetags.charts import tile_map
from web.templatetags.chuanyu import icon, node_path, reason, region_path
from web.templatetags.formats import (
    written_amount,
    written_day,
    written_moment,
    written_quantity,
    written_unit,
    written_window,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def rendered(source: str, query: str = "", **context: object) -> str:
    request = RequestFactory().get(f"/needs/?{query}")
    return Template("{% load chuanyu charts %}" + source).render(Context({"request": request, **context}))


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "0"),
        ("8000", "8,000"),
        ("36000", "36,000"),
        ("120000", "12 万"),
        ("125000", "12.5 万"),
        ("123456", "123,456"),
        ("2000000000", "20 亿"),
        ("0.500", "0.5"),
        ("1234.5", "1,234.5"),
        ("-120000", "-12 万"),
    ],
)
def test_amounts_in_chinese_lose_nothing(amount, written):
    assert written_amount(Decimal(amount)) == written


@pytest.mark.parametrize(("amount", "written"), [("120000", "120,000"), ("2000000000", "2,000,000,000")])
def test_amounts_in_english_are_written_out(english, amount, written):
    assert written_amount(Decimal(amount)) == written


def test_a_missing_amount_is_a_dash():
    assert written_amount(None) == "–"


@pytest.mark.parametrize(
    ("name", "amount", "written"),
    [
        ("piece", 2, "pieces"),
        ("piece", 1, "piece"),
        ("kilogram of hydrogen", 3, "kilograms of hydrogen"),
        ("mu", 30, "mu"),
        ("thousand pieces", 2, "thousand pieces"),
        ("jin (half kilogram)", 4, "jin (half kilogram)"),
    ],
)
def test_units_in_english_follow_their_number(english, name, amount, written):
    assert written_unit(name, amount) == written


def test_a_quantity_tells_unit_and_period(english):
    assert written_quantity(Decimal(8000), "piece", "month") == "8,000 pieces per month"
    assert written_quantity(3000, "piece", "year", is_class=True) == "3,000 pieces or more per year"
    assert written_quantity(Decimal(1), "set", "once") == "1 set"


def test_a_quantity_in_chinese_puts_no_blank_after_a_sign_of_ten_thousand():
    assert written_quantity(Decimal(120000), "件", "once") == "12 万件"
    assert written_quantity(Decimal(8000), "件", "once") == "8,000 件"


def test_days_and_moments_follow_the_language():
    moment = datetime(2026, 11, 22, 23, 5, tzinfo=UTC)
    assert (written_day(date(2026, 11, 23)), written_moment(moment)) == ("2026-11-23", "2026-11-23 07:05")
    with translation.override("en"):
        assert (written_day(date(2026, 11, 3)), written_moment(moment)) == ("3 Nov 2026", "23 Nov 2026, 07:05")
    assert written_day(None) == "–"


@pytest.mark.parametrize(
    ("start", "end", "written"),
    [
        (date(2027, 1, 1), date(2027, 6, 30), "1 Jan 2027 to 30 Jun 2027"),
        (date(2027, 1, 1), date(2027, 1, 1), "1 Jan 2027"),
        (date(2027, 1, 1), None, "from 1 Jan 2027"),
        (None, date(2027, 6, 30), "until 30 Jun 2027"),
        (None, None, "at any time"),
    ],
)
def test_windows_say_which_end_is_open(english, start, end, written):
    assert written_window(start, end) == written


def test_an_icon_is_hidden_from_assistive_technology():
    drawn = icon("shield-check")
    assert 'aria-hidden="true"' in drawn
    assert 'class="ic"' in drawn
    assert "style=" not in drawn


def test_a_reason_names_what_its_codes_stand_for(english):
    assert reason(Reason.HINT_REGION_ALLOW, {"region": "510100"}) == "allow Chengdu"
    assert "IATF 16949" in reason("gap.certificate.missing", {"certificates": "IATF-16949"}).replace("-", " ")
    assert (
        reason("hint.minimum_order.lower", {"amount": "12000", "unit": "PCS"})
        == "lower the minimum order to 12,000 piece"
    )
    assert reason("") == ""


def test_a_reason_keeps_facts_that_are_no_code(english):
    assert reason("gap.region.far", {"km": "1250"}) == "about 1,250 km away"
    assert reason("hint.region.allow", {"region": "elsewhere"}) == "allow elsewhere"


def test_paths_lead_from_the_top_down(english):
    assert node_path("H2.PROD") == "Hydrogen chain › Hydrogen production"
    assert region_path("511083") == "Neijiang › Longchang"
    assert region_path("510000") == "Sichuan"
    assert region_path("000001") == "000001"


POSTING = SimpleNamespace(
    quantity_amount=Decimal(8000),
    quantity_class=3000,
    unit_id=1,
    unit=SimpleNamespace(name="piece"),
    period="month",
    region_id=1,
    region=SimpleNamespace(code="511083"),
    window_start=None,
    window_end=None,
)


def test_a_visitor_reads_the_class_of_a_quantity_and_the_prefecture(english):
    source = "{% quantity posting %}|{% place posting %}"
    assert rendered(source, posting=POSTING) == "3,000 pieces or more per month|Neijiang"
    assert rendered(source, posting=POSTING, reads_details=True) == "8,000 pieces per month|Neijiang › Longchang"


def test_a_preview_decides_for_itself_what_is_shown(english):
    source = "{% quantity posting exact=False %}|{% place posting exact=False %}"
    assert rendered(source, posting=POSTING, reads_details=True) == "3,000 pieces or more per month|Neijiang"


def test_query_with_changes_one_parameter_and_keeps_the_others():
    query = "region=510000&region=500000&page=3"
    assert rendered("{% query_with page=4 %}", query) == "?region=510000&amp;region=500000&amp;page=4"
    assert rendered("{% query_with page=None %}", query) == "?region=510000&amp;region=500000"
    assert rendered("{% query_without 'region' '510000' %}", query) == "?region=500000"


def test_query_with_cannot_be_broken_out_of():
    assert "<script>" not in rendered("{% query_with page=2 %}", "q=<script>")


def tile(name: str, row: int, column: int, value: int | None = 5, province: str = "510000") -> Tile:
    return Tile(
        name,
        "<3" if value is None else str(value),
        value,
        f"{name}: {value}",
        f"/needs/?region={name}",
        province,
        row,
        column,
    )


@pytest.mark.parametrize(
    ("largest", "limits"),
    [(0, (1, 3, 10, 30)), (90, (1, 3, 10, 30)), (91, (10, 30, 60, 90)), (5000, (30, 100, 300, 1000))],
)
def test_steps_suit_the_largest_value(largest, limits):
    if largest == 90:
        assert limits_for([largest]) == limits
    else:
        assert limits_for([largest, None])[-1] >= limits[0]


def test_a_value_on_a_limit_belongs_to_the_upper_step():
    limits = (10, 30, 60, 90)
    assert [step_of(value, limits) for value in (0, 9, 10, 30, 89, 90, 1000, None)] == [0, 0, 1, 2, 3, 4, 4, 0]
    assert steps_written(limits) == ["0–9", "10–29", "30–59", "60–89", "90+"]
    assert steps_written((1, 3, 10, 30)) == ["0", "1–2", "3–9", "10–29", "30+"]


def test_a_tile_map_names_every_place_and_leads_to_its_list():
    drawn = tile_map([tile("a<b", 0, 1), tile("c", 0, 2, None, "500000")], "Where the needs are")
    assert drawn.count("<a ") == 2
    assert "a&lt;b" in drawn
    assert "&lt;3" in drawn
    assert 'aria-label="Where the needs are"' in drawn
    assert 'href="/needs/?region=c"' in drawn
    assert "style=" not in drawn
    assert 'width="-' not in drawn


@pytest.mark.parametrize(("name", "letters"), [("巴南", ""), ("石柱县", "t3c"), ("两江新区", "t4c")])
def test_a_long_chinese_name_gets_smaller_letters(name, letters):
    with translation.override("zh-hans"):
        assert f'<text class="{letters}"' in tile_map([tile(name, 0, 1)], "x")


def test_a_tile_map_without_places_is_nothing():
    assert tile_map([], "x") == ""


def test_a_condition_among_the_facts_of_a_reason_is_named_and_its_sign_written():
    ParameterFactory(code="xclamp", name_en="Clamping force", name_zh="锁模力")
    process_cache.clear()
    facts = {"parameters": "xclamp >= 1600, unknown_one <= 3"}
    with translation.override("en"):
        assert reason(Reason.GAP_PARAMETER_UNMET, facts).endswith(": Clamping force ≥ 1600, unknown_one ≤ 3")
        assert reason(Reason.GAP_PARAMETER_UNMET) == "a technical parameter is not met"
    with translation.override("zh-hans"):
        assert reason(Reason.GAP_PARAMETER_UNMET, facts) == "参数不满足：锁模力 ≥ 1600, unknown_one ≤ 3"
        assert reason(Reason.GAP_PARAMETER_UNMET) == "参数不满足"
