"""The description of the API: committed as generated, served without a foreign address, and kept by every answer."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from api.v1.words import CHOICES, WORDS

COMMITTED = Path(settings.BASE_DIR) / "docs" / "api" / "openapi.yaml"


def test_the_committed_description_is_the_generated_one(tmp_path):
    made = tmp_path / "openapi.yaml"

    call_command("spectacular", file=str(made), validate=True, fail_on_warn=True, lang="en")

    assert made.read_text(encoding="utf-8") == COMMITTED.read_text(encoding="utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize(("query", "language"), [("", "zh-Hans"), ("?lang=zh-hans", "zh-Hans"), ("?lang=en", "en")])
def test_the_page_to_try_it_out_says_its_language_and_loads_and_writes_nothing_inline(client, query, language):
    answer = client.get(f"/api/docs/{query}")

    text = answer.content.decode()
    assert (answer.status_code, f'<html lang="{language}">' in text) == (200, True)
    assert re.findall(r"<style|style=|<script>|//cdn", text) == []


@pytest.mark.django_db
def test_the_description_is_open_to_everybody(client):
    answer = client.get("/api/v1/schema/", headers={"Accept": "application/json"})

    assert (answer.status_code, json.loads(answer.content)["openapi"]) == (200, "3.1.0")


def shapes_said(lang: str) -> set[str]:
    """What the description says of its shapes and their properties, paragraph by paragraph, but for lists of values."""
    with translation.override(lang):
        result = SchemaGenerator(api_version="v1").get_schema(request=None, public=True)
    shapes = result["components"]["schemas"].values()
    parts = [part for shape in shapes for part in (shape, *shape.get("properties", {}).values())]
    said = {text for part in parts for text in part.get("description", "").split("\n\n")}
    return {text for text in said if text and not text.startswith(CHOICES)}


def test_what_is_said_of_shapes_is_registered_and_translated():
    assert shapes_said("en") == set(WORDS)
    assert [text for text in shapes_said("zh-hans") if not re.search(r"[\u4e00-\u9fff]", text)] == []
