"""The blend of the four channels, its forms, and the bounds that let rows go unread."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaking.engine.kernels.texts import blend
from matchmaking.engine.text.blending import blended, blended_columns
from matchmaking.engine.types.results import MEANING, SILENT, WEIGHTS

CHANNEL = st.one_of(st.just(SILENT), st.integers(0, 10_000))
CHANNELS = st.tuples(CHANNEL, CHANNEL, CHANNEL, CHANNEL)
SHARES = st.one_of(st.just(WEIGHTS.channels), st.tuples(*[st.tuples(*[st.integers(0, 100)] * 4)] * 4))
FITS = st.integers(40, 100)
EXAMPLES = settings(max_examples=400, deadline=None, derandomize=True)


@pytest.mark.parametrize(
    ("channels", "factor"),
    [
        ((2_000, 6_000, 10_000, 0), (45 * 2_000 + 60 * 6_000 + 15 * 10_000) // 140),
        ((2_000, 6_000, SILENT, SILENT), (45 * 2_000 + 60 * 6_000) // 105),
        ((2_500, SILENT, SILENT, SILENT), 5_000),
        ((SILENT, SILENT, SILENT, SILENT), 0),
    ],
)
def test_a_silent_channel_leaves_its_share_to_the_others(channels, factor):
    assert blended(channels, WEIGHTS.channels) == factor


def test_words_count_less_between_two_languages():
    pair = (0, 6_000, SILENT, SILENT)
    assert blended(pair, WEIGHTS.channels) < blended(pair, WEIGHTS.channels, across=True)


@given(st.lists(st.tuples(CHANNELS, st.booleans(), FITS), min_size=1, max_size=20), SHARES)
@EXAMPLES
def test_columns_and_the_compiled_form_blend_as_the_definition_does(told, shares):
    wanted = [blended(channels, shares, across, fit) for channels, across, fit in told]
    flat = np.array([share for some in shares for share in some], dtype=np.int64)
    columns, crossing, fits = (np.array(column, dtype=np.int64) for column in zip(*told, strict=True))
    assert blended_columns(columns, shares, crossing, fits).tolist() == wanted
    assert [blend.py_func(*channels, flat, int(across)) * fit // 100 for channels, across, fit in told] == wanted
    assert all(0 <= factor <= 10_000 for factor in wanted)


@given(CHANNELS, SHARES, st.booleans(), st.sets(st.sampled_from([0, 2, 3])))
@EXAMPLES
def test_channels_not_read_yet_in_full_are_an_upper_bound(channels, shares, across, unread):
    bound = tuple(10_000 if place in unread else told for place, told in enumerate(channels))
    assert MEANING not in unread
    assert blended(bound, shares, across) >= blended(channels, shares, across)
