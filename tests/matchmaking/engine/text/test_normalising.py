"""One way to write what people write in many: width, script, numbers, units, ranges, signs."""

import pytest

from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.words import identifiers_of, told_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＨＳＫ－Ａ６３　主轴", "HSK-A63 主轴"),
        ("壓鑄鋁合金殼體", "压铸铝合金壳体"),
        ("70 兆帕", "70MPa"),
        ("700 bar", "70MPa"),
        ("70 MPa", "70MPa"),
        ("121 ℃", "121°C"),
        ("121摄氏度", "121 °C"),
        ("Φ120", "φ120"),
        ("Ø120 mm", "φ120"),
        ("⌀ 120mm", "直径120"),
        ("dia. 120", "φ120mm"),
        ("M8×30", "M8x30"),
        ("40 * 40 mm", "40X40mm"),
        ("12,000 rpm", "12000rpm"),
        ("1.2万转", "12000 r/min"),
        ("两万件", "2万件"),
        ("三百二十台", "320台"),
        ("一亿两千万只", "12000万只"),
        ("十二套", "12 套"),
        ("20k pcs", "20,000 pcs"),
        ("40–100 W", "40W 100W"),
        ("35～70MPa", "35至70 兆帕"),
        ("7 kW", "7千瓦"),
    ],
)
def test_two_ways_to_write_one_thing_are_one(one, other):
    assert normalised(one).replace(" ", "") == normalised(other).replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        "五轴加工中心",
        "三合一电驱",
        "万家灯火",
        "三相异步电机",
        "一级",
        "m200-7",
        "205/55r16",
        "90/90-18",
        "104-45",
        "x-ray",
    ],
)
def test_names_with_numerals_and_codes_stay_as_they_are(text):
    assert normalised(text) == text


@pytest.mark.parametrize("text", ["两万件", "三百台/月", "月产2万件", "每月三千套", "20,000 pcs per month"])
def test_counts_however_written_are_left_to_the_quantity(text):
    assert not any(character.isdigit() for character in told_of(normalised(text)))


def test_both_ends_of_a_range_are_specifications():
    assert set(identifiers_of(told_of(normalised("LED driver 40–100 W")))) == {"40w", "100w"}


def test_the_end_of_the_longest_description_is_read():
    title, text = "示" * 120, "例" * 7_998 + "轴承"
    assert normalised(f"{title} {text}").endswith("轴承")
