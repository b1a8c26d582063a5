"""Every list of the administration: filtered, searched, named in both languages, and as cheap with many rows as few."""

import pytest
from django.contrib import admin
from django.contrib.admin import site
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from accounts.admin.base import CappedPaginator
from accounts.models import Change
from matchmaking.matching.models import Dismissal, Suggestion
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseCertificateFactory,
    EnterpriseFactory,
    UserFactory,
)
from tests.factories.parks import (
    CooperationProjectFactory,
    ParkAdministratorFactory,
    ParkFactory,
    ParkIndicatorFactory,
    ParkPartnershipFactory,
)
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
MODELS = sorted(site._registry, key=lambda model: model._meta.label)
FEWEST_QUERIES = 8
MADE = {
    "accounts.user": UserFactory,
    "accounts.enterprise": EnterpriseFactory,
    "accounts.enterprisecertificate": EnterpriseCertificateFactory,
    "accounts.coordinatorgrant": CoordinatorGrantFactory,
    "parks.park": ParkFactory,
    "parks.parkadministrator": ParkAdministratorFactory,
    "parks.parkindicator": ParkIndicatorFactory,
    "parks.parkpartnership": ParkPartnershipFactory,
    "parks.cooperationproject": CooperationProjectFactory,
    "partnerships.partnership": PartnershipFactory,
    "postings.posting": PostingFactory,
    "matching.suggestion": lambda: suggestion(Suggestion, channel="page", position=1, points=80, grade=4),
    "matching.dismissal": lambda: suggestion(Dismissal, reason="end.need.none_suitable"),
}


def suggestion(model, **values):
    """A row about two postings."""
    timed = {"shown_at": timezone.now(), "engine_version": "1"} if model is Suggestion else {}
    return model.objects.create(posting=PostingFactory(), counterpart=PostingFactory(capacity=True), **values, **timed)


WITHOUT_FILTER = {"parks.parkbatch": "two rows"}
WITHOUT_HISTORY = {
    "accounts.review": "a decision is taken once; an appeal is a row of its own",
}
WITHOUT_SEARCH = {"parks.parkbatch": "two rows"}


@pytest.fixture
def platform(signed_in):
    """A client of a platform administrator with a second factor."""
    return signed_in(UserFactory(platform_admin=True, totp=True))


def address(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


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


def test_models_that_people_change_keep_their_history():
    without = [
        model._meta.label
        for model in MODELS
        if (site._registry[model].actions or getattr(site._registry[model], "offers_import", False))
        and not hasattr(model, "history")
        and model._meta.label_lower not in WITHOUT_HISTORY
    ]
    assert without == []


@pytest.mark.parametrize("model", [model for model in MODELS if model._meta.label_lower in MADE], ids=str)
def test_a_list_costs_as_many_queries_for_hundreds_of_rows_as_for_ten(model, platform, django_assert_max_num_queries):
    make = MADE[model._meta.label_lower]
    for _row in range(10):
        make()
    platform.get(address(model))
    with django_assert_max_num_queries(FEWEST_QUERIES) as few:
        platform.get(address(model))
    for _row in range(110):
        make()
    with django_assert_max_num_queries(FEWEST_QUERIES) as many:
        assert platform.get(address(model)).status_code == 200

    assert len(few) == len(many)


@pytest.mark.parametrize("model", [model for model in MODELS if model._meta.label_lower not in MADE], ids=str)
def test_lists_of_rows_from_files_keep_within_the_queries(model, platform, django_assert_max_num_queries):
    platform.get(address(model))
    with django_assert_max_num_queries(FEWEST_QUERIES):
        assert platform.get(address(model)).status_code == 200


def test_a_long_list_says_that_there_are_more(platform, monkeypatch):
    monkeypatch.setattr(CappedPaginator, "most_counted", 60)
    Change.objects.bulk_create(Change(seq=seq, thing="posting", thing_key="1", verb="created") for seq in range(1, 101))

    answer = platform.get(address(Change))

    shown = answer.context["cl"]
    assert (shown.result_count, shown.paginator.is_capped) == (60, True)
