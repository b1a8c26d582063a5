"""The domain's CSV tables turned into fixture rows: one list of plain dicts a kind, rows named by natural keys."""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from reference.choices import Basis, Facet

Row = dict[str, object]
Cells = dict[str, str]

AUTHORED_FOLDER = "authored"
"""Below the fixtures' folder: tables written for this platform, which the domain's tables do not hold."""
OWN_SOURCE = "Chuanyu Match reference data, authored"
BATCHES_ANNOUNCED = {"1": "2021-01-08", "2": "2023-03-24"}
"""Days on which the two batches of parks were announced (joint announcements of both governments)."""
REGION_ENDINGS = ("City", "County", "District", "Municipality", "Province")
FACETS = {
    "product": Facet.PART.value,
    "process": Facet.PROCESS.value,
    "material": Facet.MATERIAL.value,
    "capability": Facet.TRADE.value,
}
"""Facets of the domain's terms by their kind."""
KEPT = re.compile(r"[^0-9a-z]")


class Tables:
    """The CSV files of a domain folder and of the folder of authored additions."""

    def __init__(self, domain: Path, authored: Path) -> None:
        self.domain = domain
        self.authored = authored

    def read(self, name: str) -> list[Cells]:
        """Rows of ``name``.csv in the domain folder. Raises OSError when it is not there."""
        return rows_of(self.domain / f"{name}.csv")

    def added(self, name: str) -> list[Cells]:
        """Rows of ``name``.csv among the additions; none when it is not there."""
        path = self.authored / f"{name}.csv"
        return rows_of(path) if path.exists() else []


def rows_of(path: Path) -> list[Cells]:
    """Rows of one CSV file in UTF-8, by header."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def parts(cell: str) -> list[str]:
    """Items of a cell joined with semicolons, in order and once each."""
    return list(dict.fromkeys(item.strip() for item in cell.split(";") if item.strip()))


def number(cell: str) -> int | None:
    """A whole number, or None for an empty cell."""
    return int(cell) if cell else None


def source_of(cells: Cells) -> Row:
    """Source and basis of a row; a row without a source is ours."""
    return {
        "source": cells.get("source") or OWN_SOURCE,
        "basis": Basis.SOURCED.value if cells.get("status") == "sourced" else Basis.AUTHORED.value,
    }


def names_of(cells: Cells) -> Row:
    """The pair of names."""
    return {"name_zh": cells["name_zh"], "name_en": cells["name_en"]}


def pinyin_columns(texts: Iterable[str]) -> Row:
    """Full pinyin and initials of each text, joined by blanks; letters and digits stay as they are."""
    full, initials = [], []
    for text in texts:
        full.append(KEPT.sub("", "".join(lazy_pinyin(text)).lower()))
        initials.append(KEPT.sub("", "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()))
    return {
        "pinyin_full": " ".join(dict.fromkeys(filter(None, full))),
        "pinyin_initials": " ".join(dict.fromkeys(filter(None, initials))),
    }


def short_names(cells: Cells) -> tuple[str, str]:
    """Names without the administrative ending; two-letter Chinese names keep it, for alone they say nothing."""
    name_zh, name_en = cells["name_zh"], cells["name_en"]
    if len(name_zh) <= 2:
        return name_zh, name_en
    head, _, ending = name_en.rpartition(" ")
    return name_zh[:-1], head if ending in REGION_ENDINGS else name_en


def region_rows(tables: Tables) -> list[Row]:
    """Regions by code, with short names and days of validity."""
    short = {cells["code"]: (cells["short_zh"], cells["short_en"]) for cells in tables.added("region_short_names")}
    found = []
    for cells in sorted(tables.read("regions"), key=lambda row: row["code"]):
        short_zh, short_en = short.get(cells["code"]) or short_names(cells)
        found.append(
            {
                "code": cells["code"],
                **names_of(cells),
                "short_zh": short_zh,
                "short_en": short_en,
                "level": cells["level"],
                "parent": cells["parent_code"] or None,
                "lat": float(cells["lat"]),
                "lon": float(cells["lon"]),
                "valid_from": cells["valid_from"] or None,
                "valid_to": cells["valid_to"] or None,
                "successor": cells["successor_code"] or None,
                "tile_row": number(cells["tile_row"]),
                "tile_col": number(cells["tile_col"]),
                "note": cells["note"],
                **source_of(cells),
            }
        )
    return found


def chain_rows(tables: Tables) -> list[Row]:
    """Chains in the order of the table."""
    return [
        {
            "code": cells["code"],
            "slug": cells["code"].lower(),
            **names_of(cells),
            "cluster": cells["cluster"],
            "kind": cells["kind"],
            "scope_zh": cells["scope_zh"],
            "scope_en": cells["scope_en"],
            "position": position,
            **source_of(cells),
        }
        for position, cells in enumerate(tables.read("chains"), 1)
    ]


def node_rows(tables: Tables) -> list[Row]:
    """Nodes in the order of the table, parents before children, with the columns that the picker searches."""
    more = {cells["node_code"]: cells for cells in tables.added("node_aliases")}
    found = []
    for position, cells in enumerate(tables.read("chain_nodes"), 1):
        extra = more.get(cells["code"], {})
        aliases_zh = parts(f"{cells['aliases_zh']};{extra.get('aliases_zh', '')}")
        found.append(
            {
                "code": cells["code"],
                "chain": cells["chain"],
                "parent": cells["parent_code"] or None,
                **names_of(cells),
                "stage": cells["stage"],
                "aliases_zh": aliases_zh,
                "aliases_en": parts(f"{cells['aliases_en']};{extra.get('aliases_en', '')}"),
                "gb4754_code": cells["gb4754_code"],
                "hs_hint": cells["hs_hint"],
                "is_leaf": cells["is_leaf"] == "yes",
                "position": position,
                **pinyin_columns([cells["name_zh"], *aliases_zh]),
                **source_of(cells),
            }
        )
    return found


def link_rows(tables: Tables) -> list[Row]:
    """Links by their two codes."""
    found = [
        {"supplier": cells["supplier_node"], "consumer": cells["consumer_node"], **source_of(cells)}
        for cells in tables.read("chain_links")
    ]
    return sorted(found, key=lambda row: (str(row["supplier"]), str(row["consumer"])))


def certification_rows(tables: Tables) -> list[Row]:
    """Certificates in the order of the table, by names of ours where the table's says too little to be told apart."""
    named = {cells["code"]: cells["name_en"] for cells in tables.added("certification_names")}
    return [
        {
            "code": cells["code"],
            "name_zh": cells["name_zh"],
            "name_en": named.get(cells["code"]) or cells["name_en"],
            "issuer": cells["issuer"],
            "kind": cells["kind"],
            "scope": parts(cells["scope"]),
            "validity_years": number(cells["validity_years"]),
            "validity_basis": cells["validity_status"] or Basis.AUTHORED.value,
            "note": cells["note"],
            "position": position,
            "source": cells["note"] if cells["scope_status"] == "sourced" and cells["note"] else OWN_SOURCE,
            "basis": cells["scope_status"],
        }
        for position, cells in enumerate(tables.read("certifications"), 1)
    ]


def unit_rows(tables: Tables) -> list[Row]:
    """Units in the order of the table, each with the nodes whose postings are usually counted in it."""
    scope: dict[str, list[str]] = defaultdict(list)
    for cells in tables.added("unit_scopes"):
        for unit in parts(cells["units"]):
            scope[unit].append(cells["node_code"])
    return [
        {
            "code": cells["code"],
            **names_of(cells),
            "dimension": cells["dimension"],
            "factor_to_base": cells["factor_to_base"],
            "base": cells["base_code"] if cells["base_code"] != cells["code"] else None,
            "aliases": parts(cells["aliases"]),
            "scope": scope[cells["code"]],
            "position": position,
            **source_of(cells),
        }
        for position, cells in enumerate(tables.read("units"), 1)
    ]


def glossary_rows(tables: Tables) -> list[Row]:
    """Terms by their Chinese form: those added, and those of the domain that are not among them."""
    added = {cells["term_zh"]: cells for cells in tables.added("glossary")}
    known = {
        cells["term_zh"]: {**cells, "facet": FACETS[cells["kind"]]}
        for cells in tables.read("glossary")
        if cells["term_zh"] not in added
    }
    found = [
        {
            "term_zh": term,
            "term_en": cells["term_en"],
            "aliases_zh": (aliases := parts(cells.get("aliases_zh", ""))),
            "aliases_en": parts(cells.get("aliases_en", "")),
            "facet": cells["facet"],
            "role": cells.get("role", ""),
            "chain": cells["node_code"].split(".")[0] or None,
            "node": cells["node_code"] or None,
            "variant_of": cells.get("variant_of") or None,
            **pinyin_columns([term, *aliases]),
            **source_of(cells),
        }
        for term, cells in sorted((added | known).items())
    ]
    check_terms(found, {cells["word"].casefold() for cells in tables.added("ambiguous_words")})
    return found


def check_terms(rows: Sequence[Row], ambiguous: Collection[str]) -> None:
    """Refuses (ValueError) words that two terms claim and nobody marked as ``ambiguous``."""
    claims: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for word in (row["term_zh"], row["term_en"], *texts_in(row, "aliases_zh"), *texts_in(row, "aliases_en")):
            claims[str(word).casefold()].add(str(row["term_zh"]))
    shared = [
        f"{word}: {', '.join(sorted(by))}" for word, by in claims.items() if len(by) > 1 and word not in ambiguous
    ]
    if shared:
        raise ValueError(f"words of two terms: {'; '.join(sorted(shared))}")


def texts_in(row: Row, column: str) -> list[str]:
    """A column of texts of a row."""
    found = row[column]
    return [str(text) for text in found] if isinstance(found, list) else []


def parameter_rows(tables: Tables) -> list[Row]:
    """Technical parameters; all of them are ours."""
    return [
        {
            "code": cells["code"],
            **names_of(cells),
            "comparison": cells["comparison"],
            "unit": cells["unit"] or None,
            "symbol": unicodedata.normalize("NFC", cells["symbol"]),
            "levels": parts(cells["levels"]),
            **{column: parts(cells.get(column) or "") for column in ("level_names_zh", "level_names_en")},
            "paper_kind": cells.get("paper_kind") or "",
            "scope": parts(cells["scope"]),
            "position": position,
            **source_of(cells),
        }
        for position, cells in enumerate(tables.added("parameters"), 1)
    ]


def recognition_rows(tables: Tables) -> list[Row]:
    """Papers of persons that count on both sides of the border, with the days and the source of the rule."""
    told = ("parameter", "valid_from", "note_zh", "note_en")
    rows = tables.added("recognitions")
    return [{name: row[name] for name in told} | {"valid_to": row["valid_to"] or None} | source_of(row) for row in rows]


def park_rows(tables: Tables) -> list[Row]:
    """Demonstration parks by slug, with the regions at licensing and those of today."""
    return [
        {
            "slug": cells["slug"],
            **names_of(cells),
            "batch": number(cells["batch"]),
            "listed_from": BATCHES_ANNOUNCED.get(cells["batch"]),
            "regions": parts(cells["region_codes_current"]),
            "regions_when_licensed": parts(cells["region_codes"]),
            "clusters": parts(cells["clusters"]),
            "clusters_status": cells["clusters_status"],
            "source": cells["source"],
            "source_status": cells["status"],
            "note": cells["note"],
        }
        for cells in sorted(tables.read("parks"), key=lambda row: row["slug"])
    ]


def park_partnership_rows(tables: Tables) -> list[Row]:
    """Who cooperates with whom, how, in which industries and since when; the statuses say what was read and what is to
    be confirmed.
    """
    ends = ("from_park", "to_park", "cooperation_type")
    industries = {
        tuple(cells[end] for end in ends): parts(cells["clusters"]) for cells in tables.added("park_pair_clusters")
    }
    keys = ("from_park", "to_park", "direction", "cooperation_type", "type_status", "pair_status")
    found: list[Row] = [
        {
            **{key: cells[key] for key in keys},
            "agreed_on": cells["date"] or None,
            "clusters": industries.get(tuple(cells[end] for end in ends), []),
            "source": cells["source"],
            "note": cells["note"],
        }
        for cells in tables.read("park_partnerships")
    ]
    return sorted(found, key=lambda row: (str(row["from_park"]), str(row["to_park"]), str(row["cooperation_type"])))


def quoted_fact_rows(tables: Tables) -> list[Row]:
    """The ledger of quoted facts: values as text, in both languages, each with its source."""
    texts = {cells["id"]: cells for cells in tables.added("fact_texts")}
    found = []
    for cells in tables.read("seed_facts"):
        chinese = texts.get(cells["id"], {})
        pairs: Row = {}
        for column in ("subject", "claim", "unit", "period", "note"):
            pairs[f"{column}_zh"] = cells.get(f"{column}_zh") or chinese.get(f"{column}_zh") or cells.get(column, "")
            pairs[f"{column}_en"] = cells.get(f"{column}_en") or cells.get(column, "")
        found.append({"code": cells["id"], **pairs, "value": cells["value"], "source": cells["source"]})
    return found


def with_further(note: object, further: str, between: str) -> str:
    """A note with another one behind it, where there is one."""
    return between.join(part for part in (str(note), further) if part)


def target_rows(tables: Tables) -> list[Row]:
    """Announced targets; value, unit, source and note are those of the quoted fact they rest on."""
    facts = {fact["code"]: fact for fact in quoted_fact_rows(tables)}
    taken = ("value", "unit_zh", "unit_en", "source")
    return [
        {
            **{key: cells[key] for key in ("code", "fact", "cluster", "claim_zh", "claim_en", "agreement")},
            "due_year": number(cells["due_year"]),
            **{key: facts[cells["fact"]][key] for key in taken},
            "note_zh": with_further(facts[cells["fact"]]["note_zh"], cells["further_note_zh"], "；"),
            "note_en": with_further(facts[cells["fact"]]["note_en"], cells["further_note_en"], "; "),
        }
        for cells in tables.added("targets")
    ]


KINDS: dict[str, Callable[[Tables], list[Row]]] = {
    "regions": region_rows,
    "chains": chain_rows,
    "nodes": node_rows,
    "links": link_rows,
    "certifications": certification_rows,
    "units": unit_rows,
    "glossary": glossary_rows,
    "parameters": parameter_rows,
    "recognitions": recognition_rows,
    "parks": park_rows,
    "park_partnerships": park_partnership_rows,
    "targets": target_rows,
    "quoted_facts": quoted_fact_rows,
}
"""File name of each fixture and what makes its rows, in the order in which they may be loaded."""


def reference_rows_from(domain: Path, *, authored: Path) -> dict[str, list[Row]]:
    """All fixture rows by kind, from the domain's tables and the authored additions. Raises OSError, KeyError."""
    tables = Tables(domain, authored)
    return {kind: make(tables) for kind, make in KINDS.items()}
