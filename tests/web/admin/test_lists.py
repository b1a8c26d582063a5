"""Every list of the administration: filtered, searched, named in both languages, and as cheap with many rows as few."""

import pytest
from django.contrib import admin
from django.contrib.admin import site
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise

from accounts.admin.base import WithHistory
from accounts.admin.lists import CappedPaginator, LongList
from accounts.models import Change, Enterprise
from matchmaking.insights.services.facts import load_facts
from matchmaking.matching.models import Suggestion
from matchmaking.postings.models import Posting
from tests.factories.accounts import EnterpriseFactory, ReviewFactory, UserFactory
from tests.factories.postings import PostingFactory
from tests.web.admin.making import MADE, list_of

pytestmark = pytest.mark.django_db
MODELS = sorted(site._registry, key=lambda model: model._meta.label)
LONG = [model for model in MODELS if isinstance(site._registry[model], LongList)]
MOST_QUERIES = 8
WITHOUT_FILTER = {"parks.parkbatch": "two rows"}
WITHOUT_SEARCH = {"parks.parkbatch": "two rows"}
WITHOUT_HISTORY = {
    "accounts.change": "is the record itself, append-only",
    "accounts.equipment": "each act stands in the record of changes with what was told",
    "accounts.invitation": "sent, then accepted or over; each act stands in the record of changes",
    "accounts.listedfirm": "the buyer's own list; each act stands in the record of changes",
    "accounts.supplierinvitation": "sent once; each act stands in the record of changes",
    "accounts.supplyrelation": "begun and ended; each act stands in the record of changes",
    "accounts.networkmembership": "one course, never begun anew; each act stands in the record of changes",
    "accounts.notice": "one fact told once; its times of mailing and reading are columns of its own",
    "accounts.user": "a name and a language; rights are rows of their own",
    "consortia.consortium": "each act stands in the record of changes",
    "days.guest": "each answer stands in the record of changes",
    "days.matchday": "each act stands in the record of changes",
    "consortia.overflow": "written once; what becomes of it stands with its needs and its set",
    "desk.case": "its steps are its history",
    "desk.handpair": "made once; what came of it are steps of a partnership",
    "desk.meeting": "each answer stands in the record of changes",
    "hydrogen.demandassumption": "never changed, only followed; all of them stand in the list",
    "hydrogen.round": "each act stands in the record of changes",
    "matching.dismissal": "made and taken back whole; both stand in the record of changes",
    "matching.unplacedword": "counted anew each night; what was decided stands in the record of changes",
    "partnerships.coordinationnote": "append-only",
    "matching.suggestion": "what was shown is written once",
    "partnerships.partnership": "its events are its history",
    "partnerships.rfq": "its steps stand in the record of changes",
}
WITHOUT_INDEX = {
    ("accounts.user", "is_active"): "narrow rows, read in milliseconds",
    ("accounts.user", "is_staff"): "narrow rows, read in milliseconds",
    ("accounts.user", "is_superuser"): "narrow rows, read in milliseconds",
    ("accounts.user", "language"): "narrow rows, read in milliseconds",
    ("accounts.review", "kind"): "what waits is served, and few wait",
    ("days.guest", "state"): "five values, each frequent",
    ("days.matchday", "day"): "narrow rows, read in milliseconds",
    ("days.matchday", "state"): "three values, each frequent",
    ("desk.case", "due_on"): "narrow rows, read in milliseconds",
    ("desk.case", "end"): "five values, each frequent",
    ("desk.handpair", "created_at"): "narrow rows; the newest come first anyway",
    ("desk.meeting", "state"): "three values, each frequent",
    ("matching.dismissal", "created_at"): "narrow rows; the newest come first anyway",
    ("matching.suggestion", "channel"): "three values, each frequent",
    ("matching.suggestion", "grade"): "five values, each frequent",
    ("partnerships.coordinationnote", "written_at"): "narrow rows; the newest come first anyway",
    ("partnerships.partnership", "answer_by"): "narrow rows, read in milliseconds",
    ("partnerships.rfq", "is_sealed"): "narrow rows, read in milliseconds",
    ("partnerships.rfq", "state"): "narrow rows, read in milliseconds",
    ("partnerships.partnership", "opened_by"): "two values, each frequent",
}
"""Filters of long lists for which another index would cost more at each write than it saves."""


@pytest.fixture
def platform(signed_in):
    """A client of a platform administrator with a second factor."""
    return signed_in(UserFactory(platform_admin=True, totp=True))


def test_every_list_is_filtered_searched_and_ordered():
    bare = []
    for model in MODELS:
        listed = site._registry[model]
        label = model._meta.label_lower
        if not listed.list_filter and label not in WITHOUT_FILTER:
            bare.append((label, "filter"))
        if not listed.search_fields and label not in WITHOUT_SEARCH:
            bare.append((label, "search"))
        if not (listed.ordering or model._meta.ordering):
            bare.append((label, "ordering"))
    assert bare == []


def test_no_list_counts_all_its_rows():
    slow = [
        model._meta.label
        for model in MODELS
        if site._registry[model].show_full_result_count
        or site._registry[model].show_facets != admin.ShowFacets.NEVER
        or not issubclass(site._registry[model].paginator, CappedPaginator)
    ]
    assert slow == []


def test_models_columns_and_areas_are_named_in_both_languages():
    unnamed = []
    for model in MODELS:
        meta = model._meta
        names = [meta.verbose_name, meta.verbose_name_plural, meta.app_config.verbose_name]
        unnamed += [(meta.label, name) for name in names if not isinstance(name, Promise)]
        unnamed += [
            (meta.label, field.name)
            for field in (*meta.fields, *meta.many_to_many)
            if not field.auto_created and not isinstance(field.verbose_name, Promise)
        ]
    assert unnamed == []


def test_every_action_asks_before_it_acts(platform, monkeypatch):
    asked = []
    for model in MODELS:
        listed = site._registry[model]
        monkeypatch.setattr(listed, "confirmed", lambda *args, **kwargs: asked.append(kwargs["title"]))
        for name in listed.actions:
            before = len(asked)
            getattr(listed, name)(None, model._default_manager.none())
            assert len(asked) == before + 1, f"{model._meta.label} {name} acts without asking"
    assert asked


def test_every_model_keeps_its_history_or_says_why_not():
    without = {model._meta.label_lower for model in MODELS if not hasattr(model, "history")}
    hidden = [model._meta.label for model in MODELS if hasattr(model, "history") and not shows_history(model)]
    assert (without, hidden) == (set(WITHOUT_HISTORY), [])


def shows_history(model):
    """Whether its list opens the earlier versions; firms and premises of a park are read in lists of their own."""
    return isinstance(site._registry[model], WithHistory) or site._registry[model].list_display_links is None


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_a_list_costs_as_many_queries_for_a_full_page_as_for_three_rows(model, platform, django_assert_max_num_queries):
    make = MADE.get(model._meta.label_lower, load_facts)
    for _row in range(3):
        make()
    platform.get(list_of(model))
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        assert platform.get(list_of(model)).context["cl"].result_list
    for _row in range(22 if model._meta.label_lower in MADE else 0):
        make()
    with django_assert_max_num_queries(MOST_QUERIES) as many:
        assert platform.get(list_of(model)).status_code == 200

    assert len(few) == len(many)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_every_filter_and_every_search_is_answered_within_the_queries(model, platform, django_assert_max_num_queries):
    make = MADE.get(model._meta.label_lower, load_facts)
    for _row in range(3):
        make()
    shown = platform.get(list_of(model)).context["cl"]
    choices = [choice["query_string"] for spec in shown.filter_specs for choice in spec.choices(shown)]
    words = ["?q=123", "?q=%E7%A4%BA%E4%BE%8B+1"] if site._registry[model].search_fields else []
    assert choices or model._meta.label_lower in WITHOUT_FILTER
    for query in [*choices, *words]:
        platform.get(f"{list_of(model)}{query}")
        with django_assert_max_num_queries(MOST_QUERIES):
            assert platform.get(f"{list_of(model)}{query}").status_code == 200


@pytest.mark.parametrize("model", LONG, ids=str)
def test_long_lists_are_ordered_and_filtered_by_what_an_index_serves(model):
    listed, own = site._registry[model], {"pk", model._meta.pk.name}
    served = {
        index.fields[0].lstrip("-")
        for index in model._meta.indexes
        if len(index.fields) > 1 and index.fields[-1].lstrip("-") in own
    }
    plain = {name for name in listed.list_filter if isinstance(name, str)}
    excused = {name for label, name in WITHOUT_INDEX if label == model._meta.label_lower}

    assert [name for name in listed.ordering if name.lstrip("-") not in own] == []
    assert plain - served == excused
    assert listed.sortable_by == ()


def found(platform, model, words):
    return {row.pk for row in platform.get(list_of(model), {"q": words}).context["cl"].result_list}


def test_a_search_finds_rows_in_which_every_word_stands_here_or_in_the_related_row(platform):
    firm, other = EnterpriseFactory(name="示例铸造厂"), EnterpriseFactory(name="示例齿轮厂")
    wanted = PostingFactory(title="压铸 壳体", enterprise=firm)
    PostingFactory(title="压铸 支架", enterprise=other), PostingFactory(title="壳体", enterprise=other)

    assert found(platform, Posting, "压铸 铸造厂") == {wanted.pk}
    assert found(platform, Posting, '"压铸 壳体"') == {wanted.pk}
    assert found(platform, Posting, "压铸 没有") == set()
    assert found(platform, Enterprise, "铸造") == {firm.pk}


def test_a_search_for_a_number_takes_it_as_it_is_written_or_typed(platform):
    shown = MADE["matching.suggestion"]()
    MADE["matching.suggestion"]()

    for typed in (shown.posting.number, f" {shown.counterpart.number.lower()} "):
        assert found(platform, Suggestion, typed) == {shown.pk}
    assert found(platform, Suggestion, shown.posting.number[:-1]) == set()


def test_a_long_list_says_that_there_are_more(platform, monkeypatch):
    monkeypatch.setattr(CappedPaginator, "most_counted", 60)
    Change.objects.bulk_create(Change(seq=seq, thing="posting", thing_key="1", verb="created") for seq in range(1, 101))

    answer = platform.get(list_of(Change))

    shown = answer.context["cl"]
    assert (shown.result_count, shown.paginator.is_capped) == (60, True)


def test_an_empty_list_says_so_and_a_filtered_one_shows_the_way_back(platform):
    with translation.override("en"):
        bare, searched = platform.get(list_of(Posting)), platform.get(list_of(Posting), {"q": "123"})

    told = [answer.content.decode() for answer in (bare, searched)]
    assert ["Nothing stands here." in text for text in told] == [True, False]
    assert ["Nothing matches the search and the filters." in text for text in told] == [False, True]


def test_a_list_is_headed_by_what_it_lists(platform):
    assert platform.get(list_of(Posting)).context["title"] == str(Posting._meta.verbose_name_plural)


def test_the_first_page_says_how_much_waits_for_those_who_moderate(platform, signed_in):
    ReviewFactory(), ReviewFactory(rejected=True)
    visitor_of_no_queue = signed_in(UserFactory(staff=True, totp=True))

    assert platform.get(reverse("admin:index")).context["waiting"] == 1
    assert visitor_of_no_queue.get(reverse("admin:index")).context["waiting"] is None
