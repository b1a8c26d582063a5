"""Heads of a file beside the columns of a sheet: which is which, what is missing, what stands there twice."""

import pytest
from django.utils import translation

from accounts.imports.reading import Sheetful
from accounts.imports.words import TermSheet
from accounts.models import User
from common.errors import Invalid

NAMES = ["term_zh", "term_en", "kind", "chain", "node", "source"]


def places(head):
    """The technical name of each place of a file with this head, and the heads that are not read."""
    columns, ignored = TermSheet(actor=User()).assigned(Sheetful(head, []))
    return [column and column.column_name for column in columns], ignored


def told(head):
    with pytest.raises(Invalid) as problem, translation.override("en"):
        places(head)
    return str(problem.value.fields["file"])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_heads_are_known_by_their_technical_name_and_by_their_label_in_either_language(language):
    with translation.override(language):
        labels = TermSheet(actor=User()).import_head()
    with translation.override("en" if language == "zh-hans" else "zh-hans"):
        for head in (NAMES, labels, [f" {name.upper()} " for name in NAMES]):
            assert places(head) == (NAMES, [])


def test_columns_stand_in_any_order_and_unknown_ones_are_named_and_left_aside():
    head = ["备注", *reversed(NAMES)]

    assert places(head) == ([None, *reversed(NAMES)], ["备注"])


def test_missing_columns_are_all_named():
    assert told(["term_zh", "kind", "chain", "node"]) == "The file lacks these columns: term in English, source"


def test_a_column_that_stands_there_twice_is_named():
    assert told([*NAMES, "term in Chinese"]) == "The file has this column twice: term in Chinese"
