"""A snapshot gives back the market it was made of, or says that it cannot."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from matchmaking.engine.constraints import masked
from matchmaking.engine.encoding import encoder_named
from matchmaking.engine.market import generated_rows
from matchmaking.engine.ranking import rank
from matchmaking.engine.scoring.building import build_market, closeness_for, rows_of, with_changes
from matchmaking.engine.snapshot import MANIFEST, SnapshotUnusable, read_snapshot, write_snapshot
from matchmaking.engine.text.meaning import encoded
from matchmaking.engine.types.rows import Taxonomy, packed, unpacked
from tests.factories.matching import TODAY, capacity_row, need_row, small_taxonomy
from tests.matchmaking.engine.strategies import rows

TAXONOMY = small_taxonomy()
ENCODER = "hashing 1"
PLAIN = generated_rows(TAXONOMY, needs=30, capacities=60, seed=5, today=TODAY)
ROWS = [
    replace(row, vector=vector)
    for row, vector in zip(PLAIN, encoded([row.text for row in PLAIN], encoder_named("hashing"), TAXONOMY), strict=True)
]


@pytest.fixture
def folder(tmp_path):
    write_snapshot(build_market(ROWS, TAXONOMY), str(tmp_path), watermark=41, encoder=ENCODER)
    return tmp_path


def test_a_snapshot_ranks_like_the_market_it_was_made_of(folder):
    market, watermark = read_snapshot(str(folder), TAXONOMY, closeness_for(TAXONOMY), encoder=ENCODER)
    fresh = build_market(ROWS, TAXONOMY)
    assert watermark == 41
    for asker in ROWS[:40]:
        assert rank(asker, market, today=TODAY) == rank(asker, fresh, today=TODAY)


def test_changes_go_on_top_of_a_snapshot(folder):
    market, _ = read_snapshot(str(folder), TAXONOMY, closeness_for(TAXONOMY), encoder=ENCODER)
    later = with_changes(market, rows=[capacity_row(enterprise=9_999_999)], gone=[ROWS[0].key])
    found = rank(need_row(enterprise=9_999_998), later, today=TODAY, limit=500).matches
    assert "CAPA000001" in [match.key for match in found]
    assert len(later) == len(ROWS)


def test_a_changed_market_is_not_written(tmp_path):
    changed = with_changes(build_market(ROWS, TAXONOMY), rows=[capacity_row()])
    with pytest.raises(ValueError, match="freshly built"):
        write_snapshot(changed, str(tmp_path), watermark=1, encoder=ENCODER)


@pytest.mark.parametrize("name", [f"{MANIFEST}.npy", "column@key.npy", "entry@terms@place.npy"])
def test_a_missing_or_damaged_file_is_noticed(folder, name):
    content = (folder / name).read_bytes()
    for damage in (content[:-1] + bytes([content[-1] ^ 1]), content[:20], b""):
        (folder / name).write_bytes(damage)
        with pytest.raises(SnapshotUnusable):
            read_snapshot(str(folder), TAXONOMY, closeness_for(TAXONOMY), encoder=ENCODER)
    (folder / name).unlink()
    with pytest.raises(SnapshotUnusable):
        read_snapshot(str(folder), TAXONOMY, closeness_for(TAXONOMY), encoder=ENCODER)


def test_a_snapshot_of_another_taxonomy_is_not_read(folder):
    other = Taxonomy(nodes=TAXONOMY.nodes[1:], regions=TAXONOMY.regions)
    with pytest.raises(SnapshotUnusable, match="taxonomy"):
        read_snapshot(str(folder), other, closeness_for(other), encoder=ENCODER)


def test_a_snapshot_of_another_encoder_is_not_read(folder):
    with pytest.raises(SnapshotUnusable, match="encoder"):
        read_snapshot(str(folder), TAXONOMY, closeness_for(TAXONOMY), encoder="hashing 2")


def test_arrays_of_a_snapshot_are_closed_for_writing(folder):
    market, _ = read_snapshot(str(folder), TAXONOMY, closeness_for(TAXONOMY), encoder=ENCODER)
    assert not any(np.asarray(column).flags.writeable for column in market.base.columns.values())


@given(rows(1))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_a_packed_row_comes_back_as_it_was(row):
    assert unpacked(packed(row)) == replace(row, vector=b"")


def test_rows_come_from_the_snapshot_without_their_hidden_amounts(folder):
    market, _ = read_snapshot(str(folder), TAXONOMY, closeness_for(TAXONOMY), encoder=ENCODER)
    later = with_changes(market, rows=[capacity_row(booked=10_000)], gone=[ROWS[0].key])
    keys = [ROWS[1].key, ROWS[50].key, ROWS[0].key, "CAPA000001", "NOBODY0001"]
    found = rows_of(later, keys)
    assert found == {row.key: masked(row) for row in (ROWS[1], ROWS[50], capacity_row(booked=10_000))}
