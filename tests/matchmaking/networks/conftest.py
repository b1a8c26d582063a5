"""A buyer with people of each role, and its list from rows."""

import pytest

from accounts.imports.writing import as_workbook
from matchmaking.networks.imports.sheet import SupplierSheet
from tests.accounts.conftest import changes, notices
from tests.factories.accounts import MembershipFactory

__all__ = ["changes", "notices"]  # fixtures of services

HEAD = ("own number", "registered name", "unified social credit code", "place", "chain node", "certificate")


@pytest.fixture
def buyer():
    return MembershipFactory(editor=True)


@pytest.fixture
def bring(buyer):
    """Rehearses rows under ``HEAD``, or takes them in; gives the sheet and what came of it."""

    def act(rows, *, head=HEAD, takes_in=False):
        sheet = SupplierSheet(actor=buyer.user, buyer=buyer.enterprise)
        file = sheet.read(as_workbook(list(head), rows))
        outcome = sheet.rehearse(file)
        if takes_in:
            outcome = sheet.take_in(file, outcome.rows_with_problems)
        return sheet, outcome

    return act
