"""A firm's list of suppliers as a file to be taken away, which can be brought in again."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext

from accounts.choices import NetworkState
from accounts.models import Enterprise, NetworkMembership, SupplyRelation, User
from matchmaking.networks.imports.sheet import SupplierSheet
from matchmaking.networks.queries.lists import membership_words, relations_of


def export_head() -> list[str]:
    """Heads of the file that is taken away: the columns that come in, then what is only told."""
    columns = [str(column.label) for column in SupplierSheet.base_columns()]
    told = [gettext("evidence"), gettext("on the platform"), gettext("membership"), gettext("ended on")]
    return [*columns, *told]


def export_rows(user: User, buyer: Enterprise) -> Iterable[list[Any]]:
    """The whole list, with what is over, as cells; brought in again it changes nothing."""
    members = membership_words(buyer)
    for row in relations_of(user, buyer).select_related("listed__firm").order_by("shown_name", "pk"):
        yield _cells(row, members)


def _cells(row: SupplyRelation, members: Mapping[int, NetworkMembership]) -> list[Any]:
    listed, here = row.listed, row.supplier
    if listed is not None:
        firm = [listed.external_key, listed.name, listed.uscc, listed.place]
        paper = [listed.certification.code if listed.certification else "", listed.certificate_expires_on or ""]
        here = listed.firm
    else:
        assert here is not None
        firm, paper = ["", here.name, here.uscc, ""], ["", ""]
    member = members.get(here.pk) if here is not None else None
    ended = row.ended_on or (listed.left_on if listed is not None else None)
    return [
        *firm,
        *(str(row.get_role_display()), row.tier, row.node.code if row.node else "", row.since or ""),
        *("" if row.share_percent is None else row.share_percent, *paper),
        *(str(row.get_evidence_display()), here.key if here is not None else ""),
        *(_membership(member), ended or ""),
    ]


def _membership(row: NetworkMembership | None) -> str:
    if row is None:
        return ""
    days = " – ".join(str(day) for day in (row.since, row.ended_on) if day is not None)
    return f"{NetworkState(row.state).label} {days}".strip()
