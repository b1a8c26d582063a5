"""Plain values: numbers and days as people type them, windows, places, bands, names that look like others."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.values import (
    BAND_EDGES,
    MAX_AMOUNT,
    Money,
    Quantity,
    RegionCode,
    TimeWindow,
    TooLarge,
    band_floor,
    certificate_label,
    gini,
    normalise_code,
    normalise_text,
    parse_amount,
    parse_day,
    plain_amount,
    plain_name,
)

AMOUNTS = st.decimals(0, MAX_AMOUNT, places=3)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
WINDOWS = st.tuples(DAYS, DAYS).map(lambda days: TimeWindow(*sorted(days)))
FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("8000", 8000), ("8,000", 8000), ("８０００", 8000), ("８，０００．５", "8000.5"), ("1.5万", 15000),
        ("2千", 2000), ("3亿", 300_000_000), ("4k", 4000), (" 12 000 ", 12000), ("-5", -5), ("+5", 5),
        ("0.001", "0.001"),
        ("\u200b7", 7), (f"{MAX_AMOUNT}", MAX_AMOUNT),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_type_it(typed, amount):
    assert parse_amount(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["", " ", "abc", "1.2.3", "1e5", "NaN", "Infinity", "--1", "1万万", "5件", "9" * 61])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValueError, match=r".*"):
        parse_amount(typed)


@pytest.mark.parametrize("typed", ["1000000000001", "10001亿", "-1000000000001"])
def test_an_amount_beyond_the_largest_is_told_apart(typed):
    with pytest.raises(TooLarge):
        parse_amount(typed)


@given(AMOUNTS)
def test_every_amount_comes_back_from_its_plain_form_in_either_width(amount):
    plain = plain_amount(amount)

    assert "E" not in plain
    assert parse_amount(plain) == parse_amount(plain.translate(FULL_WIDTH)) == amount


@given(DAYS)
def test_every_day_comes_back_in_each_way_of_writing_it(day):
    ways = (f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日")

    assert [parse_day(way) for way in ways] == [day] * len(ways)


@pytest.mark.parametrize("typed", ["", "2027", "2027-13-01", "2027-02-30", "27-1-1", "tomorrow", "2027-1-1 10:00"])
def test_what_is_no_day_is_refused(typed):
    with pytest.raises(ValueError, match=r".*"):
        parse_day(typed)


@given(WINDOWS, WINDOWS)
def test_a_window_covers_another_when_it_holds_each_of_its_ends(one, other):
    assert one.covers(other) == (one.start <= other.start and other.end <= one.end)
    assert TimeWindow(None, None).covers(one)
    assert not one.covers(TimeWindow(None, one.end))


def test_a_window_that_ends_before_it_begins_is_none():
    today = date(2027, 1, 1)

    with pytest.raises(ValueError, match="2027"):
        TimeWindow(today, today - timedelta(days=1))


def test_unlike_things_do_not_add_up():
    assert Money(Decimal(2)) + Money(Decimal(3)) == Money(Decimal(5))
    assert Quantity(Decimal(2), "T") + Quantity(Decimal("0.5"), "T") == Quantity(Decimal("2.5"), "T")
    with pytest.raises(ValueError, match="USD"):
        Money(Decimal(2)) + Money(Decimal(3), "USD")
    with pytest.raises(ValueError, match="PCS"):
        Quantity(Decimal(2), "T") + Quantity(Decimal(3), "PCS")


@pytest.mark.parametrize(
    ("outer", "inner", "covers"),
    [("510000", "510100", True), ("510100", "510104", True), ("510104", "510104", True), ("510100", "510600", False)],
)
def test_a_region_covers_those_that_share_its_digits(outer, inner, covers):
    assert RegionCode(outer).covers(RegionCode(inner)) == covers


@given(AMOUNTS)
def test_the_floor_of_a_band_is_the_largest_edge_not_above(amount):
    floor = band_floor(amount)

    assert floor <= amount
    assert not [edge for edge in BAND_EDGES if floor < edge <= amount]


@pytest.mark.parametrize("name", ["Ａｌｕｍｅｔａｌ  示例", "Alumetal\u200b 示例", "\u202eAlumetal 示例"])
def test_a_name_is_kept_in_its_plain_form(name):
    assert plain_name(name) == "Alumetal 示例"


@pytest.mark.parametrize("name", ["Аlumetal", "Alumetaℓ\u0301", "Αlumetal"])
def test_a_name_with_letters_that_pass_for_others_is_refused(name):
    with pytest.raises(ValueError, match=r".*"):
        plain_name(name)


def test_codes_are_compared_and_texts_kept_without_signs_that_nobody_sees():
    assert normalise_code(" ａb1\u200b2 ") == "AB12"
    assert normalise_text("a\r\nb\x00\u200bc \n") == "a\nbc"


@pytest.mark.parametrize(
    ("code", "zh", "en", "label"),
    [
        ("IATF16949", "汽车质量管理体系", "Automotive quality management (IATF 16949)", "IATF 16949 汽车质量管理体系"),
        ("ISO9001", "ISO9001质量管理体系", "Quality management (ISO 9001)", "ISO9001质量管理体系"),
        ("TS-WELDER", "焊工证", "Welder licence", "焊工证"),
    ],
)
def test_a_certificate_is_called_by_its_short_name_first(code, zh, en, label):
    assert certificate_label(code, zh, en) == label


@pytest.mark.parametrize(
    ("counts", "value"), [([], 0), ([0, 0], 0), ([3, 3, 3], 0), ([0, 0, 0, 4], 0.75), ([1, 3], 0.25)]
)
def test_gini_tells_how_unequally_a_sum_is_spread(counts, value):
    assert gini(counts) == pytest.approx(value)
