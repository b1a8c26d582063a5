"""Parks, quoted facts and targets for partners."""

from datetime import date

import pytest

from matchmaking.insights.services.facts import load_facts
from matchmaking.parks.choices import PairState
from matchmaking.parks.services.loading import load_parks
from reference.choices import CooperationType
from tests.factories.accounts import EnterpriseFactory
from tests.factories.insights import AgreementPartyFactory, FrameworkAgreementFactory
from tests.factories.parks import (
    CooperationProjectFactory,
    ParkFactory,
    ParkIndicatorFactory,
    ParkPartnershipFactory,
)

pytestmark = pytest.mark.django_db


def slugs(answer):
    return [row["slug"] for row in answer.json()["results"]]


def test_a_park_in_two_provinces_is_found_under_both_and_listed_once(partner):
    load_parks()

    everywhere = slugs(partner.ask("parks/"))
    found = [slugs(partner.ask(f"parks/?province={code}")) for code in ("510000", "500000")]

    assert everywhere.count("chuanyu-gaozhu") == 1
    assert all("chuanyu-gaozhu" in part for part in found)
    assert (len(everywhere), set(everywhere)) == (25, set(found[0]) | set(found[1]))


@pytest.mark.parametrize(("day", "named"), [("2021-01-07", 0), ("2021-06-01", 18), ("2023-06-01", 25)])
def test_parks_are_asked_for_as_of_a_day(partner, day, named):
    load_parks()

    assert len(slugs(partner.ask(f"parks/?as_of={day}"))) == named


def test_a_park_shows_its_partnerships_and_figures_with_sources(partner):
    park = ParkFactory()
    ParkPartnershipFactory(from_park=park)
    ParkIndicatorFactory(park=park, is_locked=True)

    told = partner.ask(f"parks/{park.slug}/").json()

    assert [pair["from_park"] for pair in told["partnerships"]] == [park.slug]
    assert [(row["value"], row["period_start"], row["source"]) for row in told["indicators"]] == [
        ("1200.00", "2026-07-01", "示例来源")
    ]


def test_a_park_shows_its_projects_with_the_firms_that_are_shown_and_the_quarters_that_are_missing(partner):
    park = ParkFactory()
    project = CooperationProjectFactory(park=park)
    firm, hidden = EnterpriseFactory(), EnterpriseFactory(suspended=True)
    project.enterprises.set([firm.pk, hidden.pk])
    ParkIndicatorFactory(park=park)

    told = partner.ask(f"parks/{park.slug}/?as_of=2026-11-24").json()

    assert [(one["key"], one["park"], one["state"]) for one in told["projects"]] == [
        (project.key, park.slug, "planned")
    ]
    assert told["projects"][0]["firms"] == [{"key": firm.key, "name": firm.name}]
    assert told["quarters_missing"] == ["2026-07-01", "2026-04-01", "2026-01-01", "2025-10-01"]
    assert told["indicators"] == []


def test_partnerships_are_read_as_of_a_day_by_park_kind_and_cluster(partner):
    first = ParkPartnershipFactory(clusters=["hydrogen"], notice="示例通知", agreed_on=date(2021, 5, 13))
    second = ParkPartnershipFactory(
        cooperation_type=CooperationType.ENCLAVE, agreed_on=date(2023, 3, 24), ended_on=date(2025, 1, 1)
    )
    ParkPartnershipFactory(state=PairState.DECLINED)

    def pairs(query):
        rows = partner.ask(f"park-partnerships/?{query}").json()["results"]
        return [row["from_park"] for row in rows]

    assert pairs("") == pairs("cluster=hydrogen") == [first.from_park.slug]
    assert pairs("as_of=2024-01-01") == [second.from_park.slug, first.from_park.slug]
    assert pairs("as_of=2024-01-01&cooperation_type=enclave-economy") == [second.from_park.slug]
    assert pairs(f"park={first.to_park.slug}") == [first.from_park.slug]
    assert pairs("as_of=2020-01-01") == pairs("state=confirmed") == []
    told = partner.ask("park-partnerships/").json()["results"][0]
    assert (told["state"], told["clusters"], told["notice"]) == (first.state, ["hydrogen"], "示例通知")
    assert partner.ask("park-partnerships/?as_of=2021-02-30").status_code == 400


@pytest.mark.parametrize(("day", "sizes"), [("2021-01-07", []), ("2021-06-01", [20]), ("2023-06-01", [20, 15])])
def test_batches_count_parks_that_no_source_names(partner, day, sizes):
    load_parks()

    rows = partner.ask(f"park-batches/?as_of={day}").json()

    assert [row["size"] for row in rows] == sizes
    assert all(row["named"] + row["not_yet_named"] == row["size"] for row in rows)


def test_a_park_that_is_none_is_answered_with_404(partner):
    assert partner.ask("parks/no-such-park/").status_code == 404


def test_facts_are_texts_with_sources(partner):
    load_facts()

    rows = partner.ask("facts/").json()["results"]

    assert (len(rows), all(row["source"] and row["claim_zh"] and row["claim_en"] for row in rows)) == (25, True)


def test_a_target_past_its_year_without_a_sourced_figure_says_so(partner):
    load_facts()

    rows = partner.ask("targets/").json()["results"]

    expected = {
        row["code"]: "due_passed" if row["due_year"] and row["due_year"] < date.today().year else "open" for row in rows
    }
    assert {row["code"]: row["state"] for row in rows} == expected
    assert "due_passed" in expected.values()


def test_agreements_are_read_with_their_parties_tasks_and_steps(partner):
    load_facts()
    over = FrameworkAgreementFactory(ends_on=date(2023, 1, 1))
    party = AgreementPartyFactory(agreement=over)
    AgreementPartyFactory(agreement=over, follows=party, since=date(2022, 6, 1), name_zh="示例后继")

    rows = {row["code"]: row for row in partner.ask("agreements/").json()["results"]}

    assert {code: row["is_over"] for code, row in rows.items()} == {"automobile-cluster-2021": False, over.code: True}
    assert [one["followed_by"] for one in rows[over.code]["parties"]] == ["示例后继", None]
    first = rows["automobile-cluster-2021"]
    assert [one["measure"] for one in first["commitments"]] == ["confirmed", "none"]
    assert {one["kind"] for one in first["entries"]} == {"document", "step"}
