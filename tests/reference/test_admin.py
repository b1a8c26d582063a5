"""The administration of reference rows: read and searched by staff with the right, never added to or deleted from."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import RequestFactory

from accounts.services.reference import write_reference_row
from reference.models import ChainNode, Region, Unit
from reference.queries.picker import codes_matching
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of_a_superuser():
    """A request whose user may do everything."""
    request = RequestFactory().get("/")
    request.user = get_user_model()(is_staff=True, is_superuser=True, is_active=True)
    return request


@pytest.mark.parametrize("model", [Region, ChainNode, Unit])
def test_rows_are_neither_added_nor_deleted_by_hand(model, request_of_a_superuser):
    site = admin.site._registry[model]

    assert (
        site.has_view_permission(request_of_a_superuser),
        site.has_change_permission(request_of_a_superuser),
        site.has_add_permission(request_of_a_superuser),
        site.has_delete_permission(request_of_a_superuser),
    ) == (True, True, False, False)


def test_staff_without_the_right_see_and_change_nothing(request_of_a_superuser):
    request_of_a_superuser.user = get_user_model().objects.create(email="staff@firm.example", is_staff=True)
    site = admin.site._registry[Region]

    assert (site.has_view_permission(request_of_a_superuser), site.has_change_permission(request_of_a_superuser)) == (
        False,
        False,
    )


def test_the_code_stays_as_it_is(request_of_a_superuser):
    assert {"code", "chain", "parent"} <= set(
        admin.site._registry[ChainNode].get_readonly_fields(request_of_a_superuser)
    )


@pytest.mark.parametrize(("asked", "expected"), [("yes", False), ("no", True)])
def test_regions_are_filtered_by_whether_they_are_in_use(asked, expected, request_of_a_superuser):
    site = admin.site._registry[Region]
    request = RequestFactory().get("/", {"in_use": asked})
    request.user = request_of_a_superuser.user

    found = site.get_changelist_instance(request).get_queryset(request)

    assert found.filter(code="500112").exists() is expected


def test_an_alias_added_by_hand_is_found_by_its_pinyin():
    node = ChainNode.objects.get(code="EQUIP.PART.SPRING")
    aliases = [*node.aliases_zh, "蝶形簧片"]

    write_reference_row(row=node, values={"aliases_zh": aliases}, actor=UserFactory(platform_admin=True))

    assert codes_matching("diexinghuangpian") == ["EQUIP.PART.SPRING"]


@pytest.mark.parametrize("words", ["yazhu", "铝压铸", "die casting", "EQUIP.PROC.DIECAST"])
def test_nodes_are_searched_as_the_picker_searches(words, request_of_a_superuser):
    site = admin.site._registry[ChainNode]

    found, _duplicates = site.get_search_results(request_of_a_superuser, ChainNode.objects.all(), words)

    assert "EQUIP.PROC.DIECAST" in found.values_list("code", flat=True)
