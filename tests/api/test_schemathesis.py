"""Thousands of made-up requests: no server error, and every answer as the description has it.

Each made-up request is sent twice, with a token of all scopes and without one. The long form makes up more of them, and
``CHUANYU_API_EXAMPLES`` says how many it does.
"""

import os
from collections.abc import Iterator
from math import prod
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounds
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from matchmaking.insights.services.facts import load_facts
from matchmaking.parks.services.loading import load_parks
from tests.api.conftest import Partner

EXAMPLES, MANY = 24, int(os.environ.get("CHUANYU_API_EXAMPLES", "128"))
HOW_MANY = pytest.mark.parametrize("examples", [EXAMPLES, pytest.param(MANY, marks=pytest.mark.long)])
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
PUBLIC = "/api/v1/schema/"


def described() -> schemathesis.BaseSchema:
    """The API as the running code describes it, asked in this process."""
    with translation.override("en"):
        schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
    schema.app = get_wsgi_application()
    schema.location = "http://localhost/api/v1/schema/"
    return schema


SCHEMA = described()
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations() if found.ok().path != PUBLIC}


@pytest.fixture
def asker(partner: Partner, market: dict[str, Any], settings: Any) -> Iterator[Partner]:
    """The partner, without a quota; requests of this process share the test's transaction: the end of one must not
    close it.
    """
    settings.API_CALLS_A_MINUTE = 10**6
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield partner
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@HOW_MANY
@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_made_up_requests_are_answered_as_described(label, examples, asker, market, record_property):
    load_parks()
    load_facts()
    operation = OPERATIONS[label]
    numbers = [market["need"].number, market["capacity"].number, market["foreign"].number]
    asked: list[int] = []
    unknown: list[int] = []

    @given(case=operation.as_strategy())
    @bounds(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case):
        if "number" in case.path_parameters and len(asked) % 2:
            case.path_parameters["number"] = numbers[len(asked) // 2 % len(numbers)]
        answer = case.call(headers={"Authorization": f"Bearer {asker.token}"})
        case.validate_response(answer, checks=CHECKS)
        asked.append(answer.status_code)
        refused = case.call()
        case.validate_response(refused, checks=CHECKS)
        unknown.append(refused.status_code)

    ask()

    record_property("api_calls", len(asked) + len(unknown))
    assert len(asked) >= promised(label, examples)
    assert [status for status in (*asked, *unknown) if status >= 500] == []
    assert set(unknown) <= {400, 401, 404}  # 400: a NUL is refused before anybody asks who it is


def promised(label: str, examples: int) -> int:
    """Requests made up for an operation; where nothing but choices varies, one for each and for none of them."""
    shapes = [one.definition["schema"] for one in OPERATIONS[label].iter_parameters()]
    if OPERATIONS[label].body or not all("enum" in shape for shape in shapes):
        return examples
    return min(examples, prod(len(shape["enum"]) + 1 for shape in shapes))


def test_more_than_three_thousand_calls_are_made():
    """Each operation's test holds that it made its part; the end of a run prints how many there were."""
    assert 2 * sum(promised(label, EXAMPLES) for label in OPERATIONS) >= 3000
