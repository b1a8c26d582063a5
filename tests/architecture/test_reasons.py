"""Every reason code is complete, used, and told in both languages with the same facts."""

import re
from pathlib import Path
from string import Formatter

import pytest

from common.reason_texts import TEXTS, text_of
from common.reasons import DROPPING, Reason, reasons_of

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"fit", "gap", "hint", "end", "flag", "refusal"}
LISTED = ROOT / "docs" / "reason-codes.txt"


def placeholders(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name}


def sources(*folders: str) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8")
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if path.parent != ROOT / "common" or not path.name.startswith("reason")
    )


OURS = sources("config", "matchmaking", "accounts", "reference", "web", "api", "common")
CODE = rf"(?:{'|'.join(sorted(KINDS))})\.[a-z_]+(?:\.[a-z_]+)*"
GROUPS = re.findall(r'reasons_of\(\s*f?"([a-z_.{}]+)"', OURS)


def is_raised(reason: Reason) -> bool:
    """Named one by one, or offered as a member of a group that somebody chooses from."""
    by_group = any(reason.value.startswith(f"{group.split('{')[0].rstrip('.')}.") for group in GROUPS)
    return by_group or f"Reason.{reason.name}" in OURS or f'"{reason.value}"' in OURS


@pytest.mark.parametrize("reason", Reason)
def test_a_code_has_a_kind_and_both_texts(reason):
    assert reason.kind in KINDS
    assert TEXTS[reason].zh.strip()
    assert TEXTS[reason].en.strip()
    assert placeholders(TEXTS[reason].zh) == placeholders(TEXTS[reason].en)


@pytest.mark.parametrize("reason", Reason)
def test_an_english_text_holds_no_chinese(reason):
    text = TEXTS[reason].en.replace("\u4e07", "")  # the sample "0.8万" shows how numbers may be typed
    assert not re.search(r"[\u3400-\u9fff]", text)


@pytest.mark.parametrize("reason", Reason)
def test_a_code_is_raised_somewhere(reason):
    assert is_raised(reason), f"{reason.value} is in the register but nobody uses it"


def unregistered(codes: set[str]) -> set[str]:
    """Those that are neither a code nor the beginning of some."""
    groups = {group for group in codes if any(reason.value.startswith(f"{group}.") for reason in Reason)}
    return codes - groups - {reason.value for reason in Reason}


def texts_of(folder: str) -> str:
    """All that is written in the files of a folder, whatever their kind."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / folder).rglob("*")) if path.is_file())


def test_every_code_in_the_sources_is_registered():
    assert unregistered(set(re.findall(rf'"({CODE})"', OURS))) == set()


def test_every_code_in_a_template_is_registered():
    """Between quotation marks; what stands bare in a template is a variable."""
    assert unregistered({found[1] for found in re.findall(rf"""(["'])({CODE})\1""", texts_of("templates"))}) == set()


def test_every_code_in_sample_and_reference_rows_is_registered():
    named = set(re.findall(rf"(?<![\w.])({CODE})(?![\w.])", texts_of("fixtures")))
    assert unregistered(named) == set()
    assert {"refusal.wrong_state", "fit.node.exact"} <= named


def test_a_code_never_vanishes():
    listed = set(LISTED.read_text(encoding="utf-8").split())
    assert listed == {reason.value for reason in Reason}


def test_each_gap_that_refuses_has_a_side_that_can_change_it():
    assert {reason for reason in DROPPING if TEXTS[reason].changed_by == "-"} == set()


def test_reasons_of_gives_a_group_in_register_order():
    assert [reason.value for reason in reasons_of("end.need")] == [
        "end.need.filled_here",
        "end.need.filled_elsewhere",
        "end.need.none_suitable",
        "end.need.withdrawn",
    ]


def test_a_missing_fact_prints_a_dash():
    assert text_of(Reason.HINT_RADIUS_WIDEN, "en") == "widen the radius to \u2014 km"
    assert text_of(Reason.HINT_RADIUS_WIDEN, "zh-hans", {"km": 80}) == "范围放宽到 80 公里"
