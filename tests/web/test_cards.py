"""Cards of counterparts: kept HTML holds what one card shows, and nobody's token."""

from dataclasses import replace

from django.template import Context

from web.templatetags.cards import FIT, ShownCard, Words, card_html, drawn_cards
from web.templatetags.layout import CSRF

CARD = ShownCard(
    number="AAAAAAAAAA",
    name="示例甲厂",
    is_verified=True,
    is_sample=True,
    address="/capacities/AAAAAAAAAA/",
    title="<b>Castings</b>",
    place="",
    quantity="100",
    left="",
    accepts_ahead=False,
    busy="",
    first="",
    points="80.0",
    rounded="80",
    ring="",
    is_strong=True,
    grade="",
    words=Words(reasons="", gaps="", breakdown="", changes=""),
    papers=(),
    more_from_firm=0,
    stage="",
    is_underway=False,
    may_act=True,
    asker="BBBBBBBBBB",
    is_open=False,
)


def test_each_reader_gets_their_own_token_in_a_kept_card():
    first, second = (drawn_cards(Context({"csrf_token": token}), FIT, [CARD]) for token in ("one-token", "two-token"))
    assert "one-token" in first
    assert "two-token" in second
    assert "one-token" not in second
    assert CSRF not in first + second


def test_a_reader_without_the_right_to_act_gets_no_forms_from_a_kept_card():
    assert "<form" in card_html(FIT, CARD, "zh-hans", "/")
    assert "<form" not in card_html(FIT, replace(CARD, may_act=False), "zh-hans", "/")


def test_a_band_and_an_exact_quantity_are_kept_apart():
    assert "100" in card_html(FIT, CARD, "zh-hans", "/")
    assert "30+" in card_html(FIT, replace(CARD, quantity="30+"), "zh-hans", "/")


def test_what_a_firm_wrote_is_escaped():
    assert "<b>Castings" not in card_html(FIT, CARD, "zh-hans", "/")
