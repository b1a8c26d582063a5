"""The page of fair exposure: who gets in, what each figure leads to, small groups, names, files, and what it costs."""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Verb
from accounts.models import Change, Enterprise
from common.keeping import process_cache
from matchmaking.matching.models import Suggestion
from matchmaking.partnerships.choices import Act, Side, State
from matchmaking.postings.models import Posting
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    MembershipFactory,
    SiteFactory,
    UserFactory,
)
from tests.factories.partnerships import PartnershipEventFactory, PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.web.test_figures import compared, wrong

pytestmark = pytest.mark.django_db
PAGE, FILE = "/coordination/exposure/", "/coordination/exposure/export/"
MOST_QUERIES = 12


def shown(posting, counterpart, **fields):
    return Suggestion.objects.create(
        posting=posting, counterpart=counterpart, channel="page", position=1, points=Decimal(80), grade=5,
        engine_version="test", **{"shown_at": timezone.now(), **fields},
    )  # fmt: skip


@pytest.fixture
def market():
    """Four suppliers and four buyers of one chain: one supplier shown three times, one once, two never."""
    first = PostingFactory()
    needs = [first, *(PostingFactory(node=first.node, region=first.region) for _ in range(3))]
    capacities = [PostingFactory(capacity=True, node=first.node, region=first.region) for _ in range(4)]
    week = timezone.now() - timedelta(days=7)
    Posting.objects.filter(pk__in=[need.pk for need in needs]).update(published_at=week)
    Enterprise.objects.exclude(pk=capacities[1].enterprise_id).update(created_at=week - timedelta(days=200))
    for need in needs[:3]:
        shown(need, capacities[0])
    shown(needs[0], capacities[1])
    shown(needs[0], capacities[2], shown_at=timezone.now() - timedelta(days=100))
    for posting, workers in zip(capacities, (20, 40, 60, 900), strict=True):
        SiteFactory(enterprise=posting.enterprise, workers=workers)
    agreed = PartnershipFactory(need=needs[0], capacity=capacities[0], state=State.AGREED, introduced_at=week)
    for act, days, side in ((Act.ACCEPT, 2, Side.CAPACITY), (Act.AGREE, 3, Side.PLATFORM)):
        event = PartnershipEventFactory(partnership=agreed, act=act, side=side)
        type(event).objects.filter(pk=event.pk).update(happened_at=week + timedelta(days=days))
    late = PartnershipFactory(need=needs[1], capacity=capacities[1])
    PartnershipEventFactory(partnership=late, act=Act.ACCEPT, side=Side.CAPACITY)
    process_cache.clear()
    return needs, capacities


@pytest.fixture
def admin(signed_in):
    return signed_in(UserFactory(platform_admin=True, totp=True))


def test_visitors_sign_in_and_members_are_refused(client, signed_in, market):
    member = signed_in(MembershipFactory().user)
    for page in (PAGE, FILE):
        assert client.get(page).status_code == 302
        assert member.get(page).status_code == 403


def test_every_figure_is_as_long_as_the_list_behind_it(admin, market):
    pairs = compared(admin, PAGE)
    assert wrong(pairs) == []
    assert len(pairs) >= 7
    assert {figure for _address, figure, _total in pairs} >= {1, 3, 4, 8}


def test_exposure_counts_the_period_and_firms_that_nobody_was_shown(admin, market):
    figures = admin.get(PAGE).context["figures"]
    assert sorted(firm.shown for firm in figures.firms) == [0] * 6 + [1, 3]
    assert (figures.never_shown, figures.needs_answered, figures.needs_due) == (6, 1, 4)
    assert figures.gini == pytest.approx(0.8125)
    assert admin.get(PAGE, {"days": "365"}).context["figures"].never_shown == 5
    assert admin.get(PAGE, {"days": "7", "chain": "nonsense"}).context["asked"]["days"] == 90


def test_fill_rates_stand_by_chain_and_direction(admin, market):
    filled = admin.get(PAGE).context["figures"].filled
    assert [(line.direction, line.firms, line.postings, line.agreed) for line in filled] == [
        ("need", 4, 4, 1),
        ("capacity", 4, 4, 1),
    ]


def test_few_firms_are_not_told(admin, market):
    figures = admin.get(PAGE).context["figures"]
    assert [(group.name, group.firms, group.is_small) for group in figures.groups] == [
        ("new", 1, True),
        ("small", 3, False),
    ]
    Posting.objects.filter(direction="need", pk__in=[need.pk for need in market[0][2:]]).delete()
    process_cache.clear()
    html = admin.get(PAGE).content.decode()
    assert html.count("&lt;3") >= 4
    assert "&lt;3" not in re.sub(r"&lt;3", "", html)


def test_the_firm_leads_to_the_suggestions_that_it_counts(admin, market):
    html = admin.get(PAGE).content.decode()
    found = re.search(r'href="(/manage/matching/suggestion/\?[^"]+)">3</a>', html)[1].replace("&amp;", "&")
    answer = admin.get(found)
    assert answer.status_code == 200
    assert answer.context["cl"].result_count == 3


def test_coordinators_read_figures_of_their_scope_and_no_table_of_firms(signed_in, market):
    needs, capacities = market
    grant = CoordinatorGrantFactory()
    grant.regions.add(needs[0].region)
    client = signed_in(grant.user)
    capacities[0].enterprise.name = "示例甲厂"
    capacities[0].enterprise.save()
    answer = client.get(PAGE)
    assert answer.context["figures"].firm_count == 8
    assert "rows" not in answer.context
    assert "示例甲厂" not in answer.content.decode() + client.get(FILE).content.decode()
    assert wrong(compared(client, PAGE)) == []


def test_the_file_holds_the_same_figures_and_is_recorded(admin, market):
    lines = list(csv.reader(io.StringIO(admin.get(FILE, {"group": "small"}).content.decode().lstrip("\ufeff"))))
    assert ["0.81" in line for line in lines].count(True) == 1
    assert [line[2] for line in lines[-3:]] == ["3", "1", "0"]
    assert Change.objects.filter(verb=Verb.EXPORTED, facts__part="exposure").count() == 1


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_page_asks_a_fixed_number_of_queries(admin, market, language):
    admin.get(f"{language}{PAGE}")
    for _ in range(30):
        PostingFactory(capacity=True, node=market[0][0].node, region=market[0][0].region)
    with CaptureQueriesContext(connection) as asked:
        answer = admin.get(f"{language}{PAGE}", {"order": "least", "page": "2", "days": "30"})
    assert len(answer.context["rows"]) == 13
    assert len(asked) <= MOST_QUERIES, [query["sql"][:200] for query in asked]
