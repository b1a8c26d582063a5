"""What counts as a fault of the catalogue, how messages are found, and that the compiled form is the one read."""

import gettext
import os

import polib
import pytest

from config.translations.catalogue import catalogue_faults, catalogue_path, compile_catalogue
from config.translations.collection import messages_in, messages_in_sources, update_catalogue


def entry(msgid, msgstr="", **others):
    """One message."""
    return polib.POEntry(msgid=msgid, msgstr=msgstr, **others)


@pytest.fixture
def project(tmp_path):
    """A small project with one Python file and one template."""
    (tmp_path / "web").mkdir()
    (tmp_path / "templates" / "postings").mkdir(parents=True)
    (tmp_path / "web" / "views.py").write_text(
        'from django.utils.translation import gettext as _, ngettext, pgettext\n_("Save")\n_(name)\n'
        'ngettext("%(n)s need", "%(n)s needs", n)\npgettext("month", "May")\n',
        encoding="utf-8",
    )
    (tmp_path / "templates" / "postings" / "list.html").write_text(
        '{% load i18n %}{% translate "Needs" %}{% translate "Save" %}'
        "{% blocktranslate with town=x trimmed %}\n  In {{ town }},\n  100% sure\n{% endblocktranslate %}",
        encoding="utf-8",
    )
    return tmp_path


def test_messages_are_found_in_python_files_and_templates(project):
    found = {(item.msgctxt, item.msgid, item.msgid_plural) for item in messages_in_sources(project)}

    assert found == {
        (None, "Save", ""),
        (None, "%(n)s need", "%(n)s needs"),
        ("month", "May", ""),
        (None, "Needs", ""),
        (None, "In %(town)s, 100%% sure", ""),
    }


def test_message_knows_each_file_it_stands_in(project):
    save = next(item for item in messages_in_sources(project) if item.msgid == "Save")

    assert save.occurrences == [("web/views.py", ""), ("templates/postings/list.html", "")]


def test_call_on_a_variable_holds_no_message():
    assert list(messages_in("_(name)\ngettext(f'{name}')\n")) == []


def test_update_adds_new_messages_keeps_translations_and_drops_unused(project):
    path = catalogue_path(project)
    assert update_catalogue(project) == (5, 5, 0)
    catalogue = polib.pofile(str(path))
    catalogue.find("Save").msgstr = "保存"
    catalogue.append(entry("Gone", "没了"))
    catalogue.save()

    assert update_catalogue(project) == (5, 0, 1)

    again = polib.pofile(str(path))
    assert again.find("Save").msgstr == "保存"
    assert again.find("Gone") is None
    assert [item.msgid for item in again] == sorted(item.msgid for item in again)


def test_update_of_a_current_catalogue_changes_no_byte(project):
    update_catalogue(project)
    before = catalogue_path(project).read_bytes()

    update_catalogue(project)

    assert catalogue_path(project).read_bytes() == before


@pytest.mark.parametrize(
    ("held", "fault"),
    [
        ([], "missing: 'Save %(name)s' (web/views.py)"),
        ([entry("Save %(name)s")], "empty: 'Save %(name)s' (web/views.py)"),
        ([entry("Save %(name)s", "  ")], "empty: 'Save %(name)s' (web/views.py)"),
        ([entry("Save %(name)s", "保存 %(name)s", flags=["fuzzy"])], "fuzzy: 'Save %(name)s'"),
        ([entry("Save %(name)s", "保存")], "placeholders differ: 'Save %(name)s'"),
        ([entry("Save %(name)s", "保存 %(nmae)s")], "placeholders differ: 'Save %(name)s'"),
        ([entry("Save %(name)s", "保存 %(name)s"), entry("Old", "旧")], "unused: 'Old'"),
        ([entry("Save %(name)s", "保存 %(name)s")] * 2, "double: 'Save %(name)s'"),
        ([entry("Save %(name)s", "保存 %(name)s"), entry("Old", "旧", obsolete=True)], "obsolete: 'Old'"),
    ],
)
def test_catalogue_fault_is_named(held, fault):
    wanted = [entry("Save %(name)s", occurrences=[("web/views.py", "")])]

    assert list(catalogue_faults(held, wanted)) == [fault]


def test_complete_catalogue_has_no_fault():
    plural = {"msgid": "%(n)s need", "msgid_plural": "%(n)s needs"}
    held = [
        entry("100%% of {total}", "{total} 的 100%%"),
        polib.POEntry(**plural, msgstr_plural={0: "%(n)s 个需求"}),
        entry("May", "五月", msgctxt="month"),
        entry("May", "可以", msgctxt="right"),
    ]
    wanted = [
        entry("100%% of {total}"),
        polib.POEntry(**plural, msgstr_plural={0: ""}),
        entry("May", msgctxt="month"),
        entry("May", msgctxt="right"),
    ]

    assert list(catalogue_faults(held, wanted)) == []


def test_plural_without_chinese_is_a_fault():
    plural = {"msgid": "%(n)s need", "msgid_plural": "%(n)s needs"}
    held = [polib.POEntry(**plural, msgstr_plural={0: ""})]

    assert list(catalogue_faults(held, held)) == ["empty: '%(n)s need' ()"]


def test_compile_writes_what_gettext_reads_and_only_when_needed(project):
    update_catalogue(project)
    path = catalogue_path(project)
    catalogue = polib.pofile(str(path))
    catalogue.find("Save").msgstr = "保存"
    catalogue.save()

    assert compile_catalogue(project)
    assert not compile_catalogue(project)

    with path.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Save") == "保存"
    newer = path.with_suffix(".mo").stat().st_mtime + 5
    os.utime(path, (newer, newer))
    assert compile_catalogue(project)


def test_compile_of_an_absent_catalogue_does_nothing(tmp_path):
    assert not compile_catalogue(tmp_path)


def test_a_placeholder_may_touch_a_chinese_letter():
    wanted = [entry("Most in %(place)s", occurrences=[("web/views.py", "")])]

    assert list(catalogue_faults([entry("Most in %(place)s", "%(place)s最多")], wanted)) == []
