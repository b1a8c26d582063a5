"""Reference data for partners: whole, in pages, the same as the tables."""

from base64 import b64encode
from urllib.parse import quote

import pytest

from common.reason_texts import TEXTS
from common.reasons import Reason
from reference.models import Certification, ChainNode, IndustryChain, Region, Unit

pytestmark = pytest.mark.django_db


def all_codes(partner, path):
    codes = []
    while path:
        answer = partner.ask(path)
        assert answer.status_code == 200, answer.content
        codes += [row["code"] for row in answer.json()["results"]]
        path = (answer.json()["next"] or "").removeprefix("http://testserver")
    return codes


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("chains/", IndustryChain.objects.in_use),
        ("nodes/", lambda: ChainNode.objects.filter(retired_on=None)),
        ("certificates/", Certification.objects.in_use),
        ("units/", Unit.objects.in_use),
    ],
)
def test_a_list_read_page_by_page_gives_every_row_once_by_code(partner, path, rows):
    assert all_codes(partner, path) == sorted(rows().values_list("code", flat=True))


def test_regions_leave_out_codes_that_no_longer_hold(partner):
    codes = all_codes(partner, "regions/")

    assert (len(codes), "500112" in codes, "500157" in codes) == (len(set(codes)), False, True)
    assert Region.objects.filter(code="500112").exists()


def test_nodes_are_narrowed_by_chain_and_parent(partner):
    chain = IndustryChain.objects.in_use().first()

    inside = all_codes(partner, f"nodes/?chain={chain.code}")
    below = all_codes(partner, f"nodes/?parent={chain.code}")

    assert inside == sorted(chain.nodes.filter(retired_on=None).values_list("code", flat=True))
    assert set(below) < set(inside)


def test_a_filter_with_an_unknown_value_is_refused_by_field(partner):
    answer = partner.ask("regions/?level=galaxy")

    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (400, ["level"])


def test_reasons_are_the_whole_register_with_both_texts(partner):
    rows = partner.ask("reasons/").json()

    assert [row["code"] for row in rows] == [reason.value for reason in TEXTS]
    booked = next(row for row in rows if row["code"] == Reason.GAP_CAPACITY_BOOKED)
    assert booked == {
        "code": "gap.capacity.booked",
        "kind": "gap",
        "side": "capacity",
        "text_zh": TEXTS[Reason.GAP_CAPACITY_BOOKED].zh,
        "text_en": TEXTS[Reason.GAP_CAPACITY_BOOKED].en,
    }


@pytest.mark.parametrize(
    "told",
    [
        "",
        "p=5",
        "o=-pk&p=" + "9" * 40,
        "o=-pk&p=-1",
        "o=-pk&p=x",
        "o=-pk&p=1&p=2",
        "o=code&p=%00",
        "o=code&p=" + "A" * 300,
        "o=slug&p=A",
        "o=code",
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused_or_harmless(partner, told):
    cursor = b64encode(told.encode()).decode()
    for path in ("postings/", "nodes/", "parks/"):
        answer = partner.ask(f"{path}?cursor={quote(cursor)}")

        assert answer.status_code == 400 or (answer.status_code, answer.json()["next"]) == (200, None)
    assert partner.ask("postings/?cursor=nonsense!").status_code == 400
