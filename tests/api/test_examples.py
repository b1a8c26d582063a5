"""What the description tells: words and examples for every operation, true to their shapes; both languages."""

import json
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from api.v1.description import OPERATIONS


def described(language: str = "en") -> dict[str, Any]:
    with translation.override(language):
        return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))


DESCRIPTION = described()
CALLS = {told["operationId"]: told for methods in DESCRIPTION["paths"].values() for told in methods.values()}


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to."""
    while "$ref" in part:
        found: Any = DESCRIPTION
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def bodies() -> dict[str, dict[str, Any]]:
    """Every body that the description tells of, by operation and part."""
    found = {}
    for name, told in CALLS.items():
        parts = {code: resolved(answer) for code, answer in told["responses"].items()}
        if "requestBody" in told:
            parts["request"] = told["requestBody"]
        for code, part in parts.items():
            for body in part.get("content", {}).values():
                found[f"{name} {code}"] = body
    return found


BODIES = bodies()


@pytest.mark.parametrize("key", sorted(BODIES))
def test_every_body_has_an_example_that_has_its_shape(key):
    whole = {**BODIES[key]["schema"], "components": DESCRIPTION["components"]}
    shape = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())
    examples = [example["value"] for example in BODIES[key].get("examples", {}).values()]

    assert examples
    assert [error.message for example in examples for error in shape.iter_errors(example)] == []


def test_every_operation_has_its_own_words_in_both_languages():
    chinese = {
        told["operationId"]: told for methods in described("zh-hans")["paths"].values() for told in methods.values()
    }

    assert set(CALLS) == set(chinese) == set(OPERATIONS)
    for name, told in CALLS.items():
        for part in ("summary", "description"):
            assert told[part]
            assert told[part].isascii()
            assert any("\u3400" <= letter <= "\u9fff" for letter in chinese[name][part]), (name, part)


def test_every_operation_with_a_token_tells_of_the_refusals_that_each_can_meet():
    for name, told in CALLS.items():
        codes = set(told["responses"])
        assert {"400", "401", "403", "406", "429", "503"} <= codes, name
        assert {"413", "415", "422"} <= codes or "requestBody" not in told, name
        for code in ("429", "503"):
            assert "Retry-After" in resolved(told["responses"][code])["headers"]


def test_every_tag_in_use_is_explained():
    used = {tag for told in CALLS.values() for tag in told["tags"]}

    assert used == {tag["name"] for tag in DESCRIPTION["tags"] if tag["description"]}


def test_the_register_of_reason_codes_is_named():
    assert "/api/v1/reasons/" in DESCRIPTION["info"]["description"]


@pytest.mark.django_db
def test_the_description_is_served_in_the_language_asked_for():
    told = json.loads(Client().get("/api/v1/schema/?lang=zh-hans", headers={"Accept": "application/json"}).content)

    with translation.override("zh-hans"):
        assert told["paths"]["/api/v1/postings/"]["get"]["summary"] == str(OPERATIONS["postings_list"].summary)
