"""Framework agreements: loaded from the file, written by administrators with a source, and never taken out."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from common.errors import Invalid, Refused
from common.keeping import process_cache
from common.reasons import Reason
from matchmaking.insights.choices import FlowKind, Measure
from matchmaking.insights.models import AgreementParty, Commitment, Flow, FrameworkAgreement
from matchmaking.insights.queries.agreements import agreements_listed, helping_chain, live_counts_of, timeline
from matchmaking.insights.services.agreements import load_agreements, write_line
from tests.factories.accounts import EnterpriseFactory, UserFactory
from tests.factories.insights import (
    AgreementEntryFactory,
    AgreementPartyFactory,
    CommitmentFactory,
    FrameworkAgreementFactory,
)
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def platform():
    return UserFactory(platform_admin=True)


def test_what_people_wrote_outlives_the_loader_and_its_first_version_is_kept(platform):
    load_agreements()
    task = Commitment.objects.get(name_en="Planning synchronisation")

    write_line(row=task, values={"state": "under_way", "source": "示例公报"}, actor=platform)
    load_agreements()

    task.refresh_from_db()
    assert (task.state, task.source) == ("under_way", "示例公报")
    assert [one.state for one in task.history.order_by("history_id")] == ["unknown", "under_way"]


def test_the_agreement_of_the_seed_names_both_departments_and_two_tasks():
    load_agreements()

    row = FrameworkAgreement.objects.get()

    assert (row.signed_by, row.signed_zh, row.cluster) == (date(2021, 12, 31), "2021年底", "automobiles-motorcycles")
    assert row.parties.count() == 2
    assert dict(row.commitments.values_list("name_en", "measure")) == {
        "Supplier matching": Measure.CONFIRMED,
        "Planning synchronisation": Measure.NONE,
    }


def test_a_line_without_a_source_is_refused(platform):
    with pytest.raises(Invalid) as refusal:
        write_line(row=FrameworkAgreementFactory(), values={"source": ""}, actor=platform)

    assert refusal.value.fields == {"source": Reason.REFUSAL_REQUIRED}


def test_only_the_platform_writes():
    with pytest.raises(Refused) as refusal:
        write_line(row=CommitmentFactory(), values={"state": "done"}, actor=UserFactory(staff=True))

    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


@pytest.mark.parametrize("all_at_once", [False, True])
@pytest.mark.parametrize("make", [FrameworkAgreementFactory, AgreementPartyFactory, CommitmentFactory])
def test_nothing_is_taken_out(make, all_at_once):
    row = make()

    with pytest.raises(Refused) as refusal:
        (type(row).objects.all() if all_at_once else row).delete()

    assert refusal.value.reason == Reason.REFUSAL_HAS_HISTORY
    assert type(row).objects.filter(pk=row.pk).exists()


def test_another_party_follows_one_from_a_day_on_and_both_stay(platform):
    earlier = AgreementPartyFactory()
    values = {"name_zh": "示例新部门", "name_en": "Sample new authority", "source": "示例通知"}
    place = {"agreement": earlier.agreement, "follows": earlier}

    with pytest.raises(Invalid) as refusal:
        write_line(row=AgreementParty(), values={**values, **place}, actor=platform)
    later = write_line(row=AgreementParty(), values={**values, **place, "since": date(2025, 1, 1)}, actor=platform)

    assert refusal.value.fields == {"since": Reason.REFUSAL_REQUIRED}
    assert set(earlier.agreement.parties.all()) == {earlier, later}
    assert AgreementParty.objects.get(pk=earlier.pk).followed_by == later


def test_a_party_of_another_agreement_is_followed_by_none_of_this_one(platform):
    elsewhere, here = AgreementPartyFactory(), FrameworkAgreementFactory()
    values = {"name_zh": "示例", "name_en": "Sample", "source": "示例", "since": date(2025, 1, 1)}

    with pytest.raises(Invalid) as refusal:
        write_line(row=AgreementParty(), values={**values, "agreement": here, "follows": elsewhere}, actor=platform)

    assert set(refusal.value.fields) == {"follows"}


@pytest.mark.parametrize(("days", "helps"), [(None, True), (0, True), (-1, False)])
def test_a_need_is_told_of_agreements_that_hold_today_only(days, helps):
    ends_on = None if days is None else timezone.localdate() + timedelta(days=days)
    row = FrameworkAgreementFactory(ends_on=ends_on)
    process_cache.clear()

    assert [one.code for one in helping_chain("H2")] == [row.code] * helps
    assert helping_chain("AUTO") == []
    assert row.code in [one.code for one in agreements_listed(user=UserFactory())]


def test_live_counts_are_those_of_the_lists_and_of_the_flows():
    for level, cases in ((2, 7), (1, 5), (3, None)):
        Flow.objects.create(kind=FlowKind.CONFIRMED, level=level, chain="H2", cases=cases)
    Flow.objects.create(kind=FlowKind.AGREED, level=1, chain="H2", cases=100)
    for _number in range(3):
        PostingFactory(enterprise=EnterpriseFactory())
    process_cache.clear()
    reader = UserFactory()

    def counted(measure, cluster="hydrogen"):
        found = live_counts_of(measure=measure, cluster=cluster, user=reader)
        return {one.chain.code: one.counted.postings for one in found}

    assert counted(Measure.NONE) == {}
    assert counted(Measure.CONFIRMED) == {"H2": 12}
    assert sum(counted(Measure.NEEDS, "all").values()) == 3


def test_the_timeline_tells_what_happened_newest_first():
    row = FrameworkAgreementFactory(ends_on=date(2030, 1, 1))
    early, late = (AgreementEntryFactory(agreement=row, on=date(year, 1, 1)) for year in (2022, 2024))

    found = timeline(user=UserFactory(), agreements=[row])

    assert [(one.on.year, one.entry, one.is_end) for one in found] == [
        (2030, None, True),
        (2024, late, False),
        (2022, early, False),
    ]
