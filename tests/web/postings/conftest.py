"""An editor of a verified firm, shared by the pages of postings."""

import pytest

from accounts.choices import Role
from tests.factories.accounts import MembershipFactory


@pytest.fixture
def editor():
    """Somebody who may write for a firm."""
    return MembershipFactory(role=Role.EDITOR)


@pytest.fixture
def firm(editor, signed_in):
    """A client of that person."""
    return signed_in(editor.user)
