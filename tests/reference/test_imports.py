"""CSV tables become fixture rows: named like the columns, in a fixed order, with pinyin and sources."""

import pytest

from reference.imports import KINDS, OWN_SOURCE, pinyin_columns, reference_rows_from


def test_every_kind_gets_its_rows(domain, authored):
    made = reference_rows_from(domain, authored=authored)

    assert {kind: len(rows) for kind, rows in made.items()} == {
        "regions": 5,
        "chains": 1,
        "nodes": 2,
        "links": 1,
        "certifications": 2,
        "units": 2,
        "glossary": 2,
        "parameters": 1,
        "recognitions": 0,
        "parks": 2,
        "park_partnerships": 1,
        "targets": 1,
        "quoted_facts": 1,
    }
    assert list(made) == list(KINDS)


def test_regions_come_by_code_with_short_names_and_half_open_validity(domain, authored):
    rows = reference_rows_from(domain, authored=authored)["regions"]

    assert [(row["code"], row["short_zh"], row["short_en"], row["valid_from"], row["valid_to"]) for row in rows] == [
        ("500000", "重庆", "Chongqing", None, None),
        ("500105", "江北", "Jiangbei", None, "2025-11-06"),
        ("500157", "两江新区", "Liangjiang", "2025-11-06", None),
        ("510000", "四川", "Sichuan", None, None),
        ("510321", "荣县", "Rong County", None, None),
    ]
    assert (rows[1]["successor"], rows[1]["parent"], rows[1]["source"], rows[1]["basis"]) == (
        "500157",
        "500000",
        "News",
        "sourced",
    )


def test_nodes_get_the_added_aliases_once_each_and_their_pinyin(domain, authored):
    node = reference_rows_from(domain, authored=authored)["nodes"][1]

    assert (node["aliases_zh"], node["aliases_en"]) == (["压铸", "铝压铸", "电机壳"], ["die casting", "motor housing"])
    assert (node["pinyin_full"], node["pinyin_initials"]) == ("yazhujiagong yazhu lvyazhu dianjike", "yzjg yz lyz djk")
    assert node["source"] == OWN_SOURCE


def test_units_know_their_base_and_the_nodes_they_are_usual_for(domain, authored):
    rows = reference_rows_from(domain, authored=authored)["units"]

    assert [(row["code"], row["base"], row["scope"]) for row in rows] == [
        ("KG", None, ["EQUIP"]),
        ("T", "KG", ["EQUIP", "EQUIP.DIECAST"]),
    ]


def test_a_certificate_with_a_sourced_scope_names_that_source(domain, authored):
    rows = reference_rows_from(domain, authored=authored)["certifications"]

    assert [(row["source"], row["basis"], row["validity_years"], row["scope"]) for row in rows] == [
        (OWN_SOURCE, "authored", 3, ["*"]),
        ("Rules of 2022", "sourced", None, ["EQUIP", "EQUIP.DIECAST"]),
    ]


def test_parks_keep_their_regions_of_then_and_now(domain, authored):
    rows = reference_rows_from(domain, authored=authored)["parks"]

    assert [(row["slug"], row["listed_from"], row["regions_when_licensed"], row["regions"]) for row in rows] == [
        ("rong", "2023-03-24", ["510321"], ["510321"]),
        ("yufu", "2021-01-08", ["500105"], ["500157"]),
    ]


def test_targets_take_value_and_source_from_their_fact(domain, authored):
    row = reference_rows_from(domain, authored=authored)["targets"][0]

    assert (row["value"], row["unit_zh"], row["unit_en"], row["source"], row["due_year"]) == (
        "2",
        "个",
        "parks",
        "Article",
        2025,
    )
    assert row["agreement"] == "sample-2021"
    assert (row["note_zh"].endswith("另有说法"), row["note_en"].endswith("Told otherwise too")) == (True, True)


def test_an_added_term_takes_the_place_of_the_domains_and_its_aliases_are_spelled(domain, authored):
    (authored / "glossary.csv").write_text(
        "term_zh,term_en,facet,role,node_code,variant_of,aliases_zh,aliases_en\n"
        "压铸,die casting,process,,EQUIP.DIECAST,,铝压铸,HPDC;diecasting\n"
        "真空压铸,vacuum die casting,process,,EQUIP.DIECAST,压铸,,\n",
        encoding="utf-8",
    )

    rows = {row["term_zh"]: row for row in reference_rows_from(domain, authored=authored)["glossary"]}

    assert [rows["压铸"][name] for name in ("aliases_zh", "aliases_en", "pinyin_initials", "chain")] == [
        ["铝压铸"],
        ["HPDC", "diecasting"],
        "yz lyz",
        "EQUIP",
    ]
    assert (rows["真空压铸"]["variant_of"], rows["良率"]["facet"], rows["良率"]["chain"]) == ("压铸", "trade", None)


def test_a_word_of_two_terms_is_refused_until_it_is_marked(domain, authored):
    head = "term_zh,term_en,facet,role,node_code,variant_of,aliases_zh,aliases_en\n"
    terms = "甲控制,one control,part,,EQUIP.DIECAST,,,MCU\n乙控制,other control,part,,EQUIP.DIECAST,,,mcu\n"
    (authored / "glossary.csv").write_text(head + terms, encoding="utf-8")

    with pytest.raises(ValueError, match="mcu: 乙控制, 甲控制"):
        reference_rows_from(domain, authored=authored)

    (authored / "ambiguous_words.csv").write_text("word,why\nMCU,two controls\n", encoding="utf-8")
    assert len(reference_rows_from(domain, authored=authored)["glossary"]) == 4


def test_additions_may_be_absent(domain, tmp_path):
    made = reference_rows_from(domain, authored=tmp_path / "none")

    assert (made["parameters"], made["targets"], made["units"][0]["scope"]) == ([], [], [])


@pytest.mark.parametrize(
    ("texts", "full", "initials"),
    [
        (["压铸", "轴承"], "yazhu zhoucheng", "yz zc"),
        (["减震器"], "jianzhenqi", "jzq"),
        (["MCU芯片"], "mcuxinpian", "mcuxp"),
        (["锂盐(碳酸锂/氢氧化锂)"], "liyantansuanliqingyanghuali", "lytslqyhl"),
        (["重庆", "重卡"], "chongqing zhongka", "cq zk"),
        ([], "", ""),
    ],
)
def test_chinese_is_spelled_in_full_and_by_initials(texts, full, initials):
    assert pinyin_columns(texts) == {"pinyin_full": full, "pinyin_initials": initials}
