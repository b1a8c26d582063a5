"""A coordinator, and a day of theirs on which four firms take part."""

import pytest

from accounts.models import User
from tests.factories.days import Gathering, gathering
from tests.matchmaking.desk.conftest import coordinator_of


@pytest.fixture
def host() -> User:
    return coordinator_of("510000")


@pytest.fixture
def meet(host: User) -> Gathering:
    return gathering(host)
