"""A market as a folder of plain numpy files and back, with everything needed to refuse a folder that is not whole.

``matching.services`` makes the folder, syncs it and renames it into place; nothing here touches a directory.
"""

import json
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.types.columns import Block, Ints, Market, Ragged, Vocabulary, read_only, stored, viewed
from matchmaking.engine.types.results import ENGINE_VERSION
from matchmaking.engine.types.rows import Taxonomy

FORMAT = 13
"""Changes whenever the files change their meaning; another format is not read."""
MANIFEST = "manifest"
SEPARATOR = "@"


class SnapshotUnusable(Exception):
    """The folder is missing, broken, of another format, engine, taxonomy or encoder; the message says which."""


class SnapshotDamaged(SnapshotUnusable):
    """Files are missing or not what was written: nobody can use this folder, whatever it runs."""


def write_snapshot(market: Market, folder: str, *, watermark: int, encoder: str) -> None:
    """Write a market without later changes into an existing empty ``folder``; the manifest is written last.

    ``encoder`` names what made the vectors, with its version; ``watermark`` is the number of the last change that the
    rows contain. Raises ValueError when changes were merged in.
    """
    if len(market.delta) or not market.alive.all():
        raise ValueError("only a freshly built market is written")
    arrays: dict[str, NDArray[Any]] = {
        "vocabulary@numbers": market.vocabulary.numbers,
        "vocabulary@weights": market.vocabulary.weights,
        "vocabulary@nodes": market.vocabulary.nodes,
        **{f"column@{name}": column for name, column in stored(market.base.columns).items()},
        **{f"table@{name}": table for name, table in market.base.tables.items()},
    }
    for name, ragged in market.base.lists.items():
        arrays[f"list@{name}"] = ragged.starts
        arrays |= {f"entry@{name}@{column}": values for column, values in ragged.columns.items()}
    for name, array in arrays.items():
        np.save(f"{folder}/{name}.npy", array, allow_pickle=False)
    manifest = {
        "format": FORMAT,
        "engine": ENGINE_VERSION,
        "taxonomy": market.taxonomy.fingerprint,
        "encoder": encoder,
        "watermark": watermark,
        "documents": market.vocabulary.documents,
        "mean_length": market.vocabulary.mean_length,
        "sums": {name: checksum(array) for name, array in arrays.items()},
    }
    text = json.dumps(manifest, sort_keys=True).encode()
    np.save(f"{folder}/{MANIFEST}.npy", np.frombuffer(text, dtype=np.uint8), allow_pickle=False)


def read_watermark(folder: str, taxonomy: Taxonomy, encoder: str) -> int:
    """Number of the last change in the snapshot, from its manifest alone. Raises SnapshotUnusable.

    Arrays are not looked at; a manifest of another format, engine, taxonomy or encoder is refused as by
    ``read_snapshot``.
    """
    try:
        return int(_manifest(folder, taxonomy, encoder)["watermark"])
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise SnapshotDamaged(str(error)) from error


def read_snapshot(folder: str, taxonomy: Taxonomy, closeness: Ints, *, encoder: str) -> tuple[Market, int]:
    """The market in ``folder``, its arrays mapped read-only, and its watermark. Raises SnapshotUnusable."""
    try:
        manifest = _manifest(folder, taxonomy, encoder)
        arrays = {name: _whole(folder, name, total) for name, total in manifest["sums"].items()}
        return _assembled(arrays, manifest, taxonomy, closeness), int(manifest["watermark"])
    except SnapshotUnusable:
        raise
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise SnapshotDamaged(str(error)) from error


def checksum(array: NDArray[Any]) -> int:
    """CRC-32 of an array's bytes, with its shape and kind."""
    head = zlib.crc32(f"{array.dtype.str}{array.shape}".encode())
    return zlib.crc32(np.ascontiguousarray(array).tobytes(), head)


def _manifest(folder: str, taxonomy: Taxonomy, encoder: str) -> dict[str, Any]:
    manifest = dict(json.loads(np.load(f"{folder}/{MANIFEST}.npy", allow_pickle=False).tobytes()))
    wanted = {"format": FORMAT, "engine": ENGINE_VERSION, "taxonomy": taxonomy.fingerprint, "encoder": encoder}
    for name, value in wanted.items():
        if manifest[name] != value:
            raise SnapshotUnusable(f"{name} is {manifest[name]}, not {value}")
    return manifest


def _whole(folder: str, name: str, total: int) -> NDArray[Any]:
    array = np.load(f"{folder}/{name}.npy", mmap_mode="r", allow_pickle=False)
    if checksum(array) != total:
        raise SnapshotDamaged(f"{name} is damaged")
    return read_only(np.asarray(array))


def _assembled(
    arrays: Mapping[str, NDArray[Any]], manifest: Mapping[str, int], taxonomy: Taxonomy, closeness: Ints
) -> Market:
    columns = {name.split(SEPARATOR)[1]: array for name, array in arrays.items() if name.startswith("column@")}
    lists = {}
    for name, starts in arrays.items():
        if name.startswith("list@"):
            label = name.split(SEPARATOR)[1]
            head = f"entry@{label}@"
            entries = {other.removeprefix(head): values for other, values in arrays.items() if other.startswith(head)}
            lists[label] = Ragged(starts, entries)
    tables = {name.split(SEPARATOR)[1]: array for name, array in arrays.items() if name.startswith("table@")}
    base = Block(viewed(columns), lists, tables)
    vocabulary = Vocabulary(
        arrays["vocabulary@numbers"],
        arrays["vocabulary@weights"],
        arrays["vocabulary@nodes"],
        manifest["documents"],
        manifest["mean_length"],
    )
    return Market(taxonomy, closeness, vocabulary, base, np.ones(len(base), dtype=np.bool_), nobody(base))


def nobody(base: Block) -> Block:
    """A block without rows, of the same columns and lists as ``base``; its tables say nothing."""
    return Block(
        viewed({name: column[:0] for name, column in stored(base.columns).items()}),
        {
            name: Ragged(
                read_only(np.zeros(1, dtype=np.int64)), {column: rows[:0] for column, rows in ragged.columns.items()}
            )
            for name, ragged in base.lists.items()
        },
        base.tables,
    )
