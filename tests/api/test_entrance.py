"""What a system asks first: the entries, itself, and single rows of reference data."""

import pytest

from reference.models import ChainNode, Region
from reference.queries.picker import codes_matching

pytestmark = pytest.mark.django_db


def test_the_entrance_leads_to_every_list(make_partner):
    narrow = make_partner(scopes=("facts:read",))

    entries = narrow.ask("/api/v1/").json()

    assert {"postings", "regions", "chains", "nodes", "certificates", "parks", "facts", "me"} <= set(entries)
    assert narrow.ask(entries["facts"].removeprefix("http://testserver")).status_code == 200


def test_a_system_reads_its_own_firm_scopes_and_days(make_partner):
    system = make_partner(scopes=("facts:read", "parks:read"))

    system.ask("facts/")
    told = system.ask("me/").json()

    assert (told["client_id"], told["enterprise"]["key"], told["scopes"], told["expires_on"]) == (
        system.system.client.client_id,
        system.enterprise.key,
        ["facts:read", "parks:read"],
        None,
    )
    assert told["last_used_on"] is not None
    assert told["limits"]["body_bytes"] > 0
    assert system.system.secret not in str(told)


@pytest.mark.parametrize(
    "path", ["regions/500112/", "chains/AUTO/", "nodes/AUTO.BODY.CAST/", "certificates/IATF16949/"]
)
def test_a_single_row_is_what_its_code_names(partner, path):
    answer = partner.ask(path)

    assert (answer.status_code, answer.json()["code"]) == (200, path.split("/")[1])
    assert partner.ask(f"{path.split('/')[0]}/NO_SUCH/").status_code == 404


def test_a_closed_region_names_its_successor(partner):
    closed = Region.objects.get(code="500112")

    told = partner.ask("regions/500112/").json()

    assert (told["valid_to"], told["successor"]) == (closed.valid_to.isoformat(), closed.successor.code)


def test_regions_are_asked_for_by_day_words_and_parent(partner):
    def codes(query):
        return {row["code"] for row in partner.ask(f"regions/?{query}&page_size=500").json()["results"]}

    assert "500112" in codes("as_of=2020-01-01")
    assert "500112" not in codes("as_of=2026-11-01")
    assert "510100" in codes("q=成都") & codes("q=Chengdu") & codes("parent=510000")
    assert partner.ask("regions/?as_of=2026-13-45").status_code == 400
    for words in ("chongqing", "重庆", "cq", "Chong qing", "500000"):
        assert "500000" in codes(f"q={words}"), words
    assert codes("q=zzzz") == set()


@pytest.mark.parametrize("words", ["压铸", "yazhu", "die casting"])
def test_nodes_are_found_by_the_words_of_the_picker(partner, words):
    found = {row["code"] for row in partner.ask(f"nodes/?q={words}").json()["results"]}

    assert found == set(codes_matching(words, 50)) != set()
    assert ChainNode.objects.filter(code__in=found).count() == len(found)
