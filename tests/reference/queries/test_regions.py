"""Regions by day: codes that close, successors that take over, counts that still add up."""

from datetime import date

import pytest

from reference.queries.regions import (
    codes_on,
    counts_on,
    provinces,
    region_at,
    region_by_code,
    region_or_successor,
    regions_below,
    regions_in_use,
    successor_of,
    tiles,
)
from tests.factories.reference import RegionFactory

pytestmark = pytest.mark.django_db

BEFORE = date(2024, 6, 1)
LAST_DAY = date(2025, 11, 5)
CHANGE = date(2025, 11, 6)
TODAY = date(2026, 11, 24)
JIANGBEI, YUBEI, LIANGJIANG = "500105", "500112", "500157"


def codes(regions):
    return [region.code for region in regions]


@pytest.mark.parametrize(
    ("day", "expected"),
    [(BEFORE, {JIANGBEI, YUBEI}), (LAST_DAY, {JIANGBEI, YUBEI}), (CHANGE, {LIANGJIANG}), (TODAY, {LIANGJIANG})],
)
def test_regions_in_use_changes_on_the_day_of_the_change(day, expected):
    assert set(codes(regions_in_use(day))) & {JIANGBEI, YUBEI, LIANGJIANG} == expected


def test_today_there_are_two_provinces_37_units_of_chongqing_and_21_prefectures():
    in_use = list(regions_in_use(TODAY))

    assert codes(provinces(TODAY)) == ["500000", "510000"]
    assert len([region for region in in_use if region.province == "500000" and region.level != "province"]) == 37
    assert len([region for region in in_use if region.level == "prefecture"]) == 21


@pytest.mark.parametrize(
    ("code", "day", "expected"),
    [
        (YUBEI, BEFORE, YUBEI),
        (YUBEI, LAST_DAY, YUBEI),
        (YUBEI, CHANGE, LIANGJIANG),
        (JIANGBEI, TODAY, LIANGJIANG),
        (LIANGJIANG, TODAY, LIANGJIANG),
        (LIANGJIANG, BEFORE, None),
        ("999999", TODAY, None),
        ("", TODAY, None),
    ],
)
def test_region_at_gives_what_the_code_means_on_that_day(code, day, expected):
    region = region_at(code, day)

    assert (region.code if region else None) == expected


def test_a_closed_code_is_answered_with_the_successor_to_choose():
    answer = region_or_successor(YUBEI, TODAY)

    assert (answer.region, answer.successor.name_zh) == (None, "两江新区")


def test_a_code_in_use_is_answered_with_its_region():
    answer = region_or_successor("500153", TODAY)

    assert (answer.region.name_en, answer.successor) == ("Rongchang District", None)


def test_succession_is_followed_through_several_changes():
    last = RegionFactory(code="920103", valid_from=date(2027, 1, 1))
    middle = RegionFactory(code="920102", valid_from=CHANGE, valid_to=date(2027, 1, 1), successor=last)
    first = RegionFactory(code="920101", valid_to=CHANGE, successor=middle)

    assert successor_of(first, TODAY) == middle
    assert successor_of(first, date(2027, 1, 1)) == last
    assert region_at("920101", date(2027, 1, 1)) == last
    assert codes(regions_below(last)) == ["920101", "920102", "920103"]


def test_a_region_closed_without_a_successor_means_nothing_any_more():
    RegionFactory(code="920101", valid_to=CHANGE)

    assert (region_at("920101", LAST_DAY).code, region_at("920101", CHANGE)) == ("920101", None)


def test_regions_below_holds_the_counties_and_the_closed_districts():
    assert codes(regions_below(region_by_code(LIANGJIANG))) == [JIANGBEI, YUBEI, LIANGJIANG]
    assert "511083" in codes(regions_below(region_by_code("511000")))
    assert {code[:2] for code in codes(regions_below(region_by_code("510000")))} == {"51"}


def test_counts_add_up_before_and_after_the_change():
    counts = {JIANGBEI: 2, YUBEI: 3, "500153": 4, "511083": 1}

    before, after = counts_on(counts, BEFORE), counts_on(counts, TODAY)

    assert before == counts
    assert after == {LIANGJIANG: 5, "500153": 4, "511083": 1}
    assert sum(before.values()) == sum(after.values())


def test_counts_under_unknown_codes_are_kept():
    assert counts_on({"999999": 2}, TODAY) == {"999999": 2}


def test_codes_on_asks_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert codes_on(TODAY)[YUBEI] == LIANGJIANG


def test_every_tile_is_used_once_a_day():
    for day, count in ((BEFORE, 59), (TODAY, 58)):
        places = [(region.tile_row, region.tile_col) for region in tiles(day)]
        assert (len(places), len(set(places))) == (count, count)
