"""What is read of a text: words, nodes and identifiers, in both languages."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaking.engine.text.lexical import impact_of, impacts_of
from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.reading import MOST_IDENTIFIERS, MOST_NODES, reading_of
from matchmaking.engine.text.taxonomy import concepts_for, kinship, kinship_for
from matchmaking.engine.text.words import shared_terms
from matchmaking.engine.types.rows import Node, Taxonomy
from tests.factories.matching import reference_taxonomy, small_taxonomy

SMALL, REAL = small_taxonomy(), reference_taxonomy()


def read(text, taxonomy=REAL):
    return reading_of(text, concepts_for(taxonomy))


def test_a_word_meets_its_translation_through_the_node_it_stands_for():
    assert "EQUIP.PROC.DIECAST" in read("高压压铸铝合金壳体").codes
    assert "EQUIP.PROC.DIECAST" in read("aluminium die casting for housings").codes


def test_a_latin_alias_stands_alone_and_may_be_plural_and_a_root_says_nothing():
    assert read("forged gear blanks, 40 kg", SMALL).codes == ("A.B.C",)
    assert read("gear blanketing", SMALL).codes == ()
    assert read("thing a, gear blan", SMALL).codes == ()


def test_two_character_words_full_width_and_codes_are_found():
    assert shared_terms("急需轴承", "各类轴承加工") == ["轴承"]
    assert shared_terms("轴承每月一批", "轴承，每月可供") == ["轴承"]
    assert shared_terms("bearings, 300 pieces per month", "bearing, pieces a month") == ["bearing"]
    assert not {"每月", "~每月", "month", "piece", "per"} & set(read("每月 300 pieces per month").terms)
    assert {"m200-7", "m200"} <= set(read("Ｍ２００－７").terms)
    assert normalised("ＡＢ　c") == "ab c"


def test_identifiers_hold_a_digit_and_are_written_one_way():
    assert read("HSK-A63 spindle, 70 兆帕, hsk a63, HSK-A63, M8").identifiers == ("hska63", "70mpa", "m8")


def test_counts_with_a_period_are_left_to_the_quantity():
    assert "20000" not in " ".join(read("gear wheels, 20,000 pcs per month").terms)


def test_an_endless_text_is_cut():
    assert read("ab cd " * 100_000).terms.total() < 3000
    crowded = " ".join(f"x{number}y7" for number in range(900))
    assert len(read(crowded).identifiers) == MOST_IDENTIFIERS
    wide = Taxonomy(nodes=tuple(Node(f"A.N{number}", "A", (f"word{number}x",)) for number in range(90)))
    assert len(read(" ".join(f"word{number}x" for number in range(90)), wide).codes) == MOST_NODES


def test_kinship_of_all_pairs_is_that_of_each():
    codes = list(REAL.node_index)[:150]
    table = kinship_for(REAL)[:150, :150]
    assert table.tolist() == [[kinship(one, other) for other in codes] for one in codes]


@given(st.integers(1, 50), st.integers(1, 400), st.integers(0, 400))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_saying_a_term_more_often_never_says_less_and_a_longer_text_never_more(count, length, mean):
    assert 1 <= impact_of(count, length, mean) <= impact_of(count + 1, length, mean) <= 255
    assert impact_of(count, length + 10, mean) <= impact_of(count, length, mean)
    assert impacts_of(np.array([count]), np.array([length]), mean).tolist() == [impact_of(count, length, mean)]


def test_an_ambiguous_word_means_what_the_rest_of_the_text_speaks_of():
    control, chip = "AUTO.POWERTRAIN.INVERTER", "EINFO.IC.MCU"
    assert {control, chip} <= set(read("MCU").codes)
    assert read("电驱MCU电机控制器，800V").codes == (control,)
    assert chip in read("32位单片机MCU芯片").codes
    assert control not in read("32位单片机MCU芯片").codes


def test_what_a_text_denies_it_does_not_name():
    assert "EQUIP.PROC.DIECAST" not in read("铝合金壳体，不做压铸").codes
    assert "EQUIP.PROC.DIECAST" not in read("aluminium housings without die casting").codes
    assert read("压铸").codes == ("EQUIP.PROC.DIECAST",)
