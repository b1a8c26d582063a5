"""Heads of a file beside the columns of a sheet: which is which, what is missing, what stands there twice."""

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.imports.columns import Column
from accounts.imports.reading import Sheetful
from accounts.imports.sheets import Exchange, Sheet
from accounts.models import User
from common.errors import Invalid
from reference.models import IndustryChain

NAMES = ["code", "name_zh", "source"]


class SampleSheet(Sheet):
    """Three columns that a file has, and one that is only written out."""

    code = Column("code", _("code"))
    name_zh = Column("name_zh", _("name in Chinese"))
    source = Column("source", _("source"))
    kind = Column("kind", _("kind"), is_for_reading=True)

    class Meta(Exchange):
        model = IndustryChain
        import_id_fields = ("code",)


def places(head):
    """The technical name of each place of a file with this head, and the heads that are not read."""
    columns, ignored = SampleSheet(actor=User()).assigned(Sheetful(head, []))
    return [column and column.column_name for column in columns], ignored


def told(head):
    with pytest.raises(Invalid) as problem, translation.override("en"):
        places(head)
    return str(problem.value.fields["file"])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_heads_are_known_by_their_technical_name_and_by_their_label_in_either_language(language):
    with translation.override(language):
        labels = SampleSheet(actor=User()).import_head()
    with translation.override("en" if language == "zh-hans" else "zh-hans"):
        for head in (NAMES, labels, [f" {name.upper()} " for name in NAMES]):
            assert places(head) == (NAMES, [])


def test_columns_stand_in_any_order_and_what_is_not_read_is_named_and_left_aside():
    assert places(["备注", "source", "name_zh", "code", "kind"]) == (
        [None, "source", "name_zh", "code", None],
        ["备注", "kind"],
    )


def test_missing_columns_are_all_named():
    assert told(["code", "kind"]) == "The file lacks these columns: name in Chinese, source"


def test_a_column_that_stands_there_twice_is_named():
    assert told([*NAMES, "name in Chinese"]) == "The file has this column twice: name in Chinese"
